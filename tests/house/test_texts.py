"""The catalogues of interface texts, and the tool that keeps them."""

from pathlib import Path

import pytest
import texts

CATALOGUE = """msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

{entries}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tiny project: one template, one module, no catalogue yet."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "learning").mkdir()
    (tmp_path / "templates/page.html").write_text("<h1>{{ _('Guten Tag') }}</h1>{% trans %}Zwei\n Zeilen{% endtrans %}")
    (tmp_path / "learning/page.py").write_text("def f(n): return ngettext('%(num)s Frage', '%(num)s Fragen', n)\n")
    monkeypatch.setattr(texts, "ROOT", tmp_path)
    monkeypatch.setattr(texts, "TRANSLATIONS", tmp_path / "learning/translations")
    return tmp_path


def write(project: Path, entries: str) -> Path:
    path = project / "learning/translations/en/LC_MESSAGES/messages.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(CATALOGUE.format(entries=entries), encoding="utf-8")
    return path


GOOD = """msgid "Guten Tag"\nmsgstr "Good day"\n
msgid "Zwei Zeilen"\nmsgstr "Two lines"\n
msgid "%(num)s Frage"\nmsgid_plural "%(num)s Fragen"\nmsgstr[0] "%(num)s question"\nmsgstr[1] "%(num)s questions"\n"""


def test_this_projects_texts_are_all_translated() -> None:
    assert texts.findings() == []


def test_a_complete_catalogue_has_no_findings(project: Path) -> None:
    write(project, GOOD)
    assert texts.findings() == []


@pytest.mark.parametrize(
    ("old", "new", "finding"),
    [
        ('"Good day"', '""', "not translated: 'Guten Tag'"),
        ('msgid "Guten Tag"', '#, fuzzy\nmsgid "Guten Tag"', "guessed, check it"),
        ('msgid "Guten Tag"', 'msgid "Guten Abend"', "no longer used, run ./dev texts: 'Guten Abend'"),
        ('msgid "Guten Tag"', 'msgid "Guten Abend"', "not yet listed, run ./dev texts: 'Guten Tag'"),
        ('msgstr[1] "%(num)s questions"', 'msgstr[1] ""', "not translated"),
        ('"%(num)s question"', '"%(number)s question"', "placeholder"),
    ],
)
def test_what_is_missing_or_wrong_is_found(project: Path, old: str, new: str, finding: str) -> None:
    write(project, GOOD.replace(old, new))
    assert any(finding in line for line in texts.findings()), texts.findings()


def test_updating_lists_new_texts_keeps_translations_and_drops_what_is_gone(project: Path) -> None:
    path = write(project, 'msgid "Guten Tag"\nmsgstr "Good day"\n\nmsgid "Alt"\nmsgstr "Old"\n')
    texts.update_catalogues()
    catalog = texts.read_catalogue(path)
    assert catalog.get("Guten Tag").string == "Good day"
    assert "Zwei Zeilen" in catalog
    assert "Alt" not in catalog
    assert "Alt" not in path.read_text(encoding="utf-8")


def test_compiling_makes_the_file_that_the_program_reads(project: Path) -> None:
    path = write(project, GOOD)
    texts.compile_catalogues()
    assert path.with_suffix(".mo").stat().st_size > 100

"""What does not fit in a translation is told at its line, and the source is shown instead."""

from pathlib import Path

import pytest

from courses.bundle import open_bundle
from courses.check.translation import check_translations
from courses.comparing.fingerprint import revision
from courses.reading.read import read_course
from courses.translate import translated
from tests.courses.folders import write_course
from tests.courses.translations import ENGLISH, faults, line_of, read


def test_a_fitting_translation_has_no_faults(tmp_path: Path) -> None:
    assert faults(read(tmp_path)) == []


FAULTS: dict[str, tuple[str, str, str, str, dict[str, str | int]]] = {
    "missing question": (
        "## Question: What do you say? {#frei}\n\n___\n\n> Good morning.\n",
        "",
        "E501",
        "",
        {"id": "frei", "fault": "missing"},
    ),
    "extra question": ("{#frei}", "{#neu}", "E501", "{#neu}", {"id": "neu", "fault": "extra"}),
    "question without id": (" {#frei}", "", "E501", "What do you say?", {"id": "What do you say?", "fault": "extra"}),
    "other kind": (
        "- [ ] the password\n- [ ] the bank account",
        "",
        "E502",
        "{#was}",
        {"id": "was", "fault": "options", "source": 4, "found": 2},
    ),
    "kind": (
        "- = hearing\n- = consultation",
        "- ( ) hearing\n- (x) consultation",
        "E502",
        "{#wort}",
        {"id": "wort", "fault": "kind", "source": "text", "found": "single"},
    ),
    "pairs": (
        "- HG -> household\n",
        "- HG -> household\n- X -> y\n",
        "E502",
        "{#paare}",
        {"id": "paare", "fault": "pairs", "source": 2, "found": 3},
    ),
    "distractors": (
        "- -> flat share\n",
        "",
        "E502",
        "{#paare}",
        {"id": "paare", "fault": "distractors", "source": 1, "found": 0},
    ),
    "items": (
        "4. objection\n\n- ! 4 before 2\n  > The hearing first.\n",
        "",
        "E502",
        "{#folge}",
        {"id": "folge", "fault": "items", "source": 4, "found": 3},
    ),
    "gaps": (
        "[[one month]]",
        "one month",
        "E502",
        "{#luecken}",
        {"id": "luecken", "fault": "gaps", "source": 2, "found": 1},
    ),
    "choices of a gap": (
        "[[ police | (authority) ]]",
        "[[ police | (authority) | court ]]",
        "E502",
        "{#luecken}",
        {"id": "luecken", "fault": "choices", "source": 2, "found": 3, "number": 2},
    ),
    "right choice of a gap": (
        "[[ police | (authority) ]]",
        "[[ (authority) | police ]]",
        "E502",
        "{#luecken}",
        {"id": "luecken", "fault": "position", "source": 2, "found": 1, "number": 2},
    ),
    "another right option": (
        "- [x] the intention\n- [ ] the password",
        "- [ ] the password\n- [x] the intention",
        "E503",
        "{#was}",
        {"id": "was", "fault": "option", "number": 2},
    ),
    "other points": (
        "{#wann}",
        "{#wann points=3}",
        "E503",
        "{#wann points=3}",
        {"id": "wann", "fault": "points", "number": 0},
    ),
    "other scoring": (
        "{#was}",
        "{#was partial=yes}",
        "E503",
        "{#was partial=yes}",
        {"id": "was", "fault": "partial", "number": 0},
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_translation_that_does_not_fit_is_told_at_its_line_and_not_used(name: str, tmp_path: Path) -> None:
    old, new, code, place, parameters = FAULTS[name]
    assert old in ENGLISH
    text = ENGLISH.replace(old, new)
    course = read(tmp_path, text)
    line = line_of(text, place) if place else 1
    assert (code, "en/01-fristen.md", line, parameters) in faults(course)
    assert translated(course, "en").modules[0].language == "de"


def test_the_same_points_written_again_are_no_fault(tmp_path: Path) -> None:
    assert faults(read(tmp_path, ENGLISH.replace("{#wann}", "{#wann points=2 must}"))) == []


def test_a_translation_is_old_when_its_source_has_another_revision_than_it_names(tmp_path: Path) -> None:
    source = read(tmp_path / "a").modules[0].document
    current = revision(source)
    fresh = read(tmp_path / "b", ENGLISH.replace("title: Deadlines", f"title: Deadlines\nsource: {current}"))
    assert [p for p in check_translations(fresh) if p.code == "W504"] == []
    stale = read(tmp_path / "c", ENGLISH.replace("title: Deadlines", "title: Deadlines\nsource: 0123456789ab"))
    (problem,) = [p for p in check_translations(stale) if p.code == "W504"]
    assert (problem.path, problem.line) == ("en/01-fristen.md", 3)
    assert problem.parameters == {"source": "01-fristen.md", "revision": current}
    assert translated(stale, "en").modules[0].language == "en"


def test_a_translation_that_names_no_source_counts_as_old(tmp_path: Path) -> None:
    (problem,) = [p for p in check_translations(read(tmp_path)) if p.code == "W504"]
    assert problem.line == 1


def test_a_notice_is_translated_and_told_once(tmp_path: Path) -> None:
    text = "---\nid: neues-formular\ntitle: Neu\nlang: de\nkind: notice\n---\n\nText.\n"
    root = write_course(tmp_path, {"course.md": text, "en/course.md": "---\ntitle: New\n---\n\nText.\n"})
    (root / "01-fristen.md").unlink()
    opened = open_bundle(root)
    assert opened.bundle is not None
    course = read_course(opened.bundle).course
    assert course is not None
    assert [problem.code for problem in check_translations(course)] == ["W504"]
    english = translated(course, "en")
    assert english.title == english.modules[0].title == "New"
    assert english.modules[0].language == "en"

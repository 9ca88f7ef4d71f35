"""The commands publish, local and contact as a person at a terminal meets them."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine, text

from learning.cli import main
from tests.learning.library.written_courses import QUESTION, write_course


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """A terminal of a fresh installation with an empty database."""
    data = tmp_path / "data"
    data.mkdir()
    monkeypatch.setenv("IMPULS_DATA", str(data))
    for name in [name for name in os.environ if name.startswith("IMPULS_") and name != "IMPULS_DATA"]:
        monkeypatch.delenv(name)
    runner = CliRunner()
    assert runner.invoke(main, ["migrate"]).exit_code == 0
    return runner


def run(terminal: CliRunner, *words: str) -> Result:
    return terminal.invoke(main, list(words), catch_exceptions=False)


def test_publishing_says_what_happened_to_each_course(terminal: CliRunner, tmp_path: Path) -> None:
    place = write_course(tmp_path / "kurse", "fristen", eins="Text mit [[local:ansprechpartner]].")
    first = run(terminal, "publish", str(place.parent), "--note", "Erste Fassung")
    assert (first.exit_code, first.output) == (0, "fristen: Fassung 1 veröffentlicht.\n")
    again = run(terminal, "publish", str(place))
    assert (again.exit_code, again.output) == (0, "fristen: unverändert, Fassung 1 gilt weiter.\n")
    write_course(tmp_path / "kurse", "fristen", eins="Neuer Text.")
    second = run(terminal, "publish", str(place), "--kind", "correction")
    assert second.output == "fristen: Fassung 2 veröffentlicht.\n"


def test_it_wants_a_folder_or_the_starter_library_never_both(terminal: CliRunner, tmp_path: Path) -> None:
    for words in ((), (str(tmp_path), "--starter")):
        refused = run(terminal, "publish", *words)
        assert refused.exit_code == 2
        assert "eines von beiden" in refused.output


def test_errors_are_listed_with_file_and_line_and_nothing_is_published(terminal: CliRunner, tmp_path: Path) -> None:
    place = write_course(tmp_path, "fristen", eins="![](media/fehlt.png)")
    refused = run(terminal, "publish", str(place))
    assert refused.exit_code == 1
    assert f"{place}/01-eins.md:5:" in refused.output
    assert "Nicht veröffentlicht" in refused.output
    engine = create_engine(f"sqlite:///{tmp_path / 'data' / 'impuls.sqlite'}")
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM edition")) == 0
    engine.dispose()


def test_a_correction_that_scores_otherwise_says_what_to_do(terminal: CliRunner, tmp_path: Path) -> None:
    place = write_course(tmp_path / "kurse", "fristen", eins=QUESTION)
    run(terminal, "publish", str(place))
    write_course(tmp_path / "kurse", "fristen", eins=QUESTION.replace("zwei Wochen", "einen Tag"))
    refused = run(terminal, "publish", str(place), "--kind", "correction")
    assert refused.exit_code == 1
    assert f"{place}/01-eins.md:6:1 E155" in refused.output
    assert "--wrong-key fristen/frist" in refused.output
    named = run(terminal, "publish", str(place), "--kind", "correction", "--wrong-key", "fristen/frist")
    assert named.output == "fristen: Fassung 2 veröffentlicht. Anders bewertet als bisher: frist.\n"


def test_an_unknown_person_or_an_empty_folder_is_refused(terminal: CliRunner, tmp_path: Path) -> None:
    place = write_course(tmp_path / "kurse", "fristen", eins="Text.")
    assert "Personalnummer P-0 gibt es nicht" in run(terminal, "publish", str(place), "--by", "P-0").output
    (tmp_path / "leer").mkdir()
    assert run(terminal, "publish", str(tmp_path / "leer")).exit_code == 2


def test_local_entries_are_listed_until_they_are_filled_in(terminal: CliRunner, tmp_path: Path) -> None:
    run(terminal, "publish", str(write_course(tmp_path, "fristen", eins="Fragen Sie [[local:datenschutz]].")))
    listed = run(terminal, "local", "list")
    assert (listed.exit_code, listed.output) == (1, "datenschutz: OFFEN  [fristen]\n")
    assert "steht in fristen" in run(terminal, "local", "set", "datenschutz", "Frau Kaya").output
    assert "noch von keinem Kurs gebraucht" in run(terminal, "local", "set", "anderes", "Text").output
    listed = run(terminal, "local", "list")
    assert listed.exit_code == 0
    assert "datenschutz: de: Frau Kaya" in listed.output


def test_a_contact_is_named_for_a_course_that_exists(terminal: CliRunner, tmp_path: Path) -> None:
    run(terminal, "publish", str(write_course(tmp_path, "fristen", eins="Text.")))
    named = run(terminal, "contact", "set", "fristen", "--name", "Team Lernen", "--mail", "lernen@impuls.example")
    assert named.output == "fristen: Team Lernen.\n"
    assert "gibt es nicht" in run(terminal, "contact", "set", "fehlt", "--name", "Team").output
    assert "gibt es nicht" in run(terminal, "contact", "set", "fristen", "--person", "P-0").output

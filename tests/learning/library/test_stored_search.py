"""Searching published courses: words, their parts, ranking, links to the section; alike on both databases."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from learning.library.stored_catalogue import catalogue_entries
from learning.library.stored_search import find
from tests.factories import TODAY, person, published_course
from tests.learning.conftest import SignIn
from tests.learning.library.written_courses import QUESTION, write_course

GLOSSARY = "Bedarfsgemeinschaft\n: Personen, die zusammen wirtschaften.\n"


@pytest.fixture
def library(session: Session, app: Flask, tmp_path: Path) -> None:
    """Three courses that share words; the order of publishing leaves compounds to be found later."""
    appointments = write_course(
        tmp_path,
        "termine",
        title="Terminvergabe verbessern",
        summary="Wartezeiten senken.",
        ablauf="## Der Weg {#weg}\n\nDie Terminvergabe beginnt am Tresen.\n\n## Arbeitshilfe: Fragebogen\n\nWer?\n",
        fristen=f"Die Bedarfsgemeinschaft wartet.\n{QUESTION}",
    )
    (appointments / "glossary.md").write_text(GLOSSARY, encoding="utf-8")
    published_course(session, appointments)
    published_course(
        session,
        write_course(tmp_path, "vergabe", title="Aufträge", eins="Eine Vergabe ist ein Verfahren. Größe zählt."),
    )
    published_course(session, write_course(tmp_path, "lernen", title="Lernen", eins="Frist und Größe."))


def found(session: Session, words: str) -> list[tuple[str, int]]:
    """Titles with weights, best first."""
    entries = catalogue_entries(session, language="de", today=TODAY)
    finder = find(session, words, entries)
    weights = [(entry.title, weight) for entry in entries if (weight := finder.weight(entry)) is not None]
    return sorted(weights, key=lambda pair: (-pair[1], pair[0]))


def titles(session: Session, words: str) -> list[str]:
    return [title for title, _weight in found(session, words)]


@pytest.fixture
def in_request(app: Flask) -> object:
    with app.test_request_context():
        yield


@pytest.mark.usefixtures("library", "in_request")
class TestFinding:
    @pytest.fixture(autouse=True)
    def place(self, tmp_path: Path) -> None:
        self.folder = tmp_path

    def test_a_title_counts_more_than_a_text(self, session: Session) -> None:
        assert titles(session, "Terminvergabe") == ["Terminvergabe verbessern"]
        assert titles(session, "Vergabe")[0] == "Terminvergabe verbessern"

    def test_the_beginning_of_a_word_is_enough(self, session: Session) -> None:
        assert titles(session, "Termin") == ["Terminvergabe verbessern"]

    def test_a_part_of_a_compound_finds_it_although_its_word_was_published_later(self, session: Session) -> None:
        assert set(titles(session, "Vergabe")) == {"Aufträge", "Terminvergabe verbessern"}

    def test_the_rest_of_a_compound_is_found_although_it_never_stands_alone(self, session: Session) -> None:
        assert titles(session, "Gemeinschaft") == []
        published_course(session, write_course(self.folder, "bedarf", title="Bedarf", eins="Der Bedarf."))
        assert titles(session, "Gemeinschaft") == ["Terminvergabe verbessern"]

    def test_every_word_has_to_stand_somewhere_in_the_course(self, session: Session) -> None:
        assert titles(session, "Tresen Bedarfsgemeinschaft") == ["Terminvergabe verbessern"]
        assert titles(session, "Tresen Verfahren") == []

    def test_umlauts_may_be_written_as_two_letters(self, session: Session) -> None:
        assert titles(session, "groesse") == titles(session, "GRÖSSE") == ["Aufträge", "Lernen"]

    def test_what_is_asked_is_found_but_no_answer(self, session: Session) -> None:
        assert "Terminvergabe verbessern" in titles(session, "Frist")
        assert titles(session, "Wochen") == []
        assert titles(session, "Monate") == []

    def test_a_job_aid_is_a_hit_of_its_own(self, session: Session) -> None:
        assert set(titles(session, "Fragebogen")) == {"Fragebogen", "Terminvergabe verbessern"}

    def test_the_glossary_is_searched(self, session: Session) -> None:
        assert titles(session, "wirtschaften") == ["Terminvergabe verbessern"]

    def test_weights_are_the_same_on_every_database(self, session: Session) -> None:
        assert found(session, "Vergabe") == [("Terminvergabe verbessern", 122), ("Aufträge", 11)]

    @pytest.mark.parametrize("words", ["%", "_", "'", "\\", "ab*", "(", "\U0001f600", "x" * 200, "a " * 60])
    def test_odd_words_find_nothing_and_break_nothing(self, session: Session, words: str) -> None:
        assert titles(session, words) == []

    def test_no_answer_changes_when_a_course_is_published_again(self, session: Session, tmp_path: Path) -> None:
        before = found(session, "Größe")
        published_course(session, write_course(tmp_path, "lernen", title="Lernen", eins="Frist und Größe. Mehr."))
        assert found(session, "Größe") == before


@pytest.mark.usefixtures("library")
def test_hits_link_to_their_section_with_the_words_marked(
    client: FlaskClient, session: Session, sign_in: SignIn
) -> None:
    sign_in(client, person(session))
    page = client.get("/suche?suche=Tresen").get_data(as_text=True)
    assert 'href="/kurse/termine/ablauf#abschnitt-weg"' in page
    assert "<mark>Tresen</mark>" in page
    assert "1 Treffer" in page


@pytest.mark.usefixtures("library")
def test_compounds_are_marked_when_a_part_of_them_was_asked_for(
    client: FlaskClient, session: Session, sign_in: SignIn
) -> None:
    sign_in(client, person(session))
    page = client.get("/suche?suche=Vergabe").get_data(as_text=True)
    assert "<mark>Terminvergabe</mark> verbessern" in page


@pytest.mark.usefixtures("library")
def test_typed_text_comes_back_harmless(client: FlaskClient, session: Session, sign_in: SignIn) -> None:
    sign_in(client, person(session))
    page = client.get("/suche", query_string={"suche": "<script>alert(1)</script>"}).get_data(as_text=True)
    assert "<script>alert" not in page
    assert "Dazu haben wir nichts gefunden" in page

"""The page of a course, its editions for who is in the middle of it, and the first page of the product."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from learning.library.models import CourseContact, StoredCourse
from learning.library.publishing import Change
from learning.study.models import Enrolment
from tests import factories
from tests.learning.library.written_courses import QUESTION
from tests.learning.study.conftest import TEXT, Learner, write_ablauf

FIRST, COURSE = "/kurse/ablauf/erstes", "/kurse/ablauf"


def publish(session: Session, place: Path, *, change: Change, text: str, note: str = "") -> None:
    folder = write_ablauf(place, first=TEXT.replace("Ein Text.", text) + QUESTION)
    factories.published_course(session, folder, change=change, note=note)


def pinned(session: Session) -> list[int]:
    session.rollback()
    return list(session.scalars(select(Enrolment.edition_key)))


def begin(learner: Learner) -> None:
    assert learner.post(f"{FIRST}/stelle", stelle="").status_code == 204


def test_the_course_page_says_the_state_of_every_module(learner: Learner, ablauf: Path) -> None:
    page = learner.get(COURSE)
    assert "Mit Modul 1 beginnen" in page
    assert "In Bearbeitung" not in page
    learner.answer("erstes", "frist")
    learner.post(f"{FIRST}/weiter")
    learner.post("/kurse/ablauf/zweites/stelle", stelle="abschnitt-das-ziel")
    page = learner.get(COURSE)
    assert "Weiter mit Modul 2" in page
    assert "1 von 3 Modulen abgeschlossen" in page
    assert [page.count(f"</span>{state}") for state in ("Abgeschlossen", "In Bearbeitung", "Nicht begonnen")] == [
        1,
        1,
        1,
    ]
    assert 'href="/kurse/ablauf/zweites#abschnitt-das-ziel"' in page


def test_the_course_page_names_edition_and_contact(session: Session, learner: Learner, ablauf: Path) -> None:
    course_key = session.scalars(select(StoredCourse.key)).one()
    session.add(CourseContact(course_key=course_key, name="Team Prozesse", mail="prozesse@impuls.example"))
    session.commit()
    page = learner.get(COURSE)
    assert "1, veröffentlicht am" in page
    assert "Team Prozesse" in page


def test_a_correction_moves_who_is_learning_without_a_word(
    session: Session, place: Path, learner: Learner, ablauf: Path
) -> None:
    begin(learner)
    publish(session, place, change=Change.CORRECTION, text="Ein berichtigter Text.")
    assert "Ein berichtigter Text." in learner.get(FIRST)
    assert "Es gibt eine neuere Fassung" not in learner.get(COURSE)
    before = pinned(session)
    learner.answer("erstes", "frist")
    assert pinned(session) != before


@pytest.mark.parametrize("change", [Change.REVISION, Change.RENEWAL])
def test_any_other_edition_waits_until_the_person_agrees(
    session: Session, place: Path, learner: Learner, ablauf: Path, change: Change
) -> None:
    begin(learner)
    publish(session, place, change=change, text="Ein neuer Text.", note="Das Formular ist neu.")
    learner.answer("erstes", "frist")
    learner.post(f"{FIRST}/weiter")
    assert "Ein neuer Text." not in learner.get(FIRST)
    page = learner.get(COURSE)
    assert "Es gibt eine neuere Fassung" in page
    assert "Das Formular ist neu." in page
    learner.post(f"{COURSE}/fassung", nummer="2")
    learner.post(f"{COURSE}/fassung", nummer="1")
    assert "Ein neuer Text." in learner.get(FIRST)
    page = learner.get(COURSE)
    assert "Es gibt eine neuere Fassung" not in page
    assert "1 von 3 Modulen abgeschlossen" in page


def test_a_correction_of_what_was_not_agreed_to_is_not_taken(
    session: Session, place: Path, learner: Learner, ablauf: Path
) -> None:
    begin(learner)
    publish(session, place, change=Change.CORRECTION, text="Zwei.")
    publish(session, place, change=Change.REVISION, text="Drei.")
    publish(session, place, change=Change.CORRECTION, text="Vier.")
    assert "Zwei." in learner.get(FIRST)
    assert "Inzwischen gilt Fassung 4" in learner.get(COURSE)


def test_an_answer_stays_when_only_the_wording_is_corrected(
    session: Session, place: Path, learner: Learner, ablauf: Path
) -> None:
    learner.answer("erstes", "frist")
    folder = write_ablauf(place, first=TEXT + QUESTION.replace("Welche Frist gilt?", "Welche Frist gilt hier?"))
    factories.published_course(session, folder, change=Change.CORRECTION)
    page = learner.get(FIRST)
    assert "Welche Frist gilt hier?" in page
    assert "question__result" in page


def test_an_answer_is_not_shown_to_a_question_with_another_key(
    session: Session, place: Path, learner: Learner, ablauf: Path
) -> None:
    learner.answer("erstes", "frist")
    other = QUESTION.replace("( ) drei Monate", "(x) sechs Monate").replace("(x) ein Monat", "( ) ein Jahr")
    mended = write_ablauf(place, first=TEXT + other)
    factories.published_course(session, mended, change=Change.CORRECTION, wrong_keys=("ablauf/frist",))
    assert "question__result" not in learner.get(FIRST)


@pytest.mark.parametrize("number", ["", "x", "-1", "9999999", "²"])
def test_a_number_that_no_page_sends_is_refused(learner: Learner, ablauf: Path, number: str) -> None:
    assert learner.post(f"{COURSE}/fassung", nummer=number).status_code == 400


def test_the_course_page_asks_at_most_five_queries(learner: Learner, ablauf: Path, query_count) -> None:
    begin(learner)
    learner.get(COURSE)
    with query_count:
        learner.get(COURSE)
    # Viewer; what was done in the course; the edition; the contact. Local texts only where the course names some.
    assert query_count == 4


def test_the_first_page_offers_the_catalogue_while_nothing_was_begun(learner: Learner) -> None:
    page = learner.get("/")
    assert "Womit möchten Sie beginnen?" in page
    assert "Miriam Sander" in page


def test_the_first_page_continues_what_was_read_last(session: Session, learner: Learner, ablauf: Path) -> None:
    factories.published_course(session)
    begin(learner)
    learner.post("/kurse/bausteine/text/stelle", stelle="")
    page = learner.get("/")
    assert page.count('class="resume"') == 1
    assert page.index('href="/kurse/bausteine/text"') < page.index("Außerdem begonnen") < page.index("Ein Ablauf")


def test_what_is_completed_is_not_offered_to_continue(session: Session, learner: Learner, ablauf: Path) -> None:
    for module, question in (("erstes", "frist"), ("zweites", "zweite")):
        learner.answer(module, question)
        learner.post(f"/kurse/ablauf/{module}/weiter")
    assert 'class="resume"' not in learner.get("/")


def test_the_catalogue_says_how_far_one_is(learner: Learner, ablauf: Path) -> None:
    assert "In Bearbeitung" not in learner.get("/katalog")
    begin(learner)
    assert "In Bearbeitung" in learner.get("/katalog")


def test_a_test_has_pages_of_its_own(session: Session, learner: Learner) -> None:
    factories.published_course(session)
    answer = learner.client.get("/kurse/bausteine/test")
    assert answer.location == "/kurse/bausteine/test/test"
    assert "Test beginnen" in learner.get(answer.location)


def test_questions_of_a_test_are_no_practice_questions(session: Session, learner: Learner) -> None:
    factories.published_course(session)
    address = "/kurse/bausteine/test/fragen/t-zaehlen"
    assert learner.client.get(address).status_code == 404
    assert learner.post(address).status_code == 404
    assert learner.post("/kurse/bausteine/test/weiter").status_code == 404

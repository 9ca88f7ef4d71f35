"""A lesson as its reader has it: answers kept, the place kept, modules and courses completed."""

from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learning.obligations.models import Proof
from learning.study.models import Enrolment, ModuleDone, PracticeAnswer, ReadingPlace
from tests.learning.study.conftest import Learner

FIRST, SECOND = "/kurse/ablauf/erstes", "/kurse/ablauf/zweites"
PART = {"Impuls-Teil": "frage"}


def count(session: Session, model: type) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(model)) or 0


def complete(learner: Learner) -> None:
    learner.answer("erstes", "frist")
    learner.post(f"{FIRST}/weiter")
    learner.answer("zweites", "zweite")
    assert learner.post(f"{SECOND}/weiter").status_code == 303


def test_opening_pages_writes_nothing(session: Session, learner: Learner, ablauf: Path) -> None:
    for address in ("/", "/kurse/ablauf", FIRST, f"{FIRST}/fragen/frist", "/nachweise"):
        learner.get(address)
    assert count(session, Enrolment) == 0


def test_the_enrolment_opens_with_the_first_thing_that_is_done(
    session: Session, learner: Learner, ablauf: Path
) -> None:
    assert learner.post(f"{FIRST}/stelle", stelle="").status_code == 204
    assert learner.post(f"{FIRST}/stelle", stelle="").status_code == 204
    enrolment = session.scalars(select(Enrolment)).one()
    assert (enrolment.person_key, enrolment.run, enrolment.completed_on) == (learner.person.key, 1, None)


def test_an_answer_is_kept_and_shown_on_another_device(
    session: Session, learner: Learner, other_device: Learner, ablauf: Path
) -> None:
    assert "question__result" not in learner.get(FIRST)
    answer = learner.answer("erstes", "frist", headers=PART)
    assert answer.text.lstrip().startswith("<form")
    assert "question__result" in answer.text
    assert "question__result" in other_device.get(FIRST)
    assert count(session, PracticeAnswer) == 1


def test_an_answer_without_scripts_brings_the_whole_page(learner: Learner, ablauf: Path) -> None:
    page = learner.answer("erstes", "frist").text
    assert "<!DOCTYPE html>" in page
    assert "question__result" in page


def test_answering_nothing_keeps_nothing_and_says_so(session: Session, learner: Learner, ablauf: Path) -> None:
    page = learner.post(f"{FIRST}/fragen/frist").text
    assert "Bitte beantworten Sie die Frage" in page
    assert "<title>Fehler:" in page
    assert (count(session, PracticeAnswer), count(session, Enrolment)) == (0, 0)


def test_the_newest_answer_counts_and_trying_again_opens_the_question(
    session: Session, learner: Learner, ablauf: Path
) -> None:
    for value in ("0", "1", "2"):
        learner.answer("erstes", "frist", value)
    kept = session.scalars(select(PracticeAnswer)).one()
    assert kept.is_best_right
    assert "question__result" not in learner.get(f"{FIRST}/fragen/frist")


def test_the_place_of_reading_is_kept_across_devices(
    session: Session, learner: Learner, other_device: Learner, ablauf: Path
) -> None:
    learner.post(f"{FIRST}/stelle", stelle="abschnitt-das-ziel")
    page = other_device.get(FIRST)
    assert 'data-place-last="abschnitt-das-ziel"' in page
    assert '<a href="#abschnitt-das-ziel" lang="de">Das Ziel</a>' in " ".join(page.split())
    assert f"{FIRST}#abschnitt-das-ziel" in other_device.get("/")


@pytest.mark.parametrize("anchor", ["frage-frist", "abschnitt-<b>", "abschnitt-" + "a" * 90, "\x00"])
def test_a_place_that_no_page_has_is_refused(session: Session, learner: Learner, ablauf: Path, anchor: str) -> None:
    assert learner.post(f"{FIRST}/stelle", stelle=anchor).status_code == 400
    assert count(session, ReadingPlace) == 0


def test_a_place_in_a_module_that_does_not_exist_opens_no_enrolment(
    session: Session, learner: Learner, ablauf: Path
) -> None:
    assert learner.post("/kurse/ablauf/fehlt/stelle", stelle="").status_code == 404
    assert learner.post("/kurse/fehlt/erstes/stelle", stelle="").status_code == 404
    assert count(session, Enrolment) == 0


def test_a_lesson_is_done_when_its_questions_were_attempted_and_one_goes_on(
    session: Session, learner: Learner, ablauf: Path
) -> None:
    answer = learner.post(f"{FIRST}/weiter")
    assert answer.location == f"{FIRST}?offen=1#offene-fragen"
    assert "Noch nicht alle Fragen beantwortet" in learner.get(f"{FIRST}?offen=1")
    assert count(session, ModuleDone) == 0
    learner.answer("erstes", "frist", "0")
    assert count(session, ModuleDone) == 0
    assert learner.post(f"{FIRST}/weiter").location == SECOND
    assert learner.post(f"{FIRST}/weiter").location == SECOND
    assert count(session, ModuleDone) == 1
    assert "Abgeschlossen" in learner.get("/kurse/ablauf")


def test_completing_the_required_modules_writes_one_proof(session: Session, learner: Learner, ablauf: Path) -> None:
    learner.answer("erstes", "frist")
    learner.post(f"{FIRST}/weiter")
    assert "Ich habe die Inhalte verstanden" not in learner.get(FIRST)
    learner.answer("zweites", "zweite")
    page = learner.get(SECOND)
    assert "Kurs abschließen" in page
    assert "Ich habe die Inhalte verstanden" in page
    assert learner.post(f"{SECOND}/weiter").location == "/kurse/ablauf"
    learner.post(f"{SECOND}/weiter")
    proof = session.scalars(select(Proof)).one()
    assert (proof.person_name, proof.course_id, proof.edition_number) == ("Miriam Sander", "ablauf", 1)
    assert (proof.understanding, proof.confirmation_version) == ("confirmed", "2026-11")
    assert proof.confirmed_on == proof.completed_on
    assert "Abgeschlossen am" in learner.get("/kurse/ablauf")
    assert "Ein Ablauf" in learner.get("/nachweise")


def test_a_completed_course_can_be_taken_once_more(session: Session, learner: Learner, ablauf: Path) -> None:
    complete(learner)
    learner.post("/kurse/ablauf/noch-einmal")
    learner.post("/kurse/ablauf/noch-einmal")
    assert session.scalars(select(Enrolment.run).order_by(Enrolment.run)).all() == [1, 2]
    assert "question__result" not in learner.get(FIRST)
    complete(learner)
    assert count(session, Proof) == 2


def test_pages_of_lessons_ask_few_queries(learner: Learner, ablauf: Path, query_count) -> None:
    learner.answer("erstes", "frist")
    with query_count:
        learner.get(FIRST)
    # Viewer; what was done in the course; the module; its questions and local texts.
    assert query_count == 4


def test_a_module_that_does_not_exist_is_not_found(learner: Learner, ablauf: Path) -> None:
    for address in ("/kurse/ablauf/fehlt", "/kurse/fehlt", "/kurse/fehlt/erstes", f"{FIRST}/fragen/fehlt"):
        assert learner.client.get(address).status_code == 404
    assert learner.answer("erstes", "fehlt").status_code == 404

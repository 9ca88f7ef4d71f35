"""What a raised result brings, and runs that are rehearsed, killed, repeated, and in company."""

import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from learning.audit import AuditEntry, AuditSubject
from learning.database import work
from learning.obligations import projection, status_sql
from learning.obligations.facts_sql import facts_until
from learning.obligations.models import Cycle, Proof
from learning.obligations.proofs import verify_chain
from learning.people.models import Person
from learning.study.courses import completion
from learning.study.models import Attempt, Enrolment, ModuleDone, QuestionRescoring
from learning.study.rescoring.corrections import NothingCorrected, UnknownCourse, UnknownQuestion
from learning.study.rescoring.runs import run_rescoring
from learning.study.retention import forget_answers
from quizzes.responses import Typed
from tests import factories
from tests.learning.obligations.office import Office
from tests.learning.study.corrected_course import (
    DAY,
    HALF,
    MONTH,
    RIGHT,
    SLUG,
    WEEKS,
    Author,
    Killed,
    begin,
    everything,
    hand_in,
    killed_after,
    proof,
    rehearse,
    rescore,
    result_of,
    rows,
    taker,
)
from tests.learning.study.taking import NOW, Learner
from tests.learning.study.test_attempts_at_once import at_once

# What passing brings --------------------------------------------------------------------------------------------------


def test_the_course_is_completed_on_the_day_of_the_test_and_recorded_today(
    session: Session, engine: Engine, author: Author, mira: Learner, trainer: Person
) -> None:
    hand_in(mira, HALF)
    author.correct()
    rescore(engine, trainer)
    found = proof(session)
    assert (found.completed_on, found.recorded_at) == (NOW.date(), NOW + 2 * DAY)
    # What was taught on that day is the edition of that day, not the correction that came later.
    assert found.edition_number == 1
    assert found.understanding == "passed"
    assert session.scalars(select(Enrolment.completed_on)).one() == NOW.date()
    assert session.scalars(select(ModuleDone.done_at)).one() == NOW
    assert verify_chain(session) == []


def test_who_has_opened_the_corrected_course_since_gets_the_proof_of_what_they_learnt(
    session: Session, engine: Engine, author: Author, mira: Learner, trainer: Person
) -> None:
    hand_in(mira, HALF)
    corrected = author.correct()
    opened = taker(session, engine, session.get_one(Person, mira.viewer.key))
    assert opened.module.stored.key == corrected.edition_key
    rescore(engine, trainer)
    assert (proof(session).completed_on, proof(session).edition_number) == (NOW.date(), 1)


def test_two_attempts_that_pass_now_give_one_proof(
    session: Session, engine: Engine, author: Author, mira: Learner, trainer: Person
) -> None:
    first = hand_in(mira, HALF)
    second = hand_in(mira, HALF, after=1, now=NOW + DAY / 2)
    author.correct()
    outcome = rescore(engine, trainer).rescored
    assert (outcome.raised, outcome.passed, outcome.proofs) == (2, 2, 1)
    assert result_of(mira, first).is_passed
    assert result_of(mira, second).is_passed
    assert rows(session, Proof) == 1


def test_who_has_passed_since_keeps_the_one_proof_of_that_day(
    session: Session, engine: Engine, author: Author, mira: Learner, trainer: Person
) -> None:
    hand_in(mira, HALF)
    hand_in(mira, {"frist": WEEKS, **RIGHT}, after=1, now=NOW + DAY)
    before = proof(session).hash
    author.correct(day=2)
    outcome = rescore(engine, trainer, now=NOW + 3 * DAY).rescored
    assert (outcome.passed, outcome.proofs) == (1, 0)
    assert (proof(session).hash, proof(session).completed_on) == (before, (NOW + DAY).date())


def lesson_and_test(session: Session, engine: Engine, folder: Path) -> tuple[Author, Learner]:
    """A course with a lesson beside its test, and somebody who has failed the test and not read the lesson."""
    author = Author(session, folder)
    author.publish(has_lesson=True)
    mira = taker(session, engine, factories.person(session, "Mira Sander"))
    hand_in(mira, HALF)
    return author, mira


def test_what_is_still_to_be_read_is_read_first_and_completes_the_course_on_its_own_day(
    session: Session, engine: Engine, tmp_path: Path, trainer: Person
) -> None:
    author, mira = lesson_and_test(session, engine, tmp_path)
    author.correct(has_lesson=True)
    outcome = rescore(engine, trainer).rescored
    assert (outcome.passed, outcome.proofs, rows(session, Proof)) == (1, 0, 0)
    work(engine, lambda one: completion.finish_module(one, mira.enrolment_key, "lesen", now=NOW + 5 * DAY))
    assert proof(session).completed_on == (NOW + 5 * DAY).date()


def test_a_lesson_read_after_the_test_and_after_the_correction_decides_day_and_edition(
    session: Session, engine: Engine, tmp_path: Path, trainer: Person
) -> None:
    author, mira = lesson_and_test(session, engine, tmp_path)
    author.correct(day=1, has_lesson=True)
    taker(session, engine, session.get_one(Person, mira.viewer.key))  # Opening the course moves to the correction.
    work(engine, lambda one: completion.finish_module(one, mira.enrolment_key, "lesen", now=NOW + 2 * DAY))
    assert rescore(engine, trainer, now=NOW + 4 * DAY).rescored.proofs == 1
    found = proof(session)
    assert (found.completed_on, found.edition_number) == ((NOW + 2 * DAY).date(), 2)


def test_what_only_the_correction_no_longer_asks_for_completes_it_on_the_day_it_was_published(
    session: Session, engine: Engine, tmp_path: Path, trainer: Person
) -> None:
    author, mira = lesson_and_test(session, engine, tmp_path)
    author.correct(day=1)
    taker(session, engine, session.get_one(Person, mira.viewer.key))
    assert rescore(engine, trainer, now=NOW + 4 * DAY).rescored.proofs == 1
    assert (proof(session).completed_on, proof(session).edition_number) == ((NOW + DAY).date(), 2)


def test_a_duty_that_looked_overdue_is_fulfilled_in_time_and_the_totals_agree(
    session: Session, engine: Engine, author: Author, mira: Learner, trainer: Person
) -> None:
    office = Office(session)
    started = NOW.date() - 40 * DAY
    rule = office.rule(SLUG, starts_on=started, anchor="fixed", fixed_due_on=NOW.date(), days=None)
    rule.realistic_days = 0
    session.flush()
    office.sweep(started)
    session.commit()
    hand_in(mira, HALF)
    author.correct()
    later = NOW + 6 * DAY
    assert rescore(engine, trainer, now=later).rescored.proofs == 1
    session.rollback()
    session.expire_all()
    cycle = session.scalars(select(Cycle).where(Cycle.person_key == mira.viewer.key)).one()
    assert (cycle.fulfilled_on, cycle.proof_key) == (NOW.date(), proof(session).key)
    assert cycle.fulfilled_on <= cycle.due_on < later.date()
    assert projection.differences(session) == []
    # As of a day before, it still looks as it looked then.
    assert [said(session, mira, day) for day in (NOW + 5 * DAY, later)] == ["overdue", "fulfilled"]


def said(session: Session, learner: Learner, moment: datetime.datetime) -> str | None:
    """The status of the person's duty on a day, by what was recorded until its end."""
    status = status_sql.status(moment.date(), facts_until(moment.date()))
    return session.scalar(select(status).select_from(Cycle).where(Cycle.person_key == learner.viewer.key))


# Rehearsal, interruption, company ------------------------------------------------------------------------------------


def crowd(session: Session, engine: Engine) -> list[Learner]:
    """Six people: three to be raised, two of them to pass; one right, one open, one in progress."""
    people = [taker(session, engine, factories.person(session)) for _ in range(6)]
    hand_in(people[0], HALF)
    hand_in(people[1], HALF)
    hand_in(people[2], {"frist": MONTH})
    hand_in(people[3], {"frist": WEEKS, **RIGHT})
    hand_in(people[4], {"stunde": Typed("60")})
    begin(people[5], HALF)
    return people


def test_a_rehearsal_changes_nothing_and_says_what_applying_does(
    session: Session, engine: Engine, author: Author, trainer: Person
) -> None:
    crowd(session, engine)
    author.correct()
    before = everything(engine)
    rehearsed = rehearse(engine)
    assert everything(engine) == before
    assert rescore(engine, trainer) == rehearsed
    numbers = rehearsed.rescored
    assert (numbers.attempts, numbers.raised, numbers.passed, numbers.proofs) == (5, 3, 2, 2)
    assert (numbers.in_progress, numbers.incomparable, rehearsed.forgotten) == (1, 0, 0)


@pytest.mark.parametrize("commits", range(4))
def test_a_run_that_is_killed_is_finished_by_the_next_one(
    session: Session, engine: Engine, author: Author, trainer: Person, commits: int
) -> None:
    people = crowd(session, engine)
    author.correct()
    rehearsed = rehearse(engine).rescored
    with killed_after(engine, commits), pytest.raises(Killed):
        rescore(engine, trainer)
    done = rows(session, QuestionRescoring)
    assert done == rows_of_whole_people(session)
    rest = rescore(engine, trainer, now=NOW + 3 * DAY).rescored
    assert done + rest.raised == rehearsed.raised == rows(session, QuestionRescoring)
    assert rows(session, Proof) == 3  # Two by the correction, one on time.
    assert rescore(engine, trainer, now=NOW + 3 * DAY).rescored.raised == 0
    assert verify_chain(session) == []
    assert len(people) == 6


def rows_of_whole_people(session: Session) -> int:
    """How many raised attempts have all that belongs to them: who passed by it has the proof."""
    session.rollback()
    facts = select(QuestionRescoring.attempt_key)
    raised = session.scalars(select(Attempt).where(Attempt.key.in_(facts))).all()
    proven = set(session.scalars(select(Proof.enrolment_key)))
    return sum(attempt.earned == 0 or attempt.enrolment_key in proven for attempt in raised)


@pytest.mark.harden
def test_people_who_hand_in_meanwhile_lose_nothing_and_the_next_run_raises_them(
    session: Session, engine: Engine, author: Author, trainer: Person
) -> None:
    people = [taker(session, engine, factories.person(session)) for _ in range(6)]
    done = [hand_in(one, HALF) for one in people[:3]]
    waiting = [begin(one, HALF) for one in people[3:]]
    author.correct()
    by = trainer.key  # Read here, because threads cannot share the session of the object.

    def act(number: int) -> None:
        if number < 3:
            people[3 + number].submit(waiting[number], now=NOW + 2 * DAY)
        else:
            run_rescoring(engine, SLUG, by=by, now=NOW + 2 * DAY)

    at_once(act, 5)
    rescore(engine, trainer, now=NOW + 3 * DAY)
    assert all(result_of(one, attempt_id).is_passed for one, attempt_id in zip(people, [*done, *waiting], strict=True))
    assert (rows(session, Proof), rows(session, QuestionRescoring)) == (6, 6)
    assert verify_chain(session) == []


def test_deleted_answers_are_not_judged_and_the_rehearsal_counts_them(
    session: Session, engine: Engine, author: Author, mira: Learner, trainer: Person
) -> None:
    hand_in(mira, HALF)
    hand_in(taker(session, engine, factories.person(session)), HALF, now=NOW + 20 * DAY)
    author.correct(day=21)
    work(engine, lambda one: forget_answers(one, now=NOW + 31 * DAY))
    rehearsed = rehearse(engine, now=NOW + 31 * DAY)
    assert (rehearsed.rescored.attempts, rehearsed.rescored.raised, rehearsed.forgotten) == (1, 1, 1)


def test_the_facts_of_a_rescoring_end_with_the_answers(
    session: Session, engine: Engine, author: Author, mira: Learner, trainer: Person
) -> None:
    hand_in(mira, HALF)
    author.correct()
    rescore(engine, trainer)
    work(engine, lambda one: forget_answers(one, now=NOW + 29 * DAY))
    assert rows(session, QuestionRescoring) == 1
    work(engine, lambda one: forget_answers(one, now=NOW + 31 * DAY))
    assert rows(session, QuestionRescoring) == 0
    assert rows(session, Proof) == 1


def test_the_log_says_who_did_it_and_names_nobody_whose_result_rose(
    session: Session, engine: Engine, author: Author, trainer: Person
) -> None:
    crowd(session, engine)
    author.correct()
    rehearse(engine)
    assert rows(session, AuditEntry) == 0
    rescore(engine, trainer)
    session.rollback()
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.actor_key, entry.action, entry.object_id) == (trainer.key, "attempts.rescore", SLUG)
    assert entry.scope == "question=frist"
    assert rows(session, AuditSubject) == 0


def test_what_does_not_exist_or_was_never_corrected_is_refused(
    session: Session, engine: Engine, author: Author, trainer: Person
) -> None:
    with pytest.raises(UnknownCourse):
        run_rescoring(engine, "fehlt", by=None, now=NOW)
    with pytest.raises(NothingCorrected):
        rehearse(engine)
    author.correct()
    with pytest.raises(UnknownQuestion):
        rehearse(engine, question_id="fehlt")
    with pytest.raises(NothingCorrected):
        rehearse(engine, question_id="stunde")

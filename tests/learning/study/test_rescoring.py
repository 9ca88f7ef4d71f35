"""A wrong key was corrected: results rise when somebody says so, never fall, and bring all that passing brings."""

import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from learning.audit import AuditEntry, AuditSubject
from learning.database import Model, work
from learning.library.publishing import Change
from learning.obligations import projection
from learning.obligations.models import Cycle, Proof
from learning.obligations.proofs import verify_chain
from learning.people.models import Person
from learning.study.courses import completion
from learning.study.models import Attempt, Enrolment, ModuleDone, QuestionRescoring, Tally
from learning.study.rescoring.corrections import NothingCorrected, UnknownCourse, UnknownQuestion
from learning.study.rescoring.runs import run_rescoring
from learning.study.retention import forget_answers
from quizzes.responses import Choice, Typed
from tests import factories
from tests.learning.obligations.office import Office
from tests.learning.study.corrected_course import (
    CORRECTED,
    DAY,
    FRIST,
    FRONT,
    HALF,
    MONTH,
    SLUG,
    STUNDE,
    TAG,
    WEEKS,
    Author,
    Killed,
    begin,
    everything,
    hand_in,
    killed_after,
    rehearse,
    rescore,
    result_of,
    taker,
)
from tests.learning.study.taking import NOW, Learner, stored
from tests.learning.study.test_attempts_at_once import at_once

RIGHT = {"stunde": Typed("60"), "tag": Typed("24")}


@pytest.fixture
def author(session: Session, tmp_path: Path) -> Author:
    made = Author(session, tmp_path)
    made.publish()
    return made


@pytest.fixture
def mira(session: Session, engine: Engine, author: Author) -> Learner:
    return taker(session, engine, factories.person(session, "Mira Sander"))


@pytest.fixture
def trainer(session: Session) -> Person:
    return factories.person(session, "Tom Trainer")


def rows(session: Session, model: type[Model]) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(model)) or 0


def proof(session: Session) -> Proof:
    session.rollback()
    session.expire_all()
    return session.scalars(select(Proof)).one()


# Raised, never lowered ------------------------------------------------------------------------------------------------


def test_who_knew_better_than_the_key_is_raised_and_passes(
    session: Session, engine: Engine, author: Author, mira: Learner, trainer: Person
) -> None:
    attempt_id = hand_in(mira, HALF)
    assert not result_of(mira, attempt_id).is_passed
    author.correct()
    outcome = rescore(engine, trainer)
    assert (outcome.rescored.raised, outcome.rescored.passed, outcome.rescored.proofs) == (1, 1, 1)
    after = result_of(mira, attempt_id)
    assert (after.score, after.points, after.is_passed) == (2, 3, True)


def test_who_answered_as_the_wrong_key_said_keeps_every_point(
    session: Session, engine: Engine, author: Author, mira: Learner, trainer: Person
) -> None:
    attempt_id = hand_in(mira, {"frist": WEEKS, **RIGHT})
    before, completed = result_of(mira, attempt_id), proof(session).hash
    author.correct()
    assert rescore(engine, trainer).rescored.raised == 0
    assert result_of(mira, attempt_id) == before
    assert proof(session).hash == completed
    assert rows(session, QuestionRescoring) == 0


def test_the_facts_say_who_when_which_edition_and_how_many_points(
    session: Session, engine: Engine, author: Author, mira: Learner, trainer: Person
) -> None:
    attempt_id = hand_in(mira, HALF)
    corrected = author.correct()
    rescore(engine, trainer)
    session.rollback()
    fact = session.scalars(select(QuestionRescoring)).one()
    row = stored(session, attempt_id)
    assert (fact.attempt_key, fact.edition_key, fact.rescored_by) == (row.key, corrected.edition_key, trainer.key)
    assert (fact.points_before, fact.points_after, fact.rescored_at) == (0, 1, NOW + 2 * DAY)
    # What was stored when it was handed in stays as it was.
    assert (row.earned, row.possible, row.is_passed, row.closed_at) == (1, 3, False, NOW)


def test_a_second_run_changes_nothing(
    session: Session, engine: Engine, author: Author, mira: Learner, trainer: Person
) -> None:
    hand_in(mira, HALF)
    author.correct()
    rescore(engine, trainer)
    session.rollback()
    before = everything(engine)
    again = rescore(engine, trainer, now=NOW + 3 * DAY).rescored
    assert (again.raised, again.passed, again.proofs) == (0, 0, 0)
    assert everything(engine) == before


def test_a_second_correction_raises_further_and_takes_nothing_back(
    session: Session, engine: Engine, author: Author, mira: Learner, trainer: Person
) -> None:
    jonas = taker(session, engine, factories.person(session, "Jonas Weber"))
    third = Choice(frozenset({2}))
    first, second = hand_in(mira, HALF), hand_in(jonas, {**HALF, "frist": third})
    author.correct()
    rescore(engine, trainer)
    author.correct(FRIST.replace("(x) zwei", "( ) zwei").replace("( ) drei", "(x) drei"), day=2)
    outcome = rescore(engine, trainer, now=NOW + 4 * DAY)
    assert outcome.rescored.raised == 1
    assert [result_of(mira, first).score, result_of(jonas, second).score] == [2, 2]
    assert rows(session, QuestionRescoring) == 2


def test_a_must_question_that_was_keyed_wrongly_no_longer_keeps_anybody_from_passing(
    session: Session, engine: Engine, tmp_path: Path, trainer: Person
) -> None:
    author = Author(session, tmp_path)
    author.publish(FRIST.replace("{#frist}", "{#frist must}"))
    mira = taker(session, engine, factories.person(session, "Mira Sander"))
    attempt_id = hand_in(mira, {"frist": MONTH, **RIGHT})
    assert result_of(mira, attempt_id).missed_must == ("frist",)
    author.correct(CORRECTED.replace("{#frist}", "{#frist must}"))
    assert rescore(engine, trainer).rescored.passed == 1
    assert result_of(mira, attempt_id).missed_must == ()


def test_a_must_question_that_is_still_wrong_keeps_the_test_open(
    session: Session, engine: Engine, tmp_path: Path, trainer: Person
) -> None:
    author = Author(session, tmp_path)
    must = TAG.replace("{#tag}", "{#tag must}")
    author.publish(FRIST, STUNDE, must)
    mira = taker(session, engine, factories.person(session, "Mira Sander"))
    attempt_id = hand_in(mira, HALF)
    author.correct(CORRECTED, STUNDE, must)
    outcome = rescore(engine, trainer).rescored
    assert (outcome.raised, outcome.passed, outcome.proofs) == (1, 0, 0)
    assert (result_of(mira, attempt_id).score, result_of(mira, attempt_id).is_passed) == (2, False)
    assert rows(session, Proof) == 0


def test_points_and_pass_mark_stay_those_that_the_test_began_with(
    session: Session, engine: Engine, author: Author, mira: Learner, trainer: Person
) -> None:
    attempt_id = hand_in(mira, HALF)
    author.correct(CORRECTED.replace("{#frist}", "{#frist points=5 must}"), front=FRONT.replace("60", "90"))
    rescore(engine, trainer)
    after = result_of(mira, attempt_id)
    assert (after.score, after.points, after.is_passed) == (2, 3, True)


def test_options_that_stand_in_another_order_now_are_found_by_what_they_say(
    session: Session, engine: Engine, author: Author, mira: Learner, trainer: Person
) -> None:
    attempt_id = hand_in(mira, HALF)
    lines = "- (x) ein Monat\n- ( ) drei Monate\n- ( ) zwei Wochen"
    author.correct(FRIST.replace("- (x) zwei Wochen\n- ( ) ein Monat\n- ( ) drei Monate", lines))
    assert rescore(engine, trainer).rescored.raised == 1
    assert result_of(mira, attempt_id).is_passed


def test_what_cannot_be_compared_keeps_its_points_and_is_counted(
    session: Session, engine: Engine, author: Author, mira: Learner, trainer: Person
) -> None:
    attempt_id = hand_in(mira, HALF)
    author.correct(CORRECTED.replace("drei Monate", "vier Monate und ein Tag"))
    outcome = rescore(engine, trainer)
    assert (outcome.rescored.raised, outcome.rescored.incomparable) == (0, 1)
    assert result_of(mira, attempt_id).score == 1


def test_a_question_that_was_another_one_then_is_not_judged_by_the_correction(
    session: Session, engine: Engine, author: Author, mira: Learner, trainer: Person
) -> None:
    attempt_id = hand_in(mira, HALF)
    author.publish(FRIST.replace("(x) zwei", "( ) zwei").replace("( ) drei", "(x) drei"), day=1)
    author.correct(CORRECTED, day=2)
    assert rescore(engine, trainer, now=NOW + 3 * DAY).rescored.raised == 0
    assert result_of(mira, attempt_id).score == 1


def test_a_revision_that_names_the_wrong_key_counts_as_well(
    session: Session, engine: Engine, author: Author, mira: Learner, trainer: Person
) -> None:
    attempt_id = hand_in(mira, HALF)
    author.publish(CORRECTED, change=Change.REVISION, wrong=("fristen/frist",), day=1)
    rescore(engine, trainer)
    assert result_of(mira, attempt_id).is_passed


def test_only_the_named_question_is_scored_again(
    session: Session, engine: Engine, author: Author, mira: Learner, trainer: Person
) -> None:
    attempt_id = hand_in(mira, {"frist": MONTH, "stunde": Typed("100")})
    new_hour = STUNDE.replace("- = 60", "- = 100")
    author.publish(CORRECTED, new_hour, TAG, change=Change.CORRECTION, wrong=("fristen/frist", "fristen/stunde"), day=1)
    rescore(engine, trainer, question_id="stunde")
    assert result_of(mira, attempt_id).score == 1
    rescore(engine, trainer)
    assert result_of(mira, attempt_id).score == 2


def test_a_test_that_ran_out_of_time_is_raised_too(
    session: Session, engine: Engine, tmp_path: Path, trainer: Person
) -> None:
    author = Author(session, tmp_path)
    author.publish(front=FRONT.replace("pass: 60", "pass: 60\ntime: 10"))
    mira = taker(session, engine, factories.person(session, "Mira Sander"))
    attempt_id = begin(mira, HALF)
    mira.submit(attempt_id, now=NOW + datetime.timedelta(minutes=30))
    assert stored(session, attempt_id).state == "expired"
    author.correct(front=FRONT.replace("pass: 60", "pass: 60\ntime: 10"))
    assert rescore(engine, trainer).rescored.passed == 1


def test_a_retry_counts_what_was_raised_as_right(
    session: Session, engine: Engine, author: Author, mira: Learner, trainer: Person
) -> None:
    hand_in(mira, {"frist": MONTH})
    author.correct()
    rescore(engine, trainer)
    second = mira.start(after=1, only_wrong=True, now=NOW + 3 * DAY)
    one = mira.taken(second)
    assert {question.id for question in one.answers.attempt.asked} == {"stunde", "tag"}
    assert [question.id for question in one.kept] == ["frist"]


def test_counters_of_the_question_stay_those_of_the_question_as_it_was_asked(
    session: Session, engine: Engine, author: Author, mira: Learner, trainer: Person
) -> None:
    hand_in(mira, HALF)
    before = everything(engine)["tally"]
    author.correct()
    rescore(engine, trainer)
    assert rows(session, Tally) > 0
    assert everything(engine)["tally"] == before


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


def test_what_is_still_to_be_read_is_read_first_and_completes_the_course_on_its_own_day(
    session: Session, engine: Engine, tmp_path: Path, trainer: Person
) -> None:
    author = Author(session, tmp_path)
    author.publish(has_lesson=True)
    mira = taker(session, engine, factories.person(session, "Mira Sander"))
    hand_in(mira, HALF)
    author.correct(has_lesson=True)
    outcome = rescore(engine, trainer).rescored
    assert (outcome.passed, outcome.proofs, rows(session, Proof)) == (1, 0, 0)
    work(engine, lambda one: completion.finish_module(one, mira.enrolment_key, "lesen", now=NOW + 5 * DAY))
    assert proof(session).completed_on == (NOW + 5 * DAY).date()


def test_a_lesson_read_after_the_test_and_after_the_correction_decides_day_and_edition(
    session: Session, engine: Engine, tmp_path: Path, trainer: Person
) -> None:
    author = Author(session, tmp_path)
    author.publish(has_lesson=True)
    mira = taker(session, engine, factories.person(session, "Mira Sander"))
    hand_in(mira, HALF)
    author.correct(day=1, has_lesson=True)
    taker(session, engine, session.get_one(Person, mira.viewer.key))  # Opening the course moves to the correction.
    work(engine, lambda one: completion.finish_module(one, mira.enrolment_key, "lesen", now=NOW + 2 * DAY))
    assert rescore(engine, trainer, now=NOW + 4 * DAY).rescored.proofs == 1
    found = proof(session)
    assert (found.completed_on, found.edition_number) == ((NOW + 2 * DAY).date(), 2)


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
    raised = session.scalars(
        select(Attempt).join(QuestionRescoring, QuestionRescoring.attempt_key == Attempt.key).distinct()
    ).all()
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

    def act(number: int) -> None:
        if number < 3:
            people[3 + number].submit(waiting[number], now=NOW + 2 * DAY)
        else:
            rescore(engine, trainer)

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

"""What can happen to an attempt, on both databases: the answer protocol, ends, results, tallies."""

import datetime
import uuid
from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from learning.database import work
from learning.library.models import EditionModule
from learning.obligations.models import Proof
from learning.study.attempts import actions as attempt_actions
from learning.study.attempts.actions import KeyReused, NoAttemptLeft, Saved, Stale
from learning.study.courses.completion import finish_module
from learning.study.courses.enrolment import begin_again
from learning.study.models import AnswerEvent, Attempt, CurrentAnswer, Enrolment, ExtraTime, ModuleDone, Tally
from quizzes.attempts import Show, TestRules
from quizzes.responses import UnreadableResponse
from tests.factories import person
from tests.learning.conftest import QueryCount
from tests.learning.study.taking import NOW, SLUG, Learner, learner, right_fields, stored

SECOND = datetime.timedelta(seconds=1)
TIMED = TestRules(pass_percent=60, attempts=3, minutes=10, draw=4, show=Show.AFTER)


@pytest.fixture
def mira(session: Session, engine: Engine) -> Learner:
    return learner(session, engine, person(session, "Mira Sander"))


@pytest.fixture
def timed(session: Session, engine: Engine) -> Learner:
    return learner(session, engine, person(session, "Mira Sander"), rules=TIMED)


def count(session: Session, model: type) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_an_attempt_pins_questions_seed_and_rules(mira: Learner, session: Session) -> None:
    row = stored(session, mira.start())
    assert (row.number, row.state, len(row.drawn), row.ends_at) == (1, "in_progress", 4, None)
    assert row.rules == {"pass_percent": 60, "attempts": 3, "minutes": 0, "draw": 4, "show": "after"}
    assert (row.seed, row.language, row.kept) == ("0123456789abcdef", "de", [])


def test_beginning_twice_is_one_attempt(mira: Learner, session: Session) -> None:
    assert mira.start() == mira.start()
    assert count(session, Attempt) == 1


def test_a_saved_answer_gets_version_and_time(mira: Learner) -> None:
    attempt_id = mira.start()
    fields = right_fields(mira.taken(attempt_id))
    key = str(uuid.uuid4())
    assert mira.save(attempt_id, 0, fields[0], key=key) == Saved(key, 1, NOW, None, counts=True)
    assert mira.taken(attempt_id).versions == (1, 0, 0, 0)


def test_the_same_key_again_is_answered_the_same_and_stored_once(mira: Learner, session: Session) -> None:
    attempt_id, key = mira.start(), str(uuid.uuid4())
    fields = right_fields(mira.taken(attempt_id))[0]
    first = mira.save(attempt_id, 0, fields, key=key)
    assert mira.save(attempt_id, 0, fields, key=key, now=NOW + SECOND) == first
    assert (count(session, AnswerEvent), count(session, CurrentAnswer)) == (1, 1)


def test_the_same_key_with_another_answer_is_refused(mira: Learner, session: Session) -> None:
    attempt_id, key = mira.start(), str(uuid.uuid4())
    fields = right_fields(mira.taken(attempt_id))
    mira.save(attempt_id, 0, fields[0], key=key)
    assert mira.save(attempt_id, 0, {}, base=1, key=key) == KeyReused()
    assert mira.save(attempt_id, 1, fields[1], key=key) == KeyReused()
    assert count(session, AnswerEvent) == 1


def test_an_answer_changed_from_an_older_one_is_refused_with_the_one_that_counts(mira: Learner) -> None:
    attempt_id = mira.start()
    fields = right_fields(mira.taken(attempt_id))[0]
    mira.save(attempt_id, 0, fields)
    outcome = mira.save(attempt_id, 0, {}, base=0)
    assert outcome == Stale(1, fields)
    assert mira.save(attempt_id, 0, {}, base=1) != outcome


def test_windows_that_agree_do_not_disturb_each_other(mira: Learner) -> None:
    attempt_id = mira.start()
    fields = right_fields(mira.taken(attempt_id))[0]
    mira.save(attempt_id, 0, fields)
    again = mira.save(attempt_id, 0, fields, base=0)
    assert isinstance(again, Saved)


def test_every_answer_stays_as_an_event(mira: Learner, session: Session) -> None:
    attempt_id = mira.start()
    fields = right_fields(mira.taken(attempt_id))[0]
    for base in range(5):
        mira.save(attempt_id, 0, fields if base % 2 else {}, base=base)
    versions = session.scalars(select(AnswerEvent.version).order_by(AnswerEvent.key)).all()
    assert versions == [1, 2, 3, 4, 5]
    assert count(session, CurrentAnswer) == 1


def test_a_foreign_attempt_is_absent(mira: Learner, session: Session, engine: Engine) -> None:
    other = learner(session, engine, person(session))
    attempt_id = mira.start()
    fields = right_fields(mira.taken(attempt_id))[0]
    assert other.save(attempt_id, 0, fields) is None
    assert other.save(uuid.uuid4(), 0, fields) is None
    other.submit(attempt_id)
    assert stored(session, attempt_id).state == "in_progress"


def test_what_no_page_sends_is_refused(mira: Learner, session: Session) -> None:
    attempt_id = mira.start()
    with pytest.raises(UnreadableResponse):
        mira.save(attempt_id, 99, {})
    name = next(iter(right_fields(mira.taken(attempt_id))[0]))
    for item in range(4):
        for name in right_fields(mira.taken(attempt_id))[item]:
            if mira.taken(attempt_id).answers.attempt.asked[item].kind.value not in ("number", "text", "cloze"):
                with pytest.raises(UnreadableResponse):
                    mira.save(attempt_id, item, {name: ["99"]})
    assert count(session, AnswerEvent) == 0


@pytest.mark.parametrize(
    ("after", "counts", "late"),
    [(-1, True, False), (0, True, False), (1, True, True), (29, True, True), (31, False, True)],
)
def test_the_end_has_a_leeway_of_thirty_seconds(
    timed: Learner, session: Session, after: int, counts: bool, late: bool
) -> None:
    attempt_id = timed.start()
    moment = NOW + datetime.timedelta(minutes=10, seconds=after)
    fields = right_fields(timed.taken(attempt_id))[0]
    saved = timed.save(attempt_id, 0, fields, now=moment)
    assert isinstance(saved, Saved)
    event = session.scalars(select(AnswerEvent)).one()
    assert (saved.counts, event.is_late, event.version) == (counts, late, int(counts))
    assert timed.taken(attempt_id).versions[0] == int(counts)


def test_an_answer_after_handing_in_is_kept_and_does_not_count(mira: Learner, session: Session) -> None:
    attempt_id = mira.start()
    fields = right_fields(mira.taken(attempt_id))[0]
    mira.submit(attempt_id)
    before = stored(session, attempt_id).earned
    saved = mira.save(attempt_id, 0, fields)
    assert isinstance(saved, Saved)
    assert not saved.counts
    assert stored(session, attempt_id).earned == before == 0


def test_extra_time_moves_the_end(timed: Learner, session: Session) -> None:
    key = timed.viewer.key
    session.add(ExtraTime(person_key=key, factor=Decimal("1.5"), set_by=key, set_at=NOW))
    session.commit()
    assert stored(session, timed.start()).ends_at == NOW + datetime.timedelta(minutes=15)


def test_handing_in_grades_what_is_stored(mira: Learner, session: Session) -> None:
    attempt_id = mira.start()
    mira.answer_right(attempt_id, but=[0])
    mira.submit(attempt_id, now=NOW + SECOND)
    row = stored(session, attempt_id)
    assert (row.state, row.earned, row.possible, row.closed_at) == ("submitted", 3, 4, NOW + SECOND)


def test_handing_in_twice_is_handing_in_once(mira: Learner, session: Session) -> None:
    attempt_id = mira.start()
    mira.answer_right(attempt_id)
    mira.submit(attempt_id)
    mira.submit(attempt_id, now=NOW + SECOND)
    assert stored(session, attempt_id).closed_at == NOW
    assert session.scalar(select(Tally.answers).where(Tally.part == -1).limit(1)) == 1


def test_a_passed_test_is_a_module_done(mira: Learner, session: Session) -> None:
    attempt_id = mira.start()
    mira.answer_right(attempt_id)
    mira.submit(attempt_id)
    assert stored(session, attempt_id).is_passed
    assert count(session, ModuleDone) == 1


def test_passing_the_last_module_writes_one_proof_of_a_passed_test(mira: Learner, session: Session) -> None:
    required = select(EditionModule.module_id).where(EditionModule.is_optional.is_(False))
    for module_id in session.scalars(required.where(EditionModule.module_id != mira.module.module.id)).all():
        work(mira.engine, lambda one, name=module_id: finish_module(one, mira.enrolment_key, name, now=NOW))  # type: ignore[misc]  # bound in the loop
    assert count(session, Proof) == 0
    attempt_id = mira.start()
    mira.answer_right(attempt_id)
    for _time in range(2):
        mira.submit(attempt_id)
    session.rollback()
    proof = session.scalars(select(Proof)).one()
    assert (proof.understanding, proof.confirmation_version, proof.enrolment_key) == (
        "passed",
        None,
        mira.enrolment_key,
    )


def test_a_test_that_is_not_passed_leaves_the_module_open(mira: Learner, session: Session) -> None:
    attempt_id = mira.start()
    mira.submit(attempt_id)
    assert stored(session, attempt_id).is_passed is False
    assert count(session, ModuleDone) == 0


def test_the_sweep_closes_what_ran_out_and_grades_it(timed: Learner, session: Session) -> None:
    attempt_id = timed.start()
    timed.answer_right(attempt_id)
    end = NOW + datetime.timedelta(minutes=10, seconds=30)
    assert attempt_actions.close_all_over(timed.engine, now=end) == 0
    assert attempt_actions.close_all_over(timed.engine, now=end + SECOND) == 1
    assert attempt_actions.close_all_over(timed.engine, now=end + SECOND) == 0
    row = stored(session, attempt_id)
    assert (row.state, row.is_passed, row.earned) == ("expired", True, 4)


def test_handing_in_after_the_end_is_running_out(timed: Learner, session: Session) -> None:
    attempt_id = timed.start()
    timed.submit(attempt_id, now=NOW + datetime.timedelta(hours=1))
    assert stored(session, attempt_id).state == "expired"


def test_a_retry_asks_only_what_was_wrong_and_adds_it_to_the_former_result(mira: Learner, session: Session) -> None:
    first = mira.start()
    mira.answer_right(first, but=[0, 2])
    mira.submit(first)
    second = mira.start(after=1, only_wrong=True)
    row = stored(session, second)
    assert (row.is_retry, len(row.drawn), len(row.kept)) == (True, 2, 2)
    mira.answer_right(second)
    mira.submit(second)
    row = stored(session, second)
    assert (row.earned, row.possible, row.is_passed) == (4, 4, True)


def test_a_retry_of_a_retry_keeps_what_was_right_in_both(mira: Learner, session: Session) -> None:
    first = mira.start()
    mira.answer_right(first, but=[0, 2])
    mira.submit(first)
    second = mira.start(after=1, only_wrong=True)
    mira.answer_right(second, but=[1])
    mira.submit(second)
    third = mira.start(after=2, only_wrong=True)
    row = stored(session, third)
    assert (row.number, len(row.drawn), len(row.kept)) == (3, 1, 3)


def test_there_is_nothing_to_repeat_when_all_was_right(mira: Learner) -> None:
    first = mira.start()
    mira.answer_right(first)
    mira.submit(first)
    assert mira.start(after=1, only_wrong=True) == first


def test_after_the_last_attempt_there_is_no_other(mira: Learner) -> None:
    for number in range(3):
        mira.submit(mira.start(after=number))
    with pytest.raises(NoAttemptLeft):
        mira.start(after=3)


def test_a_repeated_request_for_a_further_attempt_answers_the_same(mira: Learner, session: Session) -> None:
    mira.submit(mira.start())
    second = mira.start(after=1)
    mira.submit(second)
    assert mira.start(after=1) == second
    assert count(session, Attempt) == 2


def test_only_first_attempts_are_counted(mira: Learner, session: Session) -> None:
    first = mira.start()
    mira.answer_right(first)
    mira.submit(first)
    before = sorted(session.execute(select(Tally.revision_key, Tally.part, Tally.answers)).all())
    assert len([row for row in before if row.part == -1]) == 4
    second = mira.start(after=1)
    mira.answer_right(second)
    mira.submit(second)
    session.rollback()
    assert sorted(session.execute(select(Tally.revision_key, Tally.part, Tally.answers)).all()) == before


def test_a_course_taken_once_more_is_not_counted_again(mira: Learner, session: Session, engine: Engine) -> None:
    mira.submit(mira.start())
    before = sorted(session.execute(select(Tally.revision_key, Tally.part, Tally.answers)).all())
    assert before
    session.execute(update(Enrolment).values(completed_on=NOW.date()))
    session.commit()
    again = work(engine, lambda one: begin_again(one, SLUG, mira.viewer.key, now=NOW))
    assert again.key != mira.enrolment_key
    second = replace(mira, enrolment_key=again.key)
    second.submit(second.start())
    session.rollback()
    assert sorted(session.execute(select(Tally.revision_key, Tally.part, Tally.answers)).all()) == before


def test_tallies_of_several_people_add_up(mira: Learner, session: Session, engine: Engine) -> None:
    other = learner(session, engine, person(session))
    for one, left_open in ((mira, []), (other, [0])):
        attempt_id = one.start()
        one.answer_right(attempt_id, but=left_open)
        one.submit(attempt_id)
    session.rollback()
    rows = session.execute(select(Tally.answers, Tally.item_sum).where(Tally.part == -1)).all()
    assert sorted((answers, float(total)) for answers, total in rows) == [(2, 1.0), (2, 2.0), (2, 2.0), (2, 2.0)]


def test_all_tallies_of_an_attempt_are_added_by_one_statement(mira: Learner, engine: Engine) -> None:
    attempt_id = mira.start()
    mira.answer_right(attempt_id)
    statements = QueryCount(engine)
    with statements:
        mira.submit(attempt_id)
    assert len([one for one in statements.statements if one.startswith("INSERT INTO tally")]) == 1

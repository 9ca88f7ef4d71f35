"""Many requests at one moment, in threads with connections of their own: nothing happens twice, nothing gets lost."""

import datetime
import threading
import uuid
from collections.abc import Callable
from typing import TypeVar

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from learning.obligations.models import Proof
from learning.study.attempts.actions import NoAttemptLeft, Saved
from learning.study.models import AnswerEvent, Attempt, CurrentAnswer, ModuleDone, Tally
from tests.factories import person
from tests.figures import examples
from tests.learning.study.taking import NOW, Learner, learner, right_fields, stored

Answer = TypeVar("Answer")
THREADS = examples(8, hardened=20)


def at_once(function: Callable[[int], Answer], count: int = THREADS) -> list[Answer]:
    """What `count` threads answer that all begin at the same moment; an exception of one is raised."""
    barrier = threading.Barrier(count)
    answers: list[Answer] = []
    failures: list[Exception] = []

    def run(number: int) -> None:
        barrier.wait()
        try:
            answers.append(function(number))
        except Exception as error:  # noqa: BLE001  # whatever happened in the thread is raised in the test
            failures.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return answers


@pytest.fixture
def mira(session: Session, engine: Engine) -> Learner:
    return learner(session, engine, person(session, "Mira Sander"))


def count(session: Session, model: type, *where: object) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(model).where(*where)) or 0  # type: ignore[arg-type]  # conditions


@pytest.mark.harden
def test_pressing_hand_in_many_times_at_once_hands_in_once(mira: Learner, session: Session) -> None:
    attempt_id = mira.start()
    mira.answer_right(attempt_id)
    at_once(lambda number: mira.submit(attempt_id, now=NOW + datetime.timedelta(seconds=number)))
    assert stored(session, attempt_id).earned == 4
    assert (count(session, ModuleDone), count(session, Proof)) in ((1, 0), (1, 1))
    assert session.scalars(select(Tally.answers).where(Tally.part == -1)).all() == [1, 1, 1, 1]


@pytest.mark.harden
def test_the_last_attempt_is_begun_once_by_whoever_presses(mira: Learner, session: Session) -> None:
    for number in range(2):
        mira.submit(mira.start(after=number))
    assert len(set(at_once(lambda _: mira.start(after=2)))) == 1
    assert count(session, Attempt) == 3
    mira.submit(mira.start(after=2))

    def refused(_: int) -> bool:
        try:
            mira.start(after=3)
        except NoAttemptLeft:
            return True
        return False

    assert all(at_once(refused))
    assert count(session, Attempt) == 3


@pytest.mark.harden
def test_one_answer_sent_many_times_at_once_is_stored_once(mira: Learner, session: Session) -> None:
    attempt_id, key = mira.start(), str(uuid.uuid4())
    fields = right_fields(mira.taken(attempt_id))[0]
    replies = at_once(lambda _: mira.save(attempt_id, 0, fields, key=key))
    assert all(reply == replies[0] for reply in replies)
    assert count(session, AnswerEvent) == 1


@pytest.mark.harden
def test_two_windows_that_answer_at_once_leave_every_acknowledged_answer_as_an_event(
    mira: Learner, session: Session
) -> None:
    attempt_id = mira.start()
    fields = right_fields(mira.taken(attempt_id))

    def answer(number: int) -> int:
        saved = 0
        base = 0
        for turn in range(examples(6, hardened=60)):
            outcome = mira.save(attempt_id, 0, fields[0] if (turn + number) % 2 else {}, base=base)
            assert outcome is not None
            base = getattr(outcome, "version", base)
            saved += isinstance(outcome, Saved)
        return saved

    acknowledged = sum(at_once(answer, 4))
    session.rollback()
    versions = sorted(session.scalars(select(AnswerEvent.version)))
    assert versions == list(range(1, acknowledged + 1))
    newest = session.scalars(select(AnswerEvent).order_by(AnswerEvent.version.desc()).limit(1)).one()
    current = session.scalars(select(CurrentAnswer)).one()
    assert (current.version, current.value) == (newest.version, newest.value)


@pytest.mark.harden
def test_what_is_graded_is_what_was_acknowledged_before_the_end(mira: Learner, session: Session) -> None:
    attempt_id = mira.start()
    fields = right_fields(mira.taken(attempt_id))

    def act(number: int) -> Saved | None:
        if number == 0:
            mira.submit(attempt_id)
            return None
        outcome = mira.save(attempt_id, number % 4, fields[number % 4])
        return outcome if isinstance(outcome, Saved) else None

    counted = [one for one in at_once(act) if one is not None and one.counts]
    right = mira.taken(attempt_id).answers.responses
    assert stored(session, attempt_id).earned == sum(response is not None for response in right)
    assert len({one.key for one in counted}) == len(counted)

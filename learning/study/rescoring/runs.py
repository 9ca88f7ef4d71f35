"""A whole run over everybody who was asked with a wrong key, each enrolment in a transaction of its own.

So nobody who works meanwhile waits longer than for one other person, and a run that is killed has done some people
wholly and the others not at all; the next one goes on. A rehearsal does the same and undoes it.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from learning import audit
from learning.database import work
from learning.people.roles import COMMAND_LINE
from learning.study.attempts.queries import IN_PROGRESS
from learning.study.attempts.tallies import WHOLE
from learning.study.models import Attempt, Enrolment, Tally
from learning.study.rescoring.actions import NOTHING, Rescored, RescoringOrder, rescore_enrolment
from learning.study.rescoring.corrections import Corrections, corrections_of

ENROLMENTS_AT_ONCE = 500
LOGGED = "attempts.rescore"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run did or would do. `forgotten`: at least so many first attempts are no longer there to be judged."""

    rescored: Rescored
    forgotten: int


class _Undone(Exception):
    """Ends the transaction of a rehearsal; nothing of it stays."""

    def __init__(self, rescored: Rescored) -> None:
        super().__init__()
        self.rescored = rescored


def run_rescoring(
    engine: Engine, course_id: str, *, question_id: str = "", by: int | None, now: datetime.datetime
) -> Outcome:
    """Raise everything that a course's corrections raise, or one question's; `by` None only finds out what would be.

    Raises what `corrections_of` raises.
    """
    with Session(engine) as session:
        corrections = corrections_of(session, course_id, question_id=question_id)
    order = RescoringOrder(corrections, corrections.places(), by, now)
    total, is_logged = NOTHING, False
    for key in _enrolments(engine, order):
        rescored = _one(engine, order, key, is_logged=is_logged)
        is_logged = is_logged or rescored.raised > 0
        total += rescored
    with Session(engine) as session:
        return Outcome(total, _forgotten(session, corrections))


def _one(engine: Engine, order: RescoringOrder, key: int, *, is_logged: bool) -> Rescored:
    try:
        return work(engine, partial(_rescore, order=order, key=key, is_logged=is_logged))
    except _Undone as undone:
        return undone.rescored


def _rescore(session: Session, *, order: RescoringOrder, key: int, is_logged: bool) -> Rescored:
    rescored = rescore_enrolment(session, order, key)
    if order.by is None:
        raise _Undone(rescored)
    if rescored.raised and not is_logged:
        _log(session, order)
    return rescored


def _log(session: Session, order: RescoringOrder) -> None:
    """Note the run with the first person it raises. Whom it raised is nobody's to see, so nobody is named."""
    corrections = order.corrections
    audit.record(
        session,
        actor=order.by,
        role=COMMAND_LINE,
        action=LOGGED,
        object_type="course",
        object_id=corrections.course_id,
        scope=f"question={','.join(sorted(corrections.question_ids))}",
        now=order.now,
    )


def _enrolments(engine: Engine, order: RescoringOrder) -> Iterator[int]:
    """Enrolments with attempts at a test that asked with a wrong key, in slices that are read when they are needed."""
    last = 0
    while keys := _slice(engine, order, after=last):
        yield from keys
        last = keys[-1]


def _slice(engine: Engine, order: RescoringOrder, *, after: int) -> list[int]:
    statement = (
        select(Attempt.enrolment_key)
        .where(Attempt.module_key.in_(order.places), Attempt.enrolment_key > after)
        .distinct()
        .order_by(Attempt.enrolment_key)
        .limit(ENROLMENTS_AT_ONCE)
    )
    with Session(engine) as session:
        return list(session.scalars(statement))


def _forgotten(session: Session, corrections: Corrections) -> int:
    """First attempts that the counters know and that are no longer there: what the question counted most is the least.

    Only first attempts of first runs are counted anywhere, so of further ones nothing is known.
    """
    counted = dict.fromkeys(corrections.question_ids, 0)
    for name, revisions in corrections.wrong_revisions().items():
        own = Tally.revision_key.in_(revisions), Tally.part == WHOLE
        counted[name] = session.scalar(select(func.coalesce(func.sum(Tally.answers), 0)).where(*own)) or 0
    there = _first_attempts(session, corrections)
    return max(0, *(number - there[name] for name, number in counted.items()))


def _first_attempts(session: Session, corrections: Corrections) -> dict[str, int]:
    """How many closed first attempts asked each question with its wrong key."""
    names = corrections.names_at()
    statement = (
        select(Attempt.module_key, Attempt.drawn)
        .join(Enrolment, Enrolment.key == Attempt.enrolment_key)
        .where(
            Attempt.module_key.in_({module for module, _ in names}),
            Attempt.state != IN_PROGRESS,
            Attempt.number == 1,
            Enrolment.run == 1,
        )
    )
    found = dict.fromkeys(corrections.question_ids, 0)
    for module_key, drawn in session.execute(statement):
        for position in drawn:
            name = names.get((module_key, position))
            if name is not None:
                found[name] += 1
    return found

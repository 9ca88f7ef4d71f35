"""When what somebody learnt and answered ends: answers after 30 days, progress after twelve months, all on leaving.

Counters of questions stay, they name nobody; that a course was completed is in its proof. Every function finds nothing
the second time.
"""

import datetime
from collections.abc import Sequence

from sqlalchemy import ColumnElement, Delete, and_, delete, exists, or_, select
from sqlalchemy.orm import Session

from learning.obligations.models import Proof
from learning.obligations.rules import add_months
from learning.people.models import Person
from learning.study.attempts.queries import IN_PROGRESS
from learning.study.models import (
    AnswerEvent,
    Attempt,
    CurrentAnswer,
    Enrolment,
    ExtraTime,
    ModuleDone,
    PracticeAnswer,
    QuestionRescoring,
    ReadingPlace,
)

ANSWERS_KEPT = datetime.timedelta(days=30)
PROGRESS_MONTHS = 12
LEAVING = datetime.timedelta(days=30)
AT_ONCE = 500


def forget_answers(session: Session, *, now: datetime.datetime) -> dict[str, int]:
    """Tests 30 days after they were handed in or last worked at, practice 30 days after its last change.

    With a test goes how often it was taken: nothing of it is known afterwards, so counting begins anew.
    """
    limit = now - ANSWERS_KEPT
    worked_at = exists().where(AnswerEvent.attempt_key == Attempt.key, AnswerEvent.saved_at >= limit)
    is_over = Attempt.closed_at < limit
    is_left_alone = and_(Attempt.state == IN_PROGRESS, Attempt.started_at < limit, ~worked_at)
    attempts = session.scalars(select(Attempt.key).where(or_(is_over, is_left_alone))).all()
    _forget_attempts(session, attempts)
    practice = _rows(session, delete(PracticeAnswer).where(PracticeAnswer.changed_at < limit))
    return {"tests": len(attempts), "practice_answers": practice}


def forget_progress(session: Session, *, today: datetime.date, now: datetime.datetime) -> dict[str, int]:
    """Courses in which nothing has happened for twelve months. One that gave a proof stays as long as that."""
    limit = now - (today - add_months(today, -PROGRESS_MONTHS))
    recent = (
        exists().where(ModuleDone.enrolment_key == Enrolment.key, ModuleDone.done_at >= limit),
        exists().where(ReadingPlace.enrolment_key == Enrolment.key, ReadingPlace.changed_at >= limit),
        exists().where(PracticeAnswer.enrolment_key == Enrolment.key, PracticeAnswer.changed_at >= limit),
        exists().where(Attempt.enrolment_key == Enrolment.key, Attempt.started_at >= limit),
    )
    return _forget_enrolments(session, and_(Enrolment.opened_at < limit, *(~one for one in recent)))


def forget_leavers(session: Session, *, today: datetime.date) -> dict[str, int]:
    """Everything that people did in courses, and their extra time, 30 days after they left; proofs have their own."""
    leavers = select(Person.key).where(Person.left_on < today - LEAVING)
    counts = _forget_enrolments(session, Enrolment.person_key.in_(leavers))
    extra = _rows(session, delete(ExtraTime).where(ExtraTime.person_key.in_(leavers)))
    return {**counts, "extra_times": extra}


def _forget_enrolments(session: Session, condition: ColumnElement[bool]) -> dict[str, int]:
    """Delete what was done in these enrolments, then those that no proof came from."""
    keys = session.scalars(select(Enrolment.key).where(condition)).all()
    states, enrolments = 0, 0
    for at in range(0, len(keys), AT_ONCE):
        some = keys[at : at + AT_ONCE]
        _forget_attempts(session, session.scalars(select(Attempt.key).where(Attempt.enrolment_key.in_(some))).all())
        for model in (PracticeAnswer, ReadingPlace, ModuleDone):
            states += _rows(session, delete(model).where(model.enrolment_key.in_(some)))
        proven = exists().where(Proof.enrolment_key == Enrolment.key)
        enrolments += _rows(session, delete(Enrolment).where(Enrolment.key.in_(some), ~proven))
    return {"enrolments": enrolments, "states": states}


def _forget_attempts(session: Session, keys: Sequence[int]) -> None:
    for at in range(0, len(keys), AT_ONCE):
        some = keys[at : at + AT_ONCE]
        # Whoever is writing something that belongs to one of them is waited for, so that it is found and goes as well.
        session.execute(select(Attempt.key).where(Attempt.key.in_(some)).order_by(Attempt.key).with_for_update())
        session.execute(delete(QuestionRescoring).where(QuestionRescoring.attempt_key.in_(some)))
        session.execute(delete(CurrentAnswer).where(CurrentAnswer.attempt_key.in_(some)))
        session.execute(delete(AnswerEvent).where(AnswerEvent.attempt_key.in_(some)))
        session.execute(delete(Attempt).where(Attempt.key.in_(some)))


def _rows(session: Session, statement: Delete) -> int:
    result = session.execute(statement.execution_options(synchronize_session=False))
    return int(getattr(result, "rowcount", 0))

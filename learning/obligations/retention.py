"""When proofs end: mandatory ones two years after the next one or leaving, voluntary ones 90 days after leaving.

Of an erased proof its place in the chain of hashes stays, so that the chain still holds. Every function finds nothing
the second time.
"""

import datetime
from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Delete, and_, case, delete, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from learning.obligations import records, status_sql
from learning.obligations.models import (
    Agreement,
    Cycle,
    CycleMove,
    ErasedHistory,
    Exemption,
    Proof,
    ProofCorrection,
    ProofTombstone,
    ReleasedCertificate,
    Suspension,
)
from learning.obligations.rules import add_months
from learning.people.models import Person

MANDATORY_MONTHS = 24
VOLUNTARY = datetime.timedelta(days=90)
AT_ONCE = 500
ERASED_KEY = 1


def erase_proofs(session: Session, *, today: datetime.date, now: datetime.datetime) -> dict[str, int]:
    """Turn proofs whose time is over into tombstones, with the periods that they fulfilled."""
    long_ago = add_months(today, -MANDATORY_MONTHS)
    is_mandatory = records.is_mandatory()
    mandatory = _keys(session, is_mandatory, or_(Person.left_on < long_ago, _is_superseded(long_ago)))
    voluntary = _keys(session, ~is_mandatory, Person.left_on < today - VOLUNTARY)
    corrected = _erase(session, {*mandatory, *voluntary}, now=now) - len(mandatory) - len(voluntary)
    return {
        "mandatory_proofs": len(mandatory),
        "voluntary_proofs": len(voluntary),
        "corrected_proofs": corrected,
        **_forget_history(session, today=today, long_ago=long_ago),
    }


def _keys(session: Session, *conditions: ColumnElement[bool]) -> list[int]:
    """Proofs on which no current period rests; a wrong one stays with the one that took its place."""
    resting = exists().where(Cycle.proof_key == Proof.key, status_sql.is_current())
    replaced = exists().where(ProofCorrection.proof_key == Proof.key, ProofCorrection.superseded_by.is_not(None))
    statement = select(Proof.key).join(Person, Person.key == Proof.person_key).where(~resting, ~replaced, *conditions)
    return list(session.scalars(statement))


def _is_superseded(long_ago: datetime.date) -> ColumnElement[bool]:
    """True for proofs whose every period was followed by one that another proof fulfilled that long ago."""
    later = aliased(Cycle, name="later")
    followed = exists().where(
        later.rule_key == Cycle.rule_key,
        later.person_key == Cycle.person_key,
        later.number > Cycle.number,
        later.proof_key != Cycle.proof_key,
        later.fulfilled_on < long_ago,
    )
    fulfils = Cycle.proof_key == Proof.key
    return and_(exists().where(fulfils), ~exists().where(fulfils, ~followed))


def _erase(session: Session, keys: Iterable[int], *, now: datetime.datetime) -> int:
    """Erase these and the wrong ones that they took the place of; answers how many in all."""
    found, wave = set[int](), set(keys)
    while wave:
        found |= wave
        replaced = select(ProofCorrection.proof_key).where(ProofCorrection.superseded_by.in_(wave))
        wave = set(session.scalars(replaced)) - found
    ordered = sorted(found)
    for at in range(0, len(ordered), AT_ONCE):
        _bury(session, ordered[at : at + AT_ONCE], now=now)
    return len(ordered)


def _bury(session: Session, keys: Sequence[int], *, now: datetime.datetime) -> None:
    corrections = or_(ProofCorrection.proof_key.in_(keys), ProofCorrection.superseded_by.in_(keys))
    session.execute(delete(ProofCorrection).where(corrections).execution_options(synchronize_session=False))
    session.execute(delete(ReleasedCertificate).where(ReleasedCertificate.proof_key.in_(keys)))
    _forget_cycles(session, Cycle.proof_key.in_(keys))
    places = session.execute(select(Proof.key, Proof.previous_hash, Proof.hash).where(Proof.key.in_(keys)))
    session.add_all(
        ProofTombstone(key=key, previous_hash=previous, hash=own, erased_at=now) for key, previous, own in places.all()
    )
    session.flush()
    session.execute(delete(Proof).where(Proof.key.in_(keys)).execution_options(synchronize_session=False))


def _forget_history(session: Session, *, today: datetime.date, long_ago: datetime.date) -> dict[str, int]:
    """Periods that ended unfulfilled, absences and agreements that nothing rests on any more."""
    left_long_ago = select(Person.key).where(Person.left_on < long_ago)
    left = select(Person.key).where(Person.left_on < today - VOLUNTARY)
    ended = and_(Cycle.proof_key.is_(None), Cycle.closed_on < long_ago)
    absent = or_(Suspension.until_on < long_ago, Suspension.person_key.in_(left_long_ago))
    # An absence shifts due dates of every period that is still there, so it outlasts the person's last one.
    shifts = exists().where(Cycle.person_key == Suspension.person_key)
    return {
        "periods": _forget_cycles(session, ended),
        "suspensions": _rows(session, delete(Suspension).where(absent, ~shifts)),
        "agreements": _rows(session, delete(Agreement).where(Agreement.person_key.in_(left))),
    }


def _forget_cycles(session: Session, condition: ColumnElement[bool]) -> int:
    """Delete cycles that are over, and keep from which day on what was recorded can still be told without them."""
    last = case(
        (Cycle.followed_on < Cycle.closed_on, Cycle.followed_on),
        else_=func.coalesce(Cycle.closed_on, Cycle.followed_on),
    )
    first_day = session.scalar(select(func.max(last)).where(condition))
    keys = select(Cycle.key).where(condition)
    for model in (Exemption, CycleMove):
        _rows(session, delete(model).where(model.cycle_key.in_(keys)))
    if first_day is not None:
        erased = session.get(ErasedHistory, ERASED_KEY) or ErasedHistory(key=ERASED_KEY, first_day=first_day)
        erased.first_day = max(erased.first_day, first_day)
        session.add(erased)
        session.flush()
    return _rows(session, delete(Cycle).where(condition))


def _rows(session: Session, statement: Delete) -> int:
    result = session.execute(statement.execution_options(synchronize_session=False))
    return int(getattr(result, "rowcount", 0))

"""A person's extra time in tests with a time limit. It says something about health: the person sees it, and the one HR
person who set it; no list, export or log names it.

That somebody else in HR has set one may not be told either, so nothing can be asked before it would be replaced. Each
of them has an arrangement of their own with the person instead, and the largest factor counts: nobody shortens, ends
or even meets what a colleague has set (docs/decisions/0010-extra-time-of-several.md). The person may end all of it.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from learning.database import upsert
from learning.study.models import ExtraTime

# What HR can choose; tests that have begun keep the end that they began with.
FACTORS = (Decimal("1.25"), Decimal("1.5"), Decimal(2))


@dataclass(frozen=True, slots=True)
class OwnExtraTime:
    """An arrangement as its person sees it: the factor, and when it was set."""

    factor: Decimal
    set_at: datetime.datetime


def set_extra_time(
    session: Session, person_key: int, factor: Decimal | None, *, by: int, now: datetime.datetime
) -> None:
    """Keep the factor of `by` for all tests that begin from now on, None for none; no other's is touched."""
    if factor is None:
        session.execute(delete(ExtraTime).where(ExtraTime.person_key == person_key, ExtraTime.set_by == by))
        return
    values = {"person_key": person_key, "factor": factor, "set_by": by, "set_at": now}
    upsert(session, ExtraTime, values, unique=("person_key", "set_by"), change=("factor", "set_at"))


def end_extra_time(session: Session, person_key: int) -> None:
    """End all that is arranged with the person, whoever set it; only for the person themselves. Safe to repeat."""
    session.execute(delete(ExtraTime).where(ExtraTime.person_key == person_key))


def factor_set_by(session: Session, person_key: int, *, by: int) -> Decimal | None:
    """The factor that `by` has set for a person; None where there is none, whatever others have set. One query."""
    return session.scalar(select(ExtraTime.factor).where(ExtraTime.person_key == person_key, ExtraTime.set_by == by))


def factor_of(session: Session, person_key: int) -> Decimal:
    """The factor that counts in a test that the person begins: the largest, 1 where there is none. One query."""
    largest = session.scalar(select(func.max(ExtraTime.factor)).where(ExtraTime.person_key == person_key))
    return Decimal(1) if largest is None else largest


def own_extra_times(session: Session, person_key: int) -> Sequence[OwnExtraTime]:
    """The person's own arrangements, the one that counts first. One query."""
    rows = session.execute(
        select(ExtraTime.factor, ExtraTime.set_at)
        .where(ExtraTime.person_key == person_key)
        .order_by(ExtraTime.factor.desc(), ExtraTime.set_at, ExtraTime.set_by)
    )
    return [OwnExtraTime(row.factor, row.set_at) for row in rows]

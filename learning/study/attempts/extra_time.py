"""A person's extra time in tests with a time limit. It says something about health: the person sees it, and the one HR
person who set it; no list, export or log names it.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from learning.database import upsert
from learning.study.models import ExtraTime

# What HR can choose; tests that have begun keep the end that they began with.
FACTORS = (Decimal("1.25"), Decimal("1.5"), Decimal(2))


@dataclass(frozen=True, slots=True)
class OwnExtraTime:
    """The factor as its person sees it, and when it was set."""

    factor: Decimal
    set_at: datetime.datetime


def set_extra_time(
    session: Session, person_key: int, factor: Decimal | None, *, by: int, now: datetime.datetime
) -> None:
    """Keep a factor for all tests that begin from now on; None takes back the one that `by` has set, no other's."""
    if factor is None:
        session.execute(delete(ExtraTime).where(ExtraTime.person_key == person_key, ExtraTime.set_by == by))
        return
    values = {"person_key": person_key, "factor": factor, "set_by": by, "set_at": now}
    upsert(session, ExtraTime, values, unique=("person_key",), change=("factor", "set_by", "set_at"))


def factor_set_by(session: Session, person_key: int, *, by: int) -> Decimal | None:
    """The factor that `by` has set for a person; None where there is none or somebody else set it. One query."""
    return session.scalar(select(ExtraTime.factor).where(ExtraTime.person_key == person_key, ExtraTime.set_by == by))


def own_extra_time(session: Session, person_key: int) -> OwnExtraTime | None:
    """The person's own factor. One query."""
    row = session.execute(
        select(ExtraTime.factor, ExtraTime.set_at).where(ExtraTime.person_key == person_key)
    ).one_or_none()
    return OwnExtraTime(row.factor, row.set_at) if row else None

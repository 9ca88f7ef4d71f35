"""How far back can be told what was recorded until a day, and about whom; not what it was (`facts_sql`).

Retention deletes cycles that are over, so days on which they counted cannot be told any more; before the first rule
there was nothing to tell.
"""

import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from learning.obligations.models import AssignmentRule, ErasedHistory
from learning.obligations.rules import local_day
from learning.people.models import Person, Unit


def bounds() -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """Two columns for `first_day`: what deletions left, and when the first rule was made; NULL where there are none."""
    erased = select(func.max(ErasedHistory.first_day)).correlate(None).scalar_subquery()
    made = select(func.min(AssignmentRule.made_at)).correlate(None).scalar_subquery()
    return erased.label("erased_until"), made.label("first_made_at")


def first_day(erased: datetime.date | None, made_at: datetime.datetime | None) -> datetime.date | None:
    """The earliest day that can be told, from the columns of `bounds`; None while there are no rules."""
    if made_at is None:
        return None
    began = local_day(made_at)
    return began if erased is None else max(began, erased)


def reached_people(*, within: ColumnElement[bool]) -> Select[int]:
    """Keys of the people who are in the scope today: as of a day nobody is shown who may not be shown now."""
    people = select(Person.key).join(Unit, Unit.key == Person.unit_key).where(within)
    return people.correlate(None)

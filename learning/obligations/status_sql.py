"""The status of `rules.status` as one SQL expression, the same on both databases, for lists and totals.

It needs `Cycle` in the statement and reads suspensions by correlated subqueries. A property test holds it to `rules`.
As of an earlier day it is the same expression over the facts of then (`facts_sql`).
"""

import datetime
import functools
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Date, Integer, Select, SQLColumnExpression, and_, case, func, literal, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import aliased
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import FunctionElement

from learning.obligations.facts_sql import ALL_FACTS, Facts
from learning.obligations.models import Cycle, Suspension
from learning.obligations.rules import DAY, SOON_DAYS, Status


class DaysLater(FunctionElement[datetime.date]):
    """`day + number of days`, as a date."""

    type = Date()
    inherit_cache = True
    name = "days_later"


class DaysBetween(FunctionElement[int]):
    """Number of days from the second date to the first."""

    type = Integer()
    inherit_cache = True
    name = "days_between"


@compiles(DaysLater, "sqlite")
def _days_later_sqlite(element: DaysLater, compiler: SQLCompiler, **options: Any) -> str:
    day, days = (compiler.process(part, **options) for part in element.clauses)
    return f"date({day}, ({days}) || ' days')"


@compiles(DaysLater, "postgresql")
def _days_later_postgresql(element: DaysLater, compiler: SQLCompiler, **options: Any) -> str:
    day, days = (compiler.process(part, **options) for part in element.clauses)
    return f"(CAST({day} AS DATE) + CAST({days} AS INTEGER))"


@compiles(DaysBetween, "sqlite")
def _days_between_sqlite(element: DaysBetween, compiler: SQLCompiler, **options: Any) -> str:
    later, earlier = (compiler.process(part, **options) for part in element.clauses)
    return f"CAST(julianday({later}) - julianday({earlier}) AS INTEGER)"


@compiles(DaysBetween, "postgresql")
def _days_between_postgresql(element: DaysBetween, compiler: SQLCompiler, **options: Any) -> str:
    later, earlier = (compiler.process(part, **options) for part in element.clauses)
    return f"(CAST({later} AS DATE) - CAST({earlier} AS DATE))"


Day: TypeAlias = datetime.date | ColumnElement[datetime.date]


def day(value: Day) -> ColumnElement[datetime.date]:
    """A date as a bound value of the type Date; a column stays as it is."""
    return literal(value, Date()) if isinstance(value, datetime.date) else value


def days_later(start: SQLColumnExpression[Any], days: ColumnElement[int] | int) -> ColumnElement[datetime.date]:
    """`start` and a number of days, which may be negative."""
    return DaysLater(start, literal(days, Integer()) if isinstance(days, int) else days)


def counted_days(absence: type[Suspension]) -> ColumnElement[int]:
    """Days of a suspension from the cycle's opening on."""
    first = case((absence.from_on < Cycle.opens_on, Cycle.opens_on), else_=absence.from_on)
    return DaysBetween(absence.until_on, first) + 1


def _counting(absence: type[Suspension], facts: Facts) -> ColumnElement[bool]:
    return and_(absence.person_key == Cycle.person_key, facts.counts(absence), absence.until_on >= Cycle.opens_on)


def put_off_days(facts: Facts) -> ColumnElement[int]:
    """By how many days suspensions put off the due date of a cycle.

    With P(i) the days of all suspensions before the i-th: the first i that begins after `due_on + P(i)` ends the
    counting, so the answer is the least such P(i), or the sum of all where none ends it.
    """
    absence, earlier, every = aliased(Suspension), aliased(Suspension), aliased(Suspension)
    before: ColumnElement[int] = (
        select(func.coalesce(func.sum(counted_days(earlier)), 0))
        .where(_counting(earlier, facts), earlier.from_on < absence.from_on)
        .correlate_except(earlier)
        .scalar_subquery()
    )
    stopped: ColumnElement[int] = (
        select(func.min(before))
        .where(_counting(absence, facts), absence.from_on > days_later(Cycle.due_on, before))
        .correlate_except(absence)
        .scalar_subquery()
    )
    total: ColumnElement[int] = (
        select(func.sum(counted_days(every))).where(_counting(every, facts)).correlate_except(every).scalar_subquery()
    )
    return func.coalesce(stopped, total, 0)


@functools.lru_cache(maxsize=8)
def effective_due_on(facts: Facts = ALL_FACTS) -> ColumnElement[datetime.date]:
    """`rules.effective_due_on` of a cycle; the few people with suspensions alone pay for the arithmetic.

    Made once: putting the expression together takes longer than the database needs for it.
    """
    return case((_is_ever_suspended(facts), days_later(Cycle.due_on, put_off_days(facts))), else_=Cycle.due_on)


def _is_ever_suspended(facts: Facts) -> ColumnElement[bool]:
    absence = aliased(Suspension)
    rows: Select[Any] = (
        select(absence.key)
        .where(absence.person_key == Cycle.person_key, facts.counts(absence))
        .correlate_except(absence)
    )
    return rows.exists()


def suspended_until(today: Day, facts: Facts = ALL_FACTS) -> ColumnElement[datetime.date]:
    """Last day of the suspension that the person of a cycle is in; NULL outside of one."""
    absence = aliased(Suspension)
    return (
        select(absence.until_on)
        .where(
            absence.person_key == Cycle.person_key,
            facts.counts(absence),
            absence.from_on <= day(today),
            absence.until_on >= day(today),
        )
        .correlate_except(absence)
        .scalar_subquery()
    )


def status_by_dates(
    opens_on: SQLColumnExpression[Any], effective_due: SQLColumnExpression[Any], today: Day
) -> ColumnElement[str]:
    """`rules.status_by_dates` over two columns."""
    soon = days_later(today, SOON_DAYS) if isinstance(today, ColumnElement) else day(today + SOON_DAYS * DAY)
    return case(
        (opens_on > day(today), Status.UPCOMING.value),
        (effective_due < day(today), Status.OVERDUE.value),
        (effective_due <= soon, Status.DUE_SOON.value),
        else_=Status.OPEN.value,
    )


def status(today: Day, facts: Facts = ALL_FACTS) -> ColumnElement[str]:
    """`rules.status` of the cycles of a statement."""
    exempt_from, exempt_until = facts.exempt_from(), facts.exempt_until()
    is_exempt = and_(exempt_from <= day(today), or_(exempt_until.is_(None), exempt_until >= day(today)))
    is_suspended = and_(_is_ever_suspended(facts), suspended_until(today, facts).is_not(None))
    return case(
        (facts.closed_on() <= day(today), Status.CLOSED.value),
        (facts.fulfilled_on() <= day(today), Status.FULFILLED.value),
        (is_exempt, Status.EXEMPT.value),
        (is_suspended, Status.SUSPENDED.value),
        else_=status_by_dates(Cycle.opens_on, effective_due_on(facts), today),
    )


def is_current() -> ColumnElement[bool]:
    """The one cycle per rule and person that counts now; earlier ones are history."""
    return ALL_FACTS.is_current()

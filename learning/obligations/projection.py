"""The projection `StatusTotal`: totals of one day, kept in step in the transaction of the facts, never trusted.

Statuses change with the day, so each rule's totals are those of the day in `CountedDay`, whatever day it is now: who
changes cycles or suspensions changes them for that day, and readers use them on that day only. On any other day the
facts are counted (`counts_on`), until a sweep has counted the rule anew. So totals can be behind, and nobody sees it.

Whoever changes facts locks the rules (`lock_rules`) and does it inside of `moving`. The locks make both ends of it see
the same cycles whoever else is writing.
"""

import datetime
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    SQLColumnExpression,
    and_,
    case,
    delete,
    func,
    insert,
    literal,
    select,
    text,
    union_all,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from learning.database import upsert
from learning.obligations import status_sql
from learning.obligations.facts_sql import ALL_FACTS, Facts
from learning.obligations.models import AssignmentRule, CountedDay, Cycle, StatusTotal
from learning.obligations.rules import DAY, Status

WEEKS = 12
NO_WEEK = -1
COUNTED = tuple(status for status in Status if status is not Status.CLOSED)
PARTS = ("rule_key", "unit_key", "week")
NUMBERS = tuple(status.value for status in COUNTED)


def lock_rules(session: Session, rule_keys: Collection[int]) -> list[int]:
    """Hold the rules until the end of the transaction, always in the order of their keys, so nobody waits in a ring."""
    if not rule_keys:
        return []
    statement = select(AssignmentRule.key).where(AssignmentRule.key.in_(sorted(rule_keys))).order_by(AssignmentRule.key)
    return list(session.scalars(statement.with_for_update(key_share=True)))


def lock_all_rules(session: Session) -> list[int]:
    """Hold all rules; a rule that is being made meanwhile is waited for, and a new one waits."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE assignment_rule IN SHARE ROW EXCLUSIVE MODE"))
    return lock_rules(session, session.scalars(select(AssignmentRule.key)).all())


@contextmanager
def moving(session: Session, condition: ColumnElement[bool]) -> Iterator[None]:
    """The cycles that meet `condition` are taken out of the totals before the body and counted again after it.

    The condition names rules that the caller has locked; it has to hold for the same people before and after.
    """
    session.flush()
    _shift(session, condition, sign=-1)
    yield
    session.flush()
    _shift(session, condition, sign=1)


def rebuild(session: Session, *, today: datetime.date, rule_keys: Collection[int]) -> None:
    """Count these rules anew from the facts, as of today. The caller has locked them."""
    session.flush()
    session.execute(delete(StatusTotal).where(StatusTotal.rule_key.in_(rule_keys)))
    days = [{"rule_key": key, "day": today, "week_begins_on": monday(today)} for key in rule_keys]
    if days:
        upsert(session, CountedDay, days, unique=("rule_key",), change=("day", "week_begins_on"))
        rows = counts_on(today, Cycle.rule_key.in_(rule_keys))
        session.execute(insert(StatusTotal).from_select([*PARTS, *NUMBERS], rows))


def rules_behind(session: Session, *, today: datetime.date) -> list[int]:
    """Rules whose totals are not those of today."""
    of_today = select(CountedDay.rule_key).where(CountedDay.day == today)
    behind = select(AssignmentRule.key).where(AssignmentRule.key.not_in(of_today)).order_by(AssignmentRule.key)
    return list(session.scalars(behind))


def rebuild_all(session: Session, *, today: datetime.date) -> None:
    """Count every rule anew."""
    rebuild(session, today=today, rule_keys=lock_all_rules(session))


def differences(session: Session) -> list[tuple[int, int, int, str, int, int]]:
    """Totals that are not what the facts say: rule, unit, week, status, stored number, number of the facts."""
    numbers = [getattr(StatusTotal, name) for name in NUMBERS]
    zeros = [literal(0).label(f"other_{name}") for name in NUMBERS]
    stored = select(*(getattr(StatusTotal, name) for name in PARTS), *numbers, *zeros)
    facts = _counts_on_counted_days(Cycle.key > 0).subquery()
    counted = select(*(facts.c[name] for name in PARTS), *zeros, *(facts.c[name] for name in NUMBERS))
    both = union_all(stored, counted).subquery()
    sums = [func.sum(column) for column in list(both.c)[len(PARTS) :]]
    groups = [both.c[name] for name in PARTS]
    found = []
    for rule, unit, week, *both_sums in session.execute(select(*groups, *sums).group_by(*groups).order_by(*groups)):
        told, true = both_sums[: len(NUMBERS)], both_sums[len(NUMBERS) :]
        found += [
            (rule, unit, week, name, int(one), int(other))
            for name, one, other in zip(NUMBERS, told, true, strict=True)
            if one != other
        ]
    return found


def monday(day: datetime.date) -> datetime.date:
    """The first day of the week of a day."""
    return day - day.weekday() * DAY


def counts_on(
    today: datetime.date, condition: ColumnElement[bool], facts: Facts = ALL_FACTS
) -> Select[*tuple[Any, ...]]:
    """The totals of the current cycles that meet `condition`, from the facts: PARTS and NUMBERS as columns."""
    return _grouped(select(Cycle.key), today, status_sql.day(monday(today)), condition, facts=facts)


def _counts_on_counted_days(condition: ColumnElement[bool], *, sign: int = 1) -> Select[*tuple[Any, ...]]:
    """The same for rules that have totals, each as of its own day, times `sign`."""
    cycles = select(Cycle.key).join(CountedDay, CountedDay.rule_key == Cycle.rule_key)
    return _grouped(cycles, CountedDay.day.expression, CountedDay.week_begins_on.expression, condition, sign=sign)


def _grouped(
    cycles: Select[*tuple[Any, ...]],
    day: status_sql.Day,
    week_begins_on: ColumnElement[datetime.date],
    condition: ColumnElement[bool],
    *,
    sign: int = 1,
    facts: Facts = ALL_FACTS,
) -> Select[*tuple[Any, ...]]:
    """Counted in steps, so that status and due date of each cycle are worked out once and not for each number.

    The steps stand beside each other: SQLite does not read expressions that are nested as deeply as these would be.
    """
    columns: tuple[SQLColumnExpression[Any], ...] = (
        Cycle.rule_key.expression,
        facts.unit_key().label("unit_key"),
        status_sql.status(day, facts).label("status"),
        status_sql.effective_due_on(facts).label("due_on"),
        week_begins_on.label("week_begins_on"),
    )
    dated = cycles.with_only_columns(*columns).where(facts.is_current(), condition).cte("dated")
    dated = dated.prefix_with("MATERIALIZED")
    week = status_sql.DaysBetween(dated.c.due_on, dated.c.week_begins_on) // 7
    is_drawn = and_(dated.c.status.in_([Status.DUE_SOON.value, Status.OPEN.value]), week < WEEKS)
    drawn_week = case((is_drawn, week), else_=literal(NO_WEEK, Integer())).label("week")
    one = select(dated.c.rule_key, dated.c.unit_key, dated.c.status, drawn_week).cte("one")
    groups = select(*one.c, (func.count() * sign).label("number")).group_by(*one.c).cte("grouped")
    sums = [
        func.sum(case((groups.c.status == status.value, groups.c.number), else_=0)).label(status.value)
        for status in COUNTED
    ]
    parts = [groups.c[name] for name in PARTS]
    return select(*parts, *sums).group_by(*parts)


def _shift(session: Session, condition: ColumnElement[bool], *, sign: int) -> None:
    insert_rows = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    rows = _counts_on_counted_days(condition, sign=sign).subquery()
    # SQLite needs a WHERE to tell the ON of a conflict from the ON of a join.
    chosen = select(rows).where(rows.c.rule_key > 0).order_by(*(rows.c[name] for name in PARTS))
    statement = insert_rows(StatusTotal).from_select([*PARTS, *NUMBERS], chosen)
    changed = {name: getattr(StatusTotal, name) + statement.excluded[name] for name in NUMBERS}
    session.execute(statement.on_conflict_do_update(index_elements=list(PARTS), set_=changed))

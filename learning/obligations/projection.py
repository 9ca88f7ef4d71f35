"""The projection `StatusCount`: written in the transaction of the facts, rebuilt from them at any time, never trusted.

Whoever changes cycles or suspensions locks the rules (`lock_rules`), calls `withdraw` before and `add` after with the
same condition. The locks make both see the same cycles whoever else is writing.
"""

import datetime
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
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

from learning.obligations import status_sql
from learning.obligations.models import AssignmentRule, Cycle, StatusCount, Suspension

NEVER = datetime.date(1900, 1, 1)
ALWAYS = datetime.date(9999, 12, 31)
UNFULFILLED, FULFILLED, EXEMPT, SUSPENDED = "unfulfilled", "fulfilled", "exempt", "suspended"
PARTS = ("rule_key", "unit_key", "state", "opens_on", "effective_due_on", "from_on", "until_on")


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
    session.execute(delete(StatusCount).where(StatusCount.people == 0))


def rebuild(session: Session, *, rule_keys: Collection[int] | None = None) -> None:
    """Count anew from the facts, all rules or those named."""
    session.flush()
    old = delete(StatusCount)
    condition: ColumnElement[bool] = Cycle.key > 0
    if rule_keys is not None:
        old = old.where(StatusCount.rule_key.in_(rule_keys))
        condition = Cycle.rule_key.in_(rule_keys)
    session.execute(old)
    rows = grouped(condition, sign=1)
    session.execute(insert(StatusCount).from_select([*PARTS, "people"], rows))


def differences(session: Session) -> list[tuple[object, ...]]:
    """Groups whose stored count is not what the facts say: the group, stored count, count of the facts."""
    stored = select(
        *(getattr(StatusCount, name) for name in PARTS), StatusCount.people.label("stored"), literal(0).label("counted")
    )
    facts = grouped(Cycle.key > 0, sign=1).subquery()
    counted = select(*(facts.c[name] for name in PARTS), literal(0), facts.c.people)
    both = union_all(stored, counted).subquery()
    sums = [func.sum(both.c.stored).label("stored_sum"), func.sum(both.c.counted).label("counted_sum")]
    groups = [both.c[name] for name in PARTS]
    found = select(*groups, *sums).group_by(*groups).having(func.sum(both.c.stored) != func.sum(both.c.counted))
    return [tuple(row) for row in session.execute(found.order_by(*groups))]


def grouped(condition: ColumnElement[bool], *, sign: int) -> Select[*tuple[Any, ...]]:
    """What the cycles that meet `condition` add to each group of the projection, times `sign`."""
    rows = _contributions(condition)
    groups = [rows.c[name] for name in PARTS]
    return select(*groups, (func.count() * sign).label("people")).group_by(*groups)


def _contributions(condition: ColumnElement[bool]) -> Subquery:
    """One row for each cycle, and one for each time in which it counts as exempt or suspended."""
    current = and_(status_sql.is_current(), condition)
    unfulfilled = and_(current, Cycle.fulfilled_on.is_(None))
    due = status_sql.effective_due_on()
    never, always = status_sql.day(NEVER), status_sql.day(ALWAYS)

    def part(state: str, *dates: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
        opens_on, effective_due_on, from_on, until_on = dates
        columns = (Cycle.rule_key, Cycle.unit_key, literal(state).label("state"), opens_on.label("opens_on"))
        return select(
            *columns,
            effective_due_on.label("effective_due_on"),
            from_on.label("from_on"),
            until_on.label("until_on"),
        )

    opens = Cycle.opens_on.expression
    exempt_until = func.coalesce(Cycle.exempt_until, always)
    parts = [
        part(FULFILLED, never, never, never, always).where(current, Cycle.fulfilled_on.is_not(None)),
        part(UNFULFILLED, opens, due, never, always).where(unfulfilled),
        part(EXEMPT, opens, due, Cycle.exempt_from.expression, exempt_until).where(
            unfulfilled, Cycle.exempt_from.is_not(None)
        ),
    ]
    for from_on, until_on, where in _suspended_pieces():
        statement = part(SUSPENDED, opens, due, from_on, until_on)
        of_person = and_(Suspension.person_key == Cycle.person_key, Suspension.withdrawn_at.is_(None))
        parts.append(statement.join_from(Cycle, Suspension, of_person).where(unfulfilled, where))
    return union_all(*parts).subquery()


Piece = tuple[ColumnElement[datetime.date], ColumnElement[datetime.date], ColumnElement[bool]]


def _suspended_pieces() -> list[Piece]:
    """Suspensions without the days of an exemption, which goes before: the part before it and the part after it."""
    from_on, until_on = Suspension.from_on.expression, Suspension.until_on.expression
    exempt_from, exempt_until = Cycle.exempt_from.expression, Cycle.exempt_until.expression
    last = status_sql.days_later(exempt_from, -1)
    first = status_sql.days_later(exempt_until, 1)
    whole: Piece = (from_on, until_on, exempt_from.is_(None))
    before: Piece = (from_on, case((until_on < last, until_on), else_=last), from_on < exempt_from)
    after: Piece = (
        case((from_on > first, from_on), else_=first),
        until_on,
        and_(exempt_from.is_not(None), exempt_until.is_not(None), until_on > exempt_until),
    )
    return [whole, before, after]


def _shift(session: Session, condition: ColumnElement[bool], *, sign: int) -> None:
    insert_rows = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    rows = grouped(condition, sign=sign).subquery()
    # SQLite needs a WHERE to tell the ON of a conflict from the ON of a join.
    chosen = select(rows).where(rows.c.people != 0).order_by(*(rows.c[name] for name in PARTS))
    statement = insert_rows(StatusCount).from_select([*PARTS, "people"], chosen)
    changed = {"people": StatusCount.people + statement.excluded.people}
    session.execute(statement.on_conflict_do_update(index_elements=list(PARTS), set_=changed))

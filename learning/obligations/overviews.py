"""Totals of duties for overviews: by unit, by rule, by week; from the projection, or of an earlier day from the facts.

`within` is a scope as a condition over `Unit.path`. As of an earlier day, `today` is that day and `facts` are those
recorded until its end; units are those of then, and only people count whom the scope reaches now as well.
"""

import datetime
import functools
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, ColumnElement, Row, Select, func, select, true, union_all
from sqlalchemy.orm import Session

from learning.obligations import hindsight, projection
from learning.obligations.facts_sql import ALL_FACTS, Facts, FactsUntil
from learning.obligations.models import AssignmentRule, CountedDay, Cycle, StatusTotal
from learning.obligations.projection import COUNTED
from learning.obligations.rules import DAY, Status
from learning.people.models import Unit


@dataclass(frozen=True, slots=True)
class Count:
    """How many cycles have which status; closed ones are nobody's duty and not counted."""

    by_status: Mapping[Status, int]

    def __getitem__(self, status: Status) -> int:
        return self.by_status.get(status, 0)

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.by_status.values())


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit in an overview; `depth` counts from the root of the tree."""

    key: int
    id: uuid.UUID
    name: str
    depth: int


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule in an overview."""

    key: int
    id: uuid.UUID
    title: str
    course_id: str


@dataclass(frozen=True, slots=True)
class Overview:
    """Numbers of a scope: in all, by unit, by rule, and for each pair of unit key and rule key.

    `first_day` is the earliest that can be asked about, None while there are no rules.
    """

    total: Count
    units: tuple[tuple[UnitLine, Count], ...]
    rules: tuple[tuple[RuleLine, Count], ...]
    cells: Mapping[tuple[int, int], Count]
    first_day: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Choices:
    """Units and rules with duties, to narrow a list to. `first_day` is as in `Overview`."""

    units: tuple[UnitLine, ...]
    rules: tuple[RuleLine, ...]
    first_day: datetime.date | None


@dataclass(frozen=True, slots=True)
class DueWeek:
    """How many cycles become due in a week: within the next two weeks, and after them."""

    begins_on: datetime.date
    soon: int
    later: int


def overview(
    session: Session, *, within: ColumnElement[bool], today: datetime.date, facts: Facts = ALL_FACTS
) -> Overview:
    """Numbers by unit and rule. One query, over the projection wherever that is of today."""
    rows, first_day = _lines(session, _overview_statement(today, facts, within=within).where(within))
    units: dict[int, UnitLine] = {}
    rules: dict[int, RuleLine] = {}
    cells: dict[tuple[int, int], Count] = {}
    for row in rows:
        units.setdefault(row.unit_key, _unit_of(row))
        rules.setdefault(row.rule_key, _rule_of(row))
        cells[row.unit_key, row.rule_key] = Count({each: int(getattr(row, each.value)) for each in COUNTED})
    of_unit: dict[int, list[Count]] = defaultdict(list)
    of_rule: dict[int, list[Count]] = defaultdict(list)
    for (unit_key, rule_key), count in cells.items():
        of_unit[unit_key].append(count)
        of_rule[rule_key].append(count)
    return Overview(
        total=added(cells.values()),
        units=tuple((line, added(of_unit[key])) for key, line in units.items()),
        rules=tuple((line, added(of_rule[key])) for key, line in rules.items()),
        cells=cells,
        first_day=first_day,
    )


def choices(
    session: Session, *, within: ColumnElement[bool], today: datetime.date, facts: Facts = ALL_FACTS
) -> Choices:
    """Units and rules that somebody has a duty in. One query; as of an earlier day without working out any status."""
    if isinstance(facts, FactsUntil):
        reached = Cycle.person_key.in_(hindsight.reached_people(within=within))
        unit_key: ColumnElement[int] = facts.unit_key().label("unit_key")
        pairs = select(unit_key, Cycle.rule_key).where(facts.is_current(), reached).distinct().cte("pairs")
        statement = _named(pairs)
    else:
        statement = _overview_of_today(today)
    rows, first_day = _lines(session, statement.where(within))
    units = {row.unit_key: _unit_of(row) for row in rows}
    rules = {row.rule_key: _rule_of(row) for row in rows}
    return Choices(tuple(units.values()), tuple(rules.values()), first_day)


def _lines(
    session: Session, statement: Select[*tuple[Any, ...]]
) -> tuple[Sequence[Row[*tuple[Any, ...]]], datetime.date | None]:
    """The rows of a statement by unit and rule, in their order, and the first day, known even where there are none."""
    first = select(*hindsight.bounds()).cte("first")
    lines = statement.subquery("lines")
    joined = select(first, lines).select_from(first.outerjoin(lines, true()))
    rows = session.execute(joined.order_by(lines.c.path, lines.c.title, lines.c.rule_key)).all()
    first_day = hindsight.first_day(rows[0].erased_until, rows[0].first_made_at)
    return [row for row in rows if row.unit_key is not None], first_day


def _unit_of(row: Row[*tuple[Any, ...]]) -> UnitLine:
    return UnitLine(row.unit_key, row.unit_id, row.name, row.path.strip("/").count("/"))


def _rule_of(row: Row[*tuple[Any, ...]]) -> RuleLine:
    return RuleLine(row.rule_key, row.rule_id, row.title, row.course_id)


def added(counts: Iterable[Count]) -> Count:
    """The sum of counts."""
    total: dict[Status, int] = defaultdict(int)
    for count in counts:
        for status, number in count.by_status.items():
            total[status] += number
    return Count(dict(total))


def due_by_week(
    session: Session, *, within: ColumnElement[bool], today: datetime.date, facts: Facts = ALL_FACTS
) -> tuple[DueWeek, ...]:
    """What becomes due in this week, from today on, and in those after it; suspended and exempt cycles left out.

    One query.
    """
    statement = _weeks_statement(today, facts, within=within).where(within)
    found = {week: (int(soon), int(later)) for week, soon, later in session.execute(statement)}
    first = projection.monday(today)
    weeks = range(projection.WEEKS)
    return tuple(DueWeek(first + week * 7 * DAY, *found.get(week, (0, 0))) for week in weeks)


def _overview_statement(today: datetime.date, facts: Facts, *, within: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    if isinstance(facts, FactsUntil):
        return _sums_by_unit(_totals_as_of(today, facts, within=within))
    return _overview_of_today(today)


@functools.lru_cache(maxsize=4)
def _overview_of_today(today: datetime.date) -> Select[*tuple[Any, ...]]:
    """Made once a day: putting so large a statement together takes longer than running it."""
    return _sums_by_unit(_totals(today))


def _sums_by_unit(totals: CTE) -> Select[*tuple[Any, ...]]:
    sums = [func.sum(totals.c[status.value]).label(status.value) for status in COUNTED]
    return _named(totals).add_columns(*sums).group_by(Unit.key, AssignmentRule.key).having(sum(sums[1:], sums[0]) > 0)


def _named(pairs: CTE) -> Select[*tuple[Any, ...]]:
    """Unit and rule of each pair of their keys."""
    unit = (Unit.key.label("unit_key"), Unit.id.label("unit_id"), Unit.name, Unit.path)
    rule = (AssignmentRule.key.label("rule_key"), AssignmentRule.id.label("rule_id"), AssignmentRule.title)
    return (
        select(*unit, *rule, AssignmentRule.course_id)
        .select_from(pairs)
        .join(Unit, Unit.key == pairs.c.unit_key)
        .join(AssignmentRule, AssignmentRule.key == pairs.c.rule_key)
    )


def _weeks_statement(today: datetime.date, facts: Facts, *, within: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    if isinstance(facts, FactsUntil):
        return _sums_by_week(_totals_as_of(today, facts, within=within))
    return _weeks_of_today(today)


@functools.lru_cache(maxsize=4)
def _weeks_of_today(today: datetime.date) -> Select[*tuple[Any, ...]]:
    return _sums_by_week(_totals(today))


def _sums_by_week(totals: CTE) -> Select[*tuple[Any, ...]]:
    numbers = (func.sum(totals.c[Status.DUE_SOON.value]), func.sum(totals.c[Status.OPEN.value]))
    return (
        select(totals.c.week, *numbers)
        .join(Unit, Unit.key == totals.c.unit_key)
        .where(totals.c.week != projection.NO_WEEK)
        .group_by(totals.c.week)
    )


def _totals(today: datetime.date) -> CTE:
    """Totals of all units, as of today: stored ones where they are of today, of all other rules from the facts."""
    of_today = select(CountedDay.rule_key).where(CountedDay.day == today)
    names = (*projection.PARTS, *projection.NUMBERS)
    stored = select(*(getattr(StatusTotal, name) for name in names)).where(StatusTotal.rule_key.in_(of_today))
    others = select(AssignmentRule.key).where(AssignmentRule.key.not_in(of_today))
    return union_all(stored, projection.counts_on(today, Cycle.rule_key.in_(others))).cte("totals")


def _totals_as_of(day: datetime.date, facts: FactsUntil, *, within: ColumnElement[bool]) -> CTE:
    """Totals as of an earlier day, from the facts of then: stored ones belong to one day only."""
    reached = Cycle.person_key.in_(hindsight.reached_people(within=within))
    return projection.counts_on(day, reached, facts).cte("totals")

"""Duties read for one page each: a person's own, the overview, the list of people, a team.

`within` is the viewer's scope as a condition over `Unit.path` (people.permissions); whoever lies outside is not found.
What HR may see of one person's proofs is in `records`, what was done freely in `voluntary`.
"""

import datetime
import functools
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, ColumnElement, Row, Select, case, func, or_, select, union_all
from sqlalchemy.orm import Session

from learning.library.models import StoredCourse
from learning.obligations import projection, status_sql
from learning.obligations.models import AssignmentRule, CountedDay, Cycle, StatusTotal
from learning.obligations.projection import COUNTED
from learning.obligations.rules import DAY, Status
from learning.people.models import Person, Unit

# Worst first, everywhere, as drawings and tables show it.
ORDER = (
    Status.OVERDUE,
    Status.DUE_SOON,
    Status.OPEN,
    Status.SUSPENDED,
    Status.EXEMPT,
    Status.UPCOMING,
    Status.FULFILLED,
    Status.CLOSED,
)
MOST_ON_A_PAGE = 200


@dataclass(frozen=True, slots=True)
class Duty:
    """One current cycle. `due_on` is the day that applies, suspensions counted; `slug` is None without the course."""

    rule_id: uuid.UUID
    rule_title: str
    legal_basis: str
    course_id: str
    slug: str | None
    status: Status
    opens_on: datetime.date
    due_on: datetime.date
    valid_until: datetime.date | None
    suspended_until: datetime.date | None


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
    """Numbers of a scope: in all, by unit, by rule, and for each pair of unit key and rule key."""

    total: Count
    units: tuple[tuple[UnitLine, Count], ...]
    rules: tuple[tuple[RuleLine, Count], ...]
    cells: Mapping[tuple[int, int], Count]


@dataclass(frozen=True, slots=True)
class DueWeek:
    """How many cycles become due in a week: within the next two weeks, and after them."""

    begins_on: datetime.date
    soon: int
    later: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a list is narrowed to; empty means all. `text` is looked for in folded names and in HR keys."""

    text: str = ""
    name_key: str = ""
    unit_keys: tuple[int, ...] = ()
    rule_keys: tuple[int, ...] = ()
    statuses: frozenset[Status] = frozenset()
    page: int = 1
    size: int = 50


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person in a list with their duties by rule key."""

    key: int
    id: uuid.UUID
    hr_key: str
    given_name: str
    family_name: str
    unit_name: str
    duties: Mapping[int, Duty]


@dataclass(frozen=True, slots=True)
class PeopleList:
    """One page of people; `people` and `count` are those of all pages, under the same filters."""

    lines: tuple[PersonLine, ...]
    people: int
    count: Count
    page: int
    pages: int


def duties(session: Session, person_key: int, *, today: datetime.date) -> tuple[Duty, ...]:
    """What a person has to do and has done, worst first, then by date. One query."""
    rows = session.execute(_duty_rows(today).where(Cycle.person_key == person_key))
    found = [_duty(row) for row in rows]
    return tuple(sorted(found, key=lambda duty: (ORDER.index(duty.status), duty.due_on, duty.rule_title)))


@functools.lru_cache(maxsize=8)
def _duty_rows(today: datetime.date) -> Select[*tuple[Any, ...]]:
    columns = (
        Cycle.person_key,
        Cycle.rule_key,
        Cycle.course_id,
        Cycle.opens_on,
        Cycle.valid_until,
        AssignmentRule.id.label("rule_id"),
        AssignmentRule.title,
        AssignmentRule.legal_basis,
        StoredCourse.slug,
        status_sql.status(today).label("status"),
        status_sql.effective_due_on().label("due_on"),
        status_sql.suspended_until(today).label("suspended_until"),
    )
    return (
        select(*columns)
        .select_from(Cycle)
        .join(AssignmentRule, AssignmentRule.key == Cycle.rule_key)
        .outerjoin(StoredCourse, StoredCourse.id == Cycle.course_id)
        .where(status_sql.is_current())
    )


def _duty(row: Row[*tuple[Any, ...]]) -> Duty:
    return Duty(
        rule_id=row.rule_id,
        rule_title=row.title,
        legal_basis=row.legal_basis,
        course_id=row.course_id,
        slug=row.slug,
        status=Status(row.status),
        opens_on=row.opens_on,
        due_on=row.due_on,
        valid_until=row.valid_until,
        suspended_until=row.suspended_until,
    )


# Totals, from the projection -----------------------------------------------------------------------------------------


def overview(session: Session, *, within: ColumnElement[bool], today: datetime.date) -> Overview:
    """Numbers by unit and rule. One query, over the projection wherever that is of today."""
    statement = _overview_statement(today).where(within)
    units: dict[int, UnitLine] = {}
    rules: dict[int, RuleLine] = {}
    cells: dict[tuple[int, int], Count] = {}
    for unit_key, unit_id, name, path, rule_key, rule_id, title, course_id, *counts in session.execute(statement):
        units.setdefault(unit_key, UnitLine(unit_key, unit_id, name, path.strip("/").count("/")))
        rules.setdefault(rule_key, RuleLine(rule_key, rule_id, title, course_id))
        cells[unit_key, rule_key] = Count(dict(zip(COUNTED, map(int, counts), strict=True)))
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
    )


def added(counts: Iterable[Count]) -> Count:
    """The sum of counts."""
    total: dict[Status, int] = defaultdict(int)
    for count in counts:
        for status, number in count.by_status.items():
            total[status] += number
    return Count(dict(total))


def due_by_week(session: Session, *, within: ColumnElement[bool], today: datetime.date) -> tuple[DueWeek, ...]:
    """What becomes due in this week, from today on, and in those after it; suspended and exempt cycles left out.

    One query.
    """
    statement = _weeks_statement(today).where(within)
    found = {week: (int(soon), int(later)) for week, soon, later in session.execute(statement)}
    first = projection.monday(today)
    weeks = range(projection.WEEKS)
    return tuple(DueWeek(first + week * 7 * DAY, *found.get(week, (0, 0))) for week in weeks)


@functools.lru_cache(maxsize=4)
def _overview_statement(today: datetime.date) -> Select[*tuple[Any, ...]]:
    """Made once a day: putting so large a statement together takes longer than running it."""
    totals = _totals(today)
    sums = [func.sum(totals.c[status.value]).label(status.value) for status in COUNTED]
    columns = (Unit.key, Unit.id, Unit.name, Unit.path, AssignmentRule.key, AssignmentRule.id)
    return (
        select(*columns, AssignmentRule.title, AssignmentRule.course_id, *sums)
        .select_from(totals)
        .join(Unit, Unit.key == totals.c.unit_key)
        .join(AssignmentRule, AssignmentRule.key == totals.c.rule_key)
        .group_by(Unit.key, AssignmentRule.key)
        .having(sum(sums[1:], sums[0]) > 0)
        .order_by(Unit.path, AssignmentRule.title, AssignmentRule.key)
    )


@functools.lru_cache(maxsize=4)
def _weeks_statement(today: datetime.date) -> Select[*tuple[Any, ...]]:
    totals = _totals(today)
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


# People ----------------------------------------------------------------------------------------------------------


def people_list(session: Session, filters: Filters, *, within: ColumnElement[bool], today: datetime.date) -> PeopleList:
    """People who have duties that meet the filters, by name, one page; three queries.

    A line shows every duty of the person among the chosen rules, not only those of the chosen statuses.
    """
    found = matching(filters, within=within, today=today)
    people, *numbers = session.execute(_totals_of(found, today)).one()
    size = min(max(filters.size, 1), MOST_ON_A_PAGE)
    pages = max(1, -(-people // size))
    page = min(max(filters.page, 1), pages)
    order = (Person.name_key, Person.key)
    columns = (Person.key, Person.id, Person.hr_key, Person.given_name, Person.family_name, Person.name_key)
    shown = session.execute(
        found.with_only_columns(*columns, Unit.name).distinct().order_by(*order).limit(size).offset((page - 1) * size)
    ).all()
    rows = _duty_rows(today).where(Cycle.person_key.in_([row.key for row in shown]))
    if filters.rule_keys:
        rows = rows.where(Cycle.rule_key.in_(filters.rule_keys))
    by_person: dict[int, dict[int, Duty]] = defaultdict(dict)
    for row in session.execute(rows):
        by_person[row.person_key][row.rule_key] = _duty(row)
    lines = tuple(
        PersonLine(key, id_, hr_key, given, family, unit, by_person[key])
        for key, id_, hr_key, given, family, _name_key, unit in shown
    )
    count = Count({status: int(number or 0) for status, number in zip(COUNTED, numbers, strict=True)})
    return PeopleList(lines, people, count, page, pages)


def _totals_of(cycles: Select[*tuple[Any, ...]], today: datetime.date) -> Select[*tuple[Any, ...]]:
    """Number of people, then of cycles by status; materialized, so that each status is worked out once."""
    columns = (Cycle.person_key, status_sql.status(today).label("status"))
    found = cycles.with_only_columns(*columns).cte("found").prefix_with("MATERIALIZED")
    sums = [func.sum(case((found.c.status == status.value, 1), else_=0)) for status in COUNTED]
    return select(func.count(found.c.person_key.distinct()), *sums)


def matching(filters: Filters, *, within: ColumnElement[bool], today: datetime.date) -> Select[*tuple[Any, ...]]:
    """Cycles with person and unit that meet the filters; the caller chooses the columns."""
    statement = (
        select(Cycle.key)
        .select_from(Cycle)
        .join(Person, Person.key == Cycle.person_key)
        .join(Unit, Unit.key == Person.unit_key)
        .where(within, status_sql.is_current())
    )
    if filters.text or filters.name_key:
        conditions = []
        if filters.text:
            conditions.append(func.lower(Person.hr_key).startswith(filters.text.lower(), autoescape=True))
        if filters.name_key:
            conditions.append(Person.name_key.contains(filters.name_key, autoescape=True))
        statement = statement.where(or_(*conditions))
    if filters.unit_keys:
        statement = statement.where(Unit.key.in_(filters.unit_keys))
    if filters.rule_keys:
        statement = statement.where(Cycle.rule_key.in_(filters.rule_keys))
    if filters.statuses:
        chosen = sorted(status.value for status in filters.statuses)
        statement = statement.where(status_sql.status(today).in_(chosen))
    return statement


@dataclass(frozen=True, slots=True)
class TeamDuty:
    """What a team lead may see of one duty: status, and the day that belongs to it; never when it was completed."""

    rule_title: str
    status: Status
    due_on: datetime.date | None
    valid_until: datetime.date | None
    suspended_until: datetime.date | None


@dataclass(frozen=True, slots=True)
class TeamMember:
    """A person of a team with their duties by rule key."""

    key: int
    id: uuid.UUID
    given_name: str
    family_name: str
    unit_name: str
    duties: Mapping[int, TeamDuty]


def team(session: Session, *, within: ColumnElement[bool], today: datetime.date) -> tuple[TeamMember, ...]:
    """The people of a team lead's units, who needs something first; one query."""
    columns = (Person.id.label("person_id"), Person.given_name, Person.family_name, Person.name_key)
    statement = (
        _duty_rows(today)
        .join(Person, Person.key == Cycle.person_key)
        .join(Unit, Unit.key == Person.unit_key)
        .add_columns(*columns, Unit.name.label("unit_name"))
        .where(within)
        .order_by(Person.name_key, Person.key, Cycle.rule_key)
    )
    members: dict[int, tuple[Row[*tuple[Any, ...]], dict[int, TeamDuty]]] = {}
    for row in session.execute(statement):
        members.setdefault(row.person_key, (row, {}))[1][row.rule_key] = _team_duty(_duty(row))
    found = [
        TeamMember(row.person_key, row.person_id, row.given_name, row.family_name, row.unit_name, of_person)
        for row, of_person in members.values()
    ]
    return tuple(sorted(found, key=lambda member: min(ORDER.index(duty.status) for duty in member.duties.values())))


def _team_duty(duty: Duty) -> TeamDuty:
    is_done = duty.status is Status.FULFILLED
    return TeamDuty(
        rule_title=duty.rule_title,
        status=duty.status,
        due_on=None if is_done else duty.due_on,
        valid_until=duty.valid_until if is_done else None,
        suspended_until=duty.suspended_until if duty.status is Status.SUSPENDED else None,
    )

"""Duties read for one page each: a person's own, the list of people. Totals are in `overviews`, a team's in `teams`.

`within` is the viewer's scope as a condition over `Unit.path` (people.permissions); whoever lies outside is not found.
What HR may see of one person's proofs is in `records`, what was done freely in `voluntary`.

As of an earlier day, `today` is that day and `facts` those recorded until its end. Units are those of then, and only
people are shown whom the scope reaches now as well.
"""

import datetime
import functools
import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, SQLColumnExpression, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from learning.library.models import StoredCourse
from learning.obligations import hindsight, status_sql
from learning.obligations.facts_sql import ALL_FACTS, Facts, FactsUntil
from learning.obligations.models import AssignmentRule, Cycle
from learning.obligations.overviews import Count
from learning.obligations.projection import COUNTED
from learning.obligations.rules import Status
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
    rows = session.execute(duty_rows(today).where(Cycle.person_key == person_key))
    found = [duty_of(row) for row in rows]
    return tuple(sorted(found, key=lambda duty: (ORDER.index(duty.status), duty.due_on, duty.rule_title)))


@functools.lru_cache(maxsize=8)
def duty_rows(today: datetime.date, facts: Facts = ALL_FACTS) -> Select[*tuple[Any, ...]]:
    """The current cycles with rule and course, as `duty_of` reads them."""
    columns: tuple[SQLColumnExpression[Any] | InstrumentedAttribute[Any], ...] = (
        Cycle.person_key,
        Cycle.rule_key,
        Cycle.course_id,
        Cycle.opens_on,
        facts.valid_until().label("valid_until"),
        AssignmentRule.id.label("rule_id"),
        AssignmentRule.title,
        AssignmentRule.legal_basis,
        StoredCourse.slug,
        status_sql.status(today, facts).label("status"),
        status_sql.effective_due_on(facts).label("due_on"),
        status_sql.suspended_until(today, facts).label("suspended_until"),
    )
    return (
        select(*columns)
        .select_from(Cycle)
        .join(AssignmentRule, AssignmentRule.key == Cycle.rule_key)
        .outerjoin(StoredCourse, StoredCourse.id == Cycle.course_id)
        .where(facts.is_current())
    )


def duty_of(row: Row[*tuple[Any, ...]]) -> Duty:
    """One row of `duty_rows`."""
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


# People ----------------------------------------------------------------------------------------------------------


def people_list(
    session: Session,
    filters: Filters,
    *,
    within: ColumnElement[bool],
    today: datetime.date,
    facts: Facts = ALL_FACTS,
) -> PeopleList:
    """People who have duties that meet the filters, by name, one page; three queries.

    A line shows every duty of the person among the chosen rules, not only those of the chosen statuses.
    """
    found = matching(filters, within=within, today=today, facts=facts)
    people, *numbers = session.execute(_totals_of(found, today, facts)).one()
    size = min(max(filters.size, 1), MOST_ON_A_PAGE)
    pages = max(1, -(-people // size))
    page = min(max(filters.page, 1), pages)
    order = (Person.name_key, Person.key)
    columns = (Person.key, Person.id, Person.hr_key, Person.given_name, Person.family_name, Person.name_key)
    shown = session.execute(
        found.with_only_columns(*columns, Unit.name).distinct().order_by(*order).limit(size).offset((page - 1) * size)
    ).all()
    rows = duty_rows(today, facts).where(Cycle.person_key.in_([row.key for row in shown]))
    if filters.rule_keys:
        rows = rows.where(Cycle.rule_key.in_(filters.rule_keys))
    by_person: dict[int, dict[int, Duty]] = defaultdict(dict)
    for row in session.execute(rows):
        by_person[row.person_key][row.rule_key] = duty_of(row)
    lines = tuple(
        PersonLine(key, id_, hr_key, given, family, unit, by_person[key])
        for key, id_, hr_key, given, family, _name_key, unit in shown
    )
    count = Count({status: int(number or 0) for status, number in zip(COUNTED, numbers, strict=True)})
    return PeopleList(lines, people, count, page, pages)


def _totals_of(cycles: Select[*tuple[Any, ...]], today: datetime.date, facts: Facts) -> Select[*tuple[Any, ...]]:
    """Number of people, then of cycles by status; materialized, so that each status is worked out once."""
    columns = (Cycle.person_key, status_sql.status(today, facts).label("status"))
    found = cycles.with_only_columns(*columns).cte("found").prefix_with("MATERIALIZED")
    sums = [func.sum(case((found.c.status == status.value, 1), else_=0)) for status in COUNTED]
    return select(func.count(found.c.person_key.distinct()), *sums)


def matching(
    filters: Filters, *, within: ColumnElement[bool], today: datetime.date, facts: Facts = ALL_FACTS
) -> Select[*tuple[Any, ...]]:
    """Cycles with person and unit that meet the filters; the caller chooses the columns."""
    unit_key = facts.unit_key() if isinstance(facts, FactsUntil) else Person.unit_key
    statement = (
        select(Cycle.key)
        .select_from(Cycle)
        .join(Person, Person.key == Cycle.person_key)
        .join(Unit, Unit.key == unit_key)
        .where(within, facts.is_current())
    )
    if isinstance(facts, FactsUntil):
        statement = statement.where(Cycle.person_key.in_(hindsight.reached_people(within=within)))
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
        statement = statement.where(status_sql.status(today, facts).in_(chosen))
    return statement

"""Small questions that several pages ask: units, people in them, courses to choose, one person by number."""

import uuid
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from learning.library.models import Edition, StoredCourse
from learning.people.models import Person, Unit


@dataclass(frozen=True, slots=True)
class UnitChoice:
    """A unit to choose; `depth` counts from the root of the tree."""

    key: int
    id: uuid.UUID
    name: str
    path: str

    @property
    def depth(self) -> int:
        """How many units stand above it."""
        return self.path.strip("/").count("/")


@dataclass(frozen=True, slots=True)
class CourseChoice:
    """A published course to choose."""

    id: str
    title: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Offered:
    """What a rule can be made of."""

    courses: tuple[CourseChoice, ...]
    units: tuple[UnitChoice, ...]


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """Somebody whom an action is about."""

    key: int
    id: uuid.UUID
    name: str


def people_by_unit(session: Session, *, within: ColumnElement[bool]) -> dict[int, int]:
    """How many active people are directly in each unit, by its key. One query."""
    counted = (
        select(Person.unit_key, func.count().label("people"))
        .where(Person.is_active)
        .group_by(Person.unit_key)
        .subquery("counted")
    )
    statement = select(Unit.key, counted.c.people).join(counted, counted.c.unit_key == Unit.key).where(within)
    return {key: int(number) for key, number in session.execute(statement)}


def units(session: Session, *, within: ColumnElement[bool]) -> tuple[UnitChoice, ...]:
    """The units that are reached, in the order of the tree. One query."""
    rows = session.execute(select(Unit.key, Unit.id, Unit.name, Unit.path).where(within).order_by(Unit.path))
    return tuple(UnitChoice(*row) for row in rows)


def courses(session: Session) -> tuple[CourseChoice, ...]:
    """All published courses by title. One query."""
    statement = (
        select(StoredCourse.id, Edition.title, Edition.minutes)
        .join(Edition, Edition.key == StoredCourse.edition_key)
        .order_by(Edition.title_key, StoredCourse.id)
    )
    return tuple(CourseChoice(*row) for row in session.execute(statement))


def offered(session: Session, *, within: ColumnElement[bool]) -> Offered:
    """The courses and the units that are reached. Two queries."""
    return Offered(courses(session), units(session, within=within))


def person_by_id(session: Session, person_id: uuid.UUID, *, within: ColumnElement[bool]) -> NamedPerson | None:
    """The active person with this public id, None where there is none in the units that are reached. One query."""
    return _named(session, and_(Person.id == person_id, within))


def person_by_hr_key(session: Session, hr_key: str, *, within: ColumnElement[bool]) -> NamedPerson | None:
    """The active person with this number, None where there is none in the units that are reached. One query."""
    return _named(session, and_(Person.hr_key == hr_key, within))


def _named(session: Session, condition: ColumnElement[bool]) -> NamedPerson | None:
    statement = (
        select(Person.key, Person.id, Person.given_name, Person.family_name)
        .join(Unit, Unit.key == Person.unit_key)
        .where(condition, Person.is_active)
    )
    row = session.execute(statement).one_or_none()
    return NamedPerson(row.key, row.id, f"{row.given_name} {row.family_name}".strip()) if row else None

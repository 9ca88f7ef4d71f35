"""Who is looking: the person of a request with the roles they hold today, as one value that everything below gets."""

import datetime
import functools
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, bindparam, or_, select
from sqlalchemy.orm import Session as Work
from sqlalchemy.orm import aliased

from learning.people.models import Person, RoleGrant, Session, Unit
from learning.people.roles import Role


@dataclass(frozen=True, slots=True)
class Grant:
    """A role; `unit_path` is the unit it holds on, empty for the whole authority."""

    role: Role
    unit_path: str = ""
    includes_sub_units: bool = False


@dataclass(frozen=True, slots=True)
class Viewer:
    """The acting person. `session_id` is the public id of their session, None where a command acts for them."""

    key: int
    id: uuid.UUID
    hr_key: str
    name: str
    given_name: str
    unit_key: int
    unit_path: str
    unit_name: str
    roles: tuple[Grant, ...]
    language: str
    theme: str
    session_id: uuid.UUID | None

    def has(self, role: Role) -> bool:
        """True if the person holds the role anywhere; everybody is an employee."""
        return role is Role.EMPLOYEE or any(grant.role is role for grant in self.roles)


_granted_unit = aliased(Unit, name="granted_unit")
_COLUMNS = (
    Person.key,
    Person.id,
    Person.hr_key,
    Person.given_name,
    Person.family_name,
    Person.unit_key,
    Unit.path,
    Unit.name.label("unit_name"),
    Person.language,
    Person.theme,
    RoleGrant.role,
    RoleGrant.includes_sub_units,
    _granted_unit.path.label("granted_path"),
)


def viewer_of_session(work: Work, token_hash: str, *, now: datetime.datetime, today: datetime.date) -> Viewer | None:
    """The person of a session that still lasts. One query."""
    return _viewer(work, _of_session(), {"token_hash": token_hash, "now": now, "today": today})


def viewer_of_person(work: Work, person_key: int, *, today: datetime.date) -> Viewer | None:
    """The person by key, for commands, jobs and tests. One query."""
    return _viewer(work, _with_roles().where(Person.key == person_key), {"today": today})


@functools.cache
def _of_session() -> Select[*tuple[Any, ...]]:
    """Made once: every request needs it, and putting it together takes longer than running it."""
    return (
        _with_roles()
        .add_columns(Session.id.label("session_id"))
        .join(Session, Session.person_key == Person.key)
        .where(
            Session.token_hash == bindparam("token_hash"),
            Session.ended_at.is_(None),
            Session.ends_at > bindparam("now"),
        )
    )


@functools.cache
def _with_roles() -> Select[*tuple[Any, ...]]:
    """The active person with their unit, one row for each role held on the day `today`."""
    lasts = or_(RoleGrant.until.is_(None), RoleGrant.until >= bindparam("today"))
    return (
        select(*_COLUMNS)
        .select_from(Person)
        .join(Unit, Unit.key == Person.unit_key)
        .outerjoin(RoleGrant, and_(RoleGrant.person_key == Person.key, lasts))
        .outerjoin(_granted_unit, _granted_unit.key == RoleGrant.unit_key)
        .where(Person.is_active)
        .order_by(RoleGrant.key)
    )


def _viewer(work: Work, statement: Select[*tuple[Any, ...]], asked: Mapping[str, object]) -> Viewer | None:
    rows = work.execute(statement, asked).all()
    if not rows:
        return None
    first = rows[0]
    return Viewer(
        key=first.key,
        id=first.id,
        hr_key=first.hr_key,
        name=f"{first.given_name} {first.family_name}".strip(),
        given_name=first.given_name,
        unit_key=first.unit_key,
        unit_path=first.path,
        unit_name=first.unit_name,
        roles=tuple(
            Grant(Role(row.role), row.granted_path or "", bool(row.includes_sub_units)) for row in rows if row.role
        ),
        language=first.language,
        theme=first.theme,
        session_id=getattr(first, "session_id", None),
    )

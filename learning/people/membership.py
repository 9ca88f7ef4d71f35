"""Who belongs to the authority and who acts in it: people leave and come back, roles end. Somebody always administers.

Below the web; whoever calls has checked who acts and writes the audit log.
"""

import datetime
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session as Work

from learning.people.accounts import UnknownPerson, unit_by_key
from learning.people.models import Person, RoleGrant, Unit
from learning.people.permissions import SCOPED_ROLES
from learning.people.roles import Role
from learning.people.sessions import end_other_sessions


class LastAdministrator(Exception):
    """Without this person or role nobody would administer Impuls any more."""


class UnknownGrant(Exception):
    """The person does not hold this role there."""


@dataclass(frozen=True, slots=True)
class Member:
    """A person with unit and roles, as a list for who runs Impuls shows them."""

    hr_key: str
    name: str
    unit: str
    is_active: bool
    left_on: datetime.date | None
    roles: tuple[str, ...]


def person_by_any_key(work: Work, hr_key: str) -> Person:
    """The person with this HR key, also one who has left. Raises UnknownPerson."""
    person = work.scalar(select(Person).where(Person.hr_key == hr_key))
    if person is None:
        raise UnknownPerson(hr_key)
    return person


def deactivate(work: Work, person: Person, *, left_on: datetime.date, now: datetime.datetime) -> None:
    """Let a person go: no sign-in any more and all sessions end at once. Raises LastAdministrator."""
    keep_an_administrator(work, without=person.key)
    person.is_active = False
    person.left_on = left_on
    end_other_sessions(work, person.key, None, now=now)
    work.flush()


def deactivate_leavers(work: Work, *, today: datetime.date, now: datetime.datetime) -> int:
    """Deactivate everybody whose last day is over, but for the last administrator; answers how many."""
    leavers = work.scalars(select(Person).where(Person.is_active, Person.left_on < today).order_by(Person.key)).all()
    gone = 0
    for person in leavers:
        assert person.left_on is not None, "the query asks for a last day"
        try:
            deactivate(work, person, left_on=person.left_on, now=now)
        except LastAdministrator:
            continue
        gone += 1
    return gone


def reactivate(work: Work, person: Person) -> None:
    """Let a person who has left come back, with the roles that they held."""
    person.is_active = True
    person.left_on = None
    work.flush()


def revoke_role(work: Work, person: Person, role: Role, unit: str | None) -> None:
    """Take a role back. Raises UnknownUnit, UnknownGrant, LastAdministrator."""
    key = unit_by_key(work, unit).key if unit and role in SCOPED_ROLES else None
    grant = work.scalar(
        select(RoleGrant).where(
            RoleGrant.person_key == person.key,
            RoleGrant.role == role.value,
            RoleGrant.unit_key == key if key is not None else RoleGrant.unit_key.is_(None),
        )
    )
    if grant is None:
        raise UnknownGrant(role.value)
    if role is Role.ADMINISTRATOR:
        keep_an_administrator(work, without=person.key)
    work.delete(grant)
    person.role_version += 1
    work.flush()


def keep_an_administrator(work: Work, *, without: int) -> None:
    """Make sure that somebody else administers for good, if this person does. Raises LastAdministrator.

    The rows stay locked until the transaction ends, so that two cannot remove each other at the same moment.
    """
    statement = (
        select(RoleGrant.person_key)
        .join(Person, Person.key == RoleGrant.person_key)
        .where(RoleGrant.role == Role.ADMINISTRATOR.value, RoleGrant.until.is_(None), Person.is_active)
        .order_by(RoleGrant.key)
        .with_for_update()
    )
    administrators = set(work.scalars(statement))
    if administrators == {without}:
        raise LastAdministrator


def members(work: Work, *, role: Role | None = None, today: datetime.date) -> tuple[Member, ...]:
    """Everybody with the roles that they hold today, or who holds `role`, by name. Two queries."""
    granted: dict[int, list[str]] = {}
    holders: set[int] = set()
    lasts = or_(RoleGrant.until.is_(None), RoleGrant.until >= today)
    statement = (
        select(RoleGrant.person_key, RoleGrant.role, RoleGrant.includes_sub_units, RoleGrant.until, Unit.hr_key)
        .outerjoin(Unit, Unit.key == RoleGrant.unit_key)
        .where(lasts)
        .order_by(RoleGrant.key)
    )
    for row in work.execute(statement):
        granted.setdefault(row.person_key, []).append(
            _role_line(row.role, row.hr_key, row.includes_sub_units, row.until)
        )
        if role is not None and row.role == role.value:
            holders.add(row.person_key)
    rows = work.execute(
        select(
            Person.key,
            Person.hr_key,
            Person.given_name,
            Person.family_name,
            Unit.name,
            Person.is_active,
            Person.left_on,
        )
        .join(Unit, Unit.key == Person.unit_key)
        .order_by(Person.name_key, Person.hr_key)
    )
    return tuple(
        Member(hr_key, f"{given} {family}".strip(), unit, is_active, left_on, tuple(granted.get(key, ())))
        for key, hr_key, given, family, unit, is_active, left_on in rows
        if role is None or key in holders
    )


def _role_line(role: str, unit: str | None, includes_sub_units: bool, until: datetime.date | None) -> str:  # noqa: FBT001 - as the row has it.
    parts = (role, unit or "", "+" if unit and includes_sub_units else "", f"bis {until:%d.%m.%Y}" if until else "")
    return " ".join(part for part in parts if part)

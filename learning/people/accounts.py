"""Units, people and their roles: made, granted, found, changed. Below the web; whoever calls has checked who acts."""

import datetime
import uuid
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session as Work

from courses.search_terms import folded
from learning.database import upsert
from learning.people.models import Credential, Person, RoleGrant, Unit
from learning.people.permissions import SCOPED_ROLES
from learning.people.roles import Role


class UnknownUnit(Exception):
    """There is no unit with this HR key."""


class UnknownPerson(Exception):
    """There is no active person with this HR key."""


class TakenKey(Exception):
    """The HR key belongs to somebody or something already."""


class UnitNeeded(Exception):
    """Team leads and HR hold their role on a unit."""


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What is known of a person when they are added."""

    hr_key: str
    given_name: str
    family_name: str
    mail: str
    unit: str
    joined_on: datetime.date | None = None


def name_key(*parts: str) -> str:
    """The folded text that names sort and match by, equal on both databases: ä as ae, ß as ss."""
    return folded(" ".join(part for part in parts if part))[:200]


def add_unit(work: Work, hr_key: str, name: str, *, parent: str | None = None) -> Unit:
    """A new unit below `parent`, or at the top. Raises UnknownUnit, TakenKey."""
    above = unit_by_key(work, parent) if parent else None
    if work.execute(select(Unit.key).where(Unit.hr_key == hr_key)).first():
        raise TakenKey(hr_key)
    unit = Unit(
        id=uuid.uuid4(),
        hr_key=hr_key,
        name=name,
        name_key=name_key(name),
        parent_key=above.key if above else None,
        path=f"?{uuid.uuid4()}",  # Its own key is part of the path and known after the insert only.
    )
    work.add(unit)
    work.flush()
    unit.path = f"{above.path if above else '/'}{unit.key}/"
    work.flush()
    return unit


def unit_by_key(work: Work, hr_key: str) -> Unit:
    """The unit with this HR key. Raises UnknownUnit."""
    unit = work.execute(select(Unit).where(Unit.hr_key == hr_key)).scalar_one_or_none()
    if unit is None:
        raise UnknownUnit(hr_key)
    return unit


def top_unit(work: Work) -> Unit | None:
    """The unit above all others, None while there is none."""
    return work.execute(select(Unit).where(Unit.parent_key.is_(None)).order_by(Unit.key).limit(1)).scalar_one_or_none()


def add_person(work: Work, new: NewPerson) -> Person:
    """A new person without any way to sign in yet. Raises UnknownUnit, TakenKey."""
    unit = unit_by_key(work, new.unit)
    if work.execute(select(Person.key).where(Person.hr_key == new.hr_key)).first():
        raise TakenKey(new.hr_key)
    person = Person(
        id=uuid.uuid4(),
        hr_key=new.hr_key,
        given_name=new.given_name,
        family_name=new.family_name,
        name_key=name_key(new.family_name, new.given_name),
        mail=new.mail,
        unit_key=unit.key,
        joined_on=new.joined_on,
    )
    work.add(person)
    work.flush()
    return person


def person_by_key(work: Work, hr_key: str) -> Person:
    """The active person with this HR key. Raises UnknownPerson."""
    person = work.execute(select(Person).where(Person.hr_key == hr_key, Person.is_active)).scalar_one_or_none()
    if person is None:
        raise UnknownPerson(hr_key)
    return person


@dataclass(frozen=True, slots=True)
class NewGrant:
    """A role to be granted. HR always reaches the sub-units; a team lead only if `includes_sub_units` says so."""

    role: Role
    unit: str | None = None
    includes_sub_units: bool = False
    until: datetime.date | None = None


def grant_role(work: Work, person: Person, new: NewGrant, *, now: datetime.datetime) -> RoleGrant:
    """Give `person` a role, or change how far it reaches and until when. Raises UnknownUnit, UnitNeeded."""
    is_scoped = new.role in SCOPED_ROLES
    if is_scoped and not new.unit:
        raise UnitNeeded(new.role)
    unit = unit_by_key(work, new.unit) if is_scoped and new.unit else None
    same_unit = RoleGrant.unit_key == unit.key if unit else RoleGrant.unit_key.is_(None)
    grant = work.execute(
        select(RoleGrant).where(RoleGrant.person_key == person.key, RoleGrant.role == new.role, same_unit)
    ).scalar_one_or_none()
    if grant is None:
        grant = RoleGrant(person_key=person.key, role=new.role, unit_key=unit.key if unit else None, granted_at=now)
        work.add(grant)
    grant.includes_sub_units = new.role is Role.HR or (is_scoped and new.includes_sub_units)
    grant.until = new.until
    person.role_version += 1
    work.flush()
    return grant


def set_password(work: Work, person_key: int, password_hash: str, *, now: datetime.datetime) -> None:
    """Keep a new hash; sessions are ended by who calls, who knows which one may stay."""
    upsert(
        work,
        Credential,
        {"person_key": person_key, "password_hash": password_hash, "changed_at": now},
        unique=("person_key",),
        change=("password_hash", "changed_at"),
    )


def password_hash_of(work: Work, person_key: int) -> str | None:
    """The stored hash of a person, None for who signs in otherwise."""
    return work.execute(select(Credential.password_hash).where(Credential.person_key == person_key)).scalar()


def change_password(
    work: Work, person_key: int, password_hash: str, *, instead_of: str, now: datetime.datetime
) -> bool:
    """Replace exactly the hash that was compared; False if somebody changed the password meanwhile."""
    changed = work.execute(
        update(Credential)
        .where(Credential.person_key == person_key, Credential.password_hash == instead_of)
        .values(password_hash=password_hash, changed_at=now)
    )
    return getattr(changed, "rowcount", 0) == 1


def keep_choices(work: Work, person_key: int, *, language: str | None, theme: str | None) -> None:
    """Remember language and theme of a person; None leaves it as it is, an empty theme follows the device."""
    values = {name: value for name, value in (("language", language), ("theme", theme)) if value is not None}
    if values:
        work.execute(update(Person).where(Person.key == person_key).values(**values))

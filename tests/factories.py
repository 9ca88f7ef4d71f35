"""Makes what tests need, with sensible values for all they do not care about. Each function commits what it makes."""

import datetime
import itertools

from sqlalchemy.orm import Session

from learning.people import accounts
from learning.people.accounts import NewGrant, NewPerson
from learning.people.models import Person, RoleGrant, Unit
from learning.people.passwords import hash_password
from learning.people.roles import Role

NOW = datetime.datetime(2026, 11, 20, 9, 0, tzinfo=datetime.UTC)
_numbers = itertools.count(1)


def unit(session: Session, name: str = "", *, parent: Unit | None = None) -> Unit:
    """A unit, below `parent` or at the top."""
    number = next(_numbers)
    made = accounts.add_unit(
        session, f"OE-{number}", name or f"Einheit {number}", parent=parent.hr_key if parent else None
    )
    session.commit()
    return made


def person(
    session: Session,
    name: str = "",
    *,
    unit: Unit | None = None,
    hr_key: str = "",
    joined_on: datetime.date | None = None,
) -> Person:
    """A person named "Vorname Nachname" in a unit of their own unless one is given."""
    number = next(_numbers)
    given, _, family = (name or f"Person Nummer{number}").partition(" ")
    place = unit or globals()["unit"](session)
    new = NewPerson(hr_key or f"P-{number}", given, family, f"p{number}@impuls.example", place.hr_key, joined_on)
    made = accounts.add_person(session, new)
    session.commit()
    return made


def grant(
    session: Session,
    person: Person,
    role: Role,
    *,
    unit: Unit | None = None,
    includes_sub_units: bool = False,
    until: datetime.date | None = None,
) -> RoleGrant:
    """A role of a person, on a unit where the role needs one."""
    new = NewGrant(role, unit.hr_key if unit else None, includes_sub_units, until)
    made = accounts.grant_role(session, person, new, now=NOW)
    session.commit()
    return made


def password(session: Session, person: Person, text: str) -> None:
    """Let a person sign in with this password."""
    accounts.set_password(session, person.key, hash_password(text), now=NOW)
    session.commit()

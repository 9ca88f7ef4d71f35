"""Signing in with account name and password. The hash is compared between two short transactions, never inside one."""

import datetime
from dataclasses import dataclass

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session as Work

from learning.people.models import Credential, Person
from learning.people.passwords import hash_of_nobody, hash_password, is_password, needs_new_hash
from learning.people.sessions import Begun, Method, begin_session
from learning.people.throttle import Door, claim_try, forgive


@dataclass(frozen=True, slots=True)
class Known:
    """The account that was found."""

    person_key: int
    password_hash: str


@dataclass(frozen=True, slots=True)
class Refused:
    """No session. `wait` says for how long further tries are not even looked at; None: it was wrong."""

    wait: datetime.timedelta | None = None


def claim(work: Work, account: str, doors: tuple[Door, ...], *, now: datetime.datetime) -> Known | Refused | None:
    """First transaction: count the try, look the account up. None: there is no such account, which takes as long."""
    wait = claim_try(work, doors, now=now)
    if wait is not None:
        return Refused(wait)
    name = account.strip()
    rows = work.execute(
        select(Person.key, Person.hr_key, Credential.password_hash)
        .join(Credential, Credential.person_key == Person.key)
        .where(Person.is_active, or_(Person.hr_key == name, func.lower(Person.mail) == name.lower()))
        .limit(3)
    ).all()
    found = next((row for row in rows if row.hr_key == name), rows[0] if len(rows) == 1 else None)
    return Known(found.key, found.password_hash) if found else None


def compare(known: Known | None, password: str) -> bool:
    """Between the transactions: is it the password? Always hashes once, account or not."""
    matches = is_password(password, known.password_hash if known else hash_of_nobody())
    return matches and known is not None


def new_hash(known: Known, password: str) -> str | None:
    """A hash at today's cost, where the stored one is older."""
    return hash_password(password) if needs_new_hash(known.password_hash) else None


def admit(
    work: Work, known: Known, doors: tuple[Door, ...], *, now: datetime.datetime, hours: int, rehashed: str | None
) -> Begun | None:
    """Second transaction: begin the session. None if the password was changed or the person left meanwhile."""
    still = work.execute(
        select(Person.key)
        .join(Credential, Credential.person_key == Person.key)
        .where(Person.key == known.person_key, Person.is_active, Credential.password_hash == known.password_hash)
    ).first()
    if still is None:
        return None
    if rehashed:
        work.execute(update(Credential).where(Credential.person_key == known.person_key).values(password_hash=rehashed))
    forgive(work, doors)
    return begin_session(work, known.person_key, method=Method.PASSWORD, now=now, hours=hours)

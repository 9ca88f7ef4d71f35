"""Links that are used once, to choose a password: invitations and resets. Opening one changes nothing, sending its form
uses it up, because mail scanners open every link they see. Only the hash of a token is kept.
"""

import datetime
import secrets
import uuid
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select, update
from sqlalchemy.orm import Session as Work

from learning.people.accounts import set_password
from learning.people.models import OneTimeLink, Person
from learning.people.sessions import Begun, Method, begin_session, end_other_sessions, token_hash

TOKEN_BYTES = 32


class Purpose(StrEnum):
    """What a link is for."""

    INVITATION = "invitation"
    RESET = "reset"


LASTS = {Purpose.INVITATION: datetime.timedelta(days=7), Purpose.RESET: datetime.timedelta(hours=1)}


@dataclass(frozen=True, slots=True)
class OpenLink:
    """A link that can still be used, and whose it is."""

    purpose: Purpose
    person_key: int
    person_id: uuid.UUID
    hr_key: str
    given_name: str
    family_name: str
    mail: str


def make_link(work: Work, person_key: int, purpose: Purpose, *, now: datetime.datetime) -> str:
    """The token of a fresh link; older ones of this person end now."""
    work.execute(
        update(OneTimeLink)
        .where(OneTimeLink.person_key == person_key, OneTimeLink.used_at.is_(None), OneTimeLink.ends_at > now)
        .values(ends_at=now)
    )
    token = secrets.token_urlsafe(TOKEN_BYTES)
    work.add(
        OneTimeLink(
            token_hash=token_hash(token),
            purpose=purpose,
            person_key=person_key,
            made_at=now,
            ends_at=now + LASTS[purpose],
        )
    )
    work.flush()
    return token


def open_link(work: Work, token: str, *, now: datetime.datetime) -> OpenLink | None:
    """The link of a token, None when it was never made, is used or over. One query, changes nothing."""
    row = work.execute(
        select(
            OneTimeLink.purpose,
            Person.key,
            Person.id,
            Person.hr_key,
            Person.given_name,
            Person.family_name,
            Person.mail,
        )
        .join(Person, Person.key == OneTimeLink.person_key)
        .where(
            OneTimeLink.token_hash == token_hash(token),
            OneTimeLink.used_at.is_(None),
            OneTimeLink.ends_at > now,
            Person.is_active,
        )
    ).first()
    if row is None:
        return None
    return OpenLink(Purpose(row.purpose), row.key, row.id, row.hr_key, row.given_name, row.family_name, row.mail)


def use_link(work: Work, token: str, password_hash: str, *, now: datetime.datetime, hours: int) -> Begun | None:
    """Set the password, end all sessions of the person and begin one here. None if the link was used up meanwhile."""
    link = open_link(work, token, now=now)
    if link is None:
        return None
    used = work.execute(
        update(OneTimeLink)
        .where(OneTimeLink.token_hash == token_hash(token), OneTimeLink.used_at.is_(None))
        .values(used_at=now)
    )
    if getattr(used, "rowcount", 0) != 1:
        return None
    set_password(work, link.person_key, password_hash, now=now)
    end_other_sessions(work, link.person_key, None, now=now)
    return begin_session(work, link.person_key, method=Method.LINK, now=now, hours=hours)

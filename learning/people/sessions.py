"""Signed-in browsers: begin, list and end them. The browser holds a token, the row only its hash."""

import datetime
import hashlib
import secrets
import uuid
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session as Work

from learning.people.models import Identity, Session

TOKEN_BYTES = 32


class Method(StrEnum):
    """How somebody has signed in."""

    PASSWORD = "password"  # noqa: S105  # the name of a way to sign in
    LINK = "link"
    OPENID = "openid"
    PROXY = "proxy"


@dataclass(frozen=True, slots=True)
class Begun:
    """A session that has just begun; its token goes into the browser's cookie and is kept nowhere else."""

    token: str
    id: uuid.UUID


@dataclass(frozen=True, slots=True)
class OwnSession:
    """One line of a person's own list of sessions."""

    id: uuid.UUID
    method: Method
    signed_in_at: datetime.datetime
    ends_at: datetime.datetime


def token_hash(token: str) -> str:
    """What the database knows of a token. Tokens are random, so a plain digest cannot be guessed back."""
    return hashlib.sha256(token.encode()).hexdigest()


def begin_session(
    work: Work,
    person_key: int,
    *,
    method: Method,
    now: datetime.datetime,
    hours: int,
    provider_session: str | None = None,
    identity_token: str | None = None,
) -> Begun:
    """Sign a browser in. `provider_session` and `identity_token` come from an OpenID provider, to sign out there."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session = Session(
        id=uuid.uuid4(),
        token_hash=token_hash(token),
        person_key=person_key,
        method=method,
        signed_in_at=now,
        ends_at=now + datetime.timedelta(hours=hours),
        provider_session=provider_session,
        identity_token=identity_token,
    )
    work.add(session)
    work.flush()
    return Begun(token, session.id)


def sessions_of(work: Work, person_key: int, *, now: datetime.datetime) -> tuple[OwnSession, ...]:
    """The sessions of a person that still last, newest first. One query."""
    rows = work.execute(
        select(Session.id, Session.method, Session.signed_in_at, Session.ends_at)
        .where(Session.person_key == person_key, Session.ended_at.is_(None), Session.ends_at > now)
        .order_by(Session.signed_in_at.desc(), Session.key.desc())
    )
    return tuple(OwnSession(row.id, Method(row.method), row.signed_in_at, row.ends_at) for row in rows)


def end_session(work: Work, person_key: int, session_id: uuid.UUID, *, now: datetime.datetime) -> bool:
    """End one session of a person; False if there is none of theirs that lasts. Safe to repeat."""
    return bool(_end(work, Session.person_key == person_key, Session.id == session_id, now=now))


def end_other_sessions(work: Work, person_key: int, keep: uuid.UUID | None, *, now: datetime.datetime) -> int:
    """End all sessions of a person but the one to keep; answers how many ended."""
    conditions = [Session.person_key == person_key]
    if keep is not None:
        conditions.append(Session.id != keep)
    return _end(work, *conditions, now=now)


def end_sessions_of_provider(
    work: Work, issuer: str, *, subject: str, provider_session: str, now: datetime.datetime
) -> int:
    """End what began at the OpenID provider: by its session there, by its account there, or by both if both are named.

    Only sessions that began there: who has signed in with a password as well stays.
    """
    of_issuer = select(Identity.person_key).where(Identity.issuer == issuer)
    if subject:
        of_issuer = of_issuer.where(Identity.subject == subject)
    conditions = [Session.method == Method.OPENID, Session.person_key.in_(of_issuer)]
    if provider_session:
        conditions.append(Session.provider_session == provider_session)
    return _end(work, *conditions, now=now)


def _end(work: Work, *conditions: ColumnElement[bool], now: datetime.datetime) -> int:
    over = {"ended_at": now, "identity_token": None}  # The token was kept to sign out with, which is done now.
    result = work.execute(update(Session).where(*conditions, Session.ended_at.is_(None)).values(over))
    return int(getattr(result, "rowcount", 0))


def forget_old_sessions(work: Work, *, now: datetime.datetime) -> int:
    """Delete sessions that ended a day ago: who signed in when is nobody's business for longer."""
    limit = now - datetime.timedelta(days=1)
    result = work.execute(delete(Session).where((Session.ends_at < limit) | (Session.ended_at < limit)))
    return int(getattr(result, "rowcount", 0))

"""Signing in at an OpenID provider, as far as the database is concerned: what is under way, whom an account belongs to.

An account is its issuer and its subject, nothing else. Which person it belongs to is settled when it signs in for the
first time; a changed mail address or number never moves it afterwards.
"""

import datetime
import hashlib
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session as Work

from learning.database import upsert
from learning.openid.provider import SignedIn
from learning.openid.tokens import Logout
from learning.people.models import Identity, Person, Session, SignInFlow, UsedLogout
from learning.people.sessions import Begun, Method, begin_session, end_sessions_of_provider
from learning.settings import OpenidSettings

LASTS = datetime.timedelta(minutes=15)
LONGEST_NEXT = 500
LONGEST_KEPT_TOKEN = 8_000
SEALED = {"alg": "dir", "enc": "A256GCM"}


class NobodyKnown(Exception):
    """The account has signed in rightly and belongs to no person who may use the library."""


class PersonLeft(NobodyKnown):
    """The account belongs to somebody who has left."""


@dataclass(frozen=True, slots=True)
class Flow:
    """A sign-in under way: what the provider is given (`state`, `nonce`, the verifier's digest) and gives back."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for the end of a sign-in: where it goes on, and a form that had been typed."""

    next_address: str = ""
    held: str = ""


@dataclass(frozen=True, slots=True)
class ComeBack:
    """A sign-in that the browser has come back from. It is used up; nobody comes back from it again."""

    flow: Flow
    waiting: Waiting
    begun_at: datetime.datetime


def begin_flow(work: Work, browser: str, waiting: Waiting, *, now: datetime.datetime) -> Flow:
    """A fresh sign-in of this browser; those that were never finished are forgotten."""
    work.execute(delete(SignInFlow).where(SignInFlow.made_at < now - LASTS))
    flow = Flow(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48))
    fits = len(waiting.next_address) <= LONGEST_NEXT
    work.add(
        SignInFlow(
            state_hash=_digest("state", browser, flow.state).hex(),
            nonce=flow.nonce,
            verifier=flow.verifier,
            next_address=waiting.next_address if fits else "",
            held=_seal(waiting.held, browser, flow.state),
            made_at=now,
        )
    )
    work.flush()
    return flow


def come_back(work: Work, browser: str, state: str, *, now: datetime.datetime) -> ComeBack | None:
    """The sign-in that `state` belongs to, used up by this. None: never begun in this browser, used, or too old."""
    state_hash = _digest("state", browser, state).hex()
    row = work.get(SignInFlow, state_hash)
    if row is None:
        return None
    work.expunge(row)
    if not use_up(work, state_hash) or now - row.made_at > LASTS:
        return None
    waiting = Waiting(row.next_address, _open(row.held, browser, state))
    return ComeBack(Flow(state, row.nonce, row.verifier), waiting, row.made_at)


def use_up(work: Work, state_hash: str) -> bool:
    """Let a sign-in count once; False if somebody was faster."""
    taken = work.execute(delete(SignInFlow).where(SignInFlow.state_hash == state_hash))
    return getattr(taken, "rowcount", 0) == 1


def _digest(purpose: str, browser: str, state: str) -> bytes:
    return hashlib.sha256(f"{purpose}\n{browser}\n{state}".encode()).digest()


def _seal(text: str, browser: str, state: str) -> str:
    """`text` so that only this browser's cookie together with the provider's answer opens it: it may hold passwords."""
    if not text:
        return ""
    return jwe.encrypt_compact(SEALED, text, OctKey.import_key(_digest("held", browser, state)))


def _open(sealed: str, browser: str, state: str) -> str:
    try:
        opened = jwe.decrypt_compact(sealed, OctKey.import_key(_digest("held", browser, state))) if sealed else None
    except JoseError:
        return ""
    return (opened.plaintext or b"").decode() if opened else ""


def is_known(work: Work, issuer: str, subject: str) -> bool:
    """True if the account belongs to somebody already."""
    return _linked(work, issuer, subject) is not None


def _linked(work: Work, issuer: str, subject: str) -> Any:
    return work.execute(
        select(Person.key, Person.is_active)
        .join(Identity, Identity.person_key == Person.key)
        .where(Identity.issuer == issuer, Identity.subject == subject)
    ).first()


def admit(
    work: Work,
    who: SignedIn,
    claims: Mapping[str, Any],
    settings: OpenidSettings,
    *,
    now: datetime.datetime,
    hours: int,
) -> Begun:
    """Begin the session of the person whom the account belongs to. Raises NobodyKnown, PersonLeft."""
    found = _linked(work, settings.issuer, who.subject)
    if found is None:
        person_key = link(work, who.subject, claims, settings, now=now)
    elif found.is_active:
        person_key = found.key
    else:
        raise PersonLeft
    return begin_session(
        work,
        person_key,
        method=Method.OPENID,
        now=now,
        hours=hours,
        provider_session=who.session or None,
        identity_token=who.identity_token if len(who.identity_token) <= LONGEST_KEPT_TOKEN else None,
    )


def link(
    work: Work, subject: str, claims: Mapping[str, Any], settings: OpenidSettings, *, now: datetime.datetime
) -> int:
    """Settle for good whom a fresh account belongs to, and answer the person's key. Raises NobodyKnown, PersonLeft.

    Who has an account at this provider already gets no second one: a mail address that was given to somebody else
    must not open the account of the person before.
    """
    person = named_person(work, claims, settings)
    row = {"person_key": person.key, "issuer": settings.issuer, "subject": subject, "linked_at": now}
    if not upsert(work, Identity, row, unique=("person_key", "issuer")):
        found = _linked(work, settings.issuer, subject)  # The same account may have come in by two windows at once.
        if found is None or found.key != person.key:
            raise NobodyKnown
    return person.key


def named_person(work: Work, claims: Mapping[str, Any], settings: OpenidSettings) -> Person:
    """The one person whom the configured claim names. Raises NobodyKnown, PersonLeft."""
    named = claims.get(settings.person_claim)
    if not isinstance(named, str) or not named.strip() or not named.isprintable():
        raise NobodyKnown
    if not settings.knows_by_mail:
        condition = Person.hr_key == named.strip()
    elif is_verified(claims):
        condition = func.lower(Person.mail) == named.strip().lower()
    else:
        raise NobodyKnown
    found = work.execute(select(Person).where(condition).limit(2)).scalars().all()
    if len(found) != 1:
        raise NobodyKnown
    if not found[0].is_active:
        raise PersonLeft
    return found[0]


def is_verified(claims: Mapping[str, Any]) -> bool:
    """True if the provider itself vouches for the mail address; a text that says so is none."""
    return claims.get("email_verified") is True


def unlink(work: Work, person_key: int) -> int:
    """Forget the accounts of a person, so that the next one that names them is theirs; answers how many they were."""
    result = work.execute(delete(Identity).where(Identity.person_key == person_key))
    return int(getattr(result, "rowcount", 0))


def kept_token(work: Work, session_id: uuid.UUID) -> str | None:
    """The identity token of a session that began at the provider, "" if it was too long; None for other sessions."""
    row = work.execute(select(Session.method, Session.identity_token).where(Session.id == session_id)).first()
    return (row.identity_token or "") if row and row.method == Method.OPENID else None


def end_by_provider(work: Work, logout: Logout, issuer: str, *, now: datetime.datetime) -> bool:
    """End what the provider says is over; False if it has said so before."""
    work.execute(delete(UsedLogout).where(UsedLogout.ends_at < now))
    token_hash = hashlib.sha256(f"{issuer}\n{logout.id}".encode()).hexdigest()
    if not upsert(work, UsedLogout, {"token_hash": token_hash, "ends_at": logout.ends_at}, unique=("token_hash",)):
        return False
    end_sessions_of_provider(work, issuer, subject=logout.subject, provider_session=logout.session, now=now)
    return True

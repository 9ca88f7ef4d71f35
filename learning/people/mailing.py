"""Invitations and resets by mail: asked for in the transaction of their cause, sent after it, tried for three days.

The table holds only for whom a letter is. Its link is made just before each try, so no link stands in the database, and
the hour that a reset lasts begins when it is sent.
"""

import datetime
import uuid
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session as Work

from learning import mail
from learning.database import work
from learning.language import speaking
from learning.people.letters import Recipient, link_letter
from learning.people.links import Purpose, make_link
from learning.people.models import OutgoingMail, Person
from learning.settings import MailSettings, ProductSettings

MINUTE, HOUR = datetime.timedelta(minutes=1), datetime.timedelta(hours=1)
# How long to wait after the first, second, … try that failed: three days in all.
WAITS = (MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 6 * HOUR, 12 * HOUR, 24 * HOUR, 24 * HOUR)
MOST_AT_ONCE = 50


class Outcome(StrEnum):
    """What became of a letter."""

    SENT = "sent"
    WAITING = "waiting"
    GIVEN_UP = "given_up"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Try:
    """A letter that is ours to send now, and how often that was tried with this time."""

    key: int
    letter: mail.Letter
    tries: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a try ended; `reason` says why the server did not take the letter."""

    outcome: Outcome
    reason: str = ""


def ask_for_letter(session: Work, person_key: int | None, purpose: Purpose, *, now: datetime.datetime) -> int:
    """Let a letter with a link be sent; answers its key. It takes the place of one that waits already."""
    stop_letters(session, person_key)
    row = OutgoingMail(id=uuid.uuid4(), person_key=person_key, purpose=purpose.value, made_at=now, next_at=now)
    session.add(row)
    session.flush()
    return row.key


def stop_letters(session: Work, person_key: int | None) -> None:
    """Forget letters that wait for a person: the link that they would bring ends the one that somebody hands over."""
    session.execute(delete(OutgoingMail).where(OutgoingMail.person_key == (person_key or 0)))


def send_due(engine: Engine, settings: ProductSettings, *, now: datetime.datetime) -> dict[str, int]:
    """Try every letter whose time has come; answers how many ended how."""
    counts = dict.fromkeys((one.value for one in Outcome), 0)
    if settings.mail is None:
        return {}
    for key in work(engine, lambda session: _due(session, now=now)):
        counts[send_letter(engine, settings, key, now=now).outcome] += 1
    return counts


def _due(session: Work, *, now: datetime.datetime) -> list[int]:
    statement = select(OutgoingMail.key).where(OutgoingMail.next_at <= now, OutgoingMail.given_up_at.is_(None))
    return list(session.scalars(statement.order_by(OutgoingMail.next_at, OutgoingMail.key).limit(MOST_AT_ONCE)))


def send_letter(engine: Engine, settings: ProductSettings, key: int, *, now: datetime.datetime) -> Delivery:
    """Try one letter, unless another process does. Needs an application's context for its language."""
    server = settings.mail
    assert server is not None, "only asked where mail is configured"
    claimed = work(engine, lambda session: _claim(session, settings, server, key, now=now))
    if claimed is None:
        return Delivery(Outcome.NOBODY)
    try:
        mail.send(server, claimed.letter, now=now)
    except mail.MailNotSent as failure:
        if not failure.is_final and claimed.tries < len(WAITS):
            return Delivery(Outcome.WAITING, str(failure))
        work(engine, lambda session: _give_up(session, key, now=now))
        return Delivery(Outcome.GIVEN_UP, str(failure))
    work(engine, lambda session: session.execute(delete(OutgoingMail).where(OutgoingMail.key == key)))
    return Delivery(Outcome.SENT)


def _claim(
    session: Work, settings: ProductSettings, server: MailSettings, key: int, *, now: datetime.datetime
) -> Try | None:
    """Set the time of a next try, make the link, write the letter. None where somebody else has it, or for nobody."""
    row = session.scalar(
        select(OutgoingMail)
        .where(OutgoingMail.key == key, OutgoingMail.next_at <= now, OutgoingMail.given_up_at.is_(None))
        .with_for_update()
    )
    if row is None:
        return None
    person = session.execute(
        select(Person.given_name, Person.family_name, Person.hr_key, Person.mail, Person.language).where(
            Person.key == row.person_key, Person.is_active, Person.mail != ""
        )
    ).one_or_none()
    if person is None or row.person_key is None:
        session.delete(row)
        return None
    row.tries += 1
    row.next_at = now + WAITS[min(row.tries, len(WAITS)) - 1]
    purpose = Purpose(row.purpose)
    token = make_link(session, row.person_key, purpose, now=now)
    whom = Recipient(f"{person.given_name} {person.family_name}".strip(), person.hr_key, person.mail)
    with speaking(person.language or settings.language or "de"):
        letter = link_letter(whom, purpose, settings, token=token, message_id=str(row.id), now=now)
    return Try(key, letter, row.tries)


def _give_up(session: Work, key: int, *, now: datetime.datetime) -> None:
    session.execute(update(OutgoingMail).where(OutgoingMail.key == key).values(given_up_at=now))

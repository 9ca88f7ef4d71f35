"""Sends one plain text mail at a time to the configured server. Knows neither people nor what the letters say.

Nothing is kept here: who wants a mail to arrive although the server is down keeps it and tries again.
"""

import datetime
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from typing import assert_never

from learning.settings import Encryption, MailSettings

PATIENCE = 15.0
LASTING = 500  # Answers from here on are the server's last word, smaller ones may change.


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail. The same `message_id` at each try lets mail programs recognise one that arrived twice."""

    to: str
    subject: str
    text: str
    message_id: str


class MailNotSent(Exception):
    """The server did not take the mail. `is_final`: it never will; what the message says is for who runs Impuls."""

    def __init__(self, reason: str, *, is_final: bool = False) -> None:
        super().__init__(reason)
        self.is_final = is_final


def send(settings: MailSettings, letter: Letter, *, now: datetime.datetime) -> None:
    """Hand `letter` to the server. Raises MailNotSent; after it nothing was sent, as far as the server says."""
    try:
        message = composed(settings, letter, now=now)
    except ValueError as error:
        raise MailNotSent(f"Die Mail lässt sich so nicht schreiben: {error}", is_final=True) from error
    with _failures(settings), _connected(settings) as server:
        server.send_message(message)


def reach(settings: MailSettings) -> None:
    """Greet the server and sign in, send nothing. Raises MailNotSent."""
    with _failures(settings), _connected(settings) as server:
        server.noop()


def composed(settings: MailSettings, letter: Letter, *, now: datetime.datetime) -> EmailMessage:
    """The mail as it travels. Raises ValueError for an address or subject that no header may hold."""
    message = EmailMessage()
    message["From"] = settings.sender
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{letter.message_id}@{settings.sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    return message


@contextmanager
def _connected(settings: MailSettings) -> Iterator[smtplib.SMTP]:
    """A connection that is encrypted as configured and never less."""
    context = ssl.create_default_context()
    server: smtplib.SMTP
    match settings.encryption:
        case Encryption.TLS:
            server = smtplib.SMTP_SSL(settings.host, settings.port, timeout=PATIENCE, context=context)
        case Encryption.STARTTLS | Encryption.NONE:
            server = smtplib.SMTP(settings.host, settings.port, timeout=PATIENCE)
        case _:
            assert_never(settings.encryption)
    try:
        if settings.encryption is Encryption.STARTTLS:
            server.starttls(context=context)
        if settings.user:
            server.login(settings.user, settings.password)
        yield server
        with suppress(smtplib.SMTPException, OSError):
            server.quit()  # The mail is taken by now; a server that hangs up early changes nothing.
    finally:
        server.close()


@contextmanager
def _failures(settings: MailSettings) -> Iterator[None]:
    """Everything that can go wrong on the way, as one error."""
    place = f"{settings.host}:{settings.port}"
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        answers = [(code, text) for code, text in error.recipients.values()]
        raise _refused(place, *answers[0]) from error
    except smtplib.SMTPDataError as error:
        raise _refused(place, error.smtp_code, error.smtp_error) from error
    except smtplib.SMTPResponseException as error:
        # A wrong password or sender is a setting that somebody can mend, so the mail waits for that.
        raise MailNotSent(f"{place}: {error.smtp_code} {_words(error.smtp_error)}") from error
    except (smtplib.SMTPException, OSError) as error:
        raise MailNotSent(f"{place}: {error}") from error


def _refused(place: str, code: int, text: bytes | str) -> MailNotSent:
    return MailNotSent(f"{place}: {code} {_words(text)}", is_final=code >= LASTING)


def _words(text: bytes | str) -> str:
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else text

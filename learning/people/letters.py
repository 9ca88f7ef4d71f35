"""What the letters with links say, in the language spoken where they are written. Addresses come from settings."""

import datetime
from dataclasses import dataclass
from typing import assert_never

from learning.language import gettext as _
from learning.language import moment_text
from learning.mail import Letter
from learning.people.links import LASTS, Purpose
from learning.settings import ProductSettings


@dataclass(frozen=True, slots=True)
class Recipient:
    """Whom a letter is for."""

    name: str
    account: str
    mail: str


def link_address(settings: ProductSettings, token: str) -> str:
    """Where a link leads, by the configured address alone: what a browser says of the host could be anybody's."""
    return f"{settings.public_url}/einladung/{token}"


def link_letter(
    whom: Recipient,
    purpose: Purpose,
    settings: ProductSettings,
    *,
    token: str,
    message_id: str,
    now: datetime.datetime,
) -> Letter:
    """The letter that brings a link made at `now`."""
    subject, cause, otherwise = _words(purpose)
    ends = moment_text(now + LASTS[purpose])
    paragraphs = (
        _("Guten Tag, %(name)s,", name=whom.name),
        cause,
        link_address(settings, token),
        _("Ihr Kontoname: %(account)s", account=whom.account),
        _("Der Link gilt einmal und bis %(moment)s.", moment=ends),
        otherwise,
        _("Diese Mail hat Impuls verschickt, die Lernbibliothek: %(authority)s.", authority=settings.authority),
    )
    text = "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
    return Letter(whom.mail, subject, f"{text}\n", message_id)


def _words(purpose: Purpose) -> tuple[str, str, str]:
    """Subject, cause, and what to do if it is not meant for oneself."""
    match purpose:
        case Purpose.INVITATION:
            return (
                _("Ihr Zugang zur Lernbibliothek"),
                _("für Sie gibt es ein Konto in der Lernbibliothek Impuls. Wählen Sie hier Ihr Passwort:"),
                "",
            )
        case Purpose.RESET:
            return (
                _("Neues Passwort für die Lernbibliothek"),
                _("für Ihr Konto wurde ein neues Passwort gewünscht. Wählen Sie es hier:"),
                _("Wenn Sie das nicht waren, tun Sie nichts: Ihr bisheriges Passwort gilt weiter."),
            )
        case _:
            assert_never(purpose)

"""What the pages of signing in and of one's account show, computed before the templates see it."""

import datetime
import math
import uuid
from dataclasses import dataclass
from typing import assert_never

from learning.language import gettext as _
from learning.language import moment_text, ngettext
from learning.people.passwords import LONGEST, SHORTEST, Weakness, weaknesses
from learning.people.roles import Role
from learning.people.sessions import Method, OwnSession
from learning.people.viewer import Viewer
from learning.web.forms import TextField
from learning.web.links import NamedFact

# What is read of a password that is typed in; whether it is too long to be a new one is said in words.
LONGEST_PASSWORD = 512


@dataclass(frozen=True, slots=True)
class SignInPage:
    """`next_address` is where it goes on. `single_sign_on` is the address of the official account's sign-in, if any.

    `reset` is where a forgotten password leads, "" without mail. `held` carries what was typed into another form
    before the session was over (`is_over`). `trouble` says why the official account did not sign anybody in.
    """

    fields: tuple[TextField, ...]
    next_address: str
    mistake: str
    single_sign_on: str
    held: str
    is_over: bool
    trouble: str
    reset: str = ""


def sign_in_page(
    *,
    next_address: str,
    account: str = "",
    mistake: str = "",
    single_sign_on: str = "",
    held: str = "",
    is_over: bool = False,
    trouble: str = "",
    reset: str = "",
) -> SignInPage:
    """The page to sign in; a mistake stands at the account, the password is never sent back."""
    # Who only wants to sign in types at once; where there is something to be told first, that is read first.
    is_first = not (mistake or held or is_over or single_sign_on)
    name = TextField(
        "name",
        _("Kontoname"),
        value=account,
        mistake=mistake,
        autocomplete="username",
        longest=254,
        is_first=is_first,
    )
    password = password_field("kennwort", _("Passwort"), is_current=True)
    return SignInPage((name, password), next_address, mistake, single_sign_on, held, is_over, trouble, reset)


def refusal_text(wait: datetime.timedelta | None) -> str:
    """What is wrong, without telling whether the account exists."""
    if wait is None:
        return _("Kontoname und Passwort passen nicht zusammen. Prüfen Sie beide und versuchen Sie es noch einmal.")
    seconds = max(1, math.ceil(wait.total_seconds()))
    return ngettext(
        "Zu viele Versuche. In %(num)d Sekunde können Sie es wieder versuchen.",
        "Zu viele Versuche. In %(num)d Sekunden können Sie es wieder versuchen.",
        seconds,
    )


def unknown_account_text() -> str:
    """Why an official account signed nobody in: nobody here has it."""
    return _("Zu Ihrem Dienstkonto gibt es hier keine Person. Wenden Sie sich an die Administration von Impuls.")


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One signed-in browser in the list."""

    id: uuid.UUID
    method: str
    begun: str
    ends: str
    is_this: bool


@dataclass(frozen=True, slots=True)
class AccountPage:
    """The account of the person who looks."""

    name: str
    facts: tuple[NamedFact, ...]
    sessions: tuple[SessionLine, ...]

    @property
    def has_other_sessions(self) -> bool:
        """True if there is more than this browser."""
        return any(not line.is_this for line in self.sessions)


def account_page(viewer: Viewer, sessions: tuple[OwnSession, ...]) -> AccountPage:
    """The page from what is known of the viewer."""
    facts = [
        NamedFact(_("Name"), viewer.name),
        NamedFact(_("Personalnummer"), viewer.hr_key),
        NamedFact(_("Organisationseinheit"), viewer.unit_name),
    ]
    if viewer.roles:
        roles = dict.fromkeys(role_text(grant.role) for grant in viewer.roles)
        facts.append(NamedFact(_("Aufgaben in Impuls"), ", ".join(roles)))
    lines = tuple(
        SessionLine(
            one.id,
            method_text(one.method),
            moment_text(one.signed_in_at),
            moment_text(one.ends_at),
            one.id == viewer.session_id,
        )
        for one in sessions
    )
    return AccountPage(viewer.name, tuple(facts), lines)


def role_text(role: Role) -> str:
    """A role as people call it."""
    match role:
        case Role.EMPLOYEE:
            return _("Beschäftigte")
        case Role.TRAINER:
            return _("Kursverantwortliche")
        case Role.TEAM_LEAD:
            return _("Führungskraft")
        case Role.HR:
            return _("Personalentwicklung")
        case Role.WORKS_COUNCIL:
            return _("Personalrat")
        case Role.DATA_PROTECTION:
            return _("Datenschutz")
        case Role.ADMINISTRATOR:
            return _("Administration")
        case _:
            assert_never(role)


def method_text(method: Method) -> str:
    """How somebody has signed in, in words."""
    match method:
        case Method.PASSWORD:
            return _("mit Passwort")
        case Method.LINK:
            return _("mit einem Einladungslink")
        case Method.OPENID | Method.PROXY:
            return _("mit dem Dienstkonto")
        case _:
            assert_never(method)


def change_password_fields(account: str, mistakes: tuple[str, ...]) -> tuple[TextField, ...]:
    """The fields to change a password, with the mistakes of the current one, the new one and its repetition."""
    current, *of_new = mistakes
    name, new, repetition = new_password_fields(account, (of_new[0], of_new[1]))
    before = password_field("bisher", _("Bisheriges Passwort"), mistake=current, is_current=True)
    return (name, before, new, repetition)


def new_password_fields(account: str, mistakes: tuple[str, str]) -> tuple[TextField, TextField, TextField]:
    """Account name for password managers, the new password and its repetition."""
    hint = _("Mindestens %(number)d Zeichen. Gut sind vier oder mehr Wörter, die nichts miteinander zu tun haben.")
    return (
        TextField("name", _("Kontoname"), value=account, autocomplete="username", is_fixed=True),
        password_field("kennwort", _("Neues Passwort"), hint=hint % {"number": SHORTEST}, mistake=mistakes[0]),
        password_field("wiederholung", _("Neues Passwort wiederholen"), mistake=mistakes[1]),
    )


def password_field(name: str, label: str, *, hint: str = "", mistake: str = "", is_current: bool = False) -> TextField:
    """A password to type in, always empty; `is_current` tells password managers that it is the one in use."""
    return TextField(
        name,
        label,
        type="password",
        hint=hint,
        mistake=mistake,
        autocomplete="current-password" if is_current else "new-password",
        longest=LONGEST_PASSWORD,
    )


def password_mistakes(password: str, repetition: str, *, names: tuple[str, ...]) -> tuple[str, str]:
    """What is wrong with a new password and with its repetition; both empty: nothing."""
    found = weaknesses(password, names=names)
    mistake = weakness_text(found[0]) if found else ""
    differs = "" if found or password == repetition else _("Die beiden Eingaben sind verschieden.")
    return mistake, differs


def weakness_text(weakness: Weakness) -> str:
    """Why a password is refused and what to do."""
    match weakness:
        case Weakness.TOO_SHORT:
            return _("Das Passwort braucht mindestens %(number)d Zeichen.", number=SHORTEST)
        case Weakness.TOO_LONG:
            return _("Das Passwort darf höchstens %(number)d Zeichen haben.", number=LONGEST)
        case Weakness.COMMON:
            return _("Dieses Passwort ist leicht zu erraten, weil viele es benutzen. Wählen Sie andere Wörter.")
        case Weakness.OWN_NAME:
            return _("Das Passwort besteht fast nur aus Ihrem Namen. Wählen Sie andere Wörter.")
        case Weakness.MONOTONOUS:
            return _("Das Passwort wiederholt wenige Zeichen oder zählt nur auf. Wählen Sie andere Wörter.")
        case _:
            assert_never(weakness)

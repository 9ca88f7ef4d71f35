"""Commands for who runs an installation: the database, units and people, their first role and links.

What changes people later is in `person_commands`. Every change of a person is written into the audit log.
"""

import datetime
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar, assert_never

import click
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session as Work

from learning import audit, clock, paths
from learning.database import make_engine, work
from learning.language import without_pages
from learning.people import accounts
from learning.people.accounts import NewGrant, NewPerson
from learning.people.letters import link_address
from learning.people.links import Purpose, make_link
from learning.people.mailing import Outcome, ask_for_letter, send_letter, stop_letters
from learning.people.membership import LastAdministrator, UnknownGrant, keep_an_administrator
from learning.people.models import Person
from learning.people.roles import COMMAND_LINE, Role
from learning.people.words import HR_KEY, MAIL, NAME
from learning.schema import is_current, migrate
from learning.settings import ProductSettings, UnusableSettings, read_settings

Answer = TypeVar("Answer")


def settings_from_environment() -> ProductSettings:
    """The settings of this installation, or the list of what is wrong with them."""
    try:
        return read_settings(os.environ, data=paths.data())
    except UnusableSettings as error:
        raise click.ClickException("So kann Impuls nicht starten:\n" + str(error)) from error


def open_engine(settings: ProductSettings) -> Engine:
    """The database of this installation, which has to be up to date."""
    engine = make_engine(settings.database_url)
    with explained():
        if is_current(engine):
            return engine
    raise click.ClickException("Die Datenbank ist nicht auf dem Stand dieser Version. Abhilfe: impuls migrate")


@contextmanager
def explained() -> Iterator[None]:
    """What to do where the database cannot be opened, instead of a trace."""
    try:
        yield
    except OperationalError as error:
        reason = str(error.orig).strip().partition("\n")[0]
        raise click.ClickException(
            f"Die Datenbank ist nicht erreichbar ({reason}). Läuft sie, und stimmt IMPULS_DATABASE_URL?"
        ) from error


@click.command("migrate", short_help="Bringt die Datenbank auf den Stand dieser Version.")
def migrate_command() -> None:
    """Bringt die Datenbank auf den Stand dieser Version; von einer SQLite-Datenbank entsteht vorher eine Kopie."""
    settings = settings_from_environment()
    settings.data.mkdir(parents=True, exist_ok=True)
    engine = make_engine(settings.database_url)
    with explained():
        copied = migrate(engine)
    if copied:
        click.echo(f"Kopie vor der Änderung: {copied}")
    click.echo("Die Datenbank ist auf dem Stand dieser Version.")


@click.group(short_help="Organisationseinheiten, Personen, Rollen und Einladungen.")
def people() -> None:
    """Legt Organisationseinheiten und Personen an, vergibt Rollen und macht Einladungslinks."""


def done(function: Callable[[Work], Answer]) -> Answer:
    """`function` as one unit of work, what it refuses as a message."""
    engine = open_engine(settings_from_environment())
    try:
        return work(engine, function)
    except accounts.UnknownUnit as error:
        raise click.ClickException(f"Eine Organisationseinheit mit dem Schlüssel {error} gibt es nicht.") from error
    except accounts.UnknownPerson as error:
        raise click.ClickException(f"Eine aktive Person mit der Personalnummer {error} gibt es nicht.") from error
    except accounts.TakenKey as error:
        raise click.ClickException(f"{error} ist schon vergeben.") from error
    except LastAdministrator as error:
        raise click.ClickException(
            "Dann verwaltet niemand mehr Impuls. Geben Sie die Rolle administrator zuerst jemand anderem."
        ) from error
    except UnknownGrant as error:
        raise click.ClickException(f"Die Rolle {error} hat diese Person dort nicht.") from error
    except accounts.UnitNeeded as error:
        raise click.ClickException("Diese Rolle gilt für eine Organisationseinheit: --unit nennt sie.") from error
    finally:
        engine.dispose()


PRINT = click.option(
    "--print", "is_printed", is_flag=True, help="Den Link drucken, auch wenn Mails verschickt werden könnten."
)


@people.command("add-unit")
@click.argument("hr_key", type=HR_KEY, metavar="SCHLÜSSEL")
@click.argument("name", type=NAME)
@click.option("--parent", type=HR_KEY, metavar="SCHLÜSSEL", help="Die Organisationseinheit darüber.")
def add_unit(hr_key: str, name: str, parent: str | None) -> None:
    """Legt eine Organisationseinheit an."""
    done(lambda session: accounts.add_unit(session, hr_key, name, parent=parent))
    click.echo(f"Angelegt: {name} ({hr_key})")


@people.command("add")
@click.argument("hr_key", type=HR_KEY, metavar="PERSONALNUMMER")
@click.argument("given_name", type=NAME, metavar="VORNAME")
@click.argument("family_name", type=NAME, metavar="NACHNAME")
@click.option("--mail", type=MAIL, required=True, help="Dienstliche Mailadresse.")
@click.option("--unit", required=True, type=HR_KEY, metavar="SCHLÜSSEL", help="Die Organisationseinheit der Person.")
@click.option("--joined", type=click.DateTime(["%Y-%m-%d"]), help="Tag des Eintritts, zum Beispiel 2026-11-01.")
@PRINT
def add(
    hr_key: str,
    given_name: str,
    family_name: str,
    mail: str,
    unit: str,
    joined: datetime.datetime | None,
    *,
    is_printed: bool,
) -> None:
    """Legt eine Person an und schickt oder druckt ihren Einladungslink."""
    new = NewPerson(hr_key, given_name, family_name, mail, unit, joined.date() if joined else None)

    def add_one(session: Work) -> Person:
        person = accounts.add_person(session, new)
        note(session, person, "person.add")
        return person

    hand_over(add_one, Purpose.INVITATION, is_printed=is_printed)


@people.command("grant")
@click.argument("hr_key", type=HR_KEY, metavar="PERSONALNUMMER")
@click.argument("role", type=click.Choice([role.value for role in Role if role is not Role.EMPLOYEE]), metavar="ROLLE")
@click.option(
    "--unit", type=HR_KEY, metavar="SCHLÜSSEL", help="Für Führungskräfte und Personalentwicklung: wofür die Rolle gilt."
)
@click.option("--with-sub-units", is_flag=True, help="Auch für alles darunter.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Letzter Tag, zum Beispiel für eine Vertretung.")
def grant(hr_key: str, role: str, unit: str | None, *, with_sub_units: bool, until: datetime.datetime | None) -> None:
    """Gibt einer Person eine Rolle: trainer, team_lead, hr, works_council, data_protection, administrator."""
    new = NewGrant(Role(role), unit, with_sub_units, until.date() if until else None)

    def grant_one(session: Work) -> None:
        person = accounts.person_by_key(session, hr_key)
        if new.role is Role.ADMINISTRATOR and new.until:
            keep_an_administrator(session, without=person.key)
        accounts.grant_role(session, person, new, now=clock.now())
        note(session, person, "role.grant", scope=f"{role} {unit or ''}".strip())

    done(grant_one)
    click.echo(f"{hr_key} hat jetzt die Rolle {role}.")


@people.command("invite")
@click.argument("hr_key", type=HR_KEY, metavar="PERSONALNUMMER")
@PRINT
def invite(hr_key: str, *, is_printed: bool) -> None:
    """Schickt oder druckt einen neuen Einladungslink; ältere gelten nicht mehr."""
    hand_over(lambda session: accounts.person_by_key(session, hr_key), Purpose.INVITATION, is_printed=is_printed)


@people.command("reset")
@click.argument("hr_key", type=HR_KEY, metavar="PERSONALNUMMER")
@PRINT
def reset(hr_key: str, *, is_printed: bool) -> None:
    """Schickt oder druckt einen Link, mit dem eine Person ein neues Passwort wählt; ältere Links gelten nicht mehr."""
    hand_over(lambda session: accounts.person_by_key(session, hr_key), Purpose.RESET, is_printed=is_printed)


@people.command("add-admin")
@click.argument("hr_key", type=HR_KEY, metavar="PERSONALNUMMER")
@click.argument("given_name", type=NAME, metavar="VORNAME")
@click.argument("family_name", type=NAME, metavar="NACHNAME")
@click.option("--mail", type=MAIL, required=True, help="Dienstliche Mailadresse.")
@click.option(
    "--unit-name", type=NAME, default="Behörde", show_default=True, help="Name der obersten Organisationseinheit."
)
def add_admin(hr_key: str, given_name: str, family_name: str, mail: str, unit_name: str) -> None:
    """Legt die erste Person mit der Rolle administrator an und druckt ihren Einladungslink."""

    def add_all(session: Work) -> Person:
        unit = accounts.top_unit(session) or accounts.add_unit(session, "1", unit_name)
        person: Person = accounts.add_person(session, NewPerson(hr_key, given_name, family_name, mail, unit.hr_key))
        note(session, person, "person.add")
        accounts.grant_role(session, person, NewGrant(Role.ADMINISTRATOR), now=clock.now())
        note(session, person, "role.grant", scope=Role.ADMINISTRATOR.value)
        return person

    hand_over(add_all, Purpose.INVITATION, is_printed=True)


def hand_over(find: Callable[[Work], Person], purpose: Purpose, *, is_printed: bool) -> None:
    """Let a person have a link: by mail where that is configured, printed where it is not or printing is wanted."""
    settings = settings_from_environment()
    by_mail = settings.mail is not None and not is_printed

    def prepare(session: Work) -> tuple[Person, str, int]:
        person = find(session)
        note(session, person, f"person.{purpose.value}")
        if by_mail:
            return person, "", ask_for_letter(session, person.key, purpose, now=clock.now())
        stop_letters(session, person.key)
        return person, make_link(session, person.key, purpose, now=clock.now()), 0

    person, token, letter_key = done(prepare)
    if by_mail:
        post_letter(settings, person, letter_key)
    else:
        click.echo(f"Einmal-Link für {person.given_name} {person.family_name} ({person.hr_key}):")
        click.echo(link_address(settings, token))


def post_letter(settings: ProductSettings, person: Person, key: int) -> None:
    """Send a letter that is written down already, and say what became of it."""
    engine = open_engine(settings)
    try:
        with without_pages().app_context():
            delivery = send_letter(engine, settings, key, now=clock.now())
    finally:
        engine.dispose()
    mend = f"Oder drucken Sie den Link und geben ihn selbst weiter: impuls people invite {person.hr_key} --print"
    match delivery.outcome:
        case Outcome.SENT:
            click.echo(f"Der Link ist unterwegs an {person.mail}.")
        case Outcome.WAITING:
            raise click.ClickException(
                f"Die Mail ist noch nicht verschickt: {delivery.reason}\n"
                f"impuls serve versucht es drei Tage lang weiter. {mend}"
            )
        case Outcome.GIVEN_UP:
            raise click.ClickException(f"Der Mailserver nimmt die Mail nicht an: {delivery.reason}\n{mend}")
        case Outcome.NOBODY:
            click.echo("Eine andere Ausführung von Impuls verschickt die Mail gerade.")
        case _:
            assert_never(delivery.outcome)


def note(session: Work, person: Person, action: str, *, scope: str = "") -> None:
    """Write into the audit log what the command line did to a person."""
    audit.record(
        session,
        actor=None,
        role=COMMAND_LINE,
        action=action,
        object_type="person",
        object_id=str(person.id),
        subjects=(person.key,),
        scope=scope,
        now=clock.now(),
    )

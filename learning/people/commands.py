"""Commands for who runs an installation: the database, units and people, their roles and links."""

import datetime
import os
from collections.abc import Callable
from typing import TypeVar

import click
from sqlalchemy import Engine
from sqlalchemy.orm import Session as Work

from learning import clock, paths
from learning.database import make_engine, work
from learning.people import accounts
from learning.people.accounts import NewGrant, NewPerson
from learning.people.links import Purpose, make_link
from learning.people.models import Person
from learning.people.openid import unlink
from learning.people.roles import Role
from learning.people.sessions import end_other_sessions
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
    if not is_current(engine):
        raise click.ClickException("Die Datenbank ist nicht auf dem Stand dieser Version. Abhilfe: impuls migrate")
    return engine


@click.command("migrate", short_help="Bringt die Datenbank auf den Stand dieser Version.")
def migrate_command() -> None:
    """Bringt die Datenbank auf den Stand dieser Version; von einer SQLite-Datenbank entsteht vorher eine Kopie."""
    settings = settings_from_environment()
    settings.data.mkdir(parents=True, exist_ok=True)
    engine = make_engine(settings.database_url)
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
    except accounts.UnitNeeded as error:
        raise click.ClickException("Diese Rolle gilt für eine Organisationseinheit: --unit nennt sie.") from error
    finally:
        engine.dispose()


@people.command("add-unit")
@click.argument("hr_key", metavar="SCHLÜSSEL")
@click.argument("name")
@click.option("--parent", metavar="SCHLÜSSEL", help="Die Organisationseinheit darüber.")
def add_unit(hr_key: str, name: str, parent: str | None) -> None:
    """Legt eine Organisationseinheit an."""
    done(lambda session: accounts.add_unit(session, hr_key, name, parent=parent))
    click.echo(f"Angelegt: {name} ({hr_key})")


@people.command("add")
@click.argument("hr_key", metavar="PERSONALNUMMER")
@click.argument("given_name", metavar="VORNAME")
@click.argument("family_name", metavar="NACHNAME")
@click.option("--mail", required=True, help="Dienstliche Mailadresse.")
@click.option("--unit", required=True, metavar="SCHLÜSSEL", help="Die Organisationseinheit der Person.")
@click.option("--joined", type=click.DateTime(["%Y-%m-%d"]), help="Tag des Eintritts, zum Beispiel 2026-11-01.")
def add(hr_key: str, given_name: str, family_name: str, mail: str, unit: str, joined: datetime.datetime | None) -> None:
    """Legt eine Person an und druckt ihren Einladungslink."""
    new = NewPerson(hr_key, given_name, family_name, mail, unit, joined.date() if joined else None)
    settings = settings_from_environment()

    def add_and_invite(session: Work) -> str:
        person = accounts.add_person(session, new)
        return make_link(session, person.key, Purpose.INVITATION, now=clock.now())

    announce_link(settings, done(add_and_invite), f"{given_name} {family_name}")


@people.command("grant")
@click.argument("hr_key", metavar="PERSONALNUMMER")
@click.argument("role", type=click.Choice([role.value for role in Role if role is not Role.EMPLOYEE]), metavar="ROLLE")
@click.option("--unit", metavar="SCHLÜSSEL", help="Für Führungskräfte und Personalentwicklung: wofür die Rolle gilt.")
@click.option("--with-sub-units", is_flag=True, help="Auch für alles darunter.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Letzter Tag, zum Beispiel für eine Vertretung.")
def grant(hr_key: str, role: str, unit: str | None, *, with_sub_units: bool, until: datetime.datetime | None) -> None:
    """Gibt einer Person eine Rolle: trainer, team_lead, hr, works_council, data_protection, administrator."""
    new = NewGrant(Role(role), unit, with_sub_units, until.date() if until else None)
    done(lambda session: accounts.grant_role(session, accounts.person_by_key(session, hr_key), new, now=clock.now()))
    click.echo(f"{hr_key} hat jetzt die Rolle {role}.")


@people.command("invite")
@click.argument("hr_key", metavar="PERSONALNUMMER")
def invite(hr_key: str) -> None:
    """Druckt einen neuen Einladungslink; ältere gelten nicht mehr."""
    announce_link(
        settings_from_environment(), done(lambda session: new_link(session, hr_key, Purpose.INVITATION)), hr_key
    )


@people.command("reset")
@click.argument("hr_key", metavar="PERSONALNUMMER")
def reset(hr_key: str) -> None:
    """Druckt einen Link, mit dem eine Person ein neues Passwort wählt; ältere Links gelten nicht mehr."""
    announce_link(settings_from_environment(), done(lambda session: new_link(session, hr_key, Purpose.RESET)), hr_key)


@people.command("unlink")
@click.argument("hr_key", metavar="PERSONALNUMMER")
def unlink_account(hr_key: str) -> None:
    """Löst das Dienstkonto von einer Person und beendet ihre Sitzungen; die nächste Anmeldung verbindet es neu."""

    def unlink_and_end(session: Work) -> int:
        person = accounts.person_by_key(session, hr_key)
        end_other_sessions(session, person.key, None, now=clock.now())
        return unlink(session, person.key)

    found = done(unlink_and_end)
    click.echo(f"Gelöst: {hr_key}" if found else f"Mit {hr_key} war kein Dienstkonto verbunden.")


@people.command("add-admin")
@click.argument("hr_key", metavar="PERSONALNUMMER")
@click.argument("given_name", metavar="VORNAME")
@click.argument("family_name", metavar="NACHNAME")
@click.option("--mail", required=True, help="Dienstliche Mailadresse.")
@click.option("--unit-name", default="Behörde", show_default=True, help="Name der obersten Organisationseinheit.")
def add_admin(hr_key: str, given_name: str, family_name: str, mail: str, unit_name: str) -> None:
    """Legt die erste Person mit der Rolle administrator an und druckt ihren Einladungslink."""
    settings = settings_from_environment()

    def add_all(session: Work) -> str:
        unit = accounts.top_unit(session) or accounts.add_unit(session, "1", unit_name)
        person: Person = accounts.add_person(session, NewPerson(hr_key, given_name, family_name, mail, unit.hr_key))
        accounts.grant_role(session, person, NewGrant(Role.ADMINISTRATOR), now=clock.now())
        return make_link(session, person.key, Purpose.INVITATION, now=clock.now())

    announce_link(settings, done(add_all), f"{given_name} {family_name}")


def new_link(session: Work, hr_key: str, purpose: Purpose) -> str:
    """The token of a fresh link for a person."""
    return make_link(session, accounts.person_by_key(session, hr_key).key, purpose, now=clock.now())


def announce_link(settings: ProductSettings, token: str, whom: str) -> None:
    """Print the address that somebody hands over; it is shown once and kept nowhere."""
    click.echo(f"Einmal-Link für {whom}:")
    click.echo(f"{settings.public_url}/einladung/{token}")

"""Commands that change people who are there already: they leave and come back, roles end, everybody is listed."""

import datetime

import click
from sqlalchemy.orm import Session as Work

from learning import clock
from learning.people import accounts, membership, openid
from learning.people.commands import done, note, people
from learning.people.roles import Role
from learning.people.sessions import end_other_sessions
from learning.people.words import HR_KEY

__all__ = ["people"]
GRANTED = [role.value for role in Role if role is not Role.EMPLOYEE]


@people.command("deactivate")
@click.argument("hr_key", type=HR_KEY, metavar="PERSONALNUMMER")
@click.option("--left", type=click.DateTime(["%Y-%m-%d"]), help="Letzter Tag; heute, wenn er fehlt.")
def deactivate(hr_key: str, left: datetime.datetime | None) -> None:
    """Beendet den Zugang einer Person, die ausscheidet; ihre Sitzungen enden sofort, ihre Nachweise bleiben."""
    today = clock.today()
    left_on = left.date() if left else today

    def leave(session: Work) -> None:
        person = accounts.person_by_key(session, hr_key)
        if left_on > today:
            person.left_on = left_on  # The night after that day does the rest.
        else:
            membership.deactivate(session, person, left_on=left_on, now=clock.now())
        note(session, person, "person.deactivate", scope=left_on.isoformat())

    done(leave)
    if left_on > today:
        click.echo(f"{hr_key} kann sich noch bis zum {left_on:%d.%m.%Y} anmelden.")
    else:
        click.echo(f"{hr_key} kann sich nicht mehr anmelden. Offene Pflichten enden mit dem nächsten impuls sweep.")


@people.command("reactivate")
@click.argument("hr_key", type=HR_KEY, metavar="PERSONALNUMMER")
def reactivate(hr_key: str) -> None:
    """Öffnet den Zugang einer Person wieder, mit den Rollen von vorher; nach 30 Tagen braucht sie eine Einladung."""

    def come_back(session: Work) -> None:
        person = membership.person_by_any_key(session, hr_key)
        membership.reactivate(session, person)
        note(session, person, "person.reactivate")

    done(come_back)
    click.echo(f"{hr_key} kann sich wieder anmelden.")


@people.command("unlink")
@click.argument("hr_key", type=HR_KEY, metavar="PERSONALNUMMER")
def unlink(hr_key: str) -> None:
    """Löst das Dienstkonto von einer Person und beendet ihre Sitzungen; die nächste Anmeldung verbindet es neu."""

    def unlink_and_end(session: Work) -> int:
        person = membership.person_by_any_key(session, hr_key)
        end_other_sessions(session, person.key, None, now=clock.now())
        note(session, person, "person.unlink")
        return openid.unlink(session, person.key)

    found = done(unlink_and_end)
    click.echo(f"Gelöst: {hr_key}" if found else f"Mit {hr_key} war kein Dienstkonto verbunden.")


@people.command("revoke")
@click.argument("hr_key", type=HR_KEY, metavar="PERSONALNUMMER")
@click.argument("role", type=click.Choice(GRANTED), metavar="ROLLE")
@click.option(
    "--unit", type=HR_KEY, metavar="SCHLÜSSEL", help="Für Führungskräfte und Personalentwicklung: wofür die Rolle galt."
)
def revoke(hr_key: str, role: str, unit: str | None) -> None:
    """Nimmt einer Person eine Rolle; das gilt mit ihrem nächsten Klick."""

    def take_back(session: Work) -> None:
        person = membership.person_by_any_key(session, hr_key)
        membership.revoke_role(session, person, Role(role), unit)
        note(session, person, "role.revoke", scope=f"{role} {unit or ''}".strip())

    done(take_back)
    click.echo(f"{hr_key} hat die Rolle {role} nicht mehr.")


@people.command("list")
@click.option("--role", type=click.Choice(GRANTED), metavar="ROLLE", help="Nur wer diese Rolle heute hat.")
def list_people(role: str | None) -> None:
    """Zeigt alle Personen mit Organisationseinheit, Stand und Rollen; ein Plus heißt: auch alles darunter."""
    wanted = Role(role) if role else None
    for member in done(lambda session: membership.members(session, role=wanted, today=clock.today())):
        state = "" if member.is_active else "  [ausgeschieden]"
        roles = f"  ({', '.join(member.roles)})" if member.roles else ""
        click.echo(f"{member.hr_key}  {member.name}, {member.unit}{roles}{state}")

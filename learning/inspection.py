"""`impuls doctor`: the program's own files (`doctor`), then this installation: settings, database, worker, mail.

Nothing is changed or made to find out. What a fresh installation does not have yet is advice, not an error.
"""

import datetime
import os
from collections.abc import Iterator
from pathlib import Path

import click
from sqlalchemy import Engine, make_url, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from learning import clock, mail, paths
from learning.database import make_engine, work
from learning.doctor import Finding, State, examine, mark
from learning.jobs import JobRun, last_runs
from learning.people.membership import members
from learning.people.models import OutgoingMail, Person
from learning.people.roles import Role
from learning.schema import is_current
from learning.settings import (
    LOOPBACK,
    SHORTEST_SECRET,
    Encryption,
    MailSettings,
    ProductSettings,
    UnusableSettings,
    read_settings,
)

# The worker has a job every minute; a slow one before it may hold it up for a while.
FRESH = datetime.timedelta(minutes=5)


@click.command(short_help="Prüft die Installation und nennt, was fehlt.")
def doctor() -> None:
    """Prüft, ob diese Installation vollständig ist und läuft, und sagt, was zu tun ist. Ändert nichts.

    Endet mit Status 1, wenn etwas fehlt.
    """
    findings = [*examine(), *examine_installation()]
    for finding in findings:
        click.echo(f"{mark(finding.state)}  {finding.subject}: {finding.text}")
    if any(finding.state is State.BAD for finding in findings):
        raise SystemExit(1)


def examine_installation() -> Iterator[Finding]:
    """All findings; what cannot be looked at without something else is left out."""
    settings = _settings()
    if isinstance(settings, Finding):
        yield settings
        return
    yield Finding("Einstellungen", State.GOOD, f"{settings.authority}, {settings.public_url}")
    yield check_secret(settings)
    database, engine = check_database(settings)
    yield database
    if engine is not None:
        yield from check_facts(engine)
        engine.dispose()
    yield check_mail(settings.mail)


def _settings() -> ProductSettings | Finding:
    """The settings, without making the secret that a first start makes."""
    environment = dict(os.environ)
    if not has_secret(environment.get("IMPULS_SECRET_KEY", "")):
        environment["IMPULS_SECRET_KEY"] = "." * SHORTEST_SECRET
    try:
        return read_settings(environment, data=paths.data())
    except UnusableSettings as error:
        return Finding("Einstellungen", State.BAD, " ".join(error.problems))


def has_secret(named: str) -> bool:
    """True if the environment or the data folder holds the secret that signs cookies."""
    return bool(named) or (paths.data() / "secret").exists()


def check_secret(settings: ProductSettings) -> Finding:
    """There is a secret, so that sign-ins outlast a restart. Its form was checked with the settings."""
    subject = "Geheimer Schlüssel"
    if has_secret(os.environ.get("IMPULS_SECRET_KEY", "")):
        return Finding(subject, State.GOOD, "vorhanden und nur für dieses Konto lesbar")
    return Finding(subject, State.ADVICE, f"Der erste Start legt {settings.data / 'secret'} an.")


def check_database(settings: ProductSettings) -> tuple[Finding, Engine | None]:
    """The database answers and has the tables of this version; then also its engine."""
    subject, url = "Datenbank", make_url(settings.database_url)
    shown = url.render_as_string(hide_password=True)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        return Finding(subject, State.ADVICE, "Es gibt noch keine. Abhilfe: impuls migrate"), None
    engine = make_engine(settings.database_url)
    try:
        current = is_current(engine)
    except SQLAlchemyError as error:
        engine.dispose()
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        return Finding(subject, State.BAD, f"{shown} antwortet nicht: {reason}"), None
    if not current:
        engine.dispose()
        return Finding(subject, State.BAD, f"{shown} ist auf einem anderen Stand. Abhilfe: impuls migrate"), None
    return Finding(subject, State.GOOD, f"{shown}, auf dem Stand dieser Version"), engine


def check_facts(engine: Engine) -> list[Finding]:
    """What the database says: somebody administers, the worker runs, letters arrive."""

    def look(session: Session) -> list[Finding]:
        return [check_administrator(session), check_worker(last_runs(session)), check_letters(session)]

    return work(engine, look)


def check_administrator(session: Session) -> Finding:
    """Somebody active administers."""
    found = [one for one in members(session, role=Role.ADMINISTRATOR, today=clock.today()) if one.is_active]
    if not found:
        return Finding("Administration", State.ADVICE, "Niemand verwaltet Impuls. Abhilfe: impuls people add-admin")
    return Finding("Administration", State.GOOD, f"{len(found)} mit der Rolle administrator")


def check_worker(runs: tuple[JobRun, ...]) -> Finding:
    """Jobs ran just now, and none ended with an error."""
    subject = "Hintergrundarbeit"
    if not runs or clock.now() - max(run.finished_at for run in runs) > FRESH:
        return Finding(subject, State.ADVICE, "Seit fünf Minuten lief keine Aufgabe. Sie laufen mit impuls serve.")
    if failed := [f"{run.name} ({run.problem})" for run in runs if run.problem]:
        return Finding(subject, State.BAD, f"Zuletzt gescheitert: {', '.join(failed)}. Das Protokoll sagt mehr.")
    return Finding(subject, State.GOOD, f"{len(runs)} Aufgaben laufen")


def check_letters(session: Session) -> Finding:
    """No letter was given up."""
    statement = (
        select(Person.hr_key)
        .join(OutgoingMail, OutgoingMail.person_key == Person.key)
        .where(OutgoingMail.given_up_at.is_not(None))
        .order_by(Person.hr_key)
    )
    if lost := list(session.scalars(statement)):
        text = f"Nicht zustellbar an {', '.join(lost)}. Abhilfe: impuls people invite … --print"
        return Finding("Einladungen", State.ADVICE, text)
    return Finding("Einladungen", State.GOOD, "keine ist liegen geblieben")


def check_mail(settings: MailSettings | None) -> Finding:
    """The mail server answers and lets us in, where one is configured."""
    if settings is None:
        return Finding("Mail", State.ADVICE, "Kein Server eingestellt (IMPULS_MAIL_HOST); Links werden gedruckt.")
    try:
        mail.reach(settings)
    except mail.MailNotSent as error:
        return Finding("Mail", State.BAD, f"Der Server ist nicht erreichbar. {error}")
    place = f"{settings.host}:{settings.port}"
    if settings.encryption is Encryption.NONE and settings.host not in LOOPBACK:
        return Finding("Mail", State.ADVICE, f"{place} bekommt Mails unverschlüsselt; Links darin sind Schlüssel.")
    return Finding("Mail", State.GOOD, f"{place}, {settings.encryption.value}")

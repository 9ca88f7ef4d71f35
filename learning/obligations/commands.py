"""The commands `impuls sweep` and `impuls verify`: obligations kept in step; chains and totals proved to hold."""

import sys

import click
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from learning import audit, clock
from learning.database import work
from learning.obligations import actions, projection, proofs
from learning.obligations.sweeps import sweep_in_slices
from learning.people.commands import open_engine, settings_from_environment


@click.command("sweep", short_help="Öffnet, erfüllt und beendet Zeiträume von Pflichten.")
def sweep_command() -> None:
    """Öffnet, erfüllt und beendet Zeiträume von Pflichten; gedacht für jede Nacht, zweimal schadet nie."""
    now, today = clock.now(), clock.today()
    engine = open_engine(settings_from_environment())
    try:
        swept = sweep_in_slices(engine, today=today, now=now)
    finally:
        engine.dispose()
    click.echo(f"Zeiträume: {swept.opened} neu, {swept.fulfilled} erfüllt, {swept.closed} beendet.")


@click.command("verify", short_help="Prüft Nachweise und Übersichten gegen das, was aufgezeichnet ist.")
@click.option("--mend", "is_mending", is_flag=True, help="Übersichten neu zählen, wenn sie nicht stimmen.")
def verify_command(is_mending: bool) -> None:  # noqa: FBT001 - click hands options over like this.
    """Prüft Nachweise, Protokoll und Befreiungen, zählt die Übersichten nach; Status 1, wenn etwas nicht stimmt."""
    engine = open_engine(settings_from_environment())
    try:
        with Session(_snapshot(engine)) as session:
            findings = _findings(session)
        for line in findings:
            click.echo(line)
        if findings and is_mending:
            work(engine, lambda session: projection.rebuild_all(session, today=clock.today()))
            click.echo(
                "Die Übersichten sind neu gezählt. Nachweise, Befreiungen und Protokoll ändert dieser Befehl nie."
            )
    finally:
        engine.dispose()
    if findings:
        sys.exit(1)
    click.echo("Die Ketten von Nachweisen und Protokoll sind vollständig, Befreiungen und Übersichten stimmen.")


def _snapshot(engine: Engine) -> Engine:
    """The engine with transactions that see one moment, so that nothing changes between two readings."""
    if engine.dialect.name == "sqlite":
        return engine  # Its reading transactions are like that already.
    return engine.execution_options(isolation_level="REPEATABLE READ")


def _findings(session: Session) -> list[str]:
    """One line for everything that is wrong."""
    broken = [f"Nachweis {each.proof_key}: {_WORDS[each.fault]}" for each in proofs.verify_chain(session)]
    wrong = [
        f"Übersicht, Pflichtregel {rule}, Einheit {unit}, {state}: {stored} gezählt, {facts} aufgezeichnet"
        for rule, unit, _week, state, stored, facts in projection.differences(session)
    ]
    logged = [
        f"Protokoll, Eintrag {key}: Er ist nicht mehr, was geschrieben wurde." for key in _broken_entries(session)
    ]
    exempt = [
        f"Zeitraum {key}: Die Befreiung ist nicht die, die zuletzt eingetragen wurde."
        for key in actions.contradicting_exemptions(session)
    ]
    return broken + logged + exempt + wrong


def _broken_entries(session: Session) -> tuple[int, ...]:
    """Entries of the audit log that do not fit their chain. Those past their retention are tombstones by then."""
    return audit.verify(session, kept_since=clock.now() - audit.KEPT).broken


_WORDS = {
    proofs.Fault.GAP: "Der Nachweis davor fehlt oder ist ein anderer.",
    proofs.Fault.CHANGED: "Der Inhalt ist nicht mehr, was geschrieben wurde.",
    proofs.Fault.END: "Das Ende der Kette fehlt.",
}

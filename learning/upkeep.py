"""What runs by itself: the jobs of all features and the times after which data end. Composition only, and the command
that shows and runs the deletions.
"""

import datetime
from collections.abc import Callable, Mapping
from functools import partial

import click
from flask import Flask
from sqlalchemy.orm import Session

from learning import audit, clock
from learning.database import db, work
from learning.jobs import Counts, Job, every_minute, hourly, nightly
from learning.obligations.retention import erase_proofs
from learning.obligations.rules import local_day
from learning.obligations.sweeps import sweep_in_slices
from learning.people.commands import done
from learning.people.mailing import send_due
from learning.people.reset_views import SEND_MAIL
from learning.people.retention import forget_accounts, forget_sign_ins
from learning.people.web import product_settings
from learning.study.attempts.actions import close_all_over
from learning.study.attempts.queries import database_now
from learning.study.retention import forget_answers, forget_leavers, forget_progress

Timer = Callable[[Session, datetime.datetime], Mapping[str, int]]

# In this order: a course stays as long as its proof, a person as long as anything names them.
TIMERS: Mapping[str, Timer] = {
    "sign_ins": lambda session, now: forget_sign_ins(session, now=now),
    "answers": lambda session, now: forget_answers(session, now=now),
    "proofs": lambda session, now: erase_proofs(session, today=local_day(now), now=now),
    "progress": lambda session, now: forget_progress(session, today=local_day(now), now=now),
    "leavers": lambda session, now: forget_leavers(session, today=local_day(now)),
    "audit": lambda session, now: {"audit_entries": audit.erase_before(session, now - audit.KEPT)},
    "accounts": lambda session, now: forget_accounts(session, today=local_day(now), now=now),
}
# Ends that hide nothing that somebody could want to look up in the log of deletions.
UNLOGGED = frozenset({"sign_ins"})


def forget(session: Session, *, name: str, now: datetime.datetime) -> dict[str, int]:
    """Delete what one timer says is over. The audit log keeps that it ran and how much it took, of nobody by name."""
    counts = dict(TIMERS[name](session, now))
    if name not in UNLOGGED and any(counts.values()):
        audit.record(
            session,
            actor=None,
            role="",
            action="retention.run",
            object_type="timer",
            object_id=name,
            scope=", ".join(f"{key} {count}" for key, count in counts.items()),
            count=sum(counts.values()),
            now=now,
        )
    return counts


def forget_all(session: Session, *, now: datetime.datetime) -> dict[str, int]:
    """Every timer in its order, in one transaction; counts of all of them."""
    total: dict[str, int] = {}
    for name in TIMERS:
        for key, count in forget(session, name=name, now=now).items():
            total[key] = total.get(key, 0) + count
    return total


def run_timers(app: Flask, now: datetime.datetime) -> Counts:
    """The nightly job: one transaction for each timer, so that a long one does not hold up the others."""
    total: dict[str, int] = {}
    for name in TIMERS:
        for key, count in work(app, partial(forget, name=name, now=now)).items():
            total[key] = total.get(key, 0) + count
    return total


def close_attempts(_app: Flask, _now: datetime.datetime) -> Counts:
    """Hand in what ran out of time while no browser was open, by the clock of the database: this machine's may err."""
    return {"closed": close_all_over(db.engine, now=work(db.engine, database_now))}


def sweep_cycles(_app: Flask, now: datetime.datetime) -> Counts:
    """Keep periods of mandatory trainings in step with people, rules and proofs."""
    swept = sweep_in_slices(db.engine, today=local_day(now), now=now)
    return {"opened": swept.opened, "fulfilled": swept.fulfilled, "closed": swept.closed, "moved": swept.moved}


def forget_signing_in(app: Flask, now: datetime.datetime) -> Counts:
    """The short timers, once an hour."""
    return work(app, lambda session: forget(session, name="sign_ins", now=now))


def send_mail(_app: Flask, now: datetime.datetime) -> Counts:
    """Letters whose time has come."""
    return send_due(db.engine, product_settings(), now=now)


JOBS = (
    Job("close_attempts", close_attempts, every_minute),
    Job(SEND_MAIL, send_mail, every_minute),
    Job("forget_signing_in", forget_signing_in, hourly(7)),
    Job("sweep_cycles", sweep_cycles, nightly(0, 10)),
    Job("run_timers", run_timers, nightly(3, 30)),
)


class Rehearsal(Exception):
    """Ends the transaction of a rehearsal; nothing of it stays."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        super().__init__()
        self.counts = counts


@click.command("retention", short_help="Löscht, was nicht länger aufbewahrt wird.")
@click.option("--dry-run", "is_rehearsal", is_flag=True, help="Nur zählen, nichts löschen.")
def retention_command(*, is_rehearsal: bool) -> None:
    """Löscht, was nicht länger aufbewahrt wird, und nennt Zahlen; `serve` tut es jede Nacht von selbst."""
    now = clock.now()

    def forget_or_rehearse(session: Session) -> Mapping[str, int]:
        counts = forget_all(session, now=now)
        if is_rehearsal:
            raise Rehearsal(counts)
        return counts

    try:
        counts = done(forget_or_rehearse)
    except Rehearsal as rehearsal:
        counts = rehearsal.counts
    for name, count in counts.items():
        click.echo(f"{name}: {count}")
    click.echo("Nichts wurde gelöscht." if is_rehearsal else "Gelöscht.")

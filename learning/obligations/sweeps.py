"""A sweep of many people in slices: each is a unit of work of its own, so other writers wait for one slice at most.

A sweep may stop anywhere and be done again; a slice that was swept finds nothing to do.
"""

import datetime
from dataclasses import replace

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from learning.database import work
from learning.obligations import cycles, projection
from learning.obligations.cycles import EVERYTHING, Reach, Swept
from learning.people.models import Person

SLICE = 2000
LAST_KEY = 2**31 - 1


def sweep_in_slices(
    engine: Engine, reach: Reach = EVERYTHING, *, today: datetime.date, now: datetime.datetime, size: int | None = None
) -> Swept:
    """`cycles.sweep` over everybody, a slice at a time; the sum of what the slices did.

    Afterwards the totals of the rules are those of today, counted a rule at a time.
    """
    done = Swept()
    for span in work(engine, lambda session: spans(session, size=size)):
        done += _sweep(engine, replace(reach, span=span), today=today, now=now)
    for rule_key in work(engine, lambda session: projection.rules_behind(session, today=today)):
        if reach.rules is None or rule_key in reach.rules:
            _count(engine, rule_key, today=today)
    return done


def _count(engine: Engine, rule_key: int, *, today: datetime.date) -> None:
    def count(session: Session) -> None:
        projection.rebuild(session, today=today, rule_keys=projection.lock_rules(session, [rule_key]))

    work(engine, count)


def _sweep(engine: Engine, reach: Reach, *, today: datetime.date, now: datetime.datetime) -> Swept:
    return work(engine, lambda session: cycles.sweep(session, reach, today=today, now=now))


def spans(session: Session, *, size: int | None = None) -> list[tuple[int, int]]:
    """First and last person key of each slice; together they hold everybody, those who come meanwhile included."""
    place = func.row_number().over(order_by=Person.key).label("place")
    size = size or SLICE
    people = select(Person.key, place).subquery()
    firsts = session.scalars(select(people.c.key).where((people.c.place - 1) % size == 0).order_by(people.c.key)).all()
    lasts = [first - 1 for first in firsts[1:]]
    return list(zip(firsts, [*lasts, LAST_KEY], strict=True)) if firsts else []

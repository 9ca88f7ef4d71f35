"""Slows down guessing at every door: failed tries are counted in the database, so it holds over several processes.

Nobody is locked out: after some free tries each further one has to wait, a minute at most. What is counted is a keyed
hash of the account or of the address block, kept for one hour.
"""

import datetime
import hashlib
import hmac
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session as Work

from learning.database import upsert
from learning.people.models import Throttle

MEMORY = datetime.timedelta(hours=1)
LONGEST_WAIT = 60.0


@dataclass(frozen=True, slots=True)
class Door:
    """What is counted together. `free` tries cost nothing; each further one doubles the wait, up to a minute."""

    subject: str
    free: int


# Free tries: at this account from this address, at this account from anywhere, from this address block.
SIGN_IN_TRIES = (5, 20, 60)
RESET_TRIES = (3, 5, 20)


def doors(
    secret: str, *, account: str, address: str, route: str = "", tries: tuple[int, int, int] = SIGN_IN_TRIES
) -> tuple[Door, Door, Door]:
    """The three counts of a try: this account from this address, this account from anywhere, this address block.

    From anywhere at most about 90 tries at one account are evaluated in an hour. Another `route` counts by itself.
    """
    block = address_block(address)
    name = account.strip().casefold()
    return (
        Door(_keyed(secret, f"{route}pair {name} {block}"), free=tries[0]),
        Door(_keyed(secret, f"{route}account {name}"), free=tries[1]),
        Door(_keyed(secret, f"{route}address {block}"), free=tries[2]),
    )


def address_block(address: str) -> str:
    """An IPv4 address itself, of IPv6 the /64 that one household or office has."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def _keyed(secret: str, text: str) -> str:
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def claim_try(work: Work, entrances: Sequence[Door], *, now: datetime.datetime) -> datetime.timedelta | None:
    """Count one try before it is evaluated. Answers how long to wait instead, None if it may be evaluated now.

    Counting comes first so that many tries at the same moment are not evaluated together.
    """
    rows: list[tuple[Door, int, datetime.datetime]] = []
    for door in sorted(entrances, key=lambda one: one.subject):  # One order for all, so that nobody waits crosswise.
        fresh = {"subject": door.subject, "tries": 0, "first_at": now, "next_at": now}
        upsert(work, Throttle, fresh, unique=("subject",))
        row = work.execute(
            select(Throttle.tries, Throttle.first_at, Throttle.next_at)
            .where(Throttle.subject == door.subject)
            .with_for_update()
        ).one()
        is_over = now - row.first_at >= MEMORY
        if row.next_at > now and not is_over:
            wait: datetime.timedelta = row.next_at - now
            return wait
        rows.append((door, 0 if is_over else row.tries, now if is_over else row.first_at))
    for door, tries, first_at in rows:
        waiting = datetime.timedelta(seconds=wait_seconds(tries + 1, free=door.free))
        work.execute(
            update(Throttle)
            .where(Throttle.subject == door.subject)
            .values(tries=tries + 1, first_at=first_at, next_at=now + waiting)
        )
    return None


def wait_seconds(tries: int, *, free: int) -> float:
    """How long the next try has to wait after `tries` of them."""
    return 0.0 if tries < free else min(2.0 ** (tries - free), LONGEST_WAIT)


def forgive(work: Work, entrances: Sequence[Door]) -> None:
    """Forget the tries at an account that its owner has just opened; the address block keeps its count."""
    subjects = [door.subject for door in entrances[:2]]
    work.execute(delete(Throttle).where(Throttle.subject.in_(subjects)))


def forget_old_tries(work: Work, *, now: datetime.datetime) -> int:
    """Delete what is older than an hour; answers how many rows."""
    result = work.execute(delete(Throttle).where(Throttle.first_at <= now - MEMORY))
    return int(getattr(result, "rowcount", 0))

"""Obligations over time as pure functions: status, due dates, recurrence, when a rule's numbers fit together.

Days only, no moments and no database: a day of a deadline ends at midnight in Berlin, and which day it is there says
`learning.clock.today`. `status_sql` holds the same status as an expression; a property test holds the two equal.
"""

import datetime
import math
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import assert_never

from learning.clock import LOCAL

SOON_DAYS = 14
LEAST_DAYS = 7
LEARNING_MINUTES_A_WORKING_DAY = 15
DAY = datetime.timedelta(days=1)


class Status(StrEnum):
    """What a cycle is on a day. Nothing is ever "failed": completing late fulfils as well."""

    UPCOMING = "upcoming"
    OPEN = "open"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    FULFILLED = "fulfilled"
    SUSPENDED = "suspended"
    EXEMPT = "exempt"
    CLOSED = "closed"


class Anchor(StrEnum):
    """From when the days of a first due date are counted; `FIXED` names the day itself."""

    RULE_START = "rule_start"
    JOINING = "joining"
    FIXED = "fixed"


class Basis(StrEnum):
    """From what the next due date follows."""

    ONCE = "once"
    COMPLETION = "completion"
    DUE = "due"
    SEASON = "season"


class ClosingReason(StrEnum):
    """Why a cycle ended without the person's doing."""

    LEFT = "left"
    AUDIENCE = "audience"
    RULE_ENDED = "rule_ended"
    PROOF_CORRECTED = "proof_corrected"


class Conflict(StrEnum):
    """What does not fit together in a recurrence; the words for it belong to the form."""

    PERIOD_MISSING = "period_missing"
    WINDOW_LONGER_THAN_MIN_ACTIVE = "window_longer_than_min_active"
    MIN_ACTIVE_LONGER_THAN_PERIOD = "min_active_longer_than_period"
    NEGATIVE = "negative"
    NO_SUCH_DAY = "no_such_day"
    DUE_DATE_MISSING = "due_date_missing"
    ENDS_BEFORE_IT_BEGINS = "ends_before_it_begins"
    AUDIENCE_UNCLEAR = "audience_unclear"


@dataclass(frozen=True, slots=True)
class CycleDates:
    """The facts of a cycle that its status needs."""

    opens_on: datetime.date
    due_on: datetime.date
    closed_on: datetime.date | None = None
    exempt_from: datetime.date | None = None
    exempt_until: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class Completion:
    """The proof that a cycle counts, as far as its status needs it."""

    completed_on: datetime.date


@dataclass(frozen=True, slots=True)
class Absence:
    """A suspension, both days included. Absences of one person never overlap."""

    from_on: datetime.date
    until_on: datetime.date


@dataclass(frozen=True, slots=True)
class Recurrence:
    """How often a rule asks. `window_days` before a proof expires the next cycle opens.

    `min_active_days`: who completed less than this before the day of a season is not asked again that year.
    """

    basis: Basis
    period_months: int = 0
    window_days: int = 0
    min_active_days: int = 0
    season_month: int = 1
    season_day: int = 1


@dataclass(frozen=True, slots=True)
class NextCycle:
    """When the next cycle opens and is due; its due date is the day until which the present proof is valid."""

    opens_on: datetime.date
    due_on: datetime.date


def status(cycle: CycleDates, proof: Completion | None, suspensions: Iterable[Absence], today: datetime.date) -> Status:
    """The status on a day. Closed goes before fulfilled, then exempt, suspended, and what the dates say."""
    if cycle.closed_on is not None and cycle.closed_on <= today:
        return Status.CLOSED
    if proof is not None and proof.completed_on <= today:
        return Status.FULFILLED
    if is_exempt(cycle, today):
        return Status.EXEMPT
    absences = list(suspensions)
    if any(absence.from_on <= today <= absence.until_on for absence in absences):
        return Status.SUSPENDED
    return status_by_dates(cycle.opens_on, effective_due_on(cycle.opens_on, cycle.due_on, absences), today)


def is_exempt(cycle: CycleDates, today: datetime.date) -> bool:
    """True within the exemption; without an end it lasts."""
    if cycle.exempt_from is None or today < cycle.exempt_from:
        return False
    return cycle.exempt_until is None or today <= cycle.exempt_until


def status_by_dates(opens_on: datetime.date, effective_due: datetime.date, today: datetime.date) -> Status:
    """What an unfulfilled, unhindered cycle is; the day of the due date is still in time."""
    if today < opens_on:
        return Status.UPCOMING
    if today > effective_due:
        return Status.OVERDUE
    return Status.DUE_SOON if today >= effective_due - SOON_DAYS * DAY else Status.OPEN


def effective_due_on(opens_on: datetime.date, due_on: datetime.date, suspensions: Iterable[Absence]) -> datetime.date:
    """The due date, put off by every day of suspension from the opening until it is reached.

    A suspension that begins after the due date as put off so far changes nothing any more.
    """
    due = due_on
    for absence in sorted(suspensions, key=lambda absence: absence.from_on):
        if absence.until_on < opens_on:
            continue
        if absence.from_on > due:
            break
        due += absence.until_on - max(absence.from_on, opens_on) + DAY
    return due


def end_of_day(day: datetime.date) -> datetime.datetime:
    """The moment at which a due date is over: the beginning of the next day in Berlin, in UTC.

    On days with a clock change the day has 23 or 25 hours, so this is not "24 hours after its beginning".
    """
    return datetime.datetime.combine(day + DAY, datetime.time(), LOCAL).astimezone(datetime.UTC)


def local_day(moment: datetime.datetime) -> datetime.date:
    """The day that a calendar in Berlin shows at that moment."""
    return moment.astimezone(LOCAL).date()


def add_months(day: datetime.date, months: int) -> datetime.date:
    """The same day of a later (or earlier) month; where it has no such day, its last one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return datetime.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def next_cycle(
    recurrence: Recurrence, *, completed_on: datetime.date, effective_due: datetime.date
) -> NextCycle | None:
    """The cycle after a fulfilled one, None where the rule asks once."""
    match recurrence.basis:
        case Basis.ONCE:
            return None
        case Basis.COMPLETION:
            due_on = add_months(completed_on, recurrence.period_months)
        case Basis.DUE:
            # Doing it early loses nothing; who was late gets the whole period all the same.
            due_on = add_months(max(effective_due, completed_on), recurrence.period_months)
        case Basis.SEASON:
            due_on = next_season_day(recurrence, completed_on)
        case _:
            assert_never(recurrence.basis)
    return NextCycle(opens_on=due_on - recurrence.window_days * DAY, due_on=due_on)


def next_season_day(recurrence: Recurrence, completed_on: datetime.date) -> datetime.date:
    """The first day of the season at which the completion is at least `min_active_days` old."""
    least = max(completed_on + recurrence.min_active_days * DAY, completed_on + DAY)
    for year in (least.year, least.year + 1):
        last = monthrange(year, recurrence.season_month)[1]
        day = datetime.date(year, recurrence.season_month, min(recurrence.season_day, last))
        if day >= least:
            return day
    raise AssertionError("every year has the day of the season")


def conflicts(recurrence: Recurrence) -> tuple[Conflict, ...]:
    """All that keeps `window <= min_active <= period` from holding; empty for a sound rule and for one that asks once.

    A period is counted by its shortest form, months of 28 days and years of 365.
    """
    if recurrence.basis is Basis.ONCE:
        return ()
    found = []
    if recurrence.period_months < 1 or (recurrence.basis is Basis.SEASON and recurrence.period_months != 12):
        found.append(Conflict.PERIOD_MISSING)
    if min(recurrence.window_days, recurrence.min_active_days) < 0:
        found.append(Conflict.NEGATIVE)
    if recurrence.window_days > recurrence.min_active_days:
        found.append(Conflict.WINDOW_LONGER_THAN_MIN_ACTIVE)
    if recurrence.min_active_days > shortest_period(recurrence.period_months):
        found.append(Conflict.MIN_ACTIVE_LONGER_THAN_PERIOD)
    if recurrence.basis is Basis.SEASON and not is_day_of_every_year(recurrence.season_month, recurrence.season_day):
        found.append(Conflict.NO_SUCH_DAY)
    return tuple(found)


def shortest_period(months: int) -> int:
    """The fewest days that so many months can have."""
    years, rest = divmod(months, 12)
    return years * 365 + rest * 28


def is_day_of_every_year(month: int, day: int) -> bool:
    """False for 29 February and for days that do not exist."""
    try:
        datetime.date(2025, month, day)
    except ValueError:
        return False
    return True


def realistic_days(minutes: int) -> int:
    """Days that a course of so many minutes needs at a quarter of an hour each working day; at least a week."""
    working_days = math.ceil(minutes / LEARNING_MINUTES_A_WORKING_DAY)
    return max(LEAST_DAYS, math.ceil(working_days * 7 / 5))


def first_due_on(
    anchor: Anchor,
    *,
    starts_on: datetime.date,
    opens_on: datetime.date,
    joined_on: datetime.date | None,
    days: int,
    fixed_due_on: datetime.date | None,
) -> datetime.date:
    """The first due date that a rule names.

    `opens_on` is the rule's start, or for who meets the rule later that day. Joining before the rule's start counts
    from the start, and so does a joining date that nobody knows.
    """
    match anchor:
        case Anchor.RULE_START:
            return opens_on + days * DAY
        case Anchor.JOINING:
            return max(joined_on or starts_on, starts_on) + days * DAY
        case Anchor.FIXED:
            assert fixed_due_on is not None, "a fixed anchor names its day"
            return fixed_due_on
        case _:
            assert_never(anchor)


def realistic_due_on(due_on: datetime.date, *, opens_on: datetime.date, days: int) -> datetime.date:
    """`due_on`, or the first day that leaves `days` from the opening: nobody is overdue on day one."""
    return max(due_on, opens_on + days * DAY)


def counts_from(
    recurrence: Recurrence, *, opens_on: datetime.date, counts_since: datetime.date | None
) -> datetime.date:
    """From which day on proofs count for a first cycle: the rule's "already done since", as far as still valid."""
    if counts_since is None or counts_since >= opens_on:
        return opens_on
    if recurrence.basis is Basis.ONCE:
        return counts_since
    return min(opens_on, max(counts_since, add_months(opens_on, -recurrence.period_months) + DAY))


def is_disjoint(absences: Iterable[Absence]) -> bool:
    """True where no two suspensions share a day."""
    ordered = sorted(absences, key=lambda absence: absence.from_on)
    return all(first.until_on < second.from_on for first, second in pairwise(ordered))

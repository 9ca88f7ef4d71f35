"""What was known of a cycle at the end of a day, and so its status as of that day: pure, days and moments only.

The status itself is `rules.status`; here it is only chosen which facts it is asked about. `facts_sql` is the same for
statements.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace

from learning.obligations.rules import Absence, Completion, CycleDates, Status, end_of_day, status


@dataclass(frozen=True, slots=True)
class SaidExemption:
    """What HR said about an exemption at a moment; without `from_on` that there is none any more."""

    from_on: datetime.date | None
    until_on: datetime.date | None
    recorded_at: datetime.datetime


@dataclass(frozen=True, slots=True)
class RecordedAbsence:
    """A suspension with the moments at which it was recorded and, where it was wrong, withdrawn."""

    absence: Absence
    recorded_at: datetime.datetime
    withdrawn_at: datetime.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleHistory:
    """All that was ever recorded of a cycle. `exemptions` are in the order in which they were said.

    `proof_recorded_at` belongs to `proof`; `closed_on` of `dates` and `followed_on` are the days of their recording.
    The exemption of `dates` is not looked at.
    """

    dates: CycleDates
    recorded_at: datetime.datetime
    proof: Completion | None = None
    proof_recorded_at: datetime.datetime | None = None
    followed_on: datetime.date | None = None
    exemptions: tuple[SaidExemption, ...] = ()
    absences: tuple[RecordedAbsence, ...] = ()


def status_as_of(history: CycleHistory, day: datetime.date) -> Status | None:
    """The status that the facts recorded until the end of the day say for it; None where the cycle did not count."""
    end = end_of_day(day)
    if history.recorded_at >= end or _is_over(history, day):
        return None
    proof = history.proof if history.proof_recorded_at is not None and history.proof_recorded_at < end else None
    said = [each for each in history.exemptions if each.recorded_at < end]
    exempt_from, exempt_until = (said[-1].from_on, said[-1].until_on) if said else (None, None)
    dates = replace(history.dates, closed_on=None, exempt_from=exempt_from, exempt_until=exempt_until)
    return status(dates, proof, absences_at(history.absences, end), day)


def absences_at(absences: Iterable[RecordedAbsence], end: datetime.datetime) -> tuple[Absence, ...]:
    """The suspensions that were recorded and not withdrawn before a moment."""
    return tuple(
        each.absence
        for each in absences
        if each.recorded_at < end and (each.withdrawn_at is None or each.withdrawn_at >= end)
    )


def _is_over(history: CycleHistory, day: datetime.date) -> bool:
    ends = (history.followed_on, history.dates.closed_on)
    return any(end is not None and end <= day for end in ends)

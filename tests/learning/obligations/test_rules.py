"""Due dates, recurrence and the numbers of a rule as pure functions."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.obligations import rules
from learning.obligations.rules import (
    Absence,
    Anchor,
    Basis,
    Completion,
    Conflict,
    CycleDates,
    NextCycle,
    Recurrence,
    Status,
)

DAY = datetime.timedelta(days=1)
OPENS = datetime.date(2026, 3, 1)
DUE = datetime.date(2026, 3, 31)
CYCLE = CycleDates(OPENS, DUE)
YEARLY = Recurrence(Basis.COMPLETION, period_months=12, window_days=60, min_active_days=60)
BY_DUE = Recurrence(Basis.DUE, period_months=12, window_days=60, min_active_days=60)
SEASON = Recurrence(Basis.SEASON, period_months=12, window_days=60, min_active_days=90, season_month=3, season_day=31)
dates = st.dates(datetime.date(2020, 1, 1), datetime.date(2035, 12, 31))


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (OPENS - DAY, Status.UPCOMING),
        (OPENS, Status.OPEN),
        (DUE - 15 * DAY, Status.OPEN),
        (DUE - 14 * DAY, Status.DUE_SOON),
        (DUE, Status.DUE_SOON),
        (DUE + DAY, Status.OVERDUE),
    ],
)
def test_the_day_of_the_deadline_is_still_in_time(today: datetime.date, expected: Status) -> None:
    assert rules.status(CYCLE, None, (), today) is expected


def test_completing_late_fulfils_the_cycle() -> None:
    assert rules.status(CYCLE, Completion(DUE + 40 * DAY), (), DUE + 39 * DAY) is Status.OVERDUE
    assert rules.status(CYCLE, Completion(DUE + 40 * DAY), (), DUE + 40 * DAY) is Status.FULFILLED


def test_closed_goes_before_fulfilled_and_exempt_before_suspended() -> None:
    away = (Absence(OPENS, DUE),)
    closed = CycleDates(OPENS, DUE, closed_on=DUE)
    assert rules.status(closed, Completion(OPENS), (), DUE) is Status.CLOSED
    assert rules.status(closed, Completion(OPENS), (), DUE - DAY) is Status.FULFILLED
    exempt = CycleDates(OPENS, DUE, exempt_from=OPENS, exempt_until=OPENS + 3 * DAY)
    assert rules.status(exempt, None, away, OPENS) is Status.EXEMPT
    assert rules.status(exempt, None, away, OPENS + 4 * DAY) is Status.SUSPENDED
    lasting = CycleDates(OPENS, DUE, exempt_from=OPENS)
    assert rules.status(lasting, None, (), DUE + 900 * DAY) is Status.EXEMPT


def test_a_suspension_puts_the_due_date_off_by_its_days_since_the_opening() -> None:
    assert rules.effective_due_on(OPENS, DUE, [Absence(OPENS - 10 * DAY, OPENS + 4 * DAY)]) == DUE + 5 * DAY
    assert rules.effective_due_on(OPENS, DUE, [Absence(DUE, DUE + 9 * DAY)]) == DUE + 10 * DAY
    assert rules.effective_due_on(OPENS, DUE, [Absence(DUE + DAY, DUE + 9 * DAY)]) == DUE
    assert rules.effective_due_on(OPENS, DUE, [Absence(OPENS - 9 * DAY, OPENS - DAY)]) == DUE


def test_a_suspension_after_a_put_off_due_date_counts_only_if_it_is_reached() -> None:
    first = Absence(DUE, DUE + 9 * DAY)
    assert rules.effective_due_on(OPENS, DUE, [Absence(DUE + 11 * DAY, DUE + 20 * DAY), first]) == DUE + 10 * DAY
    assert rules.effective_due_on(OPENS, DUE, [Absence(DUE + 10 * DAY, DUE + 19 * DAY), first]) == DUE + 20 * DAY


@pytest.mark.parametrize(
    ("day", "end"),
    [
        ("2026-10-24", "2026-10-24T22:00+00:00"),
        ("2026-10-25", "2026-10-25T23:00+00:00"),
        ("2027-03-28", "2027-03-28T22:00+00:00"),
        ("2026-11-12", "2026-11-12T23:00+00:00"),
    ],
)
def test_a_day_ends_at_midnight_in_berlin_also_when_clocks_change(day: str, end: str) -> None:
    date, moment = datetime.date.fromisoformat(day), datetime.datetime.fromisoformat(end)
    assert rules.end_of_day(date) == moment
    assert rules.local_day(moment - datetime.timedelta(seconds=1)) == date
    assert rules.local_day(moment) == date + DAY


@given(day=dates)
def test_every_moment_before_the_end_of_a_day_belongs_to_it(day: datetime.date) -> None:
    end = rules.end_of_day(day)
    assert rules.local_day(end - datetime.timedelta(microseconds=1)) == day
    assert rules.local_day(end) == day + DAY


def test_months_end_at_their_last_day() -> None:
    assert rules.add_months(datetime.date(2026, 8, 31), 6) == datetime.date(2027, 2, 28)
    assert rules.add_months(datetime.date(2024, 2, 29), 12) == datetime.date(2025, 2, 28)
    assert rules.add_months(datetime.date(2026, 1, 31), -2) == datetime.date(2025, 11, 30)


def test_a_rule_that_asks_once_has_no_next_cycle() -> None:
    assert rules.next_cycle(Recurrence(Basis.ONCE), completed_on=DUE, effective_due=DUE) is None


def test_a_period_runs_from_the_completion() -> None:
    due = datetime.date(2027, 3, 10)
    expected = NextCycle(due - 60 * DAY, due)
    assert rules.next_cycle(YEARLY, completed_on=datetime.date(2026, 3, 10), effective_due=DUE) == expected


def test_by_due_date_being_early_loses_nothing_and_being_late_gets_the_whole_period() -> None:
    early = rules.next_cycle(BY_DUE, completed_on=DUE - 25 * DAY, effective_due=DUE)
    late = rules.next_cycle(BY_DUE, completed_on=DUE + 25 * DAY, effective_due=DUE)
    assert early is not None
    assert late is not None
    assert early.due_on == datetime.date(2027, 3, 31)
    assert late.due_on == datetime.date(2027, 4, 25)


def test_a_season_leaves_out_who_completed_shortly_before_it() -> None:
    def next_due(completed_on: datetime.date) -> datetime.date:
        following = rules.next_cycle(SEASON, completed_on=completed_on, effective_due=completed_on)
        assert following is not None
        return following.due_on

    assert next_due(datetime.date(2026, 12, 31)) == datetime.date(2027, 3, 31)
    assert next_due(datetime.date(2027, 1, 1)) == datetime.date(2028, 3, 31)
    assert next_due(datetime.date(2027, 3, 31)) == datetime.date(2028, 3, 31)


@given(
    basis=st.sampled_from([Basis.COMPLETION, Basis.DUE, Basis.SEASON]),
    months=st.sampled_from([1, 6, 12, 24]),
    window=st.integers(0, 400),
    active=st.integers(0, 400),
    season=dates,
    completed_on=dates,
    due_on=dates,
)
def test_a_sound_recurrence_never_opens_before_the_completion(
    basis, months, window, active, season, completed_on, due_on
) -> None:
    recurrence = Recurrence(basis, months, window, active, season.month, season.day)
    if not rules.conflicts(recurrence):
        following = rules.next_cycle(recurrence, completed_on=completed_on, effective_due=due_on)
        assert following is not None
        assert completed_on <= following.opens_on <= following.due_on
        assert following.due_on > completed_on


@pytest.mark.parametrize(
    ("recurrence", "expected"),
    [
        (YEARLY, ()),
        (BY_DUE, ()),
        (SEASON, ()),
        (Recurrence(Basis.ONCE, window_days=9), ()),
        (Recurrence(Basis.COMPLETION), (Conflict.PERIOD_MISSING,)),
        (Recurrence(Basis.COMPLETION, 12, 61, 60), (Conflict.WINDOW_LONGER_THAN_MIN_ACTIVE,)),
        (Recurrence(Basis.DUE, 1, 0, 29), (Conflict.MIN_ACTIVE_LONGER_THAN_PERIOD,)),
        (Recurrence(Basis.DUE, 1, 0, 28), ()),
        (Recurrence(Basis.SEASON, 12, 0, 0, 2, 29), (Conflict.NO_SUCH_DAY,)),
        (Recurrence(Basis.SEASON, 24, 0, 0, 2, 28), (Conflict.PERIOD_MISSING,)),
        (
            Recurrence(Basis.COMPLETION, 0, -1, -2),
            (Conflict.PERIOD_MISSING, Conflict.NEGATIVE, Conflict.WINDOW_LONGER_THAN_MIN_ACTIVE),
        ),
    ],
)
def test_all_conflicts_of_a_recurrence_are_named(recurrence: Recurrence, expected: tuple[Conflict, ...]) -> None:
    assert rules.conflicts(recurrence) == expected


def test_a_first_due_date_counts_from_its_anchor() -> None:
    def due(anchor: Anchor, joined_on: datetime.date | None = None) -> datetime.date:
        return rules.first_due_on(
            anchor, starts_on=OPENS, opens_on=OPENS + DAY, joined_on=joined_on, days=30, fixed_due_on=DUE
        )

    assert due(Anchor.RULE_START) == OPENS + 31 * DAY
    assert due(Anchor.FIXED) == DUE
    assert due(Anchor.JOINING, OPENS + 9 * DAY) == OPENS + 39 * DAY
    assert due(Anchor.JOINING, OPENS - 999 * DAY) == OPENS + 30 * DAY
    assert due(Anchor.JOINING) == OPENS + 30 * DAY


def test_a_course_gets_a_quarter_of_an_hour_each_working_day_and_at_least_a_week() -> None:
    assert [rules.realistic_days(minutes) for minutes in (0, 15, 75, 90, 240)] == [7, 7, 7, 9, 23]


def test_done_since_counts_only_while_it_is_valid() -> None:
    since = OPENS - 900 * DAY
    assert rules.counts_from(Recurrence(Basis.ONCE), opens_on=OPENS, counts_since=since) == since
    assert rules.counts_from(YEARLY, opens_on=OPENS, counts_since=since) == datetime.date(2025, 3, 2)
    assert rules.counts_from(YEARLY, opens_on=OPENS, counts_since=None) == OPENS
    assert rules.counts_from(YEARLY, opens_on=OPENS, counts_since=OPENS + DAY) == OPENS

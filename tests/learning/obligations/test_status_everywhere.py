"""The status of a cycle is the same in Python, in SQL and in the projection, whatever happened before."""

import datetime
from collections import Counter, defaultdict
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from learning.obligations import actions, projection, queries, rules, status_sql
from learning.obligations.models import Cycle, Suspension
from learning.obligations.rules import Absence, Status
from learning.people.models import Unit
from tests.figures import examples
from tests.learning.obligations.histories import Written, days, histories
from tests.learning.obligations.office import DAY, TODAY, noon, undone

AT_ONCE = 20
LAST_FACT = TODAY + 60 * DAY


@pytest.mark.harden
@settings(max_examples=examples(500 // AT_ONCE, hardened=20_000 // AT_ONCE))
@given(
    people=st.lists(histories(), min_size=AT_ONCE, max_size=AT_ONCE),
    today=days(-250, 250),
    later=st.integers(0, 200).map(lambda number: LAST_FACT + number * DAY),
)
def test_python_sql_and_projection_agree(engine: Engine, people, today: datetime.date, later: datetime.date) -> None:
    with undone(engine) as session:
        written = Written(session)
        written.write(people)
        for day in (today, later):
            rows = session.execute(select(Cycle.key, status_sql.status(day), status_sql.effective_due_on()))
            for key, in_sql, due_on in rows:
                dates, completion, _is_followed, absences = written.cycles[key]
                assert in_sql == rules.status(dates, completion, absences, day)
                assert due_on == rules.effective_due_on(dates.opens_on, dates.due_on, absences)

        # Totals are stored for one day, which is not always the day that somebody asks on.
        projection.rebuild_all(session, today=today)
        assert projection.differences(session) == []
        for day in (today, later):
            assert overview_on(session, day) == expected_on(written, day)
        projection.rebuild_all(session, today=later)
        assert projection.differences(session) == []
        assert overview_on(session, later) == expected_on(written, later)
        assert weeks_on(session, later) == expected_weeks(written, later)


@pytest.mark.harden
@settings(max_examples=examples(10, hardened=500))
@given(
    people=st.lists(histories(), min_size=AT_ONCE, max_size=AT_ONCE),
    stored=days(-30, 60),
    asked=days(-30, 60),
    changes=st.lists(st.tuples(st.integers(0, AT_ONCE - 1), days(-20, 20), st.integers(0, 30)), max_size=5),
)
def test_totals_of_any_day_follow_what_is_written_on_another(
    engine: Engine, people, stored: datetime.date, asked: datetime.date, changes
) -> None:
    """The job that counts for the day may run early, late or never: what is shown is true all the same."""
    with undone(engine) as session:
        written = Written(session)
        written.write(people)
        projection.rebuild(session, today=stored, rule_keys=[900, 902])
        for person, from_on, length in changes:
            with suppress(actions.Overlapping):
                until_on = from_on + length * DAY
                facts = {"from_on": from_on, "until_on": until_on, "actor": None, "now": noon(TODAY)}
                actions.suspend(session, 9000 + person, **facts)
        assert projection.differences(session) == []
        absences = defaultdict(list)
        for each in session.scalars(select(Suspension)):
            absences[each.person_key].append(Absence(each.from_on, each.until_on))
        person_of = dict(session.execute(select(Cycle.key, Cycle.person_key)).all())
        for key, (*facts, _absences) in written.cycles.items():
            written.cycles[key] = (*facts, tuple(absences[person_of[key]]))
        for day in (stored, asked):
            assert overview_on(session, day) == expected_on(written, day)
            assert weeks_on(session, day) == expected_weeks(written, day)


def overview_on(session: Session, day: datetime.date) -> Counter[tuple[int, int, Status]]:
    """Numbers of the overview by unit, rule and status, without zeros."""
    seen = queries.overview(session, within=Unit.key > 0, today=day)
    return Counter(
        {
            (*cell, status): number
            for cell, count in seen.cells.items()
            for status, number in count.by_status.items()
            if number
        }
    )


def expected_on(written: Written, day: datetime.date) -> Counter[tuple[int, int, Status]]:
    """The same by the pure function."""
    expected: Counter[tuple[int, int, Status]] = Counter()
    for key, (dates, completion, is_followed, absences) in written.cycles.items():
        if not is_followed and dates.closed_on is None:
            rule, unit = written.groups[key]
            expected[unit, rule, rules.status(dates, completion, absences, day)] += 1
    return expected


def weeks_on(session: Session, day: datetime.date) -> list[tuple[datetime.date, int, int]]:
    return [
        (week.begins_on, week.soon, week.later) for week in queries.due_by_week(session, within=Unit.key > 0, today=day)
    ]


def expected_weeks(written: Written, day: datetime.date) -> list[tuple[datetime.date, int, int]]:
    """What is due in each week, by the pure functions."""
    found: Counter[tuple[datetime.date, Status]] = Counter()
    for dates, completion, is_followed, absences in written.cycles.values():
        if not is_followed and dates.closed_on is None:
            due_on = rules.effective_due_on(dates.opens_on, dates.due_on, absences)
            found[projection.monday(due_on), rules.status(dates, completion, absences, day)] += 1
    weeks = [projection.monday(day) + number * 7 * DAY for number in range(projection.WEEKS)]
    return [(week, found[week, Status.DUE_SOON], found[week, Status.OPEN]) for week in weeks]

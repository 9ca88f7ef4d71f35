"""The status of a cycle is the same in Python, in SQL and in the projection, whatever happened before."""

import datetime
import random
from collections import Counter, defaultdict
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Date, Engine, Integer, MetaData, Table, select
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateTable, DropTable

from learning.obligations import actions, overviews, projection, rules, status_sql
from learning.obligations.models import Cycle, Suspension
from learning.obligations.rules import Absence, Status
from learning.people.models import Unit
from tests.figures import examples
from tests.learning.obligations.histories import Written, days, drawn_history, histories, telling_days
from tests.learning.obligations.office import DAY, TODAY, noon, undone

AT_ONCE = 20
MANY = examples(500, hardened=2_000)
LAST_FACT = TODAY + 60 * DAY


ASKED = Table(
    "asked",
    MetaData(),
    Column("cycle_key", Integer, primary_key=True),
    Column("day", Date, primary_key=True),
    prefixes=["TEMPORARY"],
)


@pytest.mark.harden
@pytest.mark.parametrize("seed", range(examples(1, hardened=10)))
def test_python_sql_and_projection_agree(engine: Engine, seed: int) -> None:
    """20,000 histories under ./dev harden: as many at once as the database likes, one comparison for all of them."""
    chance = random.Random(seed)
    with undone(engine) as session:
        written = Written(session)
        written.write([drawn_history(chance) for _ in range(MANY)])
        compare_each_cycle(session, written, chance)
        today, later = TODAY + chance.randint(-250, 250) * DAY, LAST_FACT + chance.randint(0, 200) * DAY
        # Totals are stored for one day, which is not always the day that somebody asks on.
        projection.rebuild_all(session, today=today)
        assert projection.differences(session) == []
        for day in (today, later):
            assert overview_on(session, day) == expected_on(written, day)
        projection.rebuild_all(session, today=later)
        assert projection.differences(session) == []
        assert overview_on(session, later) == expected_on(written, later)
        assert weeks_on(session, later) == expected_weeks(written, later)


def test_the_comparison_notices_a_status_that_turns_a_day_too_early(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status_sql, "SOON_DAYS", 15)
    with undone(engine) as session:
        written = Written(session)
        written.write([drawn_history(random.Random(number)) for number in range(300)])
        with pytest.raises(AssertionError, match="due_soon"):
            compare_each_cycle(session, written, random.Random(1))


def compare_each_cycle(session: Session, written: Written, chance: random.Random) -> None:
    """Status and due date of each cycle as of its own telling days, in the past and in the future of its facts."""
    asked = {
        (key, day)
        for key, (dates, _completion, _is_followed, absences) in written.cycles.items()
        for day in telling_days(chance, dates, absences)
    }
    session.execute(CreateTable(ASKED))
    session.execute(ASKED.insert(), [{"cycle_key": key, "day": day} for key, day in sorted(asked)])
    statuses = select(Cycle.key, ASKED.c.day, status_sql.status(ASKED.c.day), status_sql.effective_due_on())
    found = {}
    for key, day, in_sql, due_on in session.execute(statuses.join(ASKED, ASKED.c.cycle_key == Cycle.key)):
        found[key, day] = (in_sql, due_on)
    session.execute(DropTable(ASKED))
    assert len(found) == len(asked)
    seen = Counter(status for status, _due_on in found.values())
    assert set(seen) == set(Status), "every status is met"
    for (key, day), (in_sql, due_on) in found.items():
        dates, completion, _is_followed, absences = written.cycles[key]
        assert in_sql == rules.status(dates, completion, absences, day), (dates, completion, absences, day)
        assert due_on == rules.effective_due_on(dates.opens_on, dates.due_on, absences), (dates, absences)


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
    seen = overviews.overview(session, within=Unit.key > 0, today=day)
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
    weeks = overviews.due_by_week(session, within=Unit.key > 0, today=day)
    return [(week.begins_on, week.soon, week.later) for week in weeks]


def expected_weeks(written: Written, day: datetime.date) -> list[tuple[datetime.date, int, int]]:
    """What is due in each week, by the pure functions."""
    found: Counter[tuple[datetime.date, Status]] = Counter()
    for dates, completion, is_followed, absences in written.cycles.values():
        if not is_followed and dates.closed_on is None:
            due_on = rules.effective_due_on(dates.opens_on, dates.due_on, absences)
            found[projection.monday(due_on), rules.status(dates, completion, absences, day)] += 1
    weeks = [projection.monday(day) + number * 7 * DAY for number in range(projection.WEEKS)]
    return [(week, found[week, Status.DUE_SOON], found[week, Status.OPEN]) for week in weeks]

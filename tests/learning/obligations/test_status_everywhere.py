"""The status of a cycle is the same in Python, in SQL and in the projection, whatever happened before."""

import datetime
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from learning.obligations import projection, queries, rules, status_sql
from learning.obligations.models import Cycle
from learning.obligations.rules import Status
from learning.people.models import Unit
from tests.figures import examples
from tests.learning.obligations.histories import Written, days, histories
from tests.learning.obligations.office import DAY, TODAY, undone

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

        # The projection says nothing about days before the last fact.
        expected: Counter[tuple[int, int, Status]] = Counter()
        for key, (dates, completion, is_followed, absences) in written.cycles.items():
            if not is_followed and dates.closed_on is None:
                rule, unit = written.groups[key]
                expected[unit, rule, rules.status(dates, completion, absences, later)] += 1
        projection.rebuild(session)
        seen = queries.overview(session, within=Unit.key > 0, today=later)
        found = {
            (*cell, status): number for cell, count in seen.cells.items() for status, number in count.by_status.items()
        }
        assert {key: number for key, number in found.items() if number} == expected
        assert projection.differences(session) == []

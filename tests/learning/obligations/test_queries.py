"""What pages read: a person's duties, totals, lists and teams, each within its scope and in its number of queries."""

import pytest
from sqlalchemy import select

from learning.obligations import actions, overviews, queries, teams
from learning.obligations.models import AssignmentRule
from learning.obligations.queries import Filters
from learning.obligations.rules import Status
from learning.people.models import Unit
from tests.learning.obligations.office import DAY, TODAY, Office, noon, statements

ALL = Unit.key > 0
DUE = TODAY + 30 * DAY


def test_duties_of_a_person_stand_worst_first(office: Office, session) -> None:
    person = office.person()
    for course, days in (("a", 90), ("b", 8), ("c", 40)):
        office.rule(course, days=days)
    office.yearly("d")
    office.sweep()
    office.prove(person, TODAY, "d")
    found = queries.duties(session, person.key, today=TODAY + 9 * DAY)
    assert [(duty.course_id, duty.status) for duty in found] == [
        ("b", Status.OVERDUE),
        ("c", Status.OPEN),
        ("a", Status.OPEN),
        ("d", Status.FULFILLED),
    ]
    assert found[3].valid_until == TODAY.replace(year=2027)


@pytest.fixture
def units(office: Office) -> tuple[Unit, Unit]:
    """Nord with three people, Süd with two; everyone has `a`, Süd also `b`; one of Nord has done `a`."""
    north, south = office.unit("Nord", office.root), office.unit("Süd", office.root)
    first, *_others = office.people(3, north)
    office.people(2, south)
    office.rule("a")
    office.rule("b", days=7, units=((south, False),))
    office.sweep()
    office.prove(first, TODAY, "a")
    return north, south


def numbers(count: overviews.Count) -> dict[Status, int]:
    return {status: number for status, number in count.by_status.items() if number}


def test_an_overview_counts_by_unit_and_by_rule(units, session) -> None:
    seen = overviews.overview(session, within=ALL, today=TODAY + 8 * DAY)
    assert numbers(seen.total) == {Status.FULFILLED: 1, Status.OPEN: 4, Status.OVERDUE: 2}
    assert seen.total.total == 7
    assert [(line.name, line.depth, numbers(count)) for line, count in seen.units] == [
        ("Nord", 1, {Status.FULFILLED: 1, Status.OPEN: 2}),
        ("Süd", 1, {Status.OPEN: 2, Status.OVERDUE: 2}),
    ]
    assert {line.course_id: numbers(count) for line, count in seen.rules} == {
        "a": {Status.FULFILLED: 1, Status.OPEN: 4},
        "b": {Status.OVERDUE: 2},
    }


def test_an_overview_shows_nothing_outside_of_the_scope(units, session) -> None:
    north, _south = units
    seen = overviews.overview(session, within=Unit.path.startswith(north.path), today=TODAY)
    assert [line.name for line, _count in seen.units] == ["Nord"]
    assert seen.total.total == 3


def test_what_is_due_by_week_leaves_out_who_is_away_or_exempt(units, office: Office, session) -> None:
    def due() -> dict[int, tuple[int, int]]:
        weeks = overviews.due_by_week(session, within=ALL, today=TODAY)
        assert [week.begins_on.weekday() for week in weeks] == [0] * 12
        return {number: (week.soon, week.later) for number, week in enumerate(weeks) if week.soon or week.later}

    # TODAY is a Thursday: seven days later is next week, thirty days later the fourth week after this one.
    assert due() == {1: (2, 0), 4: (0, 4)}
    line = queries.people_list(session, Filters(), within=ALL, today=TODAY).lines[-1]
    actions.suspend(session, line.key, from_on=TODAY, until_on=TODAY + DAY, actor=None, now=noon(TODAY))
    assert due() == {1: (1, 0), 4: (0, 3)}
    rule_key = session.scalar(select(AssignmentRule.key).where(AssignmentRule.course_id == "a"))
    other = queries.people_list(session, Filters(), within=ALL, today=TODAY).lines[-2]
    actions.exempt(session, other.key, rule_key=rule_key, reason="other", from_on=TODAY, until_on=None, now=noon(TODAY))
    assert due() == {1: (1, 0), 4: (0, 2)}


def test_a_list_is_narrowed_by_unit_rule_status_name_and_key(units, session) -> None:
    _north, south = units
    rule_key = session.scalar(select(AssignmentRule.key).where(AssignmentRule.course_id == "b"))

    def people(**chosen) -> int:
        found = queries.people_list(session, Filters(**chosen), within=ALL, today=TODAY)
        assert len(found.lines) == found.people
        return found.people

    assert people() == 5
    assert people(unit_keys=(south.key,)) == 2
    assert people(rule_keys=(rule_key,)) == 2
    assert people(statuses=frozenset({Status.FULFILLED})) == 1
    assert people(statuses=frozenset({Status.OVERDUE})) == 0
    assert people(statuses=frozenset({Status.DUE_SOON, Status.FULFILLED})) == 3
    line = queries.people_list(session, Filters(), within=ALL, today=TODAY).lines[0]
    assert people(text=line.hr_key.lower(), name_key=line.hr_key.lower()) == 1
    assert people(name_key=line.family_name.lower()[:-1]) >= 1
    assert people(name_key="%") == 0
    assert people(text="_") == 0


def test_a_list_has_pages_and_counts_all_of_them(units, session) -> None:
    pages = [queries.people_list(session, Filters(page=page, size=2), within=ALL, today=TODAY) for page in (1, 2, 3, 9)]
    assert [(found.page, found.pages, found.people, len(found.lines)) for found in pages] == [
        (1, 3, 5, 2),
        (2, 3, 5, 2),
        (3, 3, 5, 1),
        (3, 3, 5, 1),
    ]
    keys = [line.key for found in pages[:3] for line in found.lines]
    assert len(set(keys)) == 5
    assert numbers(pages[0].count) == {Status.FULFILLED: 1, Status.OPEN: 4, Status.DUE_SOON: 2}


def test_a_list_shows_nobody_outside_of_the_scope(units, session) -> None:
    north, south = units
    within = Unit.path.startswith(north.path)
    assert queries.people_list(session, Filters(), within=within, today=TODAY).people == 3
    assert queries.people_list(session, Filters(unit_keys=(south.key,)), within=within, today=TODAY).people == 0


def test_a_team_lead_sees_status_and_validity_but_never_a_completion(office: Office, session) -> None:
    person, other = office.people(2)
    office.yearly("a")
    office.sweep()
    office.prove(person, TODAY, "a")
    first, second = teams.team(session, within=ALL, today=DUE + DAY)
    assert first.id == other.id, "who needs something first stands first"
    ((late,), (done,)) = (tuple(member.duties.values()) for member in (first, second))
    assert (late.status, late.due_on, late.valid_until) == (Status.OVERDUE, DUE, None)
    assert (done.status, done.due_on, done.valid_until) == (Status.FULFILLED, None, TODAY.replace(year=2027))
    assert not any("fulfilled" in name or "completed" in name for name in done.__slots__)


def test_pages_ask_as_often_for_thirty_people_as_for_three(office: Office, session) -> None:
    def counted(people: int) -> list[int]:
        person, *_others = office.people(people)
        office.sweep()
        found = []
        for read in (
            lambda: queries.duties(session, person.key, today=TODAY),  # cycles with rule and course
            lambda: overviews.overview(session, within=ALL, today=TODAY),  # the projection
            lambda: overviews.due_by_week(session, within=ALL, today=TODAY),  # the projection
            lambda: queries.people_list(session, Filters(), within=ALL, today=TODAY),  # totals, people, duties
            lambda: teams.team(session, within=ALL, today=TODAY),  # duties with people
        ):
            with statements(session) as seen:
                read()
            found.append(len(seen))
        return found

    office.rule("a")
    office.yearly("b")
    assert counted(3) == counted(30) == [1, 1, 1, 3, 1]

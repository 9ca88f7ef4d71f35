"""Cycles open, follow, move and close as people and rules change."""

import datetime

from sqlalchemy import select

from learning.obligations import overviews, projection, proofs
from learning.obligations.models import Cycle, ProofCorrection
from learning.obligations.rules import Status, add_months
from learning.people.models import Person, Unit
from tests.learning.obligations.office import DAY, TODAY, Office, noon, statements


def statuses(office: Office, today=TODAY) -> dict[Status, int]:
    seen = overviews.overview(office.session, within=Unit.key > 0, today=today)
    return {status: number for status, number in seen.total.by_status.items() if number}


def test_a_rule_for_a_unit_reaches_sub_units_only_when_it_says_so(office: Office) -> None:
    south = office.unit("Süd", office.root)
    team = office.unit("Süd 1", south)
    people = [office.person(unit) for unit in (office.root, south, team)]
    office.rule("a", units=((south, False),))
    office.rule("b", units=((south, True),))
    office.sweep()
    asked = [[cycle.course_id for cycle in office.cycles_of(person)] for person in people]
    assert asked == [[], ["a", "b"], ["b"]]


def test_a_unit_whose_path_only_looks_alike_is_not_meant(office: Office) -> None:
    south = office.unit("Süd", office.root)
    other = office.unit("Andere", office.root)
    other.path = south.path.rstrip("/") + "9/"
    person = office.person(other)
    office.rule("b", units=((south, True),))
    office.sweep()
    assert office.cycles_of(person) == []


def test_who_joins_gets_a_cycle_and_who_leaves_has_it_closed_with_the_reason(office: Office) -> None:
    south = office.unit("Süd", office.root)
    office.rule("a", units=((south, False),))
    mover, leaver = office.person(south), office.person(south)
    assert office.sweep().opened == 2
    mover.unit_key, leaver.is_active = office.root.key, False
    assert office.sweep(TODAY + DAY, people=[mover, leaver]).closed == 2
    (moved,), (left,) = office.cycles_of(mover), office.cycles_of(leaver)
    assert (moved.closed_on, moved.closing_reason) == (TODAY + DAY, "audience")
    assert (left.closed_on, left.closing_reason) == (TODAY + DAY, "left")
    assert statuses(office) == {}


def test_the_last_day_here_still_counts(office: Office) -> None:
    person = office.person()
    person.left_on = TODAY
    office.rule()
    assert office.sweep().opened == 1
    assert office.sweep(TODAY + DAY).closed == 1


def test_who_comes_back_does_not_start_anew(office: Office) -> None:
    person = office.person()
    office.yearly()
    office.sweep()
    office.prove(person, TODAY)
    person.is_active = False
    office.sweep(TODAY + 10 * DAY)
    person.is_active = True
    office.sweep(TODAY + 40 * DAY)
    first, second = office.cycles_of(person)
    assert first.closing_reason == "left"
    assert (second.number, second.fulfilled_on, second.proof_key) == (2, TODAY, first.proof_key)


def go_and_come_back(office: Office, person: Person, left_on: datetime.date, back_on: datetime.date) -> Cycle:
    """The current cycle after a person left and came back."""
    for is_active, day in ((False, left_on), (True, back_on)):
        person.is_active = is_active
        office.sweep(day)
    (current,) = [each for each in office.cycles_of(person) if each.followed_on is None and each.closed_on is None]
    return current


def test_who_comes_back_while_the_next_cycle_is_open_goes_on_with_it(office: Office) -> None:
    person = office.person()
    office.yearly(repeat_course_id="kurz")
    office.sweep()
    office.prove(person, TODAY)
    expires = TODAY.replace(year=2027)
    office.sweep(expires - 60 * DAY)
    current = go_and_come_back(office, person, expires - 50 * DAY, expires - 40 * DAY)
    assert (current.course_id, current.due_on, current.proof_key) == ("kurz", expires, None)
    assert [cycle.fulfilled_on for cycle in office.cycles_of(person)] == [TODAY, None, None]


def test_leaving_and_coming_back_changes_no_validity(office: Office) -> None:
    early, late = office.person(), office.person()
    office.yearly(recurrence="due", days=90)
    office.sweep()
    office.prove(early, TODAY)
    expires = add_months(TODAY + 90 * DAY, 12)
    office.prove(late, TODAY + 89 * DAY)
    for person in (early, late):
        current = go_and_come_back(office, person, TODAY + 100 * DAY, TODAY + 380 * DAY)
        assert (current.valid_until, current.next_opens_on) == (expires, expires - 60 * DAY)


def test_the_repeat_that_was_done_still_counts_for_who_comes_back(office: Office) -> None:
    person = office.person()
    office.yearly(repeat_course_id="kurz")
    office.sweep()
    office.prove(person, TODAY)
    window = TODAY.replace(year=2027) - 60 * DAY
    office.sweep(window)
    repeat = office.prove(person, window, "kurz")
    current = go_and_come_back(office, person, window + 10 * DAY, window + 20 * DAY)
    assert current.proof_key == repeat.key


def test_what_has_expired_counts_no_more_for_who_comes_back(office: Office) -> None:
    person = office.person()
    season = {"recurrence": "season", "season_month": 3, "season_day": 31}
    office.yearly(repeat_course_id="kurz", **season)
    office.sweep()
    office.prove(person, TODAY)
    back_on = datetime.date(2027, 5, 3)
    current = go_and_come_back(office, person, TODAY + 10 * DAY, back_on)
    assert (current.course_id, current.proof_key, current.due_on) == ("datenschutz", None, back_on + 30 * DAY)


def test_a_proof_that_was_corrected_meanwhile_does_not_count_for_who_comes_back(office: Office, session) -> None:
    person = office.person()
    office.yearly()
    office.sweep()
    office.prove(person, TODAY)
    expires = TODAY.replace(year=2027)
    office.sweep(expires - 60 * DAY)
    second = office.prove(person, expires - 55 * DAY)
    person.is_active = False
    office.sweep(expires - 50 * DAY)
    proofs.correct_proof(
        session, second, reason="wrong", corrected_by=person.key, replacement=None, now=noon(expires - 45 * DAY)
    )
    person.is_active = True
    office.sweep(expires - 40 * DAY)
    *_former, current = office.cycles_of(person)
    assert (current.proof_key, current.due_on) == (None, expires)


def test_somebody_who_moves_is_counted_in_the_new_unit(office: Office, session) -> None:
    north, south = office.unit("Nord", office.root), office.unit("Süd", office.root)
    person = office.person(north)
    office.rule()
    office.sweep()
    person.unit_key = south.key
    assert office.sweep(people=[person]).moved == 1
    seen = overviews.overview(session, within=Unit.key == south.key, today=TODAY)
    assert seen.total[Status.OPEN] == 1
    assert projection.differences(session) == []


def test_the_next_cycle_opens_in_the_window_and_the_old_one_stays_fulfilled(office: Office) -> None:
    person = office.person()
    office.yearly(repeat_course_id="datenschutz-kurz")
    office.sweep()
    office.prove(person, TODAY + 5 * DAY)
    expires = TODAY.replace(year=2027) + 5 * DAY
    assert office.sweep(expires - 61 * DAY).opened == 0
    assert office.sweep(expires - 60 * DAY).opened == 1
    first, second = office.cycles_of(person)
    assert (first.followed_on, first.fulfilled_on, first.valid_until) == (expires - 60 * DAY, TODAY + 5 * DAY, expires)
    assert (second.course_id, second.opens_on, second.due_on) == ("datenschutz-kurz", expires - 60 * DAY, expires)


def test_a_voluntary_completion_fulfils_an_open_cycle(office: Office) -> None:
    person = office.person()
    office.rule()
    office.sweep()
    office.prove(person, TODAY)
    assert statuses(office) == {Status.FULFILLED: 1}


def test_what_was_done_before_the_opening_counts_from_the_day_the_rule_names(office: Office) -> None:
    before, since = office.person(), office.person()
    office.prove(before, TODAY - 101 * DAY)
    office.prove(since, TODAY - 100 * DAY)
    office.rule(counts_since=TODAY - 100 * DAY)
    office.sweep()
    assert [cycle.fulfilled_on for cycle in office.cycles_of(before)] == [None]
    assert [cycle.fulfilled_on for cycle in office.cycles_of(since)] == [TODAY - 100 * DAY]


def test_of_several_proofs_the_newest_counts(office: Office) -> None:
    person = office.person()
    office.prove(person, TODAY - 10 * DAY)
    newest = office.prove(person, TODAY - 5 * DAY)
    office.yearly(counts_since=TODAY - 300 * DAY)
    office.sweep()
    assert [cycle.proof_key for cycle in office.cycles_of(person)] == [newest.key]


def test_the_repeat_can_also_be_done_by_the_long_course(office: Office) -> None:
    person = office.person()
    office.yearly(repeat_course_id="kurz")
    office.sweep()
    office.prove(person, TODAY)
    due = TODAY.replace(year=2027)
    office.sweep(due - 60 * DAY)
    office.prove(person, due - 30 * DAY, "datenschutz")
    assert office.cycles_of(person)[1].fulfilled_on == due - 30 * DAY


def test_a_rule_that_ends_closes_what_is_open_the_day_after(office: Office) -> None:
    person = office.person()
    office.rule(ends_on=TODAY + DAY)
    office.sweep()
    assert office.sweep(TODAY + DAY).closed == 0
    assert office.sweep(TODAY + 2 * DAY).closed == 1
    assert office.cycles_of(person)[0].closing_reason == "rule_ended"
    assert office.sweep(TODAY + 3 * DAY).opened == 0


def test_a_due_date_in_the_past_is_moved_so_that_nobody_starts_overdue(office: Office) -> None:
    person = office.person()
    office.rule(anchor="fixed", fixed_due_on=TODAY - DAY, days=None)
    office.sweep()
    (cycle,) = office.cycles_of(person)
    assert (cycle.due_on, cycle.original_due_on) == (TODAY + 7 * DAY, TODAY - DAY)


def test_a_voided_proof_reopens_the_duty_without_resetting_anything(office: Office, session) -> None:
    person = office.person()
    office.rule()
    office.sweep()
    proof = office.prove(person, TODAY)
    proofs.correct_proof(
        session, proof, reason="andere Person", corrected_by=person.key, replacement=None, now=noon(TODAY)
    )
    old, new = office.cycles_of(person)
    assert (old.proof_key, old.closing_reason) == (proof.key, "proof_corrected")
    assert (new.number, new.proof_key, new.due_on) == (2, None, TODAY + 30 * DAY)
    assert statuses(office) == {Status.OPEN: 1}


def test_a_superseding_proof_counts_in_its_place(office: Office, session) -> None:
    person = office.person()
    office.rule(counts_since=TODAY - 90 * DAY)
    office.sweep()
    proof = office.prove(person, TODAY)
    replacement = proofs.Completed(
        person_key=person.key, course_id="datenschutz", completed_on=TODAY - DAY, entered_by=person.key
    )
    proofs.correct_proof(
        session, proof, reason="Datum", corrected_by=person.key, replacement=replacement, now=noon(TODAY)
    )
    assert [cycle.fulfilled_on for cycle in office.cycles_of(person)] == [TODAY, TODAY - DAY]
    assert session.scalars(select(ProofCorrection.proof_key)).all() == [proof.key]
    assert statuses(office) == {Status.FULFILLED: 1}


def test_a_sweep_asks_as_often_for_forty_people_as_for_four(office: Office, session) -> None:
    def counted(people: int) -> list[int]:
        members = office.people(people)
        found = []
        with statements(session) as seen:
            office.sweep()
        found.append(len(seen))
        for person in members:
            office.prove(person, TODAY)
        for later in (TODAY + 320 * DAY, TODAY + 400 * DAY):
            with statements(session) as seen:
                office.sweep(later)
            found.append(len(seen))
        return found

    office.yearly()
    office.rule("b")
    assert counted(4) == counted(40)

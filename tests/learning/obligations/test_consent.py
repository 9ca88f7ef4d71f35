"""What HR may see by name: what was mandatory, agreed beforehand or released; all else only in totals."""

import uuid
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.obligations import agreements, records, voluntary
from learning.obligations.agreements import Side
from learning.obligations.proofs import Completed, write_proof
from learning.people.models import Person, Unit
from tests.learning.obligations.office import DAY, TODAY, Office, noon, statements

ALL = Unit.key > 0
NOW = noon(TODAY)


def seen_courses(office: Office, person: Person) -> list[str]:
    record = records.record_for(office.session, person.id, within=ALL, today=TODAY + 50 * DAY)
    assert record is not None
    return [proof.course_id for proof in record.proofs]


def agree(office: Office, person: Person, course_id: str = "prozesse"):
    agreement = agreements.propose(
        office.session, person.key, course_id=course_id, actor=person.key, side=Side.HR, now=NOW
    )
    agreements.confirm(office.session, agreement, side=Side.PERSON, now=NOW + DAY)
    return agreement


def test_hr_sees_mandatory_proofs_and_no_voluntary_ones(office: Office) -> None:
    person = office.person()
    office.rule("datenschutz")
    office.sweep()
    for course in ("datenschutz", "excel"):
        office.prove(person, TODAY, course)
    assert seen_courses(office, person) == ["datenschutz"]


def test_a_mandatory_course_taken_once_more_freely_stays_private(office: Office) -> None:
    person = office.person()
    office.yearly("datenschutz")
    office.sweep()
    office.prove(person, TODAY)
    office.prove(person, TODAY + 5 * DAY)
    assert seen_courses(office, person) == ["datenschutz"]


def test_hr_sees_the_past_years_that_it_entered_for_a_duty(office: Office) -> None:
    person = office.person()
    office.yearly("datenschutz")
    office.sweep()
    for course in ("datenschutz", "excel"):
        office.prove(person, TODAY - 800 * DAY, course, entered_by=person.key)
    assert seen_courses(office, person) == ["datenschutz"]


def test_an_agreement_counts_from_the_day_both_have_confirmed(office: Office) -> None:
    person, other = office.people(2)
    office.prove(person, TODAY - DAY, "prozesse")
    agree(office, person)
    assert seen_courses(office, person) == []
    office.prove(person, TODAY + 2 * DAY, "prozesse")
    office.prove(other, TODAY + 2 * DAY, "prozesse")
    assert seen_courses(office, person) == ["prozesse"]
    assert seen_courses(office, other) == []


def test_what_is_entered_later_for_a_day_before_the_agreement_stays_private(office: Office) -> None:
    person = office.person()
    agree(office, person)
    completed = Completed(person_key=person.key, course_id="prozesse", completed_on=TODAY)
    write_proof(office.session, completed, now=NOW + 9 * DAY)
    assert seen_courses(office, person) == []


def test_one_side_alone_agrees_on_nothing(office: Office, session) -> None:
    person = office.person()
    agreement = agreements.propose(
        session, person.key, course_id="prozesse", actor=person.key, side=Side.PERSON, now=NOW
    )
    office.prove(person, TODAY + 2 * DAY, "prozesse")
    assert agreement.in_force_on is None
    assert seen_courses(office, person) == []


def test_after_its_end_an_agreement_covers_only_what_was_done_before(office: Office, session) -> None:
    person = office.person()
    agreement = agree(office, person)
    office.prove(person, TODAY + 2 * DAY, "prozesse")
    agreements.end(session, agreement, now=NOW + 3 * DAY)
    agreements.end(session, agreement, now=NOW + 9 * DAY)
    assert agreement.ended_at == NOW + 3 * DAY
    office.prove(person, TODAY + 4 * DAY, "prozesse")
    assert seen_courses(office, person) == ["prozesse"]
    with pytest.raises(agreements.AgreementEnded):
        agreements.confirm(session, agreement, side=Side.HR, now=NOW)


def test_proposing_twice_makes_one_agreement_and_a_new_one_after_its_end(office: Office, session) -> None:
    person = office.person()
    first = agree(office, person)
    assert agree(office, person) is first
    agreements.end(session, first, now=NOW)
    second = agree(office, person)
    assert (second.number, agreements.agreements_of(session, person.key)) == (2, [second, first])


def test_an_agreement_of_somebody_else_is_unknown(office: Office, session) -> None:
    person, other = office.people(2)
    agreement = agree(office, person)
    assert agreements.agreement_for(session, agreement.id, person_key=person.key) is agreement
    for agreement_id, key in ((agreement.id, other.key), (uuid.uuid4(), person.key)):
        with pytest.raises(agreements.UnknownAgreement):
            agreements.agreement_for(session, agreement_id, person_key=key)


def test_a_certificate_is_released_and_taken_back_by_its_person_only(office: Office, session) -> None:
    person, other = office.people(2)
    proof = office.prove(person, TODAY, "excel")
    for _time in range(2):
        agreements.release(session, proof.id, person_key=person.key, now=NOW)
    assert seen_courses(office, person) == ["excel"]
    for act in (
        lambda: agreements.take_back(session, proof.id, person_key=other.key),
        lambda: agreements.release(session, proof.id, person_key=other.key, now=NOW),
    ):
        with pytest.raises(agreements.UnknownProof):
            act()
    agreements.take_back(session, proof.id, person_key=person.key)
    assert seen_courses(office, person) == []


def test_a_record_outside_of_the_scope_is_as_absent(office: Office, session) -> None:
    south = office.unit("Süd", office.root)
    person = office.person(south)
    assert records.record_for(session, person.id, within=Unit.key == office.root.key, today=TODAY) is None
    assert records.record_for(session, uuid.uuid4(), within=ALL, today=TODAY) is None


def test_a_record_is_four_queries_and_holds_the_whole_history(office: Office, session) -> None:
    person = office.person()
    office.yearly("datenschutz")
    office.sweep()
    office.prove(person, TODAY)
    agree(office, person)
    office.sweep(TODAY + 320 * DAY)
    person_id = person.id
    # The person, cycles with their rules, proofs, agreements.
    with statements(session) as seen:
        record = records.record_for(session, person_id, within=ALL, today=TODAY + 320 * DAY)
    assert len(seen) == 4
    assert record is not None
    assert [(cycle.number, cycle.is_current, cycle.status) for cycle in record.cycles] == [
        (2, True, "open"),
        (1, False, "fulfilled"),
    ]
    assert [cycle.number for cycle in record.current] == [2]
    assert len(record.agreements) == 1


def complete(office: Office, count: int, unit: Unit, course: str = "excel") -> list[Person]:
    people = office.people(count, unit)
    for person in people:
        office.prove(person, TODAY, course)
    return people


def totals(office: Office) -> dict[str, tuple[int, dict[str, int]]]:
    return {
        line.course_id: (line.people, dict(line.by_unit)) for line in voluntary.completions(office.session, within=ALL)
    }


def test_fewer_than_five_people_appear_in_no_total(office: Office) -> None:
    complete(office, 4, office.root)
    assert totals(office) == {}
    complete(office, 1, office.root)
    assert totals(office) == {"excel": (5, {"Jobcenter": 5})}


def test_a_person_who_completes_twice_counts_once(office: Office) -> None:
    for person in complete(office, 4, office.root):
        office.prove(person, TODAY + DAY, "excel")
    assert totals(office) == {}


def test_a_small_unit_is_hidden_together_with_the_next_smallest(office: Office) -> None:
    units = [office.unit(name, office.root) for name in ("Ost", "Süd", "West")]
    for unit, number in zip(units, (9, 6, 2), strict=True):
        complete(office, number, unit)
    assert totals(office) == {"excel": (17, {"Ost": 9})}


def test_who_hr_knows_by_name_is_not_part_of_a_total(office: Office, session) -> None:
    people = complete(office, 6, office.root)
    proof = office.prove(people[0], TODAY + DAY, "excel")
    agreements.release(session, proof.id, person_key=people[0].key, now=NOW)
    assert totals(office) == {"excel": (5, {"Jobcenter": 5})}, "their other proof, still private, counts neither"
    second = office.prove(people[1], TODAY + DAY, "excel")
    agreements.release(session, second.id, person_key=people[1].key, now=NOW)
    assert totals(office) == {}, "four people whom nobody knows are not made five by one who is known"
    agreements.take_back(session, second.id, person_key=people[1].key)
    assert totals(office) == {"excel": (5, {"Jobcenter": 5})}
    office.rule("excel", counts_since=TODAY)
    office.sweep()
    assert totals(office) == {}


cells = st.dictionaries(st.integers(0, 9), st.integers(0, 12), min_size=1)


@given(counted=cells.filter(lambda numbers: sum(numbers.values()) >= 5))
def test_no_difference_of_told_numbers_leads_to_fewer_than_five(counted: dict[int, int]) -> None:
    told = voluntary.tellable(counted)
    assert all(counted[key] == number >= 5 for key, number in told.items())
    total = sum(counted.values())
    for size in range(len(told) + 1):
        for chosen in combinations(told, size):
            rest = total - sum(told[key] for key in chosen)
            assert rest >= 5 or len(chosen) == len(counted)

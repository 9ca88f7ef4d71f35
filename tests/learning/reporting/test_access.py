"""Who reaches which page of reporting, written by hand from the matrix: foreign people answer like absent ones."""

import uuid
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from learning.people.roles import Role
from tests.learning.reporting.house import House

HR_ALONE = {Role.HR}
EXPECTED = {
    "/personal": HR_ALONE,
    "/personal/liste": HR_ALONE,
    "/personal/liste.csv": HR_ALONE,
    "/personal/pflichtregeln": HR_ALONE,
    "/personal/pflichtregeln/neu": HR_ALONE,
    "/personal/vereinbarungen": HR_ALONE,
    "/personal/summen": {Role.HR, Role.WORKS_COUNCIL, Role.DATA_PROTECTION},
    "/team": {Role.TEAM_LEAD},
    "/meine-daten": set(Role),
}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_opens_its_pages_and_no_other(
    client: FlaskClient, house: House, sign_in: Callable, role: Role
) -> None:
    house.course()
    house.rule()
    unit = house.up if role in (Role.HR, Role.TEAM_LEAD) else None
    sign_in(client, house.with_role(role, unit))
    for address, roles in EXPECTED.items():
        answer = client.get(address)
        assert answer.status_code == (200 if role in roles else 404), address
        assert "Vogelother" not in answer.text, address


# Person of the record -> status for HR of a unit with its sub-units; nobody else ever sees a record.
PLACES = {"own": 200, "sub": 200, "other": 404, "absent": 404}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(("place", "for_hr"), PLACES.items())
def test_a_record_is_there_for_hr_of_the_unit_alone(
    client: FlaskClient, house: House, sign_in: Callable, role: Role, place: str, for_hr: int
) -> None:
    unit = house.up if role in (Role.HR, Role.TEAM_LEAD) else None
    sign_in(client, house.with_role(role, unit))
    person_id = house.people[place].id if place in house.people else uuid.uuid4()
    answer = client.get(f"/personal/personen/{person_id}")
    assert answer.status_code == (for_hr if role is Role.HR else 404)
    assert ("Kanari" in answer.text) == (answer.status_code == 200)


@pytest.mark.parametrize(("includes", "seen"), [(False, {"own"}), (True, {"own", "sub"})])
def test_a_team_lead_sees_sub_units_only_where_granted(
    client: FlaskClient, house: House, sign_in: Callable, includes: bool, seen: set[str]
) -> None:
    house.course()
    house.rule()
    sign_in(client, house.with_role(Role.TEAM_LEAD, house.up, includes_sub_units=includes))
    page = client.get("/team").text
    assert {place for place in house.people if f"Vogel{place}" in page} == seen


def test_nobody_signed_in_is_asked_to_sign_in(client: FlaskClient, house: House) -> None:
    for address in EXPECTED:
        assert client.get(address).status_code == 302, address


def test_a_foreign_unit_in_a_filter_answers_like_an_absent_one(
    client: FlaskClient, house: House, sign_in: Callable
) -> None:
    house.course()
    house.rule()
    sign_in(client, house.hr)
    for unit in (house.other.id, uuid.uuid4(), "quatsch"):
        assert client.get(f"/personal/liste?einheit={unit}").status_code == 404
        assert client.get(f"/personal/liste.csv?einheit={unit}").status_code == 404
    assert client.get(f"/personal/liste?einheit={house.up.id}").status_code == 200

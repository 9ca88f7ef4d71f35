"""The pages of HR and team leads open, answer in words, name nobody foreign, and leave their entry in the log."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from learning import audit
from learning.audit import AuditEntry, AuditSubject
from learning.people.roles import Role
from tests import factories
from tests.learning.reporting.house import House


def entries(session: Session, action: str) -> list[AuditEntry]:
    session.commit()
    return list(session.scalars(select(AuditEntry).where(AuditEntry.action == action)))


def subjects(session: Session, entry: AuditEntry) -> set[int]:
    return set(session.scalars(select(AuditSubject.person_key).where(AuditSubject.entry_key == entry.key)))


GROUPS = 5  # Of statuses, as bars and tables show them.
PAGES = ["/personal", "/personal/liste", "/personal/pflichtregeln", "/personal/pflichtregeln/neu"]
PAGES += ["/personal/vereinbarungen", "/personal/summen", "/personal/liste.csv"]


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("language", ["de", "en"])
def test_every_page_of_hr_opens_without_anything_in_it(
    client: FlaskClient, house: House, sign_in: Callable, address: str, language: str
) -> None:
    sign_in(client, house.hr)
    client.set_cookie("sprache", language)
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("filters", "is_filtered"), [("", False), ("?suche=xyzzy", True), ("?status=overdue", True)])
def test_an_empty_list_speaks_of_filters_only_where_there_are_any(
    client: FlaskClient, house: House, sign_in: Callable, filters: str, is_filtered: bool
) -> None:
    sign_in(client, house.hr)
    page = client.get(f"/personal/liste{filters}").text
    assert ("Nehmen Sie einen Filter weg." in page) is is_filtered
    assert ("gilt zurzeit für niemanden eine Pflicht." in page) is not is_filtered


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("address", PAGES)
def test_every_page_of_hr_opens_with_duties(
    client: FlaskClient, house: House, sign_in: Callable, address: str, language: str
) -> None:
    house.course()
    house.rule(started=40)
    house.rule("Brandschutz", days=5)
    house.prove(house.people["own"])
    sign_in(client, house.hr)
    client.set_cookie("sprache", language)
    answer = client.get(address)
    assert answer.status_code == 200
    assert "Vogelother" not in answer.text


def test_the_overview_answers_in_its_first_line(client: FlaskClient, house: House, sign_in: Callable) -> None:
    house.course()
    house.rule(started=40)
    sign_in(client, house.hr)
    page = client.get("/personal").text
    assert "2 von 2 Pflichten sind überfällig" in page
    assert "Leistung Süd" in page
    assert "Leistung Nord" not in page


def test_every_bar_shows_the_numbers_that_stand_beside_it(client: FlaskClient, house: House, sign_in: Callable) -> None:
    house.course()
    for _number in range(5):
        factories.person(house.session, unit=house.up)
    house.rule(started=40)
    house.rule("Brandschutz", days=5)
    house.rule("Arbeitsschutz", days=60)
    house.prove(house.people["own"])
    sign_in(client, house.hr)
    page = client.get("/personal").text
    drawn = 0
    for row in re.findall(r'<tr role="row">.*?</tr>', page, re.DOTALL):
        widths = [float(width) for width in re.findall(r'y="2" width="([\d.]+)%"', row)]
        numbers = [int(number) for number in re.findall(r'data-label="[^"]*">(\d+)</td>', row)][-GROUPS:]
        shown = [number for number in numbers if number]
        assert len(shown) == len(widths), row
        for width, number in zip(widths, shown, strict=True):
            assert width / sum(widths) == pytest.approx(number / sum(shown), abs=0.03)
        drawn += bool(widths)
    assert drawn >= 4
    figure, table = page.split('class="w-weeks"')[1].split("</figure>")[0], page.split("<caption>")[1]
    heights = [int(number or 0) for number in re.findall(r'w-weeks__bar">\s*(?:<strong>(\d+)</strong>)?', figure)]
    weeks = [int(cells[-1]) for row in re.findall(r"<tr>.*?</tr>", table.split("</table>")[0], re.DOTALL)
             if (cells := re.findall(r'<td class="n[^"]*">(\d+)</td>', row))]  # fmt: skip
    assert heights[1:] == weeks, "the first bar is what is overdue already"
    assert sum(weeks)


def test_the_overview_takes_four_queries_however_many_people(
    client: FlaskClient, house: House, sign_in: Callable, query_count
) -> None:
    house.course()
    for _number in range(12):
        factories.person(house.session, unit=house.up)
    house.rule()
    sign_in(client, house.hr)
    with query_count:
        client.get("/personal")
    assert query_count == 4  # viewer, totals, days ahead, people by unit


def reading(statements: list[str]) -> list[str]:
    """The statements without those that write the entry in the log."""
    return [one for one in statements if "audit_" not in one and "pg_advisory" not in one]


def test_the_list_reads_with_five_queries_and_logs_whom_it_shows(
    client: FlaskClient, house: House, session: Session, sign_in: Callable, query_count
) -> None:
    house.course()
    shown = {
        house.people["own"].key,
        house.people["sub"].key,
        *(factories.person(session, unit=house.up).key for _number in range(9)),
    }
    house.rule()
    sign_in(client, house.hr)
    with query_count:
        client.get("/personal/liste")
    assert len(reading(query_count.statements)) == 5, query_count  # viewer, choices, numbers, people, their duties
    (entry,) = entries(session, "duties.see")
    assert subjects(session, entry) == shown
    assert entry.count == 11
    assert audit.verify(session).holds


def test_the_record_reads_with_five_queries_and_says_that_it_was_logged(
    client: FlaskClient, house: House, session: Session, sign_in: Callable, query_count
) -> None:
    house.course()
    house.rule()
    house.prove(house.people["own"])
    sign_in(client, house.hr)
    with query_count:
        page = client.get(f"/personal/personen/{house.people['own'].id}")
    assert len(reading(query_count.statements)) == 5, query_count  # viewer, person, duties, proofs, agreements
    assert "Dieser Aufruf ist protokolliert" in page.text
    assert "Was Sie hier nicht sehen" in page.text
    (entry,) = entries(session, "record.see")
    assert subjects(session, entry) == {house.people["own"].key}


def test_a_voluntary_proof_is_not_in_the_record(client: FlaskClient, house: House, sign_in: Callable) -> None:
    house.course("yoga", "Rückenschule im Büro")
    house.prove(house.people["own"], "yoga")
    sign_in(client, house.hr)
    assert "Rückenschule" not in client.get(f"/personal/personen/{house.people['own'].id}").text


def test_filters_stand_in_the_address_and_can_be_taken_away(
    client: FlaskClient, house: House, sign_in: Callable
) -> None:
    house.course()
    rule = house.rule(started=40)
    sign_in(client, house.hr)
    page = client.get(f"/personal/liste?pflicht={rule.id}&status=overdue&suche=vogel").text
    assert f'href="/personal/liste?suche=vogel&amp;pflicht={rule.id}"' in page
    assert "Vogelown" in page
    assert "Vogelown" not in client.get("/personal/liste?status=fulfilled").text


def test_the_list_goes_on_to_a_second_page(client: FlaskClient, house: House, sign_in: Callable) -> None:
    house.course()
    for _number in range(30):
        factories.person(house.session, unit=house.up)
    house.rule()
    sign_in(client, house.hr)
    first = client.get("/personal/liste").text
    assert "1 bis 25 von 32 Personen" in first
    assert 'href="/personal/liste?seite=2"' in first
    assert "26 bis 32 von 32 Personen" in client.get("/personal/liste?seite=2").text


def test_a_team_lead_sees_status_and_validity_but_no_day_of_completion(
    client: FlaskClient, house: House, session: Session, sign_in: Callable, query_count
) -> None:
    house.course()
    house.rule()
    house.prove(house.people["own"])
    lead = house.with_role(Role.TEAM_LEAD, house.up)
    sign_in(client, lead)
    with query_count:
        page = client.get("/team").text
    assert len(reading(query_count.statements)) == 2, query_count  # viewer, team
    assert "Erfüllt" in page
    assert "ohne Ablauf" in page
    assert "Vogelother" not in page
    (entry,) = entries(session, "team.see")
    assert subjects(session, entry) == {house.people["own"].key}


def test_totals_name_no_group_of_fewer_than_five(client: FlaskClient, house: House, sign_in: Callable) -> None:
    house.course()
    for _number in range(6):
        factories.person(house.session, unit=house.up)
    house.rule()
    sign_in(client, house.with_role(Role.WORKS_COUNCIL))
    page = client.get("/personal/summen").text
    assert "Datenschutz" in page
    assert "Vogel" not in page
    assert "Team 1" not in page

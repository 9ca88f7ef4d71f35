"""HR asks what was recorded until an earlier day: the list, its file, the overview and a person's record answer."""

import csv
import datetime
import io
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from learning import clock
from learning.obligations import actions, cycles, proofs
from learning.obligations.models import AssignmentRule, ErasedHistory
from learning.people.models import Person, Unit
from learning.people.roles import Role
from learning.reporting.duty_list.spreadsheets import BYTE_ORDER_MARK
from tests import factories
from tests.learning.access.scopes import dropped, filters
from tests.learning.reporting.house import House
from tests.learning.reporting.test_pages import entries, reading, subjects

DAY = datetime.timedelta(days=1)
STARTED = 40
PAGES = ("/personal", "/personal/liste", "/personal/personen/{person}")


def ago(days: int) -> datetime.date:
    return clock.today() - days * DAY


def noon(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(11), datetime.UTC)


class Past:
    """The authority with facts that were recorded on earlier days: a duty 40 days ago, due ten days ago."""

    def __init__(self, house: House) -> None:
        self.house, self.session = house, house.session
        house.course()
        self.rule = self.make_rule("Datenschutz", STARTED)

    def make_rule(self, title: str, started: int) -> AssignmentRule:
        rule = self.house.rule(title)
        begin = ago(started)
        self.session.execute(
            update(AssignmentRule).where(AssignmentRule.key == rule.key).values(starts_on=begin, made_at=noon(begin))
        )
        self.session.execute(delete(cycles.Cycle).where(cycles.Cycle.rule_key == rule.key))
        cycles.sweep(self.session, today=begin, now=noon(begin))
        self.session.commit()
        return rule

    def prove(self, person: Person, *, completed: int, recorded: int) -> None:
        done = proofs.Completed(person_key=person.key, course_id="datenschutz", completed_on=ago(completed))
        proofs.write_proof(self.session, done, now=noon(ago(recorded)))
        self.session.commit()

    def move(self, person: Person, unit: Unit, *, days_ago: int) -> None:
        person.unit_key = unit.key
        cycles.sweep(self.session, today=ago(days_ago), now=noon(ago(days_ago)))
        self.session.commit()


@pytest.fixture
def past(house: House) -> Past:
    return Past(house)


def statuses(page: str) -> dict[str, str]:
    """Status by name in the list of people."""
    rows = re.findall(r'<th role="rowheader".*?</tr>', page, re.DOTALL)
    found = {}
    for row in rows:
        (name,) = re.findall(r"Vogel\w+|Rolle \w+", re.sub("<[^>]*>", " ", row))[:1]
        found[name] = re.findall(r"Überfällig|Bald fällig|Offen|Erfüllt|Ausgesetzt|Befreit", row)[0]
    return found


def test_the_list_says_what_was_recorded_until_that_day(
    client: FlaskClient, past: Past, sign_in: Callable[..., None]
) -> None:
    """Completed 20 days ago, entered 5 days ago: until then the list had to say that it was overdue."""
    house = past.house
    past.prove(house.people["own"], completed=20, recorded=5)
    sign_in(client, house.hr)
    assert statuses(client.get("/personal/liste").text) == {"Vogelown": "Erfüllt", "Vogelsub": "Überfällig"}
    for days, status in ((5, "Erfüllt"), (6, "Überfällig"), (10, "Bald fällig"), (30, "Offen")):
        answer = client.get(f"/personal/liste?stand={ago(days)}")
        assert answer.status_code == 200
        assert statuses(answer.text)["Vogelown"] == status, days
        day = f"{ago(days):%d.%m.%Y}"
        assert f"Stand am {day}, nach dem, was bis zu diesem Tag eingetragen war" in answer.text
        assert f"ab dem {ago(STARTED):%d.%m.%Y}" in answer.text


def test_the_day_is_kept_in_every_address_of_the_list(
    client: FlaskClient, past: Past, sign_in: Callable[..., None]
) -> None:
    house, day = past.house, ago(10)
    for _number in range(30):
        factories.person(house.session, unit=house.up)
    cycles.sweep(house.session, today=ago(20), now=noon(ago(20)))
    house.session.commit()
    sign_in(client, house.hr)
    page = client.get(f"/personal/liste?status=open&stand={day:%d.%m.%Y}").text
    assert f'value="{day}"' in page
    assert f'href="/personal/liste?status=open&amp;stand={day}&amp;seite=2"' in page
    assert f'href="/personal/liste.csv?status=open&amp;stand={day}"' in page
    assert f'href="/personal/liste?stand={day}"' in page, "the status can be taken away"
    assert 'href="/personal/liste?status=open"' in page, "the day can be taken away"
    assert re.search(rf'href="/personal/personen/[0-9a-f-]+\?stand={day}"', page)
    overview = client.get(f"/personal?stand={day}").text
    assert f"/personal/liste?status=overdue&amp;stand={day}" in overview


def test_the_file_names_the_day_in_its_name_and_in_each_line(
    client: FlaskClient, past: Past, session: Session, sign_in: Callable[..., None]
) -> None:
    past.prove(past.house.people["own"], completed=20, recorded=5)
    sign_in(client, past.house.hr)
    answer = client.get(f"/personal/liste.csv?stand={ago(6)}")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="pflichten-stand-{ago(6)}.csv"'
    text = answer.get_data().decode().removeprefix(BYTE_ORDER_MARK)
    head, *lines = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    assert head[-1] == "Stand am"
    assert {line[-1] for line in lines} == {str(ago(6))}
    assert {line[5] for line in lines} == {"Überfällig"}
    assert {line[7] for line in lines} == {""}, "nobody knew of the completion yet"
    (entry,) = entries(session, "duties.export")
    assert f"stand={ago(6)}" in entry.scope
    assert "Stand am" not in client.get("/personal/liste.csv").get_data().decode()


def test_the_overview_counts_what_was_recorded_until_that_day(
    client: FlaskClient, past: Past, sign_in: Callable[..., None], query_count
) -> None:
    past.prove(past.house.people["own"], completed=20, recorded=5)
    sign_in(client, past.house.hr)
    assert "1 von 2 Pflichten sind überfällig" in client.get("/personal").text
    with query_count:
        page = client.get(f"/personal?stand={ago(6)}").text
    assert query_count == 3  # viewer, totals from the facts, days ahead
    assert "2 von 2 Pflichten sind überfällig" in page
    assert f"Stand am {ago(6):%d.%m.%Y}, nach dem" in page
    assert ">Personen<" not in page, "how many people there were is not recorded"
    assert ">Personen<" in client.get("/personal").text


def test_the_list_as_of_a_day_reads_with_five_queries_and_logs_whom_it_shows(
    client: FlaskClient, past: Past, session: Session, sign_in: Callable[..., None], query_count
) -> None:
    sign_in(client, past.house.hr)
    with query_count:
        client.get(f"/personal/liste?stand={ago(6)}")
    assert len(reading(query_count.statements)) == 5, query_count  # viewer, choices, numbers, people, their duties
    (entry,) = entries(session, "duties.see")
    assert subjects(session, entry) == {past.house.people["own"].key, past.house.people["sub"].key}
    assert entry.scope == f"stand={ago(6)}"


def test_a_record_as_of_a_day_has_only_what_was_recorded_until_then(
    client: FlaskClient, past: Past, session: Session, sign_in: Callable[..., None], query_count
) -> None:
    own = past.house.people["own"]
    past.prove(own, completed=20, recorded=5)
    sign_in(client, past.house.hr)
    assert "Erfüllt" in client.get(f"/personal/personen/{own.id}").text
    with query_count:
        page = client.get(f"/personal/personen/{own.id}?stand={ago(6)}").text
    assert len(reading(query_count.statements)) == 5, query_count  # viewer, person, duties, proofs, agreements
    assert "Überfällig" in page
    assert "Es gibt noch keinen Nachweis" in page
    assert f"Stand am {ago(6):%d.%m.%Y}, nach dem" in page
    assert f'href="/personal/liste?stand={ago(6)}"' in page
    assert {entry.scope for entry in entries(session, "record.see")} == {"", f"stand={ago(6)}"}


def test_exemptions_and_suspensions_are_those_of_the_day(
    client: FlaskClient, past: Past, sign_in: Callable[..., None]
) -> None:
    house, rule = past.house, past.rule.key
    own, sub = house.people["own"].key, house.people["sub"].key
    facts = {"rule_key": rule, "reason": "other", "from_on": ago(20), "until_on": None}
    actions.exempt(house.session, own, **facts, now=noon(ago(20)))
    actions.end_exemption(house.session, own, rule_key=rule, last_day=ago(21), now=noon(ago(8)))
    away = actions.suspend(house.session, sub, from_on=ago(20), until_on=ago(2), actor=None, now=noon(ago(15)))
    actions.withdraw_suspension(house.session, away, now=noon(ago(8)))
    house.session.commit()
    sign_in(client, house.hr)
    seen = {days: statuses(client.get(f"/personal/liste?stand={ago(days)}").text) for days in (8, 9, 16)}
    assert seen[16] == {"Vogelown": "Befreit", "Vogelsub": "Bald fällig"}
    assert seen[9] == {"Vogelown": "Befreit", "Vogelsub": "Ausgesetzt"}
    assert seen[8] == {"Vogelown": "Überfällig", "Vogelsub": "Überfällig"}


def test_who_has_left_or_moved_counts_where_they_were(
    client: FlaskClient, past: Past, sign_in: Callable[..., None]
) -> None:
    house = past.house
    own, sub = house.people["own"], house.people["sub"]
    past.move(sub, house.up, days_ago=5)
    own.is_active = False
    cycles.sweep(house.session, today=ago(4), now=noon(ago(4)))
    house.session.commit()
    sign_in(client, house.hr)
    assert set(statuses(client.get("/personal/liste").text)) == {"Vogelsub"}
    then = client.get(f"/personal/liste?stand={ago(6)}").text
    assert set(statuses(then)) == {"Vogelown", "Vogelsub"}
    assert "Team 1" in then
    assert set(statuses(client.get(f"/personal/liste?stand={ago(6)}&einheit={house.sub.id}").text)) == {"Vogelsub"}


@pytest.mark.parametrize("direction", ["away", "here"])
def test_nobody_is_shown_whom_the_viewer_may_not_see_today_or_did_not_then(
    client: FlaskClient, past: Past, sign_in: Callable[..., None], direction: str
) -> None:
    """Who moved out of the viewer's units is out of reach, and so is the past of who came from others."""
    house = past.house
    person = house.people["own" if direction == "away" else "other"]
    past.move(person, house.other if direction == "away" else house.up, days_ago=5)
    sign_in(client, house.hr)
    for address in ("/personal/liste?stand={day}", "/personal/liste.csv?stand={day}"):
        assert person.family_name not in client.get(address.format(day=ago(6))).text
    told = 1 if direction == "away" else 2
    assert f"von {told} Pflichten" in client.get(f"/personal?stand={ago(6)}").text
    assert client.get(f"/personal/personen/{person.id}").status_code == (404 if direction == "away" else 200)


def test_without_the_scope_of_today_who_moved_away_would_be_seen(
    client: FlaskClient, past: Past, sign_in: Callable[..., None]
) -> None:
    person = past.house.people["own"]
    past.move(person, past.house.other, days_ago=5)
    sign_in(client, past.house.hr)
    scope = next(each for each in filters() if each.name == "obligations.hindsight.reached_people 1")
    with dropped(scope):
        for address in ("/personal/liste", "/personal/liste.csv"):
            assert person.family_name in client.get(f"{address}?stand={ago(6)}").text
        assert "von 2 Pflichten" in client.get(f"/personal?stand={ago(6)}").text


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("language", ["de", "en"])
def test_a_day_that_cannot_be_shown_is_explained_and_stays_in_the_field(
    client: FlaskClient, past: Past, session: Session, sign_in: Callable[..., None], address: str, language: str
) -> None:
    session.add(ErasedHistory(key=1, first_day=ago(30)))
    session.commit()
    sign_in(client, past.house.hr)
    client.set_cookie("sprache", language)
    place = address.format(person=past.house.people["own"].id)
    words = {
        str(clock.today() + DAY): ("liegt in der Zukunft", "lies in the future"),
        str(ago(31)): (f"{ago(30):%d.%m.%Y}", f"{ago(30).day} {ago(30):%b %Y}"),
        "31.02.2026": ("zum Beispiel 31.01.2027", "for example 31.01.2027"),
    }
    for typed, message in words.items():
        answer = client.get(place, query_string={"stand": typed})
        assert answer.status_code == 422, typed
        assert f'value="{typed}"' in answer.text
        assert re.search(r'<input[^>]*id="stand"[^>]*aria-invalid="true"', answer.text)
        assert message[language == "en"] in answer.text
        assert ("Fehler:" if language == "de" else "Error:") in re.findall("<title>(.*?)</title>", answer.text)[0]
        assert not statuses(answer.text) if "liste" in place else "Pflichten sind überfällig" not in answer.text
    assert client.get(place, query_string={"stand": str(ago(30))}).status_code == 200
    assert entries(session, "duties.see") == [] or "liste" in place
    today = client.get(place, query_string={"stand": str(clock.today())})
    assert today.status_code == 200


def test_a_file_of_a_day_that_cannot_be_shown_leads_back_to_the_list(
    client: FlaskClient, past: Past, session: Session, sign_in: Callable[..., None]
) -> None:
    sign_in(client, past.house.hr)
    tomorrow = clock.today() + DAY
    answer = client.get(f"/personal/liste.csv?status=open&stand={tomorrow}")
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/personal/liste?status=open&stand={tomorrow}"
    assert entries(session, "duties.export") == []


def test_a_duty_of_today_that_nobody_had_on_the_day_finds_nobody_and_can_be_taken_away(
    client: FlaskClient, past: Past, sign_in: Callable[..., None]
) -> None:
    """The same answer as for a duty or a unit that does not exist or is somebody else's."""
    young = past.make_rule("Brandschutz", 3)
    sign_in(client, past.house.hr)
    for name, thing in (("pflicht", young.id), ("einheit", past.house.other.id)):
        page = client.get(f"/personal/liste?{name}={thing}&stand={ago(6)}")
        assert page.status_code == 200
        assert statuses(page.text) == {}
        assert f'href="/personal/liste?stand={ago(6)}"' in page.text
        assert "Leistung Nord" not in page.text


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.HR])
def test_an_earlier_day_opens_nothing_to_anybody_else(
    client: FlaskClient, past: Past, sign_in: Callable[..., None], role: Role
) -> None:
    house = past.house
    sign_in(client, house.with_role(role, house.up if role is Role.TEAM_LEAD else None))
    for address in (*PAGES, "/personal/liste.csv"):
        place = address.format(person=house.people["own"].id)
        assert client.get(f"{place}?stand={ago(6)}").status_code == 404

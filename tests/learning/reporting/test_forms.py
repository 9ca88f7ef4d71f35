"""What HR does: rules after a dry run, ending one, agreements, and the file to take along."""

import csv
import datetime
import html
import io
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learning import clock
from learning.audit import AuditEntry
from learning.obligations import agreements
from learning.obligations.agreements import Side
from learning.obligations.models import Agreement, AssignmentRule, Cycle
from learning.people.roles import Role
from learning.people.visibility import catalogue, matrix
from learning.reporting.duty_list.spreadsheets import csv_pieces, safe_cell
from tests import factories
from tests.learning.reporting.house import House
from tests.pages import ORIGIN


def post(client: FlaskClient, form_address: str, address: str, **data: object):
    page = client.get(form_address).text
    token = re.search('name="csrf_token" value="([^"]+)"', page)[1]
    return client.post(address, data={"csrf_token": token, **data}, headers=ORIGIN)


def hidden(page: str, name: str) -> str:
    return re.search(f'name="{name}" value="([^"]+)"', page)[1]


def fields(house: House, **changes: str) -> dict[str, str]:
    typed = {
        "titel": "Brandschutz", "kurs": "datenschutz", "zielgruppe": "einheiten", "einheiten": str(house.up.id),
        "untereinheiten": "ja", "beginn": clock.today().isoformat(), "anker": "rule_start", "tage": "30",
        "turnus": "once", "schluessel": "7d0f8a35-6f3e-4a39-8a8b-2f6f2f3f9a11",
    }  # fmt: skip
    return typed | changes


NEW = "/personal/pflichtregeln/neu"


def count(session: Session, model: type) -> int:
    session.commit()
    return session.scalar(select(func.count()).select_from(model))


def test_a_dry_run_tells_whom_the_rule_reaches_and_keeps_nothing(
    client: FlaskClient, house: House, session: Session, sign_in: Callable
) -> None:
    house.course()
    sign_in(client, house.hr)
    answer = post(client, NEW, NEW, schritt="probelauf", **fields(house))
    assert answer.status_code == 200
    assert "Die Regel erreicht 2 Personen." in answer.text
    assert 'value="Brandschutz"' in answer.text
    assert count(session, AssignmentRule) == count(session, Cycle) == 0


def test_only_what_the_dry_run_has_shown_is_made_and_only_once(
    client: FlaskClient, house: House, session: Session, sign_in: Callable
) -> None:
    house.course()
    sign_in(client, house.hr)
    shown = hidden(post(client, NEW, NEW, schritt="probelauf", **fields(house)).text, "gesehen")
    assert post(client, NEW, NEW, schritt="anlegen", gesehen=shown, **fields(house, tage="60")).status_code == 200
    assert count(session, AssignmentRule) == 0
    for _time in range(2):
        assert post(client, NEW, NEW, schritt="anlegen", gesehen=shown, **fields(house)).status_code == 303
    assert count(session, AssignmentRule) == 1
    assert count(session, Cycle) == 2
    assert session.scalar(select(func.count()).where(AuditEntry.action == "rule.make")) == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"titel": ""}, "Geben Sie der Pflicht einen Namen."),
        ({"kurs": "fehlt"}, "Wählen Sie einen Kurs aus."),
        ({"tage": "viele"}, "Schreiben Sie eine ganze Zahl"),
        ({"beginn": "31.02.2027"}, "Schreiben Sie ein Datum"),
        ({"einheiten": ""}, "Wählen Sie mindestens eine Organisationseinheit aus."),
        ({"ende": "2020-01-01"}, "Das Ende liegt vor dem Beginn."),
        ({"zielgruppe": "alle", "einheiten": ""}, "für die Sie zuständig sind"),
        ({"zielgruppe": "alle"}, "Unten sind Organisationseinheiten angekreuzt."),
        ({"turnus": "season", "stichtag": "29.02.", "fenster": "30", "abstand": "60"}, "nicht in jedem Jahr"),
        ({"turnus": "due", "monate": "12", "fenster": "90", "abstand": "60"}, "So früh kann niemand erneuern"),
    ],
)
def test_mistakes_stand_at_their_field_and_what_was_typed_stays(
    client: FlaskClient, house: House, sign_in: Callable, changes: dict[str, str], words: str
) -> None:
    house.course()
    sign_in(client, house.hr)
    answer = post(client, NEW, NEW, schritt="probelauf", **fields(house, rechtsgrundlage="ASR A2.2", **changes))
    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="ASR A2.2"' in answer.text
    assert "<title>Fehler:" in answer.text


def test_the_whole_house_is_offered_only_to_whom_it_is_entrusted(
    client: FlaskClient, house: House, sign_in: Callable
) -> None:
    sign_in(client, house.hr)
    assert 'value="alle"' not in client.get(NEW).text
    sign_in(client, house.with_role(Role.HR, house.root))
    assert 'value="alle" checked' in client.get(NEW).text


def test_all_mistakes_are_named_at_once_in_the_order_of_the_page(
    client: FlaskClient, house: House, sign_in: Callable
) -> None:
    house.course()
    sign_in(client, house.hr)
    wrong = fields(
        house, titel="", tage="bald", kurs="", turnus="season", stichtag="32.13.", fenster="30", abstand="60"
    )
    answer = post(client, NEW, NEW, schritt="probelauf", **wrong).text
    assert re.findall(r'<li><a class="kern-link"\s+href="#(\w+)"', answer) == ["titel", "kurs", "tage", "stichtag"]


def test_a_unit_outside_is_as_if_it_did_not_exist(client: FlaskClient, house: House, sign_in: Callable) -> None:
    house.course()
    sign_in(client, house.hr)
    answer = post(client, NEW, NEW, schritt="probelauf", **fields(house, einheiten=str(house.other.id)))
    assert "Wählen Sie mindestens eine Organisationseinheit aus." in answer.text


def test_a_rule_ends_after_a_second_look_and_only_within_ones_units(
    client: FlaskClient, house: House, session: Session, sign_in: Callable
) -> None:
    house.course()
    rule = house.rule()
    address = f"/personal/pflichtregeln/{rule.id}/beenden"
    sign_in(client, house.hr)
    assert client.get(address).status_code == 404  # it is for everyone, and HR of one unit does not reach everyone
    sign_in(client, house.with_role(Role.HR, house.root))
    for _time in range(2):
        assert post(client, address, address).status_code == 303
    session.rollback()
    assert session.scalar(select(AssignmentRule.ends_on)) == clock.today()
    assert session.scalar(select(func.count()).where(AuditEntry.action == "rule.end")) == 1


def test_whoever_wants_to_end_an_ended_rule_reads_that_it_is_over(
    client: FlaskClient, house: House, session: Session, sign_in: Callable
) -> None:
    house.course()
    rule = house.rule(started=9)
    rule.ends_on = clock.today() - datetime.timedelta(days=3)
    session.commit()
    sign_in(client, house.with_role(Role.HR, house.root))
    page = client.get(f"/personal/pflichtregeln/{rule.id}/beenden").text
    assert "ist beendet" in page
    assert "Regel beenden" not in page


def test_both_sides_make_an_agreement_and_the_person_reads_who_proposed_it(
    client: FlaskClient, house: House, session: Session, sign_in: Callable
) -> None:
    house.course()
    page = "/personal/vereinbarungen"
    sign_in(client, house.hr)
    for _time in range(2):
        sent = {"personalnummer": house.people["own"].hr_key, "kurs": "datenschutz"}
        assert post(client, page, page, **sent).status_code == 303
    assert count(session, Agreement) == 1
    refused = post(client, page, page, personalnummer=house.people["other"].hr_key, kurs="datenschutz")
    assert refused.status_code == 422
    assert "gibt es in Ihren Organisationseinheiten nicht" in refused.text
    agreement = session.scalars(select(Agreement)).one()
    session.commit()
    decide = f"/nachweise#eintrag-{agreement.id}"
    confirm = f"/nachweise/vereinbarungen/{agreement.id}/bestaetigen"
    sign_in(client, house.people["own"])
    own = client.get("/meine-daten").text
    assert "Rolle hr, Personalentwicklung" in own
    assert f'href="{decide}"' in own
    assert f'id="eintrag-{agreement.id}"' in client.get("/nachweise").text
    assert post(client, "/nachweise", confirm).status_code == 303
    agreed = f"vereinbart am {clock.today():%d.%m.%Y}"
    assert [agreed in client.get(page).text for page in ("/meine-daten", "/nachweise")] == [True, True]
    session.expire_all()
    assert session.scalars(select(Agreement)).one().in_force_on == clock.today()


@pytest.mark.parametrize(
    ("is_agreed", "in_list", "in_record"),
    [(True, "beendet am", "<dd>beendet</dd>"), (False, "nicht vereinbart; der Vorschlag", "<dd>nicht vereinbart</dd>")],
)
def test_hr_reads_whether_what_ended_had_been_agreed(
    client: FlaskClient,
    house: House,
    session: Session,
    sign_in: Callable,
    is_agreed: bool,
    in_list: str,
    in_record: str,
) -> None:
    house.course()
    own = house.people["own"]
    made = agreements.propose(
        session, own.key, course_id="datenschutz", actor=house.hr.key, side=Side.HR, now=clock.now()
    )
    if is_agreed:
        agreements.confirm(session, made, side=Side.PERSON, now=clock.now())
    agreements.end(session, made, now=clock.now())
    session.commit()
    sign_in(client, house.hr)
    pages = [client.get("/personal/vereinbarungen").text, client.get(f"/personal/personen/{own.id}").text]
    assert [words in page for words, page in zip((in_list, in_record), pages, strict=True)] == [True, True]
    assert ("nicht vereinbart" in pages[0], "<dd>nicht vereinbart</dd>" in pages[1]) == (not is_agreed, not is_agreed)


def test_an_agreement_in_force_ends_after_a_second_look(
    client: FlaskClient, house: House, session: Session, sign_in: Callable
) -> None:
    house.course()
    made = agreements.propose(
        session, house.people["own"].key, course_id="datenschutz", actor=house.hr.key, side=Side.HR, now=clock.now()
    )
    session.commit()
    page, address = "/personal/vereinbarungen", f"/personal/vereinbarungen/{made.id}/beenden"
    sign_in(client, house.hr)
    assert f'action="{address}"' in client.get(page).text  # a proposal is taken back at once
    agreements.confirm(session, made, side=Side.PERSON, now=clock.now())
    session.commit()
    assert f'action="{address}"' not in client.get(page).text
    assert f'href="{address}"' in client.get(page).text
    asked = client.get(address).text
    assert "Vereinbarung zu „Datenschutz“ beenden?" in asked
    assert "Vogelown, Kanari" in asked
    assert session.scalar(select(Agreement.ended_at)) is None
    session.rollback()
    for _time in range(2):
        assert post(client, page, address).status_code == 303
    over = client.get(address).text
    assert "ist nicht mehr vereinbart" in over
    assert f'action="{address}"' not in over


def test_nobody_confirms_for_somebody_else(
    client: FlaskClient, house: House, session: Session, sign_in: Callable
) -> None:
    house.course()
    page = "/personal/vereinbarungen"
    sign_in(client, house.hr)
    post(client, page, page, personalnummer=house.people["own"].hr_key, kurs="datenschutz")
    agreement = session.scalars(select(Agreement)).one()
    session.commit()
    for step in ("bestaetigen", "beenden"):
        assert post(client, page, f"/nachweise/vereinbarungen/{agreement.id}/{step}").status_code == 404


def test_the_file_holds_the_filtered_duties_and_is_logged(
    client: FlaskClient, house: House, session: Session, sign_in: Callable
) -> None:
    house.course()
    house.rule("=HYPERLINK()")
    sign_in(client, house.hr)
    answer = client.get("/personal/liste.csv?status=open")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    assert rows[0][0] == "Personalnummer"
    assert [row[1] for row in rows[1:]] == ["Vogelown", "Vogelsub"]
    assert {row[4] for row in rows[1:]} == {"'=HYPERLINK()"}
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "duties.export")).one()
    assert entry.count == 2
    assert entry.scope == "status=open"


@pytest.mark.parametrize("begin", list("=+-@\t\r\n＝＋－＠"))
def test_a_cell_that_could_be_a_formula_begins_with_an_apostrophe(begin: str) -> None:
    assert safe_cell(f"{begin}1") == f"'{begin}1"


@pytest.mark.parametrize("text", ["", "Müller", "a=b", "1-2", "ß"])
def test_every_other_cell_stays_as_it_is(text: str) -> None:
    assert safe_cell(text) == text


def test_a_long_table_is_sent_in_pieces() -> None:
    pieces = csv_pieces(["Zahl"], ([str(number)] for number in range(1000)))
    assert [piece.count(b"\r\n") for piece in pieces] == [500, 500, 1]


def test_my_data_takes_five_queries(client: FlaskClient, house: House, sign_in: Callable, query_count) -> None:
    sign_in(client, factories.person(house.session))
    with query_count:
        page = client.get("/meine-daten").text
    assert query_count == 5  # viewer, counts, agreements, looks, extra time
    assert "Niemand hat Ihre Daten angesehen." in page


def test_my_data_names_everything_that_is_stored_and_who_sees_it(
    client: FlaskClient, house: House, sign_in: Callable
) -> None:
    sign_in(client, factories.person(house.session))
    page = html.unescape(client.get("/meine-daten").text)
    data = matrix()
    stored = {row.datum for row in catalogue().data}
    assert stored
    assert [name for code in stored if (name := data[code].name.in_language("de")) not in page] == []
    rights = page.partition('id="rechte"')[2]
    assert [datum.code for datum in data.values() if datum.name.in_language("de") not in rights] == []


def test_who_looked_stands_by_role_without_name(client: FlaskClient, house: House, sign_in: Callable) -> None:
    sign_in(client, house.hr)
    client.get(f"/personal/personen/{house.people['own'].id}")
    sign_in(client, house.people["own"])
    page = client.get("/meine-daten").text
    assert "sah Ihre Pflichten und Nachweise" in page
    assert "Rolle hr" not in page

"""Help, accessibility and privacy: for everybody, from every page, in both languages, and true to the catalogue."""

from dataclasses import replace
from html import escape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from learning import clock
from learning.app import create_app
from learning.database import db
from learning.people.visibility import catalogue, matrix
from learning.service.views import STATEMENT_CHECKED, STATEMENT_MADE
from learning.settings import ProductSettings
from tests import factories
from tests.house.sources import ROOT
from tests.learning.conftest import QueryCount, SignIn
from tests.pages import send

PAGES = ("/hilfe", "/barrierefreiheit", "/datenschutz")


@pytest.mark.parametrize("address", PAGES)
def test_the_footer_leads_everybody_there_without_a_query(
    client: FlaskClient, query_count: QueryCount, address: str
) -> None:
    assert f'href="{address}"' in client.get("/anmelden").text
    with query_count:
        page = client.get(address)
    assert page.status_code == 200
    assert query_count == 0


def test_the_privacy_page_names_every_purpose_and_datum_of_the_catalogue(client: FlaskClient) -> None:
    page = client.get("/datenschutz").text
    for row in catalogue().data:
        assert escape(row.purpose.de, quote=False) in page
        assert escape(row.basis, quote=False) in page
    for datum in matrix().values():
        assert datum.name.de in page
        assert datum.note.de in page


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", "inen Tag nach ihrem Ende ist eine Sitzung gelöscht"),
        ("en", "a session is deleted one day after its end"),
    ],
)
def test_list_table_and_course_say_the_same_of_earlier_sign_ins(client: FlaskClient, language: str, words: str) -> None:
    client.set_cookie("sprache", language)
    listed, table = client.get("/datenschutz").text.split('id="rechte"')
    assert words in listed
    assert words in table
    course = ROOT / "content" / "so-lernen-sie-mit-impuls" / ("" if language == "de" else language)
    said = (course / "03-was-andere-sehen.md").read_text(encoding="utf-8")
    # Once in the text, once in the feedback of its question.
    assert said.count(words) == 2
    for text in (listed, table, said):
        assert "letzte Anmeldung" not in text
        assert "last sign-in" not in text


def test_each_cell_of_what_is_stored_stands_below_a_name(client: FlaskClient) -> None:
    table = client.get("/datenschutz").text.partition("<table")[2].partition("</table>")[0]
    first_row = table.partition("<tbody")[2].partition("</tr>")[0]
    assert table.count('role="columnheader"') == first_row.count('role="cell"') + first_row.count('role="rowheader"')


@pytest.mark.parametrize("address", ["/datenschutz", "/meine-daten"])
def test_in_english_purposes_and_data_are_said_in_english(
    app: Flask, client: FlaskClient, session, sign_in: SignIn, address: str
) -> None:
    sign_in(client, factories.person(session))
    send(client, "/einstellungen/anzeige", {"sprache": "en", "zurueck": "/konto"})
    page = client.get(address).text
    for row in catalogue().data:
        assert row.purpose.en.replace("'", "&#39;") in page
        assert row.purpose.de not in page
    for datum in matrix().values():
        assert datum.name.en.replace("'", "&#39;") in page
        assert datum.name.de not in page


def test_the_statement_on_accessibility_says_its_day_and_where_barriers_are_reported(client: FlaskClient) -> None:
    page = client.get("/barrierefreiheit").text
    made, checked = (f"{day:%d.%m.%Y}" for day in (STATEMENT_MADE, STATEMENT_CHECKED))
    assert f"Erstellt am {made}, zuletzt überprüft am {checked}" in page
    reporting = page.partition('id="barriere-melden"')[2]
    assert "Melden Sie Barrieren der Administration Ihrer Dienststelle" in reporting
    assert 'href="/barrierefreiheit#barriere-melden"' in client.get("/hilfe").text


def test_the_day_of_the_statement_is_not_ahead_of_its_making() -> None:
    assert STATEMENT_MADE <= STATEMENT_CHECKED <= clock.today()


def test_whom_to_ask_is_named_where_it_is_configured(product_settings: ProductSettings, engine) -> None:
    app = create_app(replace(product_settings, contact="Fachdienst IT, Durchwahl 42"))
    client = app.test_client()
    for address in PAGES:
        assert "Fachdienst IT, Durchwahl 42" in client.get(address).text
    with app.app_context():
        db.engine.dispose()


def test_what_the_command_line_did_is_told_in_words(client: FlaskClient, session, sign_in: SignIn) -> None:
    from learning import audit, clock

    person = factories.person(session, "Miriam Sander")
    entry = {"actor": None, "role": "command_line", "object_type": "person", "object_id": str(person.id)}
    for action in ("role.grant", "person.reset", "person.deactivate"):
        audit.record(session, **entry, action=action, subjects=[person.key], now=clock.now())
    session.commit()
    sign_in(client, person)
    page = client.get("/meine-daten").text
    assert page.count("Administration, mit einem Befehl") == 3
    assert "gab Ihnen eine Rolle" in page
    assert "änderte etwas an Ihren Daten" not in page

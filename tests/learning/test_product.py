"""What every page of the product has: closed by default, cookies, headers, errors, health."""

import dataclasses
import gzip
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from learning.access import marker_of
from learning.app import create_app
from learning.database import db
from learning.people.roles import Role
from learning.settings import ProductSettings
from learning.web import health
from learning.web.headers import SECURITY_HEADERS
from tests import factories
from tests.learning.conftest import QueryCount, SignIn
from tests.pages import ORIGIN, send


def test_every_address_says_who_may_use_it(app: Flask) -> None:
    assert all(marker_of(app.view_functions[rule.endpoint]) for rule in app.url_map.iter_rules())


@pytest.mark.parametrize("address", ["/anmelden", "/konto", "/gibt-es-nicht", "/healthz", "/einladung/falsch"])
def test_every_answer_carries_the_security_headers(client: FlaskClient, address: str) -> None:
    headers = client.get(address).headers
    assert {name: headers.get(name) for name in SECURITY_HEADERS} == SECURITY_HEADERS


def test_over_https_the_cookie_belongs_to_this_host_alone(product_settings: ProductSettings, app: Flask) -> None:
    secure = create_app(dataclasses.replace(product_settings, public_url="https://impuls.example"))
    answer = secure.test_client().get("/anmelden", base_url="https://impuls.example")
    (cookie,) = answer.headers.get_all("Set-Cookie")
    assert cookie.startswith("__Host-impuls=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    with secure.app_context():
        db.engine.dispose()


def test_a_foreign_host_name_is_refused(client: FlaskClient) -> None:
    assert client.get("/anmelden", headers={"Host": "fremd.example"}).status_code == 400


@pytest.mark.parametrize(
    "target",
    ["//fremd.example", "/\\fremd.example", "https://fremd.example", "/\t/fremd.example", "javascript:alert(1)",
     "/gibt-es-nicht", "\\\\fremd", "/konto\r\nX: y", "///", "http:konto", "/%09/fremd.example/"],
)  # fmt: skip
def test_signing_in_leads_to_no_other_host(client: FlaskClient, session: Session, target: str) -> None:
    person = factories.person(session)
    factories.password(session, person, "Kranich Teelicht Umweg")
    form = {"name": person.hr_key, "kennwort": "Kranich Teelicht Umweg", "weiter": target}
    assert send(client, "/anmelden", form).location == "/"


def test_a_form_that_is_too_long_is_refused_with_a_page(client: FlaskClient) -> None:
    answer = client.post("/anmelden", data={"name": "x" * 300_000}, headers=ORIGIN)
    assert answer.status_code == 413
    assert "Das war zu viel auf einmal" in answer.text


@pytest.mark.parametrize(
    ("address", "is_course"), [("/kurse/gibt-es-nicht", True), ("/gibt-es-nicht", False), ("/personal/liste", False)]
)
def test_a_page_that_is_not_there_speaks_of_courses_only_where_one_was_asked_for(
    client: FlaskClient, session: Session, sign_in: SignIn, address: str, is_course: bool
) -> None:
    sign_in(client, factories.person(session))
    answer = client.get(address)
    assert answer.status_code == 404
    assert ("Vielleicht wurde der Kurs umbenannt." in answer.text) is is_course
    assert ("Vielleicht fehlt ein Stück der Adresse" in answer.text) is not is_course
    ways = answer.text.partition('aria-label="So geht es weiter"')[2].partition("</nav>")[0]
    assert re.findall('href="([^"]+)"', ways) == ["/katalog", "/katalog#suche", "/hilfe"]


def test_other_errors_lead_to_the_start_alone(client: FlaskClient) -> None:
    answer = client.get("/abmelden")
    assert answer.status_code == 405
    assert "So geht es weiter" not in answer.text


def test_the_process_is_alive_without_its_database(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, query_count: QueryCount
) -> None:
    with query_count:
        assert client.get("/healthz").text == "ok\n"
    assert query_count == 0
    assert client.get("/readyz").status_code == 200
    monkeypatch.setattr(health, "takes_writes", lambda: False)
    monkeypatch.setattr(health, "has_room", lambda folder: False)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (503, "missing: database, disk\n")
    assert client.get("/healthz").status_code == 200


def test_a_lost_database_makes_it_not_ready(product_settings: ProductSettings, app: Flask) -> None:
    lost = create_app(dataclasses.replace(product_settings, database_url="postgresql+psycopg://nobody@127.0.0.1:9/x"))
    assert lost.test_client().get("/readyz").status_code == 503


def test_an_old_schema_makes_it_not_ready(product_settings: ProductSettings, app: Flask, tmp_path: Path) -> None:
    empty = create_app(dataclasses.replace(product_settings, database_url=f"sqlite:///{tmp_path / 'empty.sqlite'}"))
    assert empty.test_client().get("/readyz").text == "missing: migrations\n"
    with empty.app_context():
        db.engine.dispose()


def test_a_database_that_is_away_is_told_as_such(
    client: FlaskClient, session: Session, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object, **__: object) -> None:
        raise OperationalError("SELECT", {}, Exception("connection lost"))

    sign_in(client, factories.person(session))
    monkeypatch.setattr("learning.people.web.viewer_of_session", gone)
    answer = client.get("/konto")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "gerade nicht erreichbar" in answer.text


def test_pages_cross_the_line_compressed_but_not_for_other_sites(client: FlaskClient) -> None:
    plain = client.get("/anmelden")
    packed = client.get("/anmelden", headers={"Accept-Encoding": "gzip, br"})
    foreign = client.get("/anmelden", headers={"Accept-Encoding": "gzip", "Sec-Fetch-Site": "cross-site"})
    assert "Content-Encoding" not in plain.headers
    assert "Content-Encoding" not in foreign.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.get_data()).decode() == plain.text
    assert "Accept-Encoding" in packed.vary
    assert len(packed.get_data()) < len(plain.get_data()) / 2


def test_a_compressed_page_that_is_still_true_is_not_sent_again(client: FlaskClient) -> None:
    first = client.get("/anmelden", headers={"Accept-Encoding": "gzip"})
    again = client.get("/anmelden", headers={"Accept-Encoding": "gzip", "If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_the_length_of_a_compressed_page_tells_nothing(client: FlaskClient) -> None:
    lengths = {len(client.get("/anmelden", headers={"Accept-Encoding": "gzip"}).get_data()) for _ in range(12)}
    assert len(lengths) > 3


@pytest.mark.parametrize(
    ("address", "entry"),
    [
        ("/katalog", "/katalog"),
        ("/suche?suche=x", "/katalog"),
        ("/personal/liste", "/personal"),
        ("/personal/summen", "/personal"),
    ],
)
def test_the_navigation_marks_where_a_page_belongs(
    client: FlaskClient, session: Session, sign_in: SignIn, address: str, entry: str
) -> None:
    unit = factories.unit(session)
    person = factories.person(session, unit=unit)
    factories.grant(session, person, Role.HR, unit=unit)
    sign_in(client, person)
    marked = re.findall(r'<a href="([^"]+)" aria-current="(?:page|true)">', client.get(address).text)
    assert marked == ([entry] if entry else [])

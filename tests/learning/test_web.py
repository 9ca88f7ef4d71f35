"""What every answer has: headers, a number, refusals as pages, language and colours by form."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from learning.web.headers import SECURITY_HEADERS
from learning.web.origin import is_own_origin
from tests.pages import ORIGIN

ADDRESSES = [
    "/",
    "/katalog",
    "/kurse/bausteine",
    "/kurse/bausteine/text",
    "/kurse/bausteine/test",
    "/kurse/bausteine/medien/media/weg.svg",
    "/befunde/kaputt",
    "/vorschau/stand",
    "/gibt-es-nicht",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_carries_the_security_headers_and_a_number(preview_client: FlaskClient, address: str) -> None:
    with preview_client.get(address) as response:
        response.get_data()
    names = set(SECURITY_HEADERS) - ({"Content-Security-Policy"} if "/medien/" in address else set())
    assert {name: response.headers.get(name) for name in names} == {name: SECURITY_HEADERS[name] for name in names}
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert re.fullmatch("[0-9a-f]{12}", response.headers["X-Request-Id"])
    assert "Cache-Control" in response.headers


def test_assets_carry_the_security_headers_too(preview_app: Flask, preview_client: FlaskClient) -> None:
    address = preview_app.jinja_env.globals["asset"]("app.css")  # type: ignore[operator]
    with preview_client.get(address) as response:
        assert response.headers["Content-Security-Policy"] == SECURITY_HEADERS["Content-Security-Policy"]
        assert "immutable" in response.headers["Cache-Control"]


def test_no_page_holds_inline_script_or_style(preview_client: FlaskClient) -> None:
    for address in (address for address in ADDRESSES if "/medien/" not in address):
        html = preview_client.get(address, follow_redirects=True).text
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)|javascript:", html), address


@pytest.mark.parametrize(
    "origin",
    [None, "null", "http://fremd.example", "https://localhost", "http://localhost:1", "http://localhost.fremd"],
)
def test_a_form_that_started_elsewhere_is_refused(preview_client: FlaskClient, origin: str | None) -> None:
    headers = {"Origin": origin} if origin else {}
    assert preview_client.post("/einstellungen/anzeige", headers=headers).status_code == 403


def test_the_own_origin_is_recognised_with_its_port() -> None:
    assert is_own_origin("http://127.0.0.1:8000", "http://127.0.0.1:8000/")


def test_an_unknown_page_names_the_number_of_the_request(preview_client: FlaskClient) -> None:
    response = preview_client.get("/gibt-es-nicht")
    assert response.status_code == 404
    assert response.headers["X-Request-Id"] in response.text


def test_a_form_that_is_too_large_is_a_page_and_no_trace(preview_client: FlaskClient) -> None:
    response = preview_client.post(
        "/kurse/bausteine/fragen/fragen/f-frei", data={"f-f-frei": "x" * 300_000}, headers=ORIGIN
    )
    assert response.status_code == 413
    assert "Das war zu viel auf einmal" in response.text


def test_a_mistake_of_the_program_is_a_page_with_its_number_and_no_trace(
    preview_app: Flask, preview_client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> str:
        raise RuntimeError("Geheimes aus dem Inneren")

    monkeypatch.setitem(preview_app.view_functions, "preview.findings", broken)
    broken.access = preview_app.view_functions["preview.catalogue"].access  # type: ignore[attr-defined]
    response = preview_client.get("/befunde")
    assert response.status_code == 500
    assert "Geheimes" not in response.text
    assert response.headers["X-Request-Id"] in response.text
    assert "Geheimes aus dem Inneren" in caplog.text


def test_an_error_for_a_program_is_problem_json(preview_client: FlaskClient) -> None:
    response = preview_client.get("/gibt-es-nicht", headers={"Accept": "application/json"})
    assert response.mimetype == "application/problem+json"
    assert response.get_json()["status"] == 404


def test_the_wrong_method_says_which_are_right(preview_client: FlaskClient) -> None:
    response = preview_client.post("/katalog", headers=ORIGIN)
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]


def test_another_host_name_is_refused(preview_client: FlaskClient) -> None:
    assert preview_client.get("/katalog", headers={"Host": "fremd.example"}).status_code == 400


def test_a_page_that_has_not_changed_is_not_sent_again(preview_client: FlaskClient) -> None:
    tag = preview_client.get("/kurse/bausteine").headers["ETag"]
    assert preview_client.get("/kurse/bausteine", headers={"If-None-Match": tag}).status_code == 304


def test_the_language_is_chosen_by_a_form_and_remembered(preview_client: FlaskClient) -> None:
    form = {"sprache": "en", "zurueck": "/kurse/bausteine?x=1"}
    response = preview_client.post("/einstellungen/anzeige", data=form, headers=ORIGIN)
    assert (response.status_code, response.headers["Location"]) == (303, "/kurse/bausteine?x=1")
    page = preview_client.get("/kurse/bausteine").text
    assert '<html lang="en"' in page
    assert "All parts of a course" in page


def test_cookies_are_for_this_site_alone(preview_client: FlaskClient) -> None:
    response = preview_client.post("/einstellungen/anzeige", data={"darstellung": "dunkel"}, headers=ORIGIN)
    cookie = response.headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))


def test_the_theme_is_chosen_by_a_form(preview_client: FlaskClient) -> None:
    preview_client.post("/einstellungen/anzeige", data={"darstellung": "dunkel"}, headers=ORIGIN)
    assert 'data-kern-theme="dark"' in preview_client.get("/katalog").text
    preview_client.post("/einstellungen/anzeige", data={"darstellung": "system"}, headers=ORIGIN)
    assert "data-kern-theme" not in preview_client.get("/katalog").text


@pytest.mark.parametrize(
    "target",
    ["//fremd.example", "/\\fremd.example", "https://fremd.example", "/\t/fremd", "/gibt-es-nicht", "", "katalog"],
)
def test_after_a_form_nobody_is_sent_elsewhere(preview_client: FlaskClient, target: str) -> None:
    response = preview_client.post("/einstellungen/anzeige", data={"sprache": "en", "zurueck": target}, headers=ORIGIN)
    assert response.headers["Location"] == "/"


def test_the_browser_decides_the_language_where_nobody_has_chosen(preview_app: Flask) -> None:
    preview_app.config["IMPULS_LANGUAGE"] = None
    try:
        page = preview_app.test_client().get("/katalog", headers={"Accept-Language": "en-GB,en;q=0.9"}).text
    finally:
        preview_app.config["IMPULS_LANGUAGE"] = "de"
    assert "<h1>Catalogue</h1>" in page

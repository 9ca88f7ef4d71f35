"""Signing in by the word of a reverse proxy: of the configured one alone, and only as long as it says the same."""

from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_network

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from learning.people.models import Person
from learning.people.models import Session as SignedIn
from learning.people.proxy import comes_from_proxy, named_person
from learning.settings import NamedBy, ProductSettings, ProxySettings
from tests import factories
from tests.learning.conftest import product_with
from tests.pages import ORIGIN, send

PROXY = "10.1.2.3"
BEGIN = "/anmelden/proxy"
RULES = ProxySettings("X-Remote-User", (ip_network("10.1.2.3"), ip_network("fd00::/64")))


@pytest.fixture(scope="module")
def product(engine: Engine, product_settings: ProductSettings) -> Iterator[Flask]:
    with product_with(replace(product_settings, proxy_sign_in=RULES)) as made:
        yield made


@pytest.fixture
def miriam(session: Session) -> Person:
    return factories.person(session, "Miriam Sander", hr_key="P-4711")


def through(address: str, name: str | None) -> dict[str, dict[str, str]]:
    """What a request brings that comes from `address` with the header that names somebody."""
    return {
        "environ_overrides": {"REMOTE_ADDR": address},
        "headers": {} if name is None else {"X-Remote-User": name},
    }


def come(client: FlaskClient, address: str, name: str | None, **fields: str) -> TestResponse:
    """Press the button for the official account."""
    asked = through(address, name)
    token = client.get("/anmeldung/stand", **asked).get_json()["form_token"]
    asked["headers"] |= ORIGIN
    return client.post(BEGIN, data={"csrf_token": token, **fields}, **asked)


def is_signed_in(client: FlaskClient, address: str = PROXY, name: str | None = "P-4711") -> bool:
    return client.get("/konto", **through(address, name)).status_code == 200


def test_the_proxy_says_who_is_there(client: FlaskClient, miriam: Person, session: Session) -> None:
    page = client.get("/anmelden?weiter=/konto", **through(PROXY, "P-4711"))
    assert f'action="{BEGIN}"' in page.text
    answer = come(client, PROXY, "P-4711", weiter="/konto")
    assert (answer.status_code, answer.location) == (303, "/konto")
    assert is_signed_in(client)
    assert session.execute(select(SignedIn.method)).scalar_one() == "proxy"


@pytest.mark.parametrize("address", ["10.1.2.4", "192.0.2.1", "127.0.0.1", "::1", "fd00:1::1", "", "kein Rechner"])
def test_nobody_else_can_say_it(client: FlaskClient, miriam: Person, address: str) -> None:
    answer = come(client, address, "P-4711")
    assert answer.status_code == 403
    assert "Ihr Dienstkonto wurde nicht mitgeteilt." in answer.text
    assert 'name="kennwort"' in answer.text
    assert not is_signed_in(client, address)
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    "name", [None, "", " ", "P-0", "p-4711", "P-4711, P-1", "P-4711,", "%", "P-4711\x7f", "x" * 300, "Ü"]
)
def test_a_name_that_is_nobodys_signs_nobody_in(client: FlaskClient, miriam: Person, name: str | None) -> None:
    assert come(client, PROXY, name).status_code == 403
    assert not is_signed_in(client)


def test_who_has_left_is_nobody(client: FlaskClient, miriam: Person, session: Session) -> None:
    session.execute(update(Person).values(is_active=False))
    session.commit()
    assert come(client, PROXY, "P-4711").status_code == 403


def test_what_a_browser_says_of_its_way_makes_it_no_proxy(
    engine: Engine, product_settings: ProductSettings, miriam: Person
) -> None:
    with product_with(replace(product_settings, proxy_sign_in=RULES, proxies=1)) as made:
        for address, is_let_in in (("192.0.2.1", False), (PROXY, True)):
            client, asked = made.test_client(), through(address, "P-4711")
            asked["headers"] |= {"X-Forwarded-For": PROXY}
            token = client.get("/anmeldung/stand", **asked).get_json()["form_token"]
            asked["headers"] |= ORIGIN
            assert (client.post(BEGIN, data={"csrf_token": token}, **asked).status_code == 303) == is_let_in


@pytest.mark.parametrize(("address", "name"), [(PROXY, "P-4712"), (PROXY, None), ("192.0.2.1", "P-4711")])
def test_the_session_counts_only_while_the_proxy_says_the_same(
    client: FlaskClient, miriam: Person, session: Session, address: str, name: str | None
) -> None:
    factories.person(session, "Tom Berger", hr_key="P-4712")
    come(client, PROXY, "P-4711")
    assert not is_signed_in(client, address, name)
    assert is_signed_in(client)


def test_mail_addresses_can_be_the_names(product_settings: ProductSettings, engine: Engine, miriam: Person) -> None:
    with product_with(replace(product_settings, proxy_sign_in=replace(RULES, named_by=NamedBy.MAIL))) as made:
        assert come(made.test_client(), PROXY, miriam.mail.upper()).status_code == 303
        assert come(made.test_client(), PROXY, miriam.hr_key).status_code == 403


def test_signing_out_says_what_to_do_about_the_official_account(client: FlaskClient, miriam: Person) -> None:
    come(client, PROXY, "P-4711")
    asked = through(PROXY, "P-4711")
    token = client.get("/anmeldung/stand", **asked).get_json()["form_token"]
    asked["headers"] |= ORIGIN
    answer = client.post("/abmelden", data={"csrf_token": token}, **asked)
    assert answer.location == "/abgemeldet"
    page = client.get("/abgemeldet", **through(PROXY, "P-4711"))
    assert "Ihr Dienstkonto ist an diesem Rechner noch angemeldet." in page.text
    assert not is_signed_in(client)


def test_names_in_other_scripts_are_read_as_they_were_sent() -> None:
    environment = {"REMOTE_ADDR": PROXY, "HTTP_X_REMOTE_USER": "Jürgen".encode().decode("latin-1")}
    assert named_person(RULES, environment) == "Jürgen"
    assert named_person(RULES, {**environment, "HTTP_X_REMOTE_USER": "J\xfcrgen"}) == ""


def test_addresses_of_both_families_are_known() -> None:
    known = ("10.1.2.3", "::ffff:10.1.2.3", "fd00::17")
    assert all(comes_from_proxy(RULES, {"REMOTE_ADDR": address}) for address in known)
    assert not comes_from_proxy(RULES, {})


def test_without_a_configured_proxy_the_header_means_nothing(product_settings: ProductSettings, engine: Engine) -> None:
    with product_with(product_settings) as made:
        client = made.test_client()
        assert send(client, BEGIN).status_code == 404
        assert "Dienstkonto anmelden" not in client.get("/anmelden").text

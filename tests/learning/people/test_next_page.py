"""Where it goes on after signing in, out, or choosing a language: never to another host, whatever the address says."""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from ipaddress import ip_network
from urllib.parse import quote, urlencode, urljoin, urlsplit

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from learning.openid.provider import Provider
from learning.people import passwords
from learning.people.models import Person
from learning.settings import ProductSettings, ProxySettings
from tests import factories
from tests.learning.conftest import SignIn, product_with
from tests.learning.people.official import Way, hostile_client, on_its_way, openid_settings
from tests.pages import ORIGIN, send
from tests.provider.hostile import Hostile

PASSWORD = "Kranich Teelicht Umweg"
TARGETS = (
    "https://evil.example",
    "HTTPS://evil.example/konto",
    "http:evil.example",
    "https:/evil.example",
    "//evil.example",
    "//evil.example/konto",
    "///evil.example",
    "////evil.example/%2e%2e",
    "/\\evil.example",
    "\\/evil.example",
    "\\\\evil.example",
    "/\\/evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    "\t//evil.example",
    " //evil.example",
    "\x00//evil.example",
    "\x0b//evil.example",
    "/\x0c/evil.example",
    "/ /evil.example",
    "/konto\r\nLocation: https://evil.example",
    "/konto\r\n\r\n<script>",
    "/%0d%0aLocation:%20https://evil.example",
    "/%09/evil.example",
    "/%5cevil.example",
    "/%2f%2fevil.example",
    "%2f%2fevil.example",
    "/.//evil.example",
    "/..//evil.example",
    "/konto/..//evil.example",
    "/konto//evil.example",
    "/./\\evil.example",
    "./\\/evil.example",
    "evil.example",
    "evil.example/konto",
    "//localhost@evil.example",
    "//localhost\\@evil.example",
    "https://localhost@evil.example/konto",
    "https://localhost.evil.example",
    "https://evil.example?http://localhost/konto",
    "//evil.example#/konto",
    "/konto@evil.example",
    "?next=//evil.example",
    "#//evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt://localhost/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "//[::1]evil.example",
    "//evil。example",
    "／／evil.example",
    "/\u2028/evil.example",
    "/\u00ad/evil.example",
    "\ufeff//evil.example",
    "x" * 5000 + "//evil.example",
)
ADDRESSES = re.compile(r'(?:href|action|content)="(?:0; url=)?([^"]*)"')


@pytest.fixture(scope="module")
def product(engine: Engine, product_settings: ProductSettings, hostile: Hostile) -> Iterator[Flask]:
    """The application with every door there is."""
    proxy = ProxySettings("X-Remote-User", (ip_network("127.0.0.1"),))
    with product_with(replace(hostile_client(product_settings, hostile), proxy_sign_in=proxy)) as made:
        yield made


@pytest.fixture
def miriam(app: Flask, session: Session, hostile: Hostile, monkeypatch: pytest.MonkeyPatch) -> Person:
    """Somebody whose password costs little to compare; hundreds of sign-ins are about something else."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
    hostile.honest()
    app.extensions["impuls-openid"] = Provider(openid_settings(hostile.issuer))
    made = factories.person(session, "Miriam Sander")
    factories.password(session, made, PASSWORD)
    hostile.claims = {"sub": "konto-miriam", "email": made.mail, "email_verified": True}
    return made


def leads_to(target: str) -> str:
    """The host that a browser on our page goes to: it drops tabs and line ends, a backslash is a slash to it."""
    seen = re.sub(r"[\t\r\n]", "", target).strip("".join(map(chr, range(33)))).replace("\\", "/")
    seen = re.sub(r"^(https?):/*", r"\1://", seen, flags=re.IGNORECASE)
    parts = urlsplit(urljoin("http://localhost/anmelden", re.sub(r"^/{2,}", "//", seen)))
    return parts.netloc if parts.scheme in ("http", "https") else parts.scheme


def leaves(answer: TestResponse) -> list[str]:
    """Everything in an answer that leads away from our host."""
    found = [answer.location] if answer.location is not None else []
    found += [html.unescape(one) for one in ADDRESSES.findall(answer.text)]
    return [one for one in found if leads_to(one) not in ("localhost", "mailto")]


def opened(answer: TestResponse) -> TestResponse:
    """The answer of a door that has let somebody in, so that it says where it goes on."""
    assert answer.status_code == 303
    return answer


Door = Callable[[FlaskClient, str, Person, Hostile], TestResponse]


def page_to_sign_in(client: FlaskClient, target: str, person: Person, hostile: Hostile) -> TestResponse:
    return client.get(f"/anmelden?{urlencode({'weiter': target})}")


def with_password(client: FlaskClient, target: str, person: Person, hostile: Hostile) -> TestResponse:
    answer = send(client, "/anmelden", {"name": person.hr_key, "kennwort": PASSWORD, "weiter": target})
    return opened(answer)


def with_a_wrong_password(client: FlaskClient, target: str, person: Person, hostile: Hostile) -> TestResponse:
    return send(client, "/anmelden", {"name": target[:200], "kennwort": "falsch", "weiter": target})


def with_the_official_account(client: FlaskClient, target: str, person: Person, hostile: Hostile) -> TestResponse:
    way = Way(client, hostile)
    page = send(client, "/anmelden/dienstkonto", {"weiter": target, "gehalten": target})
    address = on_its_way(page)
    assert leaves(page) == [address, address]
    assert address.startswith(hostile.issuer + "/auth?")
    return opened(way.through(weiter=target))


def after_the_provider_refused(client: FlaskClient, target: str, person: Person, hostile: Hostile) -> TestResponse:
    way = Way(client, hostile)
    answer = hostile.agree(way.begin(weiter=target))
    return way.come_back({"state": answer["state"], "iss": answer["iss"], "error": target, "error_uri": target})


def back_from_the_provider(client: FlaskClient, target: str, person: Person, hostile: Hostile) -> TestResponse:
    asked = {"weiter": target, "next": target, "redirect_uri": target, "state": target, "code": target, "iss": target}
    return client.get(f"/anmelden/dienstkonto/zurueck?{urlencode(asked)}")


def by_the_proxy(client: FlaskClient, target: str, person: Person, hostile: Hostile) -> TestResponse:
    token = client.get("/anmeldung/stand").get_json()["form_token"]
    headers = {**ORIGIN, "X-Remote-User": person.hr_key}
    return opened(client.post("/anmelden/proxy", data={"csrf_token": token, "weiter": target}, headers=headers))


def signing_out(client: FlaskClient, target: str, person: Person, hostile: Hostile) -> TestResponse:
    return send(client, f"/abmelden?{urlencode({'weiter': target})}", {"weiter": target, "zurueck": target})


def signed_out(client: FlaskClient, target: str, person: Person, hostile: Hostile) -> TestResponse:
    return client.get(f"/abgemeldet?{urlencode({'weiter': target, 'state': target})}")


def choosing_a_language(client: FlaskClient, target: str, person: Person, hostile: Hostile) -> TestResponse:
    return send(client, "/einstellungen/anzeige", {"sprache": "en", "darstellung": "dunkel", "zurueck": target})


def asked_to_sign_in(client: FlaskClient, target: str, person: Person, hostile: Hostile) -> TestResponse:
    """A page for people, with the target in its own address."""
    return client.get(f"/konto?{urlencode({'weiter': target})}")


def at_a_strange_path(client: FlaskClient, target: str, person: Person, hostile: Hostile) -> TestResponse:
    """The target is the path of the request itself."""
    return client.get("/" + quote(target.lstrip("/"), safe="/\\:@?#%"))


def a_form_to_a_strange_path(client: FlaskClient, target: str, person: Person, hostile: Hostile) -> TestResponse:
    """A form that is sent to the target, as a path, after the session has ended."""
    return client.post("/" + quote(target.lstrip("/"), safe="/\\:@?#%"), data={"a": target}, headers=ORIGIN)


def a_form_from_a_strange_page(client: FlaskClient, target: str, person: Person, hostile: Hostile) -> TestResponse:
    """A form after the session has ended; the page that it stood on claims to be the target."""
    referrer = f"http://localhost/{quote(target, safe='/:@?#')}"
    answer = client.post("/konto/passwort", data={"bisher": target}, headers={**ORIGIN, "Referer": referrer})
    found = re.search('name="weiter" value="([^"]*)"', answer.text)
    assert found
    assert not leaves(answer)
    return with_password(client, html.unescape(found[1]), person, hostile)


DOORS: tuple[Door, ...] = (
    page_to_sign_in,
    with_password,
    with_a_wrong_password,
    with_the_official_account,
    after_the_provider_refused,
    back_from_the_provider,
    by_the_proxy,
    signing_out,
    signed_out,
    choosing_a_language,
    asked_to_sign_in,
    at_a_strange_path,
    a_form_to_a_strange_path,
    a_form_from_a_strange_page,
)
SIGNED_IN_DOORS = (page_to_sign_in, signing_out, choosing_a_language, signed_out)
TRUE_DOORS = (page_to_sign_in, with_password, with_the_official_account, by_the_proxy, choosing_a_language)


def test_there_are_fifty_different_targets_and_most_would_leave() -> None:
    assert len(set(TARGETS)) >= 50
    assert sum(leads_to(target) != "localhost" for target in TARGETS) >= 25


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_no_target_leaves_the_host(app: Flask, miriam: Person, hostile: Hostile, door: Door) -> None:
    wrong = []
    for target in TARGETS:
        wrong += [f"{target!r}: {one!r}" for one in leaves(door(app.test_client(), target, miriam, hostile))]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "door", [page_to_sign_in, signing_out, choosing_a_language, signed_out], ids=lambda one: one.__name__
)
def test_no_target_leaves_the_host_for_who_is_signed_in(
    app: Flask, miriam: Person, hostile: Hostile, sign_in: SignIn, door: Door
) -> None:
    wrong = []
    for target in TARGETS:
        client = app.test_client()
        sign_in(client, miriam)
        wrong += [f"{target!r}: {one!r}" for one in leaves(door(client, target, miriam, hostile))]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "door", [page_to_sign_in, with_password, by_the_proxy, choosing_a_language], ids=lambda one: one.__name__
)
def test_a_page_of_ours_is_where_it_goes_on(
    app: Flask, miriam: Person, hostile: Hostile, sign_in: SignIn, door: Door
) -> None:
    client = app.test_client()
    if door is page_to_sign_in:
        sign_in(client, miriam)
    assert door(client, "/konto?abschnitt=3", miriam, hostile).location == "/konto?abschnitt=3"


def test_a_door_without_its_lock_is_found(
    app: Flask, miriam: Person, hostile: Hostile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("learning.people.sign_in_views.safe_target", lambda target: target)
    answer = by_the_proxy(app.test_client(), "//evil.example", miriam, hostile)
    assert "//evil.example" in leaves(answer)

"""What ends a session and what does not; and answers that tell nobody whether there is an account."""

import datetime
import re

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from learning import clock
from learning.people import passwords
from learning.people.links import Purpose, make_link
from learning.people.models import OneTimeLink, Person, Throttle
from learning.people.roles import Role
from learning.people.web import cookie_settings
from learning.settings import ProductSettings
from tests import factories
from tests.learning.access.markers import Relation
from tests.learning.access.walk import browser
from tests.learning.access.world import PASSWORD, World
from tests.learning.matrix import NEW_PASSWORD
from tests.pages import send

CHANGING = re.compile(r'(csrf_token" value="|name="form-token" content=")[^"]*"|[0-9a-f]{12}|In \\d+ Sekunden?')


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed as cheaply as possible."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture
def person(world: World) -> Person:
    """Who looks, without a role, with a password, and nobody has tried to guess it."""
    world.wear(Role.EMPLOYEE)
    world.session.execute(delete(Throttle))
    factories.password(world.session, world.people[Relation.OWN], PASSWORD)
    return world.people[Relation.OWN]


def is_in(client: FlaskClient) -> bool:
    return client.get("/konto").status_code == 200


def test_a_session_that_somebody_else_put_into_the_browser_is_not_gone_on_with(
    app: Flask, world: World, person: Person
) -> None:
    attacker = app.test_client()
    before = attacker.get("/anmeldung/stand").get_json()["form_token"]
    with attacker.session_transaction() as cookie:
        planted = dict(cookie)
    victim = app.test_client()
    with victim.session_transaction() as cookie:
        cookie.update(planted)
    assert send(victim, "/anmelden", {"name": person.hr_key, "kennwort": PASSWORD}).status_code == 303
    assert is_in(victim)
    assert not is_in(attacker)
    assert victim.get("/anmeldung/stand").get_json()["form_token"] != before


def test_signing_in_over_a_session_leaves_nothing_of_it(app: Flask, world: World, person: Person) -> None:
    client = browser(app, world, Role.EMPLOYEE)
    with client.session_transaction() as cookie:
        old = dict(cookie)
    assert send(client, "/anmelden", {"name": person.hr_key, "kennwort": PASSWORD}).status_code == 303
    with client.session_transaction() as cookie:
        assert cookie["token"] != old["token"]


def test_a_new_password_ends_all_other_sessions_and_a_link_ends_all(app: Flask, world: World, person: Person) -> None:
    here, there = browser(app, world, Role.EMPLOYEE), browser(app, world, Role.EMPLOYEE)
    form = {"bisher": PASSWORD, "kennwort": NEW_PASSWORD, "wiederholung": NEW_PASSWORD}
    assert send(here, "/konto/passwort", form).status_code == 303
    assert (is_in(here), is_in(there)) == (True, False)
    token = make_link(world.session, person.key, Purpose.RESET, now=clock.now())
    world.session.commit()
    other = app.test_client()
    assert send(other, f"/einladung/{token}", {"kennwort": PASSWORD, "wiederholung": PASSWORD}).status_code == 303
    assert (is_in(other), is_in(here)) == (True, False)
    assert app.test_client().get(f"/einladung/{token}").status_code == 404


def test_who_is_disabled_is_out_and_comes_in_by_no_door(app: Flask, world: World, person: Person) -> None:
    client = browser(app, world, Role.EMPLOYEE)
    token = make_link(world.session, person.key, Purpose.RESET, now=clock.now())
    world.session.execute(update(Person).where(Person.key == person.key).values(is_active=False))
    world.session.commit()
    try:
        assert not is_in(client)
        assert client.get(f"/einladung/{token}").status_code == 404
        assert send(client, "/anmelden", {"name": person.hr_key, "kennwort": PASSWORD}).status_code == 422
    finally:
        world.session.execute(update(Person).where(Person.key == person.key).values(is_active=True))
        world.session.commit()


def test_a_role_holds_from_the_next_request_on_and_no_longer_than_it_is_held(
    app: Flask, world: World, person: Person
) -> None:
    client = browser(app, world, Role.EMPLOYEE)
    assert client.get("/personal/liste").status_code == 404
    world.wear(Role.HR)
    assert client.get("/personal/liste").status_code == 200
    assert client.get("/personal/liste.csv").status_code == 200
    world.wear(Role.EMPLOYEE)
    assert client.get("/personal/liste").status_code == 404
    assert client.get("/personal/liste.csv").status_code == 404


def test_the_cookie_goes_to_this_host_over_https_alone_and_never_to_scripts(
    app: Flask, person: Person, product_settings: ProductSettings
) -> None:
    client = app.test_client()
    answer = send(client, "/anmelden", {"name": person.hr_key, "kennwort": PASSWORD})
    cookies = answer.headers.getlist("Set-Cookie")
    (session,) = [one for one in cookies if one.startswith("impuls=")]
    assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(session.split("; "))
    assert "Domain" not in session
    assert answer.headers["Cache-Control"] == "no-store"
    from dataclasses import replace

    secure = cookie_settings(replace(product_settings, public_url="https://lernen.example"))
    assert secure["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert secure["SESSION_COOKIE_SECURE"] is True


def test_pages_with_other_people_and_answers_to_forms_are_kept_nowhere(
    app: Flask, world: World, person: Person
) -> None:
    world.wear(Role.HR)
    client = browser(app, world, Role.HR)
    record = f"/personal/personen/{world.people[Relation.OWN_UNIT].id}"
    for address in ("/personal", "/personal/liste", "/personal/liste.csv", record, "/anmeldung/stand"):
        assert client.get(address).headers["Cache-Control"] == "no-store", address
    signed_out = send(client, "/abmelden")
    assert signed_out.headers["Cache-Control"] == "no-store"
    assert client.get(record).status_code == 302


# Is there an account? -------------------------------------------------------------------------------------------------

KINDS = ("present", "absent", "disabled", "without password")


def account(session: Session, kind: str) -> str:
    """An account name of a kind."""
    if kind == "absent":
        return "P-niemand"
    made = factories.person(session)
    if kind != "without password":
        factories.password(session, made, PASSWORD)
    if kind == "disabled":
        session.execute(update(Person).where(Person.key == made.key).values(is_active=False))
        session.commit()
    return made.hr_key


def told(client: FlaskClient, address: str, fields: dict[str, str], name: str) -> tuple[int, str, str]:
    """Status, place and body of an answer, without what was typed and what differs each time."""
    answer = send(client, address, fields)
    body = CHANGING.sub("", answer.text).replace(name, "NAME")
    return answer.status_code, answer.headers.get("Location", ""), body


@pytest.mark.parametrize(
    ("address", "fields"),
    [("/anmelden", {"kennwort": "etwas ganz anderes"}), ("/passwort-vergessen", {})],
)
def test_forms_answer_alike_whether_there_is_an_account(
    app: Flask, world: World, person: Person, address: str, fields: dict[str, str]
) -> None:
    answers = {}
    for kind in KINDS:
        world.session.rollback()
        name = account(world.session, kind)
        world.session.execute(delete(Throttle))
        world.session.commit()
        client = app.test_client()
        answers[kind] = [told(client, address, {"name": name, **fields}, name) for _try in range(8)]
    assert len({repr(answer) for answer in answers.values()}) == 1
    # The last of the tries are slowed down, for all alike.
    assert answers["absent"][0] != answers["absent"][-1]


def test_a_link_that_was_used_is_over_or_was_never_made_looks_the_same(
    app: Flask, world: World, person: Person
) -> None:
    now = clock.now()
    used, over = (make_link(world.session, world.people[each].key, Purpose.RESET, now=now)
                  for each in (Relation.OWN, Relation.OWN_UNIT))  # fmt: skip
    world.session.commit()
    form = {"kennwort": NEW_PASSWORD, "wiederholung": NEW_PASSWORD}
    assert send(app.test_client(), f"/einladung/{used}", form).status_code == 303
    past = now - datetime.timedelta(days=1)
    key = world.people[Relation.OWN_UNIT].key
    world.session.execute(update(OneTimeLink).where(OneTimeLink.person_key == key).values(ends_at=past))
    world.session.commit()
    seen = set()
    for token in (used, over, "niemals-gemacht"):
        client = app.test_client()
        page = client.get(f"/einladung/{token}")
        sent = send(client, f"/einladung/{token}", form)
        bodies = (CHANGING.sub("", one.text).replace(token, "TOKEN") for one in (page, sent))
        seen.add((page.status_code, sent.status_code, *bodies))
    assert len(seen) == 1

"""Signing in with a password, staying signed in, signing out; what is typed is not lost, guessing is slowed down."""

import datetime
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from learning import clock
from learning.people.models import Person
from learning.people.models import Session as SignedIn
from learning.people.throttle import address_block, claim_try, doors, wait_seconds
from tests import factories
from tests.learning.conftest import QueryCount, SignIn
from tests.pages import ORIGIN, send

PASSWORD = "Kranich Teelicht Umweg"


@pytest.fixture
def miriam(session: Session) -> Person:
    made = factories.person(session, "Miriam Sander")
    factories.password(session, made, PASSWORD)
    return made


def fill_in(client: FlaskClient, person: Person, password: str = PASSWORD, **fields: str) -> object:
    return send(client, "/anmelden", {"name": person.hr_key, "kennwort": password, **fields})


def test_a_page_for_people_asks_to_sign_in_and_goes_on_afterwards(
    client: FlaskClient, miriam: Person, query_count: QueryCount
) -> None:
    asked = client.get("/konto")
    assert asked.status_code == 302
    assert asked.location == "/anmelden?weiter=/konto"
    assert 'name="weiter" value="/konto"' in client.get(asked.location).text
    answer = send(client, "/anmelden", {"name": miriam.hr_key, "kennwort": PASSWORD, "weiter": "/konto"})
    assert (answer.status_code, answer.location) == (303, "/konto")
    with query_count:
        page = client.get("/konto")
    assert "Miriam Sander" in page.text
    assert query_count == 2  # Session with person and roles; the list of sessions.


def test_the_mail_address_is_an_account_name_too(client: FlaskClient, miriam: Person) -> None:
    answer = send(client, "/anmelden", {"name": miriam.mail.upper(), "kennwort": PASSWORD})
    assert answer.status_code == 303


@pytest.mark.parametrize("change", ["password", "account", "inactive"])
def test_a_refusal_looks_the_same_whatever_is_wrong(
    client: FlaskClient, session: Session, miriam: Person, change: str
) -> None:
    if change == "inactive":
        session.execute(update(Person).values(is_active=False))
        session.commit()
    account = "P-gibt-es-nicht" if change == "account" else miriam.hr_key
    password = "etwas ganz anderes" if change == "password" else PASSWORD
    answer = send(client, "/anmelden", {"name": account, "kennwort": password, "weiter": "/konto"})
    assert answer.status_code == 422
    assert "Kontoname und Passwort passen nicht zusammen." in answer.text
    assert f'value="{account}"' in answer.text
    assert password not in answer.text
    assert 'name="weiter" value="/konto"' in answer.text


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "\ud800", "x" * 5000, "' OR 1=1 --", "%", "Ü" * 300])
def test_strange_account_names_are_refused_like_any_other(client: FlaskClient, text: str) -> None:
    data = {"name": text.encode("utf-8", "surrogatepass"), "kennwort": text.encode("utf-8", "surrogatepass")}
    assert send(client, "/anmelden", data).status_code == 422


def test_a_sign_in_gets_a_fresh_token_and_leaves_nothing_of_the_cookie_before(
    client: FlaskClient, miriam: Person
) -> None:
    before = client.get("/anmeldung/stand").get_json()["form_token"]
    fill_in(client, miriam)
    after = client.get("/anmeldung/stand").get_json()
    assert after["form_token"] != before
    assert after["person"] == str(miriam.id)
    assert client.post("/abmelden", data={"csrf_token": before}, headers=ORIGIN).status_code == 403


def test_the_form_token_stays_the_same_so_that_pages_keep_their_etag(
    client: FlaskClient, miriam: Person, sign_in: SignIn
) -> None:
    sign_in(client, miriam)
    tag = client.get("/konto").headers["ETag"]
    assert client.get("/konto", headers={"If-None-Match": tag}).status_code == 304


def test_signing_out_ends_the_session_itself_not_only_the_cookie(
    app: Flask, client: FlaskClient, miriam: Person, sign_in: SignIn
) -> None:
    sign_in(client, miriam)
    with client.session_transaction() as cookie:
        kept = dict(cookie)
    assert send(client, "/abmelden").location == "/anmelden"
    assert client.get("/konto").status_code == 302
    thief = app.test_client()
    with thief.session_transaction() as cookie:
        cookie.update(kept)
    assert thief.get("/konto").status_code == 302


def test_only_the_hash_of_a_session_is_stored(client: FlaskClient, session: Session, miriam: Person) -> None:
    fill_in(client, miriam)
    with client.session_transaction() as cookie:
        token = cookie["token"]
    stored = session.execute(select(SignedIn.token_hash)).scalar_one()
    assert token not in stored
    assert len(stored) == 64


def test_an_idle_session_is_over_and_a_used_one_is_not(client: FlaskClient, miriam: Person, sign_in: SignIn) -> None:
    sign_in(client, miriam)
    for minutes, status in ((59, 200), (61, 302)):
        with client.session_transaction() as cookie:
            cookie["seen"] = int(clock.now().timestamp()) // 60 - minutes
        assert client.get("/konto").status_code == status


def test_a_session_ends_after_its_hours_however_busy(
    client: FlaskClient, session: Session, miriam: Person, sign_in: SignIn
) -> None:
    sign_in(client, miriam)
    session.execute(update(SignedIn).values(ends_at=clock.now()))
    session.commit()
    assert client.get("/konto").status_code == 302


def test_who_leaves_is_out_at_once(client: FlaskClient, session: Session, miriam: Person, sign_in: SignIn) -> None:
    sign_in(client, miriam)
    session.execute(update(Person).values(is_active=False))
    session.commit()
    assert client.get("/konto").status_code == 302


def test_a_script_learns_that_nobody_is_signed_in(client: FlaskClient) -> None:
    answer = client.get("/konto", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")


# What was typed -------------------------------------------------------------------------------------------------------


def ended(client: FlaskClient) -> None:
    """The browser's session, used at least once, has been idle for too long."""
    client.get("/konto")
    with client.session_transaction() as cookie:
        cookie["seen"] = 0


def test_a_form_sent_after_the_session_had_ended_is_sent_again_after_signing_in(
    client: FlaskClient, miriam: Person, sign_in: SignIn
) -> None:
    sign_in(client, miriam)
    ended(client)
    typed = {"bisher": PASSWORD, "kennwort": "<Reiher> & Mondlicht", "wiederholung": "<Reiher> & Mondlicht"}
    asked = client.post("/konto/passwort", data=typed, headers=ORIGIN)
    assert asked.status_code == 401
    held = re.search('name="gehalten" value="([^"]+)"', asked.text)
    assert held
    answer = send(client, "/anmelden", {"name": miriam.hr_key, "kennwort": PASSWORD, "gehalten": held[1]})
    assert answer.status_code == 200
    assert 'action="/konto/passwort"' in answer.text
    assert 'value="&lt;Reiher&gt; &amp; Mondlicht"' in answer.text
    sent = send(client, "/konto/passwort", typed)
    assert (sent.status_code, sent.location) == (303, "/konto#erledigt")
    assert "Ihr neues Passwort gilt." in client.get("/konto").text


def test_what_one_person_typed_is_not_shown_to_the_next_one_at_the_same_machine(
    client: FlaskClient, session: Session, miriam: Person, sign_in: SignIn
) -> None:
    other = factories.person(session, "Tom Berger")
    factories.password(session, other, PASSWORD)
    sign_in(client, miriam)
    ended(client)
    asked = client.post("/konto/passwort", data={"bisher": "von Miriam"}, headers=ORIGIN)
    held = re.search('name="gehalten" value="([^"]+)"', asked.text)
    assert held
    answer = send(client, "/anmelden", {"name": other.hr_key, "kennwort": PASSWORD, "gehalten": held[1]})
    assert answer.status_code == 303
    assert "von Miriam" not in answer.text


def test_a_held_form_that_we_did_not_sign_is_ignored(client: FlaskClient, miriam: Person) -> None:
    answer = send(client, "/anmelden", {"name": miriam.hr_key, "kennwort": PASSWORD, "gehalten": "e30.gefälscht"})
    assert answer.status_code == 303


# Guessing -------------------------------------------------------------------------------------------------------------


def test_after_some_wrong_passwords_even_the_right_one_has_to_wait(client: FlaskClient, miriam: Person) -> None:
    for _ in range(6):
        send(client, "/anmelden", {"name": miriam.hr_key, "kennwort": "geraten"})
    answer = send(client, "/anmelden", {"name": miriam.hr_key, "kennwort": PASSWORD})
    assert answer.status_code == 422
    assert "Zu viele Versuche" in answer.text


def test_a_right_password_makes_the_wrong_ones_before_forgotten(client: FlaskClient, miriam: Person) -> None:
    for _ in range(3):
        for _ in range(3):
            send(client, "/anmelden", {"name": miriam.hr_key, "kennwort": "geraten"})
        assert send(client, "/anmelden", {"name": miriam.hr_key, "kennwort": PASSWORD}).status_code == 303
        send(client, "/abmelden")


def test_at_most_a_hundred_tries_at_one_account_are_evaluated_in_an_hour(session: Session) -> None:
    now, evaluated = factories.NOW, 0
    for second in range(3600):
        entrances = doors("geheim", account="P-1", address=f"10.0.{second // 250}.{second % 250}")
        moment = now + datetime.timedelta(seconds=second)
        evaluated += claim_try(session, entrances, now=moment) is None
    session.rollback()
    assert 60 < evaluated <= 100


def test_the_longest_wait_is_a_minute() -> None:
    assert [wait_seconds(tries, free=5) for tries in (1, 4, 5, 6, 10, 11, 1000)] == [0, 0, 1, 2, 32, 60, 60]


def test_addresses_of_one_household_count_together() -> None:
    assert address_block("2001:db8:1:2::1") == address_block("2001:db8:1:2:ffff::9") == "2001:db8:1:2::/64"
    assert address_block("::ffff:192.0.2.7") == address_block("192.0.2.7") == "192.0.2.7"
    assert address_block("kein Rechner") == "unknown"


def test_the_throttle_knows_neither_account_nor_address() -> None:
    subjects = " ".join(door.subject for door in doors("geheim", account="miriam", address="192.0.2.7"))
    assert "miriam" not in subjects
    assert "192.0.2.7" not in subjects
    assert doors("geheim", account=" MIRIAM ", address="::") == doors("geheim", account="miriam", address="::")

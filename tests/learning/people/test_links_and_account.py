"""Invitations and resets, one's own account: password, sessions, language and theme."""

import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learning import clock
from learning.people.links import LASTS, Purpose, make_link, open_link, use_link
from learning.people.models import OneTimeLink, Person
from learning.people.passwords import Weakness, weaknesses
from tests import factories
from tests.learning.conftest import SignIn
from tests.pages import send

PASSWORD = "Kranich Teelicht Umweg"
OTHER = "Reiher Mondlicht Zaunpfahl"


@pytest.fixture
def miriam(session: Session) -> Person:
    return factories.person(session, "Miriam Sander")


def link_for(session: Session, person: Person, purpose: Purpose = Purpose.INVITATION) -> str:
    token = make_link(session, person.key, purpose, now=clock.now())
    session.commit()
    return f"/einladung/{token}"


def test_an_invitation_sets_the_password_signs_in_and_works_once(
    app: Flask, client: FlaskClient, session: Session, miriam: Person
) -> None:
    address = link_for(session, miriam)
    page = client.get(address).text
    assert "Guten Tag, Miriam Sander." in page
    assert miriam.hr_key in page
    answer = send(client, address, {"kennwort": PASSWORD, "wiederholung": PASSWORD})
    assert answer.status_code == 303
    assert "Miriam Sander" in client.get("/konto").text
    again = app.test_client()
    assert again.get(address).status_code == 404
    assert send(again, address, {"kennwort": OTHER, "wiederholung": OTHER}).status_code == 404
    assert send(again, "/anmelden", {"name": miriam.hr_key, "kennwort": PASSWORD}).status_code == 303


def test_looking_at_an_invitation_does_not_use_it_up(client: FlaskClient, session: Session, miriam: Person) -> None:
    address = link_for(session, miriam)
    for _ in range(3):
        assert client.get(address).status_code == 200
    assert session.execute(select(func.count()).where(OneTimeLink.used_at.is_not(None))).scalar() == 0


def test_only_the_hash_of_a_link_is_stored(session: Session, miriam: Person) -> None:
    token = link_for(session, miriam).rpartition("/")[2]
    assert token not in session.execute(select(OneTimeLink.token_hash)).scalar_one()


def test_a_new_link_ends_older_ones(client: FlaskClient, session: Session, miriam: Person) -> None:
    older = link_for(session, miriam)
    link_for(session, miriam, Purpose.RESET)
    assert client.get(older).status_code == 404


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_link_ends_by_itself(session: Session, miriam: Person, purpose: Purpose) -> None:
    token = make_link(session, miriam.key, purpose, now=factories.NOW)
    just_before = factories.NOW + LASTS[purpose] - datetime.timedelta(seconds=1)
    assert open_link(session, token, now=just_before) is not None
    assert open_link(session, token, now=factories.NOW + LASTS[purpose]) is None


def test_two_who_use_a_link_at_once_get_one_session(session: Session, miriam: Person) -> None:
    token = make_link(session, miriam.key, Purpose.RESET, now=factories.NOW)
    first = use_link(session, token, "hash", now=factories.NOW, hours=10)
    second = use_link(session, token, "anderer", now=factories.NOW, hours=10)
    assert first is not None
    assert second is None


def test_a_reset_ends_all_sessions(
    app: Flask, client: FlaskClient, session: Session, miriam: Person, sign_in: SignIn
) -> None:
    sign_in(client, miriam)
    address = link_for(session, miriam, Purpose.RESET)
    other = app.test_client()
    assert send(other, address, {"kennwort": PASSWORD, "wiederholung": PASSWORD}).status_code == 303
    assert client.get("/konto").status_code == 302
    assert other.get("/konto").status_code == 200


@pytest.mark.parametrize(
    ("password", "repetition", "text"),
    [
        ("zu kurz", "zu kurz", "mindestens 15 Zeichen"),
        (PASSWORD, PASSWORD + "!", "verschieden"),
        ("passwortpasswort", "passwortpasswort", "leicht zu erraten"),
        ("Miriam.Sander.2026!", "Miriam.Sander.2026!", "fast nur aus Ihrem Namen"),
        ("aaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaa", "wenige Zeichen"),
        ("x" * 129 + "abcdefgik", "x", "höchstens 128 Zeichen"),
    ],
)
def test_a_bad_password_is_explained_and_the_link_stays(
    client: FlaskClient, session: Session, miriam: Person, password: str, repetition: str, text: str
) -> None:
    address = link_for(session, miriam)
    answer = send(client, address, {"kennwort": password, "wiederholung": repetition})
    assert answer.status_code == 422
    assert text in answer.text
    assert "<title>Fehler:" in answer.text
    assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    "password",
    ["Passwort12345678", "P@ssw0rt!P@ssw0rt!", "12345678901234567890", "qwertzuiopqwertzuiop", "Sommer2026!!!!!!",
     "abcdefghijklmnopq", "Jobcenter2026!!!"],
)  # fmt: skip
def test_what_everybody_tries_is_refused_whatever_its_length(password: str) -> None:
    assert set(weaknesses(password)) & {Weakness.COMMON, Weakness.MONOTONOUS}


@pytest.mark.parametrize(
    "password",
    [PASSWORD, OTHER, "Ünder wölf Ängste ñ", "correct zebra battery stamp", "日本語のとても長い合言葉です難しい"],
)
def test_long_unusual_passwords_are_welcome_in_any_script(password: str) -> None:
    assert weaknesses(password, names=("Miriam Sander", "P-1")) == ()


def test_changing_the_password_needs_the_old_one_and_ends_other_sessions(
    app: Flask, client: FlaskClient, session: Session, miriam: Person, sign_in: SignIn
) -> None:
    factories.password(session, miriam, PASSWORD)
    other = app.test_client()
    sign_in(client, miriam)
    sign_in(other, miriam)
    typed = {"kennwort": OTHER, "wiederholung": OTHER}
    wrong = send(client, "/konto/passwort", {"bisher": "falsch", **typed})
    assert wrong.status_code == 422
    assert "nicht Ihr bisheriges Passwort" in wrong.text
    assert send(client, "/konto/passwort", {"bisher": PASSWORD, **typed}).status_code == 303
    assert client.get("/konto").status_code == 200
    assert other.get("/konto").status_code == 302
    assert send(app.test_client(), "/anmelden", {"name": miriam.hr_key, "kennwort": OTHER}).status_code == 303


def test_own_sessions_are_listed_and_ended_one_by_one_or_all(
    app: Flask, client: FlaskClient, miriam: Person, sign_in: SignIn
) -> None:
    others = [app.test_client() for _ in range(3)]
    for browser in (client, *others):
        sign_in(browser, miriam)
    page = client.get("/konto").text
    assert page.count("Ein anderer Browser") == 3
    one = page.split("/konto/sitzungen/", 1)[1].split("/", 1)[0]
    assert send(client, f"/konto/sitzungen/{one}/beenden").status_code == 303
    assert sum(browser.get("/konto").status_code == 302 for browser in others) == 1
    send(client, "/konto/sitzungen/andere-beenden")
    assert all(browser.get("/konto").status_code == 302 for browser in others)
    assert client.get("/konto").status_code == 200


def test_a_foreign_session_cannot_be_ended(
    app: Flask, client: FlaskClient, session: Session, miriam: Person, sign_in: SignIn
) -> None:
    other = app.test_client()
    sign_in(other, factories.person(session, "Tom Berger"))
    sign_in(other, miriam)
    sign_in(client, factories.person(session, "Tom Berger"))
    page = other.get("/konto").text
    assert "Ein anderer Browser" not in page
    from learning.people.models import Session as SignedIn

    for foreign in session.execute(select(SignedIn.id)).scalars():
        send(client, f"/konto/sitzungen/{foreign}/beenden")
    assert other.get("/konto").status_code == 200


def test_language_and_theme_follow_the_person_to_another_browser(
    app: Flask, client: FlaskClient, miriam: Person, sign_in: SignIn
) -> None:
    sign_in(client, miriam)
    send(client, "/einstellungen/anzeige", {"sprache": "en", "zurueck": "/konto"})
    send(client, "/einstellungen/anzeige", {"darstellung": "dunkel", "zurueck": "/konto"})
    other = app.test_client()
    sign_in(other, miriam)
    page = other.get("/konto").text
    assert '<html lang="en" data-kern-theme="dark">' in page
    send(client, "/einstellungen/anzeige", {"darstellung": "system"})
    assert "data-kern-theme" not in other.get("/konto").text

"""Signing in with the official account as it should be: whom it belongs to, what is not lost, how it ends."""

import datetime
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from learning import clock
from learning.database import db
from learning.openid.provider import Provider
from learning.people.models import Identity, Person, RoleGrant, SignInFlow
from learning.people.models import Session as SignedIn
from learning.settings import ProductSettings
from tests import factories
from tests.learning.conftest import QueryCount, SignIn, product_with
from tests.learning.people.official import (
    BEGIN,
    PROTECTED,
    Way,
    hostile_client,
    on_its_way,
    openid_settings,
)
from tests.pages import ORIGIN, send
from tests.provider.hostile import OWN_KEY, UNKNOWN_KEY, Hostile, signed

SUBJECT = "konto-miriam"
EVENT = "http://schemas.openid.net/event/backchannel-logout"


@pytest.fixture(scope="module")
def product(engine: Engine, product_settings: ProductSettings, hostile: Hostile) -> Iterator[Flask]:
    with product_with(hostile_client(product_settings, hostile)) as made:
        yield made


@pytest.fixture
def way(app: Flask, hostile: Hostile) -> Way:
    hostile.honest()
    app.extensions["impuls-openid"] = Provider(openid_settings(hostile.issuer))
    return Way(app.test_client(), hostile)


@pytest.fixture
def miriam(session: Session, way: Way) -> Person:
    made = factories.person(session, "Miriam Sander")
    way.provider.claims = {"sub": SUBJECT, "email": made.mail.upper(), "email_verified": True}
    return made


def by_number(app: Flask, way: Way) -> None:
    """The installation matches accounts by a claim that holds the HR key."""
    app.extensions["impuls-openid"] = Provider(openid_settings(way.provider.issuer, claim="personalnummer"))


# Whom an account belongs to -------------------------------------------------------------------------------------------


def test_a_verified_mail_address_says_whose_account_it_is(way: Way, miriam: Person, session: Session) -> None:
    answer = way.through(weiter="/konto")
    assert (answer.status_code, answer.location) == (303, "/konto")
    assert way.shows(miriam)
    row = session.execute(select(Identity)).scalar_one()
    assert (row.person_key, row.issuer, row.subject) == (miriam.key, way.provider.issuer, SUBJECT)


def test_a_claim_with_the_hr_key_says_whose_account_it_is(app: Flask, way: Way, miriam: Person) -> None:
    by_number(app, way)
    way.provider.claims = {"sub": SUBJECT, "personalnummer": miriam.hr_key}
    way.through()
    assert way.shows(miriam)


def test_what_the_token_lacks_is_asked_for_once(app: Flask, way: Way, miriam: Person) -> None:
    by_number(app, way)
    way.provider.claims = {"sub": SUBJECT}
    way.provider.told = {"personalnummer": miriam.hr_key}
    way.through()
    assert way.shows(miriam)
    way.provider.told = {"personalnummer": "P-anders"}
    other = Way(app.test_client(), way.provider)
    other.through()
    assert other.shows(miriam)


def test_a_changed_mail_address_moves_no_account(app: Flask, way: Way, miriam: Person, session: Session) -> None:
    way.through()
    tom = factories.person(session, "Tom Berger")
    way.provider.claims["email"] = tom.mail
    later = Way(app.test_client(), way.provider)
    later.through()
    assert later.shows(miriam)
    assert not later.shows(tom)


def test_no_claim_gives_a_role_and_none_makes_a_person(app: Flask, way: Way, miriam: Person, session: Session) -> None:
    way.provider.claims |= {"roles": ["administrator", "hr"], "groups": ["hr"], "role": "administrator"}
    way.through()
    assert way.is_signed_in
    way.provider.claims = {"sub": "konto-neu", "email": "neu@impuls.example", "email_verified": True}
    answer = Way(app.test_client(), way.provider).through()
    assert answer.status_code == 403
    assert "gibt es hier keine Person" in answer.text
    assert session.execute(select(RoleGrant)).first() is None
    assert len(session.execute(select(Person)).all()) == 1


def test_who_has_left_reads_why(way: Way, miriam: Person, session: Session) -> None:
    way.through()
    session.execute(update(Person).values(is_active=False))
    session.commit()
    answer = way.through()
    assert answer.status_code == 403
    assert "Ihr Zugang zu Impuls ist beendet." in answer.text


def test_a_new_key_of_the_provider_is_found(
    app: Flask, way: Way, miriam: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    way.through()
    now = clock.now()
    way.provider.keys.append(UNKNOWN_KEY.as_dict(private=False))
    way.provider.sign = lambda claims: signed(claims, UNKNOWN_KEY, kid="k9")
    other = Way(app.test_client(), way.provider)
    other.through()
    assert not other.is_signed_in  # A minute has not passed, and anybody could name keys.
    monkeypatch.setattr(clock, "now", lambda: now + datetime.timedelta(seconds=70))
    other.through()
    assert other.is_signed_in


@pytest.mark.parametrize("session_there", [None, 7, "x" * 300, "x\x00"])
def test_a_session_there_without_a_usable_name_keeps_nobody_out(
    way: Way, miriam: Person, session_there: object
) -> None:
    way.provider.claims["sid"] = session_there
    way.through()
    assert way.is_signed_in


def test_a_token_without_the_name_of_a_key_is_taken_where_there_is_one(way: Way, miriam: Person) -> None:
    way.provider.sign = lambda claims: signed(claims, OWN_KEY, kid=None)
    way.through()
    assert way.is_signed_in


# What is not lost -----------------------------------------------------------------------------------------------------


def test_the_page_that_asked_opens_after_signing_in(way: Way, miriam: Person) -> None:
    asked = way.client.get("/konto/passwort?abschnitt=3")
    page = way.client.get(asked.location).text
    assert f'action="{BEGIN}"' in page
    kept = re.findall('name="weiter" value="([^"]*)"', page)
    assert kept == ["/konto/passwort?abschnitt=3"] * 2
    assert way.through(weiter=kept[0]).location == "/konto/passwort?abschnitt=3"


def held_form(way: Way, person: Person, sign_in: SignIn, typed: dict[str, str]) -> str:
    """What the page to sign in keeps of a form that came after the session had ended."""
    sign_in(way.client, person)
    way.client.get(PROTECTED)
    with way.client.session_transaction() as cookie:
        cookie["seen"] = 0
    asked = way.client.post("/konto/passwort", data=typed, headers=ORIGIN)
    found = re.search('name="gehalten" value="([^"]+)"', asked.text)
    assert asked.status_code == 401
    assert found
    return found[1]


def test_what_was_typed_survives_the_way_through_the_provider(
    way: Way, miriam: Person, sign_in: SignIn, session: Session
) -> None:
    held = held_form(way, miriam, sign_in, {"bisher": "<Reiher> & Mond"})
    asked = way.begin(gehalten=held, weiter="/konto")
    stored = session.execute(select(SignInFlow.held)).scalar_one()
    assert stored
    assert held not in stored
    answer = way.come_back(way.provider.agree(asked))
    assert answer.status_code == 200
    assert 'action="/konto/passwort"' in answer.text
    assert 'value="&lt;Reiher&gt; &amp; Mond"' in answer.text


def test_what_one_person_typed_is_not_shown_to_the_next_account(
    way: Way, miriam: Person, sign_in: SignIn, session: Session
) -> None:
    tom = factories.person(session, "Tom Berger")
    held = held_form(way, tom, sign_in, {"bisher": "von Tom"})
    answer = way.through(gehalten=held, weiter="/konto")
    assert answer.status_code == 303
    assert "von Tom" not in answer.text


def test_a_form_that_we_did_not_hold_takes_no_place_in_the_database(way: Way, session: Session) -> None:
    way.begin(gehalten="x" * 1000)
    assert session.execute(select(SignInFlow.held)).scalar_one() == ""


def test_what_waits_is_still_there_after_a_refusal(way: Way, miriam: Person, sign_in: SignIn) -> None:
    held = held_form(way, miriam, sign_in, {"bisher": "getippt"})
    answer = way.provider.agree(way.begin(gehalten=held, weiter="/konto"))
    page = way.come_back({"state": answer["state"], "iss": answer["iss"], "error": "access_denied"})
    assert page.status_code == 403
    assert page.text.count(f'name="gehalten" value="{held}"') == 2
    assert page.text.count('name="weiter" value="/konto"') == 2
    assert "hat die Anmeldung abgebrochen" in page.text


def test_sign_ins_that_nobody_finished_are_forgotten(way: Way, session: Session) -> None:
    way.begin()
    session.execute(update(SignInFlow).values(made_at=clock.now() - datetime.timedelta(minutes=16)))
    session.commit()
    way.begin()
    assert len(session.execute(select(SignInFlow)).all()) == 1


# The provider is away -------------------------------------------------------------------------------------------------


def test_a_provider_that_is_away_leaves_the_other_way_to_sign_in(way: Way, miriam: Person) -> None:
    way.provider.answer = lambda path, honest: None
    page = way.through(weiter="/konto")
    assert page.status_code == 503
    assert "antwortet gerade nicht" in page.text
    assert 'name="kennwort"' in page.text
    assert 'name="weiter" value="/konto"' in page.text


def test_a_provider_that_is_away_is_left_alone_for_a_moment(
    way: Way, miriam: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    way.provider.answer = lambda path, honest: asked.append(path)
    now = clock.now()
    for seconds, times in ((0, 1), (9, 1), (11, 2)):
        monkeypatch.setattr(clock, "now", lambda passed=seconds: now + datetime.timedelta(seconds=passed))
        way.through()
        assert len(asked) == times


def test_a_wrong_answer_to_one_keeps_nobody_else_waiting(app: Flask, way: Way, miriam: Person) -> None:
    way.provider.answer = lambda path, honest: (400, {}, b"<p>") if path == "/token" else honest
    assert way.through().status_code == 503
    way.provider.answer = lambda path, honest: honest
    assert way.through().status_code == 303


def test_discovery_and_keys_are_asked_for_once_an_hour(
    app: Flask, way: Way, miriam: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def note(path: str, honest: object) -> object:
        asked.append(path)
        return honest

    way.provider.answer = note  # type: ignore[assignment]  # the test looks on
    for _ in range(3):
        Way(app.test_client(), way.provider).through()
    assert asked.count("/jwks") == asked.count("/.well-known/openid-configuration") == 1
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + datetime.timedelta(minutes=61))
    way.begin()
    assert asked.count("/.well-known/openid-configuration") == 2


def test_nothing_in_the_database_waits_for_the_provider(app: Flask, way: Way, miriam: Person) -> None:
    held: list[int] = []

    def look(path: str, honest: object) -> object:
        with app.app_context():
            held.append(db.engine.pool.checkedout())
        return honest

    way.provider.claims.pop("email")
    way.provider.told = {"email": miriam.mail}
    way.provider.answer = look  # type: ignore[assignment]  # the test looks on
    way.through()
    assert way.is_signed_in
    way.through()  # Signed in already: who looks was read from the database before.
    assert len(held) >= 4
    assert not any(held)


def test_coming_back_takes_few_queries(way: Way, miriam: Person, query_count: QueryCount) -> None:
    answer = way.provider.agree(way.begin())
    with query_count:
        way.come_back(answer)
    # The sign-in (found, used up), whether the account is known (before and within the transaction), the person, the
    # identity, the session; then who is signed in now, for what was typed.
    assert query_count == 8


def test_the_way_to_the_provider_is_said_and_goes_on_by_itself(way: Way) -> None:
    page = send(way.client, BEGIN, {"weiter": "/konto"})
    assert page.headers["Cache-Control"] == "no-store"
    address = on_its_way(page)
    assert address.startswith(way.provider.issuer + "/auth?")
    assert "konto" not in address.replace("dienstkonto", "")  # Where one was is nothing that the provider has to know.
    assert "code_challenge_method=S256" in address


def test_beginning_needs_a_form_of_our_own_page(way: Way) -> None:
    assert way.client.get(BEGIN).status_code == 405
    assert way.client.post(BEGIN, headers=ORIGIN).status_code == 403


# Signing out ----------------------------------------------------------------------------------------------------------


def test_signing_out_goes_on_to_the_provider(way: Way, miriam: Person, session: Session) -> None:
    way.through()
    page = send(way.client, "/abmelden")
    address = on_its_way(page)
    assert address.startswith(way.provider.issuer + "/end?")
    assert "id_token_hint=ey" in address
    assert "post_logout_redirect_uri=http%3A%2F%2Flocalhost%2Fabgemeldet" in address
    assert not way.is_signed_in
    assert session.execute(select(SignedIn.identity_token)).scalar_one() is None
    assert "Sie sind abgemeldet" in way.client.get("/abgemeldet").text


def test_signing_out_here_works_while_the_provider_is_away(way: Way, miriam: Person, app: Flask) -> None:
    way.through()
    app.extensions["impuls-openid"] = Provider(openid_settings(way.provider.issuer))
    way.provider.answer = lambda path, honest: None
    answer = send(way.client, "/abmelden")
    assert (answer.status_code, answer.location) == (303, "/abgemeldet")
    assert not way.is_signed_in


def test_who_signed_in_with_a_password_is_not_sent_to_the_provider(
    way: Way, miriam: Person, sign_in: SignIn, client: FlaskClient
) -> None:
    sign_in(client, miriam)
    assert send(client, "/abmelden").location == "/anmelden"

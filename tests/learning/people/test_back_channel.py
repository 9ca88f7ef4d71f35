"""The provider's server says that a session is over there: then it is over here. Each message counts once."""

import datetime
import time
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from learning import clock
from learning.openid.provider import Provider
from learning.people.models import Person, UsedLogout
from learning.settings import ProductSettings
from tests import factories
from tests.learning.conftest import SignIn, product_with
from tests.learning.people.official import BACK_CHANNEL, PROTECTED, Way, hostile_client, openid_settings
from tests.provider.hostile import CLIENT_ID, UNKNOWN_KEY, Claims, Hostile, signed

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
    way.provider.claims = {"sub": SUBJECT, "email": made.mail, "email_verified": True}
    return made


def over(way: Way, **changes: object) -> Claims:
    """What a provider's message says, changed as the test wants it; None leaves a claim out."""
    now = int(time.time())
    claims = {
        "iss": way.provider.issuer,
        "aud": CLIENT_ID,
        "iat": now,
        "exp": now + 120,
        "jti": "nachricht-1",
        "sid": "sitzung-1",
        "sub": SUBJECT,
        "events": {EVENT: {}},
        **changes,
    }
    return {name: value for name, value in claims.items() if value is not None}


def tell(app: Flask, token: str) -> int:
    """The provider's server sends a message, without cookie, origin or token of a form."""
    return app.test_client().post(BACK_CHANNEL, data={"logout_token": token}).status_code


@pytest.mark.parametrize("named", [{}, {"sub": None}, {"sid": None}])
def test_what_is_over_at_the_provider_is_over_here(
    app: Flask, way: Way, miriam: Person, named: dict[str, None]
) -> None:
    way.through()
    assert tell(app, signed(over(way, **named))) == 200
    assert not way.is_signed_in


def test_a_message_counts_once(app: Flask, way: Way, miriam: Person, session: Session) -> None:
    message = signed(over(way))
    assert tell(app, message) == 200
    way.through()
    assert tell(app, message) == 400
    assert way.is_signed_in
    session.execute(update(UsedLogout).values(ends_at=clock.now() - datetime.timedelta(seconds=1)))
    session.commit()
    assert tell(app, signed(over(way, jti="nachricht-2"))) == 200
    assert len(session.execute(select(UsedLogout)).all()) == 1


def test_a_message_ends_no_other_session(
    app: Flask, way: Way, miriam: Person, sign_in: SignIn, client: FlaskClient
) -> None:
    sign_in(client, miriam)
    way.through()
    assert tell(app, signed(over(way, sid="sitzung-2"))) == 200
    assert tell(app, signed(over(way, sub="konto-tom", jti="nachricht-2"))) == 200
    assert way.is_signed_in
    assert tell(app, signed(over(way, sid=None, jti="nachricht-3"))) == 200
    assert not way.is_signed_in
    assert client.get(PROTECTED).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://fremd.example"},
        {"aud": "andere"},
        {"exp": 1},
        {"exp": None},
        {"iat": 1},
        {"iat": None},
        {"jti": None},
        {"jti": 7},
        {"events": None},
        {"events": {}},
        {"events": {EVENT: "ja"}},
        {"events": [EVENT]},
        {"nonce": "ein Ausweis ist keine Nachricht"},
        {"sid": None, "sub": None},
        {"sid": 7},
        {"sub": "x" * 300},
        {"sub": "x\x00"},
        {"sid": "x\x00"},
    ],
    ids=str,
)
def test_a_message_that_is_none_is_refused(app: Flask, way: Way, miriam: Person, changes: dict[str, object]) -> None:
    way.through()
    assert tell(app, signed(over(way, **changes))) == 400
    assert way.is_signed_in


def test_only_the_provider_can_say_so(app: Flask, way: Way, miriam: Person) -> None:
    way.through()
    forged = signed(over(way), UNKNOWN_KEY, kid="k1")
    for text in ("", "x", "a.b.c", forged, signed(over(way)) + "x", "W" * 40_000, "W1tbW1s.e30."):
        assert tell(app, text) == 400
    assert way.is_signed_in


def test_an_identity_token_is_no_message(app: Flask, way: Way, miriam: Person) -> None:
    way.through()
    assert tell(app, signed(way.provider.identity_claims("x"))) == 400
    assert way.is_signed_in

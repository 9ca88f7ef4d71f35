"""The ways in which a provider, or somebody between it and us, tries to sign in whom it may not.

Where one check alone stands against a case, `off` takes it away, so that the case succeeds and is worth something.
"""

import base64
import datetime
import json
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from authlib.oidc.core import IDToken
from joserfc import jwt
from joserfc.jwt import JWTClaimsRegistry
from requests.adapters import HTTPAdapter
from sqlalchemy import update
from sqlalchemy.orm import Session

from learning import clock
from learning.openid import fetching, provider, tokens
from learning.people import openid, openid_views
from learning.people.models import Identity, Person, SignInFlow
from tests import factories
from tests.learning.people.official import Way
from tests.provider.hostile import (
    CLIENT_SECRET,
    FOREIGN_KEY,
    OWN_KEY,
    SHARED_KEY,
    UNKNOWN_KEY,
    Answer,
    Claims,
    Hostile,
    SlowBody,
    half_hash,
    signed,
    signed_with_secret,
    unsigned,
)

SUBJECT = "konto-miriam"
ELSEWHERE = "https://fremd.example"
Check = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True)
class Stage:
    """What a case may touch: the provider, the database, two browsers, the person whose account it is."""

    patch: pytest.MonkeyPatch
    hostile: Hostile
    session: Session
    way: Way
    other_way: Way
    miriam: Person


@dataclass(frozen=True)
class Case:
    """How somebody tries to get in; `off` takes away the one check that stops it."""

    name: str
    come: Callable[[Stage], object]
    off: Check | None = None


# Ways to try it -------------------------------------------------------------------------------------------------------


def changed(change: Callable[[Claims], object]) -> Callable[[Stage], object]:
    def come(stage: Stage) -> object:
        stage.hostile.change = lambda claims: change(claims) and None
        return stage.way.through()

    return come


def claim(name: str, value: object) -> Callable[[Stage], object]:
    return changed(lambda claims: claims.update({name: value}))


def without(name: str) -> Callable[[Stage], object]:
    return changed(lambda claims: claims.pop(name))


def moment(name: str, seconds: int) -> Callable[[Stage], object]:
    return changed(lambda claims: claims.update({name: int(clock.now().timestamp()) + seconds}))


def sign_by(sign: Callable[[Claims], str]) -> Callable[[Stage], object]:
    def come(stage: Stage) -> object:
        stage.hostile.sign = sign
        return stage.way.through()

    return come


def bring(**changes: str | list[str] | None) -> Callable[[Stage], object]:
    """Come back with other parameters; None leaves one out."""

    def come(stage: Stage) -> object:
        answer = {**stage.hostile.agree(stage.way.begin()), **changes}
        return stage.way.come_back({name: value for name, value in answer.items() if value is not None})

    return come


def answered(path: str, answer: Callable[[Answer], Answer | None]) -> Callable[[Stage], object]:
    def come(stage: Stage) -> object:
        stage.hostile.answer = lambda asked, honest: answer(honest) if asked == path else honest
        return stage.way.through()

    return come


def announced(name: str, value: object) -> Callable[[Stage], object]:
    def come(stage: Stage) -> object:
        stage.hostile.metadata[name] = value
        return stage.way.through()

    return come


def with_shared_key(stage: Stage) -> object:
    stage.hostile.keys.append(SHARED_KEY.as_dict(private=True))
    stage.hostile.sign = signed_with_secret(SHARED_KEY.raw_value, "k7")
    return stage.way.through()


def by_another_browser(stage: Stage) -> object:
    """Somebody begins at home, signs in as themselves and has another browser open the way back."""
    return stage.way.come_back(stage.hostile.agree(stage.other_way.begin()))


def again(stage: Stage) -> object:
    """The provider's answer is used a second time with the cookie of the first; the provider itself does not mind."""
    stage.hostile.is_forgetful = True
    answer = stage.hostile.agree(stage.way.begin())
    with stage.way.client.session_transaction() as cookie:
        before = dict(cookie)
    stage.way.come_back(answer)
    assert stage.way.is_signed_in
    with stage.way.client.session_transaction() as cookie:
        cookie.clear()
        cookie.update(before)
    return stage.way.come_back(answer)


def with_a_foreign_code(stage: Stage) -> object:
    """The code of one sign-in is put into the way back of another; the provider asks for no proof."""
    stage.hostile.is_careless = True
    foreign = stage.hostile.agree(stage.other_way.begin())
    return stage.way.come_back({**stage.hostile.agree(stage.way.begin()), "code": foreign["code"]})


def with_a_stolen_code(stage: Stage) -> object:
    """The same at a provider that asks for the proof of who began."""
    foreign = stage.hostile.agree(stage.other_way.begin())
    return stage.way.come_back({**stage.hostile.agree(stage.way.begin()), "code": foreign["code"]})


def too_late(stage: Stage) -> object:
    answer = stage.hostile.agree(stage.way.begin())
    stage.session.execute(update(SignInFlow).values(made_at=clock.now() - datetime.timedelta(minutes=16)))
    stage.session.commit()
    return stage.way.come_back(answer)


def linked(stage: Stage, issuer: str, subject: str) -> None:
    row = Identity(person_key=stage.miriam.key, issuer=issuer, subject=subject, linked_at=clock.now())
    stage.session.add(row)
    stage.session.commit()


def with_an_inherited_mail_address(stage: Stage) -> object:
    """Miriam's account is known. Somebody else gets her mail address at the provider, and it is verified."""
    linked(stage, stage.hostile.issuer, SUBJECT)
    stage.hostile.claims["sub"] = "konto-nachfolge"
    return stage.way.through()


def with_the_name_from_another_provider(stage: Stage) -> object:
    linked(stage, ELSEWHERE, SUBJECT)
    stage.hostile.claims.pop("email")
    return stage.way.through()


def with_foreign_userinfo(stage: Stage) -> object:
    stage.hostile.told = {"sub": "konto-anderer", "email": stage.hostile.claims.pop("email")}
    return stage.way.through()


def who_has_left(stage: Stage) -> object:
    stage.session.execute(update(Person).values(is_active=False))
    stage.session.commit()
    return stage.way.through()


def who_has_left_and_is_known(stage: Stage) -> object:
    linked(stage, stage.hostile.issuer, SUBJECT)
    return who_has_left(stage)


def by_a_mail_address_of_two(stage: Stage) -> object:
    tom = factories.person(stage.session, "Tom Berger")
    stage.session.execute(update(Person).where(Person.key == tom.key).values(mail=stage.miriam.mail.upper()))
    stage.session.commit()
    return stage.way.through()


# Checks taken away ----------------------------------------------------------------------------------------------------


def off(*checks: tuple[object, str], by: object = lambda *_arguments, **_named: None) -> Check:
    def take_away(patch: pytest.MonkeyPatch) -> None:
        for owner, name in checks:
            patch.setattr(owner, name, by)

    return take_away


def any_signature(text: str, _keys: object) -> jwt.Token:
    header, claims = (json.loads(base64.urlsafe_b64decode(part + "===")) for part in text.split(".")[:2])
    return jwt.Token(header, claims)


def any_issuer(patch: pytest.MonkeyPatch) -> None:
    honest = openid._linked
    patch.setattr(openid, "_linked", lambda work, _issuer, subject: honest(work, ELSEWHERE, subject))


NO_SIGNATURE = off((tokens, "check_signature"), by=any_signature)
NO_LIMITS = off((fetching, "BoundedAdapter"), by=HTTPAdapter)
ANY_NONCE = off((tokens.IdentityToken, "validate_nonce"))
ANY_PARTY = off((IDToken, "validate_azp"))
ANY_SUBJECT = off((tokens.IdentityToken, "validate_subject"))
ANY_MAIL = off((openid, "is_verified"), by=lambda claims: True)
ANY_SENDER = off((openid_views, "is_from_provider"), by=lambda issuer, is_named: True)
ANY_BROWSER = off((openid_views, "browser_key"), (openid_views, "make_browser_key"), by=lambda: "einer für alle")


def moved_on(stage: Stage) -> object:
    """The token endpoint sends us, and the code with it, to another address."""
    stage.hostile.is_forgetful = True
    return answered("/token", moved)(stage)


def moved(honest: Answer) -> Answer:
    return 307, {"Location": "/anderswo"}, b""


def padded(honest: Answer) -> Answer:
    return honest[0], honest[1], honest[2] + b" " * (fetching.MOST_BYTES + 1)


def slow(stage: Stage) -> object:
    answer = stage.hostile.agree(stage.way.begin())
    stage.patch.setattr(fetching, "WHOLE_SECONDS", 0.1)
    stage.hostile.answer = lambda path, honest: (honest[0], honest[1], SlowBody(honest[2]))
    return stage.way.come_back(answer)


CASES = [
    Case("wrong issuer", claim("iss", ELSEWHERE), off((JWTClaimsRegistry, "validate_iss"))),
    Case("issuer with a slash more", changed(lambda claims: claims.update(iss=claims["iss"] + "/")),
         off((JWTClaimsRegistry, "validate_iss"))),
    Case("issuer missing", without("iss")),
    Case("wrong audience", claim("aud", "andere"), off((JWTClaimsRegistry, "validate_aud"), (IDToken, "validate_azp"))),
    Case("several audiences without azp", claim("aud", ["impuls", "andere"]), ANY_PARTY),
    Case("given to another party", claim("azp", "andere"), ANY_PARTY),
    Case("nonce missing", without("nonce"), ANY_NONCE),
    Case("nonce of another sign-in", claim("nonce", "anderswo-begonnen"), ANY_NONCE),
    Case("nonce is no text", claim("nonce", 7), ANY_NONCE),
    Case("state missing", bring(state=None)),
    Case("state wrong", bring(state="geraten")),
    Case("state of a foreign browser", by_another_browser, ANY_BROWSER),
    Case("algorithm none", sign_by(unsigned), NO_SIGNATURE),
    Case("HS256 with the public key", sign_by(signed_with_secret(OWN_KEY.as_pem(private=False))), NO_SIGNATURE),
    Case("HS256 with our own secret", sign_by(signed_with_secret(CLIENT_SECRET.encode())), NO_SIGNATURE),
    Case("HS256 with a key that all can read", with_shared_key, NO_SIGNATURE),
    Case("foreign key by the name of the right one", sign_by(lambda claims: signed(claims, FOREIGN_KEY)), NO_SIGNATURE),
    Case("unknown key", sign_by(lambda claims: signed(claims, UNKNOWN_KEY, kid="k9")), NO_SIGNATURE),
    Case("signature cut off", sign_by(lambda claims: signed(claims).rpartition(".")[0] + "."), NO_SIGNATURE),
    Case("header nested without end", sign_by(lambda claims: f"{base64.b64encode(b'[' * 18_000).decode()}.e30.")),
    Case("expired", moment("exp", -600), off((JWTClaimsRegistry, "validate_exp"))),
    Case("not yet valid", moment("nbf", 600), off((JWTClaimsRegistry, "validate_nbf"))),
    Case("issued in the future", moment("iat", 600), off((JWTClaimsRegistry, "validate_iat"))),
    Case("issued long before", moment("iat", -3600), off((tokens.IdentityToken, "validate_age"))),
    Case("end is no time", claim("exp", "morgen")),
    Case("subject missing", without("sub")),
    Case("subject empty", claim("sub", ""), None),
    Case("subject is no text", claim("sub", 4711)),
    Case("subject with a line end", claim("sub", "konto\nmiriam"), ANY_SUBJECT),
    Case("subject without end", claim("sub", "x" * 300)),
    Case("mail address not verified", claim("email_verified", False), ANY_MAIL),
    Case("mail address verified by a word", claim("email_verified", "true"), ANY_MAIL),
    Case("verification missing", without("email_verified"), ANY_MAIL),
    Case("mail address of nobody", claim("email", "niemand@impuls.example")),
    Case("mail address that no database takes", claim("email", "p1\x00@impuls.example")),
    Case("mail address is a list", claim("email", ["p1@impuls.example"])),
    Case("mail address of two people", by_a_mail_address_of_two),
    Case("mail address given to somebody else", with_an_inherited_mail_address,
         off((openid, "upsert"), by=lambda *_, **__: 1)),
    Case("same subject at another issuer", with_the_name_from_another_provider, any_issuer),
    Case("person has left", who_has_left),
    Case("person has left and is known", who_has_left_and_is_known),
    Case("answer used before", again, off((openid, "use_up"), by=lambda work, state_hash: True)),
    Case("code of another sign-in", with_a_foreign_code, ANY_NONCE),
    Case("stolen code", with_a_stolen_code),
    Case("token of another access", claim("at_hash", half_hash("anderer Zugriff")), off((IDToken, "validate_at_hash"))),
    Case("answer of another provider", bring(iss=ELSEWHERE), ANY_SENDER),
    Case("answer that names no provider", bring(iss=None), ANY_SENDER),
    Case("userinfo about somebody else", with_foreign_userinfo, off((provider, "check_subject"))),
    Case("sign-in begun long ago", too_late, off((openid, "LASTS"), by=datetime.timedelta(hours=1))),
    Case("error beside a code", bring(error="access_denied")),
    Case("error alone", bring(error="server_error", code=None)),
    Case("code missing", bring(code=None)),
    Case("code twice", bring(code=["eins", "zwei"])),
    Case("PKCE only in plain", announced("code_challenge_methods_supported", ["plain"]),
         off((provider, "listed"), by=lambda found, name, usual: usual)),
    Case("discovery of another issuer", announced("issuer", ELSEWHERE)),
    Case("keys from an unsafe place", announced("jwks_uri", "http://fremd.example/jwks")),
    Case("no keys", answered("/jwks", lambda honest: (200, {}, b'{"keys": []}')), NO_SIGNATURE),
    Case("token endpoint leads elsewhere", moved_on, NO_LIMITS),
    Case("keys lead elsewhere", answered("/jwks", lambda honest: (302, {"Location": "/jwks?2"}, b""))),
    Case("token endpoint refuses", answered("/token", lambda honest: (400, honest[1], b'{"error": "invalid_grant"}'))),
    Case("token endpoint fails", answered("/token", lambda honest: (500, honest[1], honest[2]))),
    Case("token endpoint hangs up", answered("/token", lambda honest: None)),
    Case("token endpoint speaks HTML", answered("/token", lambda honest: (200, {}, b"<p>Wartung</p>"))),
    Case("answer without a token", answered("/token", lambda honest: (200, honest[1], b'{"access_token": "x"}'))),
    Case("answer nested without end", answered("/token", lambda honest: (200, honest[1], b"[" * 200_000))),
    Case("huge answer", answered("/token", padded), NO_LIMITS),
    Case("slow answer", slow, NO_LIMITS),
]  # fmt: skip

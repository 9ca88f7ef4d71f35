"""Checks what the provider has signed: the token that says who signed in, and the one that says a session is over.

Signatures are checked by joserfc with the algorithms named here, whatever a token says of itself; claims by Authlib and
by what is added to it below.
"""

import datetime
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import ClaimError, InvalidClaimError, JoseError, MissingClaimError
from joserfc.jwk import Key, KeySet
from joserfc.jwt import JWTClaimsRegistry

ALGORITHMS = ("RS256", "PS256", "ES256")
CLOCK_SKEW = datetime.timedelta(minutes=2)
LONGEST_LOGOUT = datetime.timedelta(minutes=10)
LONGEST_TOKEN = 32_000
LONGEST_SUBJECT = 255
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"


class Refused(Exception):
    """A token or an answer of the provider that must not let anybody in; the text is for the log and names nobody."""


class UnknownKey(Refused):
    """The token is signed with a key that we do not know; the provider may have got a new one."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What an identity token has to fit to: our provider, our name there, our sign-in and its access token."""

    issuer: str
    client_id: str
    nonce: str
    access_token: str
    begun_at: datetime.datetime


@dataclass(frozen=True, slots=True)
class Logout:
    """What is over at the provider: one session, or all of one subject. `id` is unique to the message."""

    id: str
    subject: str
    session: str
    ends_at: datetime.datetime


class IdentityToken(CodeIDToken):  # type: ignore[misc]  # Authlib comes without types
    """The rules of OpenID Connect as Authlib knows them, and ours: made for this very sign-in, so with its nonce."""

    def validate(self, now: int | None = None, leeway: int = 0) -> None:
        """Raises ClaimError for the first rule that is broken."""
        super().validate(now, leeway)
        self.validate_subject()
        self.validate_age(leeway)

    def validate_nonce(self) -> None:
        """The nonce of this sign-in; there always is one, so it may never be missing."""
        found = self.get("nonce")
        if not isinstance(found, str) or not hmac.compare_digest(found.encode(), self.params["nonce"].encode()):
            raise InvalidClaimError("nonce")

    def validate_subject(self) -> None:
        """The name of the account, as the standard bounds it."""
        subject = self["sub"]
        if not subject or not subject.isascii() or not is_name(subject):
            raise InvalidClaimError("sub")

    def validate_age(self, leeway: int) -> None:
        """A token for this sign-in cannot be older than it."""
        if self["iat"] < self.params["begun_at"] - leeway:
            raise InvalidClaimError("iat")


def check_identity(text: str, keys: KeySet, expected: Expected, *, now: datetime.datetime) -> Mapping[str, Any]:
    """The claims of an identity token. Raises Refused, UnknownKey."""
    token = check_signature(text, keys)
    claims = IdentityToken(
        token.claims,
        token.header,
        options={
            "iss": {"essential": True, "value": expected.issuer},
            "aud": {"essential": True, "value": expected.client_id},
        },
        params={
            "client_id": expected.client_id,
            "nonce": expected.nonce,
            "access_token": expected.access_token,
            "begun_at": int(expected.begun_at.timestamp()),
        },
    )
    try:
        claims.validate(int(now.timestamp()), int(CLOCK_SKEW.total_seconds()))
    except (ClaimError, TypeError, ValueError, OverflowError) as error:
        raise Refused(f"identity token: {error}") from error
    return dict(claims)


def check_logout(text: str, keys: KeySet, *, issuer: str, client_id: str, now: datetime.datetime) -> Logout:
    """What a logout token says. Raises Refused, UnknownKey; whether it comes for the first time is not known here."""
    token = check_signature(text, keys)
    claims = token.claims
    rules = JWTClaimsRegistry(
        int(now.timestamp()),
        int(CLOCK_SKEW.total_seconds()),
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": client_id},
        iat={"essential": True},
        exp={"essential": True},
        jti={"essential": True},
    )
    try:
        rules.validate(claims)
        check_logout_claims(claims, now=now)
    except (ClaimError, TypeError, ValueError, OverflowError) as error:
        raise Refused(f"logout token: {error}") from error
    ends_at = now + LONGEST_LOGOUT + CLOCK_SKEW
    return Logout(claims["jti"], claims.get("sub", ""), claims.get("sid", ""), ends_at)


def check_logout_claims(claims: Mapping[str, Any], *, now: datetime.datetime) -> None:
    """What the standard asks of a logout token beyond other tokens. Raises ClaimError."""
    if "nonce" in claims:
        raise InvalidClaimError("nonce")  # It is an identity token, which would sign people out by being passed on.
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(LOGOUT_EVENT), dict):
        raise InvalidClaimError("events")
    if claims["iat"] < (now - LONGEST_LOGOUT - CLOCK_SKEW).timestamp():
        raise InvalidClaimError("iat")
    named = [claims.get(name, "") for name in ("sid", "sub")]
    if not any(named) or not all(is_name(one) for one in named):
        raise MissingClaimError("sub")


def is_name(value: object) -> bool:
    """True for what can be the name of an account or a session there; "" is one as well."""
    return isinstance(value, str) and len(value) <= LONGEST_SUBJECT and value.isprintable()


def check_signature(text: str, keys: KeySet) -> jwt.Token:
    """The token, signed by one of `keys` with one of ALGORITHMS. Raises Refused, UnknownKey."""
    if len(text) > LONGEST_TOKEN or not text.isascii():
        raise Refused("token of no known form")
    try:
        return jwt.decode(text, lambda signed: fitting_key(signed.headers(), keys), algorithms=ALGORITHMS)
    except (JoseError, TypeError, ValueError, KeyError, RecursionError) as error:
        raise Refused(f"signature: {type(error).__name__}") from error


def fitting_key(header: Mapping[str, Any], keys: KeySet) -> Key:
    """The key that a token names; a token that names none is taken where there is only one. Raises UnknownKey."""
    wanted = header.get("kid")
    named = [key for key in keys.keys if wanted is None or key.kid == wanted]
    if len(named) != 1:
        raise UnknownKey("token signed with an unknown key")
    return named[0]


def signing_keys(found: Mapping[str, Any]) -> KeySet:
    """The public keys among a provider's that can sign as we allow; others are left out, whatever they are."""
    keys = []
    listed = found.get("keys")
    for one in listed if isinstance(listed, list) else []:
        if not isinstance(one, dict) or one.get("kty") not in ("RSA", "EC") or one.get("use", "sig") != "sig":
            continue
        public = {name: value for name, value in json.loads(json.dumps(one)).items() if name in PUBLIC_PARTS}
        try:
            key = KeySet.registry_cls.import_key(public)
        except (JoseError, TypeError, ValueError):
            continue
        if one["kty"] == "EC" or getattr(key.public_key, "key_size", 0) >= 2048:
            keys.append(key)
    return KeySet(keys)


PUBLIC_PARTS = frozenset({"kty", "kid", "use", "alg", "n", "e", "crv", "x", "y"})

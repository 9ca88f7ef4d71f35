"""The one provider of this installation: what it says of itself, its keys, and what we ask it for.

What it says is kept for a while, so that signing in does not ask for it each time; a new key is found when a token
names it.
"""

import datetime
import logging
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from authlib.integrations.base_client import OAuthError
from joserfc.jwk import KeySet

from learning.openid.fetching import Silent, Unreachable, asking, fetch_json, open_connection
from learning.openid.tokens import (
    Expected,
    Logout,
    Refused,
    UnknownKey,
    check_identity,
    check_logout,
    is_name,
    signing_keys,
)
from learning.settings import OpenidSettings, is_safe_address

log = logging.getLogger(__name__)

KEPT = datetime.timedelta(hours=1)
KEYS_ASKED_AGAIN = datetime.timedelta(minutes=1)
LEFT_ALONE = datetime.timedelta(seconds=10)
DISCOVERY = "/.well-known/openid-configuration"


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the provider says of itself, as far as we use it; "" for what it does not have."""

    authorization: str
    token: str
    keys: str
    userinfo: str
    end_session: str
    names_itself: bool
    authenticates_by: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who has signed in at the provider. `session` is its name for the session there, "" if it has none."""

    subject: str
    claims: Mapping[str, Any]
    session: str
    identity_token: str
    access_token: str


class Provider:
    """Speaks with the provider; one for each application, shared by its threads."""

    def __init__(self, settings: OpenidSettings) -> None:
        self.settings = settings
        self._lock = threading.Lock()
        self._metadata: tuple[datetime.datetime, Metadata] | None = None
        self._keys: tuple[datetime.datetime, KeySet] | None = None
        self._left_alone_until: datetime.datetime | None = None

    def metadata(self, *, now: datetime.datetime) -> Metadata:
        """What the provider says of itself, at most an hour old. Raises Unreachable, Refused."""
        kept = self._metadata
        if kept is None or now - kept[0] >= KEPT:
            found = self._fetch(self.settings.issuer.rstrip("/") + DISCOVERY, now=now)
            kept = (now, read_metadata(found, issuer=self.settings.issuer))
            with self._lock:
                self._metadata = kept
        return kept[1]

    def keys(self, *, now: datetime.datetime, is_missing_one: bool = False) -> KeySet:
        """Its keys, at most an hour old, a minute where one is missing. Raises Unreachable, Refused."""
        kept = self._keys
        oldest = KEYS_ASKED_AGAIN if is_missing_one else KEPT
        if kept is None or now - kept[0] >= oldest:
            kept = (now, signing_keys(self._fetch(self.metadata(now=now).keys, now=now)))
            with self._lock:
                self._keys = kept
        return kept[1]

    def _fetch(self, address: str, *, now: datetime.datetime, bearer: str = "") -> dict[str, Any]:
        """A JSON object of the provider. Raises Unreachable."""
        with self._unless_silent(now=now):
            return fetch_json(address, bearer=bearer)

    @contextmanager
    def _unless_silent(self, *, now: datetime.datetime) -> Iterator[None]:
        """Ask inside; after the provider was silent nobody asks for a moment, which raises Unreachable at once.

        Otherwise everybody who signs in meanwhile would wait for it, and nobody else would get a page.
        """
        if self._left_alone_until is not None and now < self._left_alone_until:
            raise Unreachable("the provider did not answer a moment ago")
        try:
            yield
        except Silent:
            with self._lock:
                self._left_alone_until = now + LEFT_ALONE
            raise

    def sign_in_address(
        self, *, state: str, nonce: str, verifier: str, redirect_uri: str, now: datetime.datetime
    ) -> str:
        """Where the browser goes to sign in. Raises Unreachable, Refused."""
        metadata = self.metadata(now=now)
        with self._connection(metadata, redirect_uri) as connection:
            address, _ = connection.create_authorization_url(
                metadata.authorization, state=state, code_verifier=verifier, nonce=nonce
            )
        return str(address)

    def signed_in(
        self,
        code: str,
        *,
        nonce: str,
        verifier: str,
        redirect_uri: str,
        begun_at: datetime.datetime,
        now: datetime.datetime,
    ) -> SignedIn:
        """Who signed in, for the code that the browser brought. Raises Unreachable, Refused."""
        tokens = self._exchange(code, verifier=verifier, redirect_uri=redirect_uri, now=now)
        identity_token, access_token = tokens.get("id_token"), tokens.get("access_token")
        if not isinstance(identity_token, str) or not isinstance(access_token, str):
            raise Refused("token endpoint: tokens are missing")
        expected = Expected(self.settings.issuer, self.settings.client_id, nonce, access_token, begun_at)
        try:
            claims = check_identity(identity_token, self.keys(now=now), expected, now=now)
        except UnknownKey:
            claims = check_identity(identity_token, self.keys(now=now, is_missing_one=True), expected, now=now)
        session = claims.get("sid", "")
        return SignedIn(claims["sub"], claims, session if is_name(session) else "", identity_token, access_token)

    def _exchange(self, code: str, *, verifier: str, redirect_uri: str, now: datetime.datetime) -> Mapping[str, Any]:
        """The tokens for a code. Raises Unreachable, Refused."""
        metadata = self.metadata(now=now)
        try:
            with (
                self._unless_silent(now=now),
                asking(metadata.token),
                self._connection(metadata, redirect_uri) as connection,
            ):
                found = connection.fetch_token(
                    metadata.token,
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=verifier,
                    redirect_uri=redirect_uri,
                )
        except OAuthError as error:
            raise Refused(f"token endpoint: {str(error.error)[:100]!r}") from error
        return dict(found)

    def all_claims(self, who: SignedIn, *, now: datetime.datetime) -> Mapping[str, Any]:
        """The claims with the one that names a person, asked for where the token lacks it. Raises Unreachable, Refused.

        What is told beside the token counts only when it is about the same subject.
        """
        address = self.metadata(now=now).userinfo
        if self.settings.person_claim in who.claims or not address:
            return who.claims
        told = self._fetch(address, now=now, bearer=who.access_token)
        check_subject(told, who.subject)
        return {**told, **who.claims}

    def logout(self, text: str, *, now: datetime.datetime) -> Logout:
        """What a logout token of the provider says. Raises Unreachable, Refused."""
        issuer, client_id = self.settings.issuer, self.settings.client_id
        try:
            return check_logout(text, self.keys(now=now), issuer=issuer, client_id=client_id, now=now)
        except UnknownKey:
            keys = self.keys(now=now, is_missing_one=True)
            return check_logout(text, keys, issuer=issuer, client_id=client_id, now=now)

    def sign_out_address(self, *, identity_token: str, back_to: str, now: datetime.datetime) -> str:
        """Where the browser goes to sign out at the provider as well; "" if that is not possible just now."""
        try:
            address = self.metadata(now=now).end_session
        except (Unreachable, Refused) as error:
            log.warning("Signing out at the provider was left out: %s", error)
            return ""
        if not address:
            return ""
        query = {"client_id": self.settings.client_id, "post_logout_redirect_uri": back_to}
        if identity_token:
            query["id_token_hint"] = identity_token
        return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"

    def _connection(self, metadata: Metadata, redirect_uri: str) -> Any:
        """Authlib's client with our name, our secret and PKCE."""
        return open_connection(
            client_id=self.settings.client_id,
            client_secret=self.settings.client_secret,
            token_endpoint_auth_method=metadata.authenticates_by,
            scope=self.settings.scopes,
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
        )


def check_subject(told: Mapping[str, Any], subject: str) -> None:
    """Raises Refused if what is told beside a token is about somebody else."""
    if told.get("sub") != subject:
        raise Refused("userinfo: another subject")


def read_metadata(found: Mapping[str, Any], *, issuer: str) -> Metadata:
    """The parts we use, each of them checked. Raises Refused."""
    if found.get("issuer") != issuer:
        raise Refused("discovery: another issuer")
    addresses = {
        name: found.get(name, "")
        for name in (
            "authorization_endpoint",
            "token_endpoint",
            "jwks_uri",
            "userinfo_endpoint",
            "end_session_endpoint",
        )
    }
    for name, address in addresses.items():
        if not isinstance(address, str) or (address and not is_safe_address(address.partition("?")[0])):
            raise Refused(f"discovery: {name} is no safe address")
    if not all(addresses[name] for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")):
        raise Refused("discovery: an address is missing")
    # Providers that say nothing about it mostly know it; one that says it does not would drop our proof silently.
    if "S256" not in listed(found, "code_challenge_methods_supported", ("S256",)):
        raise Refused("discovery: no PKCE with S256")
    methods = listed(found, "token_endpoint_auth_methods_supported", ("client_secret_basic",))
    if not {"client_secret_basic", "client_secret_post"} & set(methods):
        raise Refused("discovery: no way to authenticate with a secret")
    return Metadata(
        authorization=addresses["authorization_endpoint"],
        token=addresses["token_endpoint"],
        keys=addresses["jwks_uri"],
        userinfo=addresses["userinfo_endpoint"],
        end_session=addresses["end_session_endpoint"],
        names_itself=found.get("authorization_response_iss_parameter_supported") is True,
        authenticates_by="client_secret_basic" if "client_secret_basic" in methods else "client_secret_post",
    )


def listed(found: Mapping[str, Any], name: str, usual: tuple[str, ...]) -> tuple[str, ...]:
    """A list of words, `usual` where the provider says nothing."""
    value = found.get(name)
    return tuple(str(one) for one in value) if isinstance(value, list) else usual

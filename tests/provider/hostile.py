"""An OpenID provider that does as it is told: honest unless a test changes what it says, signs or sends."""

import base64
import hashlib
import hmac
import json
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT_ID = "impuls"
CLIENT_SECRET = "ein-Geheimnis-nur-zum-Testen"
OWN_KEY = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig", "alg": "RS256"})
FOREIGN_KEY = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig", "alg": "RS256"})
UNKNOWN_KEY = RSAKey.generate_key(2048, {"kid": "k9", "use": "sig", "alg": "RS256"})
SHARED_KEY = OctKey.generate_key(256, {"kid": "k7", "use": "sig", "alg": "HS256"})

SLICE = 40
Claims = dict[str, Any]
Answer = tuple[int, dict[str, str], bytes]


def unpadded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def half_hash(text: str) -> str:
    return unpadded(hashlib.sha256(text.encode()).digest()[:16])


def signed(claims: Mapping[str, Any], key: Any = OWN_KEY, *, algorithm: str = "RS256", kid: str | None = "k1") -> str:
    header = {"alg": algorithm} if kid is None else {"alg": algorithm, "kid": kid}
    return jwt.encode(header, dict(claims), key, algorithms=[algorithm])


def unsigned(claims: Mapping[str, Any]) -> str:
    """A token that says of itself that it needs no signature."""
    plain = {name: value for name, value in claims.items() if name != "at_hash"}  # There is no hash to make it with.
    return f"{unpadded(json.dumps({'alg': 'none', 'kid': 'k1'}).encode())}.{unpadded(json.dumps(plain).encode())}."


def signed_with_secret(secret: bytes, kid: str = "k1") -> Callable[[Claims], str]:
    """Signs with something that is known to more than the provider."""

    def sign(claims: Claims) -> str:
        header = unpadded(json.dumps({"alg": "HS256", "kid": kid}).encode())
        text = f"{header}.{unpadded(json.dumps(claims).encode())}"
        return f"{text}.{unpadded(hmac.new(secret, text.encode(), hashlib.sha256).digest())}"

    return sign


@dataclass
class Hostile:
    """What the provider says. Tests change it; `honest()` puts all of it back.

    A forgetful provider takes a code again and again, a careless one asks for no proof of who began.
    """

    issuer: str = ""
    claims: Claims = field(default_factory=dict)
    told: Claims = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    keys: list[Mapping[str, Any]] = field(default_factory=list)
    change: Callable[[Claims], None] = lambda claims: None
    sign: Callable[[Claims], str] = signed
    answer: Callable[[str, Answer], Answer | None] = lambda path, answer: answer
    access_token: str = "zugriff"
    is_forgetful: bool = False
    is_careless: bool = False
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def honest(self) -> None:
        """As a provider should be."""
        fresh = Hostile(self.issuer)
        self.__dict__.update(fresh.__dict__)
        self.metadata = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/auth",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "userinfo_endpoint": f"{self.issuer}/me",
            "end_session_endpoint": f"{self.issuer}/end",
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        }
        self.keys = [OWN_KEY.as_dict(private=False)]

    def agree(self, asked: Mapping[str, str]) -> dict[str, str]:
        """What the browser brings back after signing in here: `asked` are the parameters that it came with."""
        code = uuid.uuid4().hex
        self.codes[code] = dict(asked)
        return {"code": code, "state": asked["state"], "iss": self.issuer}

    def identity_claims(self, nonce: str) -> Claims:
        """An honest token's claims, changed as the test wants them."""
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "exp": now + 300,
            "iat": now,
            "nonce": nonce,
            "sid": "sitzung-1",
            "at_hash": half_hash(self.access_token),
            **self.claims,
        }
        self.change(claims)
        return claims

    def token_answer(self, form: Mapping[str, str]) -> Answer:
        """The tokens for a code, if its verifier fits and it comes for the first time."""
        code = form.get("code", "")
        asked = self.codes.get(code) if self.is_forgetful else self.codes.pop(code, None)
        proof = unpadded(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if asked is None or (proof != asked.get("code_challenge") and not self.is_careless):
            return json_answer({"error": "invalid_grant"}, 400)
        tokens = {"access_token": self.access_token, "token_type": "Bearer", "expires_in": 60}
        return json_answer({**tokens, "id_token": self.sign(self.identity_claims(asked["nonce"]))})

    def answer_to(self, path: str, form: Mapping[str, str]) -> Answer:
        match path:
            case "/.well-known/openid-configuration":
                return json_answer(self.metadata)
            case "/jwks":
                return json_answer({"keys": self.keys})
            case "/token" | "/anderswo":
                return self.token_answer(form)
            case "/me":
                return json_answer({"sub": self.claims.get("sub"), **self.told})
            case _:
                return json_answer({"error": "not found"}, 404)


def json_answer(content: object, status: int = 200) -> Answer:
    return status, {"Content-Type": "application/json"}, json.dumps(content).encode()


class SlowBody(bytes):
    """A body that arrives a slice at a time."""


@contextmanager
def hostile_provider() -> Iterator[Hostile]:
    """The provider at an address of its own, honest at first."""
    hostile = Hostile()
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the library's name
            self.reply({})

        def do_POST(self) -> None:  # the library's name
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.reply(dict(parse_qsl(body.decode())))

        def reply(self, form: Mapping[str, str]) -> None:
            path = self.path.partition("?")[0]
            answer = hostile.answer(path, hostile.answer_to(path, form))
            if answer is None:
                self.close_connection = True
                return
            status, headers, body = answer
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                if isinstance(body, SlowBody):
                    for number in range(0, len(body), SLICE):
                        self.wfile.write(body[number : number + SLICE])
                        over.wait(0.02)
                else:
                    self.wfile.write(body)
            except OSError:
                self.close_connection = True  # Who asked has had enough.

        def log_message(self, *_: object) -> None:
            """Nothing; the tests say what went wrong."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True, kwargs={"poll_interval": 0.05})
    thread.start()
    hostile.issuer = f"http://127.0.0.1:{server.server_port}"
    hostile.honest()
    yield hostile
    over.set()
    server.shutdown()
    server.server_close()
    thread.join(timeout=10)

"""A person's browser without the network: requests handed to an application directly, so that its time alone counts."""

import gzip
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from werkzeug.test import EnvironBuilder

Application = Callable[..., Any]
ORIGIN = "http://localhost"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        packed = self.headers.get("Content-Encoding") == "gzip"
        return (gzip.decompress(self.body) if packed else self.body).decode()


@dataclass
class Visitor:
    """Somebody who is signed in with this cookie; the token is asked for once, as a page would carry it."""

    app: Application
    cookie: str = ""
    token: str = ""

    def open(self) -> None:
        """Get the token of forms and the cookie that belongs to it."""
        answer = self.get("/konto")()
        found = re.search(r'name="csrf_token" value="([^"]+)"', answer.text)
        assert found, (answer.status, answer.text[:300])
        self.token = found[1]
        self.cookie = answer.headers.get("Set-Cookie", self.cookie).split(";")[0]

    def get(self, address: str) -> Callable[[], Answer]:
        """A request that can be sent again and again."""
        return self._request("GET", address, b"", "")

    def post_json(self, address: str, body: str) -> Callable[[], Answer]:
        """A request as a script sends it."""
        return self._request("POST", address, body.encode(), JSON)

    def post(self, address: str, fields: dict[str, Any]) -> Callable[[], Answer]:
        """A form as a browser sends it."""
        return self._request("POST", address, urlencode(fields, doseq=True).encode(), FORM)

    def _request(self, method: str, address: str, body: bytes, kind: str) -> Callable[[], Answer]:
        headers = {"Accept": "application/json" if kind == JSON else "text/html", "Accept-Language": "de"}
        headers["Accept-Encoding"] = "gzip, deflate, br"
        if self.cookie:
            headers["Cookie"] = self.cookie
        if method == "POST":
            headers |= {"Origin": ORIGIN, "X-CSRFToken": self.token, "Content-Type": kind}
        builder = EnvironBuilder(address, base_url=ORIGIN, method=method, headers=headers, input_stream=io.BytesIO())
        environ = builder.get_environ() | {"CONTENT_LENGTH": str(len(body))}

        def send() -> Answer:
            told: list[Any] = []
            answer = self.app({**environ, "wsgi.input": io.BytesIO(body)}, lambda *head: told.append(head))
            try:
                content = b"".join(answer)
            finally:
                close = getattr(answer, "close", None)
                if close:
                    close()
            status, sent = told[0][:2]
            return Answer(int(status.split()[0]), dict(sent), content)

        return send

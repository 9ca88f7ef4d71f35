"""Asks the provider over HTTP, and only within limits: no redirect is followed, nothing is read that takes too long or
is too much.
"""

import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
from authlib.integrations.requests_client import OAuth2Session
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

MOST_BYTES = 512 * 1024
CONNECT_SECONDS = 3.0
SILENT_SECONDS = 5.0
WHOLE_SECONDS = 10.0
CHUNK = 16 * 1024
JSON = {"Accept": "application/json"}
# What asking may raise: no connection or too slow; and what reading the answer may: no JSON, nested without end.
NOBODY_THERE = (requests.ConnectionError, requests.Timeout, HTTPError)
NO_ANSWER = (requests.RequestException, OSError, ValueError, RecursionError)


class Unreachable(Exception):
    """The provider did not answer as agreed: not at all, too late, too much, elsewhere, or not with JSON."""


class Silent(Unreachable):
    """Nobody was there, or it took too long: asking again at once would only make more people wait."""


class BoundedAdapter(HTTPAdapter):
    """Carries requests to the provider and reads answers within the limits above. Raises Unreachable."""

    def send(self, request: requests.PreparedRequest, *_: Any, **options: Any) -> requests.Response:
        """The whole answer; the body has been read."""
        begun = time.monotonic()
        options.update(stream=True, timeout=(CONNECT_SECONDS, SILENT_SECONDS))
        response = super().send(request, **options)
        try:
            if 300 <= response.status_code < 400:
                raise Unreachable(f"{request.url} leads elsewhere ({response.status_code})")
            body = self._read(response, begun=begun)
        finally:
            response.close()
        response.raw = io.BytesIO(body)
        return response

    def _read(self, response: requests.Response, *, begun: float) -> bytes:
        """The body; whatever arrives is looked at at once, so that single bytes cannot hold us up."""
        body = bytearray()
        while chunk := response.raw.read1(CHUNK, decode_content=True):
            body += chunk
            if len(body) > MOST_BYTES:
                raise Unreachable(f"{response.url} answers with more than {MOST_BYTES} bytes")
            if time.monotonic() - begun > WHOLE_SECONDS:
                raise Silent(f"{response.url} takes longer than {WHOLE_SECONDS:g} seconds")
        return bytes(body)


def open_connection(**options: Any) -> OAuth2Session:
    """A client that speaks to the provider within the limits; `options` are those of Authlib's session."""
    connection = OAuth2Session(**options)
    connection.mount("https://", BoundedAdapter())
    connection.mount("http://", BoundedAdapter())
    return connection


@contextmanager
def asking(address: str) -> Iterator[None]:
    """Turns whatever goes wrong inside into Unreachable or Silent, told by the address."""
    try:
        yield
    except NOBODY_THERE as error:
        raise Silent(f"{address}: {type(error).__name__}") from error
    except NO_ANSWER as error:
        raise Unreachable(f"{address}: {type(error).__name__}") from error


def fetch_json(address: str, *, bearer: str = "") -> dict[str, Any]:
    """The JSON object at `address`. Raises Unreachable."""
    token = {"access_token": bearer, "token_type": "Bearer"} if bearer else None
    with asking(address), open_connection(token=token) as connection:
        response = connection.request("GET", address, withhold_token=not bearer, headers=JSON)
        found = response.json() if response.status_code == 200 else None
    if not isinstance(found, dict):
        raise Unreachable(f"{address} answers {response.status_code} and no JSON object")
    return found

"""What tests of pages share: the sample courses and how a form says where it comes from."""

from collections.abc import Mapping
from pathlib import Path

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

SAMPLES = Path(__file__).resolve().parent / "samples" / "courses"
ORIGIN = {"Origin": "http://localhost"}


def send(client: FlaskClient, address: str, data: Mapping[str, object] | None = None) -> TestResponse:
    """POST a form as a browser does it from one of our pages: with origin and token."""
    token = client.get("/anmeldung/stand").get_json()["form_token"]
    return client.post(address, data={"csrf_token": token, **(data or {})}, headers=ORIGIN)

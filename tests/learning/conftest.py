"""The preview of the sample courses, for tests that need no browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from learning.app import create_preview_app
from learning.settings import PreviewSettings
from learning.workshop import Workshop

SAMPLES = Path(__file__).resolve().parents[1] / "samples" / "courses"
ORIGIN = {"Origin": "http://localhost"}


@pytest.fixture(scope="session")
def workshop() -> Iterator[Workshop]:
    with Workshop(processes=1) as workshop:
        yield workshop


@pytest.fixture(scope="session")
def app(workshop: Workshop) -> Flask:
    return create_preview_app(PreviewSettings(SAMPLES, language="de"), workshop)


@pytest.fixture()
def client(app: Flask) -> FlaskClient:
    return app.test_client()

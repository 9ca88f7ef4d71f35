"""The preview of the sample courses, for tests that need no browser."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from learning.app import create_preview_app
from learning.settings import PreviewSettings
from learning.workshop import Workshop
from tests.pages import SAMPLES


@pytest.fixture(scope="session")
def workshop() -> Iterator[Workshop]:
    with Workshop(processes=1) as workshop:
        yield workshop


@pytest.fixture(scope="session")
def application(workshop: Workshop) -> Flask:
    return create_preview_app(PreviewSettings(SAMPLES, language="de"), workshop)


@pytest.fixture
def client(application: Flask) -> FlaskClient:
    return application.test_client()

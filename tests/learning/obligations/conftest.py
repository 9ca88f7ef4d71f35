"""An office in the database of each kind; what a test of obligations writes is undone after it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.learning.obligations.office import Office, undone


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with undone(engine) as session:
        yield session


@pytest.fixture
def office(session: Session) -> Office:
    return Office(session)

"""The authority that tests of reporting look at."""

import pytest
from sqlalchemy.orm import Session

from tests.learning.reporting.house import House


@pytest.fixture
def house(session: Session) -> House:
    return House(session)

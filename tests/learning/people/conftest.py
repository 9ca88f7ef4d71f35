"""The hostile provider, for tests of signing in with the official account."""

from collections.abc import Iterator

import pytest

from tests.provider.hostile import Hostile, hostile_provider


@pytest.fixture(scope="session")
def hostile() -> Iterator[Hostile]:
    """One provider for all tests; whoever uses it makes it honest first."""
    with hostile_provider() as hostile:
        yield hostile

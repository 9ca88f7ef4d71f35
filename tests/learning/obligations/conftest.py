"""A database of each kind for obligations; what a test writes is undone after it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from learning.database import Model
from tests.learning.obligations.office import Office, undone


@pytest.fixture(scope="session")
def sqlite_engine() -> Iterator[Engine]:
    engine = create_engine("sqlite://", poolclass=StaticPool)

    @event.listens_for(engine, "connect")
    def _open(connection, _record) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys=ON")

    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    Model.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgresql_engine(postgres: str) -> Iterator[Engine]:
    address = postgres.replace("postgresql://", "postgresql+psycopg://", 1)
    name = "obligations"
    server = create_engine(address, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine = create_engine(server.url.set(database=name))
    Model.metadata.create_all(engine)
    yield engine
    engine.dispose()
    server.dispose()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Engine:
    return request.getfixturevalue(f"{request.param}_engine")


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with undone(engine) as session:
        yield session


@pytest.fixture
def office(session: Session) -> Office:
    return Office(session)

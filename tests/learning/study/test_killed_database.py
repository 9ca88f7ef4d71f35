"""PostgreSQL is killed (SIGKILL) while people answer and read: nothing acknowledged is lost, and the product goes on.

While the database is away people are told to try again in a moment (503 with Retry-After), never of a failure.
"""

import random
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from learning.database import make_engine
from learning.schema import migrate
from tests.database_server import DatabaseServer, database_server, fresh_database
from tests.figures import examples
from tests.learning.study.killing import Desk, Load, Server, compared, desks_at

KILLS = examples(5, hardened=50)
LEARNERS = examples(4, hardened=12)
ANSWERS = 25


@dataclass
class Killed:
    """A product on a database server that a test may kill."""

    database: DatabaseServer
    engine: Engine
    server: Server

    def desks(self, *, count: int) -> list[Desk]:
        with Session(self.engine, expire_on_commit=False) as session:
            return desks_at(self.server, session, self.engine, count=count)

    def compared(self, desks: list[Desk]) -> tuple[int, int, int]:
        self.engine.dispose()  # The connections of the time before the last kill.
        with Session(self.engine) as session:
            return compared(session, desks)

    def ask(self, address: str) -> int:
        return Desk(None, "", self.server.port).ask("GET", address)[0]  # type: ignore[arg-type]  # nobody in particular


@pytest.fixture(scope="module")
def database() -> Iterator[DatabaseServer]:
    with database_server() as server:
        yield server


@pytest.fixture
def killed(database: DatabaseServer, tmp_path: Path) -> Iterator[Killed]:
    with product_at(database, tmp_path) as made:
        yield made


@contextmanager
def product_at(database: DatabaseServer, folder: Path) -> Iterator[Killed]:
    url = fresh_database(database.address)
    engine = make_engine(url)
    migrate(engine)
    server = Server(folder, url)
    server.start()
    try:
        yield Killed(database, engine, server)
    finally:
        server.kill()
        engine.dispose()


def kill_under_load(killed: Killed, desks: list[Desk], *, kills: int) -> tuple[Load, list[float]]:
    """The load, and for each kill the seconds until an answer was acknowledged again."""
    chance, recoveries = random.Random(7), []
    ways: tuple[Callable[[], None], ...] = (killed.database.kill_postmaster, killed.database.kill_backend)
    with Load(desks) as load:
        for number in range(kills):
            load.wait_for(chance.randint(ANSWERS, 2 * ANSWERS))
            begun = time.monotonic()
            ways[number % len(ways)]()
            if ways[number % len(ways)] == killed.database.kill_postmaster:
                killed.database.start_again()
            load.wait_for(ANSWERS)
            recoveries.append(load.first_gap(begun))
    return load, recoveries


@pytest.mark.slow
@pytest.mark.harden
def test_killing_postgresql_loses_and_doubles_no_acknowledged_answer(killed: Killed) -> None:
    desks = killed.desks(count=LEARNERS)
    load, recoveries = kill_under_load(killed, desks, kills=KILLS)
    lost, doubled, overtaken = killed.compared(desks)
    refused = len(load.refusals())
    print(
        f"\nPostgreSQL: {KILLS} kills of postmaster and backends by turns, {load.acknowledged()} answers acknowledged, "
        f"{lost} lost, {doubled} doubled, {refused} requests told to wait, answers again after "
        f"{statistics.median(recoveries):.1f} s (longest {max(recoveries):.1f} s)"
    )
    assert (lost, doubled, overtaken) == (0, 0, 0)
    assert set(load.refusals()) <= {(503, True)}
    assert killed.server.process is not None
    assert killed.server.process.poll() is None, "the product itself went on"


@pytest.mark.slow
def test_readiness_turns_red_while_the_database_is_gone_and_green_again(killed: Killed) -> None:
    assert (killed.ask("/healthz"), killed.ask("/readyz")) == (200, 200)
    killed.database.kill_postmaster()
    assert (killed.ask("/healthz"), killed.ask("/readyz")) == (200, 503)
    assert killed.ask("/anmelden") in (200, 503)
    killed.database.start_again()
    assert (killed.ask("/healthz"), killed.ask("/readyz")) == (200, 200)


@pytest.mark.slow
def test_a_database_that_acknowledges_before_it_has_written_is_found_out(killed: Killed) -> None:
    """The control: with synchronous_commit off PostgreSQL says yes before the commit is on disk."""
    desks = killed.desks(count=2)
    careless = ("ALTER SYSTEM SET synchronous_commit = off", "ALTER SYSTEM SET wal_writer_delay = '10s'")
    admin = create_engine(killed.database.url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for statement in (*careless, "SELECT pg_reload_conf()"):
            connection.execute(text(statement))
    admin.dispose()
    with Load(desks) as load:
        load.wait_for(2 * ANSWERS)
        killed.database.kill_postmaster()
    killed.database.start_again()
    lost, _doubled, _overtaken = killed.compared(desks)
    print(f"\nPostgreSQL with synchronous_commit off: {lost} answers lost with one kill")
    assert lost > 0

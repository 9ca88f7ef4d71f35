"""The tables of this version: which steps there are, whether a database has them, and how it gets them.

Two processes that start at once migrate once: PostgreSQL by an advisory lock, SQLite by its own. Before a SQLite
database is changed, a copy of it is kept beside it.
"""

import sqlite3
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from learning.database import may_pass, writing

LOCK = 7_142_026
MOST_TRIES = 12  # Both databases wait five seconds for a lock.
PLACE = Path(__file__).resolve().parent / "migrations"


def scripts() -> Config:
    """Alembic's configuration without a file of its own."""
    config = Config()
    config.set_main_option("script_location", str(PLACE))
    config.set_main_option("path_separator", "os")
    return config


def newest_step() -> str | None:
    """The step that a current database has reached."""
    return ScriptDirectory.from_config(scripts()).get_current_head()


def reached_step(connection: Connection) -> str | None:
    """The step that this database has reached, None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def is_current(engine: Engine) -> bool:
    """True if the database has the tables of this version."""
    with engine.connect() as connection:
        return reached_step(connection) == newest_step()


def migrate(engine: Engine) -> Path | None:
    """Bring the database to this version; answers the copy made of a SQLite database, None where there was no need.

    All steps are one transaction: who is interrupted leaves the database as it was. Who comes second waits, a minute
    at most, and finds nothing to do.
    """
    for tries_left in reversed(range(MOST_TRIES)):
        try:
            return _migrate(engine)
        except OperationalError as error:
            if not tries_left or not may_pass(error):
                raise
    raise AssertionError("every try returns or raises")


def _migrate(engine: Engine) -> Path | None:
    copied = None
    place = sqlite_place(engine)  # Before the connection, which makes the file.
    with writing(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL lock_timeout = '5s'"))
            connection.execute(text("SET LOCAL statement_timeout = '0'"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        if reached_step(connection) == newest_step():
            return None
        # Under the lock: a copy made by who had to wait would already be the new version.
        if connection.dialect.name == "sqlite" and place:
            copied = copy_sqlite(place)
        config = scripts()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return copied


def sqlite_place(engine: Engine) -> Path | None:
    """The file of a SQLite database that holds something already."""
    place = Path(engine.url.database or "")
    return place if place.is_file() and place.stat().st_size else None


def copy_sqlite(place: Path) -> Path:
    """A consistent copy beside the database, named after the step it was made before; an older one is replaced."""
    copied = place.with_name(f"{place.name}.before-{newest_step()}")
    with sqlite3.connect(place) as source, sqlite3.connect(copied) as target:
        source.backup(target)
    source.close()
    target.close()
    return copied

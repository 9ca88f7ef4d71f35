"""The database: base class and column types of all models, the engine, and how a unit of work begins and ends.

Both databases behave alike above this module. Features define their own models; this one knows none of them.
"""

import datetime
import functools
import sqlite3
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from inspect import iscoroutinefunction
from typing import Annotated, Any, ClassVar, ParamSpec, TypeVar

from flask import Flask
from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy import (
    JSON,
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    String,
    Uuid,
    create_engine,
    event,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column
from sqlalchemy.sql.dml import ReturningInsert
from sqlalchemy.types import TypeDecorator

Answer = TypeVar("Answer")
Arguments = ParamSpec("Arguments")

MOST_TRIES = 3
# Serialization failure, deadlock, lock not available in time: the same work may succeed when it is done again.
PASSING_STATES = frozenset({"40001", "40P01", "55P03"})
# Compiling plans (jit) takes longer than any of our statements that it is tried with.
POSTGRESQL_LIMITS = (
    "-c lock_timeout=3000 -c statement_timeout=15000 -c idle_in_transaction_session_timeout=30000"
    " -c timezone=UTC -c jit=off"
)
SHARES = 100_000  # Of one, in an Amount.
SQLITE_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000")

# Marks one connection, never a thread: what else is read meanwhile, an expired object of another session for instance,
# must not take SQLite's only lock of a writer.
WRITES = {"impuls_writes": True}
# Requests read without a transaction: beginning and ending one are two messages to the server, and after a ROLLBACK the
# driver forgets its prepared statements, so that every page would be parsed and planned anew. Each statement sees one
# moment either way. SQLite needs its transactions, which cost nothing, to see one moment in all of them.
IN_TRANSACTION = {"isolation_level": "READ COMMITTED"}
WITHOUT_TRANSACTION = {"isolation_level": "AUTOCOMMIT"}

db = SQLAlchemy(session_options={"expire_on_commit": False})


class Unavailable(Exception):
    """The database could not take the work, although it was tried again; nothing of it was written."""


NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcMoment(TypeDecorator[datetime.datetime]):
    """An aware moment, stored in UTC; SQLite keeps no zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime.datetime | None, dialect: Dialect) -> datetime.datetime | None:
        """Refuse naive moments: they would silently mean something else on another machine."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(datetime.UTC)

    def process_result_value(self, value: datetime.datetime | None, dialect: Dialect) -> datetime.datetime | None:
        """The moment as written, aware."""
        if value is None or value.tzinfo is not None:
            return None if value is None else value.astimezone(datetime.UTC)
        return value.replace(tzinfo=datetime.UTC)


class Amount(TypeDecorator[Decimal]):
    """A number with five decimals, stored as a whole one: sums stay exact on both databases."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """Five decimals, the rest rounded."""
        return None if value is None else int((Decimal(value) * SHARES).to_integral_value())

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        """The number as it was written."""
        return None if value is None else Decimal(value) / SHARES


Key = Annotated[int, mapped_column(primary_key=True)]
PublicId = Annotated[uuid.UUID, mapped_column(Uuid, unique=True, default=uuid.uuid4)]
Moment = Annotated[datetime.datetime, mapped_column(UtcMoment)]
Digest = Annotated[str, mapped_column(String(64))]
Name = Annotated[str, mapped_column(String(200))]
Code = Annotated[str, mapped_column(String(64))]
Plain = Annotated[Mapping[str, Any], mapped_column(JSON)]
PlainList = Annotated[list[Any], mapped_column(JSON)]


class Model(DeclarativeBase):
    """Base of all models. Relationships are not loaded behind a query's back; queries select what a page needs."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime.datetime: UtcMoment, uuid.UUID: Uuid}


def engine_options(url: str) -> dict[str, Any]:
    """How engines for `url` are made; the same for the web, for commands and for tests."""
    # What people typed is a parameter of statements; an error that is logged must not carry it.
    options = {"url": url, "hide_parameters": True}
    if url.startswith("sqlite"):
        return {**options, "connect_args": {"timeout": 5.0}}
    limits = {"options": POSTGRESQL_LIMITS, "connect_timeout": 5}
    return {**options, "pool_pre_ping": True, "pool_timeout": 10, "connect_args": limits}


def make_engine(url: str) -> Engine:
    """An engine for a command or a job; the web makes its own from the same options."""
    options = engine_options(url)
    return prepare_engine(create_engine(options.pop("url"), **options))


def prepare_engine(engine: Engine) -> Engine:
    """Let transactions of SQLite begin where we say so: BEGIN to read, BEGIN IMMEDIATE to write."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _open_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _open_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # The driver would begin transactions by itself, later than the first read.
    for pragma in SQLITE_PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    is_writing = connection.get_execution_options().get("impuls_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")


def writing_options(dialect: str) -> dict[str, Any]:
    """What a connection is told that is going to write: SQLite takes its lock before the first read."""
    return {**WRITES, **(IN_TRANSACTION if dialect == "postgresql" else {})}


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A connection in a transaction that is going to write."""
    with engine.connect().execution_options(**writing_options(engine.dialect.name)) as connection, connection.begin():
        yield connection


@contextmanager
def reading_bit_by_bit(engine: Engine, *, rows: int) -> Iterator[Connection]:
    """A connection that hands out results in portions of so many rows; none is ever held as a whole."""
    options = IN_TRANSACTION if engine.dialect.name == "postgresql" else {}
    with engine.connect().execution_options(**options, yield_per=rows) as connection:
        yield connection


def open_database(app: Flask, url: str) -> None:
    """Give `app` its database; `db.session` lives as long as a request."""
    reading = WITHOUT_TRANSACTION if url.startswith("postgresql") else {}
    app.config["SQLALCHEMY_ENGINES"] = {"default": {**engine_options(url), **reading}}
    db.init_app(app)
    # The extension closes asynchronous sessions as well. There are none, and it would start a thread for each request.
    app.teardown_appcontext_funcs[:] = [one for one in app.teardown_appcontext_funcs if not iscoroutinefunction(one)]
    app.teardown_appcontext(_let_go)  # Called before the extension's own, which would raise where a connection broke.
    with app.app_context():
        prepare_engine(db.engine)


def _let_go(_error: BaseException | None) -> None:
    try:
        db.session.close()
    except DBAPIError:
        db.session.invalidate()


def writes(view: Callable[Arguments, Answer]) -> Callable[Arguments, Answer]:
    """Make a view one unit of work: committed when it answers, undone when it raises, done again where it helps."""

    @functools.wraps(view)
    def in_one_transaction(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Answer:
        return unit_of_work(db.session, lambda _session: view(*args, **kwargs))

    return in_one_transaction


def work(engine_or_app: Engine | Flask, function: Callable[[Session], Answer]) -> Answer:
    """`function` as one unit of work outside a request: a command, a job, a test."""
    if isinstance(engine_or_app, Flask):
        with engine_or_app.app_context():
            return unit_of_work(db.session, function)
    with Session(engine_or_app, expire_on_commit=False) as session:
        return unit_of_work(session, function)


def unit_of_work(session: Session, function: Callable[[Session], Answer]) -> Answer:
    """Call `function` in one writing transaction and commit. What fails in passing is done again as a whole.

    A lost connection leaves open whether the commit happened; keys of requests make doing it again safe. Raises
    Unavailable when the last try failed in passing as well.
    """
    for tries_left in reversed(range(MOST_TRIES)):
        _undo(session)  # Whatever was read before is not part of this unit.
        try:
            session.connection(execution_options=writing_options(session.get_bind().dialect.name))  # Begins it.
            answer = function(session)
            session.commit()
            return answer
        except DBAPIError as error:
            _undo(session)
            if not may_pass(error):
                raise
            if not tries_left:
                raise Unavailable(str(error.orig)) from error
        except BaseException:
            _undo(session)
            raise
    raise AssertionError("every try returns or raises")


def _undo(session: Session) -> None:
    """Roll back; where the connection is gone the database has done so already."""
    try:
        session.rollback()
    except DBAPIError:
        session.invalidate()


def is_out_of_reach(error: Exception) -> bool:
    """True where the database could not be asked, or not now: nobody's mistake, and worth another try in a moment."""
    match error:
        case Unavailable() | OperationalError() | InterfaceError() | NoConnectionLeft():
            return True
        case DBAPIError():
            return error.connection_invalidated
        case _:
            return False


def may_pass(error: DBAPIError) -> bool:
    """True for failures that are nobody's mistake: doing the same work again may succeed."""
    if error.connection_invalidated or getattr(error.orig, "sqlstate", None) in PASSING_STATES:
        return True
    return isinstance(error, OperationalError) and "database is locked" in str(error.orig)


def upsert(
    session: Session,
    model: type[Model],
    values: Mapping[str, Any] | Sequence[Mapping[str, Any]],
    *,
    unique: Sequence[str],
    change: Sequence[str] = (),
) -> int:
    """Insert rows, or where the columns `unique` meet an existing row, take over the columns `change` (none: keep it).

    Answers the number of rows written: a row that was there and is kept counts 0.
    """
    statement = _upsert(session.get_bind().dialect.name, model, tuple(unique), tuple(change))
    if isinstance(values, Mapping):
        return len(session.execute(statement, values).all())
    return len(session.execute(statement.values(values)).all())


@functools.cache
def _upsert(
    dialect: str, model: type[Model], unique: tuple[str, ...], change: tuple[str, ...]
) -> ReturningInsert[*tuple[Any, ...]]:
    """Made once for each use: putting it together takes longer than running it."""
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    table = model.metadata.tables[model.__tablename__]
    statement = insert(table)
    if change:
        statement = statement.on_conflict_do_update(
            index_elements=list(unique), set_={name: statement.excluded[name] for name in change}
        )
    else:
        statement = statement.on_conflict_do_nothing(index_elements=list(unique))
    # The number of affected rows is not told the same way by both drivers; returned rows are.
    return statement.returning(*(table.c[name] for name in unique))

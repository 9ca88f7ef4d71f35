"""Units of work on both databases: committed as a whole, undone as a whole, done again where that may help."""

import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask, template_rendered
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, inspect, select, text, update
from sqlalchemy.exc import IntegrityError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from sqlalchemy.orm import Session

from learning import tables
from learning.database import Unavailable, db, unit_of_work, upsert, work
from learning.people.models import Person, Throttle, Unit
from tests import factories
from tests.learning.conftest import SignIn


def is_ours(_object: object, name: str | None, *_: object) -> bool:
    """The queue of jobs makes tables of its own (docs/decisions/0007-jobs-and-letters.md)."""
    return not (name or "").startswith("huey_")


def test_the_migrations_make_exactly_the_tables_of_the_models(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": is_ours})
        assert compare_metadata(context, tables.METADATA) == [], "run python deploy/first_steps.py"
        made = inspect(connection)
        for name, table in tables.METADATA.tables.items():
            keys = {(*key["constrained_columns"], key["referred_table"]) for key in made.get_foreign_keys(name)}
            assert keys == {(key.parent.name, key.column.table.name) for key in table.foreign_keys}, name


def test_a_unit_of_work_that_raises_leaves_nothing_behind(app: Flask, session: Session, engine: Engine) -> None:
    def half(one: Session) -> None:
        factories.accounts.add_unit(one, "OE-halb", "Halb")
        raise RuntimeError

    for way in (engine, app):
        with pytest.raises(RuntimeError):
            work(way, half)
    assert session.execute(select(func.count()).select_from(Unit)).scalar() == 0


def test_what_fails_in_passing_is_done_again_as_a_whole(app: Flask, session: Session, engine: Engine) -> None:
    tries: list[int] = []

    def twice(one: Session) -> None:
        factories.accounts.add_unit(one, "OE-neu", "Neu")
        tries.append(1)
        if len(tries) < 3:
            raise OperationalError("", {}, Exception("database is locked"))

    work(engine, twice)
    assert len(tries) == 3
    assert session.execute(select(func.count()).select_from(Unit)).scalar() == 1


def test_after_three_tries_the_database_counts_as_unavailable(app: Flask, engine: Engine) -> None:
    tries: list[int] = []

    def never(one: Session) -> None:
        tries.append(1)
        raise OperationalError("", {}, Exception("database is locked"))

    with pytest.raises(Unavailable):
        work(engine, never)
    assert len(tries) == 3


def test_a_broken_rule_is_not_tried_again(app: Flask, engine: Engine) -> None:
    tries: list[int] = []

    def broken(one: Session) -> None:
        tries.append(1)
        one.execute(text("INSERT INTO unit (key) VALUES (1)"))

    with pytest.raises(IntegrityError):
        work(engine, broken)
    assert len(tries) == 1


def break_connections(engine: Engine) -> None:
    """End all other connections of the database as its administrator would; SQLite has none."""
    if engine.dialect.name == "postgresql":
        own = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
        with engine.connect() as connection:
            connection.execute(text(f"{own} AND pid <> pg_backend_pid()"))


def test_a_unit_of_work_begins_anew_where_the_connection_broke_before_it(app: Flask, engine: Engine) -> None:
    with Session(engine) as session:
        session.execute(select(func.count()).select_from(Unit))
        break_connections(engine)
        unit_of_work(session, lambda one: factories.accounts.add_unit(one, "OE-neu", "Neu"))
        assert session.execute(select(func.count()).select_from(Unit)).scalar() == 1


def test_a_unit_of_work_is_done_again_where_the_connection_breaks_in_it(app: Flask, engine: Engine) -> None:
    tries: list[int] = []

    def write(one: Session) -> None:
        factories.accounts.add_unit(one, "OE-neu", "Neu")
        one.flush()
        tries.append(1)
        if len(tries) == 1:
            break_connections(engine)

    with Session(engine) as session:
        unit_of_work(session, write)
        assert len(tries) == (2 if engine.dialect.name == "postgresql" else 1)
        assert session.execute(select(func.count()).select_from(Unit)).scalar() == 1


def test_a_connection_that_breaks_after_a_page_was_made_harms_nobody(
    client: FlaskClient, session: Session, engine: Engine, sign_in: SignIn
) -> None:
    sign_in(client, factories.person(session))
    with template_rendered.connected_to(lambda *_, **__: break_connections(engine)):
        assert client.get("/konto").status_code == 200
    assert client.get("/konto").status_code == 200


FAILURES = (
    (OperationalError("SELECT", {}, Exception("gone")), 503),
    (InterfaceError("SELECT", {}, Exception("closed")), 503),
    (InternalError("SELECT", {}, Exception("idle for too long"), connection_invalidated=True), 503),
    (NoConnectionLeft("all in use"), 503),
    (Unavailable("three tries"), 503),
    (InternalError("SELECT", {}, Exception("something else")), 500),
    (IntegrityError("INSERT", {}, Exception("twice")), 500),
)


@pytest.mark.parametrize(("failure", "status"), FAILURES, ids=[type(each).__name__ for each, _ in FAILURES])
def test_a_database_out_of_reach_is_told_as_a_moment_to_wait(
    app: Flask,
    client: FlaskClient,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    failure: Exception,
    status: int,
) -> None:
    def broken() -> str:
        raise failure

    broken.access = app.view_functions["people.sign_in"].access  # type: ignore[attr-defined]  # a view declares it
    monkeypatch.setitem(app.view_functions, "people.sign_in", broken)
    response = client.get("/anmelden")
    assert response.status_code == status
    assert response.headers.get("Retry-After") == ("5" if status == 503 else None)
    assert ("Traceback" in caplog.text) is (status == 500), "a database that is away fills no logs with traces"


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_pages_are_read_by_statements_that_stay_prepared(
    app: Flask, client: FlaskClient, session: Session, sign_in: SignIn
) -> None:
    """The driver of PostgreSQL forgets them all with the ROLLBACK that ends a transaction of reading."""
    sign_in(client, factories.person(session))
    for _ in range(7):
        assert client.get("/katalog").status_code == 200
    with app.app_context():
        kept = db.session.scalars(text("SELECT statement FROM pg_prepared_statements")).all()
    assert [one for one in kept if "session.token_hash" in one] != []


def test_what_people_typed_is_not_in_the_text_of_an_error(app: Flask, session: Session, engine: Engine) -> None:
    typed = "Das soll niemand im Protokoll lesen"
    with pytest.raises(IntegrityError) as error:
        session.execute(text("INSERT INTO unit (key, name) VALUES (1, :name)"), {"name": typed})
    assert typed not in str(error.value).partition("DETAIL")[0]
    session.rollback()


def test_read_then_write_of_many_threads_loses_nothing(app: Flask, session: Session, engine: Engine) -> None:
    person = factories.person(session, "Miriam Sander")

    def count_up(one: Session) -> None:
        version = one.execute(
            select(Person.role_version).where(Person.key == person.key).with_for_update()
        ).scalar_one()
        one.execute(update(Person).where(Person.key == person.key).values(role_version=version + 1))

    threads = [threading.Thread(target=lambda: [work(engine, count_up) for _ in range(10)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    session.rollback()
    assert session.execute(select(Person.role_version)).scalar_one() == 40


def test_upsert_keeps_or_changes_what_is_there(session: Session) -> None:
    row = {"subject": "a", "tries": 1, "first_at": factories.NOW, "next_at": factories.NOW}
    assert upsert(session, Throttle, row, unique=("subject",)) == 1
    assert upsert(session, Throttle, {**row, "tries": 2}, unique=("subject",)) == 0
    assert session.execute(select(Throttle.tries)).scalar_one() == 1
    assert upsert(session, Throttle, {**row, "tries": 3}, unique=("subject",), change=("tries",)) == 1
    assert session.execute(select(Throttle.tries)).scalar_one() == 3


def test_sqlite_is_told_to_be_careful(engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        with engine.connect() as connection:
            assert connection.execute(text("SHOW lock_timeout")).scalar() == "3s"
            assert connection.execute(text("SHOW statement_timeout")).scalar() == "15s"
        return
    with engine.connect() as connection:
        wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}
        assert {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in wanted} == wanted


def test_reading_for_another_session_inside_a_unit_of_work_takes_no_lock_of_a_writer(
    app: Flask, session: Session, engine: Engine
) -> None:
    unit = factories.unit(session, "Leistung")
    session.expire(unit)

    def write(one: Session) -> None:
        one.add(Throttle(subject=unit.name, tries=1, first_at=factories.NOW, next_at=factories.NOW))

    work(engine, write)  # It reads the expired name in the other session and then writes in its own.
    assert session.in_transaction()
    assert work(engine, lambda one: one.scalars(select(Throttle.subject)).one()) == "Leistung"

"""Errors of the database reach the log without the values of the row that they are about, whoever logs them."""

import logging
import sqlite3
import threading
import traceback
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, Insert, cast, create_engine, insert, literal, select, text, types
from sqlalchemy.exc import IntegrityError, PendingRollbackError, SQLAlchemyError
from sqlalchemy.orm import Session

from learning import cli
from learning.database import db
from learning.database_errors import without_values
from learning.jobs import Job
from learning.people.models import Person
from tests import factories
from tests.learning.test_jobs import PATIENCE, made, never

MARK = "Eichelhäher4711"
TOKEN = "Zaunkönig0815"  # stands in an address as the token of a link does


def row(unit_key: int, **values: object) -> Insert:
    """The statement for a person."""
    given = {"hr_key": MARK, "given_name": "Ada", "family_name": "Amsel", "name_key": "amsel", "mail": "a@b.example"}
    return insert(Person).values(unit_key=unit_key, **{**given, **values})


def repeated_number(session: Session) -> None:
    """DETAIL: Key (hr_key)=(…) already exists."""
    unit = factories.unit(session)
    session.execute(row(unit.key))
    session.execute(row(unit.key))


def missing_name(session: Session) -> None:
    """DETAIL: Failing row contains (…)."""
    session.execute(row(factories.unit(session).key, given_name=None))


def unknown_language(session: Session) -> None:
    """The same for a constraint of ours, in the statement of a flush."""
    unit = factories.unit(session)
    session.add(
        Person(hr_key="P", given_name="Ada", family_name=MARK, name_key="x", mail="", unit_key=unit.key, language="xx")
    )
    session.flush()


def no_number(session: Session) -> None:
    """PostgreSQL quotes what it cannot read. SQLite reads any text as a number, so there a function is missing."""
    if session.get_bind().dialect.name == "postgresql":
        session.scalar(select(cast(literal(f'{MARK}\n"{MARK}', types.Text), types.Integer)))
    session.execute(text("SELECT no_function(:mark)"), {"mark": MARK})


def asked_once_more(session: Session) -> None:
    """The session repeats the text of the first error."""
    try:
        unknown_language(session)
    except SQLAlchemyError:
        session.execute(select(Person.key))


MISTAKES = [repeated_number, missing_name, unknown_language, no_number, asked_once_more]
Mistake = Callable[[Session], None]


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """All that was logged, as any handler could write it."""
    lines = []
    for record in caplog.records:
        lines += [record.getMessage(), repr(vars(record))]
        if record.exc_info:
            lines += traceback.format_exception(*record.exc_info)
    return "\n".join(lines)


def raised(mistake: Mistake, session: Session) -> SQLAlchemyError:
    with pytest.raises(SQLAlchemyError) as caught:
        mistake(session)
    return caught.value


@pytest.mark.parametrize("mistake", MISTAKES)
def test_an_error_keeps_its_kind_and_loses_its_values(app: Flask, session: Session, mistake: Mistake) -> None:
    error = raised(mistake, session)
    told = "".join(traceback.format_exception(error))
    if session.get_bind().dialect.name == "postgresql":
        assert MARK in told, "the mistake shows nothing that could be hidden"
    without_values(error)
    kept = "".join(traceback.format_exception(error)) + repr(error) + repr(error.__cause__) + repr(error.__context__)
    assert MARK not in kept
    assert "DETAIL" not in kept
    assert "[parameters: " not in kept
    # Enough is left to find the mistake.
    assert type(error).__name__ in kept
    assert mistake.__name__ in kept
    assert isinstance(error, PendingRollbackError) or "[SQL: " in kept


def test_without_our_options_a_statement_would_show_its_parameters(engine: Engine, app: Flask) -> None:
    """What the tests look for would be found: the same statement, by an engine that hides nothing."""
    plain = create_engine(engine.url)
    with plain.connect() as connection, pytest.raises(SQLAlchemyError, match=MARK):
        connection.execute(row(-1, given_name=None))
    plain.dispose()


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_page_that_fails_logs_no_value(
    app: Flask, client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture, mistake: Mistake,
) -> None:  # fmt: skip
    def fail(token: str) -> str:
        mistake(db.session)
        raise AssertionError("the mistake is none")

    fail.access = app.view_functions["people.invitation"].access  # type: ignore[attr-defined]  # as markers do
    monkeypatch.setitem(app.view_functions, "people.invitation", fail)
    answer = client.get(f"/einladung/{TOKEN}")
    assert answer.status_code in (500, 503)
    assert MARK not in answer.text
    found = logged(caplog)
    assert answer.headers["X-Request-Id"] in found
    assert not [word for word in (MARK, TOKEN, "DETAIL", "[parameters: ") if word in found]
    if answer.status_code == 500:
        assert "/einladung/<token>" in found
        assert mistake.__name__ in found


def test_a_job_that_fails_logs_no_value(
    app: Flask, engine: Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ended = threading.Event()

    def fail(_app: Flask, _now: object) -> dict[str, int]:
        repeated_number(db.session)
        return {}

    class Ended(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            ended.set()

    jobs, handler = made(app, engine, tmp_path, Job("fail", fail, never)), Ended(level=logging.ERROR)
    logging.getLogger("huey").addHandler(handler)
    worker = jobs.worker()
    worker.start()
    try:
        assert ended.wait(timeout=PATIENCE), "nothing was logged"
    finally:
        worker.stop(graceful=True)
        jobs.close()
        logging.getLogger("huey").removeHandler(handler)
    found = logged(caplog)
    assert "IntegrityError" in found
    assert MARK not in found


@click.command()
def failing() -> None:
    raise IntegrityError("INSERT INTO person", {}, sqlite3.IntegrityError(f"refused\nDETAIL: Key (hr_key)=({MARK})"))


def test_a_command_that_fails_leaves_no_value_on_the_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(cli.COMMANDS, "failing", f"{__name__}:failing")
    error = CliRunner().invoke(cli.main, ["failing"]).exception
    assert isinstance(error, IntegrityError)
    assert "".join(traceback.format_exception(error)).splitlines()[-3].endswith("(sqlite3.IntegrityError) refused")
    assert MARK not in "".join(traceback.format_exception(error))

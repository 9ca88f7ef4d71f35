"""The product on both databases and the preview of the sample courses, for tests that need no browser.

`app`, `client`, `session`, `sign_in` run twice, on SQLite and on PostgreSQL (`-k sqlite` for one). Each test begins
with empty tables; commits are real.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine, event, make_url, text
from sqlalchemy.orm import Session

from learning import clock, tables
from learning.app import create_app
from learning.database import db, make_engine, work
from learning.people.models import Person
from learning.people.sessions import Method, begin_session
from learning.preview.application import create_preview_app
from learning.schema import migrate
from learning.settings import Encryption, MailSettings, PreviewSettings, ProductSettings
from learning.workshop import Workshop
from tests.pages import SAMPLES


@pytest.fixture(scope="session")
def workshop() -> Iterator[Workshop]:
    with Workshop(processes=1) as workshop:
        yield workshop


@pytest.fixture(scope="session")
def preview_app(workshop: Workshop) -> Flask:
    return create_preview_app(PreviewSettings(SAMPLES, language="de"), workshop)


@pytest.fixture
def preview_client(preview_app: Flask) -> FlaskClient:
    return preview_app.test_client()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Address of the one database of its kind in this test run; files of tests take turns with it."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path_factory.getbasetemp() / 'impuls.sqlite'}"
    server: str = request.getfixturevalue("postgres").replace("postgresql://", "postgresql+psycopg://", 1)
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        # The fixture is made anew whenever the files change from one kind of database to the other and back.
        if connection.scalar(text("SELECT 1 FROM pg_database WHERE datname = 'impuls_product'")) is None:
            connection.execute(text("CREATE DATABASE impuls_product"))
    engine.dispose()
    return make_url(server).set(database="impuls_product").render_as_string(hide_password=False)


@contextmanager
def product_with(settings: ProductSettings) -> Iterator[Flask]:
    """The application with settings of its own; it leaves no connection open."""
    made = create_app(settings)
    yield made
    made.extensions["impuls-jobs"].close()
    with made.app_context():
        db.engine.dispose()


@dataclass(frozen=True)
class Built:
    """The product on one database; `engine` stands beside the application's own connections."""

    settings: ProductSettings
    engine: Engine
    app: Flask


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Built]]:
    """Builds the product on a database once: files go from one kind to the other and back."""
    with ExitStack() as opened:

        @cache
        def built(url: str) -> Built:
            settings = ProductSettings(
                data=tmp_path_factory.mktemp("data"),
                database_url=url,
                secrets=("nur für Tests, lang genug für jede Prüfung",),
                public_url="http://localhost",
                authority="Jobcenter Musterkreis",
                language="de",
                # Nobody answers there; tests of mail start a server of their own.
                mail=MailSettings("127.0.0.1", 1, "impuls@impuls.example", Encryption.NONE),
            )
            engine = make_engine(url)
            opened.callback(engine.dispose)
            migrate(engine)
            return Built(settings, engine, opened.enter_context(product_with(settings)))

        yield built


@pytest.fixture(scope="session")
def product_settings(build: Callable[[str], Built], database_url: str) -> ProductSettings:
    return build(database_url).settings


@pytest.fixture(scope="session")
def engine(build: Callable[[str], Built], database_url: str) -> Engine:
    """The migrated database, beside the application's own connections."""
    return build(database_url).engine


@pytest.fixture(scope="session")
def product(build: Callable[[str], Built], database_url: str) -> Flask:
    """The application, made once for each database."""
    return build(database_url).app


def empty_tables(engine: Engine) -> None:
    """Delete all rows, whatever refers to what."""
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        for name in tables.METADATA.tables:
            connection.execute(text(f'DELETE FROM "{name}"'))


@pytest.fixture
def app(product: Flask, engine: Engine) -> Iterator[Flask]:
    """The product with empty tables."""
    yield product
    empty_tables(engine)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that nobody has signed in with."""
    return app.test_client()


@pytest.fixture
def session(app: Flask, engine: Engine) -> Iterator[Session]:
    """A session to prepare and to look: commit what the application is to see; what is left open is undone."""
    with Session(engine, expire_on_commit=False) as session:
        yield session


SignIn = Callable[[FlaskClient, Person], None]


@pytest.fixture
def sign_in(app: Flask, engine: Engine) -> SignIn:
    """Signs a browser in as a person, without the page and its slow hash: `sign_in(client, person)`."""

    def sign_in_as(client: FlaskClient, person: Person) -> None:
        begun = work(
            engine, lambda one: begin_session(one, person.key, method=Method.PASSWORD, now=clock.now(), hours=10)
        )
        with client.session_transaction() as cookie:
            cookie.clear()
            cookie["token"] = begun.token
            cookie["seen"] = int(clock.now().timestamp()) // 60

    return sign_in_as


class QueryCount:
    """Statements that ran inside `with query_count:`, without the beginning and end of transactions."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.statements: list[str] = []

    def __enter__(self) -> "QueryCount":
        self.statements.clear()
        event.listen(self._engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(self._engine, "before_cursor_execute", self._note)

    def _note(self, _c: object, _cursor: object, statement: str, _p: object, _x: object, _many: object) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")):
            self.statements.append(statement)

    def __int__(self) -> int:
        return len(self.statements)

    def __eq__(self, other: object) -> bool:
        return len(self.statements) == other

    def __le__(self, other: int) -> bool:
        return len(self.statements) <= other

    def __repr__(self) -> str:
        return f"{len(self.statements)} queries:\n" + "\n".join(self.statements)

    __hash__ = None  # type: ignore[assignment]  # two counts are compared, never kept in sets


@pytest.fixture
def query_count(app: Flask) -> QueryCount:
    """Counts the application's queries: `with query_count: client.get(…)`, then `assert query_count == 3`."""
    with app.app_context():
        return QueryCount(db.engine)


@pytest.fixture
def _push_request_context() -> None:
    """A well-known plug-in would keep one context open, so that requests of a test share who is signed in."""

"""A running authority for tests that look at every page: the product on a port of its own, and who is signed in.

What it is filled with stands in furnishing.py.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from waitress.server import create_server

from learning import clock
from learning.access import public
from learning.app import create_app
from learning.database import db, make_engine, work
from learning.people.links import Purpose, make_link
from learning.people.models import Person, Unit
from learning.people.roles import Role
from learning.people.sessions import Method, begin_session
from learning.schema import migrate
from learning.settings import ProductSettings
from tests import factories

Answer = TypeVar("Answer")


@dataclass
class Authority:
    """Where the product answers, the cookies of people by what they are here for, and what addresses name."""

    address: str
    app: Flask
    cookies: dict[str, str] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)


def aside(function: Callable[[], Answer]) -> Answer:
    """In a thread of its own: the browser's driver keeps an event loop in this one, which Flask's context refuses."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(function).result()


@contextmanager
def running(folder: Path, furnish: Callable[["Furnisher"], None], **more: object) -> Iterator[Authority]:
    """The product with its own database in `folder`, on a port of its own, until the block ends; `more` is settings."""
    engine = make_engine(f"sqlite:///{folder / 'impuls.sqlite'}")
    authority = aside(lambda: opened(folder, engine, furnish, more))
    server = create_server(authority.app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    authority.address = f"http://127.0.0.1:{server.effective_port}"
    yield authority
    server.close()
    thread.join(timeout=10)
    aside(lambda: close(authority.app))
    engine.dispose()


def opened(folder: Path, engine: Engine, furnish: Callable[["Furnisher"], None], more: Mapping[str, Any]) -> Authority:
    """A migrated database and the application over it, with an address that fails as it is asked to."""
    migrate(engine)
    settings = ProductSettings(
        data=folder,
        database_url=engine.url.render_as_string(),
        secrets=("nur für Tests, lang genug für jede Prüfung",),
        public_url="http://127.0.0.1",
        authority="Jobcenter Musterkreis",
        language="de",
        **more,
    )
    app = create_app(settings)
    app.add_url_rule("/fehler/<int:status>", "failing", fail)
    authority = Authority("", app)
    with Session(engine, expire_on_commit=False) as session:
        furnish(Furnisher(folder, engine, session, authority))
    return authority


@public
def fail(status: int) -> NoReturn:
    """Answer with this status, whatever it is."""
    abort(status)


def close(app: Flask) -> None:
    with app.app_context():
        db.engine.dispose()


@dataclass
class Furnisher:
    """Puts people and what they did into an authority."""

    folder: Path
    engine: Engine
    session: Session
    authority: Authority

    def sign_in(self, place: str, person: Person) -> FlaskClient:
        """A browser of this person; its cookie is kept under `place`."""
        begun = work(
            self.engine,
            lambda one: begin_session(one, person.key, method=Method.PASSWORD, now=clock.now(), hours=10),
        )
        client = self.authority.app.test_client()
        with client.session_transaction() as cookie:
            cookie["token"] = begun.token
            cookie["seen"] = int(clock.now().timestamp()) // 60
        found = client.get_cookie("impuls")
        assert found is not None
        self.authority.cookies[place] = found.value
        return client

    def with_role(self, role: Role, unit: Unit, name: str) -> Person:
        """Somebody who holds this role, on the unit where it needs one."""
        person = factories.person(self.session, name, unit=unit)
        scope = unit if role in (Role.HR, Role.TEAM_LEAD) else None
        factories.grant(self.session, person, role, unit=scope, includes_sub_units=scope is not None)
        self.sign_in(role.value, person)
        return person

    def link(self, person: Person) -> str:
        """A one-time link of this person."""
        token = make_link(self.session, person.key, Purpose.INVITATION, now=clock.now())
        self.session.commit()
        return token

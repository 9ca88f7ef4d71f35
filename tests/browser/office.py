"""The whole product on a port of its own with courses and people, for tests in a real browser."""

import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session
from waitress.server import create_server

from learning import clock
from learning.app import create_app
from learning.database import db, make_engine
from learning.people.models import Person
from learning.people.models import Session as SignIn
from learning.schema import migrate
from learning.settings import ProductSettings
from learning.study.models import AnswerEvent, Attempt, CurrentAnswer, Enrolment
from tests.factories import password, person, published_course

Answer = TypeVar("Answer")
PASSWORD = "ein langes Kennwort für Tests"


@dataclass(frozen=True)
class Office:
    """A running product; `accounts` are the names that people sign in with."""

    address: str
    engine: Engine
    accounts: Mapping[str, str]

    def events(self) -> int:
        with Session(self.engine) as session:
            return session.scalar(select(func.count()).select_from(AnswerEvent)) or 0

    def answered(self) -> int:
        with Session(self.engine) as session:
            values = session.scalars(select(CurrentAnswer.value)).all()
            return len([value for value in values if value])

    def values(self, account: str) -> dict[int, object]:
        """What is committed of a person's answers in tests, by the place of the question."""
        own = select(CurrentAnswer.item, CurrentAnswer.value).join(Attempt, Attempt.key == CurrentAnswer.attempt_key)
        own = own.join(Enrolment, Enrolment.key == Attempt.enrolment_key)
        own = own.join(Person, Person.key == Enrolment.person_key).where(Person.mail == account)
        with Session(self.engine) as session:
            return {item: value for item, value in session.execute(own) if value}

    def end_sessions(self) -> None:
        """Sign everybody out on the server; browsers do not know it yet."""
        with Session(self.engine) as session:
            session.execute(update(SignIn).values(ended_at=clock.now()))
            session.commit()


def aside(function: Callable[[], Answer]) -> Answer:
    """In a thread of its own: the browser's driver keeps an event loop in this one, which Flask's context refuses."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(function).result()


@contextmanager
def open_office(folder: Path, url: str, *, courses: tuple[Path, ...], names: tuple[str, ...]) -> Iterator[Office]:
    """The product with `courses` published and people of these names, on the database at `url`."""
    engine = make_engine(url)
    app, accounts = aside(lambda: furnished(folder, engine, courses, names))
    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield Office(f"http://127.0.0.1:{server.effective_port}", engine, accounts)
    finally:
        server.close()
        thread.join(timeout=10)
        aside(lambda: close(app))
        engine.dispose()


def furnished(
    folder: Path, engine: Engine, courses: tuple[Path, ...], names: tuple[str, ...]
) -> tuple[Flask, dict[str, str]]:
    migrate(engine)
    with Session(engine, expire_on_commit=False) as session:
        for course in courses:
            published_course(session, course)
        accounts = {name: account(session, name) for name in names}
    url = engine.url.render_as_string(hide_password=False)
    secret = "nur für Tests, lang genug für jede Prüfung"
    return create_app(ProductSettings(folder, url, (secret,), "http://127.0.0.1", language="de")), accounts


def close(app: Flask) -> None:
    with app.app_context():
        db.engine.dispose()


def account(session: Session, name: str) -> str:
    made: Person = person(session, name)
    password(session, made, PASSWORD)
    return made.mail or made.hr_key


def sign_in(page: Page, account: str) -> None:
    """Fill in the page to sign in, wherever the browser is."""
    if "/anmelden" not in page.url:
        page.goto("/anmelden")
    page.locator('input[name="name"]').fill(account)
    page.locator('input[name="kennwort"]').fill(PASSWORD)
    page.locator('main button[type="submit"]').first.click()
    page.wait_for_url(lambda url: "anmelden" not in url)

"""A learner with a small course of two lessons and one voluntary lesson, published and ready to be read."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from learning.people.models import Person
from tests import factories
from tests.learning.library.written_courses import QUESTION, write_course
from tests.learning.study import taking
from tests.learning.study.corrected_course import Author, taker
from tests.pages import ORIGIN

TEXT = "\n## Der Fall\n\nEin Text.\n\n## Das Ziel\n\nNoch ein Text.\n"
SECOND = QUESTION.replace("{#frist}", "{#zweite}")


@dataclass
class Learner:
    """A person with a browser of their own."""

    person: Person
    client: FlaskClient

    def token(self) -> str:
        with self.client.session_transaction() as cookie:
            signed = cookie.get("csrf_signed")
        if signed is None:
            self.client.get("/konto")
            with self.client.session_transaction() as cookie:
                signed = cookie["csrf_signed"]
        return str(signed)

    def get(self, address: str) -> str:
        answer = self.client.get(address)
        assert answer.status_code == 200, (answer.status_code, address)
        return answer.text

    def post(self, address: str, **fields: object):
        headers = {**ORIGIN, **fields.pop("headers", {})}
        return self.client.post(address, data={"csrf_token": self.token(), **fields}, headers=headers)

    def answer(self, module: str, question: str, value: str = "0", **fields: object):
        return self.post(f"/kurse/ablauf/{module}/fragen/{question}", **{f"f-{question}": value}, **fields)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path


def write_ablauf(place: Path, *, first: str = TEXT + QUESTION, second: str = TEXT + SECOND) -> Path:
    folder = write_course(place, "ablauf", title="Ein Ablauf", erstes=first, zweites=second, extra=TEXT)
    extra = folder / "03-extra.md"
    extra.write_text(extra.read_text(encoding="utf-8").replace("id: extra\n", "id: extra\noptional: true\n"), "utf-8")
    return folder


@pytest.fixture
def ablauf(session: Session, place: Path) -> Path:
    """The course `ablauf`, first edition: `erstes` and `zweites` with a question each, `extra` voluntary."""
    folder = write_ablauf(place)
    factories.published_course(session, folder)
    return folder


@pytest.fixture
def learner(session: Session, client: FlaskClient, sign_in) -> Learner:
    person = factories.person(session, "Miriam Sander")
    sign_in(client, person)
    return Learner(person, client)


@pytest.fixture
def other_device(app, learner: Learner, sign_in) -> Learner:
    """The same person at another machine."""
    client = app.test_client()
    sign_in(client, learner.person)
    return Learner(learner.person, client)


@pytest.fixture
def author(session: Session, place: Path) -> Author:
    """Has published the course `fristen` with a wrong key."""
    made = Author(session, place)
    made.publish()
    return made


@pytest.fixture
def mira(session: Session, engine: Engine, author: Author) -> taking.Learner:
    """A person enrolled in `fristen`."""
    return taker(session, engine, factories.person(session, "Mira Sander"))


@pytest.fixture
def trainer(session: Session) -> Person:
    """Who orders that results are raised."""
    return factories.person(session, "Tom Trainer", hr_key="T-1")

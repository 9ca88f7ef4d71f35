"""Asks addresses as somebody: one cell after the other, with the object it names and the form it takes."""

import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from flask import Flask, url_for
from flask.testing import FlaskClient

from learning import clock
from learning.people.sessions import Method, begin_session
from tests.learning.access.markers import Relation
from tests.learning.access.world import World
from tests.learning.matrix import ANONYMOUS, Body, Cell
from tests.pages import ORIGIN

# What each request happens inside of, for those who watch.
Around = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and all that the request itself had named."""

    status: int
    text: str
    headers: Mapping[str, str]
    named: str

    @property
    def json(self) -> Any:
        """What a script reads."""
        return json.loads(self.text)

    @property
    def everything(self) -> str:
        """Body and headers."""
        return self.text + "\n" + "\n".join(f"{name}: {value}" for name, value in self.headers.items())


def browser(app: Flask, world: World, looker: str) -> FlaskClient:
    """A fresh browser, signed in as who looks."""
    client = app.test_client()
    if looker != ANONYMOUS:
        world.session.rollback()
        person = world.people[Relation.OWN]
        begun = begin_session(world.session, person.key, method=Method.PASSWORD, now=clock.now(), hours=10)
        world.session.commit()
        with client.session_transaction() as cookie:
            cookie["token"] = begun.token
            cookie["seen"] = int(clock.now().timestamp()) // 60
    return client


def form_token(client: FlaskClient) -> str:
    """The token that forms of this browser carry."""
    return str(client.get("/anmeldung/stand").get_json()["form_token"])


def address_of(app: Flask, cell: Cell) -> str:
    """The address that a cell names."""
    with app.test_request_context():
        return url_for(cell.route.endpoint, **cell.values)


class Visitor:
    """Somebody who asks one cell after the other, in a browser that is replaced when a cell has signed it out."""

    def __init__(self, app: Flask, world: World, looker: str, *, around: Around = nullcontext) -> None:
        self.app, self.world, self.looker, self.around = app, world, looker, around
        self.arrive()

    def arrive(self) -> None:
        """Take a fresh browser."""
        self.client = browser(self.app, self.world, self.looker)
        self.token = form_token(self.client)

    def ask(self, cell: Cell) -> Answer:
        """The answer to a cell."""
        address = address_of(self.app, cell)
        if cell.body is None:
            with self.around():
                answer = self.client.get(address)
            return Answer(answer.status_code, answer.text, answer.headers, address)
        with self.around():
            found = send(self.client, address, cell.body, token=self.token, method=cell.route.method)
        if cell.route.endpoint.startswith("people."):
            self.arrive()
        return found


def send(client: FlaskClient, address: str, body: Body, *, token: str, method: str = "POST") -> Answer:
    """The answer to a form, or to JSON as a script sends it."""
    if body.json is not None:
        headers = {**ORIGIN, "X-CSRFToken": token}
        answer = client.open(address, method=method, json=body.json, headers=headers)
        return Answer(answer.status_code, answer.text, answer.headers, address + json.dumps(body.json))
    form = {"csrf_token": token, **body.form}
    answer = client.open(address, method=method, data=form, headers=ORIGIN)
    return Answer(answer.status_code, answer.text, answer.headers, address + json.dumps(body.form, default=str))

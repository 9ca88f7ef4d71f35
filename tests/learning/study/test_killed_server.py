"""A real server process is killed (SIGKILL) while people answer; what was acknowledged is there afterwards, once.

The ledger is written only after an acknowledgement; then database and ledger are compared.
"""

import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from learning import clock
from learning.database import work
from learning.people.sessions import Method, begin_session
from learning.settings import ProductSettings
from learning.study.models import AnswerEvent, Attempt, CurrentAnswer
from tests.factories import person
from tests.figures import examples
from tests.learning.study.taking import SLUG, TEST, Learner, learner, right_fields

KILLS = examples(5, hardened=50)
LEARNERS = examples(4, hardened=12)
SECRET = "nur für Tests, lang genug für jede Prüfung"
SERVER = """
import sys
from pathlib import Path
from waitress.server import create_server
from learning.app import create_app
from learning.settings import ProductSettings
data, url, secret, port = sys.argv[1:]
app = create_app(ProductSettings(Path(data), url, (secret,), "http://127.0.0.1", language="de"))
server = create_server(app, host="127.0.0.1", port=int(port), threads=4)
print(server.effective_port, flush=True)
server.run()
"""


@dataclass
class Server:
    """A server process at one port, started again after each kill."""

    data: Path
    url: str
    port: int = 0
    process: subprocess.Popen[str] | None = None
    recoveries: list[float] = field(default_factory=list)

    def start(self) -> None:
        command = [sys.executable, "-c", SERVER, str(self.data), self.url, SECRET, str(self.port)]
        begun = time.monotonic()
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path.cwd())
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the server did not start"
        self.port = int(line)
        self.recoveries.append(time.monotonic() - begun)

    def kill(self) -> None:
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture
def server(session: Session, engine: Engine, product_settings: ProductSettings) -> Iterator[Server]:
    made = Server(product_settings.data, product_settings.database_url)
    made.start()
    yield made
    made.kill()


@dataclass
class Desk:
    """A learner with a cookie, and the ledger of what was acknowledged: key, item, value version."""

    learner: Learner
    cookie: str
    port: int
    attempt_id: uuid.UUID | None = None
    token: str = ""
    ledger: list[tuple[str, int, int]] = field(default_factory=list)
    strange: list[int] = field(default_factory=list)

    def ask(self, method: str, address: str, body: str = "", kind: str = "") -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        headers = {"Cookie": self.cookie, "Origin": f"http://127.0.0.1:{self.port}", "X-CSRFToken": self.token}
        if kind:
            headers |= {"Content-Type": kind, "Accept": "application/json"}
        try:
            connection.request(method, address, body.encode(), headers)
            response = connection.getresponse()
            if set_cookie := response.getheader("Set-Cookie"):
                self.cookie = set_cookie.split(";")[0]
            return response.status, response.read().decode()
        finally:
            connection.close()

    def begin(self) -> None:
        start = f"/kurse/{SLUG}/{TEST}/test"
        status, text = self.ask("GET", start)
        found = re.search(r'name="csrf_token" value="([^"]+)"', text)
        assert found, (status, text[:500])
        self.token = found[1]
        form = urlencode({"zu": "1", "nach": "0"})
        status, _ = self.ask("POST", start, form, "application/x-www-form-urlencoded")
        assert status == 303
        self.attempt_id = self.learner.start()

    def answer(self, stop: threading.Event) -> None:
        """Answer without pause as the browser does: a key for each answer, sent again until it is acknowledged."""
        assert self.attempt_id is not None
        fields = right_fields(self.learner.taken(self.attempt_id))
        versions = [0] * len(fields)
        turn = 0
        while not stop.is_set():
            item = turn % len(fields)
            turn += 1
            given = fields[item] if turn % 3 else {}
            key = str(uuid.uuid4())
            body = json.dumps({"key": key, "item": item, "base": versions[item], "fields": given})
            while not stop.is_set():
                with suppress(OSError, HTTPException):
                    status, text = self.ask("POST", f"/versuche/{self.attempt_id}/antworten", body, "application/json")
                    if status == 200:
                        reply = json.loads(text)
                        assert reply["key"] == key
                        versions[item] = reply["version"]
                        self.ledger.append((key, item, reply["version"]))
                        break
                    self.strange.append(status)
                    break
                time.sleep(0.05)


def sealed_cookie(app: object, token: str) -> str:
    """The cookie that a browser with this session would send."""
    from flask import Flask
    from flask.sessions import SecureCookieSessionInterface

    assert isinstance(app, Flask)
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    return "impuls=" + str(signer.dumps({"token": token, "seen": int(clock.now().timestamp()) // 60}))


@pytest.mark.slow
@pytest.mark.harden
def test_killing_the_server_loses_and_doubles_no_acknowledged_answer(
    server: Server, session: Session, engine: Engine, app: object
) -> None:
    desks = []
    for _ in range(LEARNERS):
        own = learner(session, engine, person(session))
        begun = work(
            engine,
            lambda one, key=own.viewer.key: begin_session(one, key, method=Method.PASSWORD, now=clock.now(), hours=10),  # type: ignore[misc]  # bound in the loop
        )
        desks.append(Desk(own, sealed_cookie(app, begun.token), server.port))
    for one in desks:
        one.begin()
    stop = threading.Event()
    threads = [threading.Thread(target=one.answer, args=(stop,)) for one in desks]
    for thread in threads:
        thread.start()
    chance = random.Random(7)
    for _ in range(KILLS):
        stop.wait(chance.uniform(0.5, 1.5))
        server.kill()
        server.start()
    stop.wait(1.0)
    stop.set()
    for thread in threads:
        thread.join()
    lost, doubled, overtaken = compared(session, desks)
    acknowledged = sum(len(one.ledger) for one in desks)
    slowest = max(server.recoveries[1:])
    print(
        f"\n{engine.dialect.name}: {KILLS} kills, {acknowledged} answers acknowledged, {lost} lost, {doubled} doubled, "
        f"started again in at most {slowest:.1f} s"
    )
    assert acknowledged > 20 * KILLS
    assert (lost, doubled, overtaken) == (0, 0, 0)
    assert [status for one in desks for status in one.strange if status != 503] == []


def compared(session: Session, desks: list[Desk]) -> tuple[int, int, int]:
    """Acknowledged answers that are gone, keys or versions stored twice, current answers older than acknowledged."""
    session.rollback()
    lost = doubled = overtaken = 0
    for one in desks:
        key = session.scalars(select(Attempt.key).where(Attempt.id == one.attempt_id)).one()
        stored = session.execute(
            select(AnswerEvent.request_key, AnswerEvent.item, AnswerEvent.version).where(AnswerEvent.attempt_key == key)
        ).all()
        events = {(row.request_key, row.item, row.version) for row in stored}
        lost += len(set(one.ledger) - events)
        doubled += len(stored) - len({row.request_key for row in stored})
        doubled += len(stored) - len({(row.item, row.version) for row in stored})
        current = dict(
            session.execute(
                select(CurrentAnswer.item, CurrentAnswer.version).where(CurrentAnswer.attempt_key == key)
            ).all()
        )
        for _, item, version in one.ledger:
            overtaken += current.get(item, 0) < version
    return lost, doubled, overtaken


def test_the_comparison_sees_what_is_lost_and_what_is_overtaken(session: Session, engine: Engine) -> None:
    own = learner(session, engine, person(session))
    attempt_id = own.start()
    own.save(attempt_id, 0, right_fields(own.taken(attempt_id))[0], key=str(uuid.UUID(int=1)))
    kept, gone = (str(uuid.UUID(int=1)), 0, 1), (str(uuid.UUID(int=2)), 0, 2)
    assert compared(session, [Desk(own, "", 0, attempt_id, ledger=[kept])]) == (0, 0, 0)
    assert compared(session, [Desk(own, "", 0, attempt_id, ledger=[kept, gone])]) == (1, 0, 1)

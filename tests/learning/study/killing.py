"""A server process and people who answer without pause, for tests that kill the one or its database meanwhile.

The ledger of a desk is written only after an acknowledgement; `compared` holds it against the database afterwards.
"""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from learning import clock
from learning.database import work
from learning.people.sessions import Method, begin_session
from learning.study.models import AnswerEvent, Attempt, CurrentAnswer
from tests.factories import person
from tests.learning.study.taking import SLUG, TEST, Learner, learner, right_fields

LONGEST_WAIT = 120.0
SECRET = "nur für Tests, lang genug für jede Prüfung"
SERVER = """
import sys
from pathlib import Path
from waitress.server import create_server
from learning.app import create_app
from learning.settings import ProductSettings
data, url, secret, port = sys.argv[1:]
app = create_app(ProductSettings(Path(data), url, (secret,), "http://127.0.0.1", language="de"))
{seam}
server = create_server(app, host="127.0.0.1", port=int(port), threads=4)
print(server.effective_port, flush=True)
server.run()
"""
# The control: everything is acknowledged half a second before it is committed.
ACKNOWLEDGES_TOO_EARLY = """
import threading
from sqlalchemy import event
from learning.database import db
pending = set()
def raw(connection):
    return getattr(connection, "dbapi_connection", connection)
def commit_later(connection):
    own = raw(connection)
    def commit():
        pending.discard(own)
        own.commit()
    if own not in pending:
        pending.add(own)
        threading.Timer(0.5, commit).start()
with app.app_context():
    engine = db.engine
engine.pool._pre_ping = False
engine.dialect.do_commit = commit_later
engine.dialect.do_rollback = lambda connection: None if raw(connection) in pending else raw(connection).rollback()
if engine.dialect.name == "postgresql":
    # All is read in transactions here: a connection whose commit is still to come cannot leave its own.
    engine.dispose()
    def stay(connection, _level):
        own = raw(connection)
        if own not in pending and own.autocommit:
            own.autocommit = False
    engine.dialect.set_isolation_level = stay
if engine.dialect.name == "sqlite":
    from learning import database
    def begin(connection):
        if not connection.connection.dbapi_connection.in_transaction:
            database._begin_sqlite(connection)
    event.remove(engine, "begin", database._begin_sqlite)
    event.listen(engine, "begin", begin)
"""


@dataclass
class Server:
    """A server process at one port, started again after each kill. `seam` is a change of the program for a control."""

    data: Path
    url: str
    seam: str = ""
    port: int = 0
    process: subprocess.Popen[str] | None = None
    recoveries: list[float] = field(default_factory=list)

    def start(self) -> None:
        program = SERVER.format(seam=self.seam)
        command = [sys.executable, "-c", program, str(self.data), self.url, SECRET, str(self.port)]
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


@dataclass
class Desk:
    """A learner with a cookie, and the ledger of what was acknowledged: key, item, version.

    `refusals` are answers other than 200: status, and whether they said when to try again. `replies` are when an
    acknowledged answer was sent and when the acknowledgement came, by the clock of this process.
    """

    learner: Learner
    cookie: str
    port: int
    attempt_id: uuid.UUID | None = None
    token: str = ""
    ledger: list[tuple[str, int, int]] = field(default_factory=list)
    refusals: list[tuple[int, bool]] = field(default_factory=list)
    replies: list[tuple[float, float]] = field(default_factory=list)

    def ask(self, method: str, address: str, body: str = "", kind: str = "") -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Cookie": self.cookie, "Origin": f"http://127.0.0.1:{self.port}", "X-CSRFToken": self.token}
        if kind:
            headers |= {"Content-Type": kind, "Accept": "application/json"}
        try:
            connection.request(method, address, body.encode(), headers)
            response = connection.getresponse()
            if set_cookie := response.getheader("Set-Cookie"):
                self.cookie = set_cookie.split(";")[0]
            text = response.read().decode()
            if response.status >= 400:
                self.refusals.append((response.status, response.getheader("Retry-After") is not None))
            return response.status, text
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
            key, given = str(uuid.uuid4()), fields[item] if turn % 3 else {}
            body = json.dumps({"key": key, "item": item, "base": versions[item], "fields": given})
            while not stop.is_set():
                sent = time.monotonic()
                with suppress(OSError, HTTPException):
                    status, text = self.ask("POST", f"/versuche/{self.attempt_id}/antworten", body, "application/json")
                    if status == 200:
                        self.acknowledge(key, item, json.loads(text), versions)
                        self.replies.append((sent, time.monotonic()))
                        break
                    if status != 503:
                        break
                stop.wait(0.05)

    def acknowledge(self, key: str, item: int, reply: dict[str, object], versions: list[int]) -> None:
        assert reply["key"] == key
        version = reply["version"]
        assert isinstance(version, int)
        versions[item] = version
        self.ledger.append((key, item, version))

    def read(self, stop: threading.Event) -> None:
        """Open pages without pause, as people do who only read."""
        while not stop.is_set():
            with suppress(OSError, HTTPException):
                self.ask("GET", f"/kurse/{SLUG}")
            stop.wait(0.05)


def desks_at(server: Server, session: Session, engine: Engine, *, count: int) -> list[Desk]:
    """Learners who have begun the test."""
    desks = []
    for _ in range(count):
        own = learner(session, engine, person(session))
        token = work(engine, lambda one, key=own.viewer.key: _token(one, key))  # type: ignore[misc]  # bound in the loop
        desks.append(Desk(own, sealed_cookie(token), server.port))
    for one in desks:
        one.begin()
    return desks


def _token(session: Session, person_key: int) -> str:
    return begin_session(session, person_key, method=Method.PASSWORD, now=clock.now(), hours=10).token


def sealed_cookie(token: str) -> str:
    """The cookie that a browser with this session would send."""
    app = Flask("browser")
    app.secret_key = SECRET
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    return "impuls=" + str(signer.dumps({"token": token, "seen": int(clock.now().timestamp()) // 60}))


class Load:
    """All desks answer and one reads while the body of `with` runs."""

    def __init__(self, desks: list[Desk]) -> None:
        self.stop = threading.Event()
        reader = Desk(desks[0].learner, desks[0].cookie, desks[0].port)
        self.everybody = [*desks, reader]
        self.threads = [threading.Thread(target=one.answer, args=(self.stop,)) for one in desks]
        self.threads.append(threading.Thread(target=reader.read, args=(self.stop,)))

    def __enter__(self) -> "Load":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        for thread in self.threads:
            thread.join()

    def refusals(self) -> list[tuple[int, bool]]:
        """Everything that anybody was refused."""
        return [each for one in self.everybody for each in one.refusals]

    def acknowledged(self) -> int:
        """How many answers were acknowledged so far."""
        return sum(len(one.ledger) for one in self.everybody)

    def wait_for(self, more: int) -> None:
        """Wait until so many more answers are acknowledged, however slow the machine is. Raises TimeoutError."""
        wanted, begun = self.acknowledged() + more, time.monotonic()
        while self.acknowledged() < wanted:
            if time.monotonic() - begun > LONGEST_WAIT:
                raise TimeoutError(
                    f"{self.acknowledged()} answers of {wanted} were acknowledged: {self.refusals()[-5:]}"
                )
            self.stop.wait(0.01)

    def first_gap(self, moment: float) -> float:
        """Seconds from a kill at this moment to the first acknowledgement of a request that was sent after it."""
        replies = [reply for one in self.everybody for reply in one.replies]
        return min(replied - moment for sent, replied in replies if sent > moment)


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

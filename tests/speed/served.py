"""The real server as a process of its own, and clients that ask it over connections kept open."""

import os
import re
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING

from tests.speed.measuring import Figure, keep_figure

if TYPE_CHECKING:
    from tests.speed.conftest import House

ROOT = Path(__file__).resolve().parents[2]
CLIENTS = 8


@dataclass
class Server:
    """A running `impuls serve`."""

    port: int
    process: subprocess.Popen[str]

    def memory(self) -> int:
        """Bytes that the process holds now."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) * 1024  # type: ignore[index]  # Linux always tells it


@contextmanager
def served(house: "House", secret: str, module: str = "tests.speed.serving_with_floor") -> Iterator[Server]:
    """`impuls serve` over the database of a house, until the body is left."""
    environment = os.environ | {
        "IMPULS_DATA": str(house.settings.data),
        "IMPULS_SECRET_KEY": secret,
        "IMPULS_DATABASE_URL": house.engine.url.render_as_string(hide_password=False),
        "IMPULS_PUBLIC_URL": "http://127.0.0.1",
        "PYTHONUNBUFFERED": "1",
    }
    command = [sys.executable, "-m", module]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        found = re.search(r"auf 127\.0\.0\.1:(\d+)", line)
        assert found, f"the server did not start: {line}"
        yield Server(int(found[1]), process)
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


@dataclass
class Load:
    """What clients measured who asked without pause for a while."""

    seconds: list[float] = field(default_factory=list)
    begun: float = 0.0
    ended: float = 0.0
    strange: list[int] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers in a second."""
        return len(self.seconds) / (self.ended - self.begun)


Ask = Callable[[HTTPConnection], tuple[int, int]]


def page(address: str, cookie: str) -> Ask:
    """A request for a page; answers status and size."""
    headers = {"Cookie": cookie, "Accept-Encoding": "gzip", "Accept-Language": "de"}

    def ask(connection: HTTPConnection) -> tuple[int, int]:
        connection.request("GET", address, headers=headers)
        answer = connection.getresponse()
        return answer.status, len(answer.read())

    return ask


def ask_at_once(port: int, ask: Ask, *, seconds: float, clients: int = CLIENTS) -> Load:
    """Let clients ask without pause, each over a connection of its own."""
    load, lock = Load(), threading.Lock()
    start = threading.Barrier(clients + 1)
    stop = threading.Event()

    def client() -> None:
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        ask(connection)
        start.wait()
        own: list[float] = []
        strange: list[int] = []
        while not stop.is_set():
            begun = time.perf_counter()
            status, _size = ask(connection)
            own.append(time.perf_counter() - begun)
            if status != 200:
                strange.append(status)
        connection.close()
        with lock:
            load.seconds += own
            load.strange += strange

    threads = [threading.Thread(target=client) for _number in range(clients)]
    for thread in threads:
        thread.start()
    start.wait()
    load.begun = time.perf_counter()
    stop.wait(seconds)
    stop.set()
    for thread in threads:
        thread.join()
    load.ended = time.perf_counter()
    return load


def keep_load(name: str, load: Load) -> Figure:
    """The times that clients saw."""
    assert statistics.median(load.seconds) > 0
    return keep_figure(name, load.seconds)

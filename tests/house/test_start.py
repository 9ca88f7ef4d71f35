"""The first thing anybody does: `./dev run` in a checkout, then looking at the page."""

import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest

from tests.house.sources import ROOT

pytestmark = pytest.mark.slow
PATIENCE = 300.0


@pytest.fixture(scope="module", autouse=True)
def prepared() -> None:
    """The environment is there, as after any first start."""
    subprocess.run([sys.executable, str(ROOT / "dev"), "impuls", "--version"], check=True, capture_output=True)


@dataclass(frozen=True, slots=True)
class Started:
    """A running `./dev run` and how it was called."""

    process: subprocess.Popen[str]
    port: int


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of all starts in this file; the first one finds nothing there."""
    return tmp_path_factory.mktemp("start") / "data"


@dataclass(slots=True)
class Starts:
    """Starts `./dev run` on free ports over one data folder; whatever still runs is ended by `end_all`."""

    data: Path
    processes: list[subprocess.Popen[str]] = field(default_factory=list)
    watches: list[threading.Timer] = field(default_factory=list)

    def start(self) -> Started:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        command = [sys.executable, str(ROOT / "dev"), "run", "--port", str(port), "--data", str(self.data)]
        process = subprocess.Popen(
            command,
            cwd=self.data.parent,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.processes.append(process)
        # Reading waits for output without end; a server that never speaks is ended instead.
        self.watches.append(threading.Timer(PATIENCE, end, [process]))
        self.watches[-1].start()
        return Started(process, port)

    def end_all(self) -> None:
        for watch in self.watches:
            watch.cancel()
        for process in self.processes:
            end(process)
            assert process.stdout is not None
            process.stdout.close()


@pytest.fixture
def start(data: Path) -> Iterator[Callable[[], Started]]:
    """Starts `./dev run`."""
    starts = Starts(data)
    yield starts.start
    starts.end_all()


def end(process: subprocess.Popen[str]) -> None:
    """Kill the process with everything it started, if it still runs."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def announced_address(process: subprocess.Popen[str]) -> tuple[str, str]:
    """The address that the command prints, and what it said before."""
    assert process.stdout is not None
    heard = []
    for line in process.stdout:
        heard.append(line)
        if found := re.search(r"http://127\.0\.0\.1:\d+\S*", line):
            return found[0], "".join(heard)
    pytest.fail("./dev run named no address:\n" + "".join(heard))


def sign_in_with(address: str, account: str, password: str) -> str:
    """The page that somebody sees after signing in."""
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    form = browser.open(f"{address}anmelden", timeout=20).read().decode()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
    assert token, form
    fields = urlencode({"csrf_token": token[1], "name": account, "kennwort": password}).encode()
    request = Request(f"{address}anmelden", data=fields, headers={"Origin": address.rstrip("/")})
    page: str = browser.open(request, timeout=20).read().decode()
    return page


@pytest.fixture(scope="module")
def made(data: Path) -> str:
    """What the first start prints until it serves; afterwards the demonstration is there."""
    starts = Starts(data)
    _address, said = announced_address(starts.start().process)
    starts.end_all()
    return said


def test_the_first_start_makes_the_demonstration_and_prints_who_can_sign_in(made: str, data: Path) -> None:
    kept = data / "demo.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    for entry in json.loads(kept.read_text(encoding="utf-8")):
        assert re.search(rf"{entry['name']} +{entry['account']} +{entry['password']}", made), made


def test_the_second_start_makes_nothing_anew_and_serves_everybody_who_can_sign_in(
    made: str, data: Path, start: Callable[[], Started]
) -> None:
    kept = (data / "demo.json").read_bytes()
    running = start()
    address, said = announced_address(running.process)
    assert address.startswith(f"http://127.0.0.1:{running.port}")
    assert (data / "demo.json").read_bytes() == kept
    # How many seconds that takes is measured by tests/speed/test_start.py.
    assert not re.search("environment|Built|Passwort ", said), said
    entry = json.loads(kept)[0]
    page = sign_in_with(address, entry["account"], entry["password"])
    assert entry["name"] in page
    assert "Weiterlernen" in page


def test_it_ends_when_it_is_told_to(made: str, start: Callable[[], Started]) -> None:
    running = start()
    announced_address(running.process)
    os.kill(running.process.pid, signal.SIGTERM)
    assert running.process.wait(timeout=PATIENCE) in (0, -signal.SIGTERM, 128 + signal.SIGTERM)


def test_an_interruption_from_the_keyboard_leaves_no_trace(made: str, start: Callable[[], Started]) -> None:
    running = start()
    announced_address(running.process)
    os.kill(running.process.pid, signal.SIGINT)
    assert running.process.wait(timeout=PATIENCE) in (0, 1, 130, -signal.SIGINT)
    assert running.process.stdout is not None
    assert "Traceback" not in running.process.stdout.read()


def test_a_port_that_is_taken_is_reported_in_words(made: str, data: Path, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        told = subprocess.run(
            [sys.executable, str(ROOT / "dev"), "run", "--port", port, "--data", str(data)],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
    assert told.returncode != 0
    assert port in told.stdout + told.stderr
    assert "Traceback" not in told.stdout + told.stderr

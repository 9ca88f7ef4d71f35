"""The first thing anybody does: `./dev run` in a checkout, then looking at the page."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.house.sources import ROOT

pytestmark = pytest.mark.slow
PATIENCE = 120.0


@pytest.fixture(scope="module", autouse=True)
def prepared() -> None:
    """The environment is there, as after any first start."""
    subprocess.run([sys.executable, str(ROOT / "dev"), "impuls", "--version"], check=True, capture_output=True)


@dataclass(frozen=True, slots=True)
class Started:
    """A running `./dev run` and how it was called."""

    process: subprocess.Popen[str]
    port: int
    data: Path


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[], Started]]:
    """Starts `./dev run` on a free port with a data folder that does not exist; whatever still runs is ended after."""
    processes: list[subprocess.Popen[str]] = []
    watches: list[threading.Timer] = []

    def started() -> Started:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        data = tmp_path / "data"
        command = [sys.executable, str(ROOT / "dev"), "run", "--port", str(port), "--data", str(data)]
        process = subprocess.Popen(
            command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
        )
        processes.append(process)
        # Reading waits for output without end; a server that never speaks is ended instead.
        watches.append(threading.Timer(PATIENCE, end, [process]))
        watches[-1].start()
        return Started(process, port, data)

    yield started
    for watch in watches:
        watch.cancel()
    for process in processes:
        end(process)
        assert process.stdout is not None
        process.stdout.close()


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


def first_answer(address: str) -> tuple[int, str]:
    """Status and text of the first page; the address is only announced once it can be reached."""
    with urllib.request.urlopen(address, timeout=20) as answer:
        return answer.status, answer.read().decode()


def test_the_second_start_makes_nothing_anew_and_serves_the_first_page(start: Callable[[], Started]) -> None:
    running = start()
    address, said = announced_address(running.process)
    status, page = first_answer(address)
    assert address.startswith(f"http://127.0.0.1:{running.port}")
    assert status == 200
    assert "<h1" in page
    # How many seconds that takes is measured by tests/speed/test_start.py.
    assert not re.search("environment|Built", said), said
    assert not running.data.exists(), "the preview stores nothing"


def test_it_ends_when_it_is_told_to(start: Callable[[], Started]) -> None:
    running = start()
    announced_address(running.process)
    os.kill(running.process.pid, signal.SIGTERM)
    assert running.process.wait(timeout=PATIENCE) in (0, -signal.SIGTERM, 128 + signal.SIGTERM)


def test_an_interruption_from_the_keyboard_leaves_no_trace(start: Callable[[], Started]) -> None:
    running = start()
    announced_address(running.process)
    os.kill(running.process.pid, signal.SIGINT)
    assert running.process.wait(timeout=PATIENCE) in (0, 1, 130, -signal.SIGINT)
    assert running.process.stdout is not None
    assert "Traceback" not in running.process.stdout.read()


def test_a_port_that_is_taken_is_reported_in_words(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        told = subprocess.run(
            [sys.executable, str(ROOT / "dev"), "run", "--port", port],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
    assert told.returncode != 0
    assert port in told.stdout + told.stderr
    assert "Traceback" not in told.stdout + told.stderr

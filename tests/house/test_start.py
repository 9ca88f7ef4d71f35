"""The first thing anybody does: `./dev run` in a checkout, then looking at the page."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.sources import ROOT

pytestmark = pytest.mark.slow
LONGEST_START = 5.0
PATIENCE = 60.0


@pytest.fixture(scope="module", autouse=True)
def prepared() -> None:
    """The environment is there, as after any first start."""
    subprocess.run([sys.executable, str(ROOT / "dev"), "impuls", "--version"], check=True, capture_output=True)


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def started(free_port: int, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], float]]:
    """`./dev run` on a free port with an empty data folder, and the moment at which it was called."""
    command = [sys.executable, str(ROOT / "dev"), "run", "--port", str(free_port), "--data", str(tmp_path / "data")]
    begun = time.monotonic()
    process = subprocess.Popen(
        command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    # Reading waits for output without end; a server that never speaks is ended instead.
    watch = threading.Timer(PATIENCE, lambda: os.killpg(process.pid, signal.SIGKILL))
    watch.start()
    yield process, begun
    watch.cancel()
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert process.stdout is not None
    process.stdout.close()


def announced_address(process: subprocess.Popen[str]) -> str:
    """The address that the command prints; the whole output where it prints none."""
    assert process.stdout is not None
    heard = []
    for line in process.stdout:
        heard.append(line)
        if found := re.search(r"http://127\.0\.0\.1:\d+\S*", line):
            return found[0]
    pytest.fail("./dev run named no address:\n" + "".join(heard))


def first_answer(address: str) -> tuple[int, str]:
    """Status and text of the first page; the address is only announced once it can be reached."""
    with urllib.request.urlopen(address, timeout=20) as answer:
        return answer.status, answer.read().decode()


def test_the_second_start_serves_the_first_page_within_seconds(
    started: tuple[subprocess.Popen[str], float], free_port: int, tmp_path: Path
) -> None:
    process, begun = started
    address = announced_address(process)
    status, page = first_answer(address)
    seconds = time.monotonic() - begun
    assert f":{free_port}" in address
    assert status == 200
    assert "<h1" in page
    assert seconds < LONGEST_START, f"{seconds:.1f} seconds until the first page"
    assert not (tmp_path / "data").exists(), "the preview stores nothing"


def test_it_ends_when_it_is_told_to(started: tuple[subprocess.Popen[str], float]) -> None:
    process, _ = started
    announced_address(process)
    os.kill(process.pid, signal.SIGTERM)
    assert process.wait(timeout=10) in (0, -signal.SIGTERM, 128 + signal.SIGTERM)


def test_an_interruption_from_the_keyboard_leaves_no_trace(started: tuple[subprocess.Popen[str], float]) -> None:
    process, _ = started
    announced_address(process)
    os.kill(process.pid, signal.SIGINT)
    assert process.wait(timeout=10) in (0, 1, 130, -signal.SIGINT)
    assert process.stdout is not None
    assert "Traceback" not in process.stdout.read()


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

"""How long somebody waits for the first page when everything is set up already."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

from tests.speed.measuring import Measure

ROOT = Path(__file__).resolve().parents[2]


def first_page(data: Path) -> None:
    """`./dev run` until the first page is there."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, str(ROOT / "dev"), "run", "--port", str(port), "--data", str(data)]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert running.stdout is not None
    try:
        found = next(found for line in running.stdout if (found := re.search(r"http://127\S+", line)))
        with urllib.request.urlopen(found[0], timeout=20) as answer:
            assert b"<h1" in answer.read()
    finally:
        os.killpg(running.pid, signal.SIGKILL)
        running.communicate()


def test_starts_serve_the_first_page_soon_the_second_within_five_seconds(measure: Measure, tmp_path: Path) -> None:
    data = tmp_path / "data"
    first = "./dev run, first start with an environment, to the first page"
    measure(first, lambda: first_page(data), limit=30.0, runs=1)
    measure("./dev run, second start to the first page", lambda: first_page(data), limit=5.0, runs=3)

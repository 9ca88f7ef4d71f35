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


def test_the_second_start_serves_the_first_page_within_five_seconds(measure: Measure, tmp_path: Path) -> None:
    def start() -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [sys.executable, str(ROOT / "dev"), "run", "--port", str(port), "--data", str(tmp_path / "data")]
        running = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
        assert running.stdout is not None
        try:
            found = next(found for line in running.stdout if (found := re.search(r"http://127\S+", line)))
            with urllib.request.urlopen(found[0], timeout=20) as answer:
                assert b"<h1" in answer.read()
        finally:
            os.killpg(running.pid, signal.SIGKILL)
            running.communicate()

    measure("./dev run, second start to the first page", start, limit=5.0, runs=3)

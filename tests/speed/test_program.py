"""How long people wait for the program itself."""

import subprocess
import sys

from tests.speed.measuring import Measure


def test_the_program_answers_at_once(measure: Measure) -> None:
    def start() -> None:
        subprocess.run([sys.executable, "-m", "learning", "--version"], check=True, capture_output=True)

    measure("impuls --version, whole process", start, limit=1.0)

"""The program's front: it knows its commands, and says so when it does not."""

import subprocess
import sys

from click.testing import CliRunner

from learning.cli import COMMANDS, main


def test_help_lists_every_command_with_what_it_does() -> None:
    told = CliRunner().invoke(main, ["--help"])
    assert told.exit_code == 0
    for name in COMMANDS:
        (line,) = [line for line in told.output.splitlines() if line.strip().startswith(f"{name} ")]
        assert len(line.split()) > 2


def test_an_unknown_command_is_refused_without_a_trace() -> None:
    told = CliRunner().invoke(main, ["docter"])
    assert told.exit_code == 2
    assert "docter" in told.output
    assert "Traceback" not in told.output


def test_it_starts_as_a_module_too() -> None:
    told = subprocess.run([sys.executable, "-m", "learning", "--version"], capture_output=True, text=True)
    assert told.returncode == 0
    assert told.stdout.startswith("impuls, version ")

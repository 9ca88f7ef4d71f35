"""Prints what the speed tests measured as a table and writes build/bench.json."""

import json
import os
import platform
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.speed.measuring import FIGURES, Measure, measure_action

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def measure() -> Measure:
    """Times an action and holds it to a limit."""
    return measure_action


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The table, and the same figures as JSON for whoever compares them."""
    if not FIGURES:
        return
    terminalreporter.section("figures (milliseconds)")
    width = max(len(figure.name) for figure in FIGURES)
    terminalreporter.write_line(f"{'':{width}}  {'median':>9}  {'fastest':>9}  {'slowest':>9}  {'allowed':>9}  runs")
    for figure in FIGURES:
        columns = (figure.median, figure.fastest, figure.slowest, figure.limit)
        cells = "  ".join(f"{seconds * 1000:9.2f}" for seconds in columns)
        terminalreporter.write_line(f"{figure.name:{width}}  {cells}  {figure.runs:4}")
    report = {
        "machine": {"python": platform.python_version(), "system": platform.platform(), "cores": os.cpu_count()},
        "seconds": [asdict(figure) for figure in FIGURES],
    }
    path = ROOT / "build" / "bench.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    terminalreporter.write_line(f"Written to {path.relative_to(ROOT)}")

"""Times one thing several times and keeps the figures; tests get it as the fixture `measure`."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Figure:
    """Seconds of several runs of one thing, and the limit that its median has to keep."""

    name: str
    median: float
    fastest: float
    slowest: float
    runs: int
    limit: float


class Measure(Protocol):
    """Signature of the fixture."""

    def __call__(self, name: str, action: Callable[[], object], *, limit: float, runs: int = 9) -> Figure:
        """Time `action` and fail where the median is above `limit` seconds."""


FIGURES: list[Figure] = []


def measure_action(name: str, action: Callable[[], object], *, limit: float, runs: int = 9) -> Figure:
    """Run `action` once to warm up, then `runs` times; raises AssertionError where the median is above `limit`.

    Garbage collection is part of the picture and stays on.
    """
    action()
    seconds = []
    for _ in range(runs):
        begun = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - begun)
    figure = Figure(name, statistics.median(seconds), min(seconds), max(seconds), runs, limit)
    FIGURES.append(figure)
    assert figure.median <= limit, f"{name}: median {figure.median * 1000:.1f} ms, allowed {limit * 1000:.0f} ms"
    return figure

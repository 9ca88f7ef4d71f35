"""Times things and keeps the figures: one thing against a limit, or several side by side; and what is not a time."""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Figure:
    """Seconds of several runs of one thing, and the limit that its median has to keep, None where there is none."""

    name: str
    median: float
    fastest: float
    slowest: float
    runs: int
    limit: float | None
    p95: float = 0.0


@dataclass(frozen=True, slots=True)
class Ratio:
    """A thing as so many times another, both measured in turns; `limit` is what it may be, None: nothing is set."""

    name: str
    value: float
    limit: float | None

    def beyond(self) -> str:
        """What is wrong, empty where the limit is kept."""
        if self.limit is None or self.value <= self.limit:
            return ""
        return f"{self.name}: {self.value:.2f} times, allowed {self.limit:g}"


@dataclass(frozen=True, slots=True)
class Amount:
    """A number that is no ratio: queries, bytes, answers a second. It may be at most `limit`."""

    name: str
    value: float
    unit: str
    limit: float | None = None

    def beyond(self) -> str:
        """What is wrong, empty where the limit is kept."""
        if self.limit is None or self.value <= self.limit:
            return ""
        return f"{self.name}: {self.value:g} {self.unit}, allowed {self.limit:g}"


class Measure(Protocol):
    """Signature of the fixture."""

    def __call__(self, name: str, action: Callable[[], object], *, limit: float, runs: int = 9) -> Figure:
        """Time `action` and fail where the median is above `limit` seconds."""


FIGURES: list[Figure] = []
KEPT: list[Ratio | Amount] = []


def measure_action(name: str, action: Callable[[], object], *, limit: float, runs: int = 9) -> Figure:
    """Run `action` once to warm up, then `runs` times; raises AssertionError where the median is above `limit`.

    Garbage collection is part of the picture and stays on.
    """
    figure = measure_in_turns({name: action}, runs=runs, limits={name: limit})[name]
    assert figure.median <= limit, f"{name}: median {figure.median * 1000:.1f} ms, allowed {limit * 1000:.0f} ms"
    return figure


def measure_in_turns(
    actions: Mapping[str, Callable[[], object]], *, runs: int, limits: Mapping[str, float] | None = None
) -> dict[str, Figure]:
    """Run all actions one after the other, again and again, so that whatever else the machine does hits all alike."""
    seconds: dict[str, list[float]] = {name: [] for name in actions}
    for action in actions.values():
        action()
    order = list(actions.items())
    for turn in range(runs):
        shift = turn % len(order)
        for name, action in (*order[shift:], *order[:shift]):
            begun = time.perf_counter()
            action()
            seconds[name].append(time.perf_counter() - begun)
    return {name: keep_figure(name, found, limit=(limits or {}).get(name)) for name, found in seconds.items()}


def keep_figure(name: str, seconds: list[float], *, limit: float | None = None) -> Figure:
    """Put the figure of these runs into the table."""
    ordered = sorted(seconds)
    figure = Figure(
        name=name,
        median=statistics.median(ordered),
        fastest=ordered[0],
        slowest=ordered[-1],
        runs=len(ordered),
        limit=limit,
        p95=ordered[min(len(ordered) - 1, round(len(ordered) * 0.95))],
    )
    FIGURES.append(figure)
    return figure


def keep_ratio(name: str, one: Figure, other: Figure, *, limit: float | None = None) -> Ratio:
    """Put a ratio of medians into the table."""
    ratio = Ratio(name, one.median / other.median, limit)
    KEPT.append(ratio)
    return ratio


def keep_amount(name: str, value: float, unit: str, *, limit: float | None = None) -> Amount:
    """Put a number into the table."""
    amount = Amount(name, value, unit, limit)
    KEPT.append(amount)
    return amount


def missed() -> list[str]:
    """A line for everything beyond its limit, in the order in which it was kept."""
    return [line for kept in KEPT if (line := kept.beyond())]

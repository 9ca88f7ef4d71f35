"""Stretches of time as a drawing: where days stand on a lane, in percent. Whole years, so that names fit above."""

import datetime
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a lane; begin and width are percents."""

    fill: str
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Span:
    """The days that a drawing shows."""

    first: datetime.date
    last: datetime.date

    def x(self, day: datetime.date) -> float:
        """Where a day stands, in percent."""
        inside = min(max(day, self.first), self.last)
        return 100 * (inside - self.first) / (self.last - self.first)

    def mark(self, day: datetime.date) -> str:
        """Where a day stands, as SVG takes it."""
        return f"{self.x(day):.2f}%"

    def stretch(self, fill: str, begin: datetime.date, end: datetime.date) -> Stretch:
        """From one day to another, never too short to be seen."""
        x = self.x(begin)
        return Stretch(fill, f"{x:.2f}%", f"{max(0.5, self.x(end) - x):.2f}%")

    @property
    def years(self) -> tuple[tuple[str, str], ...]:
        """Where each year begins, and its name."""
        return tuple(
            (self.mark(datetime.date(year, 1, 1)), str(year)) for year in range(self.first.year, self.last.year + 1)
        )

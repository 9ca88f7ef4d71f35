"""The order in which the invented past happens: acts with their day and hour, done one after the other.

Every act gets the moment at which it happens, so that editions, proofs and periods are what they would have been.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from learning.clock import LOCAL

Act = Callable[[Session, datetime.datetime], object]
DAY = datetime.timedelta(days=1)
SATURDAY = 5


@dataclass(slots=True)
class Diary:
    """Collects acts, in any order, and does them in the order of their moments. `today` is the last day, untouched."""

    today: datetime.date
    entries: list[tuple[datetime.datetime, int, Act]] = field(default_factory=list)

    def day(self, days_ago: int) -> datetime.date:
        """A day so many days ago; on a weekend, the Friday before it. Raises ValueError for today and later."""
        if days_ago < 1:
            raise ValueError("the diary ends yesterday, so that nothing in it lies in the future")
        day = self.today - days_ago * DAY
        while day.weekday() >= SATURDAY:
            day -= DAY
        return day

    def moment(self, days_ago: int, hour: int = 9, minute: int = 0) -> datetime.datetime:
        """An hour of such a day."""
        time = datetime.time(hour, minute)
        return datetime.datetime.combine(self.day(days_ago), time, LOCAL).astimezone(datetime.UTC)

    def write(self, act: Act, *, days_ago: int, hour: int = 9, minute: int = 0) -> None:
        """Have `act` done at that moment; acts of the same moment keep their order."""
        self.entries.append((self.moment(days_ago, hour, minute), len(self.entries), act))

    def happen(self, session: Session) -> None:
        """Do everything."""
        for moment, _order, act in sorted(self.entries, key=lambda entry: entry[:2]):
            act(session, moment)

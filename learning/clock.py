"""The only place that asks what time it is. Inside, times are aware and in UTC; pages show Europe/Berlin."""

import datetime
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Europe/Berlin")


def now() -> datetime.datetime:
    """The moment of asking, aware, in UTC."""
    return datetime.datetime.now(datetime.UTC)


def today() -> datetime.date:
    """The date that people here read on their calendar."""
    return now().astimezone(LOCAL).date()

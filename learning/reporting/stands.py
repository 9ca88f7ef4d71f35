"""The day that a page of HR is of, as it stands in the address: today, or an earlier one with the facts of then."""

import datetime
import re
from dataclasses import dataclass, replace

from learning.language import date_text
from learning.language import gettext as _
from learning.obligations.facts_sql import ALL_FACTS, Facts, FactsUntil, facts_until
from learning.web.forms import TextField

GERMAN_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
FIELD = "stand"
LONGEST = 40


@dataclass(frozen=True, slots=True)
class Stand:
    """A day and the facts to look at. `typed` is what the address says, `mistake` why no page can be of that day.

    With a mistake the day is today, for what can be chosen; nothing is shown of it.
    """

    day: datetime.date
    facts: Facts = ALL_FACTS
    typed: str = ""
    mistake: str = ""

    @property
    def is_past(self) -> bool:
        """True where the page is of an earlier day."""
        return isinstance(self.facts, FactsUntil)

    @property
    def address(self) -> dict[str, str]:
        """The day as a parameter of an address; none for today."""
        return {FIELD: self.typed} if self.typed else {}

    @property
    def field(self) -> TextField:
        """Where the day is chosen; what was typed comes back with the mistake."""
        return TextField(FIELD, _("Stand am"), type="date", value=self.typed, mistake=self.mistake, longest=LONGEST)

    @property
    def short_words(self) -> str:
        """The day as a filter that can be taken away."""
        return _("Stand am %(day)s", day=date_text(self.day))

    @property
    def words(self) -> str:
        """What the page is of, above it and on paper; empty where it is of no day."""
        if self.mistake:
            return ""
        if not self.is_past:
            return _("Stand: %(day)s", day=date_text(self.day))
        return _("Stand am %(day)s, nach dem, was bis zu diesem Tag eingetragen war", day=date_text(self.day))


def stand_of(typed: str, *, today: datetime.date) -> Stand:
    """The day that an address asks for; an empty one and today are the same page."""
    if not typed:
        return Stand(today)
    try:
        day = read_day(typed)
    except ValueError:
        return Stand(today, typed=typed, mistake=_("Schreiben Sie ein Datum, zum Beispiel 31.01.2027."))
    if day == today:
        return Stand(today)
    if day > today:
        mistake = _("Dieser Tag liegt in der Zukunft. Wählen Sie einen Tag bis heute, %(day)s.", day=date_text(today))
        return Stand(today, typed=day.isoformat(), mistake=mistake)
    return Stand(day, facts_until(day), typed=day.isoformat())


def within_reach(stand: Stand, first_day: datetime.date | None) -> Stand:
    """The same, with a mistake where the day is before the first that can be told."""
    if not stand.is_past or first_day is None or stand.day >= first_day:
        return stand
    mistake = _(
        "Über diesen Tag gibt es keine Auskunft mehr oder noch keine. Wählen Sie einen Tag ab dem %(day)s.",
        day=date_text(first_day),
    )
    return replace(stand, facts=ALL_FACTS, mistake=mistake)


def reach_words(first_day: datetime.date | None) -> str:
    """How far back a page can answer."""
    if first_day is None:
        return ""
    return _(
        "Auskunft über frühere Tage gibt es ab dem %(day)s. "
        "Was davor war, ist gelöscht oder war noch nicht eingetragen.",
        day=date_text(first_day),
    )


def read_day(text: str) -> datetime.date:
    """A date as people here write it, or as browsers send it. Raises ValueError."""
    if match := GERMAN_DAY.fullmatch(text):
        day, month, year = map(int, match.groups())
        return datetime.date(year, month, day)
    return datetime.date.fromisoformat(text)

"""The overview of HR as a page: one sentence, key figures, weeks ahead as a drawing, units and duties as tables."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from learning.language import date_text, day_of_year_text, ngettext, number_text
from learning.language import gettext as _
from learning.obligations.overviews import Count, DueWeek, Overview
from learning.obligations.rules import SOON_DAYS, Status
from learning.reporting import stands
from learning.reporting.addresses import address_with
from learning.reporting.duty_tables import CountedLine, counted_line, share_text
from learning.reporting.stands import Stand
from learning.reporting.status_looks import StatusLook, status_look
from learning.web.forms import TextField

DAY = datetime.timedelta(days=1)
CHART_HEIGHT = 160


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the strip on top, leading to the people behind it."""

    look: StatusLook
    number: str
    note: str
    address: str


@dataclass(frozen=True, slots=True)
class Pile:
    """One colour of a bar, its height in pixels."""

    fill: str
    height: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the drawing, its piles from top to bottom. `begins` is empty for what is overdue already."""

    name: str
    begins: str
    total: int
    piles: tuple[Pile, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """A week ahead: what is due in it within the next 14 days and later."""

    name: str
    short: str
    begins: str
    day: str
    soon: int
    later: int

    @property
    def total(self) -> int:
        """All that is due in the week."""
        return self.soon + self.later


@dataclass(frozen=True, slots=True)
class OverviewPage:
    """All that the page shows. Empty `units`: there are no duties yet.

    `stand` and `reach` say of which day it is and how far back it can answer; with a mistake in `day` nothing is shown.
    """

    sentence: str
    stand: str
    reach: str
    day: TextField
    list_address: str
    figures: tuple[Figure, ...]
    weeks: tuple[Week, ...]
    bars: tuple[Bar, ...]
    weeks_sentence: str
    units: tuple[CountedLine, ...]
    rules: tuple[CountedLine, ...]
    total: CountedLine


def overview_page(
    found: Overview,
    due: Sequence[DueWeek],
    people: Mapping[int, int] | None,
    *,
    stand: Stand,
) -> OverviewPage:
    """The page from the numbers of the viewer's units; `people` counts people by unit key, None if nobody counted."""
    units = [
        (
            count,
            counted_line(
                unit.name,
                count,
                people=None if people is None else people.get(unit.key, 0),
                address=_list(stand, einheit=str(unit.id)),
            ),
        )
        for unit, count in found.units
    ]
    rules = [
        (count, counted_line(rule.title, count, address=_list(stand, pflicht=str(rule.id))))
        for rule, count in found.rules
    ]
    weeks = _weeks(due)
    return OverviewPage(
        sentence=_("Wählen Sie einen anderen Tag.") if stand.mistake else _sentence(found.total),
        stand=stand.words,
        reach=stands.reach_words(found.first_day),
        day=stand.field,
        list_address=_list(stand),
        figures=_figures(found.total, stand),
        weeks=weeks,
        bars=_bars(weeks, found.total[Status.OVERDUE]),
        weeks_sentence=_weeks_sentence(weeks),
        units=tuple(line for _count, line in sorted(units, key=_worst_first)),
        rules=tuple(line for _count, line in sorted(rules, key=_worst_first)),
        total=counted_line(_("Zusammen"), found.total, people=None if people is None else sum(people.values())),
    )


def _list(stand: Stand, **filters: str) -> str:
    """The list of people under these filters, of the same day."""
    return address_with("reporting.people", filters | (stand.address if stand.is_past else {}))


def _worst_first(entry: tuple[Count, CountedLine]) -> tuple[float, str]:
    count, line = entry
    return -count[Status.OVERDUE] / max(1, count.total), line.name


def _sentence(total: Count) -> str:
    if not total.total:
        return _("Es gibt noch keine Pflichten. Legen Sie eine Pflichtregel an.")
    overdue, soon = total[Status.OVERDUE], total[Status.DUE_SOON]
    if not overdue and not soon:
        return _("Nichts ist überfällig, und nichts wird in den nächsten 14 Tagen fällig.")
    return _(
        "%(overdue)s von %(total)s Pflichten sind überfällig, %(soon)s werden in den nächsten 14 Tagen fällig.",
        overdue=number_text(overdue),
        soon=number_text(soon),
        total=number_text(total.total),
    )


def _figures(total: Count, stand: Stand) -> tuple[Figure, ...]:
    soon_until = date_text(stand.day + SOON_DAYS * DAY)
    notes = {
        Status.OVERDUE: _("abschließen bleibt möglich"),
        Status.DUE_SOON: _("bis %(day)s", day=soon_until),
        Status.OPEN: _("Frist nach dem %(day)s", day=soon_until),
        Status.SUSPENDED: _aside_text(total[Status.EXEMPT] + total[Status.UPCOMING]),
        Status.FULFILLED: _(
            "%(share)s von %(total)s Pflichten",
            share=share_text(total[Status.FULFILLED], total.total),
            total=number_text(total.total),
        ),
    }
    return tuple(
        Figure(
            status_look(status),
            number_text(total[status]),
            note,
            _list(stand, status=status.value),
        )
        for status, note in notes.items()
    )


def _aside_text(others: int) -> str:
    """What the figure of suspended duties does not count, so that the figures add up to all duties."""
    if not others:
        return _("ohne Angabe von Gründen")
    return ngettext("dazu %(num)d befreit oder künftig", "dazu %(num)d befreit oder künftig", others)


def _weeks(due: Sequence[DueWeek]) -> tuple[Week, ...]:
    return tuple(_week(week.begins_on, week.begins_on.isocalendar().week, week) for week in due)


def _week(begin: datetime.date, number: int, due: DueWeek) -> Week:
    return Week(
        name=_("KW %(number)s, ab %(day)s", number=number, day=date_text(begin)),
        short=_("KW %(number)s", number=number),
        begins=day_of_year_text(begin),
        day=date_text(begin),
        soon=due.soon,
        later=due.later,
    )


def _bars(weeks: tuple[Week, ...], overdue: int) -> tuple[Bar, ...]:
    """What is overdue already, then week by week; all drawn to one scale."""
    highest = max(overdue, *(week.total for week in weeks), 1)

    def pile(fill: str, count: int) -> tuple[Pile, ...]:
        return (Pile(fill, max(2, round(CHART_HEIGHT * count / highest))),) if count else ()

    late = Bar(_("über\u00adfällig"), "", overdue, pile("over", overdue))
    return (
        late,
        *(
            Bar(week.short, week.begins, week.total, pile("open", week.later) + pile("soon", week.soon))
            for week in weeks
        ),
    )


def _weeks_sentence(weeks: tuple[Week, ...]) -> str:
    soon = sum(week.total for week in weeks[:4])
    if not any(week.total for week in weeks):
        return _("In den nächsten zwölf Wochen endet keine Frist.")
    most = max(weeks, key=lambda week: week.total)
    sentence = ngettext(
        "%(num)d Pflicht wird in den nächsten vier Wochen fällig.",
        "%(num)d Pflichten werden in den nächsten vier Wochen fällig.",
        soon,
    )
    if most.total == sum(week.total for week in weeks):
        peak = _("Alle Fristen der nächsten zwölf Wochen enden in der Woche ab %(day)s.", day=most.day)
    else:
        peak = _("Die meisten, %(number)s, enden in der Woche ab %(day)s.", number=most.total, day=most.day)
    return f"{sentence} {peak}"

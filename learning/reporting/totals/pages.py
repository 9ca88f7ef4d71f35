"""Totals as a page: shares and numbers of people, never of fewer than five, so that nobody can be told by them."""

from collections.abc import Sequence
from dataclasses import dataclass

from learning.language import gettext as _
from learning.obligations import voluntary
from learning.obligations.overviews import Count, Overview
from learning.obligations.rules import Status
from learning.obligations.voluntary import LEAST_PEOPLE, CourseTotal
from learning.reporting.status_looks import Segment

STEP = 5


@dataclass(frozen=True, slots=True)
class Share:
    """A unit or duty with at least five people: how many of its duties are fulfilled, rounded to five percent."""

    name: str
    people: int
    fulfilled: str
    bar: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class TotalsPage:
    """All that the page shows."""

    rules: tuple[Share, ...]
    units: tuple[Share, ...]
    courses: tuple[CourseTotal, ...]


def totals_page(found: Overview, courses: Sequence[CourseTotal]) -> TotalsPage:
    """The page from what was counted; `courses` are those that people took freely."""
    return TotalsPage(rules=_rule_shares(found), units=_unit_shares(found), courses=tuple(courses))


def _rule_shares(found: Overview) -> tuple[Share, ...]:
    """Duties that reach at least five people; each person counts once at each of them."""
    return tuple(_line(rule.title, count.total, count) for rule, count in found.rules if count.total >= LEAST_PEOPLE)


def _unit_shares(found: Overview) -> tuple[Share, ...]:
    """Units in which at least five people have the same duty; of those kept back, there are five as well."""
    people = dict.fromkeys((unit.key for unit, _count in found.units), 0)
    for (unit_key, _rule_key), cell in found.cells.items():
        people[unit_key] = max(people[unit_key], cell.total)
    told = voluntary.tellable(people)
    return tuple(_line(unit.name, told[unit.key], count) for unit, count in found.units if unit.key in told)


def _line(name: str, people: int, count: Count) -> Share:
    """The bar is drawn from the rounded share, so that it tells no more than the number beside it."""
    share = STEP * round(100 * count[Status.FULFILLED] / count.total / STEP)
    pieces = [Segment("ok", "0%", f"{share}%"), Segment("susp", f"{share}%", f"{100 - share}%")]
    bar = tuple(piece for piece in pieces if piece.width != "0%")
    return Share(name, people, _("%(number)s %%", number=share), bar)

"""Totals for those who watch over the rules and for HR: shares and numbers of people, never of fewer than five."""

from dataclasses import dataclass

from flask import render_template
from sqlalchemy import ColumnElement, true

from learning import clock
from learning.access import requires
from learning.database import db
from learning.language import gettext as _
from learning.obligations import queries, voluntary
from learning.obligations.queries import Count, Overview
from learning.obligations.rules import Status
from learning.obligations.voluntary import LEAST_PEOPLE, CourseTotal
from learning.people.permissions import Action
from learning.people.roles import Role
from learning.people.viewer import Viewer
from learning.people.web import current_viewer
from learning.reporting.blueprint import reporting
from learning.reporting.reach import hr_units
from learning.reporting.status_looks import Segment

STEP = 5
HOUSE_ROLES = (Role.WORKS_COUNCIL, Role.DATA_PROTECTION)


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


@reporting.get("/personal/summen")
@requires(Action.TOTALS_SEE)
def totals() -> str:
    """Totals of the whole authority for works council and data protection, of their own units for HR."""
    within = _within(current_viewer())
    found = queries.overview(db.session, within=within, today=clock.today())
    page = TotalsPage(
        rules=rule_shares(found), units=unit_shares(found), courses=voluntary.completions(db.session, within=within)
    )
    return render_template("reporting/totals.html", page=page, least=LEAST_PEOPLE)


def _within(viewer: Viewer) -> ColumnElement[bool]:
    if any(viewer.has(role) for role in HOUSE_ROLES):
        return true()
    return hr_units(viewer)


def rule_shares(found: Overview) -> tuple[Share, ...]:
    """Duties that reach at least five people; each person counts once at each of them."""
    return tuple(_line(rule.title, count.total, count) for rule, count in found.rules if count.total >= LEAST_PEOPLE)


def unit_shares(found: Overview) -> tuple[Share, ...]:
    """Units in which at least five people have the same duty; of those kept back, there are five as well."""
    people = {
        unit.key: max(cell.total for (key, _rule), cell in found.cells.items() if key == unit.key)
        for unit, _count in found.units
    }
    told = voluntary.tellable(people)
    return tuple(_line(unit.name, told[unit.key], count) for unit, count in found.units if unit.key in told)


def _line(name: str, people: int, count: Count) -> Share:
    """The bar is drawn from the rounded share, so that it tells no more than the number beside it."""
    share = STEP * round(100 * count[Status.FULFILLED] / count.total / STEP)
    pieces = [Segment("ok", "0%", f"{share}%"), Segment("susp", f"{share}%", f"{100 - share}%")]
    bar = tuple(piece for piece in pieces if piece.width != "0%")
    return Share(name, people, _("%(number)s %%", number=share), bar)

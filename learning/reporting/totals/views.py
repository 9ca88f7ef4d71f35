"""Totals for those who watch over the rules and for HR."""

from flask import render_template
from sqlalchemy import ColumnElement, true

from learning import clock
from learning.access import requires
from learning.database import db
from learning.obligations import overviews, voluntary
from learning.obligations.voluntary import LEAST_PEOPLE
from learning.people.permissions import Action
from learning.people.roles import Role
from learning.people.viewer import Viewer
from learning.people.web import current_viewer
from learning.reporting.blueprint import reporting
from learning.reporting.reach import hr_units
from learning.reporting.totals.pages import totals_page

HOUSE_ROLES = (Role.WORKS_COUNCIL, Role.DATA_PROTECTION)


@reporting.get("/personal/summen")
@requires(Action.TOTALS_SEE)
def totals() -> str:
    """Totals of the whole authority for works council and data protection, of their own units for HR."""
    within = _within(current_viewer())
    found = overviews.overview(db.session, within=within, today=clock.today())
    page = totals_page(found, voluntary.completions(db.session, within=within))
    return render_template("reporting/totals.html", page=page, least=LEAST_PEOPLE)


def _within(viewer: Viewer) -> ColumnElement[bool]:
    if any(viewer.has(role) for role in HOUSE_ROLES):
        return true()
    return hr_units(viewer)

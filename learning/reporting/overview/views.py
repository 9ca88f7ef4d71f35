"""The first page of HR: how many duties have which status, by unit and by duty, and what becomes due when."""

from flask import render_template

from learning import clock
from learning.access import requires
from learning.database import db
from learning.obligations import queries
from learning.people.permissions import Action
from learning.people.web import current_viewer
from learning.reporting import lookups
from learning.reporting.blueprint import reporting
from learning.reporting.overview.pages import overview_page
from learning.reporting.reach import hr_units
from learning.reporting.status_looks import group_words


@reporting.get("/personal")
@requires(Action.DUTIES_SEE)
def overview() -> str:
    """Numbers of the viewer's units; nobody is named, so nothing is logged."""
    within = hr_units(current_viewer())
    today = clock.today()
    page = overview_page(
        queries.overview(db.session, within=within, today=today),
        queries.due_by_week(db.session, within=within, today=today),
        lookups.people_by_unit(db.session, within=within),
        today=today,
    )
    return render_template("reporting/overview.html", page=page, words=group_words())

"""The first page of HR: how many duties have which status, by unit and by duty, and what becomes due when."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from learning import clock
from learning.access import requires
from learning.database import db
from learning.obligations import overviews
from learning.people.permissions import Action
from learning.people.web import current_viewer
from learning.reporting import lookups
from learning.reporting.blueprint import reporting
from learning.reporting.overview.pages import overview_page
from learning.reporting.reach import hr_units
from learning.reporting.stands import FIELD, LONGEST, stand_of, within_reach
from learning.reporting.status_looks import group_words
from learning.web.forms import typed_line


@reporting.get("/personal")
@requires(Action.DUTIES_SEE)
def overview() -> ResponseReturnValue:
    """Numbers of the viewer's units, today or as of an earlier day; nobody is named, so nothing is logged."""
    within = hr_units(current_viewer())
    stand = stand_of(typed_line(request.args, FIELD, longest=LONGEST), today=clock.today())
    found = overviews.overview(db.session, within=within, today=stand.day, facts=stand.facts)
    stand = within_reach(stand, found.first_day)
    page = overview_page(
        found,
        overviews.due_by_week(db.session, within=within, today=stand.day, facts=stand.facts),
        # How many people a unit had on an earlier day is not recorded.
        None if stand.is_past else lookups.people_by_unit(db.session, within=within),
        stand=stand,
    )
    return render_template("reporting/overview.html", page=page, words=group_words()), 422 if stand.mistake else 200

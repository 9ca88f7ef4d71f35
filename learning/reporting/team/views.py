"""The page of team leads. That it was opened is logged with the people it shows."""

from flask import render_template

from learning import clock
from learning.access import requires
from learning.database import db, unit_of_work
from learning.obligations import teams
from learning.people.permissions import Action
from learning.people.roles import Role
from learning.people.web import current_viewer
from learning.reporting.blueprint import reporting
from learning.reporting.reach import Act, team_units, write_down
from learning.reporting.status_looks import group_words
from learning.reporting.team.pages import team_page


@reporting.get("/team")
@requires(Action.TEAM_SEE)
def team() -> str:
    """Status and validity of the duties of the viewer's team."""
    viewer, today = current_viewer(), clock.today()
    members = teams.team(db.session, within=team_units(viewer), today=today)
    if members:
        act = Act(
            role=Role.TEAM_LEAD,
            action="team.see",
            object_type="team",
            subjects=tuple(member.key for member in members),
            purpose="team",
        )
        unit_of_work(db.session, lambda work: write_down(work, viewer, act, now=clock.now()))
    return render_template("reporting/team.html", page=team_page(members, today=today), words=group_words())

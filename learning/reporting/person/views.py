"""One person's record for HR. Foreign and absent people answer alike; each look is logged before it is shown."""

import uuid

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from learning import clock
from learning.access import requires
from learning.database import db, unit_of_work
from learning.obligations.records import record_for
from learning.people.permissions import Action
from learning.people.roles import Role
from learning.people.web import current_viewer
from learning.reporting.blueprint import reporting
from learning.reporting.person.pages import person_page
from learning.reporting.reach import Act, hr_units, scope_text, write_down
from learning.reporting.stands import FIELD, LONGEST, stand_of, within_reach
from learning.web.forms import typed_line


@reporting.get("/personal/personen/<uuid:person_id>")
@requires(Action.RECORD_SEE)
def person(person_id: uuid.UUID) -> ResponseReturnValue:
    """The record of a person in the viewer's units, today or as of an earlier day."""
    viewer, today = current_viewer(), clock.today()
    stand = stand_of(typed_line(request.args, FIELD, longest=LONGEST), today=today)
    record = record_for(db.session, person_id, within=hr_units(viewer), today=stand.day, facts=stand.facts)
    if record is None:
        abort(404)
    stand = within_reach(stand, record.first_day)
    act = Act(
        role=Role.HR,
        action="record.see",
        object_type="person",
        object_id=str(record.id),
        subjects=(record.key,),
        scope=scope_text([(FIELD, stand.typed)]),
        purpose="deadlines",
    )
    unit_of_work(db.session, lambda work: write_down(work, viewer, act, now=clock.now()))
    page = person_page(record, stand=stand, today=today)
    return render_template("reporting/person.html", page=page), 422 if stand.mistake else 200

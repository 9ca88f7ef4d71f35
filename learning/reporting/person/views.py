"""One person's record for HR. Foreign and absent people answer alike; each look is logged before it is shown."""

import uuid

from flask import abort, render_template

from learning import clock
from learning.access import requires
from learning.database import db, unit_of_work
from learning.obligations.records import record_for
from learning.people.permissions import Action
from learning.people.roles import Role
from learning.people.web import current_viewer
from learning.reporting.blueprint import reporting
from learning.reporting.person.pages import person_page
from learning.reporting.reach import Act, hr_units, write_down


@reporting.get("/personal/personen/<uuid:person_id>")
@requires(Action.RECORD_SEE)
def person(person_id: uuid.UUID) -> str:
    """The record of a person in the viewer's units."""
    viewer, today = current_viewer(), clock.today()
    record = record_for(db.session, person_id, within=hr_units(viewer), today=today)
    if record is None:
        abort(404)
    act = Act(
        role=Role.HR,
        action="record.see",
        object_type="person",
        object_id=str(record.id),
        subjects=(record.key,),
        purpose="deadlines",
    )
    unit_of_work(db.session, lambda work: write_down(work, viewer, act, now=clock.now()))
    return render_template("reporting/person.html", page=person_page(record, today=today))

"""Agreed qualifications (TVöD § 5): HR proposes, confirms, ends; the person does the same among their own proofs."""

import uuid
from collections.abc import Mapping, Sequence

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import and_

from learning import clock
from learning.access import requires
from learning.database import db, writes
from learning.language import gettext as _
from learning.obligations import agreements as rules_of_agreements
from learning.obligations.agreements import AgreementEnded, Side
from learning.obligations.models import Agreement
from learning.people.permissions import Action
from learning.people.roles import Role
from learning.people.viewer import Viewer
from learning.people.web import current_viewer
from learning.reporting import lookups
from learning.reporting.agreements.pages import agreement_row, proposal_fields, state_now
from learning.reporting.agreements.queries import agreement_in, agreements_in
from learning.reporting.blueprint import reporting
from learning.reporting.fields import has_mistakes
from learning.reporting.lookups import CourseChoice
from learning.reporting.reach import Act, hr_units, write_down
from learning.web.declared_forms import takes
from learning.web.forms import typed_line
from learning.web.notices import done


@reporting.get("/personal/vereinbarungen")
@requires(Action.AGREEMENT_WRITE)
def agreements() -> str:
    """Agreements in the viewer's units, and the form to propose one."""
    return _page(current_viewer(), lookups.courses(db.session), {}, {})


@reporting.post("/personal/vereinbarungen")
@requires(Action.AGREEMENT_WRITE)
@takes("personalnummer", "kurs")
@writes
def propose_agreement() -> ResponseReturnValue:
    """Propose a qualification to a person; an open one for the course stays as it is."""
    viewer, now = current_viewer(), clock.now()
    within = hr_units(viewer)
    typed = {name: typed_line(request.form, name, longest=64) for name in ("personalnummer", "kurs")}
    person = lookups.person_by_hr_key(db.session, typed["personalnummer"], within=within)
    courses = lookups.courses(db.session)
    mistakes = {}
    if person is None:
        mistakes["personalnummer"] = _("Diese Personalnummer gibt es in Ihren Organisationseinheiten nicht.")
    if typed["kurs"] not in {course.id for course in courses}:
        mistakes["kurs"] = _("Wählen Sie einen Kurs aus.")
    if mistakes or person is None:
        return _page(viewer, courses, typed, mistakes), 422
    agreement = rules_of_agreements.propose(
        db.session, person.key, course_id=typed["kurs"], actor=viewer.key, side=Side.HR, now=now
    )
    _log(viewer, agreement, "agreement.propose")
    return done(state_now(agreement), "reporting.agreements")


@reporting.post("/personal/vereinbarungen/<uuid:agreement_id>/bestaetigen")
@requires(Action.AGREEMENT_WRITE)
@takes()
@writes
def confirm_agreement(agreement_id: uuid.UUID) -> ResponseReturnValue:
    """HR confirms its side; a second time changes nothing."""
    viewer = current_viewer()
    agreement = _found(viewer, agreement_id)
    try:
        rules_of_agreements.confirm(db.session, agreement, side=Side.HR, now=clock.now())
    except AgreementEnded:
        return done(state_now(agreement), "reporting.agreements")
    _log(viewer, agreement, "agreement.confirm")
    return done(state_now(agreement), "reporting.agreements")


@reporting.get("/personal/vereinbarungen/<uuid:agreement_id>/beenden")
@requires(Action.AGREEMENT_WRITE)
def ask_to_end_agreement(agreement_id: uuid.UUID) -> str:
    """Ask once more before an agreement ends, or say that it has ended."""
    within = and_(hr_units(current_viewer()), Agreement.id == agreement_id)
    found = agreements_in(db.session, within=within)
    if not found:
        abort(404)
    return render_template("reporting/end_agreement.html", row=agreement_row(found[0]))


@reporting.post("/personal/vereinbarungen/<uuid:agreement_id>/beenden")
@requires(Action.AGREEMENT_WRITE)
@takes()
@writes
def end_agreement(agreement_id: uuid.UUID) -> ResponseReturnValue:
    """HR ends an agreement or takes a proposal back; a second time changes nothing."""
    viewer = current_viewer()
    agreement = _found(viewer, agreement_id)
    if agreement.ended_at is None:
        rules_of_agreements.end(db.session, agreement, now=clock.now())
        _log(viewer, agreement, "agreement.end")
    return done(state_now(agreement), "reporting.agreements")


def _found(viewer: Viewer, agreement_id: uuid.UUID) -> Agreement:
    agreement = agreement_in(db.session, agreement_id, within=hr_units(viewer))
    if agreement is None:
        abort(404)
    return agreement


def _log(viewer: Viewer, agreement: Agreement, action: str) -> None:
    act = Act(
        role=Role.HR,
        action=action,
        object_type="agreement",
        object_id=str(agreement.id),
        subjects=(agreement.person_key,),
        purpose="qualification",
    )
    write_down(db.session, viewer, act, now=clock.now())


def _page(
    viewer: Viewer, courses: Sequence[CourseChoice], typed: Mapping[str, str], mistakes: Mapping[str, str]
) -> str:
    number, course = proposal_fields(courses, typed, mistakes)
    lines = agreements_in(db.session, within=hr_units(viewer))
    return render_template(
        "reporting/agreements.html",
        number=number,
        course=course,
        rows=[agreement_row(line) for line in lines],
        has_mistakes=has_mistakes((number, course)),
    )

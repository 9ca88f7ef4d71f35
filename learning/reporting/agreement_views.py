"""Agreed qualifications (TVöD § 5): HR proposes, confirms, ends; the person does the same at "Meine Daten"."""

import uuid
from dataclasses import dataclass

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from learning import clock
from learning.access import requires
from learning.database import db, writes
from learning.language import date_text
from learning.language import gettext as _
from learning.obligations import agreements as rules_of_agreements
from learning.obligations.agreements import AgreementEnded, Side
from learning.obligations.models import Agreement
from learning.obligations.rules import local_day
from learning.people.permissions import Action
from learning.people.roles import Role
from learning.people.viewer import Viewer
from learning.people.web import current_viewer
from learning.reporting import lookups
from learning.reporting.agreement_queries import AgreementLine, agreement_in, agreements_in
from learning.reporting.blueprint import reporting
from learning.reporting.fields import ChoiceField, form_status
from learning.reporting.names import listed_name
from learning.reporting.reach import Act, hr_units, write_down
from learning.web.forms import TextField, typed_line
from learning.web.links import SelectChoice


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """An agreement in the list. `may_confirm`: HR's side is missing; `may_end`: it has not ended."""

    id: uuid.UUID
    name: str
    unit: str
    address: str
    course: str
    proposed: str
    state: str
    may_confirm: bool
    may_end: bool


@reporting.get("/personal/vereinbarungen")
@requires(Action.AGREEMENT_WRITE)
def agreements() -> str:
    """Agreements in the viewer's units, and the form to propose one."""
    return _page(current_viewer(), *_fields({}))


@reporting.post("/personal/vereinbarungen")
@requires(Action.AGREEMENT_WRITE)
@writes
def propose_agreement() -> ResponseReturnValue:
    """Propose a qualification to a person; an open one for the course stays as it is."""
    viewer, now = current_viewer(), clock.now()
    within = hr_units(viewer)
    typed = {name: typed_line(request.form, name, longest=64) for name in ("personalnummer", "kurs")}
    person = lookups.person_by_hr_key(db.session, typed["personalnummer"], within=within)
    mistakes = {}
    if person is None:
        mistakes["personalnummer"] = _("Diese Personalnummer gibt es in Ihren Organisationseinheiten nicht.")
    if typed["kurs"] not in {course.id for course in lookups.courses(db.session)}:
        mistakes["kurs"] = _("Wählen Sie einen Kurs aus.")
    if mistakes or person is None:
        return _page(viewer, *_fields(typed, mistakes)), 422
    agreement = rules_of_agreements.propose(
        db.session, person.key, course_id=typed["kurs"], actor=viewer.key, side=Side.HR, now=now
    )
    _log(viewer, agreement, "agreement.propose")
    return redirect(url_for("reporting.agreements"), 303)


@reporting.post("/personal/vereinbarungen/<uuid:agreement_id>/bestaetigen")
@requires(Action.AGREEMENT_WRITE)
@writes
def confirm_agreement(agreement_id: uuid.UUID) -> ResponseReturnValue:
    """HR confirms its side; a second time changes nothing."""
    viewer = current_viewer()
    agreement = _found(viewer, agreement_id)
    try:
        rules_of_agreements.confirm(db.session, agreement, side=Side.HR, now=clock.now())
    except AgreementEnded:
        return redirect(url_for("reporting.agreements"), 303)
    _log(viewer, agreement, "agreement.confirm")
    return redirect(url_for("reporting.agreements"), 303)


@reporting.post("/personal/vereinbarungen/<uuid:agreement_id>/beenden")
@requires(Action.AGREEMENT_WRITE)
@writes
def end_agreement(agreement_id: uuid.UUID) -> ResponseReturnValue:
    """HR ends an agreement or takes a proposal back; a second time changes nothing."""
    viewer = current_viewer()
    agreement = _found(viewer, agreement_id)
    if agreement.ended_at is None:
        rules_of_agreements.end(db.session, agreement, now=clock.now())
        _log(viewer, agreement, "agreement.end")
    return redirect(url_for("reporting.agreements"), 303)


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


def _page(viewer: Viewer, number: TextField, course: ChoiceField) -> str:
    lines = agreements_in(db.session, within=hr_units(viewer))
    return render_template(
        "reporting/agreements.html",
        number=number,
        course=course,
        rows=[_row(line) for line in lines],
        status=form_status((number, course)),
    )


def _fields(typed: dict[str, str], mistakes: dict[str, str] | None = None) -> tuple[TextField, ChoiceField]:
    found = mistakes or {}
    chosen = typed.get("kurs", "")
    choices = [SelectChoice("", _("Bitte wählen"), not chosen)]
    choices += [SelectChoice(one.id, one.title, one.id == chosen) for one in lookups.courses(db.session)]
    number = TextField(
        "personalnummer",
        _("Personalnummer"),
        value=typed.get("personalnummer", ""),
        mistake=found.get("personalnummer", ""),
        longest=64,
    )
    return number, ChoiceField("kurs", _("Kurs"), tuple(choices), found.get("kurs", ""))


def _row(line: AgreementLine) -> AgreementRow:
    return AgreementRow(
        id=line.id,
        name=listed_name(line.given_name, line.family_name),
        unit=line.unit_name,
        address=url_for("reporting.person", person_id=line.person_id),
        course=line.course_title or line.course_id,
        proposed=date_text(local_day(line.proposed_at)),
        state=_state(line),
        may_confirm=line.ended_at is None and line.confirmed_by_hr_at is None,
        may_end=line.ended_at is None,
    )


def _state(line: AgreementLine) -> str:
    if line.ended_at:
        return _("beendet am %(day)s", day=date_text(local_day(line.ended_at)))
    if line.in_force_on:
        return _("gilt seit %(day)s", day=date_text(line.in_force_on))
    if line.confirmed_by_hr_at is None:
        return _("wartet auf Ihre Bestätigung")
    return _("wartet auf die Bestätigung der Person")

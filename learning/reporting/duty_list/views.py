"""The list of people with their duties, and the same as a file. Each look is logged with who was seen."""

from dataclasses import replace

from flask import Response, abort, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement

from learning import clock
from learning.access import requires
from learning.database import db, unit_of_work
from learning.obligations import overviews, queries
from learning.obligations.overviews import Choices
from learning.obligations.queries import Filters
from learning.people.accounts import name_key
from learning.people.permissions import Action
from learning.people.roles import Role
from learning.people.web import current_viewer
from learning.reporting.addresses import address_with
from learning.reporting.blueprint import reporting
from learning.reporting.duty_list import exports
from learning.reporting.duty_list.filters import Asked, NoSuchFilter, asked
from learning.reporting.duty_list.pages import NOBODY, list_page
from learning.reporting.reach import Act, hr_units, scope_text, write_down
from learning.reporting.stands import Stand, stand_of, within_reach

PAGE_SIZE = 25
# No key of a unit or a rule, so nobody is found.
NONE = -1


@reporting.get("/personal/liste")
@requires(Action.DUTIES_SEE)
def people() -> ResponseReturnValue:
    """People of the viewer's units with their duties, today or as of an earlier day."""
    viewer = current_viewer()
    within = hr_units(viewer)
    wanted, stand, choices = _wanted(within)
    filters = _filters(wanted, choices, stand)
    if stand.mistake:
        page = list_page(wanted, choices, NOBODY, size=PAGE_SIZE, stand=stand)
        return render_template("reporting/list.html", page=page), 422
    found = queries.people_list(db.session, filters, within=within, today=stand.day, facts=stand.facts)
    page = list_page(wanted, choices, found, size=PAGE_SIZE, stand=stand)
    if found.lines:
        subjects = tuple(line.key for line in found.lines)
        act = _act("duties.see", wanted, subjects)
        unit_of_work(db.session, lambda work: write_down(work, viewer, act, now=clock.now()))
    return render_template("reporting/list.html", page=page)


@reporting.get("/personal/liste.csv")
@requires(Action.DUTIES_EXPORT)
def export_people() -> ResponseReturnValue:
    """The duties under the same filters as a file, one line each; logged before the first line is sent."""
    viewer = current_viewer()
    within = hr_units(viewer)
    wanted, stand, choices = _wanted(within)
    filters = _filters(wanted, choices, stand)
    if stand.mistake:
        return redirect(address_with("reporting.people", wanted.address))
    subjects = exports.people_in(db.session, filters, within=within, stand=stand)
    act = _act("duties.export", wanted, subjects)
    unit_of_work(db.session, lambda work: write_down(work, viewer, act, now=clock.now()))
    lines = exports.duty_lines(db.engine, filters, within=within, stand=stand)
    answer = Response(lines, content_type="text/csv; charset=utf-8")
    name = f"pflichten-stand-{stand.day}" if stand.is_past else f"pflichten-{stand.day}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def _wanted(within: ColumnElement[bool]) -> tuple[Asked, Stand, Choices]:
    """The filters of the address, the day that they are about, and what there was to choose from on it."""
    try:
        wanted = asked(request.args)
    except NoSuchFilter:
        abort(404)
    stand = stand_of(wanted.stand, today=clock.today())
    choices = overviews.choices(db.session, within=within, today=stand.day, facts=stand.facts)
    return replace(wanted, stand=stand.typed), within_reach(stand, choices.first_day), choices


def _filters(wanted: Asked, choices: Choices, stand: Stand) -> Filters:
    """The filters as keys. Units and duties that are foreign answer like those that do not exist.

    As of an earlier day neither is found there; today neither page exists.
    """
    units = {unit.id: unit.key for unit in choices.units}
    rules = {rule.id: rule.key for rule in choices.rules}
    # What was chosen for today need not have been there on an earlier day.
    if not stand.typed and ((wanted.unit and wanted.unit not in units) or (wanted.rule and wanted.rule not in rules)):
        abort(404)
    return Filters(
        text=wanted.text,
        name_key=name_key(wanted.text),
        unit_keys=(units.get(wanted.unit, NONE),) if wanted.unit else (),
        rule_keys=(rules.get(wanted.rule, NONE),) if wanted.rule else (),
        statuses=wanted.statuses,
        page=wanted.page,
        size=PAGE_SIZE,
    )


def _act(action: str, wanted: Asked, subjects: tuple[int, ...]) -> Act:
    filters = (("einheit", wanted.unit), ("pflicht", wanted.rule), ("status", wanted.status))
    scope = scope_text((*filters, ("stand", wanted.stand)))
    return Act(
        role=Role.HR,
        action=action,
        object_type="duties",
        subjects=subjects,
        scope=scope,
        purpose="deadlines",
    )

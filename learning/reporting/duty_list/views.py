"""The list of people with their duties, and the same as a file. Each look is logged with who was seen."""

from flask import Response, abort, render_template, request

from learning import clock
from learning.access import requires
from learning.database import db, unit_of_work
from learning.obligations import queries
from learning.obligations.queries import Filters, Overview
from learning.people.accounts import name_key
from learning.people.permissions import Action
from learning.people.roles import Role
from learning.people.web import current_viewer
from learning.reporting.blueprint import reporting
from learning.reporting.duty_list import exports
from learning.reporting.duty_list.filters import Asked, NoSuchFilter, asked
from learning.reporting.duty_list.pages import list_page
from learning.reporting.reach import Act, hr_units, scope_text, write_down

PAGE_SIZE = 25


@reporting.get("/personal/liste")
@requires(Action.DUTIES_SEE)
def people() -> str:
    """People of the viewer's units with their duties."""
    viewer, today = current_viewer(), clock.today()
    within = hr_units(viewer)
    wanted = _wanted()
    overview = queries.overview(db.session, within=within, today=today)
    filters = _filters(wanted, overview)
    found = queries.people_list(db.session, filters, within=within, today=today)
    page = list_page(wanted, overview, found, size=PAGE_SIZE, today=today)
    if found.lines:
        subjects = tuple(line.key for line in found.lines)
        act = _act("duties.see", wanted, subjects)
        unit_of_work(db.session, lambda work: write_down(work, viewer, act, now=clock.now()))
    return render_template("reporting/list.html", page=page)


@reporting.get("/personal/liste.csv")
@requires(Action.DUTIES_EXPORT)
def export_people() -> Response:
    """The duties under the same filters as a file, one line each; logged before the first line is sent."""
    viewer, today = current_viewer(), clock.today()
    within = hr_units(viewer)
    wanted = _wanted()
    filters = _filters(wanted, queries.overview(db.session, within=within, today=today))

    subjects = exports.people_in(db.session, filters, within=within, today=today)
    act = _act("duties.export", wanted, subjects)
    unit_of_work(db.session, lambda work: write_down(work, viewer, act, now=clock.now()))
    lines = exports.duty_lines(db.engine, filters, within=within, today=today)
    answer = Response(lines, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="pflichten-{today.isoformat()}.csv"'
    return answer


def _wanted() -> Asked:
    try:
        return asked(request.args)
    except NoSuchFilter:
        abort(404)


def _filters(wanted: Asked, overview: Overview) -> Filters:
    """The filters as keys. Units and duties that are foreign answer like those that do not exist."""
    units = {unit.id: unit.key for unit, _count in overview.units}
    rules = {rule.id: rule.key for rule, _count in overview.rules}
    if (wanted.unit and wanted.unit not in units) or (wanted.rule and wanted.rule not in rules):
        abort(404)
    return Filters(
        text=wanted.text,
        name_key=name_key(wanted.text),
        unit_keys=(units[wanted.unit],) if wanted.unit else (),
        rule_keys=(rules[wanted.rule],) if wanted.rule else (),
        statuses=wanted.statuses,
        page=wanted.page,
        size=PAGE_SIZE,
    )


def _act(action: str, wanted: Asked, subjects: tuple[int, ...]) -> Act:
    scope = scope_text((("einheit", wanted.unit), ("pflicht", wanted.rule), ("status", wanted.status)))
    return Act(
        role=Role.HR,
        action=action,
        object_type="duties",
        subjects=subjects,
        scope=scope,
        purpose="deadlines",
    )

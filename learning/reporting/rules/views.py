"""Rules: the list, making one after a dry run, ending one after a second look."""

import datetime
import uuid

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from learning import clock
from learning.access import requires
from learning.database import db, unit_of_work
from learning.language import date_text
from learning.language import gettext as _
from learning.obligations import actions
from learning.obligations.actions import RuleDoesNotFit, RuleDraft, UnknownUnit
from learning.obligations.cycles import Reach
from learning.obligations.dry_runs import DryRun, dry_run
from learning.obligations.models import AssignmentRule
from learning.obligations.sweeps import sweep_in_slices
from learning.people.permissions import Action, scope_of
from learning.people.roles import Role
from learning.people.viewer import Viewer
from learning.people.web import current_viewer
from learning.reporting import lookups
from learning.reporting.blueprint import reporting
from learning.reporting.lookups import Offered
from learning.reporting.reach import Act, hr_units, write_down
from learning.reporting.rules import queries
from learning.reporting.rules.forms import LINES, Typed, conflict_mistakes, empty_form, read_draft, typed_form
from learning.reporting.rules.pages import rule_form, rule_row
from learning.reporting.rules.queries import RuleInForce
from learning.web.declared_forms import takes
from learning.web.notices import done

MAKE = "anlegen"


@reporting.get("/personal/pflichtregeln")
@requires(Action.RULE_WRITE)
def rules() -> str:
    """Rules that concern the viewer's units."""
    viewer, today = current_viewer(), clock.today()
    within = hr_units(viewer)
    scope = scope_of(viewer, Role.HR)
    is_whole = queries.is_whole_house(db.session, within=within)
    found = queries.rules_in(db.session, within=within, today=today)
    rows = [rule_row(rule, may_end=queries.may_end(rule, scope, is_whole_house=is_whole)) for rule in found]
    return render_template("reporting/rules.html", rows=rows)


@reporting.get("/personal/pflichtregeln/neu")
@requires(Action.RULE_WRITE)
def new_rule() -> str:
    """An empty form."""
    offered = lookups.offered(db.session, within=hr_units(current_viewer()))
    return _form(offered, empty_form(clock.today()), {}, None)


@reporting.post("/personal/pflichtregeln/neu")
@requires(Action.RULE_WRITE)
@takes(*LINES, "einheiten", "schritt", "gesehen")
def make_rule() -> ResponseReturnValue:
    """A dry run, which leaves nothing behind, or the rule itself; the same form sent twice makes one rule."""
    viewer = current_viewer()
    within = hr_units(viewer)
    typed = typed_form(request.form, request.form.getlist("einheiten"))
    offered = lookups.offered(db.session, within=within)
    draft, mistakes = read_draft(typed, offered, today=clock.today())
    if draft is None:
        return _form(offered, typed, mistakes, None), 422
    try:
        # What was changed after the dry run is not made: the form shows a new one instead.
        if request.form.get("schritt") == MAKE and request.form.get("gesehen") == typed.digest:
            return _make(viewer, typed, draft)
        found = dry_run(db.session, draft, within=within, today=clock.today())
    except RuleDoesNotFit as problem:
        return _form(offered, typed, conflict_mistakes(problem.conflicts), None), 422
    except UnknownUnit:
        mistake = {"zielgruppe": _("Sie können nur Organisationseinheiten verpflichten, für die Sie zuständig sind.")}
        return _form(offered, typed, mistake, None), 422
    return _form(offered, typed, {}, found)


def _make(viewer: Viewer, typed: Typed, draft: RuleDraft) -> ResponseReturnValue:
    rule_key = unit_of_work(db.session, lambda session: _made(session, viewer, typed, draft))
    # Sent again after an interruption it goes on where it was, and so does the sweep of every night.
    sweep_in_slices(db.engine, Reach(rules=[rule_key]), today=clock.today(), now=clock.now())
    return done(_("Die Pflichtregel ist angelegt."), "reporting.rules")


def _made(session: Session, viewer: Viewer, typed: Typed, draft: RuleDraft) -> int:
    now, within, key = clock.now(), hr_units(viewer), typed.key
    is_known = session.scalar(select(AssignmentRule.key).where(AssignmentRule.request_key == key)) is not None
    rule = actions.make_rule(session, draft, within=within, actor=viewer.key, request_key=key, now=now)
    if not is_known:
        _log(session, viewer, rule.id, "rule.make")
    return rule.key


@reporting.get("/personal/pflichtregeln/<uuid:rule_id>/beenden")
@requires(Action.RULE_WRITE)
def ask_to_end_rule(rule_id: uuid.UUID) -> str:
    """Ask once more before a rule ends, or say that it has ended."""
    rule = _endable(db.session, current_viewer(), rule_id)
    ended_on = date_text(rule.ends_on) if rule.has_ended and rule.ends_on else ""
    return render_template("reporting/end_rule.html", rule=rule, ended_on=ended_on)


@reporting.post("/personal/pflichtregeln/<uuid:rule_id>/beenden")
@requires(Action.RULE_WRITE)
@takes()
def end_rule(rule_id: uuid.UUID) -> ResponseReturnValue:
    """The rule ends with today; a second time changes nothing."""
    viewer = current_viewer()
    rule_key, last_day = unit_of_work(db.session, lambda session: _ended(session, viewer, rule_id))
    sweep_in_slices(db.engine, Reach(rules=[rule_key]), today=clock.today(), now=clock.now())
    words = _("Die Pflichtregel ist beendet. Ihr letzter Tag: %(day)s", day=date_text(last_day))
    return done(words, "reporting.rules")


def _ended(session: Session, viewer: Viewer, rule_id: uuid.UUID) -> tuple[int, datetime.date]:
    found = _endable(session, viewer, rule_id)
    today = clock.today()
    rule = session.get_one(AssignmentRule, found.key)
    if rule.ends_on is None or rule.ends_on > today:
        actions.end_rule(session, rule, last_day=max(today, rule.starts_on), now=clock.now())
        _log(session, viewer, rule_id, "rule.end")
    return rule.key, rule.ends_on or today


def _endable(session: Session, viewer: Viewer, rule_id: uuid.UUID) -> RuleInForce:
    """A rule that is for nobody outside of the viewer's units; any other looks as if it did not exist."""
    within = hr_units(viewer)
    rule = queries.rule_in(session, rule_id, within=within, today=clock.today())
    if rule is None:
        abort(404)
    is_whole = queries.is_whole_house(session, within=within)
    if not queries.may_end(rule, scope_of(viewer, Role.HR), is_whole_house=is_whole):
        abort(404)
    return rule


def _log(session: Session, viewer: Viewer, rule_id: uuid.UUID, action: str) -> None:
    act = Act(role=Role.HR, action=action, object_type="rule", object_id=str(rule_id), purpose="duties")
    write_down(session, viewer, act, now=clock.now())


def _form(offered: Offered, typed: Typed, mistakes: dict[str, str], found: DryRun | None) -> str:
    form = rule_form(typed, mistakes, offered, found, today=clock.today())
    return render_template("reporting/rule_form.html", form=form)

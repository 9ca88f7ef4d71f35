"""Rules for the pages of HR: which ones concern their units, and which of them they may end."""

import datetime
import uuid
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from learning.library.models import Edition, StoredCourse
from learning.obligations.models import AssignmentRule, RuleUnit
from learning.people.models import Unit
from learning.people.permissions import Scope


@dataclass(frozen=True, slots=True)
class RuleAudience:
    """A unit that a rule is for."""

    name: str
    path: str
    includes_sub_units: bool


@dataclass(frozen=True, slots=True)
class RuleInForce:
    """A rule with its audience, all units of it."""

    key: int
    id: uuid.UUID
    title: str
    course_id: str
    course_title: str | None
    is_for_everyone: bool
    recurrence: str
    period_months: int | None
    season_month: int | None
    season_day: int | None
    ends_on: datetime.date | None
    has_ended: bool
    units: tuple[RuleAudience, ...]


def rules_in(session: Session, *, within: ColumnElement[bool], today: datetime.date) -> tuple[RuleInForce, ...]:
    """Rules that reach somebody of the units: those for everyone, and those for one of them. Two queries."""
    return _rules(session, _concerns(within), today)


def rule_in(
    session: Session, rule_id: uuid.UUID, *, within: ColumnElement[bool], today: datetime.date
) -> RuleInForce | None:
    """One of these rules, None where it is absent or for others. Two queries."""
    found = _rules(session, _concerns(within) & (AssignmentRule.id == rule_id), today)
    return found[0] if found else None


def may_end(rule: RuleInForce, scope: Scope, *, is_whole_house: bool) -> bool:
    """True if nobody outside of the scope is under the rule."""
    if rule.is_for_everyone:
        return is_whole_house
    return all(_is_covered(unit, scope) for unit in rule.units)


def _is_covered(unit: RuleAudience, scope: Scope) -> bool:
    if unit.includes_sub_units:
        return any(unit.path.startswith(prefix) for prefix in scope.prefixes)
    return scope.covers(unit.path)


def is_whole_house(session: Session, *, within: ColumnElement[bool]) -> bool:
    """True if no unit lies outside. One query."""
    return not session.scalar(select(exists().where(~within).select_from(Unit)))


def _concerns(within: ColumnElement[bool]) -> ColumnElement[bool]:
    for_units = select(RuleUnit.rule_key).join(Unit, Unit.key == RuleUnit.unit_key).where(within)
    return or_(AssignmentRule.is_for_everyone, AssignmentRule.key.in_(for_units))


def _rules(session: Session, condition: ColumnElement[bool], today: datetime.date) -> tuple[RuleInForce, ...]:
    columns = (
        *(AssignmentRule.key, AssignmentRule.id, AssignmentRule.title, AssignmentRule.course_id, Edition.title),
        *(AssignmentRule.is_for_everyone, AssignmentRule.recurrence, AssignmentRule.period_months),
        *(AssignmentRule.season_month, AssignmentRule.season_day, AssignmentRule.ends_on),
    )
    statement = (
        select(*columns)
        .outerjoin(StoredCourse, StoredCourse.id == AssignmentRule.course_id)
        .outerjoin(Edition, Edition.key == StoredCourse.edition_key)
        .where(condition)
        .order_by(AssignmentRule.title, AssignmentRule.key)
    )
    rows = session.execute(statement).all()
    audiences: dict[int, list[RuleAudience]] = {row[0]: [] for row in rows}
    of_rules = (
        select(RuleUnit.rule_key, Unit.name, Unit.path, RuleUnit.includes_sub_units)
        .join(Unit, Unit.key == RuleUnit.unit_key)
        .where(RuleUnit.rule_key.in_(audiences))
        .order_by(Unit.path)
    )
    for rule_key, name, path, includes_sub_units in session.execute(of_rules):
        audiences[rule_key].append(RuleAudience(name, path, includes_sub_units))
    return tuple(
        RuleInForce(*row, has_ended=row.ends_on is not None and row.ends_on < today, units=tuple(audiences[row[0]]))
        for row in rows
    )

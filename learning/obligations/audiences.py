"""Whom a rule is for on a day, as conditions over people and their units. Cycles are kept in step with this."""

import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased

from learning.obligations.models import AssignmentRule, RuleUnit
from learning.people.models import Person, Unit


def in_audience(today: datetime.date) -> ColumnElement[bool]:
    """True where the rule is for the person; the statement joins AssignmentRule, Person and the person's Unit."""
    named = aliased(Unit)
    by_unit = (
        select(RuleUnit.rule_key)
        .join(named, named.key == RuleUnit.unit_key)
        .where(
            RuleUnit.rule_key == AssignmentRule.key,
            or_(named.key == Unit.key, and_(RuleUnit.includes_sub_units, Unit.path.startswith(named.path))),
        )
        .correlate(AssignmentRule, Unit)
        .exists()
    )
    return and_(~has_ended(today), is_here(today), or_(AssignmentRule.is_for_everyone, by_unit))


def is_here(today: datetime.date) -> ColumnElement[bool]:
    """True for people who work here on that day; the last day counts."""
    return and_(Person.is_active, or_(Person.left_on.is_(None), Person.left_on >= today))


def has_ended(today: datetime.date) -> ColumnElement[bool]:
    """True for rules whose last day is over."""
    return and_(AssignmentRule.ends_on.is_not(None), func.coalesce(AssignmentRule.ends_on, today) < today)

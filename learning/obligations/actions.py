"""What HR does with obligations: make and end rules, exempt, suspend. Every action keeps cycles and totals in step.

Callers have checked that the acting person may do it; units and people outside of `within`, a condition over
`Unit.path`, are refused here as unknown. Nothing commits.
"""

import datetime
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, insert, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from learning.library.models import Edition, StoredCourse
from learning.obligations import cycles, projection, rules, status_sql, sweeps
from learning.obligations.models import AssignmentRule, Cycle, Exemption, RuleUnit, Suspension
from learning.obligations.rules import Absence, Anchor, Basis, Conflict, Recurrence
from learning.people.models import Unit


class UnknownCourse(Exception):
    """No published course has this id."""


class UnknownUnit(Exception):
    """A unit does not exist or lies outside of what the acting person reaches."""


class UnknownRule(Exception):
    """No rule has this id, or it is for units outside of what the acting person reaches."""


class NotInRule(Exception):
    """The person has no current cycle of this rule."""


class AlreadyFulfilled(Exception):
    """A fulfilled cycle needs no exemption."""


class EndsBeforeItBegins(Exception):
    """The last day lies before the first."""


class Overlapping(Exception):
    """The person is suspended on some of these days already; withdraw that suspension first."""


class RuleDoesNotFit(Exception):
    """The numbers of a rule contradict each other; `conflicts` names all of them."""

    def __init__(self, conflicts: tuple[Conflict, ...]) -> None:
        super().__init__(", ".join(conflicts))
        self.conflicts = conflicts


ONCE = Recurrence(Basis.ONCE)


@dataclass(frozen=True, slots=True)
class Audience:
    """Everyone, or units with or without their sub-units: pairs of unit key and whether they are included."""

    is_everyone: bool = False
    units: tuple[tuple[int, bool], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDraft:
    """A rule as its form describes it. `days` belongs to anchors that count, `fixed_due_on` to the fixed one."""

    course_id: str
    title: str
    audience: Audience
    starts_on: datetime.date
    anchor: Anchor = Anchor.RULE_START
    days: int = 30
    fixed_due_on: datetime.date | None = None
    ends_on: datetime.date | None = None
    recurrence: Recurrence = ONCE
    repeat_course_id: str | None = None
    counts_since: datetime.date | None = None
    legal_basis: str = ""


def make_rule(
    session: Session,
    draft: RuleDraft,
    *,
    within: ColumnElement[bool],
    actor: int,
    request_key: str,
    now: datetime.datetime,
) -> AssignmentRule:
    """Make a rule; the same `request_key` again answers the rule that it made.

    Cycles are opened for the first slice of people, so for everybody in a small authority; `sweeps.sweep_in_slices`
    goes on after the commit, and a nightly sweep where that was interrupted. Raises RuleDoesNotFit, UnknownCourse,
    UnknownUnit.
    """
    known = session.scalar(select(AssignmentRule).where(AssignmentRule.request_key == request_key))
    if known is not None:
        return known
    check_numbers(draft)
    paths_in_reach(session, draft.audience, within)
    days = rules.realistic_days(minutes_of(session, draft))
    insert_row = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    values = _columns(draft) | {"realistic_days": days, "request_key": request_key, "made_by": actor, "made_at": now}
    statement = insert_row(AssignmentRule).values(**values).on_conflict_do_nothing(index_elements=["request_key"])
    key = session.scalar(statement.returning(AssignmentRule.key))
    rule = session.scalars(select(AssignmentRule).where(AssignmentRule.request_key == request_key)).one()
    if key is None:
        return rule
    if draft.audience.units:
        units = [
            {"rule_key": key, "unit_key": unit, "includes_sub_units": includes}
            for unit, includes in draft.audience.units
        ]
        session.execute(insert(RuleUnit), units)
    _sweep_first_slice(session, key, now=now)
    return rule


def _sweep_first_slice(session: Session, rule_key: int, *, now: datetime.datetime) -> None:
    for span in sweeps.spans(session)[:1]:
        cycles.sweep(session, cycles.Reach(rules=[rule_key], span=span), today=rules.local_day(now), now=now)


def check_numbers(draft: RuleDraft) -> None:
    """Refuse numbers that contradict each other. Raises RuleDoesNotFit."""
    found = rules.conflicts(draft.recurrence)
    if draft.days < 0:
        found = (*found, Conflict.NEGATIVE)
    if draft.anchor is Anchor.FIXED and draft.fixed_due_on is None:
        found = (*found, Conflict.DUE_DATE_MISSING)
    if draft.ends_on is not None and draft.ends_on < draft.starts_on:
        found = (*found, Conflict.ENDS_BEFORE_IT_BEGINS)
    if draft.audience.is_everyone == bool(draft.audience.units):
        found = (*found, Conflict.AUDIENCE_UNCLEAR)
    if found:
        raise RuleDoesNotFit(found)


def paths_in_reach(session: Session, audience: Audience, within: ColumnElement[bool]) -> dict[int, str]:
    """Paths of the units of an audience by key. Raises UnknownUnit where one is not reached.

    Everyone, and sub-units, need all of them to be reached.
    """
    outside = select(func.count()).select_from(Unit).where(~within)
    if audience.is_everyone:
        if session.scalar(outside):
            raise UnknownUnit("everyone")
        return {}
    keys = [key for key, _includes in audience.units]
    rows = session.execute(select(Unit.key, Unit.path).where(Unit.key.in_(keys), within))
    paths: dict[int, str] = {row.key: row.path for row in rows}
    if set(keys) - set(paths):
        raise UnknownUnit(", ".join(str(key) for key in sorted(set(keys) - set(paths))))
    for key, includes in audience.units:
        if includes and session.scalar(outside.where(Unit.path.startswith(paths[key]))):
            raise UnknownUnit(str(key))
    return paths


def minutes_of(session: Session, draft: RuleDraft) -> int:
    """Minutes that the draft's course needs. Raises UnknownCourse, for the course of the repeat as well."""
    wanted = {draft.course_id, draft.repeat_course_id} - {None}
    statement = (
        select(StoredCourse.id, Edition.minutes)
        .join(Edition, Edition.key == StoredCourse.edition_key)
        .where(StoredCourse.id.in_(wanted))
    )
    minutes: dict[str, int] = {row.id: row.minutes for row in session.execute(statement)}
    if wanted - set(minutes):
        raise UnknownCourse(", ".join(sorted(str(course) for course in wanted - set(minutes))))
    return minutes[draft.course_id]


def _columns(draft: RuleDraft) -> dict[str, object]:
    recurrence = draft.recurrence
    is_season = recurrence.basis is Basis.SEASON
    repeats = recurrence.basis is not Basis.ONCE
    return {
        "id": uuid.uuid4(),
        "course_id": draft.course_id,
        "repeat_course_id": draft.repeat_course_id,
        "title": draft.title,
        "is_for_everyone": draft.audience.is_everyone,
        "anchor": draft.anchor.value,
        "fixed_due_on": draft.fixed_due_on if draft.anchor is Anchor.FIXED else None,
        "days": None if draft.anchor is Anchor.FIXED else draft.days,
        "starts_on": draft.starts_on,
        "ends_on": draft.ends_on,
        "recurrence": recurrence.basis.value,
        "period_months": recurrence.period_months if repeats else None,
        "window_days": recurrence.window_days if repeats else None,
        "min_active_days": recurrence.min_active_days if repeats else None,
        "season_month": recurrence.season_month if is_season else None,
        "season_day": recurrence.season_day if is_season else None,
        "counts_since": draft.counts_since,
        "legal_basis": draft.legal_basis,
    }


def end_rule(session: Session, rule: AssignmentRule, *, last_day: datetime.date, now: datetime.datetime) -> None:
    """The rule's last day is set; once it is over, cycles close with the reason. Proofs stay as they are.

    A rule that has ended stays ended. People are swept as in `make_rule`. Raises EndsBeforeItBegins.
    """
    today = rules.local_day(now)
    if rule.ends_on is not None and rule.ends_on < today:
        return
    if last_day < rule.starts_on - rules.DAY:
        raise EndsBeforeItBegins(last_day.isoformat())
    projection.lock_rules(session, [rule.key])
    rule.ends_on = last_day
    session.flush()
    _sweep_first_slice(session, rule.key, now=now)


def exempt(
    session: Session,
    person_key: int,
    *,
    rule_key: int,
    reason: str,
    from_on: datetime.date,
    until_on: datetime.date | None,
    now: datetime.datetime,
) -> None:
    """Take one person out of one rule's current cycle for a time; `reason` is a code from a closed list of the form.

    Doing it again changes the dates; what was said before is kept. Raises NotInRule, AlreadyFulfilled,
    EndsBeforeItBegins.
    """
    if until_on is not None and until_on < from_on:
        raise EndsBeforeItBegins(until_on.isoformat())
    with _current_cycle(session, person_key, rule_key) as cycle:
        _say_exempt(session, cycle, from_on, until_on=until_on, reason=reason, now=now)


def end_exemption(
    session: Session, person_key: int, *, rule_key: int, last_day: datetime.date, now: datetime.datetime
) -> None:
    """The exemption ends on `last_day`; a day before its beginning takes it back. Raises NotInRule."""
    with _current_cycle(session, person_key, rule_key) as cycle:
        if cycle.exempt_from is not None and last_day < cycle.exempt_from:
            _say_exempt(session, cycle, None, until_on=None, reason=None, now=now)
        elif cycle.exempt_from is not None:
            _say_exempt(session, cycle, cycle.exempt_from, until_on=last_day, reason=cycle.exemption_reason, now=now)


def _say_exempt(
    session: Session,
    cycle: Cycle,
    from_on: datetime.date | None,
    *,
    until_on: datetime.date | None,
    reason: str | None,
    now: datetime.datetime,
) -> None:
    """The cycle holds what is true now, the row beside it since when; saying the same again adds nothing."""
    if (cycle.exempt_from, cycle.exempt_until, cycle.exemption_reason) == (from_on, until_on, reason):
        return
    cycle.exempt_from, cycle.exempt_until, cycle.exemption_reason = from_on, until_on, reason
    session.add(Exemption(cycle_key=cycle.key, from_on=from_on, until_on=until_on, reason=reason, recorded_at=now))


def contradicting_exemptions(session: Session) -> Sequence[int]:
    """Keys of cycles whose exemption is not what was said last: the two are written together, so there are none.

    Pages of today read the cycle, pages of an earlier day what was said. One query.
    """
    newest = select(Exemption.cycle_key, func.max(Exemption.key).label("key")).group_by(Exemption.cycle_key).subquery()
    held_and_said = (
        (Cycle.exempt_from, Exemption.from_on),
        (Cycle.exempt_until, Exemption.until_on),
        (Cycle.exemption_reason, Exemption.reason),
    )
    statement = (
        select(Cycle.key)
        .outerjoin(newest, newest.c.cycle_key == Cycle.key)
        .outerjoin(Exemption, Exemption.key == newest.c.key)
        .where(or_(*(held.is_distinct_from(said) for held, said in held_and_said)))
        .order_by(Cycle.key)
    )
    return session.scalars(statement).all()


@contextmanager
def _current_cycle(session: Session, person_key: int, rule_key: int) -> Iterator[Cycle]:
    projection.lock_rules(session, [rule_key])
    condition = and_(Cycle.rule_key == rule_key, Cycle.person_key == person_key)
    found = select(Cycle).where(condition, status_sql.is_current()).execution_options(populate_existing=True)
    cycle = session.scalar(found)
    if cycle is None:
        raise NotInRule(str(person_key))
    if cycle.proof_key is not None:
        raise AlreadyFulfilled(str(person_key))
    with projection.moving(session, condition):
        yield cycle


def suspend(
    session: Session,
    person_key: int,
    *,
    from_on: datetime.date,
    until_on: datetime.date,
    actor: int | None,
    now: datetime.datetime,
) -> Suspension:
    """Record that a person is away from one day to another, both included; no reason is asked or kept.

    The same days again answer what is recorded. Raises EndsBeforeItBegins, Overlapping.
    """
    if until_on < from_on:
        raise EndsBeforeItBegins(until_on.isoformat())
    condition = _cycles_of(session, person_key)
    known = _suspensions(session, person_key)
    for each in known:
        if (each.from_on, each.until_on) == (from_on, until_on):
            return each
    absences = [Absence(each.from_on, each.until_on) for each in known]
    if not rules.is_disjoint([*absences, Absence(from_on, until_on)]):
        raise Overlapping(str(person_key))
    suspension = Suspension(
        person_key=person_key, from_on=from_on, until_on=until_on, recorded_by=actor, recorded_at=now
    )
    with projection.moving(session, condition):
        session.add(suspension)
    return suspension


def withdraw_suspension(session: Session, suspension: Suspension, *, now: datetime.datetime) -> None:
    """A suspension was wrong or ends otherwise: it no longer counts, its row stays. A second time changes nothing."""
    condition = _cycles_of(session, suspension.person_key)
    session.refresh(suspension)
    if suspension.withdrawn_at is not None:
        return
    with projection.moving(session, condition):
        suspension.withdrawn_at = now


def _cycles_of(session: Session, person_key: int) -> ColumnElement[bool]:
    """Hold all rules, so that none opens a cycle for the person meanwhile; the condition that finds their cycles."""
    locked = projection.lock_all_rules(session)
    return and_(Cycle.rule_key.in_(locked), Cycle.person_key == person_key)


def _suspensions(session: Session, person_key: int) -> list[Suspension]:
    statement = select(Suspension).where(Suspension.person_key == person_key, Suspension.withdrawn_at.is_(None))
    return list(session.scalars(statement.order_by(Suspension.from_on)))

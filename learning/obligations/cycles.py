"""Cycles kept in step with people, rules and proofs: opened, fulfilled, followed, moved and closed, set by set.

`sweep` is called by the composition layer after commits that change people or units, by the actions of this feature,
and for everybody, slice by slice, by `sweeps`. It heals itself: what an earlier call missed the next one does. No query
is made per person.
"""

import datetime
from collections.abc import Collection, Iterable, Sequence
from dataclasses import astuple, dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    SQLColumnExpression,
    Subquery,
    and_,
    case,
    func,
    insert,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session, aliased

from learning.obligations import projection, status_sql
from learning.obligations.audiences import has_ended, in_audience, is_here
from learning.obligations.models import AssignmentRule, Cycle, CycleMove, Proof, ProofCorrection
from learning.obligations.rules import (
    DAY,
    Anchor,
    Basis,
    ClosingReason,
    Recurrence,
    counts_from,
    first_due_on,
    next_cycle,
    realistic_due_on,
)
from learning.people.models import Person, Unit

# A chain of cycles that follow each other in one sweep: longer than any history that proofs can have.
MOST_ROUNDS = 200
MOST_PEOPLE = 1000


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did, counted in cycles."""

    opened: int = 0
    fulfilled: int = 0
    closed: int = 0
    moved: int = 0

    def __add__(self, other: "Swept") -> "Swept":
        """What two sweeps did together."""
        mine, theirs = astuple(self), astuple(other)
        return Swept(*(one + another for one, another in zip(mine, theirs, strict=True)))


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom and which rules a sweep looks at; None means all. `people` are keys and few; many are swept as all.

    `span` has the first and the last key of a slice of people instead.
    """

    people: Collection[int] | None = None
    rules: Collection[int] | None = None
    span: tuple[int, int] | None = None

    def holds(self, person_key: SQLColumnExpression[int]) -> ColumnElement[bool] | None:
        """True for the people meant; None where everybody is."""
        if self.span is not None:
            return person_key.between(*self.span)
        if self.people is not None and len(self.people) <= MOST_PEOPLE:
            return person_key.in_(self.people)
        return None


EVERYTHING = Reach()


def sweep(session: Session, reach: Reach = EVERYTHING, *, today: datetime.date, now: datetime.datetime) -> Swept:
    """Bring cycles in step with the people, rules and proofs of now; a second call finds nothing to do."""
    session.flush()
    wanted = select(AssignmentRule.key)
    if reach.rules is not None:
        wanted = wanted.where(AssignmentRule.key.in_(reach.rules))
    rules = projection.lock_rules(session, session.scalars(wanted).all())
    if not rules:
        return Swept()
    condition: ColumnElement[bool] = Cycle.rule_key.in_(rules)
    if (chosen := reach.holds(Cycle.person_key.expression)) is None:
        swept = _sweep(session, condition, rules, reach, today=today, now=now)
        projection.rebuild(session, today=today, rule_keys=rules)
        return swept
    condition = and_(condition, chosen)
    with projection.moving(session, condition):
        return _sweep(session, condition, rules, reach, today=today, now=now)


def _sweep(
    session: Session,
    condition: ColumnElement[bool],
    rules: Collection[int],
    reach: Reach,
    *,
    today: datetime.date,
    now: datetime.datetime,
) -> Swept:
    closed = _close(session, condition, today=today)
    moved = _move(session, condition, now=now)
    opened = _open(session, rules, reach, today=today, now=now)
    fulfilled = 0
    for _round in range(MOST_ROUNDS):
        fulfilled += fulfil(session, condition, today=today)
        followed = _follow(session, condition, today=today, now=now)
        opened += followed
        if not followed:
            break
    return Swept(opened=opened, fulfilled=fulfilled, closed=closed, moved=moved)


# The steps of a sweep ---------------------------------------------------------------------------------------------


def recurrence_of(rule: AssignmentRule | Row[*tuple[Any, ...]]) -> Recurrence:
    """The recurrence that the columns of a rule describe."""
    return Recurrence(
        basis=Basis(rule.recurrence),
        period_months=rule.period_months or 0,
        window_days=rule.window_days or 0,
        min_active_days=rule.min_active_days or 0,
        season_month=rule.season_month or 1,
        season_day=rule.season_day or 1,
    )


_RECURRENCE = (
    AssignmentRule.recurrence,
    AssignmentRule.period_months,
    AssignmentRule.window_days,
    AssignmentRule.min_active_days,
    AssignmentRule.season_month,
    AssignmentRule.season_day,
)


def _close(session: Session, condition: ColumnElement[bool], *, today: datetime.date) -> int:
    """End the current cycles of who is no longer meant, with the reason."""
    meant = (
        select(Person.key)
        .join(Unit, Unit.key == Person.unit_key)
        .join(AssignmentRule, AssignmentRule.key == Cycle.rule_key)
        .where(Person.key == Cycle.person_key, in_audience(today))
        .correlate(Cycle)
    )
    ended = select(AssignmentRule.key).where(AssignmentRule.key == Cycle.rule_key, has_ended(today)).correlate(Cycle)
    here = select(Person.key).where(Person.key == Cycle.person_key, is_here(today)).correlate(Cycle)
    reason = case(
        (ended.exists(), ClosingReason.RULE_ENDED.value),
        (~here.exists(), ClosingReason.LEFT.value),
        else_=ClosingReason.AUDIENCE.value,
    )
    statement = (
        update(Cycle)
        .where(condition, status_sql.is_current(), ~meant.exists())
        .values(closed_on=today, closing_reason=reason)
        .execution_options(synchronize_session=False)
    )
    return _rows(session.execute(statement))


def _move(session: Session, condition: ColumnElement[bool], *, now: datetime.datetime) -> int:
    """Take over the units of people who moved; those that they left are kept beside the cycles."""
    unit = select(Person.unit_key).where(Person.key == Cycle.person_key).correlate(Cycle).scalar_subquery()
    has_moved = and_(condition, status_sql.is_current(), Cycle.unit_key != unit)
    left = select(Cycle.key, Cycle.unit_key, literal(now, CycleMove.recorded_at.type)).where(has_moved)
    kept = insert(CycleMove).from_select(["cycle_key", "unit_key", "recorded_at"], left)
    if not _rows(session.execute(kept)):
        return 0
    statement = update(Cycle).where(has_moved).values(unit_key=unit).execution_options(synchronize_session=False)
    return _rows(session.execute(statement))


def _open(
    session: Session,
    rules: Collection[int],
    reach: Reach,
    *,
    today: datetime.date,
    now: datetime.datetime,
) -> int:
    """Give a cycle to everybody whom a rule is for and who has no current one: who comes, and who comes back."""
    of_person = and_(Cycle.rule_key == AssignmentRule.key, Cycle.person_key == Person.key)
    current = select(Cycle.key).where(of_person, status_sql.is_current()).correlate(AssignmentRule, Person)
    is_former = and_(Cycle.rule_key.in_(rules), ~status_sql.is_current())
    if (chosen := reach.holds(Cycle.person_key.expression)) is not None:
        is_former = and_(is_former, chosen)
    former = _former(is_former)
    statement = (
        select(
            AssignmentRule,
            AssignmentRule.key.label("rule_key"),
            AssignmentRule.realistic_days,
            func.coalesce(AssignmentRule.repeat_course_id, AssignmentRule.course_id).label("course_id"),
            Person.key.label("person_key"),
            Person.unit_key,
            Person.joined_on,
            func.coalesce(former.c.number, 0).label("number"),
            former.c.counts_from,
            former.c.done_course_id,
            former.c.fulfilled_on,
            former.c.valid_until,
            former.c.next_opens_on,
            former.c.followed_on,
        )
        .select_from(AssignmentRule)
        .join(Person, literal(value=True))
        .join(Unit, Unit.key == Person.unit_key)
        .outerjoin(former, and_(former.c.rule_key == AssignmentRule.key, former.c.person_key == Person.key))
        .where(AssignmentRule.key.in_(rules), in_audience(today), ~current.exists())
    )
    if (chosen := reach.holds(Person.key.expression)) is not None:
        statement = statement.where(chosen)
    rows = [_beginning(row, today=today, now=now) for row in session.execute(statement)]
    _insert(session, rows)
    return len(rows)


def _former(condition: ColumnElement[bool]) -> Subquery:
    """What earlier cycles leave behind, for each rule and person: how many there were, since when proofs counted, and
    the newest that was fulfilled, NULL where none was by a proof that is not corrected.
    """
    is_done = and_(Cycle.fulfilled_on.is_not(None), ProofCorrection.key.is_(None))
    person = (Cycle.rule_key, Cycle.person_key)
    newest = func.row_number().over(partition_by=person, order_by=(case((is_done, 0), else_=1), Cycle.number.desc()))
    done = {
        "done_course_id": Cycle.course_id,
        "fulfilled_on": Cycle.fulfilled_on,
        "valid_until": Cycle.valid_until,
        "next_opens_on": Cycle.next_opens_on,
        "followed_on": Cycle.followed_on,
    }
    ranked = (
        select(
            *person,
            func.max(Cycle.number).over(partition_by=person).label("number"),
            func.min(Cycle.counts_from).over(partition_by=person).label("counts_from"),
            *(case((is_done, column)).label(name) for name, column in done.items()),
            newest.label("rank"),
        )
        .outerjoin(ProofCorrection, ProofCorrection.proof_key == Cycle.proof_key)
        .where(condition)
        .subquery()
    )
    return select(ranked).where(ranked.c.rank == 1).subquery()


def _beginning(row: Row[*tuple[Any, ...]], *, today: datetime.date, now: datetime.datetime) -> dict[str, object]:
    """The cycle of who comes, or comes back. Nobody starts anew: what was done counts as long as it is valid, and once.

    Where the next cycle had opened before the person left, that one goes on.
    """
    rule: AssignmentRule = row.AssignmentRule
    is_valid = row.fulfilled_on is not None and (row.valid_until is None or row.valid_until >= today)
    if is_valid and row.followed_on is not None:
        return _following_cycle(row, today=today, now=now)
    opens_on = max(rule.starts_on, today)
    due_on = first_due_on(
        Anchor(rule.anchor),
        starts_on=rule.starts_on,
        opens_on=opens_on,
        joined_on=row.joined_on,
        days=rule.days or 0,
        fixed_due_on=rule.fixed_due_on,
    )
    since = min(filter(None, (rule.counts_since, row.counts_from)), default=None)
    counted = counts_from(recurrence_of(rule), opens_on=opens_on, counts_since=since)
    if row.fulfilled_on is not None:
        counted = min(counted, row.fulfilled_on) if is_valid else max(counted, row.fulfilled_on + DAY)
    return {
        "rule_key": row.rule_key,
        "person_key": row.person_key,
        "unit_key": row.unit_key,
        "number": row.number + 1,
        "course_id": row.done_course_id if is_valid else rule.course_id,
        "opens_on": opens_on,
        "due_on": realistic_due_on(due_on, opens_on=opens_on, days=rule.realistic_days),
        "original_due_on": due_on,
        "counts_from": counted,
        "recorded_at": now,
    }


def countable_proof(today: datetime.date) -> ColumnElement[bool]:
    """True where a proof counts for a cycle; the statement joins Proof, Cycle and AssignmentRule."""
    corrected = select(ProofCorrection.key).where(ProofCorrection.proof_key == Proof.key).correlate(Proof)
    return and_(
        Proof.person_key == Cycle.person_key,
        or_(Proof.course_id == Cycle.course_id, Proof.course_id == AssignmentRule.course_id),
        Proof.completed_on >= Cycle.counts_from,
        Proof.completed_on <= today,
        ~corrected.exists(),
    )


def fulfil(session: Session, condition: ColumnElement[bool], *, today: datetime.date) -> int:
    """Set the newest proof that counts in every current cycle that has none, with what follows from it.

    One that an earlier cycle of the rule has counted stays valid for as long as was said then.
    """
    earlier = aliased(Cycle)
    of_rule = and_(earlier.rule_key == Cycle.rule_key, earlier.person_key == Cycle.person_key)
    was_counted = and_(of_rule, earlier.key != Cycle.key, earlier.proof_key == Proof.key)
    rank = func.row_number().over(partition_by=Cycle.key, order_by=(Proof.completed_on.desc(), Proof.key.desc()))
    due = status_sql.effective_due_on().label("due")
    ranked = (
        select(
            Cycle.key,
            Proof.key.label("proof_key"),
            Proof.completed_on,
            due,
            *_RECURRENCE,
            earlier.valid_until.label("told_valid_until"),
            earlier.next_opens_on.label("told_next_opens_on"),
            rank.label("rank"),
        )
        .select_from(Cycle)
        .join(AssignmentRule, AssignmentRule.key == Cycle.rule_key)
        .join(Proof, countable_proof(today))
        .outerjoin(earlier, was_counted)
        .where(condition, status_sql.is_current(), Cycle.fulfilled_on.is_(None))
        .subquery()
    )
    rows = []
    for row in session.execute(select(ranked).where(ranked.c.rank == 1)):
        following = next_cycle(recurrence_of(row), completed_on=row.completed_on, effective_due=row.due)
        rows.append(
            {
                "key": row.key,
                "proof_key": row.proof_key,
                "fulfilled_on": row.completed_on,
                "valid_until": row.told_valid_until or (following.due_on if following else None),
                "next_opens_on": row.told_next_opens_on or (following.opens_on if following else None),
            }
        )
    if rows:
        session.execute(update(Cycle), rows)
        _forget_cycles(session)
    return len(rows)


def _follow(session: Session, condition: ColumnElement[bool], *, today: datetime.date, now: datetime.datetime) -> int:
    """Open the next cycle of everybody whose window has begun."""
    columns = (Cycle.key, Cycle.rule_key, Cycle.person_key, Cycle.unit_key, Cycle.number, Cycle.fulfilled_on)
    course = func.coalesce(AssignmentRule.repeat_course_id, AssignmentRule.course_id).label("course_id")
    statement = (
        select(*columns, Cycle.next_opens_on, Cycle.valid_until, course, AssignmentRule.realistic_days)
        .join(AssignmentRule, AssignmentRule.key == Cycle.rule_key)
        .where(condition, status_sql.is_current(), Cycle.next_opens_on <= today)
    )
    found = session.execute(statement).all()
    if not found:
        return 0
    session.execute(update(Cycle), [{"key": row.key, "followed_on": today} for row in found])
    _forget_cycles(session)
    _insert(session, [_following_cycle(row, today=today, now=now) for row in found])
    return len(found)


def _following_cycle(row: Row[*tuple[Any, ...]], *, today: datetime.date, now: datetime.datetime) -> dict[str, object]:
    return {
        "rule_key": row.rule_key,
        "person_key": row.person_key,
        "unit_key": row.unit_key,
        "number": row.number + 1,
        "course_id": row.course_id,
        "opens_on": row.next_opens_on,
        "due_on": realistic_due_on(row.valid_until, opens_on=today, days=row.realistic_days),
        "original_due_on": row.valid_until,
        # The proof of the last cycle never counts twice, even where a window is as long as the period.
        "counts_from": max(row.next_opens_on, row.fulfilled_on + DAY),
        "recorded_at": now,
    }


def _insert(session: Session, rows: Sequence[dict[str, object]] | Iterable[dict[str, object]]) -> None:
    values = list(rows)
    if values:
        session.execute(insert(Cycle), values)


def _forget_cycles(session: Session) -> None:
    """Have cycles read anew that were changed past the session; nothing else that the caller holds."""
    for held in list(session.identity_map.values()):
        if isinstance(held, Cycle):
            session.expire(held)


def _rows(result: object) -> int:
    return int(getattr(result, "rowcount", 0))

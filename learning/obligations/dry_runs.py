"""What a rule would do if it were made today, found by reading only: looking must not keep anybody from writing."""

import datetime
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, and_, false, func, or_, select
from sqlalchemy.orm import Session

from learning.obligations import rules
from learning.obligations.actions import RuleDraft, check_numbers, minutes_of, paths_in_reach
from learning.obligations.audiences import is_here
from learning.obligations.models import Proof, ProofCorrection
from learning.obligations.rules import Anchor
from learning.people.models import Person, Unit


@dataclass(frozen=True, slots=True)
class DryRun:
    """Whom a rule would touch.

    `first_due_on` is the earliest due date that people get; it leaves at least the `realistic_days` that the course
    needs. `named_due_on` is the earliest that the draft names; where it is nearer, `is_short_notice` is true and
    `proposed` is the draft with the realistic date. `already_fulfilled` have a proof that is valid until the next
    cycle opens. `by_unit` has (name, people), in the order of the tree.
    """

    people: int
    already_fulfilled: int
    first_due_on: datetime.date | None
    named_due_on: datetime.date | None
    realistic_days: int
    is_short_notice: bool
    proposed: RuleDraft
    by_unit: tuple[tuple[str, int], ...]


def dry_run(session: Session, draft: RuleDraft, *, within: ColumnElement[bool], today: datetime.date) -> DryRun:
    """What making the rule today would do. Raises what `actions.make_rule` raises."""
    check_numbers(draft)
    meant = _meant(draft, paths_in_reach(session, draft.audience, within), today)
    days = rules.realistic_days(minutes_of(session, draft))
    opens_on = max(draft.starts_on, today)
    by_unit = _people_by_unit(session, meant)
    named = min((_due_on(draft, joined_on, opens_on) for joined_on in _joining_days(session, meant)), default=None)
    first = None if named is None else rules.realistic_due_on(named, opens_on=opens_on, days=days)
    is_short = first is not None and named is not None and named < first
    return DryRun(
        people=sum(people for _name, people in by_unit),
        already_fulfilled=_already_fulfilled(session, draft, meant, opens_on, today),
        first_due_on=first,
        named_due_on=named,
        realistic_days=days,
        is_short_notice=is_short,
        proposed=_with_realistic_date(draft, days, first) if is_short and first else draft,
        by_unit=by_unit,
    )


def _meant(draft: RuleDraft, paths: dict[int, str], today: datetime.date) -> ColumnElement[bool]:
    """`audiences.in_audience` for a rule that is not there yet; over Person and Unit."""
    if draft.ends_on is not None and draft.ends_on < today:
        return false()
    if draft.audience.is_everyone:
        return is_here(today)
    named = [
        Unit.path.startswith(paths[key]) if includes else Unit.key == key for key, includes in draft.audience.units
    ]
    return and_(is_here(today), or_(*named))


def _people_by_unit(session: Session, meant: ColumnElement[bool]) -> tuple[tuple[str, int], ...]:
    statement = (
        select(Unit.name, func.count())
        .join(Person, Person.unit_key == Unit.key)
        .where(meant)
        .group_by(Unit.key, Unit.name, Unit.path)
        .order_by(Unit.path)
    )
    return tuple((name, people) for name, people in session.execute(statement))


def _joining_days(session: Session, meant: ColumnElement[bool]) -> list[datetime.date | None]:
    """The different joining days, which are few however many people there are."""
    return list(
        session.scalars(select(Person.joined_on).join(Unit, Unit.key == Person.unit_key).where(meant).distinct())
    )


def _due_on(draft: RuleDraft, joined_on: datetime.date | None, opens_on: datetime.date) -> datetime.date:
    return rules.first_due_on(
        draft.anchor,
        starts_on=draft.starts_on,
        opens_on=opens_on,
        joined_on=joined_on,
        days=draft.days,
        fixed_due_on=draft.fixed_due_on,
    )


def _already_fulfilled(
    session: Session, draft: RuleDraft, meant: ColumnElement[bool], opens_on: datetime.date, today: datetime.date
) -> int:
    """People whose newest proof counts and does not open the next cycle yet."""
    since = rules.counts_from(draft.recurrence, opens_on=opens_on, counts_since=draft.counts_since)
    corrected = select(ProofCorrection.key).where(ProofCorrection.proof_key == Proof.key).correlate(Proof)
    newest = (
        select(func.max(Proof.completed_on).label("completed_on"))
        .join(Person, Person.key == Proof.person_key)
        .join(Unit, Unit.key == Person.unit_key)
        .where(meant, Proof.course_id == draft.course_id, Proof.completed_on.between(since, today), ~corrected.exists())
        .group_by(Proof.person_key)
        .subquery()
    )
    days = session.execute(select(newest.c.completed_on, func.count()).group_by(newest.c.completed_on))
    return sum(people for completed_on, people in days if _lasts(draft, completed_on, opens_on, today))


def _lasts(draft: RuleDraft, completed_on: datetime.date, opens_on: datetime.date, today: datetime.date) -> bool:
    # The due date of the cycle only puts the next one off further, so its earliest day is enough here.
    following = rules.next_cycle(draft.recurrence, completed_on=completed_on, effective_due=opens_on)
    return following is None or following.opens_on > today


def _with_realistic_date(draft: RuleDraft, days: int, first_due_on: datetime.date) -> RuleDraft:
    if draft.anchor is Anchor.FIXED:
        return replace(draft, fixed_due_on=max(first_due_on, draft.fixed_due_on or first_due_on))
    return replace(draft, days=max(days, draft.days))

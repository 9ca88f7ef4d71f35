"""What a proof does to cycles: a new one fulfils those that are open, a corrected one leaves others in their place."""

import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from learning.obligations import cycles, projection, status_sql
from learning.obligations.models import AssignmentRule, Cycle, Proof
from learning.obligations.rules import ClosingReason, realistic_due_on


def count_proof(session: Session, proof: Proof, *, today: datetime.date) -> int:
    """Let a new proof fulfil the person's open cycles of that course; answers how many."""
    of_course = or_(AssignmentRule.course_id == proof.course_id, AssignmentRule.repeat_course_id == proof.course_id)
    affected = (
        select(Cycle.rule_key)
        .join(AssignmentRule, AssignmentRule.key == Cycle.rule_key)
        .where(Cycle.person_key == proof.person_key, status_sql.is_current(), of_course)
    )
    rules = projection.lock_rules(session, session.scalars(affected).all())
    if not rules:
        return 0
    condition = and_(Cycle.rule_key.in_(rules), Cycle.person_key == proof.person_key)
    with projection.moving(session, condition):
        return cycles.fulfil(session, condition, today=today)


def reopen_corrected(session: Session, proof_key: int, *, today: datetime.date, now: datetime.datetime) -> None:
    """A proof was corrected: the cycles that it fulfilled end, and new ones ask in their place.

    Nothing is reset: the old cycle stays with its proof and closes with the reason. Where a later proof has fulfilled
    a later cycle already, nobody is asked again. What still counts fulfils the new cycle at once.
    """
    affected = select(Cycle.rule_key).where(Cycle.proof_key == proof_key, Cycle.closed_on.is_(None))
    rules = projection.lock_rules(session, session.scalars(affected).all())
    if not rules:
        return
    wrong = session.execute(
        select(Cycle, AssignmentRule.realistic_days)
        .join(AssignmentRule, AssignmentRule.key == Cycle.rule_key)
        .where(Cycle.proof_key == proof_key, Cycle.closed_on.is_(None), Cycle.rule_key.in_(rules))
    ).all()
    people = {cycle.person_key for cycle, _days in wrong}
    condition = and_(Cycle.rule_key.in_(rules), Cycle.person_key.in_(people))
    with projection.moving(session, condition):
        for cycle, days in wrong:
            _replace(session, cycle, days, today=today, now=now)
        session.flush()
        cycles.fulfil(session, condition, today=today)


def _replace(session: Session, cycle: Cycle, days: int, *, today: datetime.date, now: datetime.datetime) -> None:
    same = and_(Cycle.rule_key == cycle.rule_key, Cycle.person_key == cycle.person_key)
    later = session.scalars(select(Cycle).where(same, Cycle.number >= cycle.number).order_by(Cycle.number)).all()
    is_done_since = any(each.proof_key and each.closed_on is None and each is not cycle for each in later)
    for each in later:
        if each is cycle or (each.closed_on is None and each.proof_key is None and not is_done_since):
            each.closed_on, each.closing_reason = today, ClosingReason.PROOF_CORRECTED
    session.flush()
    if is_done_since:
        return
    replacement = Cycle(
        rule_key=cycle.rule_key,
        person_key=cycle.person_key,
        unit_key=later[-1].unit_key,
        number=later[-1].number + 1,
        course_id=cycle.course_id,
        opens_on=cycle.opens_on,
        due_on=realistic_due_on(cycle.due_on, opens_on=today, days=days),
        original_due_on=cycle.original_due_on,
        counts_from=cycle.counts_from,
        recorded_at=now,
    )
    session.add(replacement)

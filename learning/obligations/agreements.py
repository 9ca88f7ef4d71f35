"""Agreed qualifications (TVöD § 5) and single certificates that a person shows to HR: named only by consent.

An agreement counts from the day on which both sides have confirmed it; whoever proposes it has confirmed their side.
"""

import datetime
import uuid
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from learning.obligations.models import Agreement, Proof, ProofCorrection, ReleasedCertificate
from learning.obligations.rules import local_day
from learning.people.models import Person


class Side(StrEnum):
    """The two who agree."""

    PERSON = "person"
    HR = "hr"


class UnknownAgreement(Exception):
    """There is no such agreement for this person."""


class AgreementEnded(Exception):
    """The agreement has ended; propose a new one."""


class UnknownProof(Exception):
    """The person has no such proof, or it was corrected."""


def propose(
    session: Session, person_key: int, *, course_id: str, actor: int, side: Side, now: datetime.datetime
) -> Agreement:
    """Propose an agreement; one that is open for the course already is answered instead."""
    # Holding the person's row keeps two proposals of the same moment apart.
    session.execute(select(Person.key).where(Person.key == person_key).with_for_update(key_share=True))
    same = and_(Agreement.person_key == person_key, Agreement.course_id == course_id)
    known = session.scalar(select(Agreement).where(same, Agreement.ended_at.is_(None)))
    if known is not None:
        return known
    last = session.scalar(select(func.max(Agreement.number)).where(same)) or 0
    agreement = Agreement(
        id=uuid.uuid4(),
        person_key=person_key,
        course_id=course_id,
        number=last + 1,
        proposed_by=actor,
        proposed_at=now,
    )
    _confirm(agreement, side, now)
    session.add(agreement)
    session.flush()
    return agreement


def confirm(session: Session, agreement: Agreement, *, side: Side, now: datetime.datetime) -> None:
    """One side confirms; a second time changes nothing. Raises AgreementEnded."""
    session.refresh(agreement, with_for_update=True)
    if agreement.ended_at is not None:
        raise AgreementEnded(str(agreement.id))
    _confirm(agreement, side, now)
    session.flush()


def end(session: Session, agreement: Agreement, *, now: datetime.datetime) -> None:
    """Either side ends it, which is also how a proposal is declined; what was completed until then stays visible."""
    session.refresh(agreement, with_for_update=True)
    if agreement.ended_at is None:
        agreement.ended_at = now
        session.flush()


def agreement_for(session: Session, agreement_id: uuid.UUID, *, person_key: int) -> Agreement:
    """The person's own agreement. Raises UnknownAgreement, the same for one of somebody else."""
    found = session.scalar(select(Agreement).where(Agreement.id == agreement_id, Agreement.person_key == person_key))
    if found is None:
        raise UnknownAgreement(str(agreement_id))
    return found


def agreements_of(session: Session, person_key: int) -> list[Agreement]:
    """All agreements of a person, the newest first."""
    statement = select(Agreement).where(Agreement.person_key == person_key)
    return list(session.scalars(statement.order_by(Agreement.proposed_at.desc(), Agreement.key.desc())))


def release(session: Session, proof_id: uuid.UUID, *, person_key: int, now: datetime.datetime) -> None:
    """The person shows one certificate to HR; a second time changes nothing. Raises UnknownProof."""
    proof_key = _own_proof(session, proof_id, person_key)
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(ReleasedCertificate).values(proof_key=proof_key, released_at=now)
    session.execute(statement.on_conflict_do_nothing(index_elements=["proof_key"]))


def take_back(session: Session, proof_id: uuid.UUID, *, person_key: int) -> None:
    """The person no longer shows the certificate; nothing is left of the release. Raises UnknownProof."""
    proof_key = _own_proof(session, proof_id, person_key)
    session.execute(delete(ReleasedCertificate).where(ReleasedCertificate.proof_key == proof_key))


def is_agreed() -> ColumnElement[bool]:
    """True for proofs that fall under an agreement: completed after both confirmed and before it ended."""
    agreed = (
        select(Agreement.key)
        .where(
            Agreement.person_key == Proof.person_key,
            Agreement.course_id == Proof.course_id,
            Proof.completed_on >= Agreement.in_force_on,
            # On the day itself the hour decides: what was done before both confirmed stays private.
            Proof.recorded_at >= Agreement.confirmed_by_hr_at,
            Proof.recorded_at >= Agreement.confirmed_by_person_at,
            or_(Agreement.ended_at.is_(None), Proof.recorded_at <= Agreement.ended_at),
        )
        .correlate(Proof)
    )
    return agreed.exists()


def is_released() -> ColumnElement[bool]:
    """True for proofs that their person shows to HR."""
    released = select(ReleasedCertificate.proof_key).where(ReleasedCertificate.proof_key == Proof.key)
    return released.correlate(Proof).exists()


def _confirm(agreement: Agreement, side: Side, now: datetime.datetime) -> None:
    if side is Side.HR and agreement.confirmed_by_hr_at is None:
        agreement.confirmed_by_hr_at = now
    if side is Side.PERSON and agreement.confirmed_by_person_at is None:
        agreement.confirmed_by_person_at = now
    if agreement.confirmed_by_hr_at and agreement.confirmed_by_person_at and agreement.in_force_on is None:
        agreement.in_force_on = local_day(now)


def _own_proof(session: Session, proof_id: uuid.UUID, person_key: int) -> int:
    corrected = select(ProofCorrection.key).where(ProofCorrection.proof_key == Proof.key).correlate(Proof)
    statement = select(Proof.key).where(Proof.id == proof_id, Proof.person_key == person_key, ~corrected.exists())
    found = session.scalar(statement.with_for_update(key_share=True))
    if found is None:
        raise UnknownProof(str(proof_id))
    return found

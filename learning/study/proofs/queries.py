"""A person's own proofs and agreements, with who else sees them. Only for that person's own pages."""

import datetime
import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from learning.library.models import Edition, StoredCourse
from learning.obligations import agreements, records
from learning.obligations.models import Agreement, Proof, ProofCorrection


@dataclass(frozen=True, slots=True)
class OwnProof:
    """One proof. HR sees it where it is mandatory, agreed or released; corrected ones count for nothing."""

    id: uuid.UUID
    course_title: str
    edition_number: int | None
    completed_on: datetime.date
    understanding: str
    mode: str
    is_corrected: bool
    is_mandatory: bool
    is_agreed: bool
    is_released: bool


@dataclass(frozen=True, slots=True)
class OwnAgreement:
    """One agreement and what each side said to it; `course_title` is the course's id where it is not there any more."""

    id: uuid.UUID
    course_title: str
    proposed_at: datetime.datetime
    confirmed_by_person_at: datetime.datetime | None
    confirmed_by_hr_at: datetime.datetime | None
    in_force_on: datetime.date | None
    ended_at: datetime.datetime | None

    @property
    def was_agreed(self) -> bool:
        """True once both sides had confirmed it, also where it has ended since."""
        return self.in_force_on is not None


def own_proofs(session: Session, person_key: int) -> tuple[OwnProof, ...]:
    """All proofs of a person, the newest first; one query."""
    corrected = select(ProofCorrection.key).where(ProofCorrection.proof_key == Proof.key).correlate(Proof)
    rows = session.execute(
        select(
            Proof.id,
            Proof.course_title,
            Proof.edition_number,
            Proof.completed_on,
            Proof.understanding,
            Proof.mode,
            corrected.exists(),
            records.is_mandatory(),
            agreements.is_agreed(),
            agreements.is_released(),
        )
        .where(Proof.person_key == person_key)
        .order_by(Proof.completed_on.desc(), Proof.key.desc())
    )
    return tuple(OwnProof(*row[:6], *map(bool, row[6:])) for row in rows)


def own_agreements(session: Session, person_key: int) -> tuple[OwnAgreement, ...]:
    """All agreements of a person, the newest first; one query."""
    rows = session.execute(
        select(
            Agreement.id,
            Edition.title,
            Agreement.course_id,
            Agreement.proposed_at,
            Agreement.confirmed_by_person_at,
            Agreement.confirmed_by_hr_at,
            Agreement.in_force_on,
            Agreement.ended_at,
        )
        .join(StoredCourse, StoredCourse.id == Agreement.course_id, isouter=True)
        .join(Edition, Edition.key == StoredCourse.edition_key, isouter=True)
        .where(Agreement.person_key == person_key)
        .order_by(Agreement.proposed_at.desc(), Agreement.key.desc())
    )
    return tuple(OwnAgreement(row[0], row[1] or row[2], *row[3:]) for row in rows)

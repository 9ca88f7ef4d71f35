"""One person's record as HR may see it: duties, and proofs that are mandatory, agreed or released."""

import datetime
import uuid
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from learning.library.models import Edition, StoredCourse
from learning.obligations import agreements, status_sql
from learning.obligations.models import Agreement, AssignmentRule, Cycle, Proof, ProofCorrection
from learning.obligations.queries import ORDER
from learning.obligations.rules import Status
from learning.people.models import Person, Unit


@dataclass(frozen=True, slots=True)
class RecordedCycle:
    """One cycle of a person, current or past. `due_on` is the day that applies, suspensions counted."""

    rule_id: uuid.UUID
    rule_title: str
    course_id: str
    number: int
    status: Status
    is_current: bool
    opens_on: datetime.date
    due_on: datetime.date
    fulfilled_on: datetime.date | None
    valid_until: datetime.date | None
    closed_on: datetime.date | None
    closing_reason: str | None
    exempt_until: datetime.date | None


@dataclass(frozen=True, slots=True)
class RecordedProof:
    """One proof. `is_corrected` proofs stay readable but count for nothing."""

    id: uuid.UUID
    course_id: str
    course_title: str
    edition_number: int | None
    mode: str
    understanding: str
    completed_on: datetime.date
    conversation_on: datetime.date | None
    instructor: str | None
    source: str | None
    hash: str
    is_corrected: bool
    is_released: bool


@dataclass(frozen=True, slots=True)
class RecordedAgreement:
    """One agreement with the days on which the sides confirmed it. `course_title` is None if it is not published."""

    id: uuid.UUID
    course_id: str
    course_title: str | None
    proposed_at: datetime.datetime
    confirmed_by_person_at: datetime.datetime | None
    confirmed_by_hr_at: datetime.datetime | None
    ended_at: datetime.datetime | None


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """What HR may see of a person."""

    key: int
    id: uuid.UUID
    hr_key: str
    given_name: str
    family_name: str
    unit_name: str
    joined_on: datetime.date | None
    cycles: tuple[RecordedCycle, ...]
    proofs: tuple[RecordedProof, ...]
    agreements: tuple[RecordedAgreement, ...]

    @property
    def current(self) -> tuple[RecordedCycle, ...]:
        """The current cycles, worst first."""
        found = [cycle for cycle in self.cycles if cycle.is_current]
        return tuple(sorted(found, key=lambda cycle: (ORDER.index(cycle.status), cycle.due_on)))


def record_for(
    session: Session, person_id: uuid.UUID, *, within: ColumnElement[bool], today: datetime.date
) -> PersonRecord | None:
    """The record, None where the person is absent or outside of the scope; four queries. The caller logs the view."""
    columns = (Person.key, Person.id, Person.hr_key, Person.given_name, Person.family_name)
    statement = select(*columns, Unit.name, Person.joined_on).join(Unit, Unit.key == Person.unit_key)
    person = session.execute(statement.where(Person.id == person_id, within)).one_or_none()
    if person is None:
        return None
    return PersonRecord(
        *person,
        cycles=_cycles(session, person.key, today=today),
        proofs=_proofs(session, person.key),
        agreements=_agreements(session, person.key),
    )


def is_mandatory() -> ColumnElement[bool]:
    """True for proofs that a duty asked for: they fulfilled a cycle, or HR entered them for a course of the person's.

    Who takes such a course once more of their own accord does so privately.
    """
    fulfilled = select(Cycle.key).where(Cycle.proof_key == Proof.key).correlate(Proof)
    asked = (
        select(Cycle.key)
        .join(AssignmentRule, AssignmentRule.key == Cycle.rule_key)
        .where(
            Cycle.person_key == Proof.person_key,
            or_(Proof.course_id == AssignmentRule.course_id, Proof.course_id == AssignmentRule.repeat_course_id),
        )
        .correlate(Proof)
    )
    return or_(fulfilled.exists(), and_(Proof.entered_by.is_not(None), asked.exists()))


def is_known_to_hr() -> ColumnElement[bool]:
    """True for proofs that HR may see by name."""
    return or_(is_mandatory(), agreements.is_agreed(), agreements.is_released())


def _cycles(session: Session, person_key: int, *, today: datetime.date) -> tuple[RecordedCycle, ...]:
    columns = (
        AssignmentRule.id,
        AssignmentRule.title,
        Cycle.course_id,
        Cycle.number,
        status_sql.status(today),
        status_sql.is_current(),
        Cycle.opens_on,
        status_sql.effective_due_on(),
        Cycle.fulfilled_on,
        Cycle.valid_until,
        Cycle.closed_on,
        Cycle.closing_reason,
        Cycle.exempt_until,
    )
    statement = (
        select(*columns)
        .select_from(Cycle)
        .join(AssignmentRule, AssignmentRule.key == Cycle.rule_key)
        .where(Cycle.person_key == person_key)
        .order_by(AssignmentRule.title, AssignmentRule.key, Cycle.number.desc())
    )
    return tuple(
        RecordedCycle(rule_id, title, course, number, Status(status), bool(current), *dates)
        for rule_id, title, course, number, status, current, *dates in session.execute(statement)
    )


def _proofs(session: Session, person_key: int) -> tuple[RecordedProof, ...]:
    corrected = select(ProofCorrection.key).where(ProofCorrection.proof_key == Proof.key).correlate(Proof)
    columns = (
        *(Proof.id, Proof.course_id, Proof.course_title, Proof.edition_number, Proof.mode, Proof.understanding),
        *(Proof.completed_on, Proof.conversation_on, Proof.instructor, Proof.source, Proof.hash),
    )
    statement = (
        select(*columns, corrected.exists(), agreements.is_released())
        .where(Proof.person_key == person_key, is_known_to_hr())
        .order_by(Proof.completed_on.desc(), Proof.key.desc())
    )
    return tuple(RecordedProof(*tuple(row)) for row in session.execute(statement))


def _agreements(session: Session, person_key: int) -> tuple[RecordedAgreement, ...]:
    columns = (Agreement.id, Agreement.course_id, Edition.title, Agreement.proposed_at)
    statement = (
        select(*columns, Agreement.confirmed_by_person_at, Agreement.confirmed_by_hr_at, Agreement.ended_at)
        .outerjoin(StoredCourse, StoredCourse.id == Agreement.course_id)
        .outerjoin(Edition, Edition.key == StoredCourse.edition_key)
        .where(Agreement.person_key == person_key)
        .order_by(Agreement.proposed_at.desc(), Agreement.key.desc())
    )
    return tuple(RecordedAgreement(*row) for row in session.execute(statement))

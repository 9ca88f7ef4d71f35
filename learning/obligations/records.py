"""One person's record as HR may see it: duties, and proofs that are mandatory, agreed or released."""

import datetime
import uuid
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, or_, select
from sqlalchemy.orm import Session

from learning.library.models import Edition, StoredCourse
from learning.obligations import agreements, hindsight, status_sql
from learning.obligations.facts_sql import ALL_FACTS, Facts
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
    """What HR may see of a person. `first_day` is the earliest that can be asked about."""

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
    first_day: datetime.date | None

    @property
    def current(self) -> tuple[RecordedCycle, ...]:
        """The current cycles, worst first."""
        found = [cycle for cycle in self.cycles if cycle.is_current]
        return tuple(sorted(found, key=lambda cycle: (ORDER.index(cycle.status), cycle.due_on)))


def record_for(
    session: Session,
    person_id: uuid.UUID,
    *,
    within: ColumnElement[bool],
    today: datetime.date,
    facts: Facts = ALL_FACTS,
) -> PersonRecord | None:
    """The record, None where the person is absent or outside of the scope; four queries. The caller logs the view.

    As of an earlier day it has what was recorded until then of what HR may see now; name and unit are those of now.
    """
    columns = (Person.key, Person.id, Person.hr_key, Person.given_name, Person.family_name)
    statement = select(*columns, Unit.name, Person.joined_on, *hindsight.bounds())
    statement = statement.join(Unit, Unit.key == Person.unit_key).where(Person.id == person_id, within)
    person = session.execute(statement).one_or_none()
    if person is None:
        return None
    return PersonRecord(
        key=person.key,
        id=person.id,
        hr_key=person.hr_key,
        given_name=person.given_name,
        family_name=person.family_name,
        unit_name=person.name,
        joined_on=person.joined_on,
        cycles=_cycles(session, person.key, today=today, facts=facts),
        proofs=_proofs(session, person.key, facts),
        agreements=_agreements(session, person.key, facts),
        first_day=hindsight.first_day(person.erased_until, person.first_made_at),
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


def _cycles(session: Session, person_key: int, *, today: datetime.date, facts: Facts) -> tuple[RecordedCycle, ...]:
    columns = (
        AssignmentRule.id,
        AssignmentRule.title,
        Cycle.course_id,
        Cycle.number,
        status_sql.status(today, facts),
        facts.is_current(),
        Cycle.opens_on,
        status_sql.effective_due_on(facts),
        facts.fulfilled_on(),
        facts.valid_until(),
        facts.closed_on(),
        case((facts.closed_on().is_not(None), Cycle.closing_reason)),
        facts.exempt_until(),
    )
    statement = (
        select(*columns)
        .select_from(Cycle)
        .join(AssignmentRule, AssignmentRule.key == Cycle.rule_key)
        .where(Cycle.person_key == person_key, facts.is_recorded(Cycle.recorded_at))
        .order_by(AssignmentRule.title, AssignmentRule.key, Cycle.number.desc())
    )
    return tuple(
        RecordedCycle(rule_id, title, course, number, Status(status), bool(current), *dates)
        for rule_id, title, course, number, status, current, *dates in session.execute(statement)
    )


def _proofs(session: Session, person_key: int, facts: Facts) -> tuple[RecordedProof, ...]:
    corrected = (
        select(ProofCorrection.key)
        .where(ProofCorrection.proof_key == Proof.key, facts.is_recorded(ProofCorrection.recorded_at))
        .correlate(Proof)
    )
    columns = (
        *(Proof.id, Proof.course_id, Proof.course_title, Proof.edition_number, Proof.mode, Proof.understanding),
        *(Proof.completed_on, Proof.conversation_on, Proof.instructor, Proof.source, Proof.hash),
    )
    statement = (
        select(*columns, corrected.exists(), agreements.is_released())
        .where(Proof.person_key == person_key, is_known_to_hr(), facts.is_recorded(Proof.recorded_at))
        .order_by(Proof.completed_on.desc(), Proof.key.desc())
    )
    return tuple(RecordedProof(*tuple(row)) for row in session.execute(statement))


def _agreements(session: Session, person_key: int, facts: Facts) -> tuple[RecordedAgreement, ...]:
    columns = (Agreement.id, Agreement.course_id, Edition.title, Agreement.proposed_at)
    said = (Agreement.confirmed_by_person_at, Agreement.confirmed_by_hr_at, Agreement.ended_at)
    statement = (
        select(*columns, *(case((facts.is_recorded(moment), moment)) for moment in said))
        .outerjoin(StoredCourse, StoredCourse.id == Agreement.course_id)
        .outerjoin(Edition, Edition.key == StoredCourse.edition_key)
        .where(Agreement.person_key == person_key, facts.is_recorded(Agreement.proposed_at))
        .order_by(Agreement.proposed_at.desc(), Agreement.key.desc())
    )
    return tuple(RecordedAgreement(*row) for row in session.execute(statement))

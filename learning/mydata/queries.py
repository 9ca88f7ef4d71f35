"""What is stored about one person, for that person alone: counts, and who has looked."""

import datetime
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learning.audit import AuditEntry, AuditSubject
from learning.obligations import status_sql
from learning.obligations.models import Cycle, Proof
from learning.people.models import Person
from learning.study.models import Enrolment

MOST_LOOKS = 200


@dataclass(frozen=True, slots=True)
class Holdings:
    """How much of each kind is stored."""

    duties: int
    proofs: int
    courses: int


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody saw or changed the person's data. `name` is that of who acted, None for the program itself."""

    at: datetime.datetime
    role: str
    name: str | None
    action: str
    purpose: str
    count: int


def holdings(session: Session, person_key: int) -> Holdings:
    """Counts of the person's data. One query."""
    duties = select(func.count()).where(Cycle.person_key == person_key, status_sql.is_current())
    proofs = select(func.count()).where(Proof.person_key == person_key)
    courses = select(func.count(Enrolment.course_key.distinct())).where(Enrolment.person_key == person_key)
    row = session.execute(select(*(count.scalar_subquery() for count in (duties, proofs, courses)))).one()
    return Holdings(*(int(number) for number in row))


def looks(session: Session, person_key: int, *, since: datetime.datetime) -> tuple[Look, ...]:
    """Entries of the audit log about the person, the newest first. One query."""
    statement = (
        select(AuditEntry, Person.given_name, Person.family_name)
        .join(AuditSubject, AuditSubject.entry_key == AuditEntry.key)
        .outerjoin(Person, Person.key == AuditEntry.actor_key)
        .where(AuditSubject.person_key == person_key, AuditEntry.at >= since)
        .order_by(AuditEntry.key.desc())
        .limit(MOST_LOOKS)
    )
    return tuple(
        Look(
            at=entry.at,
            role=entry.actor_role,
            name=f"{given} {family}".strip() if entry.actor_key is not None else None,
            action=entry.action,
            purpose=entry.purpose,
            count=entry.count,
        )
        for entry, given, family in session.execute(statement)
    )

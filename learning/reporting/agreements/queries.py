"""Agreed qualifications of the people whom HR reaches, for the page that lists them and for what is done with one."""

import datetime
import uuid
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from learning.library.models import Edition, StoredCourse
from learning.obligations.models import Agreement
from learning.people.models import Person, Unit


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """One agreement with whom it is about."""

    id: uuid.UUID
    person_key: int
    person_id: uuid.UUID
    given_name: str
    family_name: str
    unit_name: str
    course_id: str
    course_title: str | None
    proposed_at: datetime.datetime
    confirmed_by_person_at: datetime.datetime | None
    confirmed_by_hr_at: datetime.datetime | None
    in_force_on: datetime.date | None
    ended_at: datetime.datetime | None


MOST_LINES = 200


def agreements_in(session: Session, *, within: ColumnElement[bool]) -> tuple[AgreementLine, ...]:
    """The newest agreements of people in the units, those under way first. One query."""
    columns = (
        *(Agreement.id, Person.key, Person.id, Person.given_name, Person.family_name, Unit.name),
        *(Agreement.course_id, Edition.title, Agreement.proposed_at, Agreement.confirmed_by_person_at),
        *(Agreement.confirmed_by_hr_at, Agreement.in_force_on, Agreement.ended_at),
    )
    statement = (
        select(*columns)
        .select_from(Agreement)
        .join(Person, Person.key == Agreement.person_key)
        .join(Unit, Unit.key == Person.unit_key)
        .outerjoin(StoredCourse, StoredCourse.id == Agreement.course_id)
        .outerjoin(Edition, Edition.key == StoredCourse.edition_key)
        .where(within)
        .order_by(Agreement.ended_at.is_not(None), Agreement.proposed_at.desc(), Agreement.key.desc())
        .limit(MOST_LINES)
    )
    return tuple(AgreementLine(*tuple(row)) for row in session.execute(statement))


def agreement_in(session: Session, agreement_id: uuid.UUID, *, within: ColumnElement[bool]) -> Agreement | None:
    """The agreement, None where it is absent or about somebody outside of the units. One query."""
    statement = (
        select(Agreement)
        .join(Person, Person.key == Agreement.person_key)
        .join(Unit, Unit.key == Person.unit_key)
        .where(Agreement.id == agreement_id, within)
    )
    return session.scalar(statement)

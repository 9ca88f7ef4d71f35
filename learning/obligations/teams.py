"""Duties of a team as its lead may see them: status and the day that belongs to it, never a day of completion."""

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row
from sqlalchemy.orm import Session

from learning.obligations.models import Cycle
from learning.obligations.queries import ORDER, Duty, duty_of, duty_rows
from learning.obligations.rules import Status
from learning.people.models import Person, Unit


@dataclass(frozen=True, slots=True)
class TeamDuty:
    """What a team lead may see of one duty: status, and the day that belongs to it; never when it was completed."""

    rule_title: str
    status: Status
    due_on: datetime.date | None
    valid_until: datetime.date | None
    suspended_until: datetime.date | None


@dataclass(frozen=True, slots=True)
class TeamMember:
    """A person of a team with their duties by rule key."""

    key: int
    id: uuid.UUID
    given_name: str
    family_name: str
    unit_name: str
    duties: Mapping[int, TeamDuty]


def team(session: Session, *, within: ColumnElement[bool], today: datetime.date) -> tuple[TeamMember, ...]:
    """The people of a team lead's units, who needs something first; one query."""
    columns = (Person.id.label("person_id"), Person.given_name, Person.family_name, Person.name_key)
    statement = (
        duty_rows(today)
        .join(Person, Person.key == Cycle.person_key)
        .join(Unit, Unit.key == Person.unit_key)
        .add_columns(*columns, Unit.name.label("unit_name"))
        .where(within)
        .order_by(Person.name_key, Person.key, Cycle.rule_key)
    )
    members: dict[int, tuple[Row[*tuple[Any, ...]], dict[int, TeamDuty]]] = {}
    for row in session.execute(statement):
        members.setdefault(row.person_key, (row, {}))[1][row.rule_key] = _team_duty(duty_of(row))
    found = [
        TeamMember(row.person_key, row.person_id, row.given_name, row.family_name, row.unit_name, of_person)
        for row, of_person in members.values()
    ]
    return tuple(sorted(found, key=lambda member: min(ORDER.index(duty.status) for duty in member.duties.values())))


def _team_duty(duty: Duty) -> TeamDuty:
    is_done = duty.status is Status.FULFILLED
    return TeamDuty(
        rule_title=duty.rule_title,
        status=duty.status,
        due_on=None if is_done else duty.due_on,
        valid_until=duty.valid_until if is_done else None,
        suspended_until=duty.suspended_until if duty.status is Status.SUSPENDED else None,
    )

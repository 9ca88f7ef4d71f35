"""An authority of four units for tests of reporting: `up` with `sub` below it, `other` beside it, people in each."""

import datetime
import uuid
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from learning import clock
from learning.library.models import Edition, StoredCourse
from learning.obligations import cycles, proofs
from learning.obligations.models import AssignmentRule
from learning.people.models import Person, Unit
from learning.people.roles import Role
from tests import factories


@dataclass
class House:
    """Makes facts in `session` and commits them; names of people are canaries that no foreign page may hold."""

    session: Session
    people: dict[str, Person] = field(default_factory=dict)

    def __post_init__(self) -> None:
        one = self.session
        self.root = factories.unit(one, "Jobcenter")
        self.up = factories.unit(one, "Leistung Süd", parent=self.root)
        self.sub = factories.unit(one, "Team 1", parent=self.up)
        self.other = factories.unit(one, "Leistung Nord", parent=self.root)
        for place, unit in (("own", self.up), ("sub", self.sub), ("other", self.other)):
            self.people[place] = factories.person(one, f"Kanari Vogel{place}", unit=unit)
        self.hr = self.with_role(Role.HR, self.up)

    def with_role(self, role: Role, unit: Unit | None = None, *, includes_sub_units: bool = False) -> Person:
        person = factories.person(self.session, f"Rolle {role.value}", unit=self.root)
        if role is not Role.EMPLOYEE:
            factories.grant(self.session, person, role, unit=unit, includes_sub_units=includes_sub_units)
        return person

    def course(self, course_id: str = "datenschutz", title: str = "Datenschutz", minutes: int = 30) -> None:
        course = StoredCourse(id=course_id, slug=course_id, last_number=1)
        self.session.add(course)
        self.session.flush()
        edition = Edition(
            course_key=course.key, number=1, digest="d" * 64, source="s" * 64, change="revision", title=title,
            title_key=title.lower(), kind="course", area="law", level="basic", language="de", languages=",de,",
            minutes=minutes, module_count=1, skills={}, facts={}, published_at=clock.now(),
        )  # fmt: skip
        self.session.add(edition)
        self.session.flush()
        course.edition_key = edition.key
        self.session.commit()

    def rule(self, title: str = "Datenschutz", *, started: int = 0, days: int = 30) -> AssignmentRule:
        rule = AssignmentRule(
            id=uuid.uuid4(), course_id="datenschutz", title=title, is_for_everyone=True, anchor="rule_start",
            days=days, starts_on=clock.today() - datetime.timedelta(days=started), recurrence="once",
            request_key=str(uuid.uuid4()), made_by=self.hr.key, made_at=clock.now(),
        )  # fmt: skip
        self.session.add(rule)
        self.session.flush()
        cycles.sweep(self.session, today=clock.today() - datetime.timedelta(days=started), now=clock.now())
        self.session.commit()
        return rule

    def prove(self, person: Person, course_id: str = "datenschutz") -> None:
        done = proofs.Completed(person_key=person.key, course_id=course_id, completed_on=clock.today())
        proofs.write_proof(self.session, done, now=clock.now())
        self.session.commit()

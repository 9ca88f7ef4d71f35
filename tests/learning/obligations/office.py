"""A small authority for tests of obligations: units, people, rules and proofs in a line each."""

import datetime
import itertools
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from learning.library.models import Edition, StoredCourse
from learning.obligations import cycles, proofs
from learning.obligations.models import AssignmentRule, Cycle, Proof, RuleUnit
from learning.people.models import Person, Unit

TODAY = datetime.date(2026, 11, 12)
DAY = datetime.timedelta(days=1)


def noon(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(12), datetime.UTC)


@dataclass
class Office:
    """Makes facts in `session`; `root` is the top unit."""

    session: Session
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.root = self.unit("Jobcenter")

    def unit(self, name: str, parent: Unit | None = None) -> Unit:
        number = next(self.numbers)
        unit = Unit(hr_key=f"U{number}", name=name, name_key=name.lower(), path=f"pending-{number}")
        unit.parent_key = parent.key if parent else None
        self.session.add(unit)
        self.session.flush()
        unit.path = f"{parent.path if parent else '/'}{unit.key}/"
        self.session.flush()
        return unit

    def person(
        self, unit: Unit | None = None, *, joined_on: datetime.date | None = None, name: str = "Nuray"
    ) -> Person:
        number = next(self.numbers)
        person = Person(
            hr_key=f"B-{number:05}",
            given_name=name,
            family_name=f"Demirci{number}",
            name_key=f"demirci{number:05} {name.lower()}",
            mail=f"b{number}@example.org",
            unit_key=(unit or self.root).key,
            joined_on=joined_on,
        )
        self.session.add(person)
        self.session.flush()
        return person

    def people(self, count: int, unit: Unit | None = None) -> list[Person]:
        return [self.person(unit) for _number in range(count)]

    def rule(
        self, course_id: str = "datenschutz", *, units: tuple[tuple[Unit, bool], ...] = (), **facts
    ) -> AssignmentRule:
        maker = self.session.scalar(select(Person.key).limit(1)) or self.person().key
        values = {"anchor": "rule_start", "days": 30, "starts_on": TODAY, "recurrence": "once"} | facts
        rule = AssignmentRule(
            course_id=course_id,
            title=course_id.title(),
            is_for_everyone=not units,
            request_key=str(uuid.uuid4()),
            made_by=maker,
            made_at=noon(TODAY),
            **values,
        )
        self.session.add(rule)
        self.session.flush()
        for unit, includes_sub_units in units:
            self.session.add(RuleUnit(rule_key=rule.key, unit_key=unit.key, includes_sub_units=includes_sub_units))
        self.session.flush()
        return rule

    def yearly(self, course_id: str = "datenschutz", **facts) -> AssignmentRule:
        values = {"recurrence": "completion", "period_months": 12, "window_days": 60, "min_active_days": 60} | facts
        return self.rule(course_id, **values)

    def prove(self, person: Person, on: datetime.date, course_id: str = "datenschutz", **facts) -> Proof:
        completed = proofs.Completed(person_key=person.key, course_id=course_id, completed_on=on, **facts)
        return proofs.write_proof(self.session, completed, now=noon(max(on, TODAY)))

    def sweep(self, today: datetime.date = TODAY, *, people: list[Person] | None = None) -> cycles.Swept:
        reach = cycles.Reach(people=None if people is None else [person.key for person in people])
        return cycles.sweep(self.session, reach, today=today, now=noon(today))

    def publish(self, course_id: str, *, minutes: int = 45, legal_basis: tuple[str, ...] = ()) -> int:
        """Key of the only edition of a course that consists of nothing else."""
        course = StoredCourse(id=course_id, slug=course_id)
        self.session.add(course)
        self.session.flush()
        edition = Edition(
            course_key=course.key,
            number=3,
            title=f"Kurs {course_id}",
            minutes=minutes,
            **dict.fromkeys(("digest", "source"), "d" * 64),
            **dict.fromkeys(("title_key", "kind", "area", "level", "language", "languages"), "x"),
            change="revision",
            module_count=1,
            skills={},
            facts={"legal_basis": list(legal_basis)},
            published_at=noon(TODAY),
        )
        self.session.add(edition)
        self.session.flush()
        course.edition_key = edition.key
        self.session.flush()
        return edition.key

    def cycles_of(self, person: Person) -> list[Cycle]:
        self.session.expire_all()
        found = select(Cycle).where(Cycle.person_key == person.key).order_by(Cycle.rule_key, Cycle.number)
        return list(self.session.scalars(found))


@contextmanager
def undone(engine: Engine) -> Iterator[Session]:
    """A session whose writes are rolled back at the end."""
    with engine.connect() as connection:
        transaction = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False) as session:
            yield session
        transaction.rollback()


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    """The statements that the body sends to the database."""
    seen: list[str] = []
    engine = session.connection().engine

    def note(_connection, _cursor, statement, _parameters, _context, _many) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)

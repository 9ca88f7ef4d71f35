"""The world in which access is tried: three units, a person for each relation, markers in all that is stored."""

import datetime
import tempfile
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from learning import audit, clock
from learning.library.actions import name_contact, write_local_text
from learning.library.models import Edition, QuestionRevision, StoredCourse
from learning.library.publishing import Change
from learning.library.stored_editions import StoredModule, course_module, filled_in
from learning.obligations import actions, agreements, cycles, proofs
from learning.obligations.agreements import Side
from learning.obligations.models import AssignmentRule, Proof, RuleUnit
from learning.obligations.proofs import Completed, Mode
from learning.people.accounts import NewGrant, grant_role
from learning.people.links import Purpose, make_link
from learning.people.models import Identity, Person, RoleGrant, Unit
from learning.people.roles import Role
from learning.people.sessions import Method, begin_session, token_hash
from learning.people.viewer import viewer_of_person
from learning.study.attempts import actions as attempt_actions
from learning.study.attempts.actions import SentAnswer
from learning.study.attempts.extra_time import set_extra_time
from learning.study.courses.enrolment import enrol
from learning.study.models import (
    Attempt,
    PracticeAnswer,
    ReadingPlace,
)
from quizzes.responses import Typed, to_json
from tests import factories
from tests.learning.access.markers import PRESENT, Markers, Relation, word
from tests.learning.conftest import empty_tables
from tests.learning.library.written_courses import write_course

PASSWORD = "Kranich Teelicht Umweg"  # a password of tests
BYSTANDERS = 5
DAY = datetime.timedelta(days=1)
COURSE, TEST, LESSON, OLD, BESIDE = "bausteine", "test", "fragen", "wandel", "nebenan"
OWN_UNIT, SUB_UNIT, OTHER_UNIT = Relation.OWN_UNIT, Relation.SUB_UNIT, Relation.OTHER_UNIT


@dataclass
class World:
    """Who looks (the person of relation OWN), a person for each relation, and what to look for."""

    session: Session
    engine: Engine
    units: Mapping[Relation, Unit]
    people: Mapping[Relation, Person]
    markers: Markers
    officer: Person
    proofs: dict[Relation, uuid.UUID] = field(default_factory=dict)
    rules: dict[Relation, uuid.UUID] = field(default_factory=dict)
    attempts: dict[Relation, uuid.UUID] = field(default_factory=dict)
    closed_attempts: dict[Relation, uuid.UUID] = field(default_factory=dict)

    def wear(self, looker: str) -> None:
        """Give the looker this role and no other one; roles on a unit hold on the looker's unit."""
        person = self.people[Relation.OWN]
        self.session.rollback()
        self.session.execute(delete(RoleGrant).where(RoleGrant.person_key == person.key))
        if looker in set(Role) - {Role.EMPLOYEE}:
            role = Role(looker)
            is_scoped = role in (Role.TEAM_LEAD, Role.HR)
            new = NewGrant(role, self.units[Relation.OWN].hr_key if is_scoped else None)
            grant_role(self.session, person, new, now=clock.now())
        begun = begin_session(self.session, person.key, method=Method.OPENID, now=clock.now(), hours=10)
        self.session.commit()
        self.markers.add("session", Relation.OWN, begun.id)
        keep_extra_time(self, Relation.OWN)
        self.session.commit()


@contextmanager
def kept_tables(engine: Engine) -> Iterator[None]:
    """Tables that are emptied at the end, for fixtures that last longer than one test."""
    yield
    empty_tables(engine)


@contextmanager
def kept_world(engine: Engine) -> Iterator[World]:
    """A world to look at; its session only prepares and reads."""
    with Session(engine, expire_on_commit=False) as session:
        yield make_world(session, engine)


Furnishing = Callable[[World, Relation], None]
FURNISHINGS: list[Furnishing] = []


def furnishing(function: Furnishing) -> Furnishing:
    """A feature adds what it stores about a person, with its markers."""
    FURNISHINGS.append(function)
    return function


def make_world(session: Session, engine: Engine) -> World:
    """Everything there is, committed."""
    markers = Markers()
    top = factories.unit(session, "Amt")
    nord = factories.unit(session, word("unit", OWN_UNIT), parent=top)
    sub = factories.unit(session, word("unit", SUB_UNIT), parent=nord)
    other = factories.unit(session, word("unit", OTHER_UNIT), parent=top)
    units = {Relation.OWN: nord, OWN_UNIT: nord, SUB_UNIT: sub, OTHER_UNIT: other}
    # A query that forgets whose data it wants often answers the oldest row: that one is never who looks.
    made = {relation: _person(session, units[relation], relation) for relation in reversed(PRESENT)}
    people = {relation: made[relation] for relation in PRESENT}
    # Who enters facts about all of them; their name may stand where somebody is told who did it.
    officer = factories.person(session, "Amtliche Person", unit=other)
    world = World(session, engine, units, people, markers, officer)
    for relation in PRESENT:
        markers.add("unit", relation, units[relation].name)
    _publish(world)
    _require(world)
    for relation in reversed(PRESENT):
        for furnish in FURNISHINGS:
            furnish(world, relation)
    _add_bystanders(world)
    cycles.sweep(session, today=clock.today(), now=clock.now())
    session.commit()
    for person in people.values():
        session.refresh(person)
    session.commit()
    return world


def _person(session: Session, unit: Unit, relation: Relation) -> Person:
    name = f"{word('given', relation)} {word('family', relation)}"
    person = factories.person(session, name, unit=unit, hr_key=word("number", relation))
    person.mail = f"{word('mail', relation)}@impuls.example".lower()
    factories.password(session, person, PASSWORD if relation is Relation.OWN else f"{PASSWORD} {relation}")
    session.commit()
    return person


def _publish(world: World) -> None:
    """The sample course; one with three editions; contact and local text."""
    session = world.session
    factories.published_course(session)
    with tempfile.TemporaryDirectory() as folder:
        for number in range(1, 4):
            text = f"\n## Der Fall\n\nFassung {number}.\n\n## Das Ziel\n\nEin Text.\n"
            place = write_course(Path(folder), OLD, title="Ein Wandel", erstes=text)
            factories.published_course(session, place, change=Change.REVISION, note=f"Fassung {number}")
            if number < 3:
                for relation in reversed(PRESENT):
                    if (relation is Relation.OWN) == (number == 1):
                        enrol(session, OLD, world.people[relation].key, now=clock.now())
                session.commit()
        # A course that nobody has begun yet.
        factories.published_course(session, write_course(Path(folder), BESIDE, title="Nebenan", erstes=text))
    contact, local = word("contact", Relation.OWN), word("local", Relation.OWN)
    name_contact(session, COURSE, hr_key="", name=contact, mail="team@impuls.example", phone="")
    write_local_text(session, "datenschutzbeauftragte", local, language="de")
    session.commit()
    for relation in PRESENT:
        world.markers.add("contact", relation, contact)
        world.markers.add("local", relation, local)


def _require(world: World) -> None:
    """A duty of each unit, already running for 100 days."""
    for relation in (OWN_UNIT, SUB_UNIT, OTHER_UNIT):
        rule = made_rule(
            world, world.units[relation], title=word("rule", relation), course_id=f"pflicht-{relation}",
            legal_basis=word("basis", relation), recurrence="completion", period_months=12, window_days=30,
            min_active_days=30,
        )  # fmt: skip
        world.rules[relation] = rule.id
        for whose in (relation, Relation.OWN) if relation is OWN_UNIT else (relation,):
            world.markers.add("rule", whose, rule.title)
            world.markers.add("basis", whose, rule.legal_basis)
    made_rule(world, None, title="Pflicht aller", course_id="pflicht-aller")
    # A second duty of each unit is still open.
    for relation in (OWN_UNIT, SUB_UNIT, OTHER_UNIT):
        made_rule(world, world.units[relation], title=f"Offen {word('rule', relation)}", course_id=f"offen-{relation}")
    cycles.sweep(world.session, today=clock.today() - 100 * DAY, now=clock.now())
    world.session.commit()


def made_rule(world: World, unit: Unit | None, *, title: str, course_id: str, **facts: object) -> AssignmentRule:
    """A rule for a unit without its sub-units, or for everyone; without cycles."""
    session = world.session
    values = {
        "anchor": "rule_start",
        "days": 150,
        "recurrence": "once",
        "starts_on": clock.today() - 100 * DAY,
        **facts,
    }
    rule = AssignmentRule(
        id=uuid.uuid4(), title=title, course_id=course_id, is_for_everyone=unit is None, request_key=str(uuid.uuid4()),
        made_by=world.officer.key, made_at=clock.now(), **values,
    )  # fmt: skip
    session.add(rule)
    session.flush()
    if unit is not None:
        session.add(RuleUnit(rule_key=rule.key, unit_key=unit.key, includes_sub_units=False))
    session.flush()
    return rule


def _add_bystanders(world: World) -> None:
    """Enough people in each unit that totals speak of it: the duty, and a voluntary course of that unit alone."""
    for relation in (OWN_UNIT, SUB_UNIT, OTHER_UNIT):
        title = word("total", relation)
        world.markers.add("total", relation, title)
        if relation is OWN_UNIT:
            world.markers.add("total", Relation.OWN, title)
        for _number in range(BYSTANDERS):
            person = factories.person(world.session, unit=world.units[relation])
            prove(world, person, f"summe-{relation}", title=title)


def prove(world: World, person: Person, course_id: str, *, title: str, **facts: object) -> Proof:
    """A completed course that is not published here."""
    values = {"completed_on": clock.today(), **facts}
    completed = Completed(person_key=person.key, course_id=course_id, course_title=title, **values)
    proof = proofs.write_proof(world.session, completed, now=clock.now())
    world.session.flush()
    return proof


def spelled(day: datetime.date) -> tuple[str, ...]:
    """A date in all ways that pages and files write it."""
    return (day.isoformat(), f"{day:%d.%m.%Y}", f"{day.day} {day:%b} {day.year}")


# What is stored of each person ---------------------------------------------------------------------------------------


@furnishing
def who_somebody_is(world: World, relation: Relation) -> None:
    person = world.people[relation]
    world.markers.add("given", relation, person.given_name)
    world.markers.add("family", relation, person.family_name)
    world.markers.add("number", relation, person.hr_key)
    world.markers.add("mail", relation, person.mail)
    world.markers.add("person", relation, person.id)


@furnishing
def signing_in(world: World, relation: Relation) -> None:
    person, now = world.people[relation], clock.now()
    begun = begin_session(world.session, person.key, method=Method.OPENID, now=now, hours=10)
    link = make_link(world.session, person.key, Purpose.RESET, now=now)
    identity = Identity(person_key=person.key, issuer="https://konto.example", linked_at=now)
    identity.subject = word("subject", relation)
    world.session.add(identity)
    world.markers.add("session", relation, begun.id)
    world.markers.add("token", relation, begun.token, token_hash(begun.token), link, token_hash(link))
    world.markers.add("hash", relation, "$argon2id$")
    world.markers.add("subject", relation, identity.subject)


@furnishing
def duties(world: World, relation: Relation) -> None:
    person, number = world.people[relation], PRESENT.index(relation)
    place = OWN_UNIT if relation is Relation.OWN else relation
    completed_on = clock.today() - (31 + number) * DAY
    prove(
        world, person, f"pflicht-{place}", title="Pflichtkurs", completed_on=completed_on, mode=Mode.HYBRID,
        conversation_on=clock.today() - 3 * DAY, instructor=word("instructor", relation),
        source=word("source", relation), entered_by=world.officer.key,
    )  # fmt: skip
    world.markers.add("completed", relation, *spelled(completed_on))
    world.markers.add("instructor", relation, word("instructor", relation))
    world.markers.add("source", relation, word("source", relation))
    wrong = prove(world, person, "falsch", title="Falsch")
    reason = word("correction", relation)
    proofs.correct_proof(
        world.session, wrong, reason=reason, corrected_by=person.key, replacement=None, now=clock.now()
    )
    world.markers.add("correction", relation, reason)
    until = clock.today() + (200 + number) * DAY
    actions.suspend(world.session, person.key, from_on=clock.today(), until_on=until, actor=None, now=clock.now())
    world.markers.add("suspended", relation, *spelled(until))
    everyone = world.session.scalars(select(AssignmentRule.key).where(AssignmentRule.is_for_everyone)).one()
    actions.exempt(
        world.session, person.key, rule_key=everyone, reason=word("exemption", relation), from_on=clock.today(),
        until_on=clock.today(), now=clock.now(),
    )  # fmt: skip
    world.markers.add("exemption", relation, word("exemption", relation))


@furnishing
def learning_freely(world: World, relation: Relation) -> None:
    person, now = world.people[relation], clock.now()
    free = prove(world, person, "frei", title=word("free", relation))
    world.proofs[relation] = free.id
    world.markers.add("free", relation, free.course_title)
    world.markers.add("proof", relation, free.id)
    shown = prove(world, person, "gezeigt", title=word("shown", relation))
    agreements.release(world.session, shown.id, person_key=person.key, now=now)
    world.markers.add("shown", relation, shown.course_title)
    if relation is OTHER_UNIT:
        agreements.propose(world.session, person.key, course_id=COURSE, actor=person.key, side=Side.PERSON, now=now)
        old = world.session.scalars(
            select(Edition.key)
            .join(StoredCourse, StoredCourse.key == Edition.course_key)
            .where(StoredCourse.slug == OLD, Edition.number == 2)
        ).one()
        prove(world, person, OLD, title="", edition_key=old)
    for kind in ("agreed", "proposed"):
        made = agreements.propose(
            world.session, person.key, course_id=word(kind, relation), actor=person.key, side=Side.PERSON, now=now
        )
        if kind == "agreed":
            agreements.confirm(world.session, made, side=Side.HR, now=now)
        world.markers.add(kind, relation, made.course_id)
        world.markers.add("agreement", relation, made.id)


@furnishing
def studying(world: World, relation: Relation) -> None:
    person, now, session = world.people[relation], clock.now(), world.session
    taken = enrol(session, COURSE, person.key, now=now)
    revision = select(QuestionRevision.key).where(QuestionRevision.question_id == "f-text").limit(1)
    session.add(
        PracticeAnswer(
            enrolment_key=taken.key, question_id="f-text", revision_key=session.scalars(revision).one(),
            response=to_json(Typed(word("practice", relation))), changed_at=now,
        )
    )  # fmt: skip
    place = place_of(relation)
    session.add(ReadingPlace(enrolment_key=taken.key, module_id="text", anchor=place, changed_at=now))
    world.markers.add("practice", relation, word("practice", relation))
    world.markers.add("place", relation, place)
    _take_tests(world, relation, taken.key, tested(session, taken.edition_key))
    keep_extra_time(world, relation)
    session.flush()


def keep_extra_time(world: World, relation: Relation) -> None:
    """A factor that only this person has, set by somebody who looks at nothing."""
    factor, key = Decimal("1.71") + Decimal(PRESENT.index(relation)) / 100, world.people[relation].key
    set_extra_time(world.session, key, factor, by=world.officer.key, now=clock.now())
    if ("extra", relation) not in world.markers.texts:
        world.markers.add("extra", relation, f"{factor}-fache".replace(".", ","))


def place_of(relation: Relation) -> str:
    """Where somebody stopped reading."""
    return f"abschnitt-{word('place', relation).lower()}"


def tested(session: Session, edition_key: int | None) -> StoredModule:
    """The test of the sample course, asking all its questions."""
    found = course_module(session, COURSE, TEST, language="de", edition_key=edition_key)
    assert found is not None
    module = filled_in(session, found)
    assert module.module.rules is not None
    return replace(module, module=replace(module.module, rules=replace(module.module.rules, draw=None)))


def _take_tests(world: World, relation: Relation, enrolment_key: int, module: StoredModule) -> None:
    """One attempt that is handed in and one in progress, both with a text of their own in a gap."""
    session, person, now = world.session, world.people[relation], clock.now()
    viewer = viewer_of_person(session, person.key, today=clock.today())
    assert viewer is not None
    for kind, after, known in (("graded", 0, world.closed_attempts), ("answer", 1, world.attempts)):
        seed = word("seed", relation) + kind
        attempt_id = attempt_actions.start_attempt(
            session, viewer, module, enrolment_key=enrolment_key, after=after, seed=seed, now=now
        )
        attempt = session.scalars(select(Attempt).where(Attempt.id == attempt_id)).one()
        ids = [module.module.document.questions.questions[at].id for at in attempt.drawn]
        sent = SentAnswer(str(uuid.uuid4()), ids.index("t-luecke"), 0, {"f-t-luecke-0": [word(kind, relation)]})
        attempt_actions.save_answer(session, viewer, attempt_id, sent, now=now)
        if kind == "graded":
            attempt_actions.submit(session, viewer, attempt_id, now=now)
        known[relation] = attempt_id
        world.markers.add(kind, relation, word(kind, relation))
        world.markers.add("attempt", relation, attempt_id)
        world.markers.add("seed", relation, seed)


@furnishing
def being_looked_at(world: World, relation: Relation) -> None:
    audit.record(
        world.session, actor=world.officer.key, role=Role.HR.value, action="record.see",
        object_type="person", object_id=str(uuid.uuid4()), subjects=(world.people[relation].key,),
        scope=word("scope", relation), purpose="deadlines", now=clock.now(),
    )  # fmt: skip
    world.markers.add("scope", relation, word("scope", relation))

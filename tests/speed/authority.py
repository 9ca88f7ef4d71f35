"""An authority of any size, written straight into the tables: eight duties for everybody, each person in some state.

What is written is what the product itself would have written: proofs in their chain, cycles in step with them, the
projection by its own `rebuild`; a test holds `impuls verify` and `impuls sweep` to it. The number of units does not
grow with the number of people.
"""

import datetime
import uuid
from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Engine, case, cast, func, insert, literal, null, select, text, update
from sqlalchemy.orm import Session

from learning.obligations import projection, proofs, status_sql
from learning.obligations.models import AssignmentRule, Cycle, Exemption, Proof, ProofChain, Suspension
from learning.people.models import Person, RoleGrant, Unit
from learning.people.roles import Role

DUTIES = 8
DEPARTMENTS, TEAMS = 6, 54
ROOT = 1
FIRST_TEAM = 2 + DEPARTMENTS
HR_PERSON, LEARNER = 1, 2
# So many can have their proofs hashed in Python without anybody waiting; larger ones are only read, never verified.
MOST_CHAINED = 1_000
AT_ONCE = 10_000
# So long ago everything but the exemptions was recorded, so that earlier days can be asked about.
RECORDED = datetime.timedelta(days=20)
GIVEN = ("Nuray", "Miriam", "Jens", "Aylin", "Peter", "Olga", "Thomas", "Fatma", "Sabine", "Karim")
FAMILY = ("Demirci", "Sander", "Köhler", "Yıldız", "Großmann", "Petrowa", "Brandt", "Öztürk", "Lehmann", "Haddad")
# Of a thousand cycles: fulfilled, then overdue, due within two weeks, not open yet; all others are open.
FULFILLED, OVERDUE, SOON, UPCOMING = 550, 600, 700, 730


def fill(engine: Engine, people: int, *, now: datetime.datetime, today: datetime.date) -> None:
    """Write the authority into empty tables; person 1 is HR for the whole house, person 2 an employee."""
    with Session(engine) as session:
        if engine.dialect.name == "postgresql":
            session.execute(text("SET LOCAL statement_timeout = 0"))
        session.execute(insert(Unit), list(_units()))
        for begin in range(1, people + 1, AT_ONCE):
            session.execute(insert(Person), [_person(key) for key in range(begin, min(begin + AT_ONCE, people + 1))])
        session.execute(insert(RoleGrant), [_hr_role(now)])
        recorded = now - RECORDED
        session.execute(insert(AssignmentRule), [_rule(key, recorded, today) for key in range(1, DUTIES + 1)])
        _write_suspensions(session, recorded, today)
        _write_proofs(session, recorded, today)
        _write_cycles(session, recorded, today)
        _write_exemptions(session, now)
        if people <= MOST_CHAINED:
            _chain(session)
        projection.rebuild_all(session, today=today)
        _count_on(session)
        session.commit()


def settle(engine: Engine) -> None:
    """What the server's own vacuum does within minutes of an import."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def _units() -> Iterator[dict[str, Any]]:
    for key in range(1, FIRST_TEAM + TEAMS):
        parent = None if key == ROOT else ROOT if key < FIRST_TEAM else 2 + key % DEPARTMENTS
        path = f"/{ROOT}/" + (f"{parent}/" if parent not in (None, ROOT) else "") + (f"{key}/" if key != ROOT else "")
        name = "Jobcenter" if key == ROOT else f"Bereich {key}" if key < FIRST_TEAM else f"Team {key}"
        yield {
            "key": key,
            "id": uuid.UUID(int=key),
            "hr_key": f"OE-{key}",
            "name": name,
            "name_key": name.lower(),
            "parent_key": parent,
            "path": path,
        }


def _person(key: int) -> dict[str, Any]:
    given, family = GIVEN[key % 10], FAMILY[key // 10 % 10]
    return {
        "key": key,
        "id": uuid.UUID(int=key),
        "hr_key": f"B-{key:06}",
        "given_name": given,
        "family_name": f"{family} {key}",
        "name_key": f"{family} {key} {given}".lower(),
        "mail": f"b{key}@impuls.example",
        "unit_key": FIRST_TEAM + key % TEAMS,
        "is_active": True,
        "language": "",
        "theme": "",
        "role_version": 0,
    }


def _hr_role(now: datetime.datetime) -> dict[str, Any]:
    role = {"person_key": HR_PERSON, "role": Role.HR.value, "unit_key": ROOT}
    return role | {"includes_sub_units": True, "granted_at": now}


def _rule(key: int, now: datetime.datetime, today: datetime.date) -> dict[str, Any]:
    return {
        "key": key,
        "id": uuid.UUID(int=key),
        "course_id": f"pflicht-{key}",
        "title": f"Pflichtschulung {key}",
        "is_for_everyone": True,
        "anchor": "rule_start",
        "days": 30,
        "starts_on": today - datetime.timedelta(days=400),
        "recurrence": "completion",
        "period_months": 12,
        "window_days": 60,
        "min_active_days": 60,
        "realistic_days": 7,
        "legal_basis": "",
        "request_key": f"duty {key}",
        "made_by": HR_PERSON,
        "made_at": now,
    }


# Chance that is the same on both databases -------------------------------------------------------------------------


def _draw() -> ColumnElement[int]:
    """A number from 0 to 999 for each pair of person and rule."""
    return (Person.key * 7919 + AssignmentRule.key * 4327) % 1000


def _completed_on(today: datetime.date) -> ColumnElement[datetime.date]:
    """Within the last three hundred days, so that no next cycle is open yet."""
    return status_sql.days_later(status_sql.day(today), -((Person.key * 31 + AssignmentRule.key * 17) % 300))


def _due_on(today: datetime.date) -> ColumnElement[datetime.date]:
    spread = Person.key * 13 + AssignmentRule.key * 7
    days = case(
        (_draw() < FULFILLED, spread % 60),
        (_draw() < OVERDUE, -1 - spread % 40),
        (_draw() < SOON, spread % 15),
        (_draw() < UPCOMING, 60 + spread % 90),
        else_=15 + spread % 150,
    )
    return status_sql.days_later(status_sql.day(today), days)


def _opens_on(today: datetime.date) -> ColumnElement[datetime.date]:
    earlier, later = (status_sql.day(today + datetime.timedelta(days=days)) for days in (-310, 20))
    return case((_draw().between(SOON, UPCOMING - 1), later), else_=earlier)


def _write_suspensions(session: Session, now: datetime.datetime, today: datetime.date) -> None:
    """Every fiftieth person is away, began two weeks ago or will soon."""
    begin = status_sql.days_later(status_sql.day(today), Person.key % 40 - 20)
    columns = (Person.key, begin, status_sql.days_later(begin, 30), literal(now, Suspension.recorded_at.type))
    rows = select(*columns).where(Person.key % 50 == 7)
    session.execute(
        insert(Suspension).from_select(
            ["person_key", "from_on", "until_on", "recorded_at"], rows, include_defaults=False
        )
    )


def _proof_key() -> ColumnElement[int]:
    return Person.key * 10 + AssignmentRule.key


def _write_proofs(session: Session, now: datetime.datetime, today: datetime.date) -> None:
    number = cast(_proof_key(), Proof.hr_key.type)
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    random = func.gen_random_uuid() if is_postgresql else func.lower(func.hex(func.randomblob(16)))
    values: dict[str, Any] = {
        "key": _proof_key(),
        "id": random,
        "person_key": Person.key,
        "hr_key": Person.hr_key,
        "person_name": Person.given_name + " " + Person.family_name,
        "unit_name": Unit.name,
        "course_id": AssignmentRule.course_id,
        "course_title": AssignmentRule.title,
        "legal_basis": literal(""),
        "mode": literal(proofs.Mode.ONLINE.value),
        "understanding": literal(proofs.Understanding.PASSED.value),
        "completed_on": _completed_on(today),
        "recorded_at": literal(now, Proof.recorded_at.type),
        "previous_hash": "before " + number,
        "hash": "hash " + number,
    }
    rows = (
        select(*values.values())
        .select_from(Person)
        .join(Unit, Unit.key == Person.unit_key)
        .join(AssignmentRule, AssignmentRule.key > 0)
        .where(_draw() < FULFILLED)
        .order_by(_proof_key())
    )
    session.execute(insert(Proof).from_select(list(values), rows, include_defaults=False))


def _write_cycles(session: Session, now: datetime.datetime, today: datetime.date) -> None:
    is_done, completed = _draw() < FULFILLED, _completed_on(today)
    is_exempt = _draw().between(990, 994)
    values: dict[str, Any] = {
        "rule_key": AssignmentRule.key,
        "person_key": Person.key,
        "unit_key": Person.unit_key,
        "number": literal(1),
        "course_id": AssignmentRule.course_id,
        "opens_on": _opens_on(today),
        "due_on": _due_on(today),
        "original_due_on": _due_on(today),
        "counts_from": _opens_on(today),
        "proof_key": case((is_done, _proof_key()), else_=null()),
        "fulfilled_on": case((is_done, completed), else_=null()),
        "valid_until": case((is_done, status_sql.days_later(completed, 365)), else_=null()),
        "next_opens_on": case((is_done, status_sql.days_later(completed, 305)), else_=null()),
        "exempt_from": case((is_exempt, status_sql.day(today)), else_=null()),
        "exemption_reason": case((is_exempt, "other"), else_=null()),
        "recorded_at": literal(now, Cycle.recorded_at.type),
    }
    rows = select(*values.values()).select_from(Person).join(AssignmentRule, AssignmentRule.key > 0)
    session.execute(insert(Cycle).from_select(list(values), rows, include_defaults=False))


def _write_exemptions(session: Session, now: datetime.datetime) -> None:
    columns = (Cycle.key, Cycle.exempt_from, Cycle.exemption_reason, literal(now, Exemption.recorded_at.type))
    rows = select(*columns).where(Cycle.exempt_from.is_not(None))
    names = ["cycle_key", "from_on", "reason", "recorded_at"]
    session.execute(insert(Exemption).from_select(names, rows, include_defaults=False))


def _chain(session: Session) -> None:
    """Give the proofs the hashes that writing them one after the other would have given."""
    previous, changes = proofs.FIRST_HASH, []
    for proof in session.scalars(select(Proof).order_by(Proof.key)):
        digest = proofs.hash_of(proof, previous)
        changes.append({"key": proof.key, "previous_hash": previous, "hash": digest})
        previous = digest
    session.expunge_all()
    session.execute(update(Proof), changes)
    session.add(ProofChain(key=proofs.CHAIN_KEY, proofs=len(changes), hash=previous))
    session.flush()


def _count_on(session: Session) -> None:
    """Let the database number what comes next behind the keys that were written here."""
    if session.get_bind().dialect.name != "postgresql":
        return
    for model in (Unit, Person, AssignmentRule, Proof):
        name = model.__tablename__
        session.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'key'), (SELECT max(key) FROM {name}))"))

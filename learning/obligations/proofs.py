"""Proofs: written once with a snapshot of person and course, chained by hashes, corrected only by new facts."""

import datetime
import hashlib
import heapq
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from learning.library.models import Edition, StoredCourse
from learning.obligations import counting
from learning.obligations.models import Proof, ProofChain, ProofCorrection, ProofTombstone
from learning.obligations.rules import local_day
from learning.people.models import Person, Unit

FIRST_HASH = "0" * 64
CHAIN_KEY = 1
LONGEST_LEGAL_BASIS = 500
# Everything that a proof states, in the order of its table. Adding a column means a new form of the hash.
STATED = (
    *("id", "person_key", "hr_key", "person_name", "unit_name", "course_id", "course_title", "edition_number"),
    *("edition_digest", "legal_basis", "mode", "understanding", "confirmation_version", "confirmed_on"),
    *("completed_on", "instructor", "conversation_on", "entered_by", "source", "enrolment_key", "recorded_at"),
)


class Mode(StrEnum):
    """How a course was taken, or where its proof comes from."""

    ONLINE = "online"
    HYBRID = "hybrid"
    PRESENCE = "presence"
    MANUAL = "manual"
    IMPORTED = "imported"
    RECOGNISED = "recognised"


class Understanding(StrEnum):
    """A test was passed, or the person confirmed to have understood."""

    PASSED = "passed"
    CONFIRMED = "confirmed"


class UnknownPerson(Exception):
    """Nobody has this key."""


class UnknownEdition(Exception):
    """No edition has this key."""


class ProofInTheFuture(Exception):
    """A completion lies after today; a proof states what has happened."""


class AlreadyCorrected(Exception):
    """A proof is corrected once; correct the proof that took its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """What a proof states beside the snapshot. `edition_key` gives title, number, digest and legal basis.

    Without an edition (past years, certificates from outside) `course_title` stands for itself.
    """

    person_key: int
    course_id: str
    completed_on: datetime.date
    mode: Mode = Mode.ONLINE
    understanding: Understanding = Understanding.PASSED
    edition_key: int | None = None
    course_title: str = ""
    legal_basis: str = ""
    enrolment_key: int | None = None
    confirmation_version: str | None = None
    confirmed_on: datetime.date | None = None
    instructor: str | None = None
    conversation_on: datetime.date | None = None
    entered_by: int | None = None
    source: str | None = None


class Fault(StrEnum):
    """What can be wrong at a place of the chain."""

    GAP = "gap"
    CHANGED = "changed"
    END = "end"


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain does not hold: the proof's key (0: its end) and what is wrong there."""

    proof_key: int
    fault: Fault


def write_proof(session: Session, completed: Completed, *, now: datetime.datetime) -> Proof:
    """Write the proof of a completed course and fulfil the cycles that it counts for.

    Calling it again for the same enrolment answers the proof that is there. Raises UnknownPerson, UnknownEdition,
    ProofInTheFuture.
    """
    today = local_day(now)
    chain = _locked_chain(session)
    if completed.enrolment_key is not None:
        known = session.scalar(select(Proof).where(Proof.enrolment_key == completed.enrolment_key))
        if known is not None:
            return known
    proof = _append(session, chain, completed, now=now)
    counting.count_proof(session, proof, today=today)
    return proof


def correct_proof(
    session: Session,
    proof: Proof,
    *,
    reason: str,
    corrected_by: int,
    replacement: Completed | None,
    now: datetime.datetime,
) -> ProofCorrection:
    """Void a proof, or put another one in its place; the old one stays readable.

    Cycles that it fulfilled are asked again unless the replacement or another proof counts for them. Raises
    AlreadyCorrected, and what `write_proof` raises.
    """
    chain = _locked_chain(session)
    if session.scalar(select(ProofCorrection.key).where(ProofCorrection.proof_key == proof.key)) is not None:
        raise AlreadyCorrected(str(proof.id))
    successor = _append(session, chain, replacement, now=now) if replacement is not None else None
    correction = ProofCorrection(
        proof_key=proof.key,
        superseded_by=successor.key if successor else None,
        reason=reason,
        corrected_by=corrected_by,
        recorded_at=now,
    )
    session.add(correction)
    session.flush()
    today = local_day(now)
    counting.reopen_corrected(session, proof.key, today=today, now=now)
    if successor is not None:
        counting.count_proof(session, successor, today=today)
    return correction


def verify_chain(session: Session) -> list[Break]:
    """Every place at which the chain of proofs does not hold: changed, missing, exchanged or cut off rows.

    A tombstone holds its place by its hashes; what the proof stated is gone and cannot be compared any more.
    """
    found = []
    previous, count = FIRST_HASH, 0
    for place in _places(session):
        if place.previous_hash != previous:
            found.append(Break(place.key, Fault.GAP))
        if isinstance(place, Proof) and hash_of(place, place.previous_hash) != place.hash:
            found.append(Break(place.key, Fault.CHANGED))
        previous, count = place.hash, count + 1
    chain = session.get(ProofChain, CHAIN_KEY)
    end, proofs = (chain.hash, chain.proofs) if chain else (FIRST_HASH, 0)
    if end != previous or proofs != count:
        found.append(Break(0, Fault.END))
    return found


def _places(session: Session) -> Iterator[Proof | ProofTombstone]:
    """Proofs and the tombstones of erased ones, in the order of the chain."""
    proofs = session.scalars(select(Proof).order_by(Proof.key).execution_options(yield_per=500))
    tombstones = session.scalars(select(ProofTombstone).order_by(ProofTombstone.key))
    return heapq.merge(proofs, tombstones, key=lambda place: place.key)


def hash_of(proof: Proof, previous_hash: str) -> str:
    """SHA-256 over the previous hash and everything that the proof states, as JSON in a fixed order."""
    stated = [previous_hash, *(_plain(getattr(proof, name)) for name in STATED)]
    return hashlib.sha256(json.dumps(stated, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def _plain(value: object) -> str | int | None:
    match value:
        case datetime.datetime():
            return value.astimezone(datetime.UTC).isoformat(timespec="microseconds")
        case datetime.date():
            return value.isoformat()
        case uuid.UUID():
            return str(value)
        case str() | int() | None:
            return value
        case _:
            raise TypeError(f"a proof states no {type(value).__name__}")


def _locked_chain(session: Session) -> ProofChain:
    """The end of the chain, held until the transaction ends, so that no two proofs follow the same one."""
    statement = select(ProofChain).where(ProofChain.key == CHAIN_KEY).with_for_update()
    statement = statement.execution_options(populate_existing=True)
    chain = session.scalar(statement)
    if chain is None:
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        row = insert(ProofChain).values(key=CHAIN_KEY, proofs=0, hash=FIRST_HASH)
        session.execute(row.on_conflict_do_nothing(index_elements=["key"]))
        chain = session.scalar(statement)
    assert chain is not None, "the row was written above or by somebody else"
    return chain


def _append(session: Session, chain: ProofChain, completed: Completed, *, now: datetime.datetime) -> Proof:
    if completed.completed_on > local_day(now):
        raise ProofInTheFuture(completed.completed_on.isoformat())
    proof = _snapshot(session, completed, now=now)
    proof.previous_hash = chain.hash
    proof.hash = hash_of(proof, chain.hash)
    session.add(proof)
    chain.hash, chain.proofs = proof.hash, chain.proofs + 1
    session.flush()
    return proof


def _snapshot(session: Session, completed: Completed, *, now: datetime.datetime) -> Proof:
    """The proof with name, unit and edition as they are now; hashes are still missing."""
    person = session.execute(
        select(Person.given_name, Person.family_name, Person.hr_key, Unit.name.label("unit_name"))
        .join(Unit, Unit.key == Person.unit_key)
        .where(Person.key == completed.person_key)
    ).one_or_none()
    if person is None:
        raise UnknownPerson(str(completed.person_key))
    title, number, digest, legal_basis = _edition_facts(session, completed)
    return Proof(
        id=uuid.uuid4(),
        person_key=completed.person_key,
        hr_key=person.hr_key,
        person_name=f"{person.given_name} {person.family_name}".strip(),
        unit_name=person.unit_name,
        course_id=completed.course_id,
        course_title=title,
        edition_number=number,
        edition_digest=digest,
        legal_basis=legal_basis,
        mode=completed.mode.value,
        understanding=completed.understanding.value,
        confirmation_version=completed.confirmation_version,
        confirmed_on=completed.confirmed_on,
        completed_on=completed.completed_on,
        instructor=completed.instructor,
        conversation_on=completed.conversation_on,
        entered_by=completed.entered_by,
        source=completed.source,
        enrolment_key=completed.enrolment_key,
        recorded_at=now,
    )


def _edition_facts(session: Session, completed: Completed) -> tuple[str, int | None, str | None, str]:
    if completed.edition_key is None:
        return completed.course_title or completed.course_id, None, None, completed.legal_basis
    edition = session.execute(
        select(Edition.title, Edition.number, Edition.digest, Edition.facts)
        .join(StoredCourse, StoredCourse.key == Edition.course_key)
        .where(Edition.key == completed.edition_key, StoredCourse.id == completed.course_id)
    ).one_or_none()
    if edition is None:
        raise UnknownEdition(f"{completed.course_id}, {completed.edition_key}")
    legal_basis = completed.legal_basis or "; ".join(edition.facts.get("legal_basis") or ())
    return edition.title, edition.number, edition.digest, legal_basis[:LONGEST_LEGAL_BASIS]

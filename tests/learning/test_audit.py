"""The audit log finds what was changed, removed, exchanged or cut off, and forgets without breaking."""

import datetime

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from learning.audit import AuditEntry, AuditSubject, erase_before, record, verify
from learning.people.models import Person
from tests import factories

LATER = factories.NOW + datetime.timedelta(days=400)


@pytest.fixture
def people(session: Session) -> list[Person]:
    """Two persons and five entries about them, one a hundred days."""
    people = [factories.person(session), factories.person(session)]
    for number in range(5):
        record(
            session,
            actor=people[0].key,
            role="hr",
            action="record.see",
            object_type="person",
            object_id=str(people[1].id),
            subjects=[people[1].key],
            purpose="question",
            count=number,
            now=factories.NOW + datetime.timedelta(days=100 * number, microseconds=number),
        )
    session.commit()
    return people


def keys(session: Session) -> list[int]:
    return list(session.execute(select(AuditEntry.key).order_by(AuditEntry.key)).scalars())


def test_an_untouched_log_holds(session: Session, people: list[Person]) -> None:
    found = verify(session)
    assert (found.entries, found.holds) == (5, True)
    assert verify(session, known_head=found.head).holds


@pytest.mark.parametrize(
    ("column", "value"),
    [("count", 99), ("action", "x"), ("actor_role", "team_lead"), ("object_id", "x"), ("scope", "x"), ("purpose", "x"),
     ("at", factories.NOW), ("actor_key", None), ("hash", "f" * 64), ("previous_hash", "f" * 64),
     ("content_digest", "f" * 64)],
)  # fmt: skip
def test_every_changed_column_is_found(session: Session, people: list[Person], column: str, value: object) -> None:
    third = keys(session)[2]
    session.execute(update(AuditEntry).where(AuditEntry.key == third).values({column: value}))
    assert third in verify(session).broken


def test_a_removed_entry_is_found(session: Session, people: list[Person]) -> None:
    third = keys(session)[2]
    session.execute(delete(AuditSubject).where(AuditSubject.entry_key == third))
    session.execute(delete(AuditEntry).where(AuditEntry.key == third))
    assert not verify(session).holds


def test_a_subject_taken_away_or_added_is_found(session: Session, people: list[Person]) -> None:
    first, second, *_ = keys(session)
    session.execute(delete(AuditSubject).where(AuditSubject.entry_key == first))
    session.add(AuditSubject(entry_key=second, person_key=people[0].key))
    session.flush()
    assert verify(session).broken == (first, second)


def test_two_exchanged_entries_are_found(session: Session, people: list[Person]) -> None:
    first, second, *_ = keys(session)
    contents = {key: session.get_one(AuditEntry, key).count for key in (first, second)}
    for key, other in ((first, second), (second, first)):
        session.execute(update(AuditEntry).where(AuditEntry.key == key).values(count=contents[other]))
    assert verify(session).broken == (first, second)


def test_an_end_that_was_cut_off_is_found_with_an_exported_head(session: Session, people: list[Person]) -> None:
    head = verify(session).head
    last = keys(session)[-1]
    session.execute(delete(AuditSubject).where(AuditSubject.entry_key == last))
    session.execute(delete(AuditEntry).where(AuditEntry.key == last))
    assert verify(session).holds
    assert not verify(session, known_head=head).holds


def test_old_entries_become_tombstones_and_the_chain_still_holds(session: Session, people: list[Person]) -> None:
    limit = LATER - datetime.timedelta(days=365)
    assert erase_before(session, limit) == 1
    first = session.execute(select(AuditEntry).order_by(AuditEntry.key).limit(1)).scalar_one()
    session.refresh(first)
    assert (first.actor_key, first.object_id, first.count) == (None, "", 0)
    assert verify(session, kept_since=limit).holds
    assert erase_before(session, limit) == 0


def test_a_young_entry_cannot_hide_as_a_tombstone(session: Session, people: list[Person]) -> None:
    limit = LATER - datetime.timedelta(days=365)
    erase_before(session, LATER)
    assert len(verify(session, kept_since=limit).broken) == 3
    assert len(verify(session).broken) == 4


def test_the_chain_cannot_fork(session: Session, people: list[Person]) -> None:
    heads = session.execute(select(AuditEntry.previous_hash)).scalars().all()
    assert len(heads) == len(set(heads)) == 5

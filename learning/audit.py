"""The audit log: who looked at or changed other people's data, as a chain of hashes. No free text of answers.

Every entry covers the one before it, so a changed, removed or exchanged row is found by `verify`. What was cut off at
the end is found by comparing with a head that was exported before. After its retention an entry becomes a tombstone:
its content is gone, its place in the chain stays.
"""

import datetime
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ForeignKey, String, delete, insert, literal, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from learning.database import Code, Digest, Key, Model, Moment

BEGINNING = "0" * 64
CHAIN_LOCK = 7_142_027
ERASED = "erased"
SUBJECTS_AT_ONCE = 1_000
KEPT = datetime.timedelta(days=365)


class AuditEntry(Model):
    """One entry. `content_digest` covers what happened, `hash` covers it, the moment and the previous hash."""

    __tablename__ = "audit_entry"

    key: Mapped[Key]
    at: Mapped[Moment]
    actor_key: Mapped[int | None] = mapped_column(ForeignKey("person.key"))
    actor_role: Mapped[Code]
    action: Mapped[Code]
    object_type: Mapped[Code]
    object_id: Mapped[str] = mapped_column(String(64), default="")
    scope: Mapped[str] = mapped_column(String(500), default="")
    purpose: Mapped[Code] = mapped_column(default="")
    count: Mapped[int] = mapped_column(default=1)
    content_digest: Mapped[Digest]
    previous_hash: Mapped[str] = mapped_column(String(64), unique=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class AuditSubject(Model):
    """A person whom an entry is about; they can see it."""

    __tablename__ = "audit_subject"

    entry_key: Mapped[int] = mapped_column(ForeignKey("audit_entry.key"), primary_key=True)
    person_key: Mapped[int] = mapped_column(ForeignKey("person.key"), primary_key=True, index=True)


@dataclass(frozen=True, slots=True)
class Verification:
    """What `verify` found: how many entries there are, the newest hash, and every entry that does not fit."""

    entries: int
    head: str
    broken: tuple[int, ...]
    is_head_known: bool

    @property
    def holds(self) -> bool:
        """True if nothing was changed, removed or cut off."""
        return not self.broken and self.is_head_known


def record(
    session: Session,
    *,
    actor: int | None,
    role: str,
    action: str,
    object_type: str,
    object_id: str,
    subjects: Iterable[int] = (),
    scope: str = "",
    purpose: str = "",
    count: int = 1,
    now: datetime.datetime,
) -> None:
    """Add an entry at the end of the chain, in the transaction of what it is about.

    `actor` and `subjects` are keys of persons; `actor` is None for the program itself. One transaction at a time
    writes to the chain; it is released by the commit.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": CHAIN_LOCK})
    previous = session.execute(select(AuditEntry.hash).order_by(AuditEntry.key.desc()).limit(1)).scalar() or BEGINNING
    about = sorted(set(subjects))
    content = (actor, role, action, object_type, object_id[:64], scope[:500], purpose, count)
    digest = content_digest(content, about)
    entry = AuditEntry(
        at=now,
        actor_key=actor,
        actor_role=role,
        action=action,
        object_type=object_type,
        object_id=object_id[:64],
        scope=scope[:500],
        purpose=purpose,
        count=count,
        content_digest=digest,
        previous_hash=previous,
        hash=chain_hash(previous, now, digest),
    )
    session.add(entry)
    session.flush()
    _add_subjects(session, entry.key, about)


def _add_subjects(session: Session, entry_key: int, about: Sequence[int]) -> None:
    """Whom an entry is about, many in one statement: an export names thousands."""
    people = Model.metadata.tables["person"].c.key
    for begin in range(0, len(about), SUBJECTS_AT_ONCE):
        rows = select(literal(entry_key), people).where(people.in_(about[begin : begin + SUBJECTS_AT_ONCE]))
        session.execute(insert(AuditSubject).from_select(["entry_key", "person_key"], rows))


Content = tuple[int | None, str, str, str, str, str, str, int]


def content_digest(content: Content, subjects: Iterable[int]) -> str:
    """Digest of what happened: actor, role, action, type and id of the object, scope, purpose, count; the subjects."""
    return hashlib.sha256(json.dumps([*content, sorted(subjects)], ensure_ascii=False).encode()).hexdigest()


def chain_hash(previous: str, at: datetime.datetime, digest: str) -> str:
    """Hash of an entry: SHA-256 over the previous hash, the moment in UTC to the microsecond, the content's digest."""
    moment = at.astimezone(datetime.UTC).isoformat(timespec="microseconds")
    return hashlib.sha256(f"{previous}\n{moment}\n{digest}".encode()).hexdigest()


def verify(
    session: Session, *, known_head: str | None = None, kept_since: datetime.datetime | None = None
) -> Verification:
    """Compute the whole chain anew. `known_head`, exported earlier, must still be in it.

    Tombstones hold only before `kept_since`; without it none is expected. Two queries.
    """
    subjects: dict[int, list[int]] = {}
    for row in session.execute(select(AuditSubject.entry_key, AuditSubject.person_key)):
        subjects.setdefault(row.entry_key, []).append(row.person_key)
    previous, broken, entries, is_known = BEGINNING, [], 0, known_head in (None, BEGINNING)
    for (entry,) in session.execute(
        select(AuditEntry).order_by(AuditEntry.key), execution_options={"populate_existing": True}
    ):
        entries += 1
        fits = entry.previous_hash == previous and entry.hash == chain_hash(previous, entry.at, entry.content_digest)
        if entry.action == ERASED:
            fits = fits and kept_since is not None and entry.at < kept_since
        else:
            content = (
                entry.actor_key,
                entry.actor_role,
                entry.action,
                entry.object_type,
                entry.object_id,
                entry.scope,
                entry.purpose,
                entry.count,
            )
            fits = fits and entry.content_digest == content_digest(content, subjects.get(entry.key, ()))
        if not fits:
            broken.append(entry.key)
        is_known = is_known or entry.hash == known_head
        previous = entry.hash
    return Verification(entries, previous, tuple(broken), is_known)


def erase_before(session: Session, moment: datetime.datetime) -> int:
    """Turn entries older than `moment` into tombstones; answers how many."""
    old = select(AuditEntry.key).where(AuditEntry.at < moment, AuditEntry.action != ERASED)
    keys = list(session.execute(old).scalars())
    session.execute(delete(AuditSubject).where(AuditSubject.entry_key.in_(old)))
    session.execute(
        update(AuditEntry)
        .where(AuditEntry.at < moment, AuditEntry.action != ERASED)
        .values(
            actor_key=None, actor_role="", action=ERASED, object_type="", object_id="", scope="", purpose="", count=0
        )
    )
    return len(keys)

"""The audit log: who looked at or changed other people's data, as a chain of hashes. No free text of answers."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from learning.database import Code, Digest, Key, Model, Moment


class AuditEntry(Model):
    """One entry; `hash` covers the previous hash and the canonical row, so a gap or a change is found."""

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
    previous_hash: Mapped[Digest]
    hash: Mapped[Digest] = mapped_column(String(64), unique=True)


class AuditSubject(Model):
    """A person whom an entry is about; they can see it."""

    __tablename__ = "audit_subject"

    entry_key: Mapped[int] = mapped_column(ForeignKey("audit_entry.key"), primary_key=True)
    person_key: Mapped[int] = mapped_column(ForeignKey("person.key"), primary_key=True, index=True)

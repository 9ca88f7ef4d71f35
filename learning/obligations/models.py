"""Tables of obligations and proofs. Facts are appended; status is computed (`rules.status`) and only projected here."""

import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from learning.database import Code, Digest, Key, Model, Moment, Name, PublicId


class Proof(Model):
    """A course was completed. Immutable; names and unit as they were; never a score, a count or a duration."""

    __tablename__ = "proof"
    __table_args__ = (
        UniqueConstraint("enrolment_key"),
        Index("ix_proof_person_key_course_id", "person_key", "course_id", "completed_on"),
    )

    key: Mapped[Key]
    id: Mapped[PublicId]
    person_key: Mapped[int] = mapped_column(ForeignKey("person.key"))
    hr_key: Mapped[str] = mapped_column(String(64))
    person_name: Mapped[Name]
    unit_name: Mapped[Name]
    course_id: Mapped[str] = mapped_column(String(64))
    course_title: Mapped[Name]
    edition_number: Mapped[int | None]
    edition_digest: Mapped[str | None] = mapped_column(String(64))
    legal_basis: Mapped[str] = mapped_column(String(500), default="")
    mode: Mapped[Code]
    understanding: Mapped[Code]
    confirmation_version: Mapped[str | None] = mapped_column(String(40))
    confirmed_on: Mapped[datetime.date | None]
    completed_on: Mapped[datetime.date]
    instructor: Mapped[str | None] = mapped_column(String(200))
    conversation_on: Mapped[datetime.date | None]
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("person.key"))
    source: Mapped[str | None] = mapped_column(String(200))
    enrolment_key: Mapped[int | None]
    recorded_at: Mapped[Moment]
    previous_hash: Mapped[Digest]
    hash: Mapped[Digest] = mapped_column(String(64), unique=True)


class ProofCorrection(Model):
    """A proof was wrong: it is voided or superseded with a reason; the old one stays readable."""

    __tablename__ = "proof_correction"

    key: Mapped[Key]
    proof_key: Mapped[int] = mapped_column(ForeignKey("proof.key"), unique=True)
    superseded_by: Mapped[int | None] = mapped_column(ForeignKey("proof.key"))
    reason: Mapped[str] = mapped_column(Text)
    corrected_by: Mapped[int] = mapped_column(ForeignKey("person.key"))
    recorded_at: Mapped[Moment]


class Agreement(Model):
    """An agreed qualification (TVöD § 5): HR sees completion and date of that course from the day both confirmed."""

    __tablename__ = "agreement"
    __table_args__ = (UniqueConstraint("person_key", "course_id", "number"),)

    key: Mapped[Key]
    id: Mapped[PublicId]
    person_key: Mapped[int] = mapped_column(ForeignKey("person.key"))
    course_id: Mapped[str] = mapped_column(String(64))
    number: Mapped[int] = mapped_column(default=1)
    proposed_by: Mapped[int] = mapped_column(ForeignKey("person.key"))
    proposed_at: Mapped[Moment]
    confirmed_by_hr_at: Mapped[datetime.datetime | None]
    confirmed_by_person_at: Mapped[datetime.datetime | None]
    ended_at: Mapped[datetime.datetime | None]


class ReleasedCertificate(Model):
    """A person shows HR one certificate of a voluntary course, and may take it back."""

    __tablename__ = "released_certificate"

    proof_key: Mapped[int] = mapped_column(ForeignKey("proof.key"), primary_key=True)
    released_at: Mapped[Moment]


class AssignmentRule(Model):
    """HR's rule: which course, for whom, by when, how often. Edits apply to cycles that start later."""

    __tablename__ = "assignment_rule"
    __table_args__ = (
        CheckConstraint("anchor IN ('rule_start', 'joining', 'fixed')", name="anchor"),
        CheckConstraint("recurrence IN ('once', 'completion', 'due', 'season')", name="recurrence"),
    )

    key: Mapped[Key]
    id: Mapped[PublicId]
    course_id: Mapped[str] = mapped_column(String(64))
    repeat_course_id: Mapped[str | None] = mapped_column(String(64))
    title: Mapped[Name]
    is_for_everyone: Mapped[bool] = mapped_column(default=False)
    anchor: Mapped[Code]
    fixed_due_on: Mapped[datetime.date | None]
    days: Mapped[int | None]
    starts_on: Mapped[datetime.date]
    ends_on: Mapped[datetime.date | None]
    recurrence: Mapped[Code] = mapped_column(default="once")
    period_months: Mapped[int | None]
    window_days: Mapped[int | None]
    counts_since: Mapped[datetime.date | None]
    legal_basis: Mapped[str] = mapped_column(String(500), default="")
    request_key: Mapped[str] = mapped_column(String(36), unique=True)
    made_by: Mapped[int] = mapped_column(ForeignKey("person.key"))
    made_at: Mapped[Moment]


class RuleUnit(Model):
    """A unit that a rule is for, with or without its sub-units."""

    __tablename__ = "rule_unit"

    rule_key: Mapped[int] = mapped_column(ForeignKey("assignment_rule.key"), primary_key=True)
    unit_key: Mapped[int] = mapped_column(ForeignKey("unit.key"), primary_key=True)
    includes_sub_units: Mapped[bool] = mapped_column(default=False)


class Cycle(Model):
    """One period of one rule for one person. `proof_key` is set once; nothing is ever reset."""

    __tablename__ = "cycle"
    __table_args__ = (
        UniqueConstraint("rule_key", "person_key", "number"),
        Index("ix_cycle_person_key", "person_key"),
    )

    key: Mapped[Key]
    rule_key: Mapped[int] = mapped_column(ForeignKey("assignment_rule.key"))
    person_key: Mapped[int] = mapped_column(ForeignKey("person.key"))
    number: Mapped[int]
    opens_on: Mapped[datetime.date]
    due_on: Mapped[datetime.date]
    original_due_on: Mapped[datetime.date]
    proof_key: Mapped[int | None] = mapped_column(ForeignKey("proof.key"))
    fulfilled_on: Mapped[datetime.date | None]
    closed_on: Mapped[datetime.date | None]
    closing_reason: Mapped[str | None] = mapped_column(String(40))
    exempt_from: Mapped[datetime.date | None]
    exempt_until: Mapped[datetime.date | None]
    exemption_reason: Mapped[str | None] = mapped_column(String(40))
    recorded_at: Mapped[Moment]


class Suspension(Model):
    """A person is away for a while. No reason is kept; due dates shift by its length."""

    __tablename__ = "suspension"
    __table_args__ = (CheckConstraint("until_on >= from_on", name="order"),)

    key: Mapped[Key]
    person_key: Mapped[int] = mapped_column(ForeignKey("person.key"), index=True)
    from_on: Mapped[datetime.date]
    until_on: Mapped[datetime.date]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.key"))
    recorded_at: Mapped[Moment]


class StatusCount(Model):
    """The projection that overviews read: how many current cycles of a rule and unit share state and due date.

    `state` holds what does not depend on today (unfulfilled, fulfilled, closed, exempt, suspended); the rest follows
    from `effective_due_on` when a page is drawn.
    """

    __tablename__ = "status_count"

    rule_key: Mapped[int] = mapped_column(ForeignKey("assignment_rule.key"), primary_key=True)
    unit_key: Mapped[int] = mapped_column(ForeignKey("unit.key"), primary_key=True)
    state: Mapped[Code] = mapped_column(primary_key=True)
    opens_on: Mapped[datetime.date] = mapped_column(primary_key=True)
    effective_due_on: Mapped[datetime.date] = mapped_column(primary_key=True)
    people: Mapped[int]

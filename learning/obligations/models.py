"""Tables of obligations and proofs. Facts are appended; status is computed (`rules.status`) and only projected here."""

import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from learning.database import Code, Digest, Key, Model, Moment, Name, PublicId


class Proof(Model):
    """A course was completed. Immutable; names and unit as they were; never a score, a count or a duration."""

    __tablename__ = "proof"
    __table_args__ = (
        UniqueConstraint("enrolment_key"),
        Index("ix_proof_person_key_course_id", "person_key", "course_id", "completed_on"),
        # A key is never used again: it is the place in the chain, also of a proof that was erased.
        {"sqlite_autoincrement": True},
    )

    key: Mapped[Key]
    id: Mapped[PublicId]
    person_key: Mapped[int] = mapped_column(ForeignKey("person.key"))
    hr_key: Mapped[str] = mapped_column(String(64))
    person_name: Mapped[str] = mapped_column(String(401))
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


class ProofTombstone(Model):
    """The place of an erased proof in the chain: its key and hashes, nothing that it stated."""

    __tablename__ = "proof_tombstone"

    key: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    previous_hash: Mapped[Digest]
    hash: Mapped[Digest] = mapped_column(String(64), unique=True)
    erased_at: Mapped[Moment]


class ProofChain(Model):
    """The end of the chain of proofs, one row: writers wait here for each other, and a cut-off end is noticed."""

    __tablename__ = "proof_chain"

    key: Mapped[Key]
    proofs: Mapped[int] = mapped_column(default=0)
    hash: Mapped[Digest]


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
    in_force_on: Mapped[datetime.date | None]
    ended_at: Mapped[datetime.datetime | None]


class ReleasedCertificate(Model):
    """A person shows HR one certificate of a voluntary course, and may take it back."""

    __tablename__ = "released_certificate"

    proof_key: Mapped[int] = mapped_column(ForeignKey("proof.key"), primary_key=True)
    released_at: Mapped[Moment]


class AssignmentRule(Model):
    """HR's rule: which course, for whom, by when, how often. Edits apply to cycles that start later.

    `request_key` is made with the form, so sending it twice makes one rule. `season_month` and `season_day` are the
    calendar day of recurrence `season`.
    """

    __tablename__ = "assignment_rule"
    __table_args__ = (
        CheckConstraint("anchor IN ('rule_start', 'joining', 'fixed')", name="anchor"),
        CheckConstraint("recurrence IN ('once', 'completion', 'due', 'season')", name="recurrence"),
        CheckConstraint("recurrence = 'once' OR period_months > 0", name="period"),
        CheckConstraint("recurrence <> 'season' OR season_day IS NOT NULL", name="season"),
    )

    key: Mapped[Key]
    id: Mapped[PublicId]
    course_id: Mapped[str] = mapped_column(String(64), index=True)
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
    min_active_days: Mapped[int | None]
    season_month: Mapped[int | None]
    season_day: Mapped[int | None]
    realistic_days: Mapped[int] = mapped_column(default=7)
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
    """One period of one rule for one person. `proof_key` is set once; nothing is ever reset.

    `course_id` is the course asked for (the first or the repeat course). Proofs completed on or after `counts_from`
    count. `original_due_on` is what the rule says, `due_on` leaves at least the time that the course needs. With the
    proof come `valid_until` and `next_opens_on`, by the rule of that day. `followed_on` is set when the next cycle
    opens; a cycle without it and without `closed_on` is the current one. `unit_key` is the person's unit as the last
    sweep saw it, so that totals move with the person in one transaction.

    What was recorded when: the cycle at `recorded_at`, its proof with the proof, `followed_on` and `closed_on` on the
    day that they name. Exemption and unit are those of now; `Exemption` and `CycleMove` keep what they were.
    """

    __tablename__ = "cycle"
    __table_args__ = (
        UniqueConstraint("rule_key", "person_key", "number"),
        # The database itself refuses a second current cycle, whoever sweeps at the same time.
        Index(
            "uq_cycle_current",
            "person_key",
            "rule_key",
            unique=True,
            sqlite_where=text("followed_on IS NULL AND closed_on IS NULL"),
            postgresql_where=text("followed_on IS NULL AND closed_on IS NULL"),
        ),
        Index("ix_cycle_proof_key", "proof_key"),
        Index("ix_cycle_next_opens_on", "next_opens_on"),
        CheckConstraint("(proof_key IS NULL) = (fulfilled_on IS NULL)", name="fulfilled"),
        CheckConstraint("exempt_until IS NULL OR exempt_until >= exempt_from", name="exemption"),
    )

    key: Mapped[Key]
    rule_key: Mapped[int] = mapped_column(ForeignKey("assignment_rule.key"))
    person_key: Mapped[int] = mapped_column(ForeignKey("person.key"))
    unit_key: Mapped[int] = mapped_column(ForeignKey("unit.key"))
    number: Mapped[int]
    course_id: Mapped[str] = mapped_column(String(64))
    opens_on: Mapped[datetime.date]
    due_on: Mapped[datetime.date]
    original_due_on: Mapped[datetime.date]
    counts_from: Mapped[datetime.date]
    proof_key: Mapped[int | None] = mapped_column(ForeignKey("proof.key"))
    fulfilled_on: Mapped[datetime.date | None]
    valid_until: Mapped[datetime.date | None]
    next_opens_on: Mapped[datetime.date | None]
    followed_on: Mapped[datetime.date | None]
    closed_on: Mapped[datetime.date | None]
    closing_reason: Mapped[str | None] = mapped_column(String(40))
    exempt_from: Mapped[datetime.date | None]
    exempt_until: Mapped[datetime.date | None]
    exemption_reason: Mapped[str | None] = mapped_column(String(40))
    recorded_at: Mapped[Moment]


class Exemption(Model):
    """What HR said about the exemption of a cycle at a moment; appended each time, the newest stands in the cycle.

    Without `from_on` the exemption was taken back.
    """

    __tablename__ = "exemption"
    __table_args__ = (CheckConstraint("until_on IS NULL OR until_on >= from_on", name="order"),)

    key: Mapped[Key]
    cycle_key: Mapped[int] = mapped_column(ForeignKey("cycle.key"), index=True)
    from_on: Mapped[datetime.date | None]
    until_on: Mapped[datetime.date | None]
    reason: Mapped[str | None] = mapped_column(String(40))
    recorded_at: Mapped[Moment]


class CycleMove(Model):
    """A cycle followed its person into another unit; until then it counted for `unit_key`."""

    __tablename__ = "cycle_move"

    key: Mapped[Key]
    cycle_key: Mapped[int] = mapped_column(ForeignKey("cycle.key"), index=True)
    unit_key: Mapped[int] = mapped_column(ForeignKey("unit.key"))
    recorded_at: Mapped[Moment]


class ErasedHistory(Model):
    """How far back can be told what was recorded: erased cycles counted on days before `first_day`. One row or none."""

    __tablename__ = "erased_history"

    key: Mapped[Key]
    first_day: Mapped[datetime.date]


class Suspension(Model):
    """A person is away for a while. No reason is kept; due dates shift by its length.

    Those of one person never overlap (`actions.suspend` sees to it); one that was wrong is withdrawn, not changed.
    """

    __tablename__ = "suspension"
    __table_args__ = (
        CheckConstraint("until_on >= from_on", name="order"),
        Index(
            "uq_suspension_from_on",
            "person_key",
            "from_on",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        # As of an earlier day those withdrawn since are read as well, which the other index does not hold.
        Index("ix_suspension_person_key", "person_key"),
    )

    key: Mapped[Key]
    person_key: Mapped[int] = mapped_column(ForeignKey("person.key"))
    from_on: Mapped[datetime.date]
    until_on: Mapped[datetime.date]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("person.key"))
    recorded_at: Mapped[Moment]
    withdrawn_at: Mapped[datetime.datetime | None]


class CountedDay(Model):
    """The day that the totals of a rule are of. A rule without it has none, and its overviews count the facts."""

    __tablename__ = "counted_day"

    rule_key: Mapped[int] = mapped_column(ForeignKey("assignment_rule.key"), primary_key=True)
    day: Mapped[datetime.date]
    week_begins_on: Mapped[datetime.date]


class StatusTotal(Model):
    """The projection that overviews read: how many current cycles of a rule and unit have which status on one day.

    The day is that of `CountedDay`. `week` tells when open cycles are due: weeks after the one of that day, or
    `projection.NO_WEEK` for all other cycles and those due later. Rows may hold nothing but zeros.
    """

    __tablename__ = "status_total"

    rule_key: Mapped[int] = mapped_column(ForeignKey("assignment_rule.key"), primary_key=True)
    unit_key: Mapped[int] = mapped_column(ForeignKey("unit.key"), primary_key=True)
    week: Mapped[int] = mapped_column(primary_key=True)
    overdue: Mapped[int]
    due_soon: Mapped[int]
    open: Mapped[int]
    suspended: Mapped[int]
    exempt: Mapped[int]
    upcoming: Mapped[int]
    fulfilled: Mapped[int]

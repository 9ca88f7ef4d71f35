"""Tables of learning. Practice and places of reading are structurally private: no report reads them, by test."""

import datetime
from decimal import Decimal

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from learning.database import Amount, Code, Key, Model, Moment, PlainList, PublicId


class Enrolment(Model):
    """A person takes a course, for the first time or again. At most one is open; it pins the edition."""

    __tablename__ = "enrolment"
    __table_args__ = (
        UniqueConstraint("person_key", "course_key", "run"),
        Index(
            "uq_enrolment_open",
            "person_key",
            "course_key",
            unique=True,
            sqlite_where=text("completed_on IS NULL"),
            postgresql_where=text("completed_on IS NULL"),
        ),
        # Proofs name the enrolment that they came from, also when that is deleted: no other one may get its key.
        {"sqlite_autoincrement": True},
    )

    key: Mapped[Key]
    person_key: Mapped[int] = mapped_column(ForeignKey("person.key"))
    course_key: Mapped[int] = mapped_column(ForeignKey("course.key"), index=True)
    run: Mapped[int] = mapped_column(default=1)
    edition_key: Mapped[int] = mapped_column(ForeignKey("edition.key"))
    opened_at: Mapped[Moment]
    completed_on: Mapped[datetime.date | None]


class ModuleDone(Model):
    """A module's condition was met for the first time in this enrolment."""

    __tablename__ = "module_done"

    enrolment_key: Mapped[int] = mapped_column(ForeignKey("enrolment.key"), primary_key=True)
    module_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    done_at: Mapped[Moment]


class ReadingPlace(Model):
    """Where a person stopped reading, the same on every device. Private."""

    __tablename__ = "reading_place"

    enrolment_key: Mapped[int] = mapped_column(ForeignKey("enrolment.key"), primary_key=True)
    module_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    anchor: Mapped[str] = mapped_column(String(100))
    changed_at: Mapped[Moment]


class PracticeAnswer(Model):
    """The newest answer to a practice question and whether it was attempted. Private; deleted after 30 days."""

    __tablename__ = "practice_answer"

    enrolment_key: Mapped[int] = mapped_column(ForeignKey("enrolment.key"), primary_key=True)
    question_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    revision_key: Mapped[int] = mapped_column(ForeignKey("question_revision.key"))
    response: Mapped[dict[str, object] | None] = mapped_column(JSON)
    is_best_right: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[Moment]


class Attempt(Model):
    """A test taken: it pins the module of an edition, its language, the drawn questions, the seed and the rules.

    `drawn` and `kept` are positions in the module. A retry asks `drawn` alone; `kept` were right before and count as
    they are, so that its result is that of the whole test. `earned`, `possible` and `is_passed` are what it came to
    when it was closed; what it comes to since a wrong key was corrected follows from its `QuestionRescoring`.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        CheckConstraint("state IN ('in_progress', 'submitted', 'expired')", name="state"),
        UniqueConstraint("enrolment_key", "module_id", "number"),
    )

    key: Mapped[Key]
    id: Mapped[PublicId]
    enrolment_key: Mapped[int] = mapped_column(ForeignKey("enrolment.key"))
    module_key: Mapped[int] = mapped_column(ForeignKey("edition_module.key"))
    module_id: Mapped[str] = mapped_column(String(40))
    number: Mapped[int]
    state: Mapped[Code] = mapped_column(default="in_progress")
    seed: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(35))
    drawn: Mapped[PlainList]
    kept: Mapped[PlainList] = mapped_column(default=list)
    rules: Mapped[dict[str, object]] = mapped_column(JSON)
    is_retry: Mapped[bool] = mapped_column(default=False)
    started_at: Mapped[Moment]
    ends_at: Mapped[datetime.datetime | None]
    closed_at: Mapped[datetime.datetime | None]
    earned: Mapped[Decimal | None] = mapped_column(Amount)
    possible: Mapped[Decimal | None] = mapped_column(Amount)
    is_passed: Mapped[bool | None]


class AnswerEvent(Model):
    """One answer as it arrived, append-only. `request_key` makes sending it again harmless.

    `is_late`: it came after the end. Within the leeway it counts; later ones have version 0 and count for nothing.
    """

    __tablename__ = "answer_event"
    __table_args__ = (UniqueConstraint("attempt_key", "request_key"),)

    key: Mapped[Key]
    attempt_key: Mapped[int] = mapped_column(ForeignKey("attempt.key"))
    request_key: Mapped[str] = mapped_column(String(36))
    item: Mapped[int]
    value: Mapped[dict[str, object] | None] = mapped_column(JSON)
    value_digest: Mapped[str] = mapped_column(String(64))
    version: Mapped[int]
    is_late: Mapped[bool] = mapped_column(default=False)
    saved_at: Mapped[Moment]


class CurrentAnswer(Model):
    """The answer that counts for an item: the event with the highest version."""

    __tablename__ = "current_answer"

    attempt_key: Mapped[int] = mapped_column(ForeignKey("attempt.key"), primary_key=True)
    item: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[dict[str, object] | None] = mapped_column(JSON)
    version: Mapped[int]
    saved_at: Mapped[Moment]


class QuestionRescoring(Model):
    """An answer is worth more since a wrong key was corrected, append-only; the newest of an item counts.

    `revision_key` is the question as `edition_key` corrected it, `item` the place among the drawn ones of the attempt.
    """

    __tablename__ = "question_rescoring"
    __table_args__ = (UniqueConstraint("attempt_key", "item", "revision_key"),)

    key: Mapped[Key]
    attempt_key: Mapped[int] = mapped_column(ForeignKey("attempt.key"))
    item: Mapped[int]
    edition_key: Mapped[int] = mapped_column(ForeignKey("edition.key"))
    revision_key: Mapped[int] = mapped_column(ForeignKey("question_revision.key"))
    points_before: Mapped[Decimal] = mapped_column(Amount)
    points_after: Mapped[Decimal] = mapped_column(Amount)
    rescored_by: Mapped[int] = mapped_column(ForeignKey("person.key"))
    rescored_at: Mapped[Moment]


class ExtraTime(Model):
    """A factor for time limits, one for each HR person who set one; the largest counts.

    Health-related: seen by the person it is for and the HR person who set it only (docs/decisions/0010).
    """

    __tablename__ = "extra_time"

    person_key: Mapped[int] = mapped_column(ForeignKey("person.key"), primary_key=True)
    set_by: Mapped[int] = mapped_column(ForeignKey("person.key"), primary_key=True)
    factor: Mapped[Decimal] = mapped_column(Amount)
    set_at: Mapped[Moment]


class Tally(Model):
    """Anonymous counters of a question revision, first attempts only; `part`: an option, pair or gap, -1 the whole."""

    __tablename__ = "tally"

    revision_key: Mapped[int] = mapped_column(ForeignKey("question_revision.key"), primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(String(80), primary_key=True, default="")
    answers: Mapped[int] = mapped_column(default=0)
    item_sum: Mapped[Decimal] = mapped_column(Amount, default=0)
    item_squares: Mapped[Decimal] = mapped_column(Amount, default=0)
    total_sum: Mapped[Decimal] = mapped_column(Amount, default=0)
    total_squares: Mapped[Decimal] = mapped_column(Amount, default=0)
    product_sum: Mapped[Decimal] = mapped_column(Amount, default=0)

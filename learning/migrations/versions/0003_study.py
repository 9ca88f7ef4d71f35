"""The tables of study, as the first release has them."""

import sqlalchemy as sa
from alembic import op

from learning import database

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    make_extra_time()
    make_tally()
    make_enrolment()
    make_attempt()
    make_module_done()
    make_practice_answer()
    make_reading_place()
    make_answer_event()
    make_current_answer()
    make_question_rescoring()


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("question_rescoring")
    op.drop_table("current_answer")
    op.drop_table("answer_event")
    op.drop_table("reading_place")
    op.drop_table("practice_answer")
    op.drop_table("module_done")
    op.drop_table("attempt")
    op.drop_table("enrolment")
    op.drop_table("tally")
    op.drop_table("extra_time")


def make_extra_time() -> None:
    """The table extra_time with its indexes."""
    op.create_table(
        "extra_time",
        sa.Column("person_key", sa.Integer(), nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=False),
        sa.Column("factor", database.Amount(), nullable=False),
        sa.Column("set_at", database.UtcMoment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_key"], ["person.key"], name=op.f("fk_extra_time_person_key_person")),
        sa.ForeignKeyConstraint(["set_by"], ["person.key"], name=op.f("fk_extra_time_set_by_person")),
        sa.PrimaryKeyConstraint("person_key", "set_by", name=op.f("pk_extra_time")),
    )


def make_tally() -> None:
    """The table tally with its indexes."""
    op.create_table(
        "tally",
        sa.Column("revision_key", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("item_sum", database.Amount(), nullable=False),
        sa.Column("item_squares", database.Amount(), nullable=False),
        sa.Column("total_sum", database.Amount(), nullable=False),
        sa.Column("total_squares", database.Amount(), nullable=False),
        sa.Column("product_sum", database.Amount(), nullable=False),
        sa.ForeignKeyConstraint(
            ["revision_key"], ["question_revision.key"], name=op.f("fk_tally_revision_key_question_revision")
        ),
        sa.PrimaryKeyConstraint("revision_key", "part", "label", name=op.f("pk_tally")),
    )


def make_enrolment() -> None:
    """The table enrolment with its indexes."""
    op.create_table(
        "enrolment",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("person_key", sa.Integer(), nullable=False),
        sa.Column("course_key", sa.Integer(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("edition_key", sa.Integer(), nullable=False),
        sa.Column("opened_at", database.UtcMoment(timezone=True), nullable=False),
        sa.Column("completed_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["course_key"], ["course.key"], name=op.f("fk_enrolment_course_key_course")),
        sa.ForeignKeyConstraint(["edition_key"], ["edition.key"], name=op.f("fk_enrolment_edition_key_edition")),
        sa.ForeignKeyConstraint(["person_key"], ["person.key"], name=op.f("fk_enrolment_person_key_person")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_enrolment")),
        sa.UniqueConstraint("person_key", "course_key", "run", name=op.f("uq_enrolment_person_key_course_key_run")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_enrolment_course_key"), "enrolment", ["course_key"], unique=False)
    op.create_index(
        "uq_enrolment_open",
        "enrolment",
        ["person_key", "course_key"],
        unique=True,
        sqlite_where=sa.text("completed_on IS NULL"),
        postgresql_where=sa.text("completed_on IS NULL"),
    )


def make_attempt() -> None:
    """The table attempt with its indexes."""
    op.create_table(
        "attempt",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enrolment_key", sa.Integer(), nullable=False),
        sa.Column("module_key", sa.Integer(), nullable=False),
        sa.Column("module_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("drawn", sa.JSON(), nullable=False),
        sa.Column("kept", sa.JSON(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("is_retry", sa.Boolean(), nullable=False),
        sa.Column("started_at", database.UtcMoment(timezone=True), nullable=False),
        sa.Column("ends_at", database.UtcMoment(timezone=True), nullable=True),
        sa.Column("closed_at", database.UtcMoment(timezone=True), nullable=True),
        sa.Column("earned", database.Amount(), nullable=True),
        sa.Column("possible", database.Amount(), nullable=True),
        sa.Column("is_passed", sa.Boolean(), nullable=True),
        sa.CheckConstraint("state IN ('in_progress', 'submitted', 'expired')", name=op.f("ck_attempt_state")),
        sa.ForeignKeyConstraint(["enrolment_key"], ["enrolment.key"], name=op.f("fk_attempt_enrolment_key_enrolment")),
        sa.ForeignKeyConstraint(
            ["module_key"], ["edition_module.key"], name=op.f("fk_attempt_module_key_edition_module")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_attempt")),
        sa.UniqueConstraint(
            "enrolment_key", "module_id", "number", name=op.f("uq_attempt_enrolment_key_module_id_number")
        ),
        sa.UniqueConstraint("id", name=op.f("uq_attempt_id")),
    )


def make_module_done() -> None:
    """The table module_done with its indexes."""
    op.create_table(
        "module_done",
        sa.Column("enrolment_key", sa.Integer(), nullable=False),
        sa.Column("module_id", sa.String(length=40), nullable=False),
        sa.Column("done_at", database.UtcMoment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_key"], ["enrolment.key"], name=op.f("fk_module_done_enrolment_key_enrolment")
        ),
        sa.PrimaryKeyConstraint("enrolment_key", "module_id", name=op.f("pk_module_done")),
    )


def make_practice_answer() -> None:
    """The table practice_answer with its indexes."""
    op.create_table(
        "practice_answer",
        sa.Column("enrolment_key", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.String(length=40), nullable=False),
        sa.Column("revision_key", sa.Integer(), nullable=False),
        sa.Column("response", sa.JSON(), nullable=True),
        sa.Column("is_best_right", sa.Boolean(), nullable=False),
        sa.Column("changed_at", database.UtcMoment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_key"], ["enrolment.key"], name=op.f("fk_practice_answer_enrolment_key_enrolment")
        ),
        sa.ForeignKeyConstraint(
            ["revision_key"], ["question_revision.key"], name=op.f("fk_practice_answer_revision_key_question_revision")
        ),
        sa.PrimaryKeyConstraint("enrolment_key", "question_id", name=op.f("pk_practice_answer")),
    )


def make_reading_place() -> None:
    """The table reading_place with its indexes."""
    op.create_table(
        "reading_place",
        sa.Column("enrolment_key", sa.Integer(), nullable=False),
        sa.Column("module_id", sa.String(length=40), nullable=False),
        sa.Column("anchor", sa.String(length=100), nullable=False),
        sa.Column("changed_at", database.UtcMoment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_key"], ["enrolment.key"], name=op.f("fk_reading_place_enrolment_key_enrolment")
        ),
        sa.PrimaryKeyConstraint("enrolment_key", "module_id", name=op.f("pk_reading_place")),
    )


def make_answer_event() -> None:
    """The table answer_event with its indexes."""
    op.create_table(
        "answer_event",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("attempt_key", sa.Integer(), nullable=False),
        sa.Column("request_key", sa.String(length=36), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=True),
        sa.Column("value_digest", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_late", sa.Boolean(), nullable=False),
        sa.Column("saved_at", database.UtcMoment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attempt_key"], ["attempt.key"], name=op.f("fk_answer_event_attempt_key_attempt")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_answer_event")),
        sa.UniqueConstraint("attempt_key", "request_key", name=op.f("uq_answer_event_attempt_key_request_key")),
    )


def make_current_answer() -> None:
    """The table current_answer with its indexes."""
    op.create_table(
        "current_answer",
        sa.Column("attempt_key", sa.Integer(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", database.UtcMoment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attempt_key"], ["attempt.key"], name=op.f("fk_current_answer_attempt_key_attempt")),
        sa.PrimaryKeyConstraint("attempt_key", "item", name=op.f("pk_current_answer")),
    )


def make_question_rescoring() -> None:
    """The table question_rescoring with its indexes."""
    op.create_table(
        "question_rescoring",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("attempt_key", sa.Integer(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("edition_key", sa.Integer(), nullable=False),
        sa.Column("revision_key", sa.Integer(), nullable=False),
        sa.Column("points_before", database.Amount(), nullable=False),
        sa.Column("points_after", database.Amount(), nullable=False),
        sa.Column("rescored_by", sa.Integer(), nullable=False),
        sa.Column("rescored_at", database.UtcMoment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_key"], ["attempt.key"], name=op.f("fk_question_rescoring_attempt_key_attempt")
        ),
        sa.ForeignKeyConstraint(
            ["edition_key"], ["edition.key"], name=op.f("fk_question_rescoring_edition_key_edition")
        ),
        sa.ForeignKeyConstraint(["rescored_by"], ["person.key"], name=op.f("fk_question_rescoring_rescored_by_person")),
        sa.ForeignKeyConstraint(
            ["revision_key"],
            ["question_revision.key"],
            name=op.f("fk_question_rescoring_revision_key_question_revision"),
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_question_rescoring")),
        sa.UniqueConstraint(
            "attempt_key", "item", "revision_key", name=op.f("uq_question_rescoring_attempt_key_item_revision_key")
        ),
    )

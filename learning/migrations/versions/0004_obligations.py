"""The tables of obligations, as the first release has them."""

import sqlalchemy as sa
from alembic import op

from learning import database

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    make_erased_history()
    make_proof_chain()
    make_proof_tombstone()
    make_agreement()
    make_assignment_rule()
    make_proof()
    make_suspension()
    make_counted_day()
    make_cycle()
    make_proof_correction()
    make_released_certificate()
    make_rule_unit()
    make_status_total()
    make_cycle_move()
    make_exemption()


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("exemption")
    op.drop_table("cycle_move")
    op.drop_table("status_total")
    op.drop_table("rule_unit")
    op.drop_table("released_certificate")
    op.drop_table("proof_correction")
    op.drop_table("cycle")
    op.drop_table("counted_day")
    op.drop_table("suspension")
    op.drop_table("proof")
    op.drop_table("assignment_rule")
    op.drop_table("agreement")
    op.drop_table("proof_tombstone")
    op.drop_table("proof_chain")
    op.drop_table("erased_history")


def make_erased_history() -> None:
    """The table erased_history with its indexes."""
    op.create_table(
        "erased_history",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_erased_history")),
    )


def make_proof_chain() -> None:
    """The table proof_chain with its indexes."""
    op.create_table(
        "proof_chain",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("proofs", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_proof_chain")),
    )


def make_proof_tombstone() -> None:
    """The table proof_tombstone with its indexes."""
    op.create_table(
        "proof_tombstone",
        sa.Column("key", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("erased_at", database.UtcMoment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_proof_tombstone")),
        sa.UniqueConstraint("hash", name=op.f("uq_proof_tombstone_hash")),
    )


def make_agreement() -> None:
    """The table agreement with its indexes."""
    op.create_table(
        "agreement",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_key", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("proposed_at", database.UtcMoment(timezone=True), nullable=False),
        sa.Column("confirmed_by_hr_at", database.UtcMoment(timezone=True), nullable=True),
        sa.Column("confirmed_by_person_at", database.UtcMoment(timezone=True), nullable=True),
        sa.Column("in_force_on", sa.Date(), nullable=True),
        sa.Column("ended_at", database.UtcMoment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_key"], ["person.key"], name=op.f("fk_agreement_person_key_person")),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.key"], name=op.f("fk_agreement_proposed_by_person")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_agreement")),
        sa.UniqueConstraint("id", name=op.f("uq_agreement_id")),
        sa.UniqueConstraint("person_key", "course_id", "number", name=op.f("uq_agreement_person_key_course_id_number")),
    )


def make_assignment_rule() -> None:
    """The table assignment_rule with its indexes."""
    op.create_table(
        "assignment_rule",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("course_id", sa.String(length=64), nullable=False),
        sa.Column("repeat_course_id", sa.String(length=64), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("is_for_everyone", sa.Boolean(), nullable=False),
        sa.Column("anchor", sa.String(length=64), nullable=False),
        sa.Column("fixed_due_on", sa.Date(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("recurrence", sa.String(length=64), nullable=False),
        sa.Column("period_months", sa.Integer(), nullable=True),
        sa.Column("window_days", sa.Integer(), nullable=True),
        sa.Column("min_active_days", sa.Integer(), nullable=True),
        sa.Column("season_month", sa.Integer(), nullable=True),
        sa.Column("season_day", sa.Integer(), nullable=True),
        sa.Column("realistic_days", sa.Integer(), nullable=False),
        sa.Column("counts_since", sa.Date(), nullable=True),
        sa.Column("legal_basis", sa.String(length=500), nullable=False),
        sa.Column("request_key", sa.String(length=36), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", database.UtcMoment(timezone=True), nullable=False),
        sa.CheckConstraint("anchor IN ('rule_start', 'joining', 'fixed')", name=op.f("ck_assignment_rule_anchor")),
        sa.CheckConstraint("recurrence <> 'season' OR season_day IS NOT NULL", name=op.f("ck_assignment_rule_season")),
        sa.CheckConstraint("recurrence = 'once' OR period_months > 0", name=op.f("ck_assignment_rule_period")),
        sa.CheckConstraint(
            "recurrence IN ('once', 'completion', 'due', 'season')", name=op.f("ck_assignment_rule_recurrence")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["person.key"], name=op.f("fk_assignment_rule_made_by_person")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_assignment_rule")),
        sa.UniqueConstraint("id", name=op.f("uq_assignment_rule_id")),
        sa.UniqueConstraint("request_key", name=op.f("uq_assignment_rule_request_key")),
    )
    op.create_index(op.f("ix_assignment_rule_course_id"), "assignment_rule", ["course_id"], unique=False)


def make_proof() -> None:
    """The table proof with its indexes."""
    op.create_table(
        "proof",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_key", sa.Integer(), nullable=False),
        sa.Column("hr_key", sa.String(length=64), nullable=False),
        sa.Column("person_name", sa.String(length=401), nullable=False),
        sa.Column("unit_name", sa.String(length=200), nullable=False),
        sa.Column("course_id", sa.String(length=64), nullable=False),
        sa.Column("course_title", sa.String(length=200), nullable=False),
        sa.Column("edition_number", sa.Integer(), nullable=True),
        sa.Column("edition_digest", sa.String(length=64), nullable=True),
        sa.Column("legal_basis", sa.String(length=500), nullable=False),
        sa.Column("mode", sa.String(length=64), nullable=False),
        sa.Column("understanding", sa.String(length=64), nullable=False),
        sa.Column("confirmation_version", sa.String(length=40), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("completed_on", sa.Date(), nullable=False),
        sa.Column("instructor", sa.String(length=200), nullable=True),
        sa.Column("conversation_on", sa.Date(), nullable=True),
        sa.Column("entered_by", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=200), nullable=True),
        sa.Column("enrolment_key", sa.Integer(), nullable=True),
        sa.Column("recorded_at", database.UtcMoment(timezone=True), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["entered_by"], ["person.key"], name=op.f("fk_proof_entered_by_person")),
        sa.ForeignKeyConstraint(["person_key"], ["person.key"], name=op.f("fk_proof_person_key_person")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_proof")),
        sa.UniqueConstraint("enrolment_key", name=op.f("uq_proof_enrolment_key")),
        sa.UniqueConstraint("hash", name=op.f("uq_proof_hash")),
        sa.UniqueConstraint("id", name=op.f("uq_proof_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_proof_person_key_course_id", "proof", ["person_key", "course_id", "completed_on"], unique=False)


def make_suspension() -> None:
    """The table suspension with its indexes."""
    op.create_table(
        "suspension",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("person_key", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", database.UtcMoment(timezone=True), nullable=False),
        sa.Column("withdrawn_at", database.UtcMoment(timezone=True), nullable=True),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_suspension_order")),
        sa.ForeignKeyConstraint(["person_key"], ["person.key"], name=op.f("fk_suspension_person_key_person")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.key"], name=op.f("fk_suspension_recorded_by_person")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_suspension")),
    )
    op.create_index("ix_suspension_person_key", "suspension", ["person_key"], unique=False)
    op.create_index(
        "uq_suspension_from_on",
        "suspension",
        ["person_key", "from_on"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )


def make_counted_day() -> None:
    """The table counted_day with its indexes."""
    op.create_table(
        "counted_day",
        sa.Column("rule_key", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("week_begins_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["rule_key"], ["assignment_rule.key"], name=op.f("fk_counted_day_rule_key_assignment_rule")
        ),
        sa.PrimaryKeyConstraint("rule_key", name=op.f("pk_counted_day")),
    )


def make_cycle() -> None:
    """The table cycle with its indexes."""
    op.create_table(
        "cycle",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("rule_key", sa.Integer(), nullable=False),
        sa.Column("person_key", sa.Integer(), nullable=False),
        sa.Column("unit_key", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.String(length=64), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("original_due_on", sa.Date(), nullable=False),
        sa.Column("counts_from", sa.Date(), nullable=False),
        sa.Column("proof_key", sa.Integer(), nullable=True),
        sa.Column("fulfilled_on", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("next_opens_on", sa.Date(), nullable=True),
        sa.Column("followed_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closing_reason", sa.String(length=40), nullable=True),
        sa.Column("exempt_from", sa.Date(), nullable=True),
        sa.Column("exempt_until", sa.Date(), nullable=True),
        sa.Column("exemption_reason", sa.String(length=40), nullable=True),
        sa.Column("recorded_at", database.UtcMoment(timezone=True), nullable=False),
        sa.CheckConstraint("(proof_key IS NULL) = (fulfilled_on IS NULL)", name=op.f("ck_cycle_fulfilled")),
        sa.CheckConstraint("exempt_until IS NULL OR exempt_until >= exempt_from", name=op.f("ck_cycle_exemption")),
        sa.ForeignKeyConstraint(["person_key"], ["person.key"], name=op.f("fk_cycle_person_key_person")),
        sa.ForeignKeyConstraint(["proof_key"], ["proof.key"], name=op.f("fk_cycle_proof_key_proof")),
        sa.ForeignKeyConstraint(["rule_key"], ["assignment_rule.key"], name=op.f("fk_cycle_rule_key_assignment_rule")),
        sa.ForeignKeyConstraint(["unit_key"], ["unit.key"], name=op.f("fk_cycle_unit_key_unit")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_cycle")),
        sa.UniqueConstraint("rule_key", "person_key", "number", name=op.f("uq_cycle_rule_key_person_key_number")),
    )
    op.create_index("ix_cycle_next_opens_on", "cycle", ["next_opens_on"], unique=False)
    op.create_index("ix_cycle_proof_key", "cycle", ["proof_key"], unique=False)
    op.create_index(
        "uq_cycle_current",
        "cycle",
        ["person_key", "rule_key"],
        unique=True,
        sqlite_where=sa.text("followed_on IS NULL AND closed_on IS NULL"),
        postgresql_where=sa.text("followed_on IS NULL AND closed_on IS NULL"),
    )


def make_proof_correction() -> None:
    """The table proof_correction with its indexes."""
    op.create_table(
        "proof_correction",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("proof_key", sa.Integer(), nullable=False),
        sa.Column("superseded_by", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("corrected_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", database.UtcMoment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["corrected_by"], ["person.key"], name=op.f("fk_proof_correction_corrected_by_person")),
        sa.ForeignKeyConstraint(["proof_key"], ["proof.key"], name=op.f("fk_proof_correction_proof_key_proof")),
        sa.ForeignKeyConstraint(["superseded_by"], ["proof.key"], name=op.f("fk_proof_correction_superseded_by_proof")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_proof_correction")),
        sa.UniqueConstraint("proof_key", name=op.f("uq_proof_correction_proof_key")),
    )


def make_released_certificate() -> None:
    """The table released_certificate with its indexes."""
    op.create_table(
        "released_certificate",
        sa.Column("proof_key", sa.Integer(), nullable=False),
        sa.Column("released_at", database.UtcMoment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["proof_key"], ["proof.key"], name=op.f("fk_released_certificate_proof_key_proof")),
        sa.PrimaryKeyConstraint("proof_key", name=op.f("pk_released_certificate")),
    )


def make_rule_unit() -> None:
    """The table rule_unit with its indexes."""
    op.create_table(
        "rule_unit",
        sa.Column("rule_key", sa.Integer(), nullable=False),
        sa.Column("unit_key", sa.Integer(), nullable=False),
        sa.Column("includes_sub_units", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["rule_key"], ["assignment_rule.key"], name=op.f("fk_rule_unit_rule_key_assignment_rule")
        ),
        sa.ForeignKeyConstraint(["unit_key"], ["unit.key"], name=op.f("fk_rule_unit_unit_key_unit")),
        sa.PrimaryKeyConstraint("rule_key", "unit_key", name=op.f("pk_rule_unit")),
    )


def make_status_total() -> None:
    """The table status_total with its indexes."""
    op.create_table(
        "status_total",
        sa.Column("rule_key", sa.Integer(), nullable=False),
        sa.Column("unit_key", sa.Integer(), nullable=False),
        sa.Column("week", sa.Integer(), nullable=False),
        sa.Column("overdue", sa.Integer(), nullable=False),
        sa.Column("due_soon", sa.Integer(), nullable=False),
        sa.Column("open", sa.Integer(), nullable=False),
        sa.Column("suspended", sa.Integer(), nullable=False),
        sa.Column("exempt", sa.Integer(), nullable=False),
        sa.Column("upcoming", sa.Integer(), nullable=False),
        sa.Column("fulfilled", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["rule_key"], ["assignment_rule.key"], name=op.f("fk_status_total_rule_key_assignment_rule")
        ),
        sa.ForeignKeyConstraint(["unit_key"], ["unit.key"], name=op.f("fk_status_total_unit_key_unit")),
        sa.PrimaryKeyConstraint("rule_key", "unit_key", "week", name=op.f("pk_status_total")),
    )


def make_cycle_move() -> None:
    """The table cycle_move with its indexes."""
    op.create_table(
        "cycle_move",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("cycle_key", sa.Integer(), nullable=False),
        sa.Column("unit_key", sa.Integer(), nullable=False),
        sa.Column("recorded_at", database.UtcMoment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["cycle_key"], ["cycle.key"], name=op.f("fk_cycle_move_cycle_key_cycle")),
        sa.ForeignKeyConstraint(["unit_key"], ["unit.key"], name=op.f("fk_cycle_move_unit_key_unit")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_cycle_move")),
    )
    op.create_index(op.f("ix_cycle_move_cycle_key"), "cycle_move", ["cycle_key"], unique=False)


def make_exemption() -> None:
    """The table exemption with its indexes."""
    op.create_table(
        "exemption",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("cycle_key", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("recorded_at", database.UtcMoment(timezone=True), nullable=False),
        sa.CheckConstraint("until_on IS NULL OR until_on >= from_on", name=op.f("ck_exemption_order")),
        sa.ForeignKeyConstraint(["cycle_key"], ["cycle.key"], name=op.f("fk_exemption_cycle_key_cycle")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_exemption")),
    )
    op.create_index(op.f("ix_exemption_cycle_key"), "exemption", ["cycle_key"], unique=False)

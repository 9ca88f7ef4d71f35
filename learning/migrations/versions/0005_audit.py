"""The tables of audit, as the first release has them."""

import sqlalchemy as sa
from alembic import op

from learning import database

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    make_audit_entry()
    make_audit_subject()


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("audit_subject")
    op.drop_table("audit_entry")


def make_audit_entry() -> None:
    """The table audit_entry with its indexes."""
    op.create_table(
        "audit_entry",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("at", database.UtcMoment(timezone=True), nullable=False),
        sa.Column("actor_key", sa.Integer(), nullable=True),
        sa.Column("actor_role", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("object_type", sa.String(length=64), nullable=False),
        sa.Column("object_id", sa.String(length=64), nullable=False),
        sa.Column("scope", sa.String(length=500), nullable=False),
        sa.Column("purpose", sa.String(length=64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("content_digest", sa.String(length=64), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["actor_key"], ["person.key"], name=op.f("fk_audit_entry_actor_key_person")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_entry_hash")),
        sa.UniqueConstraint("previous_hash", name=op.f("uq_audit_entry_previous_hash")),
    )


def make_audit_subject() -> None:
    """The table audit_subject with its indexes."""
    op.create_table(
        "audit_subject",
        sa.Column("entry_key", sa.Integer(), nullable=False),
        sa.Column("person_key", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_key"], ["audit_entry.key"], name=op.f("fk_audit_subject_entry_key_audit_entry")
        ),
        sa.ForeignKeyConstraint(["person_key"], ["person.key"], name=op.f("fk_audit_subject_person_key_person")),
        sa.PrimaryKeyConstraint("entry_key", "person_key", name=op.f("pk_audit_subject")),
    )
    op.create_index(op.f("ix_audit_subject_person_key"), "audit_subject", ["person_key"], unique=False)

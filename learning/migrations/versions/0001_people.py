"""The tables of people, as the first release has them."""

import sqlalchemy as sa
from alembic import op

from learning import database

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    make_sign_in_flow()
    make_throttle()
    make_unit()
    make_used_logout()
    make_person()
    make_credential()
    make_identity()
    make_one_time_link()
    make_outgoing_mail()
    make_role_grant()
    make_session()


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("session")
    op.drop_table("role_grant")
    op.drop_table("outgoing_mail")
    op.drop_table("one_time_link")
    op.drop_table("identity")
    op.drop_table("credential")
    op.drop_table("person")
    op.drop_table("used_logout")
    op.drop_table("unit")
    op.drop_table("throttle")
    op.drop_table("sign_in_flow")


def make_sign_in_flow() -> None:
    """The table sign_in_flow with its indexes."""
    op.create_table(
        "sign_in_flow",
        sa.Column("state_hash", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("verifier", sa.String(length=128), nullable=False),
        sa.Column("next_address", sa.String(length=500), nullable=False),
        sa.Column("held", sa.Text(), nullable=False),
        sa.Column("made_at", database.UtcMoment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_sign_in_flow")),
    )
    op.create_index(op.f("ix_sign_in_flow_made_at"), "sign_in_flow", ["made_at"], unique=False)


def make_throttle() -> None:
    """The table throttle with its indexes."""
    op.create_table(
        "throttle",
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("first_at", database.UtcMoment(timezone=True), nullable=False),
        sa.Column("next_at", database.UtcMoment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_throttle")),
    )


def make_unit() -> None:
    """The table unit with its indexes."""
    op.create_table(
        "unit",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hr_key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column("parent_key", sa.Integer(), nullable=True),
        sa.Column("path", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(["parent_key"], ["unit.key"], name=op.f("fk_unit_parent_key_unit")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_unit")),
        sa.UniqueConstraint("hr_key", name=op.f("uq_unit_hr_key")),
        sa.UniqueConstraint("id", name=op.f("uq_unit_id")),
        sa.UniqueConstraint("path", name=op.f("uq_unit_path")),
    )
    op.create_index(op.f("ix_unit_parent_key"), "unit", ["parent_key"], unique=False)


def make_used_logout() -> None:
    """The table used_logout with its indexes."""
    op.create_table(
        "used_logout",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("ends_at", database.UtcMoment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_used_logout")),
    )


def make_person() -> None:
    """The table person with its indexes."""
    op.create_table(
        "person",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hr_key", sa.String(length=64), nullable=False),
        sa.Column("given_name", sa.String(length=200), nullable=False),
        sa.Column("family_name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=200), nullable=False),
        sa.Column("mail", sa.String(length=254), nullable=False),
        sa.Column("unit_key", sa.Integer(), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("theme", sa.String(length=5), nullable=False),
        sa.Column("role_version", sa.Integer(), nullable=False),
        sa.CheckConstraint("language IN ('', 'de', 'en')", name=op.f("ck_person_language")),
        sa.CheckConstraint("theme IN ('', 'light', 'dark')", name=op.f("ck_person_theme")),
        sa.ForeignKeyConstraint(["unit_key"], ["unit.key"], name=op.f("fk_person_unit_key_unit")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_person")),
        sa.UniqueConstraint("hr_key", name=op.f("uq_person_hr_key")),
        sa.UniqueConstraint("id", name=op.f("uq_person_id")),
    )
    op.create_index("ix_person_is_active_unit_key", "person", ["is_active", "unit_key"], unique=False)
    op.create_index(op.f("ix_person_mail"), "person", ["mail"], unique=False)
    op.create_index("ix_person_unit_key_name_key", "person", ["unit_key", "name_key"], unique=False)


def make_credential() -> None:
    """The table credential with its indexes."""
    op.create_table(
        "credential",
        sa.Column("person_key", sa.Integer(), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("changed_at", database.UtcMoment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_key"], ["person.key"], name=op.f("fk_credential_person_key_person")),
        sa.PrimaryKeyConstraint("person_key", name=op.f("pk_credential")),
    )


def make_identity() -> None:
    """The table identity with its indexes."""
    op.create_table(
        "identity",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("person_key", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("linked_at", database.UtcMoment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_key"], ["person.key"], name=op.f("fk_identity_person_key_person")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_identity")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_identity_issuer_subject")),
        sa.UniqueConstraint("person_key", "issuer", name=op.f("uq_identity_person_key_issuer")),
    )


def make_one_time_link() -> None:
    """The table one_time_link with its indexes."""
    op.create_table(
        "one_time_link",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=64), nullable=False),
        sa.Column("person_key", sa.Integer(), nullable=False),
        sa.Column("made_at", database.UtcMoment(timezone=True), nullable=False),
        sa.Column("ends_at", database.UtcMoment(timezone=True), nullable=False),
        sa.Column("used_at", database.UtcMoment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_key"], ["person.key"], name=op.f("fk_one_time_link_person_key_person")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_one_time_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_link_token_hash")),
    )
    op.create_index(op.f("ix_one_time_link_person_key"), "one_time_link", ["person_key"], unique=False)


def make_outgoing_mail() -> None:
    """The table outgoing_mail with its indexes."""
    op.create_table(
        "outgoing_mail",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_key", sa.Integer(), nullable=True),
        sa.Column("purpose", sa.String(length=64), nullable=False),
        sa.Column("made_at", database.UtcMoment(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", database.UtcMoment(timezone=True), nullable=False),
        sa.Column("given_up_at", database.UtcMoment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_key"], ["person.key"], name=op.f("fk_outgoing_mail_person_key_person")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_outgoing_mail")),
        sa.UniqueConstraint("id", name=op.f("uq_outgoing_mail_id")),
    )
    op.create_index(op.f("ix_outgoing_mail_next_at"), "outgoing_mail", ["next_at"], unique=False)
    op.create_index(op.f("ix_outgoing_mail_person_key"), "outgoing_mail", ["person_key"], unique=False)


def make_role_grant() -> None:
    """The table role_grant with its indexes."""
    op.create_table(
        "role_grant",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("person_key", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=64), nullable=False),
        sa.Column("unit_key", sa.Integer(), nullable=True),
        sa.Column("includes_sub_units", sa.Boolean(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("granted_at", database.UtcMoment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_key"], ["person.key"], name=op.f("fk_role_grant_person_key_person")),
        sa.ForeignKeyConstraint(["unit_key"], ["unit.key"], name=op.f("fk_role_grant_unit_key_unit")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_role_grant")),
        sa.UniqueConstraint("person_key", "role", "unit_key", name=op.f("uq_role_grant_person_key_role_unit_key")),
    )
    op.create_index(op.f("ix_role_grant_person_key"), "role_grant", ["person_key"], unique=False)


def make_session() -> None:
    """The table session with its indexes."""
    op.create_table(
        "session",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_key", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(length=64), nullable=False),
        sa.Column("signed_in_at", database.UtcMoment(timezone=True), nullable=False),
        sa.Column("ends_at", database.UtcMoment(timezone=True), nullable=False),
        sa.Column("ended_at", database.UtcMoment(timezone=True), nullable=True),
        sa.Column("provider_session", sa.String(length=255), nullable=True),
        sa.Column("identity_token", sa.String(length=8000), nullable=True),
        sa.ForeignKeyConstraint(["person_key"], ["person.key"], name=op.f("fk_session_person_key_person")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_session")),
        sa.UniqueConstraint("id", name=op.f("uq_session_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_session_token_hash")),
    )
    op.create_index(op.f("ix_session_person_key"), "session", ["person_key"], unique=False)
    op.create_index(op.f("ix_session_provider_session"), "session", ["provider_session"], unique=False)

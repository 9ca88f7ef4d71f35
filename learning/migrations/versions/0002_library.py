"""The tables of library, as the first release has them."""

import sqlalchemy as sa
from alembic import op

from learning import database

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    make_course()
    make_html_block()
    make_local_text()
    make_media_file()
    make_search_word()
    make_media_piece()
    make_question_revision()
    make_course_contact()
    make_edition()
    make_edition_media()
    make_edition_module()
    make_edition_text()
    make_job_aid()
    make_search_place()
    make_module_question()
    make_module_text()
    make_question_translation()
    make_search_term()
    if op.get_bind().dialect.name != "sqlite":
        op.create_foreign_key(op.f("fk_course_edition_key_edition"), "course", "edition", ["edition_key"], ["key"])


def downgrade() -> None:
    """Drop the tables."""
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f("fk_course_edition_key_edition"), "course")
    op.drop_table("search_term")
    op.drop_table("question_translation")
    op.drop_table("module_text")
    op.drop_table("module_question")
    op.drop_table("search_place")
    op.drop_table("job_aid")
    op.drop_table("edition_text")
    op.drop_table("edition_module")
    op.drop_table("edition_media")
    op.drop_table("edition")
    op.drop_table("course_contact")
    op.drop_table("question_revision")
    op.drop_table("media_piece")
    op.drop_table("search_word")
    op.drop_table("media_file")
    op.drop_table("local_text")
    op.drop_table("html_block")
    op.drop_table("course")


def make_course() -> None:
    """The table course with its indexes."""
    op.create_table(
        "course",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("edition_key", sa.Integer(), nullable=True),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_key"], ["edition.key"], name=op.f("fk_course_edition_key_edition"), use_alter=True
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_course")),
        sa.UniqueConstraint("id", name=op.f("uq_course_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_course_slug")),
    )


def make_html_block() -> None:
    """The table html_block with its indexes."""
    op.create_table(
        "html_block",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("pieces", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_html_block")),
    )


def make_local_text() -> None:
    """The table local_text with its indexes."""
    op.create_table(
        "local_text",
        sa.Column("entry", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("entry", "language", name=op.f("pk_local_text")),
    )


def make_media_file() -> None:
    """The table media_file with its indexes."""
    op.create_table(
        "media_file",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_media_file")),
    )


def make_search_word() -> None:
    """The table search_word with its indexes."""
    op.create_table(
        "search_word",
        sa.Column(
            "word", sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("is_spread", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_search_word")),
    )


def make_media_piece() -> None:
    """The table media_piece with its indexes."""
    op.create_table(
        "media_piece",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["digest"], ["media_file.digest"], name=op.f("fk_media_piece_digest_media_file")),
        sa.PrimaryKeyConstraint("digest", "position", name=op.f("pk_media_piece")),
    )


def make_question_revision() -> None:
    """The table question_revision with its indexes."""
    op.create_table(
        "question_revision",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("course_key", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.String(length=40), nullable=False),
        sa.Column("revision", sa.String(length=64), nullable=False),
        sa.Column("key_revision", sa.String(length=64), nullable=False),
        sa.Column("data_digest", sa.String(length=64), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["course_key"], ["course.key"], name=op.f("fk_question_revision_course_key_course")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_question_revision")),
        sa.UniqueConstraint(
            "course_key",
            "question_id",
            "revision",
            "data_digest",
            name=op.f("uq_question_revision_course_key_question_id_revision_data_digest"),
        ),
    )


def make_course_contact() -> None:
    """The table course_contact with its indexes."""
    op.create_table(
        "course_contact",
        sa.Column("course_key", sa.Integer(), nullable=False),
        sa.Column("person_key", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("mail", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["course_key"], ["course.key"], name=op.f("fk_course_contact_course_key_course")),
        sa.ForeignKeyConstraint(["person_key"], ["person.key"], name=op.f("fk_course_contact_person_key_person")),
        sa.PrimaryKeyConstraint("course_key", name=op.f("pk_course_contact")),
    )


def make_edition() -> None:
    """The table edition with its indexes."""
    op.create_table(
        "edition",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("course_key", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("change", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("title_key", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("area", sa.String(length=64), nullable=False),
        sa.Column("level", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("languages", sa.String(length=200), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("module_count", sa.Integer(), nullable=False),
        sa.Column("reviewed", sa.Date(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("skills", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("wrong_keys", sa.JSON(), nullable=False),
        sa.Column("published_at", database.UtcMoment(timezone=True), nullable=False),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("change IN ('correction', 'revision', 'renewal')", name=op.f("ck_edition_change")),
        sa.ForeignKeyConstraint(["course_key"], ["course.key"], name=op.f("fk_edition_course_key_course")),
        sa.ForeignKeyConstraint(["published_by"], ["person.key"], name=op.f("fk_edition_published_by_person")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_edition")),
        sa.UniqueConstraint("course_key", "number", name=op.f("uq_edition_course_key_number")),
    )


def make_edition_media() -> None:
    """The table edition_media with its indexes."""
    op.create_table(
        "edition_media",
        sa.Column("edition_key", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["digest"], ["media_file.digest"], name=op.f("fk_edition_media_digest_media_file")),
        sa.ForeignKeyConstraint(["edition_key"], ["edition.key"], name=op.f("fk_edition_media_edition_key_edition")),
        sa.PrimaryKeyConstraint("edition_key", "path", name=op.f("pk_edition_media")),
    )
    op.create_index("ix_edition_media_digest_name", "edition_media", ["digest", "name"], unique=False)


def make_edition_module() -> None:
    """The table edition_module with its indexes."""
    op.create_table(
        "edition_module",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("edition_key", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("module_id", sa.String(length=40), nullable=False),
        sa.Column("slug", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("type", sa.String(length=64), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("is_optional", sa.Boolean(), nullable=False),
        sa.Column("rules", sa.JSON(), nullable=True),
        sa.Column("pools", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["edition_key"], ["edition.key"], name=op.f("fk_edition_module_edition_key_edition")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_edition_module")),
        sa.UniqueConstraint("edition_key", "position", name=op.f("uq_edition_module_edition_key_position")),
        sa.UniqueConstraint("edition_key", "slug", name=op.f("uq_edition_module_edition_key_slug")),
    )


def make_edition_text() -> None:
    """The table edition_text with its indexes."""
    op.create_table(
        "edition_text",
        sa.Column("edition_key", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("title_key", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.String(length=400), nullable=False),
        sa.Column("objectives", sa.JSON(), nullable=False),
        sa.Column("description", sa.JSON(), nullable=False),
        sa.Column("outline", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["edition_key"], ["edition.key"], name=op.f("fk_edition_text_edition_key_edition")),
        sa.PrimaryKeyConstraint("edition_key", "language", name=op.f("pk_edition_text")),
    )


def make_job_aid() -> None:
    """The table job_aid with its indexes."""
    op.create_table(
        "job_aid",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("edition_key", sa.Integer(), nullable=False),
        sa.Column("module_slug", sa.String(length=100), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("text_language", sa.String(length=35), nullable=False),
        sa.Column("anchor", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("module_title", sa.String(length=200), nullable=False),
        sa.Column("reviewed", sa.Date(), nullable=True),
        sa.Column("segments", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["edition_key"], ["edition.key"], name=op.f("fk_job_aid_edition_key_edition")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_job_aid")),
        sa.UniqueConstraint(
            "edition_key",
            "module_slug",
            "language",
            "anchor",
            name=op.f("uq_job_aid_edition_key_module_slug_language_anchor"),
        ),
    )


def make_search_place() -> None:
    """The table search_place with its indexes."""
    op.create_table(
        "search_place",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("edition_key", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("module_slug", sa.String(length=100), nullable=False),
        sa.Column("module_number", sa.Integer(), nullable=False),
        sa.Column("anchor", sa.String(length=100), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["edition_key"], ["edition.key"], name=op.f("fk_search_place_edition_key_edition")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_search_place")),
    )
    op.create_index(op.f("ix_search_place_edition_key"), "search_place", ["edition_key"], unique=False)


def make_module_question() -> None:
    """The table module_question with its indexes."""
    op.create_table(
        "module_question",
        sa.Column("module_key", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("revision_key", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["module_key"], ["edition_module.key"], name=op.f("fk_module_question_module_key_edition_module")
        ),
        sa.ForeignKeyConstraint(
            ["revision_key"], ["question_revision.key"], name=op.f("fk_module_question_revision_key_question_revision")
        ),
        sa.PrimaryKeyConstraint("module_key", "position", name=op.f("pk_module_question")),
    )
    op.create_index(op.f("ix_module_question_revision_key"), "module_question", ["revision_key"], unique=False)


def make_module_text() -> None:
    """The table module_text with its indexes."""
    op.create_table(
        "module_text",
        sa.Column("module_key", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("text_language", sa.String(length=35), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("segments", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("block_digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["block_digest"], ["html_block.digest"], name=op.f("fk_module_text_block_digest_html_block")
        ),
        sa.ForeignKeyConstraint(
            ["module_key"], ["edition_module.key"], name=op.f("fk_module_text_module_key_edition_module")
        ),
        sa.PrimaryKeyConstraint("module_key", "language", name=op.f("pk_module_text")),
    )


def make_question_translation() -> None:
    """The table question_translation with its indexes."""
    op.create_table(
        "question_translation",
        sa.Column("module_key", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("revision_key", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["module_key"], ["edition_module.key"], name=op.f("fk_question_translation_module_key_edition_module")
        ),
        sa.ForeignKeyConstraint(
            ["revision_key"],
            ["question_revision.key"],
            name=op.f("fk_question_translation_revision_key_question_revision"),
        ),
        sa.PrimaryKeyConstraint("module_key", "position", "language", name=op.f("pk_question_translation")),
    )
    op.create_index(
        op.f("ix_question_translation_revision_key"), "question_translation", ["revision_key"], unique=False
    )


def make_search_term() -> None:
    """The table search_term with its indexes."""
    op.create_table(
        "search_term",
        sa.Column(
            "term", sa.String(length=80).with_variant(sa.String(length=80, collation="C"), "postgresql"), nullable=False
        ),
        sa.Column("place_key", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["place_key"], ["search_place.key"], name=op.f("fk_search_term_place_key_search_place")
        ),
        sa.PrimaryKeyConstraint("term", "place_key", name=op.f("pk_search_term")),
    )
    op.create_index("ix_search_term_place_key", "search_term", ["place_key"], unique=False)

"""Tables of the library: courses and their immutable editions, modules as segments, questions, media, search."""

import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from learning.database import Code, Digest, Key, Model, Moment, Name, Plain, PlainList


class StoredCourse(Model):
    """A course as one thing through all its editions. `edition_key` is the newest one; None never after publishing."""

    __tablename__ = "course"

    key: Mapped[Key]
    id: Mapped[str] = mapped_column(String(64), unique=True)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    edition_key: Mapped[int | None] = mapped_column(ForeignKey("edition.key", use_alter=True))
    last_number: Mapped[int] = mapped_column(default=0)


class Edition(Model):
    """What was published at one moment. Rows are written once and never changed.

    `facts` holds what pages show: title, summary, area, level, audience, skills, objectives, authors, minutes,
    language, reviewed, review_by, kind, valid_from, valid_until, legal_basis, license, description segments.
    """

    __tablename__ = "edition"
    __table_args__ = (
        UniqueConstraint("course_key", "number"),
        CheckConstraint("change IN ('correction', 'revision', 'renewal')", name="change"),
    )

    key: Mapped[Key]
    course_key: Mapped[int] = mapped_column(ForeignKey("course.key"))
    number: Mapped[int]
    digest: Mapped[Digest]
    change: Mapped[Code]
    note: Mapped[str] = mapped_column(Text, default="")
    title: Mapped[Name]
    title_key: Mapped[Name]
    kind: Mapped[Code]
    area: Mapped[Code]
    level: Mapped[Code]
    language: Mapped[Code]
    minutes: Mapped[int]
    valid_from: Mapped[datetime.date | None]
    valid_until: Mapped[datetime.date | None]
    facts: Mapped[Plain]
    published_at: Mapped[Moment]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("person.key"))


class EditionModule(Model):
    """One module of an edition: a list of segments (html by digest), its contents, its rules when it is a test."""

    __tablename__ = "edition_module"
    __table_args__ = (UniqueConstraint("edition_key", "position"), UniqueConstraint("edition_key", "slug"))

    key: Mapped[Key]
    edition_key: Mapped[int] = mapped_column(ForeignKey("edition.key"))
    position: Mapped[int]
    module_id: Mapped[str] = mapped_column(String(40))
    slug: Mapped[str] = mapped_column(String(100))
    title: Mapped[Name]
    type: Mapped[Code]
    minutes: Mapped[int]
    is_optional: Mapped[bool] = mapped_column(default=False)
    rules: Mapped[dict[str, object] | None] = mapped_column(JSON)
    segments: Mapped[PlainList]
    facts: Mapped[Plain]


class HtmlBlock(Model):
    """Finished HTML, stored once for all editions that contain it."""

    __tablename__ = "html_block"

    digest: Mapped[Digest] = mapped_column(primary_key=True)
    html: Mapped[str] = mapped_column(Text)


class QuestionRevision(Model):
    """A question exactly as it was asked. `data` is its canonical JSON, `html` its rendered passages."""

    __tablename__ = "question_revision"
    __table_args__ = (UniqueConstraint("course_key", "question_id", "revision"),)

    key: Mapped[Key]
    course_key: Mapped[int] = mapped_column(ForeignKey("course.key"))
    question_id: Mapped[str] = mapped_column(String(40))
    revision: Mapped[Code]
    key_revision: Mapped[Code]
    data: Mapped[Plain]


class ModuleQuestion(Model):
    """The place of a question in a module."""

    __tablename__ = "module_question"

    module_key: Mapped[int] = mapped_column(ForeignKey("edition_module.key"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    revision_key: Mapped[int] = mapped_column(ForeignKey("question_revision.key"), index=True)


class MediaFile(Model):
    """A picture, film or download, stored once by its content."""

    __tablename__ = "media_file"

    digest: Mapped[Digest] = mapped_column(primary_key=True)
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)


class EditionMedia(Model):
    """Under which path an edition knows a media file."""

    __tablename__ = "edition_media"

    edition_key: Mapped[int] = mapped_column(ForeignKey("edition.key"), primary_key=True)
    path: Mapped[str] = mapped_column(String(300), primary_key=True)
    digest: Mapped[Digest] = mapped_column(ForeignKey("media_file.digest"))


class JobAidCard(Model):
    """A job aid of the newest edition, found and printed without its course."""

    __tablename__ = "job_aid"
    __table_args__ = (UniqueConstraint("edition_key", "module_key", "anchor"),)

    key: Mapped[Key]
    edition_key: Mapped[int] = mapped_column(ForeignKey("edition.key"))
    module_key: Mapped[int] = mapped_column(ForeignKey("edition_module.key"))
    anchor: Mapped[str] = mapped_column(String(100))
    title: Mapped[Name]
    segments: Mapped[PlainList]


class SearchPlace(Model):
    """Where a search can lead: a course, a section, a term, a job aid of a newest edition."""

    __tablename__ = "search_place"

    key: Mapped[Key]
    edition_key: Mapped[int] = mapped_column(ForeignKey("edition.key"), index=True)
    kind: Mapped[Code]
    module_slug: Mapped[str] = mapped_column(String(100), default="")
    anchor: Mapped[str] = mapped_column(String(100), default="")
    title: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)


class SearchTerm(Model):
    """A folded term at a place with its weight; equal on both databases because `courses.search_terms` makes it."""

    __tablename__ = "search_term"
    __table_args__ = (Index("ix_search_term_place_key", "place_key"),)

    term: Mapped[str] = mapped_column(String(80), primary_key=True)
    place_key: Mapped[int] = mapped_column(ForeignKey("search_place.key"), primary_key=True)
    weight: Mapped[int]


class LocalText(Model):
    """What this authority writes for a local entry, kept once for all courses."""

    __tablename__ = "local_text"

    entry: Mapped[str] = mapped_column(String(64), primary_key=True)
    language: Mapped[str] = mapped_column(String(35), primary_key=True)
    text: Mapped[str] = mapped_column(Text)

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

    Columns hold what lists and filters need; `facts` the rest of what the course's own page shows (audience, requires,
    authors, review_by, license, legal_basis, valid, repeat) and the facts of the register that the texts name.
    `source` is a digest of everything it was made of, `digest` of what was used of that. `languages` is like ",de,en,":
    those with texts of their own. `skills` are by key: level and names by language. `wrong_keys` are ids of questions
    whose key in the edition before was wrong, as was said when this one was published.
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
    source: Mapped[Digest]
    change: Mapped[Code]
    note: Mapped[str] = mapped_column(Text, default="")
    title: Mapped[Name]
    title_key: Mapped[Name]
    kind: Mapped[Code]
    area: Mapped[Code]
    level: Mapped[Code]
    language: Mapped[str] = mapped_column(String(35))
    languages: Mapped[Name]
    minutes: Mapped[int]
    module_count: Mapped[int]
    reviewed: Mapped[datetime.date | None]
    valid_from: Mapped[datetime.date | None]
    valid_until: Mapped[datetime.date | None]
    skills: Mapped[Plain]
    facts: Mapped[Plain]
    wrong_keys: Mapped[PlainList] = mapped_column(default=list)
    published_at: Mapped[Moment]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("person.key"))


class EditionText(Model):
    """What an edition says in one language: title, summary, objectives, its description, and an outline of its modules.

    `outline` has for each module its slug, title, minutes and the like, so that no page of a course reads them all.
    """

    __tablename__ = "edition_text"

    edition_key: Mapped[int] = mapped_column(ForeignKey("edition.key"), primary_key=True)
    language: Mapped[str] = mapped_column(String(35), primary_key=True)
    title: Mapped[Name]
    title_key: Mapped[Name]
    summary: Mapped[str] = mapped_column(String(400))
    objectives: Mapped[PlainList]
    description: Mapped[PlainList]
    outline: Mapped[PlainList]


class EditionModule(Model):
    """One module of an edition, whatever its language: its place, its type, its rules and pools when it is a test."""

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
    pools: Mapped[PlainList]


class ModuleText(Model):
    """A module in one language: segments that name the pieces of its block of HTML, contents, job aids, length.

    There is one for each of the edition's `languages`; `text_language` differs where a translation falls back.
    """

    __tablename__ = "module_text"

    module_key: Mapped[int] = mapped_column(ForeignKey("edition_module.key"), primary_key=True)
    language: Mapped[str] = mapped_column(String(35), primary_key=True)
    text_language: Mapped[str] = mapped_column(String(35))
    title: Mapped[Name]
    segments: Mapped[PlainList]
    facts: Mapped[Plain]
    block_digest: Mapped[Digest] = mapped_column(ForeignKey("html_block.digest"))


class HtmlBlock(Model):
    """The finished HTML of one module in its pieces, stored once for all editions that contain it."""

    __tablename__ = "html_block"

    digest: Mapped[Digest] = mapped_column(primary_key=True)
    pieces: Mapped[PlainList]


class QuestionRevision(Model):
    """A question exactly as it was asked: `data` is its canonical JSON with the rendered passages.

    `revision` is that of the author's text. The same text may look different when a picture in it is exchanged, so
    `data_digest` is part of what makes a row unique.
    """

    __tablename__ = "question_revision"
    __table_args__ = (UniqueConstraint("course_key", "question_id", "revision", "data_digest"),)

    key: Mapped[Key]
    course_key: Mapped[int] = mapped_column(ForeignKey("course.key"))
    question_id: Mapped[str] = mapped_column(String(40))
    revision: Mapped[Code]
    key_revision: Mapped[Code]
    data_digest: Mapped[Digest]
    data: Mapped[Plain]


class ModuleQuestion(Model):
    """The place of a question in a module."""

    __tablename__ = "module_question"

    module_key: Mapped[int] = mapped_column(ForeignKey("edition_module.key"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    revision_key: Mapped[int] = mapped_column(ForeignKey("question_revision.key"), index=True)


class QuestionTranslation(Model):
    """The question of a place in another language than the course's own; places without one fall back."""

    __tablename__ = "question_translation"

    module_key: Mapped[int] = mapped_column(ForeignKey("edition_module.key"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(String(35), primary_key=True)
    revision_key: Mapped[int] = mapped_column(ForeignKey("question_revision.key"), index=True)


class MediaFile(Model):
    """A picture, film or download, stored once by its content, in pieces so that no film has to fit into memory."""

    __tablename__ = "media_file"

    digest: Mapped[Digest] = mapped_column(primary_key=True)
    size: Mapped[int]


class MediaPiece(Model):
    """A stretch of a media file; all but the last are equally long (`library.media.PIECE_BYTES`)."""

    __tablename__ = "media_piece"

    digest: Mapped[Digest] = mapped_column(ForeignKey("media_file.digest"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class EditionMedia(Model):
    """Under which path an edition knows a media file; `name` is the last part of it."""

    __tablename__ = "edition_media"
    __table_args__ = (Index("ix_edition_media_digest_name", "digest", "name"),)

    edition_key: Mapped[int] = mapped_column(ForeignKey("edition.key"), primary_key=True)
    path: Mapped[str] = mapped_column(String(300), primary_key=True)
    name: Mapped[str] = mapped_column(String(300))
    digest: Mapped[Digest] = mapped_column(ForeignKey("media_file.digest"))


class JobAidCard(Model):
    """A job aid of an edition in one language, found and printed without its course."""

    __tablename__ = "job_aid"
    __table_args__ = (UniqueConstraint("edition_key", "module_slug", "language", "anchor"),)

    key: Mapped[Key]
    edition_key: Mapped[int] = mapped_column(ForeignKey("edition.key"))
    module_slug: Mapped[str] = mapped_column(String(100))
    language: Mapped[str] = mapped_column(String(35))
    text_language: Mapped[str] = mapped_column(String(35))
    anchor: Mapped[str] = mapped_column(String(100))
    title: Mapped[Name]
    module_title: Mapped[Name]
    reviewed: Mapped[datetime.date | None]
    segments: Mapped[PlainList]


class SearchPlace(Model):
    """Where a search can lead: a course, a section, a term, a job aid of a newest edition, in one language."""

    __tablename__ = "search_place"

    key: Mapped[Key]
    edition_key: Mapped[int] = mapped_column(ForeignKey("edition.key"), index=True)
    language: Mapped[str] = mapped_column(String(35))
    position: Mapped[int]
    kind: Mapped[Code]
    module_slug: Mapped[str] = mapped_column(String(100), default="")
    module_number: Mapped[int] = mapped_column(default=0)
    anchor: Mapped[str] = mapped_column(String(100), default="")
    title: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)


# Terms compare sign by sign on both databases, so that a beginning is a range of the index.
Folded = String(80).with_variant(String(80, collation="C"), "postgresql")


class SearchTerm(Model):
    """A folded term at a place with its weight; equal on both databases because `courses.search_terms` makes it."""

    __tablename__ = "search_term"
    __table_args__ = (Index("ix_search_term_place_key", "place_key"),)

    term: Mapped[str] = mapped_column(Folded, primary_key=True)
    place_key: Mapped[int] = mapped_column(ForeignKey("search_place.key"), primary_key=True)
    weight: Mapped[int]


class SearchWord(Model):
    """A word of the library that may be part of compounds. `is_spread`: the texts of other courses know it, too."""

    __tablename__ = "search_word"

    word: Mapped[str] = mapped_column(Folded, primary_key=True)
    is_spread: Mapped[bool] = mapped_column(default=False)


class LocalText(Model):
    """What this authority writes for a local entry, kept once for all courses."""

    __tablename__ = "local_text"

    entry: Mapped[str] = mapped_column(String(64), primary_key=True)
    language: Mapped[str] = mapped_column(String(35), primary_key=True)
    text: Mapped[str] = mapped_column(Text)


class CourseContact(Model):
    """Whom this authority names for questions on a course's content: one of its people, or a mailbox of a team."""

    __tablename__ = "course_contact"

    course_key: Mapped[int] = mapped_column(ForeignKey("course.key"), primary_key=True)
    person_key: Mapped[int | None] = mapped_column(ForeignKey("person.key"))
    name: Mapped[Name] = mapped_column(default="")
    mail: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")

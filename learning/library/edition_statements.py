"""Statements that read stored editions, made once: putting them together takes longer than running them.

JSON columns come as text, so that a row can be told from another one by its values (`stored_editions` keeps what it has
read by its row).
"""

import functools
from enum import Enum, auto, unique
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)

from learning.library.models import (
    Edition,
    EditionModule,
    EditionText,
    HtmlBlock,
    LocalText,
    ModuleQuestion,
    ModuleText,
    QuestionRevision,
    QuestionTranslation,
    StoredCourse,
)


def spoken_language(wanted: str) -> ColumnElement[str]:
    """The language of an edition's texts for a reader of `wanted`: that one if there is one, else the course's own."""
    has_own = Edition.languages.like(f"%,{wanted},%") if wanted.isalnum() else literal(value=False)
    return case((has_own, literal(wanted)), else_=Edition.language)


EDITION = (
    Edition.key.label("edition_key"),
    StoredCourse.key.label("course_key"),
    StoredCourse.id.label("course_id"),
    StoredCourse.slug.label("course_slug"),
    StoredCourse.last_number,
    Edition.number,
    Edition.change,
    Edition.note,
    Edition.kind,
    Edition.area,
    Edition.level,
    Edition.reviewed,
    Edition.valid_from,
    Edition.valid_until,
    Edition.published_at,
    cast(Edition.skills, Text).label("skills"),
    cast(Edition.facts, Text).label("facts"),
    EditionText.language,
    EditionText.title,
    EditionText.summary,
    cast(EditionText.objectives, Text).label("objectives"),
    cast(EditionText.description, Text).label("description"),
    cast(EditionText.outline, Text).label("outline"),
)


@unique
class Which(Enum):
    """Which edition of a course is asked for."""

    NEWEST = auto()
    NUMBER = auto()
    KEY = auto()


def which(number: int | None, edition_key: int | None) -> Which:
    """The newest edition, unless a number or a key says otherwise."""
    if edition_key is not None:
        return Which.KEY
    return Which.NEWEST if number is None else Which.NUMBER


@functools.lru_cache(maxsize=64)
def editions(language: str, which: Which) -> Select[*tuple[Any, ...]]:
    """An edition in the language of its reader. Takes `course_slug` and `edition_number` or `edition_key`."""
    chosen = {
        Which.NEWEST: Edition.key == StoredCourse.edition_key,
        Which.NUMBER: Edition.number == bindparam("edition_number"),
        Which.KEY: Edition.key == bindparam("edition_key"),
    }
    return (
        select(*EDITION)
        .join_from(Edition, StoredCourse, StoredCourse.key == Edition.course_key)
        .join(
            EditionText,
            and_(EditionText.edition_key == Edition.key, EditionText.language == spoken_language(language)),
        )
        .where(StoredCourse.slug == bindparam("course_slug"), chosen[which])
    )


@functools.lru_cache(maxsize=64)
def modules(language: str, which: Which) -> Select[*tuple[Any, ...]]:
    """An edition with one of its modules. Takes `module_slug` as well."""
    own = and_(EditionModule.edition_key == Edition.key, EditionModule.slug == bindparam("module_slug"))
    spoken = and_(ModuleText.module_key == EditionModule.key, ModuleText.language == EditionText.language)
    return (
        editions(language, which)
        .add_columns(
            EditionModule.key.label("module_key"),
            EditionModule.module_id,
            cast(EditionModule.pools, Text).label("pools"),
            cast(ModuleText.segments, Text).label("segments"),
            cast(ModuleText.facts, Text).label("text_facts"),
            cast(HtmlBlock.pieces, Text).label("pieces"),
        )
        .join(EditionModule, own)
        .join(ModuleText, spoken)
        .join(HtmlBlock, HtmlBlock.digest == ModuleText.block_digest)
    )


@functools.cache
def parts(has_entries: bool) -> Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]:  # noqa: FBT001 - kept by position.
    """Questions of `own_module` in the language `spoken`; with entries also what was written for those in `entries`."""
    translated = and_(
        QuestionTranslation.module_key == ModuleQuestion.module_key,
        QuestionTranslation.position == ModuleQuestion.position,
        QuestionTranslation.language == bindparam("spoken"),
    )
    shown = func.coalesce(QuestionTranslation.revision_key, ModuleQuestion.revision_key)
    questions = (
        select(
            ModuleQuestion.position.label("position"),
            QuestionRevision.key.label("revision_key"),
            ModuleQuestion.revision_key.label("source_key"),
            cast(QuestionRevision.data, Text).label("data"),
            cast(null(), Text).label("entry"),
            cast(null(), Text).label("language"),
        )
        .join(QuestionTranslation, translated, isouter=True)
        .join(QuestionRevision, QuestionRevision.key == shown)
        .where(ModuleQuestion.module_key == bindparam("own_module"))
    )
    if not has_entries:
        return questions
    zero = literal(0)
    texts = (cast(LocalText.text, Text), cast(LocalText.entry, Text), cast(LocalText.language, Text))
    entries: BindParameter[str] = bindparam("entries", expanding=True)
    return union_all(questions, select(zero, zero, zero, *texts).where(LocalText.entry.in_(entries)))

"""Publishing: a draft becomes an immutable edition, in one transaction; the same bundle again changes nothing.

Preparing, rendering and the bytes of media come before (`publication`), so the lock on a course is held briefly.
"""

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Insert, Select, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from learning.library.drafts import Draft, DraftModule, Row, Unpublishable
from learning.library.models import (
    Edition,
    EditionMedia,
    EditionModule,
    EditionText,
    HtmlBlock,
    JobAidCard,
    ModuleQuestion,
    ModuleText,
    QuestionRevision,
    QuestionTranslation,
    SearchPlace,
    SearchTerm,
    SearchWord,
    StoredCourse,
)
from learning.library.scoring_changes import corrected_keys, scored_otherwise
from quizzes.problems import Problem

MOST_VALUES = 500


class Change(StrEnum):
    """What a new edition means for the people who learnt from an older one."""

    CORRECTION = "correction"
    REVISION = "revision"
    RENEWAL = "renewal"


@dataclass(frozen=True, slots=True)
class Published:
    """The newest edition of a course after publishing; not `is_new` when it already said the same.

    `changed_keys` are ids of questions that are scored otherwise than in the edition before.
    """

    course_key: int
    course_id: str
    slug: str
    edition_key: int
    number: int
    is_new: bool
    changed_keys: tuple[str, ...] = ()


def publish_course(
    session: Session,
    draft: Draft,
    *,
    change: Change,
    note: str,
    by: int | None,
    now: datetime.datetime,
    wrong_keys: Collection[str] = (),
) -> Published:
    """Store `draft` as the next edition of its course; `by` is the key of a person.

    Its media have to be stored already. A correction may score only those questions otherwise whose keys are said to
    have been wrong: `wrong_keys` are full keys, `course/question`. Raises Unpublishable, for that and when the folder
    or the id belongs to another course.
    """
    course = _locked_course(session, draft)
    newest = session.get(Edition, course.edition_key) if course.edition_key else None
    if newest is not None and newest.digest == draft.digest:
        return Published(course.key, course.id, course.slug, newest.key, newest.number, is_new=False)
    changed = scored_otherwise(session, draft, before=newest) if newest else ()
    if problems := _rescoring(draft, changed, newest, change=change, wrong_keys=wrong_keys):
        raise Unpublishable(draft.slug, problems)
    number = course.last_number + 1
    row = draft.edition | {
        "course_key": course.key,
        "number": number,
        "change": change.value,
        "note": note,
        "wrong_keys": [name for name in changed if f"{draft.course_id}/{name}" in wrong_keys],
        "published_at": now,
        "published_by": by,
    }
    edition_key = _inserted(session, Edition, row)
    _store_texts(session, draft, edition_key)
    revisions = _store_questions(session, draft, course.key)
    _store_modules(session, draft, edition_key, revisions)
    session.execute(
        update(StoredCourse)
        .where(StoredCourse.key == course.key)
        .values(edition_key=edition_key, last_number=number)
        .execution_options(synchronize_session=False)
    )
    _store_search(session, draft, course.key, edition_key)
    session.expire(course)
    return Published(course.key, draft.course_id, draft.slug, edition_key, number, is_new=True, changed_keys=changed)


def refusals(
    session: Session, draft: Draft, *, change: Change, wrong_keys: Collection[str] = ()
) -> tuple[Problem, ...]:
    """Why `publish_course` would refuse the draft now; it looks again when it writes. Empty where it would not."""
    found = session.scalars(_same_course(draft)).all()
    if found and (problem := _taken(draft, found)):
        return (problem,)
    newest = session.get(Edition, found[0].edition_key) if found and found[0].edition_key else None
    if newest is None or newest.digest == draft.digest:
        return ()
    changed = scored_otherwise(session, draft, before=newest)
    return _rescoring(draft, changed, newest, change=change, wrong_keys=wrong_keys)


def _rescoring(
    draft: Draft, changed: Sequence[str], before: Edition | None, *, change: Change, wrong_keys: Collection[str]
) -> tuple[Problem, ...]:
    if before is None or change is not Change.CORRECTION:
        return ()
    unnamed = tuple(name for name in changed if f"{draft.course_id}/{name}" not in wrong_keys)
    return corrected_keys(draft, unnamed, number=before.number)


def _locked_course(session: Session, draft: Draft) -> StoredCourse:
    """The course's row, ours until the transaction ends; made if it is new."""
    insert_missing(session, StoredCourse, [{"id": draft.course_id, "slug": draft.slug, "last_number": 0}])
    statement = _same_course(draft).with_for_update().execution_options(populate_existing=True)
    found = session.scalars(statement).all()
    if problem := _taken(draft, found):
        raise Unpublishable(draft.slug, (problem,))
    return found[0]


def _same_course(draft: Draft) -> Select[StoredCourse]:
    return select(StoredCourse).where((StoredCourse.id == draft.course_id) | (StoredCourse.slug == draft.slug))


def _taken(draft: Draft, found: Sequence[StoredCourse]) -> Problem | None:
    """E103 where the folder is that of another course, E142 where the id is."""
    if [(course.id, course.slug) for course in found] == [(draft.course_id, draft.slug)]:
        return None
    others = [course for course in found if course.slug == draft.slug and course.id != draft.course_id]
    if others:
        return Problem("E103", 1, parameters={"id": draft.course_id, "published": others[0].id}, path="course.md")
    other = next(course.slug for course in found if course.id == draft.course_id)
    return Problem("E142", 1, parameters={"id": draft.course_id, "other": f"{other}/"}, path="course.md")


def insert_missing(session: Session, model: type[Any], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows; those that meet any unique constraint are left as they are. Sort them, so that nobody deadlocks."""
    dialect = session.get_bind().dialect.name
    for start in range(0, len(rows), MOST_VALUES):
        statement = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(model)
        session.execute(statement.on_conflict_do_nothing(), list(rows[start : start + MOST_VALUES]))


def _inserted(session: Session, model: type[Any], row: Row) -> int:
    key: int = session.execute(insert(model).values(row).returning(model.key)).scalar_one()
    return key


def _insert_all(session: Session, model: type[Any], rows: Sequence[Row]) -> None:
    if rows:
        statement: Insert = insert(model)
        session.execute(statement, rows)


def _store_texts(session: Session, draft: Draft, edition_key: int) -> None:
    own = {"edition_key": edition_key}
    _insert_all(session, EditionText, [row | own for row in draft.texts])
    _insert_all(session, EditionMedia, [row | own for row in draft.media])
    _insert_all(session, JobAidCard, [row | own for row in draft.job_aids])
    blocks = {digest: pieces for module in draft.modules for digest, pieces in module.blocks.items()}
    insert_missing(session, HtmlBlock, [{"digest": digest, "pieces": blocks[digest]} for digest in sorted(blocks)])


def _store_questions(session: Session, draft: Draft, course_key: int) -> dict[tuple[str, str, str], int]:
    """Keys of all revisions of the draft, by question id, revision and digest of the data."""
    rows = {
        _identity(row): row | {"course_key": course_key}
        for module in draft.modules
        for questions in module.questions.values()
        for row in questions
    }
    insert_missing(session, QuestionRevision, [rows[identity] for identity in sorted(rows)])
    stored = session.execute(
        select(
            QuestionRevision.question_id, QuestionRevision.revision, QuestionRevision.data_digest, QuestionRevision.key
        ).where(QuestionRevision.course_key == course_key)
    )
    return {(question_id, revision, digest): key for question_id, revision, digest, key in stored}


def _identity(row: Row) -> tuple[str, str, str]:
    return row["question_id"], row["revision"], row["data_digest"]


def _store_modules(
    session: Session, draft: Draft, edition_key: int, revisions: Mapping[tuple[str, str, str], int]
) -> None:
    texts: list[Row] = []
    places: list[Row] = []
    translations: list[Row] = []
    for module in draft.modules:
        key = _inserted(session, EditionModule, module.row | {"edition_key": edition_key})
        texts += [row | {"module_key": key} for row in module.texts]
        for language, rows in module.questions.items():
            own = [_place(key, position, revisions[_identity(row)]) for position, row in enumerate(rows)]
            if language == draft.language:
                places += own
            else:
                translations += [place | {"language": language} for place in own if _differs(module, draft, language)]
    _insert_all(session, ModuleText, texts)
    _insert_all(session, ModuleQuestion, places)
    _insert_all(session, QuestionTranslation, translations)


def _place(module_key: int, position: int, revision_key: int) -> Row:
    return {"module_key": module_key, "position": position, "revision_key": revision_key}


def _differs(module: DraftModule, draft: Draft, language: str) -> bool:
    """Whether the module has questions of its own in `language`; a translation that falls back shares its source's."""
    return module.questions[language] != module.questions[draft.language]


def _store_search(session: Session, draft: Draft, course_key: int, edition_key: int) -> None:
    """Replace where searches lead: only newest editions are found."""
    own = select(Edition.key).where(Edition.course_key == course_key)
    former = select(SearchPlace.key).where(SearchPlace.edition_key.in_(own))
    session.execute(delete(SearchTerm).where(SearchTerm.place_key.in_(former)), execution_options=_PLAIN)
    session.execute(delete(SearchPlace).where(SearchPlace.edition_key.in_(own)), execution_options=_PLAIN)
    terms: list[Row] = []
    for row, weights in draft.places:
        key = _inserted(session, SearchPlace, row | {"edition_key": edition_key})
        terms += [{"term": term, "place_key": key, "weight": weight} for term, weight in weights.items()]
    _insert_all(session, SearchTerm, terms)
    insert_missing(session, SearchWord, [{"word": word, "is_spread": False} for word in sorted(draft.words)])


_PLAIN = {"synchronize_session": False}

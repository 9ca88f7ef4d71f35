"""Which published corrections of wrong keys apply to which edition of a course.

An edition says which keys were wrong in the one before it. That holds for every older edition that scores the question
like the one before; where the question was another one, nobody has said that its key was wrong.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, Text, cast, select
from sqlalchemy.orm import Session

from courses.comparing.question_differences import is_scored_otherwise
from learning.library.models import (
    Edition,
    EditionModule,
    ModuleQuestion,
    QuestionRevision,
    QuestionTranslation,
    StoredCourse,
)
from learning.library.stored_editions import read_question
from quizzes.questions import Question


class UnknownCourse(Exception):
    """No course has this id."""


class UnknownQuestion(Exception):
    """No edition of the course has a question with this id."""


class NothingCorrected(Exception):
    """No edition says that a key of this course, or of this question, was wrong."""


@dataclass(frozen=True, slots=True)
class StatedQuestion:
    """A question as one edition has it; `position` is that in its module."""

    question: Question
    question_id: str
    revision_key: int
    module_key: int
    position: int


@dataclass(frozen=True, slots=True)
class Statement:
    """An edition with those of its questions that matter here, by language and id, and whose keys were wrong before."""

    edition_key: int
    number: int
    language: str
    wrong_keys: frozenset[str]
    questions: Mapping[tuple[str, str], StatedQuestion]

    def of(self, question_id: str, *, language: str) -> StatedQuestion | None:
        """The question in a language; what is not translated is in the course's own."""
        return self.questions.get((language, question_id)) or self.questions.get((self.language, question_id))


@dataclass(frozen=True, slots=True)
class Correction:
    """A question with its corrected key, and the edition that corrected it."""

    question: Question
    revision_key: int
    edition_key: int


@dataclass(frozen=True, slots=True)
class Corrections:
    """Everything that was corrected in a course, or one question of it. `statements` are in the order of editions."""

    course_id: str
    question_ids: frozenset[str]
    statements: tuple[Statement, ...]

    def of(self, edition_key: int, *, language: str) -> dict[str, Correction]:
        """What is corrected for people who were asked in this edition, by id; empty for later ones."""
        start = next(at for at, one in enumerate(self.statements) if one.edition_key == edition_key)
        found = {name: self._newest(name, start, language) for name in self.question_ids}
        return {name: correction for name, correction in found.items() if correction}

    def _newest(self, name: str, start: int, language: str) -> Correction | None:
        """The last correction that applies; whether one does is read in the course's own language."""
        first = self.statements[start]
        base = first.of(name, language=first.language)
        newest = None
        for before, after in zip(self.statements[start:], self.statements[start + 1 :], strict=False):
            old = before.of(name, language=before.language)
            corrected = after.of(name, language=after.language)
            if name not in after.wrong_keys or base is None or old is None or corrected is None:
                continue
            if not is_scored_otherwise(base.question, old.question):
                base, newest = corrected, after
        shown = newest.of(name, language=language) if newest else None
        return Correction(shown.question, shown.revision_key, newest.edition_key) if shown and newest else None

    def names_at(self) -> dict[tuple[int, int], str]:
        """Where a question was asked with its wrong key: its id by the key of the module and the position there."""
        return {(one.module_key, one.position): one.question_id for one in self._wrong()}

    def places(self) -> dict[int, frozenset[int]]:
        """The same as positions by module."""
        found: dict[int, set[int]] = {}
        for module, position in self.names_at():
            found.setdefault(module, set()).add(position)
        return {module: frozenset(positions) for module, positions in found.items()}

    def wrong_revisions(self) -> dict[str, frozenset[int]]:
        """Revisions with a wrong key by the id of their question, in the course's own language, as counters do."""
        found: dict[str, set[int]] = {}
        for one in self._wrong():
            found.setdefault(one.question_id, set()).add(one.revision_key)
        return {name: frozenset(keys) for name, keys in found.items()}

    def _wrong(self) -> Iterator[StatedQuestion]:
        for statement in self.statements:
            for name in self.of(statement.edition_key, language=statement.language):
                question = statement.of(name, language=statement.language)
                if question is not None:
                    yield question


def corrections_of(session: Session, course_id: str, *, question_id: str = "") -> Corrections:
    """What was corrected in a course, or at one of its questions. Four queries.

    Raises UnknownCourse, UnknownQuestion, NothingCorrected.
    """
    course_key = session.scalar(select(StoredCourse.key).where(StoredCourse.id == course_id))
    if course_key is None:
        raise UnknownCourse(course_id)
    columns = (Edition.key, Edition.number, Edition.language, Edition.wrong_keys)
    editions = session.execute(select(*columns).where(Edition.course_key == course_key).order_by(Edition.number)).all()
    corrected = {name for edition in editions for name in edition.wrong_keys}
    wanted = corrected & {question_id} if question_id else corrected
    if not wanted:
        if question_id and not _is_known(session, course_key, question_id):
            raise UnknownQuestion(question_id)
        raise NothingCorrected(question_id or course_id)
    questions = _questions(session, course_key, wanted)
    statements = tuple(
        Statement(key, number, language, frozenset(wrong_keys) & wanted, questions.get(key, {}))
        for key, number, language, wrong_keys in editions
    )
    return Corrections(course_id, frozenset(wanted), statements)


def _is_known(session: Session, course_key: int, question_id: str) -> bool:
    own = QuestionRevision.course_key == course_key, QuestionRevision.question_id == question_id
    return session.scalar(select(QuestionRevision.key).where(*own).limit(1)) is not None


def _questions(
    session: Session, course_key: int, names: Collection[str]
) -> dict[int, dict[tuple[str, str], StatedQuestion]]:
    """The questions of these ids in all editions and languages, by the key of the edition."""
    source = _stated(Edition.language).join(ModuleQuestion, ModuleQuestion.revision_key == QuestionRevision.key)
    source = source.add_columns(ModuleQuestion.module_key, ModuleQuestion.position)
    source = source.join(EditionModule, EditionModule.key == ModuleQuestion.module_key)
    spoken = _stated(QuestionTranslation.language)
    spoken = spoken.join(QuestionTranslation, QuestionTranslation.revision_key == QuestionRevision.key)
    spoken = spoken.add_columns(QuestionTranslation.module_key, QuestionTranslation.position)
    spoken = spoken.join(EditionModule, EditionModule.key == QuestionTranslation.module_key)
    found: dict[int, dict[tuple[str, str], StatedQuestion]] = {}
    for statement in (source, spoken):
        own = statement.join(Edition, Edition.key == EditionModule.edition_key)
        own = own.where(Edition.course_key == course_key, QuestionRevision.question_id.in_(sorted(names)))
        for row in session.execute(own):
            found.setdefault(row.edition_key, {})[row.language, row.question_id] = _stated_question(row)
    return found


def _stated(language: Any) -> Select[*tuple[Any, ...]]:
    return select(
        Edition.key.label("edition_key"),
        language.label("language"),
        QuestionRevision.question_id,
        QuestionRevision.key.label("revision_key"),
        cast(QuestionRevision.data, Text).label("data"),
    ).select_from(QuestionRevision)


def _stated_question(row: Row[Any]) -> StatedQuestion:
    return StatedQuestion(read_question(row.data), row.question_id, row.revision_key, row.module_key, row.position)

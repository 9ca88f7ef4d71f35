"""Stored attempts read back: the row with its owner, the questions as they are shown, the answers that count.

Nothing here writes. An attempt is only found together with the person whom it belongs to; to others it does not exist.
"""

import datetime
import functools
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import DateTime, Integer, Row, Select, Text, and_, bindparam, cast, func, literal_column, select
from sqlalchemy.orm import Session

from learning.library.models import EditionModule, ModuleQuestion, QuestionRevision, QuestionTranslation, StoredCourse
from learning.library.stored_editions import StoredModule, course_module, filled_in, read_question
from learning.library.stored_texts import read_rules
from learning.study.attempts.attempt import Answers
from learning.study.attempts.attempt import Attempt as DrawnAttempt
from learning.study.attempts.regrading import Regraded, raised
from learning.study.lessons.pages import Lesson
from learning.study.models import AnswerEvent, Attempt, CurrentAnswer, Enrolment, QuestionRescoring
from quizzes.attempts import TestResult, TestRules, result
from quizzes.feedback import Feedback
from quizzes.grade import FULL, Grade, grade
from quizzes.questions import Question, QuestionSet
from quizzes.responses import Response
from quizzes.responses import from_json as response_from_json

LEEWAY = datetime.timedelta(seconds=30)
IN_PROGRESS = "in_progress"
NOW_POSTGRESQL = select(cast(func.now(), DateTime(timezone=True)))
NOW_SQLITE = select(func.strftime("%Y-%m-%dT%H:%M:%f", literal_column("'now'")))


@dataclass(frozen=True, slots=True)
class AttemptPlace:
    """An attempt and where it belongs: its person, the course and module that its pages are addressed by.

    `is_course_completed`: the run of the course that it belongs to is completed.
    """

    attempt: Attempt
    person_key: int
    course_slug: str
    module_slug: str
    edition_key: int
    is_course_completed: bool

    def is_over(self, now: datetime.datetime) -> bool:
        """Whether its time, the leeway included, has run out although it is still in progress."""
        ends_at = self.attempt.ends_at
        return self.attempt.state == IN_PROGRESS and ends_at is not None and now > ends_at + LEEWAY


@dataclass(frozen=True, slots=True)
class TakenAttempt:
    """An attempt as pages show it and as it is graded. `versions` belong to its questions, 0 where none is answered.

    `kept` are questions of the attempt before that count as right. `given` are the responses as they were handed in;
    where a wrong key was corrected since and the person scored again, `answers` has the corrected question, with the
    same response in its positions. `raised` are the items of these.
    """

    place: AttemptPlace
    module: StoredModule
    lesson: Lesson
    answers: Answers
    versions: tuple[int, ...]
    saved_at: datetime.datetime | None
    kept: tuple[Question, ...]
    given: tuple[Response | None, ...]
    raised: tuple[int, ...] = ()
    rescored_at: datetime.datetime | None = None

    @property
    def row(self) -> Attempt:
        """The stored attempt."""
        return self.place.attempt

    def feedback(self) -> tuple[Feedback | None, ...]:
        """The feedback on each drawn question, None where it was left open."""
        return self.answers.feedback(language=self.lesson.course.language)

    def outcome(self, told: tuple[Feedback | None, ...]) -> TestResult:
        """The result of the whole test: what was asked now, and what was right before."""
        return self.outcome_with(told, {})

    def outcome_with(self, told: tuple[Feedback | None, ...], others: Mapping[int, Grade]) -> TestResult:
        """The same with other grades for some items."""
        graded = [
            (question, others.get(item) or (one.grade if one else grade(question, None)))
            for item, (question, one) in enumerate(zip(self.answers.attempt.asked, told, strict=True))
        ]
        graded += [(question, Grade(FULL, question.points)) for question in self.kept]
        return result(graded, rules=self.answers.attempt.rules)


def database_now(session: Session) -> datetime.datetime:
    """The moment by the clock of the database, the only one that decides about deadlines."""
    if session.get_bind().dialect.name == "postgresql":
        moment: datetime.datetime = session.execute(NOW_POSTGRESQL).scalar_one()
        return moment.astimezone(datetime.UTC)
    text: str = session.execute(NOW_SQLITE).scalar_one()
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC)


@functools.cache
def _places() -> Select[*tuple[Any, ...]]:
    """Made once, as the statements below: putting them together takes longer than running them."""
    return (
        select(
            Attempt,
            Enrolment.person_key,
            StoredCourse.slug.label("course_slug"),
            EditionModule.slug.label("module_slug"),
            EditionModule.edition_key,
            Enrolment.completed_on,
        )
        .join(Enrolment, Enrolment.key == Attempt.enrolment_key)
        .join(EditionModule, EditionModule.key == Attempt.module_key)
        .join(StoredCourse, StoredCourse.key == Enrolment.course_key)
        .execution_options(populate_existing=True)
    )


def _place(row: Row[Any] | None) -> AttemptPlace | None:
    if row is None:
        return None
    return AttemptPlace(
        row.Attempt,
        row.person_key,
        row.course_slug,
        row.module_slug,
        row.edition_key,
        is_course_completed=row.completed_on is not None,
    )


def attempt_of(session: Session, person_key: int, attempt_id: uuid.UUID) -> AttemptPlace | None:
    """The person's own attempt; one query."""
    return _place(session.execute(_own_place(), {"own_key": person_key, "attempt_id": attempt_id}).one_or_none())


def locked_attempt(session: Session, person_key: int, attempt_id: uuid.UUID) -> AttemptPlace | None:
    """The person's own attempt, ours until the transaction ends; one query."""
    asked = {"own_key": person_key, "attempt_id": attempt_id}
    return _place(session.execute(_own_place_locked(), asked).one_or_none())


@functools.cache
def _own_place() -> Select[*tuple[Any, ...]]:
    return _places().where(Attempt.id == bindparam("attempt_id"), Enrolment.person_key == bindparam("own_key"))


@functools.cache
def _own_place_locked() -> Select[*tuple[Any, ...]]:
    return _own_place().with_for_update(of=Attempt)


def newest_attempt(session: Session, enrolment_key: int, module_id: str) -> AttemptPlace | None:
    """The last attempt at a test in an enrolment; one query."""
    statement = (
        _places()
        .where(Attempt.enrolment_key == enrolment_key, Attempt.module_id == module_id)
        .order_by(Attempt.number.desc())
        .limit(1)
    )
    return _place(session.execute(statement).one_or_none())


def attempts_over(session: Session, now: datetime.datetime, *, most: int) -> list[tuple[int, uuid.UUID]]:
    """Person and id of attempts whose time has run out and that nobody has closed yet."""
    statement = (
        select(Enrolment.person_key, Attempt.id)
        .join(Enrolment, Enrolment.key == Attempt.enrolment_key)
        .where(Attempt.state == IN_PROGRESS, Attempt.ends_at < now - LEEWAY)
        .order_by(Attempt.ends_at)
        .limit(most)
    )
    return [(person_key, attempt_id) for person_key, attempt_id in session.execute(statement)]


def stored_rules(attempt: Attempt) -> TestRules:
    """The rules that an attempt was begun under."""
    rules = read_rules(attempt.rules)
    assert rules is not None
    return rules


def taken(session: Session, place: AttemptPlace) -> TakenAttempt:
    """The attempt with its questions and answers; three queries."""
    row = place.attempt
    found = course_module(
        session, place.course_slug, place.module_slug, language=row.language, edition_key=place.edition_key
    )
    assert found is not None, "editions are never deleted"
    module = filled_in(session, found)
    lesson = Lesson(module.stored.prepared, module.stored.edition, module.module, seed=row.seed)
    current = _current(session, row)
    items = range(len(row.drawn))
    given = tuple(_response(current[item].answer.value) if item in current else None for item in items)
    raised_ones = _raised(lesson, row, current, given)
    asked = list(lesson.rendered.questions)
    for item, regraded in raised_ones.items():
        asked[row.drawn[item]] = regraded.question
    wanted = {*row.drawn, *row.kept}  # Most questions of a test are not asked; they need not be filled in.
    shown = tuple(lesson.filled_in(one) if at in wanted else one for at, one in enumerate(asked))
    questions = QuestionSet(shown, module.module.document.questions.pools)
    own = DrawnAttempt(questions, stored_rules(row), row.seed, row.number, tuple(row.drawn), row.is_retry)
    responses = (raised_ones[item].response if item in raised_ones else given[item] for item in items)
    return TakenAttempt(
        place=place,
        module=module,
        lesson=lesson,
        answers=Answers(own, tuple(responses)),
        versions=tuple(current[item].answer.version if item in current else 0 for item in items),
        saved_at=max((one.answer.saved_at for one in current.values()), default=None),
        kept=tuple(shown[at] for at in row.kept),
        given=given,
        raised=tuple(raised_ones),
        rescored_at=max((at for item in raised_ones if (at := current[item].rescored_at)), default=None),
    )


@dataclass(frozen=True, slots=True)
class _Counted:
    """The answer of an item, and since when and by which corrected question it counts for more, if it does."""

    answer: CurrentAnswer
    corrected: Question | None = None
    rescored_at: datetime.datetime | None = None


def _current(session: Session, attempt: Attempt) -> dict[int, _Counted]:
    """The answers that count, by item; one query. Only what is closed can have been scored again."""
    if attempt.state == IN_PROGRESS:
        own = select(CurrentAnswer).where(CurrentAnswer.attempt_key == attempt.key)
        # They are written past the session's own copies, so they are read anew each time.
        found = session.scalars(own.execution_options(populate_existing=True))
        return {answer.item: _Counted(answer) for answer in found}
    rows = session.execute(_counted(), {"attempt": attempt.key})
    # The newest comes last and stays.
    return {answer.item: _Counted(answer, read_question(data) if data else None, at) for answer, data, at in rows}


@functools.cache
def _counted() -> Select[*tuple[Any, ...]]:
    rescored = and_(
        QuestionRescoring.attempt_key == CurrentAnswer.attempt_key, QuestionRescoring.item == CurrentAnswer.item
    )
    return (
        select(CurrentAnswer, cast(QuestionRevision.data, Text), QuestionRescoring.rescored_at)
        .join(QuestionRescoring, rescored, isouter=True)
        .join(QuestionRevision, QuestionRevision.key == QuestionRescoring.revision_key, isouter=True)
        .where(CurrentAnswer.attempt_key == bindparam("attempt", type_=Integer))
        .order_by(QuestionRescoring.key)
        .execution_options(populate_existing=True)
    )


def _raised(
    lesson: Lesson, attempt: Attempt, current: Mapping[int, _Counted], given: Sequence[Response | None]
) -> dict[int, Regraded]:
    """What counts for more by a corrected key, by item."""
    found = {}
    for item, one in current.items():
        if one.corrected is not None:
            asked = lesson.rendered.questions[attempt.drawn[item]]
            regraded = raised(asked, given[item], one.corrected, language=lesson.course.language)
            if regraded is not None:
                found[item] = regraded
    return found


def _response(value: object) -> Response | None:
    return None if value is None else response_from_json(value)


@dataclass(frozen=True, slots=True)
class AnswerPlace:
    """What is there before an answer is saved: its question, the event of the same request, the answer that counts.

    Versions are None where there is neither.
    """

    question: Question
    known_digest: str | None
    known_version: int | None
    known_at: datetime.datetime | None
    current_value: object
    current_version: int | None


def answer_place(session: Session, attempt: Attempt, *, item: int, request_key: str) -> AnswerPlace:
    """The place of an answer to the question `item` of an attempt; one query."""
    asked = {
        "module": attempt.module_key,
        "question_position": attempt.drawn[item],
        "spoken": attempt.language,
        "attempt": attempt.key,
        "answer_item": item,
        "own_request": request_key,
    }
    data, *found = session.execute(_answer_place(), asked).one()
    return AnswerPlace(read_question(data), *found)


@functools.cache
def _answer_place() -> Select[*tuple[Any, ...]]:
    translated = and_(
        QuestionTranslation.module_key == ModuleQuestion.module_key,
        QuestionTranslation.position == ModuleQuestion.position,
        QuestionTranslation.language == bindparam("spoken"),
    )
    shown = func.coalesce(QuestionTranslation.revision_key, ModuleQuestion.revision_key)
    own = bindparam("attempt", type_=Integer)
    known = and_(AnswerEvent.attempt_key == own, AnswerEvent.request_key == bindparam("own_request"))
    current = and_(CurrentAnswer.attempt_key == own, CurrentAnswer.item == bindparam("answer_item"))
    return (
        select(
            cast(QuestionRevision.data, Text),
            AnswerEvent.value_digest,
            AnswerEvent.version,
            AnswerEvent.saved_at,
            CurrentAnswer.value,
            CurrentAnswer.version,
        )
        .select_from(ModuleQuestion)
        .join(QuestionTranslation, translated, isouter=True)
        .join(QuestionRevision, QuestionRevision.key == shown)
        .join(AnswerEvent, known, isouter=True)
        .join(CurrentAnswer, current, isouter=True)
        .where(
            ModuleQuestion.module_key == bindparam("module"), ModuleQuestion.position == bindparam("question_position")
        )
    )

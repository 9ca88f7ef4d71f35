"""A course with a test, a person who takes it, and how answers are sent; for the tests of attempts."""

import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from learning import clock
from learning.database import work
from learning.library.stored_editions import StoredModule, course_module, filled_in
from learning.people.models import Person
from learning.people.viewer import Viewer, viewer_of_person
from learning.study.attempts import actions as attempt_actions
from learning.study.attempts.actions import KeyReused, Saved, SentAnswer, Stale
from learning.study.attempts.queries import TakenAttempt, attempt_of, taken
from learning.study.courses.enrolment import enrol
from learning.study.models import Attempt
from quizzes.attempts import TestRules
from quizzes.grade import right_options, right_sides
from quizzes.questions import (
    ChoiceGap,
    Cloze,
    Matching,
    MultipleChoice,
    NumberInput,
    NumberRange,
    Ordering,
    Question,
    ShortText,
    SingleChoice,
    TextGap,
)
from quizzes.responses import Choice, Filled, Matched, Ordered, Response, Typed, Written
from tests.factories import published_course
from tests.pages import SAMPLES

NOW = datetime.datetime(2026, 11, 20, 9, 0, tzinfo=datetime.UTC)
SLUG, TEST = "bausteine", "test"
Fields = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Learner:
    """A person who may begin the test; `engine` for work in transactions of their own."""

    engine: Engine
    viewer: Viewer
    enrolment_key: int
    module: StoredModule

    def start(self, *, now: datetime.datetime = NOW, after: int = 0, only_wrong: bool = False) -> uuid.UUID:
        return work(
            self.engine,
            lambda session: attempt_actions.start_attempt(
                session,
                self.viewer,
                self.module,
                enrolment_key=self.enrolment_key,
                after=after,
                only_wrong=only_wrong,
                seed="0123456789abcdef",
                now=now,
            ),
        )

    def save(
        self,
        attempt_id: uuid.UUID,
        item: int,
        fields: Fields,
        *,
        base: int = 0,
        key: str = "",
        now: datetime.datetime = NOW,
    ) -> Saved | Stale | KeyReused | None:
        sent = SentAnswer(key or str(uuid.uuid4()), item, base, fields)
        return work(
            self.engine, lambda session: attempt_actions.save_answer(session, self.viewer, attempt_id, sent, now=now)
        )

    def submit(self, attempt_id: uuid.UUID, *, now: datetime.datetime = NOW) -> None:
        work(self.engine, lambda session: attempt_actions.submit(session, self.viewer, attempt_id, now=now))

    def taken(self, attempt_id: uuid.UUID) -> TakenAttempt:
        with Session(self.engine, expire_on_commit=False) as session:
            place = attempt_of(session, self.viewer.key, attempt_id)
            assert place is not None
            return taken(session, place)

    def answer_right(self, attempt_id: uuid.UUID, *, but: Sequence[int] = (), now: datetime.datetime = NOW) -> None:
        """Answer every question rightly, those in `but` not at all."""
        for item, fields in enumerate(right_fields(self.taken(attempt_id))):
            if item not in but:
                self.save(attempt_id, item, fields, now=now)


def learner(session: Session, engine: Engine, person: Person, *, rules: TestRules | None = None) -> Learner:
    """A person enrolled in the sample course; other `rules` replace those of its test."""
    published_course(session, SAMPLES / SLUG)
    enrolment = work(engine, lambda one: enrol(one, SLUG, person.key, now=NOW))
    viewer = viewer_of_person(session, person.key, today=clock.today())
    found = course_module(session, SLUG, TEST, language="de", edition_key=enrolment.edition_key)
    assert viewer is not None
    assert found is not None
    module = filled_in(session, found)
    session.commit()
    return Learner(engine, viewer, enrolment.key, with_rules(module, rules))


def with_rules(module: StoredModule, rules: TestRules | None) -> StoredModule:
    from dataclasses import replace

    return module if rules is None else replace(module, module=replace(module.module, rules=rules))


def right_fields(attempt: TakenAttempt) -> list[Fields]:
    """For each drawn question the form fields of its right answer."""
    own = attempt.answers.attempt
    return [own.display(question).fields(right_response(question)) for question in own.asked]


def right_response(question: Question) -> Response:
    match question.answer:
        case SingleChoice(options) | MultipleChoice(options):
            return Choice(right_options(options))
        case ShortText(accepted):
            return Typed(accepted[0].pattern.text)
        case NumberInput(numbers):
            return Typed(str(numbers[0].pattern.low))
        case Matching(pairs) as matching:
            sides = right_sides(matching)
            return Matched(tuple(sides.index(pair.right.source) for pair in pairs))
        case Ordering(items):
            return Ordered(tuple(range(len(items))))
        case Cloze(gaps):
            return Filled(tuple(right_text(gap) for gap in gaps))
        case _:
            return Written("Text")


def right_text(gap: TextGap | ChoiceGap) -> str | int:
    """What a gap accepts: an option, a word or a number."""
    if isinstance(gap, ChoiceGap):
        return gap.right
    first = gap.accepted[0]
    return str(first.low) if isinstance(first, NumberRange) else first.text


def stored(session: Session, attempt_id: uuid.UUID) -> Attempt:
    """The row as it is now."""
    session.rollback()
    return session.scalars(
        select(Attempt).where(Attempt.id == attempt_id).execution_options(populate_existing=True)
    ).one()

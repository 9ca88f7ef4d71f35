"""An attempt at a test whose whole state travels in the form: nothing of it is stored.

The preview works this way; the product keeps the same values in its database. What the browser sends back is read
strictly, because everything in a form can be changed.
"""

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from quizzes.attempts import TestResult, TestRules, draw, result, retry
from quizzes.display import Display, is_complete
from quizzes.feedback import Feedback, feedback
from quizzes.grade import grade
from quizzes.questions import FreeText, Question, QuestionSet
from quizzes.responses import Response

SEED = re.compile(r"[0-9a-f]{16}")
MOST_ATTEMPTS = 999
# The hidden fields that hold an attempt; those of its answers are named by their questions.
STATE_FIELDS = ("saat", "versuch", "fragen", "art")

Form = Mapping[str, Sequence[str]]


class UnreadableAttempt(ValueError):
    """The form holds an attempt that no page of ours sends."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """`positions` are those of the drawn questions in the order in which they are asked; `number` counts from 1.

    `is_retry`: only questions that were wrong before are asked.
    """

    questions: QuestionSet
    rules: TestRules
    seed: str
    number: int
    positions: tuple[int, ...]
    is_retry: bool = False

    @classmethod
    def begin(cls, questions: QuestionSet, rules: TestRules, *, number: int = 1) -> "Attempt":
        """A new attempt, drawn by chance."""
        seed = secrets.token_hex(8)
        return cls(questions, rules, seed, number, draw(questions, count=rules.draw, seed=seed))

    @classmethod
    def read(cls, questions: QuestionSet, rules: TestRules, form: Form) -> "Attempt":
        """The attempt that a page of it sends. Raises UnreadableAttempt; the text may have changed since."""
        seed, number = _first(form, "saat"), _first(form, "versuch")
        names = _first(form, "fragen").split(",")
        places = {question.id: at for at, question in enumerate(questions.questions)}
        is_number = number.isascii() and number.isdigit() and 1 <= int(number[:4]) <= MOST_ATTEMPTS
        if not SEED.fullmatch(seed) or not is_number or not set(names) <= set(places) or len(set(names)) != len(names):
            raise UnreadableAttempt(_first(form, "fragen")[:100])
        positions = tuple(places[name] for name in names)
        return cls(questions, rules, seed, int(number), positions, _first(form, "art") == "wiederholung")

    @property
    def asked(self) -> tuple[Question, ...]:
        """The questions in the order in which they are asked."""
        return tuple(self.questions.questions[at] for at in self.positions)

    def display(self, question: Question) -> Display:
        """How this attempt shows a question."""
        return Display.of(question, seed=self.seed)

    def state(self) -> Iterator[tuple[str, str]]:
        """The hidden fields that hold the attempt itself, answers not included."""
        yield "saat", self.seed
        yield "versuch", str(self.number)
        yield "fragen", ",".join(question.id for question in self.asked)
        if self.is_retry:
            yield "art", "wiederholung"

    def answers(self, form: Form) -> "Answers":
        """What has been answered so far. Raises UnreadableResponse."""
        return Answers(self, tuple(self.display(question).read(form) for question in self.asked))

    def repeated(self) -> "Attempt":
        """A further attempt at the whole test."""
        return Attempt.begin(self.questions, self.rules, number=self.number + 1)


@dataclass(frozen=True, slots=True)
class Answers:
    """The responses of an attempt in the order of its questions, None where there is none."""

    attempt: Attempt
    responses: tuple[Response | None, ...]

    def state(self, *, without: Question | None = None) -> Iterator[tuple[str, str]]:
        """The hidden fields that hold all answers, except for the question whose own fields are on the page."""
        for question, response in zip(self.attempt.asked, self.responses, strict=True):
            if question is not without:
                for name, values in self.attempt.display(question).fields(response).items():
                    yield from ((name, value) for value in values)

    def is_complete(self, index: int) -> bool:
        """Whether the question at `index` has all its answers."""
        return is_complete(self.responses[index])

    def feedback(self, *, language: str) -> "tuple[Feedback | None, ...]":
        """The feedback on each question, None where it was left open."""
        return tuple(
            feedback(question, response, language=language) if response else None
            for question, response in zip(self.attempt.asked, self.responses, strict=True)
        )

    def result(self, told: Sequence[Feedback | None]) -> TestResult:
        """The result of the attempt; an open question earns nothing."""
        graded = [
            (question, one.grade if one else grade(question, None))
            for question, one in zip(self.attempt.asked, told, strict=True)
        ]
        return result(graded, rules=self.attempt.rules)

    def retry(self, told: Sequence[Feedback | None]) -> Attempt | None:
        """An attempt at what was wrong, with variants where there are some; None when all was right."""
        attempt = self.attempt
        wrong = [
            at
            for at, question, one in zip(attempt.positions, attempt.asked, told, strict=True)
            if not is_settled(question, one)
        ]
        if not wrong:
            return None
        seed = secrets.token_hex(8)
        chosen = retry(attempt.questions, wrong=wrong, asked=attempt.positions, seed=seed)
        return Attempt(attempt.questions, attempt.rules, seed, attempt.number + 1, chosen, is_retry=True)


def is_settled(question: Question, told: Feedback | None) -> bool:
    """Whether there is nothing to repeat: answered rightly, or never scored."""
    return isinstance(question.answer, FreeText) or (told is not None and told.grade.is_right)


def _first(form: Form, name: str) -> str:
    return next(iter(form.get(name, ())), "")

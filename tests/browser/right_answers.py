"""The right answer to each question of a course, as words that somebody who looks at the page can pick out or type.

They are read from the course's own source, so a test that passes with them shows that a page asks what the text says.
"""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import assert_never

from courses.course import Module, ModuleType
from learning.library.preparation import CourseOrder, Edition, prepare_at_once
from learning.web.rendering import plain_text
from quizzes.questions import (
    ChoiceGap,
    Cloze,
    FreeText,
    Gap,
    Matching,
    MultipleChoice,
    NumberInput,
    NumberRange,
    Ordering,
    Passage,
    Question,
    ShortText,
    SingleChoice,
)

TODAY = datetime.date(2026, 11, 20)


@dataclass(frozen=True, slots=True)
class RightAnswer:
    """What to do with the fields of a question: options to tick, a word for each row, words in their order to type."""

    ticked: frozenset[str] = frozenset()
    rows: Mapping[str, str] = field(default_factory=dict)
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TaughtCourse:
    """A course as its author wrote it."""

    edition: Edition

    @classmethod
    def of(cls, folder: Path) -> "TaughtCourse":
        return cls(prepare_at_once(CourseOrder(folder, TODAY)).editions["de"])

    @property
    def title(self) -> str:
        return self.edition.course.title

    @property
    def lessons(self) -> tuple[Module, ...]:
        return tuple(one for one in self.edition.course.modules if one.type is ModuleType.LESSON)

    @property
    def test(self) -> Module:
        (one,) = (one for one in self.edition.course.modules if one.type is ModuleType.TEST)
        return one

    def questions(self, module: Module) -> tuple[Question, ...]:
        """The questions in the order of the text, rendered."""
        return self.edition.rendered.modules[module.slug].questions

    def answers(self, module: Module) -> dict[str, RightAnswer]:
        """The right answers of a module by question id."""
        return {question.id: right_answer(question) for question in self.questions(module)}


def right_answer(question: Question) -> RightAnswer:
    match question.answer:
        case SingleChoice(options) | MultipleChoice(options):
            return RightAnswer(ticked=frozenset(words_of(one.text) for one in options if one.is_right))
        case ShortText(accepted):
            return RightAnswer(words=(accepted[0].pattern.text,))
        case NumberInput(accepted):
            return RightAnswer(words=(number_within(accepted[0].pattern),))
        case Matching(pairs):
            return RightAnswer(rows={words_of(pair.left): words_of(pair.right) for pair in pairs})
        case Ordering(items):
            return RightAnswer(rows={words_of(item): str(place) for place, item in enumerate(items, start=1)})
        case Cloze(gaps):
            return RightAnswer(words=tuple(fillings(gaps)))
        case FreeText():
            return RightAnswer(words=("Jeder hat nur den eigenen Abschnitt gesehen.",))
        case _:
            assert_never(question.answer)


def fillings(gaps: tuple[Gap, ...]) -> Iterator[str]:
    for gap in gaps:
        if isinstance(gap, ChoiceGap):
            yield gap.choices[gap.right]
        else:
            first = gap.accepted[0]
            yield number_within(first) if isinstance(first, NumberRange) else first.text


def number_within(numbers: NumberRange) -> str:
    number: Decimal = numbers.low if numbers.value is None else numbers.value
    return f"{number:f}".replace(".", ",")


def words_of(passage: Passage) -> str:
    return plain_text(passage.html)

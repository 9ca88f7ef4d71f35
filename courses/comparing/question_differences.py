"""What changed in the questions of a course: added, removed, moved, reworded, scored otherwise, probably renamed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from courses.comparing.likeness import alike_pairs, says_the_same
from courses.course import Course, Module
from quizzes.canonical import key_revision, revision
from quizzes.problems import Problem
from quizzes.questions import (
    ChoiceGap,
    Cloze,
    FreeText,
    Matching,
    MultipleChoice,
    NumberInput,
    Ordering,
    Passage,
    Question,
    ShortText,
    SingleChoice,
)


@dataclass(frozen=True, slots=True)
class PlacedQuestion:
    """A question and the module it stands in."""

    question: Question
    module: Module

    def difference(self, code: str, **parameters: str) -> Problem:
        """A difference at the question's line."""
        shown = {"question": self.question.heading.source, "module": self.module.title, **parameters}
        return Problem(code, self.question.first_line, parameters=shown, path=self.module.path)


def placed_questions(course: Course) -> dict[str, PlacedQuestion]:
    """All questions by id; one without an id by its heading, which is all that identifies it so far."""
    found: dict[str, PlacedQuestion] = {}
    for module in course.modules:
        for question in module.document.questions.questions:
            found.setdefault(question.id or f"? {question.heading.source}", PlacedQuestion(question, module))
    return found


def question_differences(before: Course, after: Course) -> Iterator[Problem]:
    """D201 to D205 and W207. Lines are those of the newer course, of a removed question those of the older."""
    old, new = placed_questions(before), placed_questions(after)
    renamed = dict(_renamed(old, new))
    for name, placed in new.items():
        if name in old:
            yield from _changes(old[name], placed)
        elif name not in renamed.values():
            yield placed.difference("D201")
    for name, placed in old.items():
        if name in renamed:
            other = renamed[name]
            parameters = {"published": name, "id": other}
            yield Problem("W207", new[other].question.first_line, parameters=parameters, path=new[other].module.path)
        elif name not in new:
            yield placed.difference("D202")


def is_scored_otherwise(before: Question, after: Question) -> bool:
    """Whether answers to `before` may count differently in `after`: another key, or answers that say something else."""
    if key_revision(before) != key_revision(after):
        return True
    old, new = _answer_texts(before), _answer_texts(after)
    return len(old) != len(new) or not all(map(says_the_same, old, new))


def _changes(before: PlacedQuestion, after: PlacedQuestion) -> Iterator[Problem]:
    if is_scored_otherwise(before.question, after.question):
        yield after.difference("D204")
    elif revision(before.question) != revision(after.question):
        yield after.difference("D203")
    if before.module.id != after.module.id:
        yield after.difference("D205", before=before.module.title)


def _renamed(old: dict[str, PlacedQuestion], new: dict[str, PlacedQuestion]) -> Iterator[tuple[str, str]]:
    """Ids that went and came with nearly the same question. A question that only gained its id is no renaming."""
    removed = [(name, _whole_text(placed.question)) for name, placed in old.items() if name not in new]
    added = [(name, _whole_text(placed.question)) for name, placed in new.items() if name not in old]
    named = [(name, text) for name, text in added if new[name].question.id]
    return alike_pairs([(name, text) for name, text in removed if old[name].question.id], named)


def _whole_text(question: Question) -> str:
    return "\n".join((question.heading.source, question.stem.source, *_answer_texts(question)))


def _answer_texts(question: Question) -> tuple[str, ...]:
    """The texts that learners choose from, in source order; typed answers are part of the key already."""
    match question.answer:
        case SingleChoice(options) | MultipleChoice(options):
            return tuple(option.text.source for option in options)
        case Matching(pairs, distractors):
            sides = [passage for pair in pairs for passage in (pair.left, pair.right)]
            return _sources(*sides, *distractors)
        case Ordering(items):
            return _sources(*items)
        case Cloze(gaps):
            return tuple(text for gap in gaps if isinstance(gap, ChoiceGap) for text in gap.choices)
        case ShortText() | NumberInput() | FreeText():
            return ()
        case _ as never:
            assert_never(never)


def _sources(*passages: Passage) -> tuple[str, ...]:
    return tuple(passage.source for passage in passages)

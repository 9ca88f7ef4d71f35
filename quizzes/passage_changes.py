"""Changing every passage of a question at once: rendering, cutting off tokens, canonical texts."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias, TypeVar, assert_never

from quizzes.questions import (
    Accepted,
    Answer,
    Cloze,
    FreeText,
    Matching,
    Mistake,
    MultipleChoice,
    NumberInput,
    Option,
    Ordering,
    Pair,
    Passage,
    Question,
    Remarks,
    ShortText,
    SingleChoice,
)

Change: TypeAlias = Callable[[Passage], Passage]
Pattern = TypeVar("Pattern")


def with_passages(question: Question, change: Change) -> Question:
    """The question with `change` applied to heading, stem, options, feedback, hints and explanation."""
    return replace(
        question,
        heading=change(question.heading),
        stem=change(question.stem),
        answer=_answer(question.answer, change),
        hints=tuple(map(change, question.hints)),
        explanation=_optional(question.explanation, change),
    )


def _optional(passage: Passage | None, change: Change) -> Passage | None:
    return None if passage is None else change(passage)


def _answer(answer: Answer, change: Change) -> Answer:
    match answer:
        case SingleChoice(options) | MultipleChoice(options):
            return replace(answer, options=tuple(_option(option, change) for option in options))
        case ShortText(accepted, mistakes, remarks):
            return ShortText(_accepted(accepted, change), _mistakes(mistakes, change), _remarks(remarks, change))
        case NumberInput(numbers, slips, remarks):
            return NumberInput(_accepted(numbers, change), _mistakes(slips, change), _remarks(remarks, change))
        case Matching(pairs, distractors, remarks):
            changed = tuple(_pair(pair, change) for pair in pairs)
            return Matching(changed, tuple(map(change, distractors)), _remarks(remarks, change))
        case Ordering(items, allowed, wrong_orders, remarks):
            lines = _accepted(allowed, change), _mistakes(wrong_orders, change)
            return Ordering(tuple(map(change, items)), *lines, _remarks(remarks, change))
        case Cloze(gaps, gap_mistakes, remarks):
            explained = tuple(replace(each, feedback=_optional(each.feedback, change)) for each in gap_mistakes)
            return Cloze(gaps, explained, _remarks(remarks, change))
        case FreeText():
            return answer
        case _:
            assert_never(answer)


def _option(option: Option, change: Change) -> Option:
    return replace(option, text=change(option.text), feedback=_optional(option.feedback, change))


def _pair(pair: Pair, change: Change) -> Pair:
    return Pair(change(pair.left), change(pair.right), _optional(pair.feedback, change))


def _remarks(remarks: Remarks, change: Change) -> Remarks:
    return Remarks(_optional(remarks.right, change), _optional(remarks.otherwise, change))


def _accepted(lines: tuple[Accepted[Pattern], ...], change: Change) -> tuple[Accepted[Pattern], ...]:
    return tuple(replace(line, feedback=_optional(line.feedback, change)) for line in lines)


def _mistakes(lines: tuple[Mistake[Pattern], ...], change: Change) -> tuple[Mistake[Pattern], ...]:
    return tuple(replace(line, feedback=_optional(line.feedback, change)) for line in lines)

"""What a learner is told about an answer: a verdict for the whole, one for each part, and the passages that fit.

The solution is in here, so a page asks for it only when it may be shown.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from quizzes.grade import (
    Conditions,
    Grade,
    accepts,
    expected,
    grade,
    is_gap_right,
    is_pair,
    permitted_places,
)
from quizzes.numbers import read_typed_number
from quizzes.questions import (
    Cloze,
    FreeText,
    Matching,
    MultipleChoice,
    NumberInput,
    Option,
    Ordering,
    Passage,
    Precedence,
    Question,
    ShortText,
    SingleChoice,
)
from quizzes.responses import Choice, Filled, Matched, Ordered, Response, Typed


class Verdict(StrEnum):
    """How an answer as a whole came out."""

    RIGHT = "right"
    PARTLY = "partly"
    WRONG = "wrong"
    UNSCORED = "unscored"


class PartVerdict(StrEnum):
    """How one option, pair, item or gap came out. MISSED: right but not chosen. AVOIDED: wrong and not chosen."""

    RIGHT = "right"
    WRONG = "wrong"
    MISSED = "missed"
    AVOIDED = "avoided"


PART_OF = {True: PartVerdict.RIGHT, False: PartVerdict.WRONG}


@dataclass(frozen=True, slots=True)
class Part:
    """The verdict on the part at source position `position`, with the feedback written for it."""

    position: int
    verdict: PartVerdict
    passage: Passage | None = None


@dataclass(frozen=True, slots=True)
class Feedback:
    """`parts` follow source positions (none for typed answers); `remarks` answer this very response.

    `understood_as` is the number that was read from a typed answer, as plain digits with a point; empty elsewhere.
    """

    verdict: Verdict
    grade: Grade
    parts: tuple[Part, ...] = ()
    remarks: tuple[Passage, ...] = ()
    understood_as: str = ""


def feedback(question: Question, response: Response, *, language: str = "de") -> Feedback:
    """The feedback on a response. Raises UnreadableResponse when it is of another kind than the question."""
    graded = grade(question, response, language=language)
    conditions = Conditions.of(question, language=language)
    return Feedback(
        verdict=_verdict(question, graded),
        grade=graded,
        parts=tuple(_parts(question, response, conditions)),
        remarks=tuple(_remarks(question, response, graded, conditions)),
        understood_as=_understood(question, response, conditions),
    )


def _verdict(question: Question, graded: Grade) -> Verdict:
    if isinstance(question.answer, FreeText):
        return Verdict.UNSCORED
    if graded.is_right:
        return Verdict.RIGHT
    return Verdict.PARTLY if graded.fraction else Verdict.WRONG


def _parts(question: Question, response: Response, conditions: Conditions) -> Iterator[Part]:
    match question.answer:
        case SingleChoice(options) | MultipleChoice(options):
            chosen = expected(response, Choice).options
            for position, option in enumerate(options):
                yield Part(position, _option_verdict(option, is_chosen=position in chosen), option.feedback)
        case Matching(pairs) as matching:
            for position, side in enumerate(expected(response, Matched).choices):
                yield Part(position, PART_OF[is_pair(matching, position, side)], pairs[position].feedback)
        case Ordering() as ordering:
            places = expected(response, Ordered).places
            is_permitted = tuple(places) in permitted_places(ordering)
            for position, place in enumerate(places):
                yield Part(position, PART_OF[is_permitted or place == position])
        case Cloze(gaps):
            for position, value in enumerate(expected(response, Filled).gaps):
                yield Part(position, PART_OF[is_gap_right(gaps[position], value, conditions)])
        case ShortText() | NumberInput() | FreeText():
            return
        case _:
            assert_never(question.answer)


def _option_verdict(option: Option, *, is_chosen: bool) -> PartVerdict:
    if is_chosen:
        return PART_OF[option.is_right]
    return PartVerdict.MISSED if option.is_right else PartVerdict.AVOIDED


def _remarks(question: Question, response: Response, graded: Grade, conditions: Conditions) -> Iterator[Passage]:
    """The passages written for this very response; where there are none, the general one."""
    match question.answer:
        case ShortText(_, _, remarks) | NumberInput(_, _, remarks):
            named = _line_remark(question.answer, expected(response, Typed).text, conditions)
        case Ordering(_, _, _, remarks) as ordering:
            named = list(_order_remarks(ordering, expected(response, Ordered).places, graded))
        case Cloze(_, _, remarks) as cloze:
            named = list(_gap_remarks(cloze, expected(response, Filled), conditions))
        case Matching(_, _, remarks):
            named = []
        case SingleChoice() | MultipleChoice() | FreeText():
            return
        case _:
            assert_never(question.answer)
    general = remarks.right if graded.is_right else remarks.otherwise
    yield from named or ([general] if general else [])


def _line_remark(answer: ShortText | NumberInput, typed: str, conditions: Conditions) -> list[Passage]:
    """The feedback of the first line that the typed text fits, accepted ones before mistakes."""
    for line in (*answer.accepted, *answer.mistakes):
        if accepts(line.pattern, typed, conditions):
            return [line.feedback] if line.feedback else []
    return []


def _order_remarks(ordering: Ordering, places: tuple[int | None, ...], graded: Grade) -> Iterator[Passage]:
    lines = ordering.allowed if graded.is_right else ordering.mistakes
    said: set[Passage] = set()
    for line in lines:
        if line.feedback is not None and line.feedback not in said and _is_before(places, line.pattern):
            said.add(line.feedback)
            yield line.feedback


def _is_before(places: tuple[int | None, ...], precedence: Precedence) -> bool:
    first, second = places[precedence.first], places[precedence.second]
    return first is not None and second is not None and first < second


def _gap_remarks(cloze: Cloze, response: Filled, conditions: Conditions) -> Iterator[Passage]:
    for number, value in enumerate(response.gaps):
        if isinstance(value, str) and not is_gap_right(cloze.gaps[number], value, conditions):
            lines = [line for line in cloze.mistakes if line.gap in (None, number) and line.feedback]
            fitting = next((line.feedback for line in lines if accepts(line.pattern, value, conditions)), None)
            if fitting is not None:
                yield fitting


def _understood(question: Question, response: Response, conditions: Conditions) -> str:
    if not isinstance(question.answer, NumberInput) or not isinstance(response, Typed):
        return ""
    typed = read_typed_number(response.text, language=conditions.language)
    return "" if typed is None else f"{typed.value:f}"

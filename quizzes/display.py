"""How one question is shown to one learner: display positions, and the way back from a form to a response.

The order comes from a seed and the question's id alone, so the same attempt looks the same on every machine. Source
positions never leave the server: in an ordering the source order is the solution.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, assert_never

from quizzes.attributes import ID
from quizzes.grade import permitted_places, right_sides
from quizzes.questions import (
    ChoiceGap,
    Cloze,
    FreeText,
    Matching,
    MultipleChoice,
    NumberInput,
    Ordering,
    Question,
    ShortText,
    SingleChoice,
    TextGap,
)
from quizzes.responses import Choice, Filled, Matched, Ordered, Response, Typed, UnreadableResponse, Written

LONGEST_TEXT = 10_000
TWO = 2
# What a field of any question can be called; which ones a question has, `Display.names` says.
ANSWER_FIELD: Final = re.compile(rf"f-{ID.pattern}(-\d{{1,3}})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Display:
    """One question as shown.

    `order` holds the source positions of options or items in the order they are shown. `choices` holds the source
    positions of the right sides of a matching as shown, each text once. `gap_choices` holds, per gap, the source
    positions of a drop-down's choices as shown (empty for a gap to type into).
    """

    question: Question
    order: tuple[int, ...] = ()
    choices: tuple[int, ...] = ()
    gap_choices: tuple[tuple[int, ...], ...] = ()

    @classmethod
    def of(cls, question: Question, *, seed: str) -> "Display":
        """The display of a question for the attempt `seed`."""
        key = f"{seed}\n{question.id}"
        is_fixed = question.attributes.is_shuffled is False
        match question.answer:
            case SingleChoice(options) | MultipleChoice(options):
                is_fixed = is_fixed or (isinstance(question.answer, SingleChoice) and len(options) == TWO)
                return cls(question, order=_order(len(options), "" if is_fixed else key))
            case Ordering(items) as ordering:
                return cls(question, order=_shuffled_items(ordering, len(items), key))
            case Matching() as matching:
                return cls(question, choices=_distinct_sides(matching, "" if is_fixed else key))
            case Cloze(gaps):
                shown = tuple(
                    _order(len(gap.choices), "" if is_fixed else f"{key}\n{number}")
                    if isinstance(gap, ChoiceGap)
                    else ()
                    for number, gap in enumerate(gaps)
                )
                return cls(question, gap_choices=shown)
            case ShortText() | NumberInput() | FreeText():
                return cls(question)
            case _:
                assert_never(question.answer)

    @property
    def field(self) -> str:
        """The name of the question's form field; parts add `-0`, `-1` …"""
        return f"f-{self.question.id}"

    @property
    def names(self) -> frozenset[str]:
        """The names of all fields that the question has."""
        match self.question.answer:
            case SingleChoice() | MultipleChoice() | ShortText() | NumberInput() | FreeText():
                return frozenset({self.field})
            case Matching(parts) | Ordering(parts) | Cloze(parts):
                return frozenset(f"{self.field}-{number}" for number in range(len(parts)))
            case _:
                assert_never(self.question.answer)

    def read(self, form: Mapping[str, Sequence[str]]) -> Response | None:
        """The response in a submitted form, or None when nothing was answered.

        Raises UnreadableResponse for values that no page of ours sends.
        """
        response = self._read(form)
        return None if is_empty(response) else response

    def read_alone(self, fields: Mapping[str, Sequence[str]]) -> Response | None:
        """The same for fields of this question alone. Raises UnreadableResponse for a field that it does not have."""
        if not self.names.issuperset(fields):
            raise UnreadableResponse("the question has no such field")
        return self.read(fields)

    def _read(self, form: Mapping[str, Sequence[str]]) -> Response:
        match self.question.answer:
            case SingleChoice():
                return Choice(frozenset(_picked(value, self.order) for value in form.get(self.field, ())[:1]))
            case MultipleChoice():
                return Choice(frozenset(_picked(value, self.order) for value in form.get(self.field, ())))
            case ShortText() | NumberInput():
                return Typed(_text(form, self.field))
            case FreeText():
                return Written(_text(form, self.field))
            case Matching(pairs):
                values = [_text(form, f"{self.field}-{row}") for row in range(len(pairs))]
                return Matched(tuple(_picked(value, self.choices) if value else None for value in values))
            case Ordering(items):
                return Ordered(self._places(form, len(items)))
            case Cloze(gaps):
                return Filled(tuple(self._gap(form, number, gap) for number, gap in enumerate(gaps)))
            case _:
                assert_never(self.question.answer)

    def _places(self, form: Mapping[str, Sequence[str]], count: int) -> tuple[int | None, ...]:
        places: list[int | None] = [None] * count
        for shown, item in enumerate(self.order):
            value = _text(form, f"{self.field}-{shown}")
            places[item] = _picked(value, tuple(range(count))) if value else None
        return tuple(places)

    def _gap(self, form: Mapping[str, Sequence[str]], number: int, gap: ChoiceGap | TextGap) -> str | int | None:
        value = _text(form, f"{self.field}-{number}")
        if not value.strip():
            return None
        return _picked(value, self.gap_choices[number]) if isinstance(gap, ChoiceGap) else value

    def fields(self, response: Response | None) -> dict[str, tuple[str, ...]]:
        """The form fields that show a response again: the inverse of `read`."""
        match response:
            case None:
                return {}
            case Choice(options):
                return {self.field: tuple(str(shown) for shown, at in enumerate(self.order) if at in options)}
            case Typed(text) | Written(text):
                return {self.field: (text,)}
            case Matched(chosen):
                texts = right_sides_of(self.question)
                shown_texts = [texts[at] for at in self.choices]
                return {
                    f"{self.field}-{row}": (str(shown_texts.index(texts[side])),)
                    for row, side in enumerate(chosen)
                    if side is not None
                }
            case Ordered(places):
                placed = {shown: places[item] for shown, item in enumerate(self.order)}
                return {f"{self.field}-{shown}": (str(place),) for shown, place in placed.items() if place is not None}
            case Filled(gaps):
                return {
                    f"{self.field}-{number}": (self._shown_gap(number, value),)
                    for number, value in enumerate(gaps)
                    if value is not None
                }
            case _:
                assert_never(response)

    def _shown_gap(self, number: int, value: str | int) -> str:
        return value if isinstance(value, str) else str(self.gap_choices[number].index(value))


def is_empty(response: Response) -> bool:
    """True when a response says nothing at all."""
    match response:
        case Choice(options):
            return not options
        case Typed(text) | Written(text):
            return not text.strip()
        case Matched(values) | Ordered(values) | Filled(values):
            return all(value is None for value in values)
        case _:
            assert_never(response)


def is_complete(response: Response | None) -> bool:
    """True when every part has a value and no place is given twice; what is missing can still be handed in."""
    match response:
        case None:
            return False
        case Ordered(places):
            return None not in places and len(set(places)) == len(places)
        case Matched(values) | Filled(values):
            return None not in values
        case Choice() | Typed() | Written():
            return not is_empty(response)
        case _:
            assert_never(response)


def right_sides_of(question: Question) -> tuple[str, ...]:
    """The right sides of a matching question; empty for any other."""
    return right_sides(question.answer) if isinstance(question.answer, Matching) else ()


def _order(count: int, key: str) -> tuple[int, ...]:
    """The numbers below `count` in an order that only the key decides; an empty key keeps them."""
    if not key:
        return tuple(range(count))
    return tuple(sorted(range(count), key=lambda number: hashlib.sha256(f"{key}\n{number}".encode()).digest()))


def _shuffled_items(ordering: Ordering, count: int, key: str) -> tuple[int, ...]:
    """A shuffled order that does not already count as right."""
    right = permitted_places(ordering)
    for attempt in range(2 * count + 2):
        order = _order(count, f"{key}\n{attempt}")
        if tuple(order.index(item) for item in range(count)) not in right:
            return order
    return tuple(reversed(range(count)))


def _distinct_sides(matching: Matching, key: str) -> tuple[int, ...]:
    sides = right_sides(matching)
    first_of_each = [at for at, side in enumerate(sides) if sides.index(side) == at]
    return tuple(first_of_each[at] for at in _order(len(first_of_each), key))


def _text(form: Mapping[str, Sequence[str]], name: str) -> str:
    values = form.get(name, ())
    text = values[0] if values else ""
    if len(text) > LONGEST_TEXT:
        raise UnreadableResponse(f"an answer has at most {LONGEST_TEXT} characters")
    return text


def _picked(value: str, shown: Sequence[int]) -> int:
    if not (value.isascii() and value.isdigit()) or len(value) > len(str(LONGEST_TEXT)) or int(value) >= len(shown):
        raise UnreadableResponse(f"{value[:20]!r} is none of the {len(shown)} positions")
    return shown[int(value)]

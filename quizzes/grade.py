"""How much of a question an answer gets right: a fraction from 0 to 1, never less, by the formulas of the format page.

A wrong guess can cost only inside its own question; nothing here looks at more than one question.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import combinations, pairwise
from typing import TypeVar, assert_never

from quizzes.matching_text import fits
from quizzes.numbers import read_typed_number
from quizzes.questions import (
    ChoiceGap,
    Cloze,
    FreeText,
    Gap,
    Matching,
    MultipleChoice,
    NumberInput,
    NumberRange,
    Option,
    Ordering,
    Precedence,
    Question,
    ShortText,
    SingleChoice,
    TextGap,
    TextPattern,
)
from quizzes.responses import Choice, Filled, Matched, Ordered, Response, Typed, UnreadableResponse, Written

ResponseKind = TypeVar("ResponseKind", bound=Response)
Value = TypeVar("Value")

FIVE_DECIMALS = Decimal("0.00001")
MOST_COMBINED_MOVES = 6
NONE = Fraction(0)
FULL = Fraction(1)
# Units that people write in several ways; each is compared by its first form.
_SAME_UNITS = {"euro": "€", "eur": "€", "prozent": "%", "percent": "%"}


@dataclass(frozen=True, slots=True)
class Grade:
    """`fraction` is exact; `score` is points × fraction with five decimals; `points` what a full answer is worth."""

    fraction: Fraction
    points: Decimal

    @property
    def score(self) -> Decimal:
        """The points earned, as they are stored."""
        exact = Fraction(self.points) * self.fraction
        return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(FIVE_DECIMALS, ROUND_HALF_UP)

    @property
    def is_right(self) -> bool:
        """True for a full answer."""
        return self.fraction == FULL


@dataclass(frozen=True, slots=True)
class Conditions:
    """Under which typed answers are compared: `language` decides how `1.234` is read, `keeps_case` is `case=yes`."""

    language: str
    keeps_case: bool

    @classmethod
    def of(cls, question: Question, *, language: str) -> "Conditions":
        """The conditions that a question sets for its own answers."""
        return cls(language=language, keeps_case=bool(question.attributes.is_case_sensitive))


def grade(question: Question, response: Response | None, *, language: str = "de") -> Grade:
    """Grade a response; None means that nothing was answered. `language` decides how `1.234` is read.

    Raises UnreadableResponse when the response is of another kind than the question.
    """
    fraction = NONE if response is None else _fraction(question, response, Conditions.of(question, language=language))
    return Grade(fraction=fraction, points=question.points)


def _fraction(question: Question, response: Response, conditions: Conditions) -> Fraction:
    match question.answer:
        case SingleChoice(options):
            return FULL if _ticks(response, options) == right_options(options) else NONE
        case MultipleChoice(options):
            chosen, right = _ticks(response, options), right_options(options)
            if question.attributes.is_partial is False:
                return FULL if chosen == right else NONE
            return _multiple(chosen, right, wrong_count=len(options) - len(right))
        case ShortText(accepted) | NumberInput(accepted):
            typed = expected(response, Typed).text
            return FULL if any(accepts(line.pattern, typed, conditions) for line in accepted) else NONE
        case Matching(pairs) as matching:
            choices = _parts(expected(response, Matched).choices, pairs)
            return _share([is_pair(matching, left, chosen) for left, chosen in enumerate(choices)])
        case Ordering(items) as ordering:
            return ordering_fraction(ordering, _parts(expected(response, Ordered).places, items))
        case Cloze(gaps):
            values = zip(gaps, _parts(expected(response, Filled).gaps, gaps), strict=True)
            return _share([is_gap_right(gap, value, conditions) for gap, value in values])
        case FreeText():
            expected(response, Written)
            return NONE
        case _:
            assert_never(question.answer)


def expected(response: Response, kind: type[ResponseKind]) -> ResponseKind:
    """The response as the kind that the question takes; raises UnreadableResponse for any other."""
    if not isinstance(response, kind):
        raise UnreadableResponse(f"{type(response).__name__} given where {kind.__name__} belongs")
    return response


def right_options(options: Sequence[Option]) -> frozenset[int]:
    """The positions of the right options."""
    return frozenset(position for position, option in enumerate(options) if option.is_right)


def _ticks(response: Response, options: Sequence[Option]) -> frozenset[int]:
    chosen = expected(response, Choice).options
    if any(position >= len(options) for position in chosen):
        raise UnreadableResponse("there is no such option")
    return chosen


def _parts(given: tuple[Value, ...], wanted: Sequence[object]) -> tuple[Value, ...]:
    if len(given) != len(wanted):
        raise UnreadableResponse("the answer has another number of parts than the question")
    return given


def _multiple(chosen: frozenset[int], right: frozenset[int], *, wrong_count: int) -> Fraction:
    """`max(0, r/R − w/max(W, 2))`: the same sum that Moodle clips to 0..1, with one slip never wiping out all."""
    right_ticks, wrong_ticks = len(chosen & right), len(chosen - right)
    return max(NONE, Fraction(right_ticks, len(right)) - Fraction(wrong_ticks, max(wrong_count, 2)))


def accepts(pattern: TextPattern | NumberRange, typed: str, conditions: Conditions) -> bool:
    """True when the typed text is what the pattern means: a text, or a number in the range with no or the same unit."""
    match pattern:
        case TextPattern():
            return fits(pattern, typed, keep_case=conditions.keeps_case)
        case NumberRange(low, high, unit):
            number = read_typed_number(typed, language=conditions.language)
            if number is None or not low <= number.value <= high:
                return False
            return not number.unit or _unit(number.unit) == _unit(unit)
        case _:
            assert_never(pattern)


def _unit(unit: str) -> str:
    folded = unit.strip().rstrip(".").casefold()
    return _SAME_UNITS.get(folded, folded)


def is_pair(matching: Matching, left: int, chosen: int | None) -> bool:
    """True when `chosen` belongs to the left side; right sides with the same text are interchangeable."""
    if chosen is None:
        return False
    rights = right_sides(matching)
    if chosen >= len(rights):
        raise UnreadableResponse("there is no such right side")
    return rights[chosen] == matching.pairs[left].right.source


def right_sides(matching: Matching) -> tuple[str, ...]:
    """The sources of all right sides, pairs first, then the distractors."""
    return tuple(pair.right.source for pair in matching.pairs) + tuple(side.source for side in matching.distractors)


def ordering_fraction(ordering: Ordering, places: Sequence[int | None]) -> Fraction:
    """Right neighbour pairs / (n − 1) (Moodle's GRADING_RELATIVE_NEXT_EXCLUDE_LAST), or 1 for an allowed order."""
    if tuple(places) in permitted_places(ordering):
        return FULL
    neighbours = [here is not None and after is not None and after == here + 1 for here, after in pairwise(places)]
    return _share(neighbours)


def permitted_places(ordering: Ordering) -> frozenset[tuple[int, ...]]:
    """All orders that count as right, as places of the items.

    A line `- = n vor m` lets item n move to directly before item m; several lines (at most six) may hold at once.
    """
    written = tuple(range(len(ordering.items)))
    moves = [line.pattern for line in ordering.allowed]
    orders = {written}
    # More lines than a person can oversee hold one at a time, so that hostile input costs no exponential work.
    most = len(moves) if len(moves) <= MOST_COMBINED_MOVES else 1
    for count in range(1, most + 1):
        for chosen in combinations(moves, count):
            order = list(written)
            for move in chosen:
                _move(order, move)
            orders.add(tuple(order))
    return frozenset(tuple(order.index(item) for item in written) for order in orders)


def _move(order: list[int], move: Precedence) -> None:
    order.remove(move.first)
    order.insert(order.index(move.second), move.first)


def is_gap_right(gap: Gap, value: str | int | None, conditions: Conditions) -> bool:
    """True when the gap holds what belongs there."""
    match gap, value:
        case _, None:
            return False
        case ChoiceGap(right=right), int():
            return value == right
        case TextGap(accepted), str():
            return any(accepts(line, value, conditions) for line in accepted)
        case _:
            raise UnreadableResponse("a drop-down takes a position, a gap a text")


def _share(hits: Sequence[bool]) -> Fraction:
    return Fraction(sum(hits), len(hits)) if hits else FULL

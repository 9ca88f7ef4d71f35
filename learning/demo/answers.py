"""What somebody answers who knows it, and who does not yet."""

from typing import assert_never

from quizzes.grade import right_options, right_sides
from quizzes.questions import (
    ChoiceGap,
    Cloze,
    FreeText,
    Matching,
    MultipleChoice,
    NumberInput,
    NumberRange,
    Ordering,
    Question,
    ShortText,
    SingleChoice,
    TextGap,
    TextPattern,
)
from quizzes.responses import Choice, Filled, Matched, Ordered, Response, Typed, Written


def right_answer(question: Question) -> Response:
    """A response that earns everything; to a free question some text."""
    match question.answer:
        case SingleChoice(options) | MultipleChoice(options):
            return Choice(right_options(options))
        case ShortText(texts):
            return Typed(_typed(texts[0].pattern))
        case NumberInput(numbers):
            return Typed(_typed(numbers[0].pattern))
        case Matching(pairs) as matching:
            sides = right_sides(matching)
            return Matched(tuple(sides.index(pair.right.source) for pair in pairs))
        case Ordering(items):
            return Ordered(tuple(range(len(items))))
        case Cloze(gaps):
            return Filled(tuple(_gap(gap) for gap in gaps))
        case FreeText():
            return Written("Ich frage zuerst, worum es geht, und erkläre dann den nächsten Schritt.")
        case _:
            assert_never(question.answer)


def wrong_answer(question: Question) -> Response:
    """A response that does not earn everything; to a free question some text."""
    match question.answer:
        case SingleChoice(options) | MultipleChoice(options):
            wrong = next(at for at, option in enumerate(options) if not option.is_right)
            return Choice(frozenset({wrong}))
        case ShortText():
            return Typed("weiß ich noch nicht")
        case NumberInput():
            return Typed("0")
        case Matching(pairs):
            return Matched((0,) * len(pairs))
        case Ordering(items):
            return Ordered(tuple(reversed(range(len(items)))))
        case Cloze(gaps):
            return Filled((None,) * len(gaps))
        case FreeText():
            return right_answer(question)
        case _:
            assert_never(question.answer)


def _typed(pattern: TextPattern | NumberRange) -> str:
    if isinstance(pattern, NumberRange):
        return str(pattern.low if pattern.value is None else pattern.value).replace(".", ",")
    return pattern.text


def _gap(gap: TextGap | ChoiceGap) -> str | int:
    return gap.right if isinstance(gap, ChoiceGap) else _typed(gap.accepted[0])

"""Questions built by hand for tests that are not about notation."""

from decimal import Decimal

from quizzes.questions import (
    Accepted,
    Answer,
    Attributes,
    ChoiceGap,
    Cloze,
    FreeText,
    Matching,
    MultipleChoice,
    NumberInput,
    NumberRange,
    Option,
    Ordering,
    Pair,
    Passage,
    Precedence,
    Question,
    ShortText,
    SingleChoice,
    TextGap,
    TextPattern,
)


def passage(text: str) -> Passage:
    return Passage(source=text)


def question(answer: Answer, attributes: Attributes | None = None) -> Question:
    return Question(
        heading=passage("Was gilt?"), stem=passage(""), answer=answer, attributes=attributes or Attributes(id="q")
    )


def options(*rights: bool) -> tuple[Option, ...]:
    return tuple(Option(passage(f"Antwort {number}"), is_right) for number, is_right in enumerate(rights))


def single(*rights: bool, attributes: Attributes | None = None) -> Question:
    return question(SingleChoice(options(*rights)), attributes)


def multiple(*rights: bool, attributes: Attributes | None = None) -> Question:
    return question(MultipleChoice(options(*rights)), attributes)


def short_text(*accepted: str, attributes: Attributes | None = None) -> Question:
    return question(ShortText(tuple(Accepted(TextPattern(text)) for text in accepted)), attributes)


def exactly(value: str, *, tolerance: str = "0", unit: str = "") -> NumberRange:
    middle, distance = Decimal(value), Decimal(tolerance)
    return NumberRange(middle - distance, middle + distance, unit=unit, value=middle, tolerance=distance)


def between(low: str, high: str, *, unit: str = "") -> NumberRange:
    return NumberRange(Decimal(low), Decimal(high), unit=unit)


def number(*accepted: NumberRange) -> Question:
    return question(NumberInput(tuple(Accepted(line) for line in accepted)))


def matching(*pairs: tuple[str, str], distractors: tuple[str, ...] = ()) -> Question:
    return question(
        Matching(
            tuple(Pair(passage(left), passage(right)) for left, right in pairs), tuple(passage(d) for d in distractors)
        )
    )


def ordering(count: int, *allowed: tuple[int, int]) -> Question:
    """`allowed` counts from 1 like the author: (4, 3) is `- = 4 vor 3`."""
    items = tuple(passage(f"Schritt {item + 1}") for item in range(count))
    lines = tuple(Accepted(Precedence(first - 1, second - 1)) for first, second in allowed)
    return question(Ordering(items, allowed=lines))


def cloze(*gaps: TextGap | ChoiceGap) -> Question:
    return question(Cloze(gaps))


def text_gap(*accepted: str) -> TextGap:
    return TextGap(tuple(TextPattern(text) for text in accepted))


def choice_gap(right: int, *choices: str) -> ChoiceGap:
    return ChoiceGap(choices, right)


def free_text() -> Question:
    return question(FreeText())

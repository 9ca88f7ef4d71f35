"""What is wrong with questions that could be read: didactic slips, double options, contradictions. Speaks no language.

Structural problems, after which there is no question to look at, are reported while reading (`quizzes.sections`).
"""

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import Final, TypeAlias, TypeVar, assert_never

from quizzes.matching_text import normalised
from quizzes.numbers import write_number
from quizzes.passages import canonical_of, shortened
from quizzes.problems import ParameterValue, Problem
from quizzes.questions import (
    Accepted,
    ChoiceGap,
    Cloze,
    FreeText,
    Matching,
    MultipleChoice,
    NumberInput,
    NumberRange,
    Option,
    Ordering,
    Passage,
    Pool,
    Question,
    QuestionSet,
    ShortText,
    SingleChoice,
    TextGap,
    TextPattern,
)

# A right option is conspicuous when it is this much longer than the longest wrong one, and by at least this much.
CONSPICUOUS_RATIO: Final = 1.5
CONSPICUOUS_CHARACTERS: Final = 15

_ALL_OR_NONE: Final = re.compile(
    r"\b(?:alle|keine[rs]?|nichts?)\s+(?:der|von\s+den|davon|diese[rn]?)?\s*"
    r"(?:(?:oben|vor)?\s?genannten?|davon|aufgeführten|(?:obigen|vorstehenden)\b|Antworten|Aussagen)"
    r"|\b(?:alles?|keine?s?|nichts)\s+davon\b"
    r"|\b(?:all|none|both|neither)\s+of\s+(?:the\s+above|these|them|the\s+options|the\s+answers)\b",
    re.IGNORECASE,
)
_TAGS: Final = re.compile(r"<[^>]*>")

Thing = TypeVar("Thing")
Parameters: TypeAlias = dict[str, ParameterValue]


def check_questions(questions: QuestionSet, *, in_test: bool) -> list[Problem]:
    """Everything to know about the questions of one document, in the order of their lines."""
    problems: list[Problem] = []
    members = {position for pool in questions.pools for position in pool.members}
    for position, question in enumerate(questions.questions):
        problems += _check_frame(question, in_test=in_test, in_pool=position in members)
        problems += _check_answer(question)
    for pool in questions.pools:
        problems += _check_pool(pool, questions)
    return sorted(problems, key=lambda problem: problem.place)


def _problem(code: str, line: int, parameters: Parameters | None = None, column: int = 1) -> Problem:
    return Problem(code, line, column, parameters or {})


def _at(code: str, passage: Passage, question: Question, parameters: Parameters) -> Problem:
    return _problem(code, _line(passage, question), parameters, passage.column)


def _check_frame(question: Question, *, in_test: bool, in_pool: bool) -> Iterator[Problem]:
    """What holds for questions of every kind."""
    heading: Parameters = {"heading": shortened(question.heading.source)}
    if not question.id:
        yield _problem("W201", question.first_line, heading)
    if in_test and question.explanation is None:
        yield _problem("W321", question.first_line, heading)
    if question.attributes.is_must:
        reasons = {
            "before": question.attributes.is_before,
            "free_text": isinstance(question.answer, FreeText),
            "pool": in_pool,
        }
        for reason, holds in reasons.items():
            if holds:
                yield _problem("E328", question.first_line, {"reason": reason})


def _check_pool(pool: Pool, questions: QuestionSet) -> Iterator[Problem]:
    points = {questions.questions[position].points for position in pool.members}
    if len(points) > 1:
        yield _problem("W405", pool.line, {"pool": pool.title})


def _check_answer(question: Question) -> Iterator[Problem]:
    match question.answer:
        case SingleChoice(options):
            yield from _check_options(question, options)
        case MultipleChoice(options):
            yield from _check_options(question, options)
            yield from _check_wrong_options(question, options)
        case ShortText(accepted):
            yield from _check_texts(question, [(each.pattern, each.line) for each in accepted])
        case NumberInput(accepted):
            yield from _check_numbers(question, _placed(accepted))
        case Matching():
            yield from _check_matching(question, question.answer)
        case Ordering():
            yield from _check_ordering(question, question.answer)
        case Cloze(gaps):
            for gap in gaps:
                yield from _check_gap(question, gap)
        case FreeText():
            pass
        case _:
            assert_never(question.answer)


def _placed(accepted: Iterable[Accepted[NumberRange]]) -> list[tuple[NumberRange, int]]:
    return [(each.pattern, each.line) for each in accepted]


def _repeated(things: Iterable[Thing], key: Callable[[Thing], Hashable]) -> Iterator[tuple[Thing, Thing]]:
    """Each thing whose key came before, with the first of that key."""
    seen: dict[Hashable, Thing] = {}
    for thing in things:
        first = seen.setdefault(key(thing), thing)
        if first is not thing:
            yield thing, first


def _line(passage: Passage, question: Question) -> int:
    return passage.line or question.first_line


def _check_options(question: Question, options: Sequence[Option]) -> Iterator[Problem]:
    if len(options) < 2:
        yield _problem("E308", question.first_line)
    for option, first in _repeated(options, lambda each: canonical_of(each.text)):
        parameters: Parameters = {"option": shortened(option.text.source), "first": _line(first.text, question)}
        yield _at("E307", option.text, question, parameters)
    is_single = isinstance(question.answer, SingleChoice)
    if question.attributes.is_shuffled is not False and not (is_single and len(options) <= 2):
        for option in options:
            if _ALL_OR_NONE.search(option.text.source):
                yield _at("W316", option.text, question, {"option": shortened(option.text.source)})
    yield from _check_lengths(question, options)


def _check_lengths(question: Question, options: Sequence[Option]) -> Iterator[Problem]:
    """A right option that stands out by its length gives itself away."""
    wrong = max((_length(option.text) for option in options if not option.is_right), default=None)
    if wrong is None:
        return
    for option in options:
        length = _length(option.text)
        if option.is_right and length > CONSPICUOUS_RATIO * wrong and length >= wrong + CONSPICUOUS_CHARACTERS:
            parameters: Parameters = {"option": shortened(option.text.source), "characters": length, "others": wrong}
            yield _at("W317", option.text, question, parameters)


def _length(passage: Passage) -> int:
    return len(_TAGS.sub("", canonical_of(passage)))


def _check_wrong_options(question: Question, options: Sequence[Option]) -> Iterator[Problem]:
    wrong = sum(not option.is_right for option in options)
    if wrong == 0:
        yield _problem("E312", question.first_line)
    elif wrong < 2:
        yield _problem("W311", question.first_line)


def _check_texts(question: Question, accepted: Sequence[tuple[TextPattern, int]]) -> Iterator[Problem]:
    keep_case = question.attributes.is_case_sensitive is True

    def compared(each: tuple[TextPattern, int]) -> Hashable:
        pattern = each[0]
        return normalised(pattern.text, keep_case=keep_case), pattern.is_quoted and "..." in pattern.text

    for (pattern, line), (_, first) in _repeated(accepted, compared):
        parameters: Parameters = {"answer": pattern.text, "first": first or question.first_line}
        yield _problem("W319", line or question.first_line, parameters)


def _check_numbers(question: Question, accepted: Sequence[tuple[NumberRange, int]]) -> Iterator[Problem]:
    for number, line in accepted:
        if re.match(r"[-−+]?0\d", number.written):
            yield _problem("W318", line or question.first_line, {"number": number.written})
    for (number, line), (_, first) in _repeated(accepted, lambda each: (each[0].low, each[0].high, each[0].unit)):
        parameters: Parameters = {"answer": write_number(number), "first": first or question.first_line}
        yield _problem("W319", line or question.first_line, parameters)


def _check_matching(question: Question, matching: Matching) -> Iterator[Problem]:
    if len(matching.pairs) < 2:
        yield _problem("E313", question.first_line, {"reason": "few"})
    for pair, first in _repeated(matching.pairs, lambda each: canonical_of(each.left)):
        parameters: Parameters = {
            "reason": "same",
            "left": shortened(pair.left.source),
            "first": _line(first.left, question),
        }
        yield _at("E313", pair.left, question, parameters)
    rights = {canonical_of(pair.right): pair.right for pair in reversed(matching.pairs)}
    for distractor in matching.distractors:
        first_right = rights.setdefault(canonical_of(distractor), distractor)
        if first_right is not distractor:
            parameters = {"option": shortened(distractor.source), "first": _line(first_right, question)}
            yield _at("E307", distractor, question, parameters)


def _check_ordering(question: Question, ordering: Ordering) -> Iterator[Problem]:
    if len(ordering.items) < 3:
        yield _problem("E314", question.first_line, {"reason": "few"})
    for item, first in _repeated(ordering.items, canonical_of):
        parameters: Parameters = {"reason": "same", "item": shortened(item.source), "first": _line(first, question)}
        yield _at("E314", item, question, parameters)


def _check_gap(question: Question, gap: TextGap | ChoiceGap) -> Iterator[Problem]:
    match gap:
        case ChoiceGap(choices, _, line):
            for choice, _first_choice in _repeated([[choice] for choice in choices], lambda each: each[0]):
                line = line or question.first_line
                yield _problem("E307", line, {"option": shortened(choice[0]), "first": line})
        case TextGap(accepted, line):
            numbers = [(each, line) for each in accepted if isinstance(each, NumberRange)]
            texts = [(each, line) for each in accepted if isinstance(each, TextPattern)]
            yield from _check_numbers(question, numbers)
            yield from _check_texts(question, texts)

"""Writes questions back as Markdown in the canonical form; reading what was written gives the same questions.

Author's notes and link definitions between the parts of a question are not part of it and are not written.
"""

from collections.abc import Iterable, Sequence
from typing import assert_never

from quizzes.attributes import write_attributes, write_pool_attributes
from quizzes.gaps import is_numeric
from quizzes.keys import (
    Key,
    is_otherwise_word,
    is_right_word,
    read_precedence,
    reads_as_number,
    write_gap_key,
    write_key,
)
from quizzes.numbers import looks_numeric
from quizzes.passages import last_list_marker, may_be_ordered, starts_paragraph
from quizzes.questions import (
    Accepted,
    Cloze,
    FreeText,
    Gap,
    GapMistake,
    Matching,
    Mistake,
    MultipleChoice,
    NumberInput,
    Option,
    Ordering,
    Pair,
    Passage,
    Pool,
    Precedence,
    Question,
    QuestionSet,
    Remarks,
    ShortText,
    SingleChoice,
    TextPattern,
)
from quizzes.words import BEFORE_WORDS, OTHERWISE_WORDS, RIGHT_WORDS, spoken


def write_question(question: Question, *, level: int | None = None, language: str = "de") -> str:
    """One section, from its heading to its explanation, ending in a line break.

    `level` overrides the heading's level; `language` is the one of `vor`, `richtig` and `sonst`.
    """
    marks = "#" * (level or question.level)
    parts = [_heading(f"{marks} {question.keyword}:", question.heading.source, write_attributes(question.attributes))]
    parts += [question.stem.source, *_answer(question, language=language)]
    parts += ["\n".join(_quoted(hint.source, first="> [!TIP]")) for hint in question.hints]
    if question.explanation is not None:
        parts.append("\n".join(_quoted(question.explanation.source)))
    return "\n\n".join(part for part in parts if part) + "\n"


def write_questions(questions: QuestionSet, *, language: str = "de") -> str:
    """All questions of a document with the headings of their pools."""
    sections: list[str] = []
    pool_of = {position: pool for pool in questions.pools for position in pool.members}
    waiting = list(questions.pools)
    outer_level = 6
    current: Pool | None = None
    for position, question in enumerate(questions.questions):
        pool = pool_of.get(position)
        while pool is not None and pool in waiting:
            sections.append(_pool(waiting[0]))
            outer_level = min(waiting.pop(0).level, 5)
        current = pool or current
        if pool is not None:
            level = max(question.level, min(pool.level, 5) + 1)
        else:
            level = min(question.level, outer_level) if current is not None else question.level
        sections.append(write_question(question, level=level, language=language))
    sections += map(_pool, waiting)
    return "\n".join(sections)


def _pool(pool: Pool) -> str:
    braces = write_pool_attributes(pool.id, pool.draw, written=pool.written)
    return _heading(f"{'#' * min(pool.level, 5)} {pool.keyword}:", pool.title, braces) + "\n"


def _heading(opening: str, text: str, braces: str) -> str:
    return " ".join(part for part in (opening, text, braces) if part)


def _quoted(source: str, *, first: str = "") -> list[str]:
    lines = [f"> {line}" if line else ">" for line in source.split("\n")]
    return [first, *lines] if first else lines


def _answer(question: Question, *, language: str) -> list[str]:
    """The parts that stand between stem and hints."""
    bullet, number_mark = _markers(question.stem)
    match question.answer:
        case SingleChoice(options):
            items = [_option(bullet, option, "(x)" if option.is_right else "( )") for option in options]
        case MultipleChoice(options):
            items = [_option(bullet, option, "[x]" if option.is_right else "[ ]") for option in options]
        case ShortText():
            items = _short_text(bullet, question.answer, question.stem)
            items += _remarks(bullet, question.answer.remarks, language=language)
        case NumberInput():
            items = _number_input(bullet, question.answer)
            items += _remarks(bullet, question.answer.remarks, language=language)
        case Matching(pairs, distractors, remarks):
            items = [_pair(bullet, pair) for pair in pairs]
            items += [_pair(bullet, Pair(Passage(""), each)) for each in distractors]
            items += _remarks(bullet, remarks, language=language)
        case Ordering():
            return _ordering(question.answer, bullet, number_mark, language=language)
        case Cloze(gaps, mistakes, remarks):
            items = [_gap_mistake(bullet, each, gaps) for each in mistakes]
            items += _remarks(bullet, remarks, language=language)
        case FreeText():
            return ["___"]
        case _:
            assert_never(question.answer)
    return ["\n".join(items)]


def _markers(stem: Passage) -> tuple[str, str]:
    """Bullet and number mark that do not continue a list at the end of the stem."""
    last = last_list_marker(stem.source)
    return ("*" if last == "-" else "-"), (")" if last == "." else ".")


def _item(marker: str, sign: str, source: str, feedback: Passage | None) -> str:
    """A list item: marker, sign and text on one line where the text begins with a paragraph."""
    indent = " " * (len(marker) + 1)
    lines = source.split("\n") if source else []
    fits_behind = not sign or starts_paragraph(source)
    opening = " ".join(part for part in (marker, sign) if part)
    if lines and fits_behind:
        lines[0] = f"{opening} {lines[0]}"
    elif lines:
        lines = [opening, "", *lines]
    else:
        lines = [opening]
    feedback_lines = _quoted(feedback.source) if feedback is not None else []
    return "\n".join([lines[0], *_indented([*lines[1:], *feedback_lines], indent)])


def _indented(lines: Iterable[str], indent: str) -> list[str]:
    return [indent + line if line.strip() else line for line in lines]


def _option(bullet: str, option: Option, sign: str) -> str:
    return _item(bullet, sign, option.text.source, option.feedback)


def _line(bullet: str, sign: str, key: str, feedback: Passage | None) -> str:
    """An item behind `=` or `!`. A key is plain text on one line, whatever it begins with."""
    return _item(bullet, "", f"{sign} {key}", feedback)


def _short_text(bullet: str, answer: ShortText, stem: Passage) -> list[str]:
    """Lines with texts; in quotes where all of them together would be read as numbers or as an order of items."""
    patterns = [each.pattern for each in answer.accepted]
    every = [*patterns, *(each.pattern for each in answer.mistakes)]
    would_be_order = all(map(_is_order, every)) and may_be_ordered(stem.source)
    must_be_text = would_be_order or all(reads_as_number(each.text) for each in patterns)
    items = [
        _key(bullet, "=", each, must_be_text=must_be_text or _would_be_unreadable(each.pattern))
        for each in answer.accepted
    ]
    return items + [_key(bullet, "!", each) for each in answer.mistakes]


def _key(
    bullet: str, sign: str, line: Accepted[TextPattern] | Mistake[TextPattern], *, must_be_text: bool = False
) -> str:
    """One line; in quotes also where its feedback would make it a remark."""
    is_remark = line.feedback is not None and _is_remark_word(line.pattern)
    return _line(bullet, sign, write_key(line.pattern, must_be_text=must_be_text or is_remark), line.feedback)


def _would_be_unreadable(pattern: TextPattern) -> bool:
    """True for `5 ± x`: without quotes it would be reported as a number that cannot be read."""
    return looks_numeric(pattern.text) and not reads_as_number(pattern.text)


def _is_remark_word(pattern: TextPattern) -> bool:
    key = Key(pattern.text, pattern.is_quoted)
    return any(is_right_word(key, each) or is_otherwise_word(key, each) for each in RIGHT_WORDS)


def _is_order(pattern: TextPattern) -> bool:
    key = Key(pattern.text, pattern.is_quoted)
    return any(read_precedence(key, each) is not None for each in BEFORE_WORDS)


def _number_input(bullet: str, answer: NumberInput) -> list[str]:
    items = [_line(bullet, "=", write_key(each.pattern), each.feedback) for each in answer.accepted]
    return items + [_line(bullet, "!", write_key(each.pattern), each.feedback) for each in answer.mistakes]


def _gap_mistake(bullet: str, mistake: GapMistake, gaps: Sequence[Gap]) -> str:
    pattern = mistake.pattern
    is_remark = isinstance(pattern, TextPattern) and mistake.feedback is not None and _is_remark_word(pattern)
    near = gaps if mistake.gap is None else gaps[mistake.gap : mistake.gap + 1]
    would_be_number = isinstance(pattern, TextPattern) and all(map(is_numeric, near)) and reads_as_number(pattern.text)
    key = write_key(pattern, must_be_text=would_be_number or (is_remark and mistake.gap is None))
    return _line(bullet, "!", write_gap_key(mistake.gap, key), mistake.feedback)


def _remarks(bullet: str, remarks: Remarks, *, language: str) -> list[str]:
    items = []
    if remarks.right is not None:
        items.append(_line(bullet, "=", spoken(RIGHT_WORDS, language)[0], remarks.right))
    if remarks.otherwise is not None:
        items.append(_line(bullet, "!", spoken(OTHERWISE_WORDS, language)[0], remarks.otherwise))
    return items


def _pair(bullet: str, pair: Pair) -> str:
    left = " ".join(pair.left.source.split("\n"))
    sign = f"{left} ->" if left else "->"
    return _item(bullet, sign, pair.right.source, pair.feedback)


def _ordering(ordering: Ordering, bullet: str, number_mark: str, *, language: str) -> list[str]:
    items = [_item(f"{place}{number_mark}", "", item.source, None) for place, item in enumerate(ordering.items, 1)]
    before = spoken(BEFORE_WORDS, language)[0]
    lines = [_line(bullet, "=", _order(each.pattern, before), each.feedback) for each in ordering.allowed]
    lines += [_line(bullet, "!", _order(each.pattern, before), each.feedback) for each in ordering.mistakes]
    return ["\n".join(items), "\n".join(lines + _remarks(bullet, ordering.remarks, language=language))]


def _order(order: Precedence, before: str) -> str:
    return f"{order.first + 1} {before} {order.second + 1}"

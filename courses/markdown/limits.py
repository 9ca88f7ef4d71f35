"""How much one file may ask of the parser. Whatever is within these limits is parsed and rendered within seconds.

The size in bytes is checked where bytes are read (E010). Time and memory are limited by whoever starts the process.
"""

import re

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from quizzes.problems import Problem

LARGEST_TEXT = 256 * 1024
MOST_LINES = 10_000
LONGEST_PARAGRAPH = 4_000
MOST_MARKS = 400
MOST_MARKS_IN_FILE = 20_000
MOST_BLOCKS = 30_000

# Signs that may open or close something; the time of a paragraph can grow with the square of their number.
_MARK = re.compile(r"[\[*_`~<\"'&:]")


def too_much(text: str) -> Problem | None:
    """E012 for a text that must not even be parsed: too many lines, or more marks than any text for people holds."""
    lines = text.count("\n") + 1
    marks = len(_MARK.findall(text))
    if lines <= MOST_LINES and marks <= MOST_MARKS_IN_FILE:
        return None
    return _too_long(min(lines, MOST_LINES), lines=lines, marks=marks)


def _too_long(line: int, *, lines: int, marks: int) -> Problem:
    limits = {"limit": MOST_LINES, "most_marks": MOST_MARKS_IN_FILE}
    return Problem("E012", line, parameters={"lines": lines, "marks": marks, **limits})


def enforce_limits(state: StateCore) -> None:
    """Core rule between blocks and phrases: the text of phrases is where parsing can become slow.

    A paragraph with too many signs is cut (E015), what comes after too many blocks is left out (E012), and a block so
    deep that the parser drops its content is reported (E016). All are errors, so nothing shortened is ever published.
    """
    problems = state.env.setdefault("problems", [])
    if len(state.tokens) > MOST_BLOCKS:
        problems.append(_too_many_blocks(state))
        _close_early(state)
    deepest = state.md.options.maxNesting - 1
    line = 1
    for token in state.tokens:
        line = token.map[0] + 1 if token.map else line
        if token.type == "inline":
            _shorten(token, line, problems)
        elif token.nesting == 1 and token.level >= deepest:
            problems.append(Problem("E016", line))


def _shorten(inline: Token, line: int, problems: list[Problem]) -> None:
    """Cut a paragraph that is too long or that holds more marks than a text for people ever needs."""
    text = inline.content
    if len(text) <= MOST_MARKS:
        return
    marks = [found.start() for found in _MARK.finditer(text)]
    if len(text) <= LONGEST_PARAGRAPH and len(marks) <= MOST_MARKS:
        return
    parameters = {"signs": len(text), "limit": LONGEST_PARAGRAPH, "marks": len(marks), "most_marks": MOST_MARKS}
    problems.append(Problem("E015", line, parameters=parameters))
    inline.content = text[: min(LONGEST_PARAGRAPH, marks[MOST_MARKS] if len(marks) > MOST_MARKS else len(text))]


def _too_many_blocks(state: StateCore) -> Problem:
    place = next((token.map[0] for token in reversed(state.tokens[:MOST_BLOCKS]) if token.map), 0)
    return _too_long(place + 1, lines=state.src.count("\n") + 1, marks=len(_MARK.findall(state.src)))


def _close_early(state: StateCore) -> None:
    """Keep whole top-level blocks only, so that every opening token keeps its closing one."""
    end = MOST_BLOCKS
    while end and not _is_between(state.tokens, end):
        end -= 1
    del state.tokens[end:]


def _is_between(tokens: list[Token], index: int) -> bool:
    before = tokens[index - 1]
    return before.level == 0 and before.nesting <= 0

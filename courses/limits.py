"""How much one file may ask of the parser. Whatever is within these limits is parsed and rendered within seconds.

The size in bytes is checked where bytes are read (E010). Time and memory are limited by whoever starts the process.
"""

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from quizzes.problems import Problem

MOST_LINES = 10_000
LONGEST_PARAGRAPH = 4_000
MOST_BLOCKS = 30_000


def too_many_lines(text: str) -> Problem | None:
    """E012 for a text that must not even be parsed."""
    lines = text.count("\n") + 1
    return Problem("E012", MOST_LINES, parameters={"lines": lines, "limit": MOST_LINES}) if lines > MOST_LINES else None


def enforce_limits(state: StateCore) -> None:
    """Core rule between blocks and phrases: the text of phrases is where parsing can become slow.

    A paragraph that is too long is cut (E013), what comes after too many blocks is left out (E012), and a block so deep
    that the parser drops its content is reported (E014). All are errors, so nothing shortened is ever published.
    """
    problems = state.env.setdefault("problems", [])
    if len(state.tokens) > MOST_BLOCKS:
        problems.append(_too_many_blocks(state))
        _close_early(state)
    deepest = state.md.options.maxNesting - 1
    line = 1
    for token in state.tokens:
        line = token.map[0] + 1 if token.map else line
        if token.type == "inline" and len(token.content) > LONGEST_PARAGRAPH:
            problems.append(Problem("E013", line, parameters={"signs": len(token.content), "limit": LONGEST_PARAGRAPH}))
            token.content = token.content[:LONGEST_PARAGRAPH]
        elif token.nesting == 1 and token.level >= deepest:
            problems.append(Problem("E014", line))


def _too_many_blocks(state: StateCore) -> Problem:
    place = next((token.map[0] for token in reversed(state.tokens[:MOST_BLOCKS]) if token.map), 0)
    return Problem("E012", place + 1, parameters={"lines": state.src.count("\n") + 1, "limit": MOST_LINES})


def _close_early(state: StateCore) -> None:
    """Keep whole top-level blocks only, so that every opening token keeps its closing one."""
    end = MOST_BLOCKS
    while end and not _is_between(state.tokens, end):
        end -= 1
    del state.tokens[end:]


def _is_between(tokens: list[Token], index: int) -> bool:
    before = tokens[index - 1]
    return before.level == 0 and before.nesting <= 0

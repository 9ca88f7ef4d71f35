"""What a quote is called: the bold label at its beginning, and what a box of that name does.

A named box is a quote whose first paragraph begins with bold text that ends in a colon.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from markdown_it.token import Token

from courses.markdown.plain_text import end_of, plain_text


class BoxKind(StrEnum):
    """What a named box does on the page; every other label only names it."""

    NAMED = "named"
    RECALL = "recall"
    SOLUTION = "solution"


@dataclass(frozen=True, slots=True)
class Label:
    """The label of a box without its colon, and what follows it in its paragraph."""

    text: str
    kind: BoxKind
    rest: tuple[Token, ...]


_KINDS = {
    "ohne zurückblättern": BoxKind.RECALL,
    "ohne zurückzublättern": BoxKind.RECALL,
    "without looking back": BoxKind.RECALL,
    "mögliche lösung": BoxKind.SOLUTION,
    "mögliche lösungen": BoxKind.SOLUTION,
    "mögliche antwort": BoxKind.SOLUTION,
    "possible solution": BoxKind.SOLUTION,
    "possible answer": BoxKind.SOLUTION,
}

_BLANKS = frozenset({"text", "softbreak", "hardbreak"})


def label_of(tokens: Sequence[Token], start: int) -> Label | None:
    """The label of the quote that opens at `start`; None when it is a plain quote."""
    if start + 2 >= len(tokens) or tokens[start + 1].type != "paragraph_open":
        return None
    children = tokens[start + 2].children or []
    first = next((i for i, child in enumerate(children) if child.type != "text" or child.content.strip()), None)
    if first is None or children[first].type != "strong_open":
        return None
    close = end_of(children, first)
    text = plain_text(children[first + 1 : close])
    if not text.endswith(":") or not text[:-1].strip():
        return None
    name = text[:-1].strip()
    kind = _KINDS.get(" ".join(name.casefold().split()), BoxKind.NAMED)
    return Label(name, kind, _without_lead(children[close + 1 :]))


def _without_lead(children: Sequence[Token]) -> tuple[Token, ...]:
    """The tokens after a label without the white space that parted them from it."""
    rest = list(children)
    while rest and rest[0].type in _BLANKS and not rest[0].content.strip():
        del rest[0]
    if rest and rest[0].type == "text" and rest[0].content[0].isspace():
        rest[0] = rest[0].copy(content=rest[0].content.lstrip())
    return tuple(rest)

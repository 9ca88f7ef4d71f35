"""What the parts of a module are for: sections by their headings, named boxes by their bold label.

Works on the tokens of the one parse and on nothing else; it neither judges (`courses.check`) nor draws
(`courses.rendering.render`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import assert_never

from markdown_it.token import Token

from courses.markdown.labels import BoxKind, Label, label_of
from courses.markdown.plain_text import plain_text
from courses.markdown.sections import SectionRole, role_of


class BoxRole(StrEnum):
    """What a named box is for; `OTHER` is any label that has no meaning of its own."""

    CASE = "case"
    EXAMPLE = "example"
    MISTAKE = "mistake"
    TRANSFER = "transfer"
    LEGAL = "legal"
    PLAN = "plan"
    RECALL = "recall"
    SOLUTION = "solution"
    OTHER = "other"


_NAMED = {
    "fall": BoxRole.CASE,
    "case": BoxRole.CASE,
    "beispiel": BoxRole.EXAMPLE,
    "praxisbeispiel": BoxRole.EXAMPLE,
    "example": BoxRole.EXAMPLE,
    "häufiger fehler": BoxRole.MISTAKE,
    "common mistake": BoxRole.MISTAKE,
    "transferaufgabe": BoxRole.TRANSFER,
    "transfer task": BoxRole.TRANSFER,
    "rechtsgrundlage": BoxRole.LEGAL,
    "legal basis": BoxRole.LEGAL,
    "wenn-dann-plan": BoxRole.PLAN,
    "ihr wenn-dann-plan": BoxRole.PLAN,
    "if-then plan": BoxRole.PLAN,
    "your if-then plan": BoxRole.PLAN,
}


@dataclass(frozen=True, slots=True)
class Section:
    """A top section of a module. `tokens` are its body, deeper headings and questions included; `line` its heading's.

    `role` is None for the opening, the text before the first heading.
    """

    role: SectionRole | None
    title: str
    line: int
    tokens: tuple[Token, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """A named box: a quote that begins with a bold label and a colon. `label` comes without its colon."""

    role: BoxRole
    label: str
    line: int


def sections(tokens: Sequence[Token]) -> tuple[Section, ...]:
    """The top sections in their order. A heading of level 1 or 2 opens one; a question never does.

    The opening is left out when nothing stands before the first heading.
    """
    starts = [
        index
        for index, token in enumerate(tokens)
        if token.type == "heading_open" and token.level == 0 and token.tag in ("h1", "h2")
    ]
    found: list[Section] = []
    opening = tuple(tokens[: starts[0]] if starts else tokens)
    if opening:
        found.append(Section(None, "", _line(opening[0]), opening))
    for start, end in pairwise([*starts, len(tokens)]):
        title = plain_text(tokens[start + 1].children or ())
        found.append(
            Section(
                role_of(title),
                title,
                _line(tokens[start]),
                tuple(tokens[start + 3 : end]),
            )
        )
    return tuple(found)


def boxes(tokens: Sequence[Token]) -> Iterator[Box]:
    """The named boxes in their order, those inside lists and other quotes included."""
    for index, token in enumerate(tokens):
        label = label_of(tokens, index) if token.type == "blockquote_open" else None
        if label is not None:
            yield Box(_role(label), label.text, _line(token))


def _role(label: Label) -> BoxRole:
    match label.kind:
        case BoxKind.RECALL:
            return BoxRole.RECALL
        case BoxKind.SOLUTION:
            return BoxRole.SOLUTION
        case BoxKind.NAMED:
            return _NAMED.get(" ".join(label.text.casefold().split()), BoxRole.OTHER)
        case _:
            assert_never(label.kind)


def _line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 1

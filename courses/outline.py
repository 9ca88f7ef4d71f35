"""What the parts of a module are for: sections by their headings, named boxes by their bold label.

Works on the tokens of the one parse and on nothing else; it neither judges (`courses.check`) nor draws
(`courses.render`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from markdown_it.token import Token

from courses.sections import SectionRole, role_of


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


_BOXES: tuple[tuple[str, BoxRole], ...] = (
    ("fall", BoxRole.CASE),
    ("case", BoxRole.CASE),
    ("beispiel", BoxRole.EXAMPLE),
    ("praxisbeispiel", BoxRole.EXAMPLE),
    ("example", BoxRole.EXAMPLE),
    ("häufiger fehler", BoxRole.MISTAKE),
    ("common mistake", BoxRole.MISTAKE),
    ("transferaufgabe", BoxRole.TRANSFER),
    ("transfer task", BoxRole.TRANSFER),
    ("rechtsgrundlage", BoxRole.LEGAL),
    ("legal basis", BoxRole.LEGAL),
    ("wenn-dann-plan", BoxRole.PLAN),
    ("ihr wenn-dann-plan", BoxRole.PLAN),
    ("if-then plan", BoxRole.PLAN),
    ("your if-then plan", BoxRole.PLAN),
    ("ohne zurückblättern", BoxRole.RECALL),
    ("without looking back", BoxRole.RECALL),
    ("mögliche lösung", BoxRole.SOLUTION),
    ("possible solution", BoxRole.SOLUTION),
)


_ROLE_OF_BOX = dict(_BOXES)


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
    """A named box: a quote that begins with a bold label and a colon. `tokens` are the quote's inside."""

    role: BoxRole
    label: str
    line: int
    tokens: tuple[Token, ...]


def role_of_box(label: str) -> BoxRole:
    """What the label of a named box (with or without its colon) announces."""
    return _ROLE_OF_BOX.get(" ".join(label.casefold().split()).removesuffix(":").rstrip(), BoxRole.OTHER)


def heading_text(inline: Token) -> str:
    """The words of a heading without marks, as a reader sees them."""
    return "".join(child.content for child in inline.children or () if child.type in ("text", "code_inline")).strip()


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
    for start, end in zip(starts, [*starts[1:], len(tokens)], strict=True):
        title = heading_text(tokens[start + 1])
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
        if token.type != "blockquote_open":
            continue
        label = _label(tokens, index + 1)
        if label:
            end = _closing(tokens, index)
            yield Box(
                role_of_box(label),
                label.removesuffix(":").rstrip(),
                _line(token),
                tuple(tokens[index + 1 : end]),
            )


def _label(tokens: Sequence[Token], index: int) -> str:
    """The bold beginning of the paragraph at `index` if it ends with a colon."""
    if index + 1 >= len(tokens) or tokens[index].type != "paragraph_open":
        return ""
    children = [child for child in tokens[index + 1].children or () if child.type != "text" or child.content.strip()]
    if not children or children[0].type != "strong_open":
        return ""
    words: list[str] = []
    for child in children[1:]:
        if child.type == "strong_close":
            label = "".join(words).strip()
            return label if label.endswith(":") else ""
        words.append(child.content)
    return ""


def _closing(tokens: Sequence[Token], opening: int) -> int:
    """The position of the token that closes the one at `opening`."""
    level = tokens[opening].level
    return next(
        (i for i in range(opening + 1, len(tokens)) if tokens[i].nesting == -1 and tokens[i].level == level),
        len(tokens),
    )


def _line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 1

"""Names of places inside a module: what authors write as `{#id}`, and the ids that the page carries for it.

Ids in a page have a prefix for what they name, so that no text of an author can clash with the frame around it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from slugify import slugify

from courses.markdown.plain_text import plain_text

ANCHOR_LEVELS = frozenset({"h1", "h2", "h3", "h4"})
LONGEST_ANCHOR = 60

_WRITTEN_ANCHOR = re.compile(r"[ \t]*\{#([a-z0-9][a-z0-9-]{0,59})\}[ \t]*$")
_GERMAN = (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("Ä", "ae"), ("Ö", "oe"), ("Ü", "ue"), ("ß", "ss"))


def section_id(anchor: str) -> str:
    """The id in the page of the section that authors call `anchor`."""
    return f"abschnitt-{anchor}"


def question_id(question: str) -> str:
    """The id in the page of the question with the id `question`."""
    return f"frage-{question}"


def automatic_anchor(title: str) -> str:
    """The anchor of a heading that names none: its words in lower case, umlauts as two letters, joined by hyphens."""
    return slugify(title, replacements=_GERMAN, max_length=LONGEST_ANCHOR, word_boundary=True) or "abschnitt"


@dataclass(slots=True)
class AnchorNames:
    """Gives out anchors so that none appears twice in one document: the second `ziel` becomes `ziel-2`."""

    taken: set[str] = field(default_factory=set)
    numbers: dict[str, int] = field(default_factory=dict)

    def free(self, wanted: str) -> str:
        """`wanted`, or the next free name made from it."""
        name = wanted
        while name in self.taken:
            # Counting on from the last number keeps a hundred thousand equal headings linear.
            self.numbers[wanted] = self.numbers.get(wanted, 1) + 1
            name = f"{wanted}-{self.numbers[wanted]}"
        self.taken.add(name)
        return name


def name_headings(state: StateCore) -> None:
    """Core rule: leaves `meta["anchor"]` and `meta["title"]` at the headings of levels 1 to 4.

    A written `{#id}` is taken out of the heading. It runs after the questions are cut out, so theirs are left alone.
    """
    names = AnchorNames()
    headings = [
        (heading, inline)
        for heading, inline in zip(state.tokens, state.tokens[1:], strict=False)
        if heading.type == "heading_open" and heading.tag in ANCHOR_LEVELS and "pool" not in heading.meta
    ]
    written = [(heading, inline, _take_written_anchor(inline)) for heading, inline in headings]
    # Written anchors come first: an automatic one never pushes them aside.
    for heading, _inline, anchor in written:
        if anchor:
            heading.meta["anchor"] = names.free(anchor)
            heading.meta["written_anchor"] = anchor
    for heading, inline, anchor in written:
        heading.meta["title"] = plain_text(inline.children or ())
        if not anchor:
            heading.meta["anchor"] = names.free(automatic_anchor(heading.meta["title"]))


def anchors_of(tokens: Iterable[Token]) -> list[tuple[str, int]]:
    """All anchors of a document with their lines (from 1)."""
    return [
        (str(token.meta["anchor"]), token.map[0] + 1)
        for token in tokens
        if token.type == "heading_open" and "anchor" in token.meta and token.map
    ]


def _take_written_anchor(inline: Token) -> str:
    """Cut `{#id}` from the end of a heading and return the id; empty when there is none."""
    children = inline.children or []
    if not children or children[-1].type != "text":
        return ""
    match = _WRITTEN_ANCHOR.search(children[-1].content)
    if match is None:
        return ""
    children[-1].content = children[-1].content[: match.start()]
    return match.group(1)

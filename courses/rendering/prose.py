"""Walks tokens and writes HTML, one rule a construct; the constructs themselves live in modules of their own.

Known here: the plain blocks and phrases of CommonMark. What stands between runs of HTML (questions, local entries,
gaps) is noted as a cut, so that a page can be sanitised as a whole and taken apart afterwards.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from markdown_it.token import Token

from courses.markdown.plain_text import end_of
from courses.rendering.escape import escape_attribute, escape_text
from courses.rendering.glossary import Marking
from courses.rendering.links import Links
from courses.rendering.phrases import Phrases

BlockRule: TypeAlias = Callable[["Prose", Sequence[Token], int], int]
PhraseRule: TypeAlias = Callable[["Prose", Token], None]
# A paragraph that is more than a paragraph: the index behind it, or None when the rule does not apply.
ParagraphRule: TypeAlias = Callable[["Prose", Sequence[Token], int], int | None]


@dataclass(frozen=True, slots=True)
class Rules:
    """How each kind of token is written."""

    blocks: Mapping[str, BlockRule]
    phrases: Mapping[str, PhraseRule]
    paragraphs: Sequence[ParagraphRule]


@dataclass(slots=True)
class FootnoteUse:
    """A footnote that the page refers to: its number and how often."""

    number: int
    references: int = 0


@dataclass(slots=True)
class Page:
    """What all constructs of one page share: its words, its links, and the ids given out so far."""

    language: str
    phrases: Phrases
    links: Links
    rules: "Rules"
    marking: Marking
    footnotes: dict[int, FootnoteUse] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def next_id(self, prefix: str) -> str:
        """An id that nothing else on the page has: `abruf-1`, `abruf-2` and so on."""
        self.counts[prefix] = self.counts.get(prefix, 0) + 1
        return f"{prefix}-{self.counts[prefix]}"


@dataclass(frozen=True, slots=True)
class Cut:
    """A place where something that is not HTML stands; `content` is whatever the caller put there."""

    content: object


@dataclass(slots=True)
class Prose:
    """The HTML of a run of tokens, in the making.

    `is_plain` keeps glossary terms out of headings, labels and links. `is_question` keeps out what would print an
    answer elsewhere on the page. `line` is the line (from 1) of the block being written.
    """

    page: Page
    parts: list[str | Cut] = field(default_factory=list)
    is_plain: bool = False
    is_question: bool = False
    line: int = 0
    link_endings: list[str] = field(default_factory=list)

    def html(self, html: str) -> None:
        """Add finished HTML."""
        self.parts.append(html)

    def cut(self, content: object) -> None:
        """Note that `content` stands here."""
        self.parts.append(Cut(content))

    def blocks(self, tokens: Sequence[Token]) -> None:
        """Write block tokens."""
        index = 0
        while index < len(tokens):
            index = self.block(tokens, index)

    def block(self, tokens: Sequence[Token], index: int) -> int:
        """Write the block that opens at `index`; the index behind it."""
        place = tokens[index].map
        if place:
            self.line = place[0] + 1
        rule = self.page.rules.blocks.get(tokens[index].type)
        return index + 1 if rule is None else rule(self, tokens, index)

    def phrases(self, children: Sequence[Token]) -> None:
        """Write inline tokens."""
        rules = self.page.rules.phrases
        parts = self.parts
        for token in children:
            rule = rules.get(token.type)
            if rule is None:
                parts.append(escape_text(token.content))
            else:
                rule(self, token)

    def plain_phrases(self, children: Sequence[Token]) -> None:
        """Write inline tokens for a heading or a label, where no glossary term may open."""
        before, self.is_plain = self.is_plain, True
        self.phrases(children)
        self.is_plain = before


def _paragraph(prose: Prose, tokens: Sequence[Token], start: int) -> int:
    inline = tokens[start + 1]
    if not tokens[start].hidden:
        for paragraph_rule in prose.page.rules.paragraphs:
            end = paragraph_rule(prose, tokens, start)
            if end is not None:
                return end
    if tokens[start].hidden:
        prose.phrases(inline.children or ())
        # A tight item goes on with a nested list; without a break their words would touch.
        if start + 3 < len(tokens):
            prose.html("\n")
    else:
        prose.html("<p>")
        prose.phrases(inline.children or ())
        prose.html("</p>\n")
    return start + 3


def _container(opening: str, closing: str) -> BlockRule:
    """A rule for a block that needs no more than its tags."""

    def rule(prose: Prose, tokens: Sequence[Token], start: int) -> int:
        end = end_of(tokens, start)
        prose.html(opening)
        prose.blocks(tokens[start + 1 : end])
        prose.html(closing)
        return end + 1

    return rule


def _ordered_list(prose: Prose, tokens: Sequence[Token], start: int) -> int:
    first = tokens[start].attrs.get("start")
    opening = "<ol>" if first is None else f'<ol start="{int(first)}">'
    return _container(opening, "</ol>\n")(prose, tokens, start)


def _heading(prose: Prose, tokens: Sequence[Token], start: int) -> int:
    """A heading inside something else (a quote, a list); those of the page itself are written by its rendering."""
    tag = tokens[start].tag if tokens[start].tag != "h1" else "h2"
    prose.html(f"<{tag}>")
    prose.plain_phrases(tokens[start + 1].children or ())
    prose.html(f"</{tag}>\n")
    return start + 3


def _code(prose: Prose, tokens: Sequence[Token], start: int) -> int:
    # Long lines scroll inside the block, so the keyboard must reach it; a landmark for each would be too many.
    prose.html(f'<pre tabindex="0"><code>{escape_text(tokens[start].content)}</code></pre>\n')
    return start + 1


def _rule_line(prose: Prose, _tokens: Sequence[Token], start: int) -> int:
    prose.html("<hr>\n")
    return start + 1


def _tag(html: str) -> PhraseRule:
    """A rule for a phrase that is nothing but its tag."""

    def rule(prose: Prose, _token: Token) -> None:
        prose.parts.append(html)

    return rule


def _line_break(html: str) -> PhraseRule:
    """A rule for the end of a source line inside a paragraph."""

    def rule(prose: Prose, _token: Token) -> None:
        prose.line += 1
        prose.parts.append(html)

    return rule


def _text(prose: Prose, token: Token) -> None:
    if prose.is_plain or prose.is_question or prose.link_endings:
        prose.parts.append(escape_text(token.content))
    else:
        prose.parts.append(prose.page.marking.marked(token.content))


def _term(prose: Prose, tokens: Sequence[Token], start: int) -> int:
    prose.html("<dt>")
    prose.plain_phrases(tokens[start + 1].children or ())
    prose.html("</dt>\n")
    return start + 3


def _code_phrase(prose: Prose, token: Token) -> None:
    prose.parts.append(f"<code>{escape_text(token.content)}</code>")


def _link_open(prose: Prose, token: Token) -> None:
    """A link; one that leads nowhere leaves its words, one that leads outside says so for the ear."""
    target = prose.page.links.target(str(token.attrs.get("href", "")))
    if not target.address:
        prose.link_endings.append("")
        return
    if target.is_external:
        opening = f'<a class="external" href="{escape_attribute(target.address)}" rel="noopener noreferrer">'
        ending = f'<span class="for-ear"> {escape_text(prose.page.phrases.external)}</span></a>'
    else:
        opening, ending = f'<a href="{escape_attribute(target.address)}">', "</a>"
    prose.parts.append(opening)
    prose.link_endings.append(ending)


def _link_close(prose: Prose, _token: Token) -> None:
    prose.parts.append(prose.link_endings.pop())


BLOCK_RULES: dict[str, BlockRule] = {
    "paragraph_open": _paragraph,
    "bullet_list_open": _container("<ul>", "</ul>\n"),
    "ordered_list_open": _ordered_list,
    "list_item_open": _container("<li>", "</li>\n"),
    "heading_open": _heading,
    "fence": _code,
    "code_block": _code,
    "hr": _rule_line,
    "dl_open": _container("<dl>", "</dl>\n"),
    "dt_open": _term,
    "dd_open": _container("<dd>", "</dd>\n"),
}

PHRASE_RULES: dict[str, PhraseRule] = {
    "text": _text,
    "softbreak": _line_break("\n"),
    "hardbreak": _line_break("<br>\n"),
    "em_open": _tag("<em>"),
    "em_close": _tag("</em>"),
    "strong_open": _tag("<strong>"),
    "strong_close": _tag("</strong>"),
    "s_open": _tag("<s>"),
    "s_close": _tag("</s>"),
    "code_inline": _code_phrase,
    "link_open": _link_open,
    "link_close": _link_close,
}

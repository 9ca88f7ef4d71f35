"""Block tokens of a question grouped into blocks and list items. Structure only: what they mean is decided above."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

from quizzes.passages import Page, as_paragraph, as_quoted, item_lines, passage, quote_lines, trimmed
from quizzes.questions import Passage
from quizzes.signs import Sign, read_sign


@dataclass(frozen=True, slots=True)
class Block:
    """One block with everything in it. `first` and `end` are lines from 0, end excluded."""

    tokens: Sequence[Token]
    first: int
    end: int

    @property
    def type(self) -> str:
        """The type of its opening token."""
        return self.tokens[0].type

    @property
    def content(self) -> Sequence[Token]:
        """The tokens between the opening and the closing one."""
        return self.tokens[1:-1]

    @property
    def is_writing_line(self) -> bool:
        """True for `___`, the field for free text."""
        return self.type == "hr" and self.tokens[0].markup.startswith("_")

    @property
    def is_hint(self) -> bool:
        """True for `> [!TIP]`."""
        return self.type == "alert_open" and self.tokens[0].meta.get("kind") == "TIP"


def split_blocks(tokens: Sequence[Token]) -> Iterator[Block]:
    """The blocks of one level, in order."""
    start = depth = 0
    for position, token in enumerate(tokens):
        depth += token.nesting
        if depth == 0:
            block = tokens[start : position + 1]
            first, end = block[0].map or (0, 0)
            yield Block(block, first, end)
            start = position + 1


def source_of(page: Page, block: Block) -> str:
    """The lines of a top-level block as they stand."""
    return trimmed(page.lines[block.first : block.end])


def quote_passage(page: Page, block: Block) -> Passage:
    """The inside of a top-level quote."""
    source = as_quoted(trimmed(quote_lines(page.lines[block.first : block.end])))
    return passage(source, block.content, line=page.number(block.first), column=page.column(block.first, ">"))


def alert_passage(page: Page, block: Block) -> Passage:
    """The inside of a top-level alert, without its marker line and title."""
    source = as_quoted(trimmed(quote_lines(page.lines[block.first : block.end])[1:]))
    return passage(source, block.content[3:], line=page.number(block.first), column=page.column(block.first, ">"))


def joined(*passages: Passage | None) -> Passage | None:
    """Several passages as one, a blank line between them; None when nothing is written in any."""
    present = [each for each in passages if each is not None and each.source]
    if not present:
        return None
    tokens = tuple(token for each in present for token in each.tokens)
    source = "\n\n".join(each.source for each in present)
    return passage(source, tokens, line=present[0].line, column=present[0].column)


@dataclass(slots=True)
class Item:
    """One item of a top-level list.

    `text` is what stands behind the sign, without feedback. `key` is the same as raw text on one line, escapes not
    yet resolved. `inline` is the first paragraph's token, whose children may hold an arrow. `extra` are the blocks
    after it and `rest` their source.
    """

    line: int
    sign: Sign | None
    text: Passage
    key: str
    inline: Token | None
    extra: tuple[Block, ...] = ()
    rest: str = ""
    feedback: Passage | None = None
    feedback_blocks: list[Block] = field(default_factory=list)

    @property
    def arrow(self) -> int | None:
        """The position among the first paragraph's tokens of the first arrow outside any emphasis or link."""
        depth = 0
        for position, token in enumerate(self.inline.children or ()) if self.inline else ():
            if token.type == "arrow" and depth == 0:
                return position
            depth += token.nesting
        return None


def read_item(page: Page, block: Block) -> Item:
    """Take a list item apart."""
    opening = block.tokens[0]
    blocks = list(split_blocks(block.content))
    feedback_blocks = [each for each in blocks if each.type == "blockquote_open"]
    text_blocks = [each for each in blocks if each.type != "blockquote_open"]
    lines = item_lines(page.lines[block.first : block.end])
    sign = _sign(opening)
    has_paragraph = bool(blocks) and blocks[0].type == "paragraph_open"
    inline = blocks[0].tokens[1] if has_paragraph else None
    tokens = [token for each in text_blocks for token in each.tokens]
    if inline is not None and not inline.content:
        tokens = tokens[3:]
    source = _text_source(lines, sign=sign, first=block.first, feedback=feedback_blocks)
    paragraph_lines = inline.content.count("\n") + 1 if inline is not None and inline.content else 0
    rest = trimmed(source.split("\n")[paragraph_lines:])
    if sign is not None and paragraph_lines:
        source = as_paragraph(source.lstrip(" \t"))
    text = passage(source, tokens, line=page.number(block.first), column=_column(page, block.first))
    return Item(
        block.first,
        sign,
        text,
        " ".join(inline.content.split()) if inline is not None else "",
        inline,
        tuple(text_blocks[1:] if has_paragraph else text_blocks),
        rest,
        joined(*(_inner_quote(page, each, lines=lines, first=block.first) for each in feedback_blocks)),
        feedback_blocks,
    )


def _column(page: Page, line: int) -> int:
    text = page.lines[line]
    return len(text) - len(text.lstrip(" \t")) + 1


def _sign(opening: Token) -> Sign | None:
    if "checked" in opening.meta:
        return Sign.BOX_RIGHT if opening.meta["checked"] else Sign.BOX
    sign = opening.meta.get("sign")
    return sign if isinstance(sign, Sign) else None


def _text_source(lines: list[str], *, sign: Sign | None, first: int, feedback: Sequence[Block]) -> str:
    """The lines of an item without sign and feedback."""
    own = list(lines)
    found = read_sign(own[0]) if sign is not None else None
    if found is not None:
        own[0] = own[0][found[1] :]
    runs: list[str] = []
    start = 0
    for block in feedback:
        runs.append(trimmed(own[start : block.first - first]))
        start = block.end - first
    runs.append(trimmed(own[start:]))
    return "\n\n".join(run for run in runs if run)


def _inner_quote(page: Page, block: Block, *, lines: list[str], first: int) -> Passage:
    source = as_quoted(trimmed(quote_lines(lines[block.first - first : block.end - first])))
    column = page.column(block.first, ">")
    return passage(source, block.content, line=page.number(block.first), column=column)

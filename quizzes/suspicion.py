"""What looks like an answer but would silently become text: E320, and signs in the wrong place: E324, E326."""

from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from quizzes.blocks import Block, split_blocks
from quizzes.passages import Page, shortened
from quizzes.signs import (
    FAMILY_OF,
    Family,
    Sign,
    is_near_bare_line,
    is_near_line,
    is_near_mistake,
    is_near_pair,
    is_near_sign,
    read_sign,
)

_LISTS = frozenset({"bullet_list_open", "ordered_list_open"})


def report_near_misses(page: Page, blocks: Sequence[Block]) -> bool:
    """Report everything in a question that looks like an answer line but is text; True if there is something."""
    before = len(page.problems)
    for block in blocks:
        if block.type in _LISTS:
            _report_in_list(page, block)
        elif block.type == "paragraph_open":
            for line, text in _lines(block.tokens):
                if is_near_line(text) or is_near_bare_line(text):
                    _report(page, line, text)
        elif block.type in {"blockquote_open", "alert_open"}:
            _report_lazy_lines(page, block.tokens)
    return len(page.problems) > before


def _report(page: Page, line: int, text: str) -> None:
    text = text.strip(" \t")
    page.report("E320", line, column=page.column(line, text), parameters={"text": shortened(text)})


def _report_in_list(page: Page, block: Block) -> None:
    items = list(split_blocks(block.content))
    signs = [_sign_of(item) for item in items]
    has_typed = any(sign is not None and FAMILY_OF[sign] is Family.TYPED for sign in signs)
    # Pairs are bullets; an arrow in a numbered list is text.
    may_pair = block.type == "bullet_list_open"
    has_pair = any(_has_arrow(item) for item in items)
    for item, sign in zip(items, signs, strict=True):
        inline = _first_inline(item)
        if inline is None:
            continue
        is_near = is_near_sign(inline.content) or (has_typed and is_near_mistake(inline.content))
        is_broken_pair = is_near_pair(inline.content) and not _has_arrow(item) and (has_pair or None not in signs)
        is_broken_pair = is_broken_pair or (is_near_pair(inline.content) and _are_all_near_pairs(items))
        if sign is None and (is_near or (may_pair and is_broken_pair)):
            _report(page, item.first, inline.content.partition("\n")[0])
        _report_lazy_lines(page, item.tokens)


def _are_all_near_pairs(items: Sequence[Block]) -> bool:
    """True when every item of a list looks like a pair, so that the whole list was meant as one."""
    inlines = [_first_inline(item) for item in items]
    return len(items) > 1 and all(inline is not None and is_near_pair(inline.content) for inline in inlines)


def _report_lazy_lines(page: Page, tokens: Sequence[Token]) -> None:
    """Answer lines that were swallowed by the paragraph above them."""
    for line, text in _lines(tokens, skipped=1):
        if is_near_line(text):
            _report(page, line, text)


def _lines(tokens: Sequence[Token], *, skipped: int = 0) -> Iterator[tuple[int, str]]:
    """Line and text of each line of each paragraph, without the first `skipped` ones."""
    for token in tokens:
        if token.type == "inline" and token.map is not None:
            for offset, text in enumerate(token.content.split("\n")):
                if offset >= skipped:
                    yield token.map[0] + offset, text


def _first_inline(item: Block) -> Token | None:
    tokens = item.content
    return tokens[1] if len(tokens) > 1 and tokens[0].type == "paragraph_open" else None


def _sign_of(item: Block) -> Sign | None:
    opening = item.tokens[0]
    if "checked" in opening.meta:
        return Sign.BOX
    sign = opening.meta.get("sign")
    return sign if isinstance(sign, Sign) else None


def _has_arrow(item: Block) -> bool:
    inline = _first_inline(item)
    return inline is not None and any(child.type == "arrow" for child in inline.children or ())


def report_nested_signs(page: Page, blocks: Sequence[Block]) -> bool:
    """Report answer signs in lists inside the items of a list; True if there are some."""
    before = len(page.problems)
    for block in blocks:
        if block.type in _LISTS:
            for item in split_blocks(block.content):
                for line, sign in signs_in(item.content):
                    page.report("E326", line, column=page.column(line, sign), parameters={"sign": sign})
    return len(page.problems) > before


def signs_in(tokens: Sequence[Token]) -> Iterator[tuple[int, str]]:
    """Lines and signs of all list items that begin with an answer sign, quotes left out. Signs not yet cut off."""
    quotes = 0
    for position, token in enumerate(tokens):
        if token.type in {"blockquote_open", "blockquote_close"}:
            quotes += token.nesting
        if quotes or token.type != "list_item_open" or token.map is None:
            continue
        if "checked" in token.meta:
            yield token.map[0], (Sign.BOX_RIGHT if token.meta["checked"] else Sign.BOX).value
        elif position + 2 < len(tokens) and tokens[position + 1].type == "paragraph_open":
            found = read_sign(tokens[position + 2].content)
            if found is not None:
                yield token.map[0], found[0].value


def report_signs_in_prose(page: Page, block: Block) -> None:
    """Report a list with answers outside any question. Lists of only `[ ]` and `[x]` are checklists."""
    found = list(signs_in(block.tokens))
    if any(sign not in {Sign.BOX.value, Sign.BOX_RIGHT.value} for _, sign in found):
        line, sign = found[0]
        page.report("E324", line, column=page.column(line, sign), parameters={"sign": sign})

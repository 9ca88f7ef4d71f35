"""Tables that can be read on a phone and by ear: heads with scope, a label at every cell, a caption, room to scroll."""

import re
from collections.abc import Sequence

from markdown_it.token import Token

from courses.markdown.plain_text import end_of, plain_text
from courses.rendering.escape import escape_attribute
from courses.rendering.prose import BlockRule, ParagraphRule, Prose

# From this many columns on, a table gets a region of its own that scrolls.
WIDE = 5

_CAPTION = re.compile(r"\s*(?:Tabelle|Table):\s*", re.IGNORECASE)
_CLASSES = {"text-align:right": "num", "text-align:center": "center"}


def caption_at(tokens: Sequence[Token], start: int) -> Token | None:
    """The inline token of the paragraph at `start` when it is written as a table's caption."""
    if start + 2 >= len(tokens) or tokens[start].type != "paragraph_open":
        return None
    inline = tokens[start + 1]
    return inline if _CAPTION.match(inline.content) else None


def _caption_before(prose: Prose, tokens: Sequence[Token], start: int) -> int | None:
    caption = caption_at(tokens, start)
    if caption is None or start + 3 >= len(tokens) or tokens[start + 3].type != "table_open":
        return None
    _write(prose, tokens, start + 3, caption=caption)
    return end_of(tokens, start + 3) + 1


def _table(prose: Prose, tokens: Sequence[Token], start: int) -> int:
    end = end_of(tokens, start)
    caption = caption_at(tokens, end + 1)
    # Between two tables a caption belongs to the one that follows.
    if caption is not None and end + 4 < len(tokens) and tokens[end + 4].type == "table_open":
        caption = None
    _write(prose, tokens, start, caption=caption)
    return end + 1 if caption is None else end + 4


def _write(prose: Prose, tokens: Sequence[Token], start: int, *, caption: Token | None) -> None:
    rows = _rows(tokens[start : end_of(tokens, start)])
    labels = [plain_text(inline.children or ()) for _, inline in rows[0]]
    is_wide = len(labels) >= WIDE
    name = prose.page.next_id("tabelle") if is_wide and caption is not None else ""
    if is_wide:
        told = f'aria-labelledby="{name}"' if name else f'aria-label="{escape_attribute(_spoken(prose, labels))}"'
        prose.html(f'<div class="table-region" tabindex="0" role="region" {told}>')
    prose.html('<table class="table">')
    if caption is not None:
        prose.html(f'<caption id="{name}">' if name else "<caption>")
        prose.phrases(_without_keyword(caption))
        prose.html("</caption>")
    _head(prose, rows[0])
    if len(rows) > 1:
        prose.html("<tbody>")
        for row in rows[1:]:
            _row(prose, row, labels=labels)
        prose.html("</tbody>")
    prose.html("</table></div>\n" if is_wide else "</table>\n")


def _rows(tokens: Sequence[Token]) -> list[list[tuple[Token, Token]]]:
    """Rows of cells; a cell is its opening token and its inline token."""
    rows: list[list[tuple[Token, Token]]] = []
    for index, token in enumerate(tokens):
        if token.type == "tr_open":
            rows.append([])
        elif token.type in ("th_open", "td_open"):
            rows[-1].append((token, tokens[index + 1]))
    return rows


def _head(prose: Prose, cells: Sequence[tuple[Token, Token]]) -> None:
    prose.html("<thead><tr>")
    for cell, inline in cells:
        # An empty head would be announced as a heading without a name.
        tag, scope = ("th", ' scope="col"') if inline.content.strip() else ("td", "")
        prose.html(f"<{tag}{scope}{_alignment(cell)}>")
        prose.plain_phrases(inline.children or ())
        prose.html(f"</{tag}>")
    prose.html("</tr></thead>")


def _row(prose: Prose, cells: Sequence[tuple[Token, Token]], *, labels: Sequence[str]) -> None:
    prose.html("<tr>")
    for column, (cell, inline) in enumerate(cells):
        if column == 0 and len(cells) > 1 and inline.content.strip():
            prose.html(f'<th scope="row"{_alignment(cell)}>')
            closing = "</th>"
        else:
            prose.html(f'<td data-label="{escape_attribute(labels[column])}"{_alignment(cell)}>')
            closing = "</td>"
        prose.phrases(inline.children or ())
        prose.html(closing)
    prose.html("</tr>")


def _alignment(cell: Token) -> str:
    name = _CLASSES.get(str(cell.attrs.get("style", "")))
    return f' class="{name}"' if name else ""


def _spoken(prose: Prose, labels: Sequence[str]) -> str:
    return f"{prose.page.phrases.table}: {', '.join(label for label in labels if label)}"


def _without_keyword(caption: Token) -> list[Token]:
    """The caption's tokens without the word `Tabelle:` in front."""
    first, *others = caption.children or [Token("text", "", 0)]
    return [first.copy(content=_CAPTION.sub("", first.content, count=1)), *others]


RULES: dict[str, BlockRule] = {"table_open": _table}
PARAGRAPH_RULES: tuple[ParagraphRule, ...] = (_caption_before,)

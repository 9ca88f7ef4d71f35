"""Quotes that mean more than a quotation: named boxes, recall boxes, folded solutions; and the callouts.

A named box is a quote whose first paragraph begins with bold text that ends in a colon.
"""

from collections.abc import Sequence

from markdown_it.token import Token

from courses.markdown.labels import BoxKind, Label, label_of
from courses.markdown.plain_text import end_of
from courses.rendering.escape import escape_text
from courses.rendering.phrases import Callout
from courses.rendering.prose import BlockRule, Prose

_CALLOUTS = {
    Callout.NOTE: ("callout", "info"),
    Callout.TIP: ("callout", "help"),
    Callout.IMPORTANT: ("callout", "warning"),
    Callout.WARNING: ("callout callout--soon", "warning"),
    Callout.CAUTION: ("callout callout--late", "danger"),
}


def _quote(prose: Prose, tokens: Sequence[Token], start: int) -> int:
    end = end_of(tokens, start)
    label = label_of(tokens, start)
    if label is None:
        prose.html("<blockquote>")
        prose.blocks(tokens[start + 1 : end])
        prose.html("</blockquote>\n")
        return end + 1
    match label.kind:
        case BoxKind.RECALL:
            return _recall(prose, tokens, start, label=label)
        case BoxKind.SOLUTION:
            _solution(prose, label, tokens[start:end], summary=label.text)
        case BoxKind.NAMED:
            prose.html(f'<div class="box"><p class="box__label">{escape_text(label.text)}</p>')
            _content(prose, label, tokens[start:end])
            prose.html("</div>\n")
    return end + 1


def _recall(prose: Prose, tokens: Sequence[Token], start: int, *, label: Label) -> int:
    """A recall box; a solution that stands directly below it belongs into it."""
    end = end_of(tokens, start)
    name = prose.page.next_id("abruf")
    prose.html(f'<div class="recall" role="group" aria-labelledby="{name}"><p class="recall__label" id="{name}">')
    prose.html('<span class="kern-icon kern-icon--visibility-off" aria-hidden="true"></span>')
    prose.html(f"{escape_text(label.text)}</p>")
    _content(prose, label, tokens[start:end])
    following = end + 1
    if following < len(tokens) and tokens[following].type == "blockquote_open":
        solution = label_of(tokens, following)
        if solution is not None and solution.kind is BoxKind.SOLUTION:
            end = end_of(tokens, following)
            _solution(prose, solution, tokens[following:end], summary=prose.page.phrases.compare_answer)
    prose.html("</div>\n")
    return end + 1


def _solution(prose: Prose, label: Label, tokens: Sequence[Token], *, summary: str) -> None:
    prose.html(f'<details class="reveal"><summary>{escape_text(summary)}</summary>')
    _content(prose, label, tokens)
    prose.html("</details>\n")


def _content(prose: Prose, label: Label, tokens: Sequence[Token]) -> None:
    """What a labelled quote holds besides its label; `tokens` begin with its opening token."""
    if label.rest:
        prose.html("<p>")
        prose.phrases(label.rest)
        prose.html("</p>\n")
    prose.blocks(tokens[4:])


def _callout(prose: Prose, tokens: Sequence[Token], start: int) -> int:
    end = end_of(tokens, start)
    kind = Callout(tokens[start].meta["kind"])
    classes, icon = _CALLOUTS[kind]
    prose.html(f'<div class="{classes}"><span class="kern-icon kern-icon--{icon}" aria-hidden="true"></span>')
    prose.html(f'<p class="callout__title">{escape_text(prose.page.phrases.callouts[kind])}</p>')
    # The parser's own title (three tokens, in English) gives way to ours.
    prose.blocks(tokens[start + 4 : end])
    prose.html("</div>\n")
    return end + 1


RULES: dict[str, BlockRule] = {"blockquote_open": _quote, "alert_open": _callout}

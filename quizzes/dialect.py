"""The Markdown dialect below the questions: preset, options and the inline tokens `gap`, `arrow`, `local` and `fact`.

Prose stays CommonMark: gaps and arrows are only read where a `Scope` in the environment says so.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from mdit_py_plugins.attrs import attrs_plugin

GERMAN_QUOTES: Final = "„“‚‘"

_ENTRY: Final = re.compile(r"\[\[(local|fact):([a-z0-9-]+)\]\]")
_GAP_EDGE: Final = re.compile(r"\\.|\[\[|\]\]", re.DOTALL)


@dataclass(slots=True)
class Scope:
    """Where the inline parser is: inside a question, and inside the first paragraph of an item of a list there."""

    in_question: bool = False
    in_item: bool = False


def base_markdown(*, quotes: str = GERMAN_QUOTES) -> MarkdownIt:
    """A fresh parser for prose: CommonMark without raw HTML, with tables, alerts, task lists, typographic quotes.

    `quotes` are the four quotation marks of the text's language.
    """
    options = {"html": False, "alerts": True, "tasklists": True, "typographer": True, "quotes": quotes}
    md = MarkdownIt("commonmark", options)
    md.enable(["table", "strikethrough", "smartquotes"])
    md.use(attrs_plugin, after=("image",), allowed=("class",))
    md.inline.add_terminator_char("→")
    md.inline.ruler.before("link", "gap", _gap)
    md.inline.ruler.before("link", "arrow", _arrow)
    for token_type in ("local", "fact", "gap_fault", "arrow"):
        md.add_render_rule(token_type, _render_literally)
    md.add_render_rule("gap", _render_gap)
    return md


@cache
def passage_markdown() -> MarkdownIt:
    """A shared parser for one passage of a question; parse with `passage_environment()`."""
    return base_markdown()


def passage_environment() -> dict[str, object]:
    """The environment in which a single passage is parsed: inside a question, so that gaps are read."""
    return {"scope": Scope(in_question=True)}


def _gap(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    """`[[local:key]]` and `[[fact:key]]` everywhere; any other `[[…]]` inside questions."""
    at, end = state.pos, state.posMax
    if not state.src.startswith("[[", at, end):
        return False
    entry = _ENTRY.match(state.src, at, end)
    if entry is not None:
        return _push(state, silent, entry[1], entry.end(), {"key": entry[2]})
    scope = state.env.get("scope")
    if not isinstance(scope, Scope) or not scope.in_question:
        return False
    position = at + 2
    while (edge := _GAP_EDGE.search(state.src, position, end)) is not None:
        if edge[0] == "]]":
            return _push(state, silent, "gap", edge.end(), {"at": at, "text": state.src[at + 2 : edge.start()]})
        if edge[0] == "[[":
            break
        position = edge.end()
    return _push(state, silent, "gap_fault", at + 2, {"at": at, "reason": "open" if edge is None else "nested"})


def _arrow(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    """`->` or `→` between white space, in the first paragraph of an item: where a pair may be split."""
    scope = state.env.get("scope")
    if not isinstance(scope, Scope) or not scope.in_item:
        return False
    at, source = state.pos, state.src
    length = 2 if source.startswith("->", at) else 1 if source[at] == "→" else 0
    end = at + length
    is_apart = (at == 0 or source[at - 1] in " \t\n") and (end >= len(source) or source[end] in " \t\n")
    if not length or not is_apart or end > state.posMax:
        return False
    return _push(state, silent, "arrow", end, {"at": at})


def _push(state: StateInline, silent: bool, token_type: str, end: int, meta: dict[str, object]) -> bool:  # noqa: FBT001
    if not silent:
        content = state.src[state.pos : end]
        token = state.push(token_type, "", 0)
        token.content = content
        token.meta = meta
    state.pos = end
    return True


def _render_literally(_self: object, tokens: list, index: int, _options: object, _env: object) -> str:  # type: ignore[type-arg]  # markdown-it's own signature
    """The text as written: what other viewers show too."""
    from markdown_it.common.utils import escapeHtml  # only needed where nobody draws these tokens properly

    return escapeHtml(str(tokens[index].content))


def _render_gap(_self: object, _tokens: object, _index: int, _options: object, _env: object) -> str:
    """A blank. The keys inside a gap must never reach a page by accident."""
    return "_____"

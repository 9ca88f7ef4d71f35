"""The Markdown of Impuls: which parser, which extensions. It decides what the tokens are, never what they look like."""

import re
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from mdit_py_plugins.attrs import attrs_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from courses.anchors import name_headings
from courses.author_notes import author_notes_plugin

_ENTRY = re.compile(r"\[\[(local|fact):([a-z0-9-]+)\]\]")


@cache
def course_markdown() -> MarkdownIt:
    """The parser for every file of a course. Made once: it holds no state of a document."""
    md = prose_markdown_parser().use(footnote_plugin, inline=False)
    md.core.ruler.push("anchors", name_headings)
    return md


@cache
def prose_markdown() -> MarkdownIt:
    """The parser for a transcript: no questions, no footnotes, no anchors."""
    return prose_markdown_parser()


def prose_markdown_parser() -> MarkdownIt:
    """A new parser with everything that running text knows."""
    md = MarkdownIt(
        "commonmark", {"html": False, "typographer": True, "quotes": "„“‚‘", "alerts": True, "tasklists": True}
    )
    md.enable(["table", "strikethrough", "smartquotes"])
    md.inline.ruler.before("link", "entry", _entry)
    return md.use(attrs_plugin, after=("image",), allowed=("class",)).use(deflist_plugin).use(author_notes_plugin)


def _entry(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 the parser prescribes it
    match = _ENTRY.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        token = state.push(match.group(1), "", 0)
        token.meta = {"key": match.group(2)}
    state.pos = match.end()
    return True

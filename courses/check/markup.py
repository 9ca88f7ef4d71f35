"""HTML in a text. Raw HTML is off and yields no tokens, so it is looked for by a second parse with HTML switched on.

That parse is only done where something in the text could be a tag at all.
"""

import re
from collections.abc import Iterator
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from courses.check.manuscript import Manuscript
from courses.markdown.author_notes import author_notes_plugin
from quizzes.notation import base_markdown
from quizzes.problems import Problem

# The elements of HTML, so that "<Name>" and "<Datum>" are told from "<b>" and "<iframe>".
_ELEMENTS = frozenset(
    re.findall(
        r"\w+",
        "a abbr address area article aside audio b base bdi bdo big blockquote body br button canvas "
        "caption center cite code col colgroup data datalist dd del details dfn dialog div dl dt em embed "
        "fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr html i "
        "iframe img input ins kbd label legend li link main map mark math menu meta meter nav noscript "
        "object ol optgroup option output p param picture pre progress q rp rt ruby s samp script section "
        "select slot small source span strike strong style sub summary sup svg table tbody td template "
        "textarea tfoot th thead time title tr track tt u ul var video wbr ",
    )
)
_POSSIBLE = re.compile(r"<(?![a-z][a-z0-9+.-]*:|[^\s<>]+@)[A-Za-z/!?]")
_TAG = re.compile(r"<(?:/?([A-Za-z][\w-]*)|(!--|!|\?))")


@cache
def _with_html() -> MarkdownIt:
    md = base_markdown()
    md.use(footnote_plugin, inline=False).use(deflist_plugin).use(author_notes_plugin)
    md.options["html"] = True
    return md


def check_markup(manuscript: Manuscript) -> Iterator[Problem]:
    """E116 for every run of HTML, W147 for what only looks like it; once a line and element."""
    document = manuscript.document
    body = "\n".join(manuscript.lines[document.body_line - 1 :])
    if _POSSIBLE.search(body) is None:
        return
    seen: set[tuple[int, str]] = set()
    for line, html in _html(_with_html().parse("\n" * (document.body_line - 1) + body)):
        for offset, element in _elements(html):
            place = line + html.count("\n", 0, offset)
            if (place, element) not in seen:
                seen.add((place, element))
                is_html = element.lower() in _ELEMENTS or element.startswith(("!", "?"))
                yield manuscript.problem("E116" if is_html else "W147", place, at="<", element=element)


def _html(tokens: list[Token]) -> Iterator[tuple[int, str]]:
    """The pieces of HTML with the line on which each begins."""
    line = 1
    for token in tokens:
        if token.map:
            line = token.map[0] + 1
        if token.type == "html_block":
            yield line, token.content
        elif token.type == "inline":
            yield from _inline_html(token.children or [], line)


def _inline_html(children: list[Token], line: int) -> Iterator[tuple[int, str]]:
    for child in children:
        if child.type in ("softbreak", "hardbreak"):
            line += 1
        elif child.type == "html_inline":
            yield line, child.content
            line += child.content.count("\n")


def _elements(html: str) -> Iterator[tuple[int, str]]:
    for match in _TAG.finditer(html):
        yield match.start(), match[1] or match[2]
        if match[2] == "!--":
            return

"""The Markdown of Impuls: which parser, which extensions. It decides what the tokens are, never what they look like.

The dialect of running text and the notation of questions come from `quizzes`; here is what only courses know.
"""

from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.footnote.index import footnote_def

from courses.markdown.anchors import name_headings
from courses.markdown.author_notes import author_notes_plugin
from courses.markdown.limits import enforce_limits
from quizzes.notation import base_markdown, questions_plugin

_IN_FOOTNOTE = "in_footnote"
_GERMAN = "„“‚‘"
_ENGLISH = "“”‘’"
_QUOTES = {"de": _GERMAN, "en": _ENGLISH, "tr": _ENGLISH, "pl": "„”‚’", "uk": "«»„“", "ru": "«»„“", "es": "«»“”"}


def course_markdown(*, language: str = "de") -> MarkdownIt:
    """The parser for every file of a course in `language` (BCP 47). Shared: it holds no state of a document."""
    return _shared(_QUOTES.get(language.partition("-")[0].lower(), _ENGLISH))


@cache
def _shared(quotes: str) -> MarkdownIt:
    return new_course_markdown(quotes=quotes)


def new_course_markdown(*, quotes: str = _GERMAN) -> MarkdownIt:
    """A parser of one's own, for whoever wants to change its options."""
    md = _prose_parser(quotes)
    md.use(footnote_plugin, inline=False)
    md.block.ruler.at("footnote_def", _footnote_definition, {"alt": ["paragraph", "reference"]})
    md.use(questions_plugin)
    # Behind the questions, so that their headings are already gone.
    md.core.ruler.push("anchors", name_headings)
    return md


def _footnote_definition(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:  # noqa: FBT001
    """The plugin's rule, but never inside another footnote: it would leave blocks without their ends behind."""
    if state.env.get(_IN_FOOTNOTE):
        return False
    state.env[_IN_FOOTNOTE] = True
    try:
        return bool(footnote_def(state, start_line, end_line, silent))
    finally:
        state.env[_IN_FOOTNOTE] = False


@cache
def prose_markdown() -> MarkdownIt:
    """The parser for a transcript: no questions, no footnotes, no anchors."""
    return _prose_parser(_GERMAN)


def _prose_parser(quotes: str) -> MarkdownIt:
    """A new parser with everything that running text knows."""
    md = base_markdown(quotes=quotes).use(deflist_plugin).use(author_notes_plugin)
    md.core.ruler.before("inline", "limits", enforce_limits)
    return md

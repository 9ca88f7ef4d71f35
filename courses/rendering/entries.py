"""Entries that the product fills in: `[[local:key]]` and `[[fact:key]]`, in running text and inside questions.

In running text they cut the page into segments. Inside a question they stay in its HTML as `data` elements, which
`filled` replaces; until then a reader sees that something is still to be completed.
"""

import re
from collections.abc import Callable

from markdown_it.token import Token

from courses.rendering.escape import escape_attribute, escape_text
from courses.rendering.prose import PhraseRule, Prose
from courses.segments import FactEntry, LocalEntry

_ENTRY = re.compile(r'<data class="entry" value="(local|fact):([a-z0-9-]+)">[^<]*</data>')


def has_entries(html: str) -> bool:
    """True if there may be something to fill in."""
    return 'class="entry"' in html


def filled(html: str, *, local: Callable[[str], str], fact: Callable[[str], str]) -> str:
    """`html` of a question passage with every entry replaced by the HTML that `local` or `fact` gives for its key."""
    return _ENTRY.sub(lambda match: (local if match.group(1) == "local" else fact)(match.group(2)), html)


def _local(prose: Prose, token: Token) -> None:
    _write(prose, "local", str(token.meta["key"]))


def _fact(prose: Prose, token: Token) -> None:
    _write(prose, "fact", str(token.meta["key"]))


def _write(prose: Prose, kind: str, key: str) -> None:
    if prose.is_question:
        words = escape_text(prose.page.phrases.please_complete)
        prose.html(f'<data class="entry" value="{escape_attribute(f"{kind}:{key}")}">{words}</data>')
    else:
        prose.cut(LocalEntry(key, prose.line) if kind == "local" else FactEntry(key, prose.line))


PHRASE_RULES: dict[str, PhraseRule] = {"local": _local, "fact": _fact}

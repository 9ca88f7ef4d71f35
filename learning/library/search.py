"""Finding words in titles and texts, and marking them. Which words match, `courses.search_terms` decides."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from courses.search_terms import query_terms, search_terms
from learning.language import gettext as _
from learning.web.rendering import joined, mark, sentence

WORD = re.compile(r"\w+(?:-\w+)*")
TITLE_WEIGHT = 8
TEXT_WEIGHT = 3
EXCERPT = 140


@dataclass(frozen=True, slots=True)
class Hit:
    """That something was found: how well it fits, and the passage to show."""

    weight: int
    where: Markup


def hit_of(words: str, *, title: str, text: str, passages: Sequence[tuple[str, str]], language: str) -> Hit | None:
    """The hit for `words`, None unless each of them occurs somewhere. No words: everything is found, with weight 0.

    `passages` are further texts with the name of their place, which a reader is shown.
    """
    wanted = set(query_terms(words, language=language))
    if not wanted:
        return Hit(0, Markup()) if not words else None
    weight = 0
    missing = set(wanted)
    where = Markup()
    for value, content, place in (
        (TITLE_WEIGHT, title, None),
        (TEXT_WEIGHT, text, None),
        *((1, passage, name) for name, passage in passages),
    ):
        common = wanted & set(search_terms(content, language=language))
        missing -= common
        weight += value * len(common)
        if common and place is not None and not where:
            where = excerpt(content, words, place=place, language=language)
    return None if missing else Hit(weight, where)


def marked(text: str, words: str, *, language: str) -> Markup:
    """`text` with every word marked that is one of `words`."""
    if not words:
        return escape(text)
    wanted = set(query_terms(words, language=language))
    parts: list[Markup] = []
    end = 0
    for match in WORD.finditer(text):
        if wanted & set(search_terms(match.group(), language=language)):
            parts += [escape(text[end : match.start()]), mark(match.group())]
            end = match.end()
    return joined([*parts, text[end:]])


def excerpt(text: str, words: str, *, place: str, language: str) -> Markup:
    """The words around the first place in `text` where one of `words` stands, marked; empty if none does."""
    wanted = set(query_terms(words, language=language))
    flat = " ".join(text.split())
    for match in WORD.finditer(flat):
        if wanted & set(search_terms(match.group(), language=language)):
            start = max(0, match.start() - EXCERPT // 3)
            start = flat.rfind(" ", 0, start) + 1 if start else 0
            end = min(len(flat), start + EXCERPT)
            end = flat.rfind(" ", start, end) if end < len(flat) else end
            before, after = ("… " if start else "", " …" if end < len(flat) else "")
            quoted = joined([before, marked(flat[start:end], words, language=language), after])
            return sentence(_("%(place)s: „%(text)s“"), place=place, text=quoted) if place else quoted
    return Markup()

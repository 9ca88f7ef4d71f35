"""Finding words in titles and texts, and marking them. Which words match, `courses.search_terms` decides."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup, escape

from courses.search_terms import is_found, known_words, query_terms, search_terms
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


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A passage with the words marked; without an address it is no link."""

    text: Markup
    address: str = ""


@dataclass(frozen=True, slots=True)
class Search:
    """A search for `words`; `known` are the words of the whole library, which may be parts of compounds."""

    words: str
    known: frozenset[str]

    @classmethod
    def of(cls, words: str, texts: Sequence[str]) -> "Search":
        """A search in a library of these texts."""
        return cls(words, _known(tuple(texts)) if words else frozenset())

    def wanted(self, language: str) -> tuple[str, ...]:
        """The terms to find in texts of a language."""
        return _wanted(self.words, language)

    def hit(self, *, title: str, text: str, passages: Sequence[tuple[str, str]], language: str) -> Hit | None:
        """The hit in an entry, None unless each word occurs somewhere. No words: everything is found, with weight 0.

        `passages` are further texts with the name of their place, which a reader is shown.
        """
        if not self.words:
            return Hit(0, joined(()))
        wanted = self.wanted(language)
        missing, weight, where = set(wanted), 0, joined(())
        parts: list[tuple[int, str, str | None]] = [(TITLE_WEIGHT, title, None), (TEXT_WEIGHT, text, None)]
        parts += [(1, passage, place) for place, passage in passages]
        for value, content, place in parts:
            terms = _terms(content, language, self.known)
            common = {term for term in wanted if is_found((term,), terms)}
            missing -= common
            weight += value * len(common)
            if common and place is not None and not where:
                where = self.excerpt(content, place=place, language=language)
        return Hit(weight, where) if wanted and not missing else None

    def marked(self, text: str, *, language: str) -> Markup:
        """`text` with every word marked that was searched for."""
        parts: list[Markup] = []
        end = 0
        for match in WORD.finditer(text) if self.words else ():
            if self._is_meant(match.group(), language):
                parts += [escape(text[end : match.start()]), mark(match.group())]
                end = match.end()
        return joined([*parts, text[end:]])

    def excerpt(self, text: str, *, place: str, language: str) -> Markup:
        """What stands around the first of the words in `text`, marked; empty if none is there."""
        flat = " ".join(text.split())
        for match in WORD.finditer(flat):
            if self._is_meant(match.group(), language):
                start = max(0, match.start() - EXCERPT // 3)
                start = flat.rfind(" ", 0, start) + 1 if start else 0
                end = min(len(flat), start + EXCERPT)
                end = flat.rfind(" ", start, end) if end < len(flat) else end
                before, after = ("… " if start else "", " …" if end < len(flat) else "")
                quoted = joined([before, self.marked(flat[start:end], language=language), after])
                return sentence(_("%(place)s: „%(text)s“"), place=place, text=quoted) if place else quoted
        return joined(())

    def _is_meant(self, word: str, language: str) -> bool:
        terms = _terms(word, language, self.known)
        return any(is_found((term,), terms) for term in self.wanted(language))


# All are computed from their arguments alone, so what is kept cannot be stale.


@lru_cache(maxsize=200)
def _wanted(words: str, language: str) -> tuple[str, ...]:
    return query_terms(words, language=language)


@lru_cache(maxsize=16)
def _known(texts: tuple[str, ...]) -> frozenset[str]:
    return known_words(texts)


@lru_cache(maxsize=20_000)
def _terms(text: str, language: str, known: frozenset[str]) -> frozenset[str]:
    return frozenset(search_terms(text, language=language, known=known))

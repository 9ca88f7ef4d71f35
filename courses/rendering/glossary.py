"""Terms of the glossary on the page: the explanation opens at the first place of a module where a term is used."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from courses.course import Term
from courses.rendering.escape import escape_text
from courses.rendering.phrases import Phrases

# A term also counts with the endings that German and English put on nouns; short words would match too much else.
_ENDINGS = "(?:es|en|er|e|s|n)?"
_SHORTEST_WITH_ENDING = 5


@lru_cache(maxsize=64)
def _pattern(terms: tuple[Term, ...]) -> re.Pattern[str]:
    """One expression for all terms, the longest first; each in a group of its own."""
    ordered = sorted(range(len(terms)), key=lambda position: -len(terms[position].name))
    groups = (
        f"(?P<t{position}>{_beginning(terms[position].name)}{_ending(terms[position].name)})" for position in ordered
    )
    return re.compile(rf"(?<!\w)(?:{'|'.join(groups)})(?!\w)")


def _beginning(name: str) -> str:
    """A term in small letters also begins a sentence; one with a capital is a noun or a name and stays so."""
    first = name[:1]
    if not first.islower() or len(first.upper()) != 1:
        return re.escape(name)
    return f"[{re.escape(first)}{re.escape(first.upper())}]{re.escape(name[1:])}"


def _ending(name: str) -> str:
    return _ENDINGS if len(name) >= _SHORTEST_WITH_ENDING and name[-1].isalpha() else ""


@dataclass(slots=True)
class Marking:
    """Marks each term once. What is marked opens without any script, by mouse, finger and keyboard."""

    terms: tuple[Term, ...]
    phrases: Phrases
    done: set[int] = field(default_factory=set)

    def marked(self, text: str) -> str:
        """The escaped text, with a button and its explanation at each term that occurs for the first time."""
        if len(self.done) == len(self.terms):
            return escape_text(text)
        parts: list[str] = []
        position = 0
        for match in _pattern(self.terms).finditer(text):
            number = int((match.lastgroup or "t0")[1:])
            if number in self.done:
                continue
            self.done.add(number)
            parts += (escape_text(text[position : match.start()]), self._term(number, match.group()))
            position = match.end()
        return "".join((*parts, escape_text(text[position:])))

    def _term(self, number: int, written: str) -> str:
        name = f"begriff-{number + 1}"
        term = self.terms[number]
        return (
            f'<dfn class="term"><button class="term__button" type="button" popovertarget="{name}">'
            f'{escape_text(written)}<span class="for-ear"> {escape_text(self.phrases.explain_term)}</span>'
            "</button></dfn>"
            f'<span class="term__text" id="{name}" popover=""><strong>{escape_text(term.name)}</strong>: '
            f"{escape_text(term.explanation)}</span>"
        )

"""What the search compares: folded stems and the known parts of compounds, so that "Termin" finds "Terminvergabe".

Plain strings of a–z and 0–9 (other scripts keep their letters), equal on every database and machine; how they are
stored and ranked is the product's business. A text is found when each query term begins one of its search terms.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from functools import cache, lru_cache
from typing import Protocol, cast

# Shorter known words would be found in half of all long ones ("rat", "ende").
SHORTEST_PART = 4
SHORTEST_PREFIX = 3

_WORD = re.compile(r"\w+")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe", "œ": "oe", "_": " "})
_LINKS = ("", "s", "es", "n", "en", "er", "e", "ens")
_LONGEST_LINKS = tuple(sorted(filter(None, _LINKS), key=len, reverse=True))
_COMMON = frozenset(
    _WORD.findall(
        "der die das den dem des ein eine einen einem einer eines und oder in im an am auf zu zum zur mit von vom bei "
        "fuer ist sind wie was wer wo wann the a an and or of in on to for with is are how what who where when"
    )
)
_STEMMERS = {
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "tr": "turkish",
}


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str:  # noqa: N802 - the library's name.
        """The stem of a word in lower case."""


def folded(text: str) -> str:
    """The text in lower case, umlauts and ß as two letters, without accents: "Größe" and "GROESSE" become one."""
    lower = unicodedata.normalize("NFC", text).casefold().translate(_UMLAUTS)
    return "".join(sign for sign in unicodedata.normalize("NFKD", lower).casefold() if not unicodedata.combining(sign))


def search_terms(text: str, *, language: str, known: Collection[str] = ()) -> tuple[str, ...]:
    """The terms by which `text` is found, each once, in the order of the text.

    `known` are the words that may be parts of compounds: `known_words` of the whole library and of its glossaries.
    """
    terms: dict[str, None] = {}
    for word in _words(text):
        terms[stem(word, language=language)] = None
        for part in compound_parts(word, known) if known else ():
            terms[stem(part, language=language)] = None
    return tuple(terms)


def query_terms(text: str, *, language: str) -> tuple[str, ...]:
    """The terms that a found text has to have. Words like "der" are left out unless nothing else was asked."""
    words = list(_words(text))
    telling = [word for word in words if word not in _COMMON] or words
    return tuple(dict.fromkeys(stem(word, language=language) for word in telling))


def is_found(query: Iterable[str], terms: Collection[str]) -> bool:
    """Whether each term of `query` equals one of `terms` or, from three letters on, begins one, in any store."""
    return all(
        any(term == asked or (len(asked) >= SHORTEST_PREFIX and term.startswith(asked)) for term in terms)
        for asked in query
    )


def known_words(texts: Iterable[str]) -> frozenset[str]:
    """The words of a corpus that may stand in compounds, folded: those that are long enough and hold no digit."""
    return frozenset(
        word
        for text in texts
        for word in _words(text)
        if len(word) >= SHORTEST_PART and not any(map(str.isdigit, word))
    )


def compound_parts(word: str, known: Collection[str]) -> tuple[str, ...]:
    """The known words inside a folded word, from left to right; none for a word that is no compound of theirs.

    A word made of known words and linking letters falls into exactly those ("arbeitsvermittlung": "arbeit",
    "vermittlung"). Otherwise the longest known words at its beginning and at its end count, and those next to them.
    """
    if len(word) < 2 * SHORTEST_PART:
        return ()
    whole = _segmented(word, known)
    if whole:
        return whole
    head = _chain(word, known, ends=False)
    tail = _chain(word, known, ends=True)
    return (*head, *reversed([part for part in tail if part not in head]))


def _chain(word: str, known: Collection[str], *, ends: bool) -> tuple[str, ...]:
    """Known words from the outside inwards, each the longest there is, linking letters between them left out."""
    found: list[str] = []
    rest = word
    while len(rest) > SHORTEST_PART:
        sizes = range(len(rest) - 1, SHORTEST_PART - 1, -1)
        candidates = (rest[-size:] if ends else rest[:size] for size in sizes)
        part = next((candidate for candidate in candidates if candidate in known), None)
        if part is None:
            break
        found.append(part)
        rest = rest[: -len(part)] if ends else rest[len(part) :]
        link = next((link for link in _LONGEST_LINKS if (rest.endswith(link) if ends else rest.startswith(link))), "")
        # "arbeitsleben": the s belongs to neither word; but "termin" must not lose its n to a link.
        if link and (rest[: -len(link)] if ends else rest[len(link) :]) and not _begins_known(rest, known, ends=ends):
            rest = rest[: -len(link)] if ends else rest[len(link) :]
    return tuple(found)


def _begins_known(rest: str, known: Collection[str], *, ends: bool) -> bool:
    """Whether a known word stands at the outer edge of `rest` without any link being cut off."""
    sizes = range(SHORTEST_PART, len(rest) + 1)
    return any((rest[-size:] if ends else rest[:size]) in known for size in sizes)


def _segmented(word: str, known: Collection[str]) -> tuple[str, ...]:
    """The fewest known words that make up all of `word`, two at least; of equally many the longest first word wins."""
    best: list[tuple[str, ...] | None] = [None] * len(word) + [()]
    for start in range(len(word) - SHORTEST_PART, -1, -1):
        for end in range(len(word), start + SHORTEST_PART - 1, -1):
            part = word[start:end]
            if end - start == len(word) or part not in known:
                continue
            for link in _LINKS:
                rest = best[end + len(link)] if word.startswith(link, end) and end + len(link) <= len(word) else None
                # Linking letters stand between two words, never at the end.
                if rest is None or (link and not rest):
                    continue
                found = (part, *rest)
                current = best[start]
                if current is None or len(found) < len(current):
                    best[start] = found
    return best[0] or ()


def stem(word: str, *, language: str) -> str:
    """The folded stem of a folded word; in a language without a stemmer the word itself."""
    return _stem(word, language.partition("-")[0].lower())


@lru_cache(maxsize=100_000)
def _stem(word: str, language: str) -> str:
    stemmer = _stemmer(language)
    return folded(stemmer.stemWord(word)) if stemmer else word


@cache
def _stemmer(language: str) -> _Stemmer | None:
    # The library loads all its languages, which only the search has to wait for.
    from snowballstemmer import stemmer

    name = _STEMMERS.get(language)
    return cast("_Stemmer", stemmer(name)) if name else None


def _words(text: str) -> Iterator[str]:
    return (match[0] for match in _WORD.finditer(folded(text)))

"""What a reader asks the catalogue for, as it stands in the address of the page. Nothing is looked up here."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from courses.course import Area, Level

LONGEST_QUERY = 200
MOST_PAGES = 10_000
_KEY = re.compile(r"[A-Za-z0-9-]{1,64}")
Value = TypeVar("Value", bound=StrEnum)


class EntryKind(StrEnum):
    """What a row of the catalogue leads to."""

    COURSE = "kurs"
    NOTICE = "kurzinfo"
    JOB_AID = "arbeitshilfe"


class Duration(StrEnum):
    """How long something takes, in three steps."""

    SHORT = "kurz"
    MIDDLE = "mittel"
    LONG = "lang"


class Sorting(StrEnum):
    """The order of rows. RELEVANCE needs a query; without one it is the order of the areas."""

    RELEVANCE = "passend"
    TITLE = "titel"
    DURATION = "dauer"
    NEWEST = "stand"


@dataclass(frozen=True, slots=True)
class Query:
    """What a reader asked for; `page` counts from 1. Values that no page offers are left out."""

    words: str = ""
    areas: frozenset[Area] = frozenset()
    kinds: frozenset[EntryKind] = frozenset()
    levels: frozenset[Level] = frozenset()
    durations: frozenset[Duration] = frozenset()
    skills: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    sorting: Sorting = Sorting.RELEVANCE
    page: int = 1

    @property
    def filters(self) -> tuple[tuple[str, Collection[str]], ...]:
        """The ticked boxes by the name of their group."""
        return (
            ("thema", self.areas),
            ("kompetenz", self.skills),
            ("art", self.kinds),
            ("niveau", self.levels),
            ("dauer", self.durations),
            ("kurssprache", self.languages),
        )

    @property
    def filter_count(self) -> int:
        """How many boxes are ticked."""
        return sum(len(values) for _name, values in self.filters)

    def fields(self) -> Iterator[tuple[str, str]]:
        """Name and value of what is ticked and of the order, for hidden fields and addresses."""
        for name, values in self.filters:
            for value in sorted(values):
                yield name, str(value)
        if self.sorting is not Sorting.RELEVANCE:
            yield "sortierung", self.sorting.value

    def address(self, path: str) -> str:
        """The address of the page that answers this query."""
        pairs = [("suche", self.words)] if self.words else []
        pairs += list(self.fields())
        pairs += [("seite", str(self.page))] if self.page > 1 else []
        return f"{path}?{urlencode(pairs)}" if pairs else path

    def at(self, page: int) -> "Query":
        """The same query, another of its pages."""
        return replace(self, page=page)


def read_query(arguments: Mapping[str, Sequence[str]]) -> Query:
    """The query in the address of the page."""
    return Query(
        words=" ".join("".join(arguments.get("suche", ())[:1])[:LONGEST_QUERY].replace("\0", " ").split()),
        areas=_values(Area, arguments.get("thema", ())),
        kinds=_values(EntryKind, arguments.get("art", ())),
        levels=_values(Level, arguments.get("niveau", ())),
        durations=_values(Duration, arguments.get("dauer", ())),
        skills=_keys(arguments.get("kompetenz", ())),
        languages=_keys(arguments.get("kurssprache", ())),
        sorting=next(iter(_values(Sorting, arguments.get("sortierung", ())[:1])), Sorting.RELEVANCE),
        page=_page("".join(arguments.get("seite", ())[:1])),
    )


def _values(kind: type[Value], texts: Iterable[str]) -> frozenset[Value]:
    known = {value.value for value in kind}
    return frozenset(kind(text) for text in texts if text in known)


def _keys(texts: Sequence[str]) -> frozenset[str]:
    return frozenset(text for text in texts[:20] if _KEY.fullmatch(text))


def _page(text: str) -> int:
    return min(max(int(text), 1), MOST_PAGES) if text.isascii() and text.isdecimal() and len(text) < 6 else 1

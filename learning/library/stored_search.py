"""Searching published courses: terms are looked up in the database, ranked here, so that every database agrees.

An entry is found when each word that was asked for stands somewhere in it; how well it fits is the sum of the best
place of each word. One query finds, one more fetches the passages of the rows that a page shows.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup
from sqlalchemy import ColumnElement, Select, Text, cast, func, literal, null, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from courses.markdown.anchors import section_id
from courses.search_terms import SHORTEST_PREFIX, query_terms
from learning.language import gettext as _
from learning.library.addresses import CourseAddresses
from learning.library.catalogue_pages import Entry
from learning.library.catalogue_queries import EntryKind
from learning.library.models import Edition, SearchPlace, SearchTerm, SearchWord, StoredCourse
from learning.library.search import FoundPlace, Search
from learning.library.search_places import LONGEST_TERM, PlaceKind, split_words
from learning.web.rendering import sentence

MOST_TERMS = 10
MOST_WORDS = 200
SHOWN_PLACES = 2
TERM_VALUE = 10


@dataclass(slots=True)
class _Place:
    """A place with what was found there: the weight of each term by its number."""

    key: int
    slug: str
    kind: PlaceKind
    module_slug: str
    module_number: int
    anchor: str
    position: int
    language: str
    weights: dict[int, int] = field(default_factory=dict)

    @property
    def rank(self) -> tuple[int, int, int]:
        """Better places first: more of the words, then heavier ones, then the order of reading."""
        return -len(self.weights), -sum(self.weights.values()), self.position

    @property
    def address(self) -> str:
        """The page, at the section."""
        addresses = CourseAddresses(self.slug)
        if not self.module_slug:
            return addresses.course()
        page = addresses.module(self.module_slug)
        return f"{page}#{section_id(self.anchor)}" if self.anchor else page


@dataclass(slots=True)
class StoredFinder:
    """A search in published texts, to be handed to `catalogue_page`. Made by `find`."""

    session: Session
    search: Search
    wanted: dict[str, int]
    found: dict[str, list[_Place]]
    _texts: dict[int, tuple[str, str]] = field(default_factory=dict)

    def weight(self, entry: Entry) -> int | None:
        """How well an entry fits; None where one of the words is missing."""
        if not self.search.words:
            return 0
        places = self._places_of(entry)
        best: dict[int, int] = {}
        for place in places:
            for term, weight in place.weights.items():
                best[term] = max(weight, best.get(term, 0))
        if not places or len(best) < self.wanted[places[0].language]:
            return None
        return TERM_VALUE * sum(best.values()) + min(len(places), TERM_VALUE - 1)

    def _places_of(self, entry: Entry) -> list[_Place]:
        places = self.found.get(entry.slug, [])
        if entry.kind is not EntryKind.JOB_AID:
            return places
        return [place for place in places if place.kind is PlaceKind.JOB_AID and _leads_to(place, entry)]

    def show(self, entries: Sequence[Entry]) -> None:
        """Fetch what stands at the best places of these entries; one query."""
        keys = sorted({place.key for entry in entries for place in self._best(entry)})
        if keys:
            rows = self.session.execute(
                select(SearchPlace.key, SearchPlace.title, SearchPlace.text).where(SearchPlace.key.in_(keys))
            )
            self._texts = {key: (title, text) for key, title, text in rows}

    def _best(self, entry: Entry) -> list[_Place]:
        """The places worth a link of their own: parts of a course that say more than its row does."""
        if not self.search.words:
            return []
        places = self._places_of(entry)
        if entry.kind is not EntryKind.JOB_AID:
            places = [place for place in places if place.kind is not PlaceKind.COURSE]
        return sorted(places, key=lambda place: place.rank)[:SHOWN_PLACES]

    def places(self, entry: Entry) -> tuple[FoundPlace, ...]:
        """Passages with the words marked; those of a course link to their sections."""
        return tuple(self._place(entry, place) for place in self._best(entry) if place.key in self._texts)

    def _place(self, entry: Entry, place: _Place) -> FoundPlace:
        title, text = self._texts[place.key]
        excerpt = self.search.excerpt(text, place="", language=place.language)
        if entry.kind is EntryKind.JOB_AID:
            return FoundPlace(excerpt)
        name = self.search.marked(title, language=place.language)
        if place.module_number and entry.kind is not EntryKind.NOTICE:
            name = sentence(_("Modul %(number)s, %(title)s"), number=str(place.module_number), title=name)
        shown = sentence(_("%(place)s: „%(text)s“"), place=name, text=excerpt) if excerpt else name
        return FoundPlace(shown, place.address)

    def marked(self, text: str, *, language: str) -> Markup:
        """The text with every word marked that was searched for."""
        return self.search.marked(text, language=language)


def _leads_to(place: _Place, entry: Entry) -> bool:
    return CourseAddresses(place.slug).job_aid(place.module_slug, place.anchor) == entry.address


def find(session: Session, words: str, entries: Sequence[Entry]) -> StoredFinder:
    """Find `words` in the texts behind `entries`; one query, none without words."""
    languages = sorted({entry.language for entry in entries})
    terms = {language: query_terms(words, language=language)[:MOST_TERMS] for language in languages} if words else {}
    wanted = {language: len(asked) for language, asked in terms.items()}
    if not any(wanted.values()):
        return StoredFinder(session, Search(words, frozenset()), wanted, {})
    by_course = {entry.slug: entry.language for entry in entries if entry.kind is not EntryKind.JOB_AID}
    places: dict[int, _Place] = {}
    # The words that were asked for may be parts, too: behind a known beginning no word of the library needs to be them.
    known = set(split_words(words))
    for row in session.execute(union_all(*_selects(terms))):
        if row.slug is None:
            known.add(row.word)
        elif by_course.get(row.slug) == row.language:
            place = places.setdefault(row.key, _place_of(row))
            place.weights[row.number] = row.weight
    found: dict[str, list[_Place]] = defaultdict(list)
    for place in places.values():
        found[place.slug].append(place)
    return StoredFinder(session, Search(words, frozenset(known)), wanted, dict(found))


def _place_of(row: Any) -> _Place:
    kind = PlaceKind(row.kind)
    return _Place(row.key, row.slug, kind, row.module_slug, row.module_number, row.anchor, row.position, row.language)


def _selects(terms: dict[str, tuple[str, ...]]) -> Iterator[Select[*tuple[Any, ...]]]:
    """For each language and term the places with it; for each term the words of the library that it begins."""
    for language, asked in terms.items():
        for number, term in enumerate(asked):
            yield _places_with(term, number, language)
    for term in sorted({term for asked in terms.values() for term in asked}):
        zero, nothing = literal(0), cast(null(), Text)
        words = (
            select(SearchWord.word)
            .where(_begins(SearchWord.word, term))
            .order_by(func.length(SearchWord.word), SearchWord.word)
            .limit(MOST_WORDS)
            .subquery()
        )
        yield select(
            zero, nothing, nothing, nothing, zero, nothing, zero, nothing, zero, zero, cast(words.c.word, Text)
        )


def _places_with(term: str, number: int, language: str) -> Select[*tuple[Any, ...]]:
    best = (
        select(SearchTerm.place_key, func.max(SearchTerm.weight).label("weight"))
        .where(_begins(SearchTerm.term, term))
        .group_by(SearchTerm.place_key)
        .subquery()
    )
    return (
        select(
            SearchPlace.key.label("key"),
            cast(StoredCourse.slug, Text).label("slug"),
            cast(SearchPlace.kind, Text).label("kind"),
            cast(SearchPlace.module_slug, Text).label("module_slug"),
            SearchPlace.module_number.label("module_number"),
            cast(SearchPlace.anchor, Text).label("anchor"),
            SearchPlace.position.label("position"),
            cast(SearchPlace.language, Text).label("language"),
            literal(number).label("number"),
            best.c.weight.label("weight"),
            cast(null(), Text).label("word"),
        )
        .join(best, best.c.place_key == SearchPlace.key)
        .join(Edition, Edition.key == SearchPlace.edition_key)
        .join(StoredCourse, StoredCourse.key == Edition.course_key)
        .where(SearchPlace.language == language)
    )


def _begins(column: InstrumentedAttribute[str], term: str) -> ColumnElement[bool]:
    """The same as `courses.search_terms.is_found`, as a range of an index: terms compare sign by sign."""
    term = term[:LONGEST_TERM]
    if len(term) < SHORTEST_PREFIX:
        return column == term
    return (column >= term) & (column < term[:-1] + chr(ord(term[-1]) + 1))

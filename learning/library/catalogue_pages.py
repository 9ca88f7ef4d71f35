"""The catalogue, computed: search over titles and texts, facets with counts, sorting. Works on any set of editions."""

import datetime
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial
from typing import Any, Protocol, TypeVar

from markupsafe import Markup

from courses.course import Area, CourseKind, Level
from courses.search_terms import folded
from learning.language import LANGUAGES, date_text, month_text, ngettext
from learning.language import gettext as _
from learning.library.addresses import CourseAddresses
from learning.library.catalogue_queries import Duration, EntryKind, Query, Sorting
from learning.library.course_pages import area_text, course_minutes, job_aid_title, job_aids, kind_text, level_text
from learning.library.preparation import Edition
from learning.library.search import FoundPlace, Hit, Search
from learning.web.links import SelectChoice

SHORT_MINUTES = 15
LONG_MINUTES = 60
PAGE_ROWS = 30
Value = TypeVar("Value", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Entry:
    """Something in the catalogue: a course, a notice, a job aid.

    `name` (what it is called) and `facts` are asked for only where a row is printed: of a large library most are not.
    """

    kind: EntryKind
    title: str
    text: str
    address: str
    language: str
    name: Callable[[], str]
    facts: Callable[[], tuple[str, ...]]
    minutes: int
    slug: str
    area: Area | None
    level: Level | None
    stand: str
    passages: tuple[tuple[str, str], ...] = ()
    skills: Mapping[str, str] = field(default_factory=dict)


class Finder(Protocol):
    """A search over entries. `show` is called once with the entries of the page, before their places are asked for."""

    def weight(self, entry: Entry) -> int | None:
        """How well an entry fits; None where it is not found. Without words everything is found alike."""

    def show(self, entries: Sequence[Entry]) -> None:
        """Get ready to say where in these entries the words stand."""

    def places(self, entry: Entry) -> tuple[FoundPlace, ...]:
        """Where in an entry the words stand."""

    def marked(self, text: str, *, language: str) -> Markup:
        """The text with every word marked that was searched for."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row as printed: the words that were searched for are marked."""

    kind: str
    title: Markup
    text: Markup
    places: tuple[FoundPlace, ...]
    address: str
    language: str
    facts: tuple[str, ...]
    slug: str
    is_course: bool


@dataclass(frozen=True, slots=True)
class FacetChoice:
    """A box to tick, with the number of rows it would leave."""

    id: str
    value: str
    text: str
    count: int
    is_checked: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A group of boxes; ticks within a group widen, groups narrow."""

    name: str
    title: str
    choices: tuple[FacetChoice, ...]


@dataclass(frozen=True, slots=True)
class CataloguePage:
    """All that templates/library/catalogue.html prints. `is_bare`: there is nothing to search in."""

    title: str
    address: str
    query: str
    filters: tuple[tuple[str, str], ...]
    is_bare: bool
    filter_title: str
    filter_text: str
    facets: tuple[Facet, ...]
    sorting: tuple[SelectChoice, ...]
    rows: tuple[Row, ...]
    count_text: str
    reset_address: str
    reset_text: str
    search_address: str
    place_text: str = ""
    previous: str = ""
    next: str = ""


def entries_of(editions: Iterable[Edition]) -> Iterator[Entry]:
    """Everything that the catalogue can list."""
    for edition in editions:
        yield _course_entry(edition)
        for module, aid in job_aids(edition):
            course = edition.course
            yield Entry(
                kind=EntryKind.JOB_AID,
                title=job_aid_title(aid),
                text="",
                address=CourseAddresses(course.slug).job_aid(module.slug, aid.anchor),
                language=module.language,
                name=lambda: _("Arbeitshilfe"),
                facts=partial(job_aid_facts, course.title, module.reviewed),
                minutes=0,
                slug=course.slug,
                area=course.area,
                level=course.level,
                stand=str(module.reviewed or ""),
            )


def job_aid_facts(course_title: str, reviewed: datetime.date | None) -> tuple[str, ...]:
    """What is said beside a job aid."""
    month = [_("Stand %(month)s", month=month_text(reviewed))] if reviewed else []
    return (_("Zum Drucken"), *month, course_title)


def _course_entry(edition: Edition) -> Entry:
    course = edition.course
    is_notice = course.kind is CourseKind.NOTICE
    passages = [("", edition.rendered.description.search_text)]
    for number, module in enumerate(course.modules, start=1):
        text = edition.rendered.modules[module.slug].search_text
        passages.append(("" if is_notice else _("Modul %(number)d", number=number), f"{module.title}\n{text}"))
    return Entry(
        kind=EntryKind.NOTICE if is_notice else EntryKind.COURSE,
        title=course.title,
        text=course.summary,
        address=CourseAddresses(course.slug).course(),
        language=course.language,
        name=partial(kind_text, course.kind),
        facts=lambda: tuple(_course_facts(edition)),
        minutes=course_minutes(edition),
        slug=course.slug,
        area=course.area,
        level=course.level,
        stand=str(course.reviewed or course.valid_from or ""),
        passages=tuple(passages),
    )


def _course_facts(edition: Edition) -> Iterator[str]:
    course = edition.course
    if course.kind is CourseKind.NOTICE:
        if course.valid_from:
            yield _("gültig ab %(date)s", date=date_text(course.valid_from))
    else:
        yield ngettext("%(num)d Modul", "%(num)d Module", len(course.modules))
    yield _("%(minutes)d Minuten", minutes=course_minutes(edition))
    if course.level and course.kind is not CourseKind.NOTICE:
        yield level_text(course.level)


def catalogue_page(
    entries: Sequence[Entry], query: Query, *, address: str, finder: Finder | None = None, search_address: str = ""
) -> CataloguePage:
    """The catalogue for a query. Facets count what the words found, whatever else is ticked in their own group.

    Without a `finder` the texts of the entries themselves are searched.
    """
    finder = finder or EntryFinder.of(query.words, entries)
    found = [(entry, weight) for entry in entries if (weight := finder.weight(entry)) is not None]
    listed = [(entry, weight) for entry, weight in found if all(_passes(entry, query))]
    listed.sort(key=lambda pair: _sort_key(*pair, sorting=query.sorting))
    last = max(1, -(-len(listed) // PAGE_ROWS))
    number = min(query.page, last)
    shown = [entry for entry, _weight in listed[(number - 1) * PAGE_ROWS : number * PAGE_ROWS]]
    finder.show(shown)
    everything = replace(query, **_NO_FILTERS)
    return CataloguePage(
        title=_title(query, len(listed)),
        address=address,
        search_address=search_address or address,
        query=query.words,
        filters=tuple(query.fields()),
        is_bare=not entries,
        filter_title=_("Filter und Sortierung")
        if not query.filter_count
        else ngettext("Filter (%(num)d aktiv)", "Filter (%(num)d aktiv)", query.filter_count),
        filter_text=_("für „%(words)s“", words=query.words) if query.words else "",
        facets=tuple(_facets([entry for entry, _weight in found], query)),
        sorting=tuple(
            SelectChoice(value.value, text, value is query.sorting) for value, text in _sorting_texts().items()
        ),
        rows=tuple(_row(entry, finder) for entry in shown),
        count_text=_count_text(query, len(listed)),
        reset_address=everything.address(address) if query.filter_count else "",
        reset_text=_("Filter entfernen"),
        place_text=_("Seite %(number)d von %(count)d", number=number, count=last) if last > 1 else "",
        previous=query.at(number - 1).address(address) if number > 1 else "",
        next=query.at(number + 1).address(address) if number < last else "",
    )


_NO_FILTERS: dict[str, Any] = {
    "areas": frozenset(),
    "kinds": frozenset(),
    "levels": frozenset(),
    "durations": frozenset(),
    "skills": frozenset(),
    "languages": frozenset(),
    "sorting": Sorting.RELEVANCE,
    "page": 1,
}


@dataclass(slots=True)
class EntryFinder:
    """Searches the texts that the entries carry."""

    search: Search
    hits: dict[str, Hit]

    @classmethod
    def of(cls, words: str, entries: Sequence[Entry]) -> "EntryFinder":
        """A search for `words` in all entries."""
        texts = [text for entry in entries for text in (entry.title, entry.text, *(own for _p, own in entry.passages))]
        search = Search.of(words, texts)
        hits = {entry.address: hit for entry in entries if (hit := _hit(entry, search))}
        return cls(search, hits)

    def weight(self, entry: Entry) -> int | None:
        """How well an entry fits; None where it is not found."""
        hit = self.hits.get(entry.address)
        return hit.weight if hit else None

    def show(self, entries: Sequence[Entry]) -> None:
        """Everything is known already."""

    def places(self, entry: Entry) -> tuple[FoundPlace, ...]:
        """The first passage with one of the words."""
        where = self.hits[entry.address].where
        return (FoundPlace(where),) if where else ()

    def marked(self, text: str, *, language: str) -> Markup:
        """The text with every word marked that was searched for."""
        return self.search.marked(text, language=language)


def _hit(entry: Entry, search: Search) -> Hit | None:
    return search.hit(title=entry.title, text=entry.text, passages=entry.passages, language=entry.language)


def _title(query: Query, count: int) -> str:
    return (
        _("Katalog: %(count)s für „%(words)s“", count=_count_text(query, count), words=query.words)
        if query.words
        else _("Katalog")
    )


def _count_text(query: Query, count: int) -> str:
    if query.words or query.filter_count:
        return ngettext("%(num)d Treffer", "%(num)d Treffer", count)
    return ngettext("%(num)d Eintrag", "%(num)d Einträge", count)


def _passes(entry: Entry, query: Query) -> Iterator[bool]:
    """Whether the entry passes each group of boxes; an empty group lets all pass."""
    yield not query.areas or entry.area in query.areas
    yield not query.kinds or entry.kind in query.kinds
    yield not query.levels or entry.level in query.levels
    yield not query.durations or _duration(entry) in query.durations
    yield not query.skills or not query.skills.isdisjoint(entry.skills)
    yield not query.languages or entry.language in query.languages


def _duration(entry: Entry) -> Duration | None:
    if entry.kind is EntryKind.JOB_AID:
        return None
    if entry.minutes <= SHORT_MINUTES:
        return Duration.SHORT
    return Duration.MIDDLE if entry.minutes <= LONG_MINUTES else Duration.LONG


def _sort_key(entry: Entry, weight: int, *, sorting: Sorting) -> tuple[object, ...]:
    title = folded(entry.title)
    match sorting:
        case Sorting.TITLE:
            return (title, entry.address)
        case Sorting.DURATION:
            return (entry.kind is EntryKind.JOB_AID, entry.minutes, title, entry.address)
        case Sorting.NEWEST:
            return (tuple(-ord(sign) for sign in entry.stand) or (0,), title, entry.address)
        case Sorting.RELEVANCE:
            areas = list(Area)
            area = areas.index(entry.area) if entry.area else len(areas)
            return (-weight, entry.kind is EntryKind.JOB_AID, area, title, entry.address)


def _sorting_texts() -> dict[Sorting, str]:
    return {
        Sorting.RELEVANCE: _("Passende zuerst"),
        Sorting.TITLE: _("Titel"),
        Sorting.DURATION: _("Dauer"),
        Sorting.NEWEST: _("Stand, neueste zuerst"),
    }


def _row(entry: Entry, finder: Finder) -> Row:
    return Row(
        kind=entry.name(),
        title=finder.marked(entry.title, language=entry.language),
        text=finder.marked(entry.text, language=entry.language),
        places=finder.places(entry),
        address=entry.address,
        language=entry.language,
        facts=entry.facts(),
        slug=entry.slug,
        is_course=entry.kind is not EntryKind.JOB_AID,
    )


def _facets(entries: Sequence[Entry], query: Query) -> Iterator[Facet]:
    """The groups of boxes that would change anything: with at least two different values, or a tick."""
    skills = {key: name for entry in entries for key, name in entry.skills.items()}
    languages = sorted({entry.language for entry in entries} | query.languages)
    by_name = dict(sorted(skills.items(), key=lambda skill: (folded(skill[1]), skill[0])))
    groups: tuple[tuple[str, str, list[Collection[str]], Mapping[str, str]], ...] = (
        ("thema", _("Themenfeld"), [_one(entry.area) for entry in entries], _texts(Area, area_text)),
        ("kompetenz", _("Kompetenz"), [entry.skills for entry in entries], by_name),
        ("art", _("Art"), [_one(entry.kind) for entry in entries], _texts(EntryKind, _kind_text)),
        ("niveau", _("Niveau"), [_one(entry.level) for entry in entries], _texts(Level, level_text)),
        ("dauer", _("Dauer"), [_one(_duration(entry)) for entry in entries], _texts(Duration, _duration_text)),
        (
            "kurssprache",
            _("Sprache"),
            [_one(entry.language) for entry in entries],
            {language: LANGUAGES.get(language, language) for language in languages},
        ),
    )
    ticked = dict(query.filters)
    for name, title, values, texts in groups:
        yield from _facet(name, title, values, texts, ticked=ticked[name])


def _one(value: str | None) -> Collection[str]:
    return () if value is None else (value,)


def _texts(kind: type[Value], text: Callable[[Value], str]) -> dict[str, str]:
    return {value.value: text(value) for value in kind}


def _facet(
    name: str, title: str, values: Sequence[Collection[str]], texts: Mapping[str, str], *, ticked: Collection[str]
) -> Iterator[Facet]:
    counts = Counter(str(value) for own in values for value in own)
    order = [*texts, *(value for value in sorted(ticked) if value not in texts)]
    choices = tuple(
        FacetChoice(f"{name}-{value}", value, texts.get(value, value), counts[value], value in ticked)
        for value in order
        if counts[value] or value in ticked
    )
    if len(choices) > 1 or ticked:
        yield Facet(name, title, choices)


def _kind_text(kind: EntryKind) -> str:
    return {
        EntryKind.COURSE: _("Kurs"),
        EntryKind.NOTICE: _("Kurzinfo"),
        EntryKind.JOB_AID: _("Arbeitshilfe"),
    }[kind]


def _duration_text(duration: Duration) -> str:
    return {
        Duration.SHORT: _("bis 15 Minuten"),
        Duration.MIDDLE: _("15 bis 60 Minuten"),
        Duration.LONG: _("über 60 Minuten"),
    }[duration]

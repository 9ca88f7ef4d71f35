"""The catalogue, computed: search over titles and texts, facets with counts, sorting. Works on any set of editions."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from markupsafe import Markup

from courses.course import Area, CourseKind, Level
from learning.language import date_text, month_text, ngettext
from learning.language import gettext as _
from learning.library.addresses import CourseAddresses
from learning.library.course_pages import area_text, course_minutes, job_aid_title, job_aids, kind_text, level_text
from learning.library.preparation import Edition
from learning.library.search import Hit, Search
from learning.web.links import SelectChoice

LONGEST_QUERY = 200
SHORT_MINUTES = 15
LONG_MINUTES = 60
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
    """What a reader asked for. Values that the page does not offer are left out."""

    words: str = ""
    areas: frozenset[Area] = frozenset()
    kinds: frozenset[EntryKind] = frozenset()
    levels: frozenset[Level] = frozenset()
    durations: frozenset[Duration] = frozenset()
    sorting: Sorting = Sorting.RELEVANCE

    @property
    def filter_count(self) -> int:
        """How many boxes are ticked."""
        return len(self.areas) + len(self.kinds) + len(self.levels) + len(self.durations)


@dataclass(frozen=True, slots=True)
class Entry:
    """Something in the catalogue: a course, a notice, a job aid."""

    kind: EntryKind
    title: str
    text: str
    address: str
    language: str
    facts: tuple[str, ...]
    minutes: int
    slug: str
    area: Area | None
    level: Level | None
    stand: str
    passages: tuple[tuple[str, str], ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row as printed: the words that were searched for are marked."""

    kind: str
    title: Markup
    text: Markup
    where: Markup
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


def read_query(arguments: Mapping[str, Sequence[str]]) -> Query:
    """The query in the address of the page."""
    return Query(
        words=" ".join("".join(arguments.get("suche", ())[:1])[:LONGEST_QUERY].split()),
        areas=_values(Area, arguments.get("thema", ())),
        kinds=_values(EntryKind, arguments.get("art", ())),
        levels=_values(Level, arguments.get("niveau", ())),
        durations=_values(Duration, arguments.get("dauer", ())),
        sorting=next(iter(_values(Sorting, arguments.get("sortierung", ())[:1])), Sorting.RELEVANCE),
    )


def _values(kind: type[Value], texts: Iterable[str]) -> frozenset[Value]:
    known = {value.value for value in kind}
    return frozenset(kind(text) for text in texts if text in known)


def entries_of(editions: Iterable[Edition]) -> Iterator[Entry]:
    """Everything that the catalogue can list."""
    for edition in editions:
        yield _course_entry(edition)
        for module, aid in job_aids(edition):
            course = edition.course
            facts = [_("Zum Drucken"), course.title]
            if module.reviewed:
                facts.insert(1, _("Stand %(month)s", month=month_text(module.reviewed)))
            yield Entry(
                kind=EntryKind.JOB_AID,
                title=job_aid_title(aid),
                text="",
                address=CourseAddresses(course.slug).job_aid(module.slug, aid.anchor),
                language=module.language,
                facts=tuple(facts),
                minutes=0,
                slug=course.slug,
                area=course.area,
                level=course.level,
                stand=str(module.reviewed or ""),
                name=_("Arbeitshilfe"),
            )


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
        facts=tuple(_course_facts(edition)),
        minutes=course_minutes(edition),
        slug=course.slug,
        area=course.area,
        level=course.level,
        stand=str(course.reviewed or course.valid_from or ""),
        passages=tuple(passages),
        name=kind_text(course.kind),
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


def catalogue_page(entries: Sequence[Entry], query: Query, *, address: str) -> CataloguePage:
    """The catalogue for a query. Facets count what the words found, whatever else is ticked in their own group."""
    search = Search.of(query.words, [text for entry in entries for text in (entry.title, entry.text, *_texts(entry))])
    found = [(entry, hit) for entry in entries if (hit := _hit(entry, search))]
    listed = [(entry, hit) for entry, hit in found if all(_passes(entry, query))]
    listed.sort(key=lambda pair: _sort_key(*pair, sorting=query.sorting))
    return CataloguePage(
        title=_title(query, len(listed)),
        address=address,
        query=query.words,
        filters=tuple(_filter_fields(query)),
        is_bare=not entries,
        filter_title=_("Filter und Sortierung")
        if not query.filter_count
        else ngettext("Filter (%(num)d aktiv)", "Filter (%(num)d aktiv)", query.filter_count),
        filter_text=_("für „%(words)s“", words=query.words) if query.words else "",
        facets=tuple(_facets(found, query)),
        sorting=tuple(
            SelectChoice(value.value, text, value is query.sorting) for value, text in _sorting_texts().items()
        ),
        rows=tuple(_row(entry, hit, search) for entry, hit in listed),
        count_text=_count_text(query, len(listed)),
        reset_address=_reset_address(query, address) if query.filter_count else "",
        reset_text=_("Filter entfernen"),
    )


def _texts(entry: Entry) -> list[str]:
    return [text for _place, text in entry.passages]


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


def _duration(entry: Entry) -> Duration | None:
    if entry.kind is EntryKind.JOB_AID:
        return None
    if entry.minutes <= SHORT_MINUTES:
        return Duration.SHORT
    return Duration.MIDDLE if entry.minutes <= LONG_MINUTES else Duration.LONG


def _sort_key(entry: Entry, hit: Hit, *, sorting: Sorting) -> tuple[object, ...]:
    title = entry.title.casefold()
    match sorting:
        case Sorting.TITLE:
            return (title,)
        case Sorting.DURATION:
            return (entry.kind is EntryKind.JOB_AID, entry.minutes, title)
        case Sorting.NEWEST:
            return (tuple(-ord(sign) for sign in entry.stand) or (0,), title)
        case Sorting.RELEVANCE:
            areas = list(Area)
            area = areas.index(entry.area) if entry.area else len(areas)
            return (-hit.weight, entry.kind is EntryKind.JOB_AID, area, title)


def _sorting_texts() -> dict[Sorting, str]:
    return {
        Sorting.RELEVANCE: _("Passende zuerst"),
        Sorting.TITLE: _("Titel"),
        Sorting.DURATION: _("Dauer"),
        Sorting.NEWEST: _("Stand, neueste zuerst"),
    }


def _row(entry: Entry, hit: Hit, search: Search) -> Row:
    return Row(
        kind=entry.name,
        title=search.marked(entry.title, language=entry.language),
        text=search.marked(entry.text, language=entry.language),
        where=hit.where,
        address=entry.address,
        language=entry.language,
        facts=entry.facts,
        slug=entry.slug,
        is_course=entry.kind is not EntryKind.JOB_AID,
    )


def _filter_fields(query: Query) -> Iterator[tuple[str, str]]:
    groups: tuple[tuple[str, Collection[StrEnum]], ...] = (
        ("thema", query.areas),
        ("art", query.kinds),
        ("niveau", query.levels),
        ("dauer", query.durations),
    )
    for name, values in groups:
        for value in sorted(values):
            yield name, value.value
    if query.sorting is not Sorting.RELEVANCE:
        yield "sortierung", query.sorting.value


def _reset_address(query: Query, address: str) -> str:
    return f"{address}?{urlencode({'suche': query.words})}" if query.words else address


def _facets(found: Sequence[tuple[Entry, Hit]], query: Query) -> Iterator[Facet]:
    """The groups of boxes that would change anything: with at least two different values, or a tick."""
    entries = [entry for entry, _hit_ in found]
    yield from _facet("thema", _("Themenfeld"), [entry.area for entry in entries], query.areas, area_text)
    yield from _facet("art", _("Art"), [entry.kind for entry in entries], query.kinds, _kind_text)
    yield from _facet("niveau", _("Niveau"), [entry.level for entry in entries], query.levels, level_text)
    yield from _facet("dauer", _("Dauer"), [_duration(entry) for entry in entries], query.durations, _duration_text)


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


def _facet(
    name: str, title: str, values: Sequence[Value | None], ticked: Collection[Value], text: Callable[[Value], str]
) -> Iterator[Facet]:
    present = {value for value in values if value is not None} | set(ticked)
    order = list(type(next(iter(present)))) if present else []
    choices = tuple(
        FacetChoice(f"{name}-{value.value}", value.value, text(value), values.count(value), value in ticked)
        for value in order
        if value in present
    )
    if len(choices) > 1 or ticked:
        yield Facet(name, title, choices)

"""The places of a course that a search can lead to, and the terms by which they are found. Pure: no database here."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from courses.course import CourseKind
from courses.search_terms import compound_parts, folded, known_words, search_terms, stem
from courses.segments import Html, JobAid, QuestionSlot, RenderedModule, Segment
from learning.library.course_pages import job_aid_title
from learning.library.preparation import Edition
from learning.web.rendering import plain_text

LONGEST_TERM = 80
LONGEST_TITLE = 300
LINKS = ("s", "es", "n", "en")
SHORTEST_REMAINDER = 5
_SECTION = re.compile(r'<h[23]\b[^>]*\bid="abschnitt-([a-z0-9-]+)"[^>]*>(.*?)</h[23]>', re.DOTALL)
# An explanation stands inside the text once for each term; it is found at the term.
_TERM = re.compile(r'<span class="term__text" id="begriff-(\d+)"[^>]*>.*?</span>', re.DOTALL)
_FOR_EAR = re.compile(r'<span class="for-ear">.*?</span>', re.DOTALL)
_BLOCK = re.compile(
    r"</?(?:p|div|li|ul|ol|dl|h[1-6]|td|th|tr|dt|dd|figure|figcaption|summary|details|blockquote|pre|br)\b[^>]*>"
)
_WORD = re.compile(r"\w+")


class PlaceKind(StrEnum):
    """What a place is."""

    COURSE = "course"
    SECTION = "section"
    TERM = "term"
    JOB_AID = "job_aid"


TITLE_WEIGHTS = {PlaceKind.COURSE: 12, PlaceKind.JOB_AID: 8, PlaceKind.TERM: 5, PlaceKind.SECTION: 4}
TEXT_WEIGHTS = {PlaceKind.COURSE: 3, PlaceKind.JOB_AID: 1, PlaceKind.TERM: 1, PlaceKind.SECTION: 1}


@dataclass(frozen=True, slots=True)
class Place:
    """A place with what it says. `anchor` is that of a section or job aid, empty for the beginning of the page."""

    kind: PlaceKind
    title: str
    text: str
    module_slug: str = ""
    module_number: int = 0
    anchor: str = ""


@dataclass(slots=True)
class _Section:
    anchor: str
    title: str
    texts: list[str] = field(default_factory=list)
    terms: list[int] = field(default_factory=list)


def places_of(edition: Edition) -> Iterator[Place]:
    """All places of a course in one language, in reading order."""
    course = edition.course
    is_notice = course.kind is CourseKind.NOTICE
    # The text of a notice is its one module, so its description would be found twice.
    about = "" if is_notice else spoken(edition.rendered.description.segments)
    yield Place(PlaceKind.COURSE, course.title, "\n".join(filter(None, (course.summary, *course.objectives, about))))
    explained: dict[int, tuple[str, int, str]] = {}
    for number, module in enumerate(course.modules, start=1):
        rendered = edition.rendered.modules[module.slug]
        aids = {aid.anchor: aid for aid in rendered.job_aids}
        for section in _sections(rendered, title=module.title):
            for term in section.terms:
                explained.setdefault(term, (module.slug, number, section.anchor))
            text = "\n".join(filter(None, section.texts))
            place = (module.slug, number, section.anchor)
            if section.anchor in aids:
                yield Place(PlaceKind.JOB_AID, job_aid_title(aids[section.anchor]), text, *place)
            elif text or not is_notice:
                yield Place(PlaceKind.SECTION, section.title, text, *place)
    for position, entry in enumerate(course.terms, start=1):
        if position in explained:
            yield Place(PlaceKind.TERM, entry.name, entry.explanation, *explained[position])


def _sections(rendered: RenderedModule, *, title: str) -> list[_Section]:
    """The text of a module by its headings of level 2 and 3; what stands before the first has the module's title.

    A job aid is one section with all that is below its heading.
    """
    aids = {aid.anchor: aid for aid in rendered.job_aids}
    found = [_Section("", title)]
    inside = False
    for segment in rendered.segments:
        match segment:
            case QuestionSlot(position):
                question = rendered.questions[position]
                found[-1].texts.append(_question_text(question.heading.html, question.stem.html))
            case Html(html):
                parts = _SECTION.split(html)
                _take(found[-1], parts[0])
                for anchor, heading, body in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
                    inside = anchor in aids or (inside and _is_part(aids, found[-1].anchor, anchor))
                    if anchor in aids or not inside:
                        found.append(_Section(anchor, plain_text(heading)))
                    else:
                        _take(found[-1], heading)
                    _take(found[-1], body)
            case _:
                continue
    return found


def _is_part(aids: dict[str, JobAid], aid: str, anchor: str) -> bool:
    marked = f'id="abschnitt-{anchor}"'
    return any(isinstance(segment, Html) and marked in segment.html for segment in aids[aid].segments)


def _take(section: _Section, html: str) -> None:
    section.terms += [int(number) for number in _TERM.findall(html)]
    section.texts.append(_words_of(html))


def _words_of(html: str) -> str:
    text = _FOR_EAR.sub("", _TERM.sub("", html))
    return "\n".join(filter(None, (plain_text(part) for part in _BLOCK.split(text))))


def _question_text(heading: str, stem: str) -> str:
    """What is asked; never an answer or an explanation."""
    return "\n".join(filter(None, (_words_of(heading), _words_of(stem))))


def spoken(segments: Iterable[Segment]) -> str:
    """The words of finished segments, without questions."""
    return "\n".join(_words_of(segment.html) for segment in segments if isinstance(segment, Html))


def words_of(places: Iterable[Place]) -> frozenset[str]:
    """The words of places that may stand in compounds of the whole library."""
    return known_words(text for place in places for text in (place.title, place.text))


def split_words(text: str) -> tuple[str, ...]:
    """The folded words of a text, each once."""
    return tuple(dict.fromkeys(_WORD.findall(folded(text))))


@dataclass(slots=True)
class Terms:
    """Finds the weighted terms of places; `known` may be parts of compounds. Each word is taken apart once."""

    language: str
    known: Collection[str]
    _kept: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, kind: PlaceKind, title: str, text: str) -> dict[str, int]:
        """The terms of a place with their weights: those of the title count more."""
        weights: dict[str, int] = {}
        for content, weight in ((text, TEXT_WEIGHTS[kind]), (title, TITLE_WEIGHTS[kind])):
            for word in split_words(content):
                for term in self._terms(word):
                    weights[term] = max(weight, weights.get(term, 0))
        return weights

    def _terms(self, word: str) -> tuple[str, ...]:
        if word not in self._kept:
            found = [*search_terms(word, language=self.language, known=self.known)]
            found += [stem(rest, language=self.language) for rest in remainders(word, self.known)]
            self._kept[word] = tuple(dict.fromkeys(term[:LONGEST_TERM] for term in found))
        return self._kept[word]


def remainders(word: str, known: Collection[str]) -> tuple[str, ...]:
    """What is left of a compound behind its known beginning, with and without a linking letter, as far as it is long.

    So "Vergabe" finds "Terminvergabe" in a library where nothing but "Termin" stands by itself.
    """
    parts = compound_parts(word, known)
    if not parts or not word.startswith(parts[0]):
        return ()
    rest = word[len(parts[0]) :]
    candidates = (rest, *(rest.removeprefix(link) for link in LINKS if rest.startswith(link)))
    return tuple(candidate for candidate in candidates if len(candidate) >= SHORTEST_REMAINDER)

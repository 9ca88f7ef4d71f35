"""The page of a lesson, computed: its text in runs, its questions as cards, contents, way back and on."""

import functools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, TypeAlias, assert_never

from courses.course import Course, CourseKind, Module
from courses.markdown.anchors import section_id
from courses.rendering.entries import filled, has_entries
from courses.segments import FactEntry, Html, LocalEntry, QuestionSlot, RenderedModule, Resolution, SectionEnd, Segment
from learning.language import gettext as _
from learning.language import language_note, month_text
from learning.library.addresses import CATALOGUE, CourseAddresses
from learning.library.course_pages import kind_text
from learning.library.pieces import TextPiece, fact_words, local_words, text_piece
from learning.library.preparation import Edition, PreparedCourse
from learning.study.courses.pages import track
from learning.study.lessons.practice_pages import (
    PracticePlace,
    QuestionCard,
    open_card,
    question_anchor,
    resolution_anchor,
    resolution_card,
)
from learning.web.links import Link
from quizzes.canonical import with_passages
from quizzes.questions import Passage, Question


@dataclass(frozen=True, slots=True)
class QuestionPiece:
    """The place of a question."""

    kind: ClassVar[str] = "question"
    card: QuestionCard


@dataclass(frozen=True, slots=True)
class LinkPiece:
    """A tool at the end of a section."""

    kind: ClassVar[str] = "link"
    link: Link


Piece: TypeAlias = TextPiece | QuestionPiece | LinkPiece


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of the text that stands by itself, so that something can be put before it."""

    index: int
    first_line: int
    segments: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class ContentsLine:
    """A line of the table of contents; `anchor` is the id in the page."""

    anchor: str
    title: str
    level: int


@dataclass(frozen=True, slots=True)
class LessonPage:
    """All that templates/study/module.html prints. `track` has one class name a module, empty for those to come."""

    title: str
    language: str
    language_note: str
    course: Link
    place: str
    track: tuple[str, ...]
    facts: tuple[str, ...]
    contents: tuple[ContentsLine, ...]
    runs: tuple[Run, ...]
    previous: Link | None
    previous_label: str
    next: Link | None
    next_label: str
    has_mistake: bool = False
    study: "LessonStudy | None" = None


@dataclass(frozen=True, slots=True)
class Ending:
    """The way on from a lesson that is counted. `open_questions` are those still to be answered, after "weiter"."""

    address: str
    label: str
    text: str
    note: str
    confirmation: str = ""
    is_done: bool = False
    open_questions: tuple[Link, ...] = ()
    onward: Link | None = None


@dataclass(frozen=True, slots=True)
class LessonStudy:
    """What a person's own lesson has beside the text. `place` is the anchor where they read last, empty for none.

    `place_address` takes places of reading; `cards` are the questions that they have answered, by anchor.
    """

    place_address: str
    place: str
    place_title: str
    track: tuple[str, ...]
    cards: Mapping[str, QuestionCard]
    ending: Ending | None
    edition: str


@dataclass(frozen=True, slots=True)
class Lesson:
    """A module of an edition with everything its page is made from. `seed` decides the order of answers."""

    prepared: PreparedCourse
    edition: Edition
    module: Module
    seed: str

    @property
    def course(self) -> Course:
        """The course in this edition's language."""
        return self.edition.course

    @property
    def rendered(self) -> RenderedModule:
        """The module's text and questions."""
        return self.edition.rendered.modules[self.module.slug]

    @property
    def position(self) -> int:
        """Its place among the modules of the course, from 0."""
        return [other.slug for other in self.course.modules].index(self.module.slug)

    @property
    def after(self) -> Module | None:
        """The module that follows, None for the last one."""
        return next(iter(self.course.modules[self.position + 1 :]), None)

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions, with local entries and facts filled in anew each time."""
        return tuple(map(self.filled_in, self.rendered.questions))

    def question(self, question_id: str) -> Question | None:
        """One question, with local entries and facts filled in; None where the lesson has none with this id."""
        return next((self.filled_in(one) for one in self.rendered.questions if one.id == question_id), None)

    def filled_in(self, question: Question) -> Question:
        """A question of this lesson with local entries and facts filled in."""
        return with_passages(question, self._filled) if names_entries(question) else question

    def _filled(self, passage: Passage) -> Passage:
        if not any(has_entries(piece) for piece in passage.pieces):
            return passage
        pieces = (
            filled(
                piece,
                local=lambda key: str(local_words(self.prepared, key)),
                fact=lambda key: str(fact_words(self.prepared, key)),
            )
            for piece in passage.pieces
        )
        return replace(passage, pieces=tuple(pieces))

    def place_of(self, question: Question) -> PracticePlace:
        """Where a question of this lesson stands."""
        scored = [other.id for other in self.rendered.questions if not other.attributes.is_before]
        number = scored.index(question.id) + 1 if question.id in scored else 0
        return PracticePlace(self.course, self.edition.rendered, self.module.slug, number, len(scored))


@functools.lru_cache(maxsize=4096)
def names_entries(question: Question) -> bool:
    """Whether any text of a question names a local entry or a fact. Few do, and a page shows many questions."""
    found = []

    def look(passage: Passage) -> Passage:
        found.append(any(has_entries(piece) for piece in passage.pieces))
        return passage

    with_passages(question, look)
    return any(found)


def lesson_page(lesson: Lesson, *, card: QuestionCard | None = None, study: LessonStudy | None = None) -> LessonPage:
    """The page of a lesson; `card` replaces the open card of the question with the same anchor.

    With `study` it is the page of a person who learns: with the answers they gave, their progress and the way on.
    """
    course, module = lesson.course, lesson.module
    position, after = lesson.position, lesson.after
    before = course.modules[position - 1] if position else None
    address = CourseAddresses(course.slug)
    # The page of a notice is its text: a way back to it would lead nowhere.
    is_notice = course.kind is CourseKind.NOTICE
    answered = dict(study.cards) if study else {}
    cards = _cards(lesson, {**answered, card.anchor: card} if card else answered)
    return LessonPage(
        title=module.title,
        language=module.language,
        language_note=language_note(module.language),
        course=Link(CATALOGUE, _("Katalog")) if is_notice else Link(address.course(), course.title),
        place=kind_text(course.kind)
        if is_notice
        else _("Modul %(number)d von %(count)d", number=position + 1, count=len(course.modules)),
        track=_track(lesson, position, study),
        facts=tuple(
            filter(None, (*module_facts(lesson.rendered.reading.minutes, module), study.edition if study else ""))
        ),
        contents=tuple(
            ContentsLine(section_id(heading.anchor), heading.title, heading.level)
            for heading in lesson.rendered.contents
        ),
        runs=tuple(_runs(lesson, cards)),
        previous=Link(address.module(before.slug), before.title) if before else None,
        previous_label=_("Zurück: Modul %(number)d", number=position),
        next=Link(address.module(after.slug), after.title) if after else None,
        next_label=next_label(lesson),
        has_mistake=bool(card and card.mistake),
        study=study,
    )


def _track(lesson: Lesson, position: int, study: LessonStudy | None) -> tuple[str, ...]:
    """The steps of a short course; without a learner, those before this module count as done."""
    slugs = [one.slug for one in lesson.course.modules]
    return study.track if study else track(slugs, done=slugs[:position], current=lesson.module.slug)


def next_label(lesson: Lesson) -> str:
    """What stands above the title of the module that follows; empty for the last one."""
    if lesson.after is None:
        return ""
    minutes = lesson.edition.rendered.modules[lesson.after.slug].reading.minutes
    return _("Weiter: Modul %(number)d, %(minutes)d Minuten", number=lesson.position + 2, minutes=minutes)


def module_facts(minutes: int, module: Module) -> Iterator[str]:
    """The line of facts under the title of a module."""
    yield _("%(minutes)d Minuten", minutes=minutes)
    if module.reviewed:
        yield _("Stand %(month)s", month=month_text(module.reviewed))
    if module.is_optional:
        yield _("freiwillig")


CardOf: TypeAlias = Callable[[Segment], QuestionCard | None]


def _cards(lesson: Lesson, answered: Mapping[str, QuestionCard]) -> CardOf:
    """For a slot its card: the answered one of its anchor, open ones for all others."""
    questions = lesson.rendered.questions

    def card_of(segment: Segment) -> QuestionCard | None:
        match segment:
            case QuestionSlot(position):
                asked = questions[position]
                known = answered.get(question_anchor(asked))
                return known or open_card(lesson.filled_in(asked), lesson.place_of(asked), seed=lesson.seed)
            case Resolution(position):
                asked = questions[position]
                known = answered.get(resolution_anchor(asked))
                return known or resolution_card(lesson.filled_in(asked), lesson.place_of(asked), is_shown=False)
            case _:
                return None

    return card_of


def _runs(lesson: Lesson, card_of: CardOf) -> Iterator[Run]:
    """The segments in runs. A run ends after a question and after a section, the places where HTML is balanced."""
    pieces: list[Piece] = []
    first_line = 0
    index = 0
    for segment in lesson.rendered.segments:
        first_line = first_line or _line_of(segment)
        piece = _piece(segment, lesson, card_of)
        if piece is not None:
            pieces.append(piece)
        if isinstance(segment, QuestionSlot | SectionEnd | Resolution) and pieces:
            yield Run(index, first_line, tuple(pieces))
            index, pieces, first_line = index + 1, [], 0
    if pieces:
        yield Run(index, first_line, tuple(pieces))


def _line_of(segment: Segment) -> int:
    match segment:
        case Html() | QuestionSlot() | Resolution():
            return segment.first_line
        case LocalEntry() | FactEntry() | SectionEnd():
            return segment.line
        case _:
            assert_never(segment)


def _piece(segment: Segment, lesson: Lesson, card_of: CardOf) -> Piece | None:
    card = card_of(segment)
    if card:
        return QuestionPiece(card)
    if isinstance(segment, SectionEnd) and any(aid.anchor == segment.anchor for aid in lesson.rendered.job_aids):
        address = CourseAddresses(lesson.course.slug).job_aid(lesson.module.slug, segment.anchor)
        return LinkPiece(Link(address, _("Arbeitshilfe auf einem eigenen Blatt")))
    return text_piece(segment, lesson.prepared)

"""A person's own lesson: the module of the edition that they read, the answers they gave, the way on.

Loading takes three queries whatever the amount of data: what they did, the module, its questions.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from courses.course import CourseKind, Module, ModuleType
from courses.markdown.anchors import section_id
from learning.language import gettext as _
from learning.library.addresses import CourseAddresses
from learning.library.stored_editions import StoredModule, StoredQuestion, course_module, filled_in
from learning.people.viewer import Viewer
from learning.study.courses.pages import track
from learning.study.courses.state import CourseState, KeptAnswer, course_state
from learning.study.lessons.pages import Ending, Lesson, LessonStudy, next_label
from learning.study.lessons.practice_pages import (
    QuestionCard,
    answered_card,
    question_anchor,
    resolution_anchor,
    resolution_card,
)
from learning.web.links import Link
from learning.web.rendering import plain_text
from quizzes.canonical import key_revision
from quizzes.questions import Question
from quizzes.responses import from_json


@dataclass(frozen=True, slots=True)
class OwnLesson:
    """A module as one person has it."""

    state: CourseState
    stored: StoredModule
    lesson: Lesson

    @property
    def module(self) -> Module:
        """The module."""
        return self.stored.module

    @property
    def is_counted(self) -> bool:
        """Whether it is part of what can be completed: every module but that of a notice nobody has to confirm."""
        course = self.lesson.course
        return course.kind is not CourseKind.NOTICE or course.is_acknowledged

    def source_key(self, question_id: str) -> int:
        """The revision of a question in the course's own language, by which answers are kept."""
        return next(one.source_key for one in self.stored.questions if one.question.id == question_id)

    def open_questions(self) -> tuple[Question, ...]:
        """The questions that were not attempted yet, whatever edition asked them."""
        return tuple(one for one in self.lesson.rendered.questions if one.id not in self.state.answers)


def own_lesson(session: Session, viewer: Viewer, slug: str, module_slug: str, *, language: str) -> OwnLesson | None:
    """The module of an address in the edition that the viewer reads; None where there is none. Three queries."""
    state = course_state(session, slug, viewer.key)
    found = course_module(session, slug, module_slug, language=language, edition_key=state.edition_key)
    if found is None:
        return None
    module = filled_in(session, found)
    # The order of answers is the person's own and stays the same on every device.
    lesson = Lesson(module.stored.prepared, module.stored.edition, module.module, seed=str(viewer.id))
    return OwnLesson(state, module, lesson)


def lesson_study(own: OwnLesson, *, shows_open: bool = False) -> LessonStudy:
    """What the page shows of the person's own doing; `shows_open` names the questions still to be answered."""
    lesson, state = own.lesson, own.state
    place = state.places.get(own.module.id, "")
    titles = {section_id(heading.anchor): heading.title for heading in lesson.rendered.contents}
    address = CourseAddresses(lesson.course.slug).module(own.module.slug)
    is_notice = lesson.course.kind is CourseKind.NOTICE
    return LessonStudy(
        place_address="" if is_notice or state.is_completed else f"{address}/stelle",
        place=place if place in titles else "",
        place_title=titles.get(place, ""),
        track=track([one.id for one in lesson.course.modules], done=state.done, current=own.module.id),
        cards=dict(_answered_cards(own)),
        ending=_ending(own, shows_open=shows_open),
        edition="" if is_notice else _("Fassung %(number)d", number=own.stored.stored.number),
    )


def _answered_cards(own: OwnLesson) -> Iterator[tuple[str, QuestionCard]]:
    """The cards of questions that the person answered, where the answer still fits the question."""
    lesson = own.lesson
    if not own.state.answers:
        return
    for stored, asked in zip(own.stored.questions, lesson.rendered.questions, strict=True):
        kept = own.state.answers.get(asked.id)
        if kept is None or not _fits(kept, stored):
            continue
        question, place = lesson.filled_in(asked), lesson.place_of(asked)
        if kept.response is None:
            yield resolution_anchor(question), resolution_card(question, place, is_shown=True)
            continue
        response = from_json(kept.response)
        card = answered_card(question, place, seed=lesson.seed, response=response, shows_solution=False)
        yield question_anchor(question), card


def _fits(kept: KeptAnswer, stored: StoredQuestion) -> bool:
    """Whether an answer is shown again: the question is the same, or only its wording was corrected."""
    if kept.revision_key in (stored.source_key, stored.revision_key):
        return True
    return kept.key_revision == key_revision(stored.question)


def required_left(own: OwnLesson) -> tuple[str, ...]:
    """Ids of the required modules that are not done."""
    return tuple(one.id for one in own.lesson.course.modules if not one.is_optional and one.id not in own.state.done)


def _ending(own: OwnLesson, *, shows_open: bool) -> Ending | None:
    """The button at the end; where there is nothing to count, the page has its plain links."""
    if not own.is_counted or own.state.is_completed or own.module.id in own.state.done:
        return None
    course, after = own.lesson.course, own.lesson.after
    address = CourseAddresses(course.slug)
    completes = required_left(own) == (own.module.id,)
    onward = Link(address.module(after.slug), after.title) if after else Link(address.course(), course.title)
    label, text = _ending_words(own, completes=completes)
    left = own.open_questions() if shows_open else ()
    return Ending(
        address=f"{address.module(own.module.slug)}/weiter",
        label=label,
        text=text,
        note=_("Das Modul ist abgeschlossen, wenn Sie alle Fragen beantwortet haben und hier weitergehen.")
        if own.lesson.rendered.questions
        else "",
        confirmation=confirmation_text(own) if completes else "",
        open_questions=tuple(Link(f"#{question_anchor(one)}", _shortened(one)) for one in left),
        onward=onward,
    )


def _ending_words(own: OwnLesson, *, completes: bool) -> tuple[str, str]:
    if own.lesson.course.kind is CourseKind.NOTICE:
        return "", _("Zur Kenntnis genommen")
    if completes:
        return _("Das letzte Modul"), _("Kurs abschließen")
    if own.lesson.after is None:
        return _("Weiter"), _("Zurück zum Kurs")
    return next_label(own.lesson), own.lesson.after.title


def confirmation_text(own: OwnLesson) -> str:
    """What is confirmed by completing a course without a test (`completion.CONFIRMATION` names this wording)."""
    if any(one.type is ModuleType.TEST and not one.is_optional for one in own.lesson.course.modules):
        return ""
    if own.lesson.course.kind is CourseKind.NOTICE:
        return _("Sie bestätigen damit: Ich habe die Kurzinfo gelesen.")
    return _("Sie bestätigen damit: Ich habe die Inhalte verstanden und konnte Rückfragen stellen.")


LONGEST_HEADING = 120


def _shortened(question: Question) -> str:
    words = plain_text(question.heading.html)
    return words if len(words) <= LONGEST_HEADING else f"{words[:LONGEST_HEADING].rstrip()} …"

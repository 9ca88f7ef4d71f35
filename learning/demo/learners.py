"""What people do in courses, by the actions behind the pages: complete them, read half of them, take their tests."""

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.markdown.anchors import section_id
from learning.clock import LOCAL
from learning.demo.answers import right_answer, wrong_answer
from learning.language import SOURCE_LANGUAGE
from learning.library.models import EditionModule
from learning.library.stored_editions import course_module, filled_in
from learning.people.models import Person
from learning.people.viewer import Viewer, viewer_of_person
from learning.study.attempts import actions as attempt_actions
from learning.study.attempts.actions import SentAnswer
from learning.study.attempts.queries import attempt_of, newest_attempt, taken
from learning.study.courses.completion import finish_module
from learning.study.courses.enrolment import begin_again, enrol
from learning.study.lessons import practice
from learning.study.lessons.own_lessons import own_lesson
from learning.study.lessons.practice import GivenAnswer

A_QUESTION = datetime.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Module:
    """A module of the edition that somebody reads."""

    id: str
    slug: str
    is_test: bool


def modules_of(session: Session, edition_key: int) -> list[Module]:
    """The required modules of an edition, in their order."""
    columns = (EditionModule.module_id, EditionModule.slug, EditionModule.type)
    rows = session.execute(
        select(*columns)
        .where(EditionModule.edition_key == edition_key, EditionModule.is_optional.is_(False))
        .order_by(EditionModule.position)
    )
    return [Module(row.module_id, row.slug, row.type == "test") for row in rows]


def as_viewer(session: Session, person: Person, now: datetime.datetime) -> Viewer:
    """The person as who acts at that moment."""
    viewer = viewer_of_person(session, person.key, today=now.astimezone(LOCAL).date())
    assert viewer is not None, "nobody in the story is inactive"
    return viewer


def complete(session: Session, person: Person, slug: str, *, now: datetime.datetime) -> None:
    """Do all that a course requires, once more if it was completed before.

    Answers are not invented: those to questions would be deleted after 30 days, and what stays is the same.
    """
    taken_course = begin_again(session, slug, person.key, now=now)
    for module in modules_of(session, taken_course.edition_key):
        finish_module(session, taken_course.key, module.id, now=now)


def finish_lessons(session: Session, person: Person, slug: str, *, count: int, now: datetime.datetime) -> None:
    """Answer all questions of the first `count` lessons, some wrongly, and finish them."""
    viewer = as_viewer(session, person, now)
    taken_course = begin_again(session, slug, person.key, now=now)
    lessons = [module for module in modules_of(session, taken_course.edition_key) if not module.is_test]
    for module in lessons[:count]:
        answer_practice(session, viewer, slug, module.slug, count=None, now=now)
        finish_module(session, taken_course.key, module.id, now=now)


def answer_practice(
    session: Session, viewer: Viewer, slug: str, module_slug: str, *, count: int | None, now: datetime.datetime
) -> None:
    """Answer the first `count` questions of a lesson, or all; every third one wrongly."""
    own = own_lesson(session, viewer, slug, module_slug, language=SOURCE_LANGUAGE)
    assert own is not None, f"{slug}/{module_slug} is there"
    taken_course = enrol(session, slug, viewer.key, now=now)
    for index, question in enumerate(own.lesson.questions[:count]):
        is_right = index % 3 != 2
        response = right_answer(question) if is_right else wrong_answer(question)
        given = GivenAnswer(question.id, own.source_key(question.id), response, is_right)
        practice.keep_answer(session, taken_course.key, given, now=now)


def read_half(session: Session, person: Person, slug: str, *, lesson: int, now: datetime.datetime) -> None:
    """Open a lesson, counted from 0, answer its first question and stop reading in the middle."""
    viewer = as_viewer(session, person, now)
    taken_course = enrol(session, slug, person.key, now=now)
    module = [one for one in modules_of(session, taken_course.edition_key) if not one.is_test][lesson]
    own = own_lesson(session, viewer, slug, module.slug, language=SOURCE_LANGUAGE)
    assert own is not None, f"{slug}/{module.slug} is there"
    answer_practice(session, viewer, slug, module.slug, count=1, now=now)
    sections = [heading.anchor for heading in own.lesson.rendered.contents]
    anchor = section_of(sections)
    practice.keep_place(session, taken_course.key, module.id, anchor=anchor, now=now)


def section_of(anchors: Sequence[str]) -> str:
    """The address of the section in the middle of a page."""
    return section_id(anchors[len(anchors) // 2]) if anchors else ""


def take_test(
    session: Session, person: Person, slug: str, *, rng: Random, now: datetime.datetime, wrong: int = 0, left: int = 0
) -> None:
    """Take the test of a course: the first `wrong` answers are wrong; with `left` questions open it is not handed in.

    A test that somebody is in the middle of has its answers saved and nothing else.
    """
    viewer = as_viewer(session, person, now)
    taken_course = enrol(session, slug, person.key, now=now)
    module = next(one for one in modules_of(session, taken_course.edition_key) if one.is_test)
    found = course_module(session, slug, module.slug, language=SOURCE_LANGUAGE, edition_key=taken_course.edition_key)
    assert found is not None, f"{slug}/{module.slug} is there"
    attempt_id = attempt_actions.start_attempt(
        session,
        viewer,
        filled_in(session, found),
        enrolment_key=taken_course.key,
        after=attempts_before(session, taken_course.key, module.id),
        seed=f"{rng.getrandbits(64):016x}",
        now=now,
    )
    place = attempt_of(session, person.key, attempt_id)
    assert place is not None, "it was begun above"
    own = taken(session, place).answers.attempt
    for item, question in enumerate(own.asked[: len(own.asked) - left]):
        response = wrong_answer(question) if item < wrong else right_answer(question)
        sent = SentAnswer(
            str(uuid.UUID(int=rng.getrandbits(128), version=4)), item, 0, own.display(question).fields(response)
        )
        attempt_actions.save_answer(session, viewer, attempt_id, sent, now=now + (item + 1) * A_QUESTION)
    if not left:
        attempt_actions.submit(session, viewer, attempt_id, now=now + (len(own.asked) + 1) * A_QUESTION)


def attempts_before(session: Session, enrolment_key: int, module_id: str) -> int:
    """The number of the last attempt, 0 before the first."""
    last = newest_attempt(session, enrolment_key, module_id)
    return last.attempt.number if last else 0

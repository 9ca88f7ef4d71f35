"""Pages of a lesson: reading it, answering its questions, going on. What is kept is kept before it is shown.

Opening a page writes nothing. The enrolment opens with the first thing a person does there; the script of the page
tells where it is read as soon as it is open.
"""

import re
from dataclasses import replace

from flask import abort, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.course import CourseKind, ModuleType
from learning import clock
from learning.access import requires
from learning.database import db, unit_of_work
from learning.language import current_language
from learning.library.addresses import CourseAddresses
from learning.library.models import EditionModule
from learning.people.permissions import Action
from learning.people.web import current_viewer
from learning.study.blueprint import study
from learning.study.courses.completion import finish_module
from learning.study.courses.enrolment import UnknownCourse, enrol
from learning.study.lessons.own_lessons import OwnLesson, lesson_study, own_lesson
from learning.study.lessons.pages import lesson_page
from learning.study.lessons.practice import GivenAnswer, keep_answer, keep_place
from learning.study.lessons.practice_pages import (
    QuestionCard,
    answered_card,
    open_card,
    resolution_card,
    what_is_missing,
)
from learning.study.questions.sent_fields import answer_fields
from learning.web.declared_forms import takes
from quizzes.display import ANSWER_FIELD, Display
from quizzes.feedback import feedback
from quizzes.questions import Question
from quizzes.responses import UnreadableResponse

PART_HEADER = "Impuls-Teil"
PLACE = re.compile(r"(abschnitt-[a-z0-9-]{1,80})?")


@study.get("/kurse/<slug>/<module_slug>")
@requires(Action.COURSE_STUDY)
def module(slug: str, module_slug: str) -> ResponseReturnValue:
    """A lesson to read; a test has a page of its own."""
    own = lesson_of(slug, module_slug)
    if own.module.type is ModuleType.TEST:
        return redirect(url_for("attempts.start", slug=slug, module_slug=module_slug))
    return lesson_answer(own, shows_open="offen" in request.args)


@study.get("/kurse/<slug>/<module_slug>/fragen/<question_id>")
@requires(Action.COURSE_STUDY)
def question(slug: str, module_slug: str, question_id: str) -> ResponseReturnValue:
    """The question to be answered anew; by itself it is part of the module's page."""
    own = lesson_of(slug, module_slug)
    asked = question_of(own, question_id)
    card = open_card(asked, own.lesson.place_of(asked), seed=own.lesson.seed)
    if PART_HEADER in request.headers:
        return render_template("study/_question.html", card=card)
    return lesson_answer(own, card=card)


@study.post("/kurse/<slug>/<module_slug>/fragen/<question_id>")
@requires(Action.COURSE_STUDY)
@takes("loesung", "aufloesung", ANSWER_FIELD)
def answer(slug: str, module_slug: str, question_id: str) -> ResponseReturnValue:
    """Take an answer, keep it, and then give the feedback on it."""
    own = lesson_of(slug, module_slug)
    asked = question_of(own, question_id)
    card, given = card_and_answer(own, asked)
    if given:
        keep(own, given)
    if PART_HEADER in request.headers:
        return render_template("study/_question.html", card=card)
    g.here = url_for("study.module", slug=slug, module_slug=module_slug)
    return lesson_answer(own, card=replace(card, is_new=True))


@study.post("/kurse/<slug>/<module_slug>/weiter")
@requires(Action.COURSE_STUDY)
@takes()
def go_on(slug: str, module_slug: str) -> ResponseReturnValue:
    """Finish a lesson and go on; while questions are open, the page names them and offers to leave them."""
    own = lesson_of(slug, module_slug)
    if own.module.type is ModuleType.TEST or not own.is_counted:
        abort(404)
    address = CourseAddresses(slug)
    if own.open_questions():
        return redirect(f"{address.module(module_slug)}?offen=1#offene-fragen", 303)
    viewer, module_id, now = current_viewer(), own.module.id, clock.now()

    def finish(session: Session) -> bool:
        enrolment = enrol(session, slug, viewer.key, now=now)
        return finish_module(session, enrolment.key, module_id, now=now).is_completed

    if unit_of_work(db.session, finish):
        is_notice = own.lesson.course.kind is CourseKind.NOTICE
        return redirect(url_for("start") if is_notice else address.course(), 303)
    after = own.lesson.after
    return redirect(address.module(after.slug) if after else address.course(), 303)


@study.post("/kurse/<slug>/<module_slug>/stelle")
@requires(Action.COURSE_STUDY)
@takes("stelle")
def place(slug: str, module_slug: str) -> ResponseReturnValue:
    """Keep where a module is read; sent by its script, the first time when it is opened."""
    anchor = request.form.get("stelle", "")
    if not PLACE.fullmatch(anchor):
        abort(400)
    viewer, now = current_viewer(), clock.now()

    def keep_it(session: Session) -> None:
        enrolment = enrol(session, slug, viewer.key, now=now)
        wanted = select(EditionModule.module_id).where(
            EditionModule.edition_key == enrolment.edition_key, EditionModule.slug == module_slug
        )
        found = session.scalar(wanted) or abort(404)
        if not enrolment.is_completed:
            keep_place(session, enrolment.key, found, anchor=anchor, now=now)

    try:
        unit_of_work(db.session, keep_it)
    except UnknownCourse:
        abort(404)
    return "", 204


def lesson_of(slug: str, module_slug: str) -> OwnLesson:
    """The viewer's own lesson at an address, or 404."""
    return own_lesson(db.session, current_viewer(), slug, module_slug, language=current_language()) or abort(404)


def question_of(own: OwnLesson, question_id: str) -> Question:
    """A question of the lesson, or 404; those of a test are asked in attempts only."""
    if own.module.type is ModuleType.TEST:
        abort(404)
    return own.lesson.question(question_id) or abort(404)


def lesson_answer(own: OwnLesson, *, card: QuestionCard | None = None, shows_open: bool = False) -> str:
    """The page of a lesson, with one of its questions as `card` says."""
    page = lesson_page(own.lesson, card=card, study=lesson_study(own, shows_open=shows_open))
    return render_template("study/lesson.html", page=page)


def card_and_answer(own: OwnLesson, asked: Question) -> tuple[QuestionCard, GivenAnswer | None]:
    """The card for what this request's form says, and what is to be kept of it."""
    lesson = own.lesson
    where, source_key = lesson.place_of(asked), own.source_key(asked.id)
    if "aufloesung" in request.form and asked.attributes.is_before:
        # What was answered at the beginning stays; looking at the resolution counts only where nothing was.
        known = own.state.answers.get(asked.id)
        return resolution_card(asked, where, is_shown=True), None if known else GivenAnswer(asked.id, source_key, None)
    try:
        response = Display.of(asked, seed=lesson.seed).read_alone(answer_fields(request.form))
    except UnreadableResponse:
        abort(400)
    missing = what_is_missing(asked, response, language=lesson.course.language)
    if response is None or missing:
        return open_card(asked, where, seed=lesson.seed, response=response, mistake=missing), None
    shows_solution = "loesung" in request.form
    card = answered_card(asked, where, seed=lesson.seed, response=response, shows_solution=shows_solution)
    is_right = feedback(asked, response, language=lesson.course.language).grade.is_right
    return card, GivenAnswer(asked.id, source_key, response, is_right)


def keep(own: OwnLesson, given: GivenAnswer) -> None:
    """Keep an answer; when this returns, it is on disk."""
    viewer, slug, now = current_viewer(), own.lesson.course.slug, clock.now()

    def keep_it(session: Session) -> None:
        keep_answer(session, enrol(session, slug, viewer.key, now=now).key, given, now=now)

    unit_of_work(db.session, keep_it)

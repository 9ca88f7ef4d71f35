"""Practice questions of the preview: an answer comes in, the question goes out with what there is to say about it.

The same form works twice: sent by the browser it brings the whole page, sent by modules/questions.js only the card.
"""

from dataclasses import replace

from flask import abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from learning.access import public
from learning.preview.blueprint import ANY_ANSWER, lesson_for, preview
from learning.preview.views import lesson_answer
from learning.study.lessons.pages import Lesson
from learning.study.lessons.practice_pages import (
    QuestionCard,
    answered_card,
    open_card,
    resolution_card,
    what_is_missing,
)
from learning.web.declared_forms import takes
from quizzes.display import Display
from quizzes.questions import Question
from quizzes.responses import UnreadableResponse

PART_HEADER = "Impuls-Teil"


@preview.get("/kurse/<slug>/<module_slug>/fragen/<question_id>")
@public
def question(slug: str, module_slug: str, question_id: str) -> str | BaseResponse:
    """The question to be answered anew; by itself it is part of the module's page."""
    lesson = lesson_for(slug, module_slug)
    found = _question(lesson, question_id)
    card = open_card(found, lesson.place_of(found), seed=lesson.seed)
    if PART_HEADER not in request.headers:
        address = url_for("preview.module", slug=slug, module_slug=module_slug)
        return redirect(f"{address}#{card.anchor}", 303)
    return render_template("preview/question.html", card=card)


@preview.post("/kurse/<slug>/<module_slug>/fragen/<question_id>")
@public
@takes("loesung", "aufloesung", ANY_ANSWER)
def answer(slug: str, module_slug: str, question_id: str) -> str:
    """Take an answer and give the feedback on it. Nothing of it is kept."""
    lesson = lesson_for(slug, module_slug)
    card = _card(lesson, _question(lesson, question_id))
    if PART_HEADER in request.headers:
        return render_template("preview/question.html", card=card)
    g.here = url_for("preview.module", slug=slug, module_slug=module_slug)
    return lesson_answer(lesson, card=replace(card, is_new=True))


def _question(lesson: Lesson, question_id: str) -> Question:
    return lesson.question(question_id) or abort(404)


def _card(lesson: Lesson, found: Question) -> QuestionCard:
    place = lesson.place_of(found)
    if "aufloesung" in request.form and found.attributes.is_before:
        return resolution_card(found, place, is_shown=True)
    try:
        response = Display.of(found, seed=lesson.seed).read(request.form.to_dict(flat=False))
    except UnreadableResponse:
        abort(400)
    missing = what_is_missing(found, response, language=lesson.course.language)
    if response is None or missing:
        return open_card(found, place, seed=lesson.seed, response=response, mistake=missing)
    shows_solution = "loesung" in request.form
    return answered_card(found, place, seed=lesson.seed, response=response, shows_solution=shows_solution)

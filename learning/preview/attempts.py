"""Tests of the preview. One address takes every form of an attempt; the attempt travels in its hidden fields."""

from flask import abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from courses.course import ModuleType
from learning.access import public
from learning.language import COOKIE as LANGUAGE_COOKIE
from learning.preview.blueprint import ANY_ANSWER, lesson_for, preview
from learning.study.attempts.attempt import STATE_FIELDS, Answers, Attempt, UnreadableAttempt
from learning.study.attempts.pages import hand_in_page, question_page
from learning.study.attempts.review_pages import review_page
from learning.study.lessons.pages import Lesson
from learning.web.declared_forms import takes
from learning.web.preferences import THEME_COOKIE, take_preferences
from quizzes.attempts import TestRules
from quizzes.questions import QuestionSet
from quizzes.responses import UnreadableResponse


@preview.get("/kurse/<slug>/<module_slug>/versuch")
@public
def attempt_without_form(slug: str, module_slug: str) -> BaseResponse:
    """An attempt cannot be opened by its address: back to the rules of the test."""
    return redirect(url_for("preview.module", slug=slug, module_slug=module_slug), 303)


@preview.post("/kurse/<slug>/<module_slug>/versuch")
@public
@takes(*STATE_FIELDS, "zu", "stelle", LANGUAGE_COOKIE, THEME_COOKIE, ANY_ANSWER)
def attempt(slug: str, module_slug: str) -> str | BaseResponse:
    """The next page of an attempt: a question, the page before handing in, the review, a new attempt."""
    take_preferences(request.form)
    g.here = url_for("preview.module", slug=slug, module_slug=module_slug)
    lesson = lesson_for(slug, module_slug)
    rules = lesson.module.rules
    if lesson.module.type is not ModuleType.TEST or rules is None or not lesson.rendered.questions:
        abort(404)
    # Without `zu` it was a button of the header: the same page again, in another language or other colours.
    place = request.form.get("zu") or request.form.get("stelle", "")
    try:
        return _page(lesson, _answers(lesson, rules), place)
    except UnreadableAttempt:
        # The test was changed while it was being taken; there is nothing to go on with.
        return redirect(g.here, 303)
    except UnreadableResponse:
        abort(400)


def _answers(lesson: Lesson, rules: TestRules) -> Answers:
    questions = QuestionSet(lesson.questions, lesson.module.document.questions.pools)
    form = request.form.to_dict(flat=False)
    started = Attempt.read(questions, rules, form) if "saat" in form else Attempt.begin(questions, rules)
    return started.answers(form)


def _page(lesson: Lesson, answers: Answers, place: str) -> str:
    match place:
        case "abgabe":
            return render_template("preview/hand_in.html", page=hand_in_page(lesson, answers))
        case "ergebnis":
            told = answers.feedback(language=lesson.course.language)
            return render_template("preview/review.html", page=review_page(lesson, answers, told))
        case "wiederholen":
            told = answers.feedback(language=lesson.course.language)
            return _question(lesson, (answers.retry(told) or abort(400)).answers({}), index=0)
        case "neu":
            return _question(lesson, answers.attempt.repeated().answers({}), index=0)
        case _:
            numbers = [str(number + 1) for number in range(len(answers.attempt.asked))]
            if place not in numbers:
                abort(400)
            return _question(lesson, answers, index=numbers.index(place))


def _question(lesson: Lesson, answers: Answers, *, index: int) -> str:
    return render_template("preview/test_question.html", page=question_page(lesson, answers, index=index))

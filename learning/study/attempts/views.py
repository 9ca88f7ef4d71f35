"""Tests in the product: their rules, one question a page, handing in, the result; and answers that scripts save.

Every page works by ordinary forms. Scripts send the same answers as JSON and are told in the same words.
"""

import datetime
import secrets
import time
import uuid
from dataclasses import replace

from flask import Blueprint, Flask, Response, abort, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.course import ModuleType
from learning.access import requires
from learning.database import db, unit_of_work, writes
from learning.language import current_language
from learning.library.stored_editions import StoredModule, course_module, filled_in
from learning.people.permissions import Action
from learning.people.web import current_viewer
from learning.study.attempts import actions
from learning.study.attempts.actions import KeyReused, NoAttemptLeft, Saved, SentAnswer, Stale
from learning.study.attempts.answer_requests import LONGEST_BODY, UnreadableRequest, read_answer, read_key
from learning.study.attempts.queries import (
    IN_PROGRESS,
    AttemptPlace,
    TakenAttempt,
    attempt_of,
    database_now,
    newest_attempt,
    taken,
)
from learning.study.attempts.stored_pages import (
    Unsaved,
    stored_hand_in_page,
    stored_question_page,
    stored_review_page,
    stored_start_page,
)
from learning.study.courses.enrolment import enrol
from learning.study.courses.state import course_state
from learning.study.questions.sent_fields import answer_fields
from learning.web.declared_forms import takes, takes_body
from quizzes.display import ANSWER_FIELD
from quizzes.responses import UnreadableResponse

attempts = Blueprint("attempts", __name__)
HAND_IN, RESULT = "abgabe", "ergebnis"
FORM = "versuch"
LONGEST_NUMBER = 3


def add_attempts(app: Flask) -> None:
    """Register the feature."""
    app.register_blueprint(attempts)
    app.before_request(note_arrival)


def note_arrival() -> None:
    """Remember when the request came: time that it waits for locks is not the learner's."""
    g.arrived = time.monotonic()


def arrived() -> datetime.datetime:
    """When this request came, by the clock of the database."""
    now = database_now(db.session)
    return now - datetime.timedelta(seconds=time.monotonic() - g.arrived)


@attempts.get("/kurse/<slug>/<module_slug>/test")
@requires(Action.COURSE_STUDY)
def start(slug: str, module_slug: str) -> str:
    """The rules of a test, and the way into it."""
    state = course_state(db.session, slug, current_viewer().key)
    module = test_module(slug, module_slug, edition_key=state.edition_key)
    last = newest_attempt(db.session, state.enrolment.key, module.module.id) if state.enrolment else None
    return render_template("study/test.html", page=stored_start_page(module, last))


@attempts.post("/kurse/<slug>/<module_slug>/test")
@requires(Action.COURSE_STUDY)
@takes("nach", "zu")
@writes
def begin(slug: str, module_slug: str) -> ResponseReturnValue:
    """Begin an attempt, go on with the one in progress, or ask again what was not right."""
    viewer, now = current_viewer(), arrived()
    test_module(slug, module_slug, edition_key=None)
    enrolment = enrol(db.session, slug, viewer.key, now=now)
    module = test_module(slug, module_slug, edition_key=enrolment.edition_key)
    try:
        attempt_id = actions.start_attempt(
            db.session,
            viewer,
            module,
            enrolment_key=enrolment.key,
            after=form_number("nach"),
            only_wrong=request.form.get("zu") == "wiederholen",
            seed=secrets.token_hex(8),
            now=now,
        )
    except NoAttemptLeft:
        return redirect(url_for("attempts.start", slug=slug, module_slug=module_slug), 303)
    return redirect(question_address(attempt_id, 1), 303)


def test_module(slug: str, module_slug: str, *, edition_key: int | None) -> StoredModule:
    """The test at this address in an edition, None for the newest; anything else does not exist."""
    found = course_module(db.session, slug, module_slug, language=current_language(), edition_key=edition_key)
    if found is None or found.module.type is not ModuleType.TEST or found.module.rules is None:
        abort(404)
    return filled_in(db.session, found)


def form_number(name: str) -> int:
    """A whole number of the form; 0 for anything else."""
    text = request.form.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def own_place(attempt_id: uuid.UUID) -> AttemptPlace:
    """The person's own attempt, closed and graded if its time has run out; a foreign one does not exist."""
    viewer = current_viewer()
    place = attempt_of(db.session, viewer.key, attempt_id)
    if place is None:
        abort(404)
    if place.attempt.ends_at is None or place.attempt.state != IN_PROGRESS:
        return place
    now = arrived()
    if not place.is_over(now):
        return place
    unit_of_work(db.session, lambda work: actions.close_if_over(work, viewer.key, attempt_id, now=now))
    return attempt_of(db.session, viewer.key, attempt_id) or place


def open_attempt(attempt_id: uuid.UUID) -> TakenAttempt:
    """The person's attempt with questions and answers; who comes after its end is led to the result."""
    place = own_place(attempt_id)
    if place.attempt.state != IN_PROGRESS:
        abort(redirect(url_for("attempts.review", attempt_id=attempt_id), 303))
    return taken(db.session, place)


@attempts.get("/versuche/<uuid:attempt_id>/fragen/<int:number>")
@requires(Action.COURSE_STUDY)
def question(attempt_id: uuid.UUID, number: int) -> str:
    """One question."""
    one = open_attempt(attempt_id)
    if not 1 <= number <= len(one.versions):
        abort(404)
    page = stored_question_page(one, current_viewer(), index=number - 1)
    return render_template("study/test_question.html", page=page)


@attempts.get("/versuche/<uuid:attempt_id>/fragen")
@requires(Action.COURSE_STUDY)
def questions(attempt_id: uuid.UUID) -> str:
    """All questions, so that a browser can turn the pages while it has no connection."""
    one, viewer = open_attempt(attempt_id), current_viewer()
    pages = [stored_question_page(one, viewer, index=index) for index in range(len(one.versions))]
    return render_template("study/test_questions.html", pages=pages)


@attempts.get("/versuche/<uuid:attempt_id>/abgabe")
@requires(Action.COURSE_STUDY)
def hand_in(attempt_id: uuid.UUID) -> str:
    """What is still open, before the answers are handed in."""
    page = stored_hand_in_page(open_attempt(attempt_id), current_viewer())
    return render_template("study/hand_in.html", page=page)


@attempts.get("/versuche/<uuid:attempt_id>/ergebnis")
@requires(Action.COURSE_STUDY)
def review(attempt_id: uuid.UUID) -> ResponseReturnValue:
    """The result of an attempt that is closed; one in progress has none yet."""
    place = own_place(attempt_id)
    if place.attempt.state == IN_PROGRESS:
        return redirect(url_for("attempts.hand_in", attempt_id=attempt_id), 303)
    return render_template("study/review.html", page=stored_review_page(taken(db.session, place)))


@attempts.get("/versuche/<uuid:attempt_id>")
@requires(Action.COURSE_STUDY)
def attempt(attempt_id: uuid.UUID) -> ResponseReturnValue:
    """The attempt as it stands: where its form could not be sent, this address shows what became of it."""
    is_open = own_place(attempt_id).attempt.state == IN_PROGRESS
    return redirect(url_for("attempts.hand_in" if is_open else "attempts.review", attempt_id=attempt_id), 303)


@attempts.post("/versuche/<uuid:attempt_id>")
@requires(Action.COURSE_STUDY)
@takes("zu", "stelle", "fassung", "schluessel", ANSWER_FIELD)
@writes
def turn_page(attempt_id: uuid.UUID) -> ResponseReturnValue:
    """Save the answer on the page and go where the button leads: another question, handing in, the result."""
    viewer, now = current_viewer(), arrived()
    target = request.form.get("zu", "")
    item = form_number("stelle") - 1
    if item < 0:
        if attempt_of(db.session, viewer.key, attempt_id) is None:
            abort(404)
        if answer_fields(request.form):
            abort(400)  # An answer to no question of the attempt.
    else:
        sent = sent_by_form(item)
        try:
            outcome = actions.save_answer(db.session, viewer, attempt_id, sent, now=now)
            if isinstance(outcome, KeyReused):  # Somebody went back in the browser and changed the answer there.
                sent = replace(sent, key=str(uuid.uuid4()))
                outcome = actions.save_answer(db.session, viewer, attempt_id, sent, now=now)
        except UnreadableResponse:
            abort(400)
        if isinstance(outcome, Stale):
            return stale_page(attempt_id, sent, outcome)
        if outcome is None:
            abort(404)
    if target == RESULT and actions.submit(db.session, viewer, attempt_id, now=now) is None:
        abort(404)
    return redirect(target_address(attempt_id, target), 303)


def sent_by_form(item: int) -> SentAnswer:
    """The answer of an ordinary form; its key came with the page, so sending it twice saves it once."""
    try:
        key = read_key(request.form.get("schluessel", ""))
    except UnreadableRequest:
        abort(400)
    fields = answer_fields(request.form)
    return SentAnswer(key, item, form_number("fassung"), fields)


def stale_page(attempt_id: uuid.UUID, sent: SentAnswer, stale: Stale) -> ResponseReturnValue:
    """The question again, with what was sent, because another window answered it in between."""
    unsaved = Unsaved(sent.item, stale.version, sent.fields)
    page = stored_question_page(open_attempt(attempt_id), current_viewer(), index=sent.item, unsaved=unsaved)
    g.here = url_for("attempts.question", attempt_id=attempt_id, number=sent.item + 1)
    return render_template("study/test_question.html", page=page), 409


def target_address(attempt_id: uuid.UUID, target: str) -> str:
    """Where a button of the form leads."""
    if target in (HAND_IN, RESULT):
        return url_for("attempts.hand_in" if target == HAND_IN else "attempts.review", attempt_id=attempt_id)
    if not (target.isascii() and target.isdigit() and len(target) <= LONGEST_NUMBER):
        abort(400)
    return question_address(attempt_id, int(target))


def question_address(attempt_id: uuid.UUID, number: int) -> str:
    """The page of a question, where the keyboard goes on at the question itself."""
    return url_for("attempts.question", attempt_id=attempt_id, number=number, _anchor=FORM)


@attempts.post("/versuche/<uuid:attempt_id>/antworten")
@requires(Action.COURSE_STUDY)
@takes_body("antwort")
@writes
def save(attempt_id: uuid.UUID) -> ResponseReturnValue:
    """Save one answer that a script sends. 200 with its key means: it is on disk. Refusals say why."""
    request.max_content_length = LONGEST_BODY + 1_024
    now = arrived()
    try:
        sent = read_answer(sent_body())
        outcome = actions.save_answer(db.session, current_viewer(), attempt_id, sent, now=now)
    except (UnreadableRequest, UnreadableResponse):
        return refusal(400, "unreadable")
    match outcome:
        case None:
            return refusal(404, "absent")
        case KeyReused():
            return refusal(409, "key-reused")
        case Stale(version, fields):
            return refusal(409, "changed-elsewhere", version=version, fields=dict(fields))
        case Saved():
            return saved_answer(outcome)


def sent_body() -> bytes:
    """The JSON of the request; a page that is closing can send it only as a field of a form, beside the token."""
    if "antwort" in request.form:
        return request.form["antwort"].encode("utf-8", "surrogatepass")
    return request.get_data()


def saved_answer(saved: Saved) -> Response:
    """The acknowledgement; sent again for the same key it is the same."""
    return jsonify(
        key=saved.key,
        version=saved.version,
        counts=saved.counts,
        server_time=saved.saved_at.isoformat(),
        deadline=saved.ends_at.isoformat() if saved.ends_at else None,
    )


def refusal(status: int, reason: str, **more: object) -> ResponseReturnValue:
    """Why an answer was not saved, for scripts."""
    response = jsonify(type="about:blank", title=reason, status=status, reason=reason, **more)
    response.mimetype = "application/problem+json"
    return response, status

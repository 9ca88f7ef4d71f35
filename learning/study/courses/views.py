"""The page of a course with its reader's progress, another run of it, the move to a newer edition."""

from dataclasses import replace

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from courses.course import CourseKind
from learning import clock
from learning.access import requires
from learning.database import db, writes
from learning.language import current_language, date_text
from learning.library.addresses import CourseAddresses
from learning.library.course_pages import course_page
from learning.library.edition_pages import with_edition
from learning.library.pieces import text_pieces
from learning.library.queries import course_contact
from learning.library.stored_editions import course_edition, local_texts
from learning.people.permissions import Action
from learning.people.web import current_viewer
from learning.study.blueprint import study
from learning.study.courses.completion import complete_if_done
from learning.study.courses.enrolment import UnknownCourse, agree_to_edition, begin_again
from learning.study.courses.pages import course_progress
from learning.study.courses.state import CourseState, course_state
from learning.web.declared_forms import takes


@study.get("/kurse/<slug>")
@requires(Action.COURSE_STUDY)
def course(slug: str) -> ResponseReturnValue:
    """A course in the edition that its reader takes; a notice goes straight to its text."""
    state = course_state(db.session, slug, current_viewer().key)
    stored = course_edition(db.session, slug, language=current_language(), edition_key=state.edition_key) or abort(404)
    if stored.course.kind is CourseKind.NOTICE and stored.course.modules:
        return redirect(CourseAddresses(slug).module(stored.course.modules[0].slug))
    stored = local_texts(db.session, stored)
    page = course_page(
        stored.edition,
        catalogue=url_for("library.catalogue"),
        description=text_pieces(stored.edition.rendered.description.segments, stored.prepared),
        progress=course_progress(stored.edition, state),
    )
    page = replace(with_edition(page, stored), contact=course_contact(db.session, stored.course_key))
    return render_template(
        "study/course.html",
        page=page,
        slug=slug,
        number=stored.number,
        newer=state.enrolment.newer if state.enrolment else None,
        completed_on=completed_text(state),
    )


def completed_text(state: CourseState) -> str:
    """The day on which the last run was completed, empty while one is open."""
    completed_on = state.enrolment.completed_on if state.enrolment else None
    return date_text(completed_on) if completed_on else ""


@study.post("/kurse/<slug>/noch-einmal")
@requires(Action.COURSE_STUDY)
@takes()
@writes
def again(slug: str) -> ResponseReturnValue:
    """Begin a completed course once more; while a run is open, this leads back to it."""
    try:
        begin_again(db.session, slug, current_viewer().key, now=clock.now())
    except UnknownCourse:
        abort(404)
    return redirect(url_for("study.course", slug=slug), 303)


@study.post("/kurse/<slug>/fassung")
@requires(Action.COURSE_STUDY)
@takes("nummer")
@writes
def take_newer(slug: str) -> ResponseReturnValue:
    """Move on to the newer edition that the page offered."""
    number = request.form.get("nummer", "")
    if not (number.isascii() and number.isdecimal() and len(number) < 7):
        abort(400)
    try:
        taken = agree_to_edition(db.session, slug, current_viewer().key, number=int(number))
    except UnknownCourse:
        abort(404)
    if taken is not None:
        # Where the newer edition asks for less, everything may be done already.
        complete_if_done(db.session, taken.key, now=clock.now())
    return redirect(url_for("study.course", slug=slug), 303)

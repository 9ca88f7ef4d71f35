"""The first page of the product."""

from flask import render_template, url_for

from learning import clock
from learning.access import requires
from learning.database import db
from learning.language import current_language
from learning.library.stored_catalogue import valid_notices
from learning.obligations.queries import duties
from learning.people.permissions import Action
from learning.people.web import current_viewer
from learning.study.start.pages import StartFacts, study_start_page
from learning.study.start.queries import begun_courses, named_courses


@requires(Action.COURSE_STUDY)
def start() -> str:
    """What to continue, what is due, what is new."""
    viewer, language, today = current_viewer(), current_language(), clock.today()
    own = duties(db.session, viewer.key, today=today)
    facts = StartFacts(
        name=viewer.name,
        begun=begun_courses(db.session, viewer.key, language=language),
        duties=own,
        courses=named_courses(db.session, {duty.course_id for duty in own}, language=language),
        notices=valid_notices(db.session, language=language, today=today),
    )
    page = study_start_page(
        facts,
        catalogue=url_for("library.catalogue"),
        notices_address=url_for("library.catalogue", art="kurzinfo"),
        now=clock.now(),
    )
    return render_template("study/start.html", page=page)

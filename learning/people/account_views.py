"""One's own account: who one is here, which browsers are signed in, the password."""

import uuid

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from learning import clock
from learning.access import requires
from learning.database import db, writes
from learning.people.blueprint import people
from learning.people.pages import account_page
from learning.people.permissions import Action
from learning.people.sessions import end_other_sessions, end_session, sessions_of
from learning.people.web import current_viewer


@people.get("/konto")
@requires(Action.ACCOUNT_USE)
def account() -> str:
    """The account page."""
    viewer = current_viewer()
    return render_template(
        "people/account.html", page=account_page(viewer, sessions_of(db.session, viewer.key, now=clock.now()))
    )


@people.post("/konto/sitzungen/<uuid:session_id>/beenden")
@requires(Action.ACCOUNT_USE)
@writes
def end_one_session(session_id: uuid.UUID) -> ResponseReturnValue:
    """End one of one's own sessions; a foreign or ended one changes nothing."""
    end_session(db.session, current_viewer().key, session_id, now=clock.now())
    return redirect(url_for("people.account", _anchor="sitzungen"), 303)


@people.post("/konto/sitzungen/andere-beenden")
@requires(Action.ACCOUNT_USE)
@writes
def end_all_other_sessions() -> ResponseReturnValue:
    """End all of one's own sessions but this one."""
    viewer = current_viewer()
    end_other_sessions(db.session, viewer.key, viewer.session_id, now=clock.now())
    return redirect(url_for("people.account", _anchor="sitzungen"), 303)

"""Signing out: here, and at the provider of the official account where the session began there."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from learning import clock
from learning.access import public
from learning.database import db, unit_of_work
from learning.people.blueprint import people
from learning.people.openid import kept_token
from learning.people.openid_views import signed_out_there
from learning.people.sessions import end_session
from learning.people.web import forget_session, product_settings, viewer_or_none
from learning.web.declared_forms import takes


@people.post("/abmelden")
@public
@takes()
def sign_out() -> ResponseReturnValue:
    """End this browser's session. Safe to repeat, also when it is over already."""
    viewer, settings = viewer_or_none(), product_settings()
    token = None
    if viewer is not None and viewer.session_id is not None:
        session_id, person_key = viewer.session_id, viewer.key
        token = kept_token(db.session, session_id) if settings.openid else None
        unit_of_work(db.session, lambda work: end_session(work, person_key, session_id, now=clock.now()))
    forget_session()
    if token is not None:
        return signed_out_there(token)
    return redirect(url_for("people.signed_out" if settings.proxy_sign_in else "people.sign_in"), 303)


@people.get("/abgemeldet")
@public
def signed_out() -> ResponseReturnValue:
    """Says that one is signed out here, and what to do about the official account where others use the machine."""
    if viewer_or_none() is not None:
        return redirect(url_for("people.account"))
    return render_template("people/signed_out.html", is_by_proxy=product_settings().proxy_sign_in is not None)

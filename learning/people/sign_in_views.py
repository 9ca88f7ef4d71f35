"""The page to sign in, signing in with a password, and where a fresh sign-in leads, however it was done."""

from flask import Response, current_app, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from learning import clock
from learning.access import public
from learning.database import db, unit_of_work
from learning.people import local_sign_in
from learning.people.blueprint import people
from learning.people.held_forms import held_form
from learning.people.local_sign_in import Refused
from learning.people.pages import LONGEST_PASSWORD, SignInPage, refusal_text, sign_in_page
from learning.people.sessions import Begun
from learning.people.throttle import doors
from learning.people.web import (
    forgotten_password,
    load_viewer,
    product_settings,
    remember_session,
    single_sign_on,
    viewer_or_none,
)
from learning.web.declared_forms import takes
from learning.web.forgery import form_token
from learning.web.forms import typed_line, typed_text
from learning.web.preferences import safe_target

LONGEST_ACCOUNT = 254


@people.get("/anmelden")
@public
def sign_in() -> ResponseReturnValue:
    """The page to sign in; who already is goes on."""
    if viewer_or_none() is not None:
        return redirect(safe_target(request.args.get("weiter", "")))
    return draw_sign_in(
        sign_in_page(
            next_address=request.args.get("weiter", ""), single_sign_on=single_sign_on(), reset=forgotten_password()
        )
    )


@people.post("/anmelden")
@public
@takes("name", "kennwort", "weiter", "gehalten")
def take_sign_in() -> ResponseReturnValue:
    """Compare the password and begin a session; typed account and target come back with a mistake."""
    account = typed_line(request.form, "name", longest=LONGEST_ACCOUNT)
    password = typed_text(request.form, "kennwort", longest=LONGEST_PASSWORD)
    outcome = try_to_sign_in(account, password)
    if isinstance(outcome, Refused):
        page = sign_in_page(
            next_address=request.form.get("weiter", ""),
            account=account,
            mistake=refusal_text(outcome.wait),
            single_sign_on=single_sign_on(),
            reset=forgotten_password(),
            held=request.form.get("gehalten", ""),
        )
        return draw_sign_in(page), 422
    remember_session(outcome)
    return go_on(request.form.get("weiter", ""), request.form.get("gehalten", ""))


def go_on(next_address: str, held: str) -> ResponseReturnValue:
    """Where a fresh sign-in leads: back to the page before, or first to what was typed before the session was over."""
    target = safe_target(next_address)
    load_viewer()
    viewer = viewer_or_none()
    form = held_form(product_settings().secrets[0], held, owner=str(viewer.id)) if viewer else None
    if form is None or not takes_forms(form.address):
        return redirect(target, 303)
    g.here = target
    return render_template("people/held_form.html", held=form, next_address=target)


def takes_forms(address: str) -> bool:
    """True if `address` is a page of ours that takes forms."""
    adapter = current_app.create_url_adapter(request)
    assert adapter is not None
    try:
        adapter.match(address, method="POST")
    except (HTTPException, RequestRedirect):
        return False
    return True


@people.get("/anmeldung/stand")
@public
def sign_in_state() -> Response:
    """For scripts that wait for a new sign-in: who is signed in now, and the token that forms of this session carry."""
    viewer = viewer_or_none()
    response = jsonify(person=str(viewer.id) if viewer else None, form_token=form_token())
    response.headers["Cache-Control"] = "no-store"
    return response


def try_to_sign_in(account: str, password: str) -> Begun | Refused:
    """Two short transactions with the slow comparison between them; the same door for every form that asks."""
    settings, now = product_settings(), clock.now()
    entrances = doors(settings.secrets[0], account=account, address=request.remote_addr or "")
    known = unit_of_work(db.session, lambda work: local_sign_in.claim(work, account, entrances, now=now))
    if isinstance(known, Refused):
        return known
    if not local_sign_in.compare(known, password) or known is None:
        return Refused()
    rehashed = local_sign_in.new_hash(known, password)
    begun = unit_of_work(
        db.session,
        lambda work: local_sign_in.admit(
            work, known, entrances, now=now, hours=settings.session_hours, rehashed=rehashed
        ),
    )
    return begun or Refused()


def draw_sign_in(page: SignInPage) -> str:
    """The page to sign in, with what is to go on afterwards in its address."""
    g.here = url_for("people.sign_in", weiter=page.next_address or None)
    return render_template("people/sign_in.html", page=page)

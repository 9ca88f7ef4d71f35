"""What happens to requests for pages that need somebody: signing in first, and coming back to where one was."""

from urllib.parse import urlsplit

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Unauthorized

from learning.access import not_found
from learning.people.held_forms import hold_form
from learning.people.pages import sign_in_page
from learning.people.web import forgotten_password, last_owner, product_settings, single_sign_on, viewer_or_none
from learning.web.declared_forms import FORM_TOKEN, check_fields
from learning.web.origin import SAFE_METHODS


def ask_to_sign_in() -> ResponseReturnValue:
    """Who is not signed in may do it now and comes back here; for who is, the page does not exist."""
    if viewer_or_none() is not None:
        return not_found()
    if wants_json():
        raise Unauthorized
    if request.method in SAFE_METHODS:
        return redirect(url_for("people.sign_in", weiter=request.full_path.rstrip("?")), 302)
    return keep_typed_text()


def keep_typed_text() -> ResponseReturnValue:
    """The page to sign in, holding the form that was sent after the session had ended. Raises UnknownFields."""
    check_fields()
    fields = [(name, value) for name, value in request.form.items(multi=True) if name != FORM_TOKEN]
    held = hold_form(product_settings().secrets[0], request.path, fields, owner=last_owner())
    page = sign_in_page(
        next_address=page_before(),
        held=held,
        is_over=True,
        single_sign_on=single_sign_on(),
        reset=forgotten_password(),
    )
    response = make_response(render_template("people/sign_in.html", page=page), 401)
    response.headers["Cache-Control"] = "no-store"
    return response


def page_before() -> str:
    """The address of our page that the form stood on, as the browser tells it."""
    parts = urlsplit(request.referrer or "")
    return parts.path + (f"?{parts.query}" if parts.query else "") if parts.netloc == request.host else ""


def wants_json() -> bool:
    """True for requests of scripts, which no page would help."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return request.is_json or best == "application/json"

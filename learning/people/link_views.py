"""Invitation and reset: the page that a link which is used once opens, to choose a password."""

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from learning import clock
from learning.access import public
from learning.database import db, unit_of_work
from learning.people.blueprint import people
from learning.people.links import OpenLink, open_link, use_link
from learning.people.pages import LONGEST_PASSWORD, new_password_fields, password_mistakes
from learning.people.passwords import hash_password
from learning.people.web import product_settings, remember_session
from learning.web.declared_forms import takes
from learning.web.forms import typed_text


@people.get("/einladung/<token>")
@public
def invitation(token: str) -> ResponseReturnValue:
    """Ask for a password; opening the page changes nothing."""
    link = open_link(db.session, token, now=clock.now())
    return over() if link is None else _page(link, token, mistakes=("", ""))


@people.post("/einladung/<token>")
@public
@takes("name", "kennwort", "wiederholung")
def take_invitation(token: str) -> ResponseReturnValue:
    """Keep the password, use the link up and sign in."""
    settings, now = product_settings(), clock.now()
    link = open_link(db.session, token, now=now)
    if link is None:
        return over()
    password = typed_text(request.form, "kennwort", longest=LONGEST_PASSWORD)
    names = (link.given_name, link.family_name, link.hr_key, link.mail.partition("@")[0], settings.authority)
    mistakes = password_mistakes(
        password, typed_text(request.form, "wiederholung", longest=LONGEST_PASSWORD), names=names
    )
    if any(mistakes):
        return _page(link, token, mistakes=mistakes), 422
    password_hash = hash_password(password)
    begun = unit_of_work(
        db.session, lambda work: use_link(work, token, password_hash, now=now, hours=settings.session_hours)
    )
    if begun is None:
        return over()
    remember_session(begun)
    return redirect(url_for("start"), 303)


def _page(link: OpenLink, token: str, *, mistakes: tuple[str, str]) -> Response:
    page = render_template(
        "people/invitation.html", link=link, fields=new_password_fields(link.hr_key, mistakes), token=token
    )
    return without_traces(make_response(page))


def over() -> ResponseReturnValue:
    """The page for a link that is used, over or was never made: the same for all three."""
    return without_traces(make_response(render_template("people/link_over.html"), 404))


def without_traces(response: Response) -> Response:
    """The address holds the token, so no cache keeps the page; no other host learns the address from any page of ours.

    A stricter referrer policy would make browsers send the form with `Origin: null`, which is refused.
    """
    response.headers["Cache-Control"] = "no-store"
    return response

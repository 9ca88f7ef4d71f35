"""Signing in with the official account at the OpenID provider, and what the provider tells us when that is over.

Beginning needs a form of our own page, so that nobody else begins a sign-in here. The way to the provider is a page
that goes on by itself: the content security policy lets no form lead to another host, not even by a redirect.
"""

import datetime
import logging

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    g,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from learning import clock
from learning.access import public
from learning.database import db, unit_of_work
from learning.language import gettext as _
from learning.openid.fetching import Unreachable
from learning.openid.provider import Provider
from learning.openid.tokens import Refused
from learning.people.held_forms import is_ours
from learning.people.openid import (
    ComeBack,
    NobodyKnown,
    PersonLeft,
    Waiting,
    admit,
    begin_flow,
    come_back,
    end_by_provider,
    is_known,
)
from learning.people.pages import sign_in_page, unknown_account_text
from learning.people.sessions import Begun
from learning.people.sign_in_views import draw_sign_in, go_on
from learning.people.web import browser_key, make_browser_key, product_settings, remember_session, single_sign_on
from learning.settings import OpenidSettings
from learning.web.declared_forms import takes, takes_among_others
from learning.web.origin import for_servers
from learning.web.preferences import safe_target

log = logging.getLogger(__name__)
openid = Blueprint("openid", __name__)
EXTENSION = "impuls-openid"
LONGEST_PARAMETER = 4_000


class Trouble(Exception):
    """Nobody was signed in, for a reason that the page can tell; what a machine did wrong stands in the log."""

    def __init__(self, text: str, status: int = 403) -> None:
        super().__init__(text)
        self.text = text
        self.status = status


def add_openid(app: Flask, settings: OpenidSettings) -> None:
    """Register the addresses."""
    app.extensions[EXTENSION] = Provider(settings)
    app.register_blueprint(openid)


def provider() -> Provider:
    """The provider of this installation."""
    found = current_app.extensions[EXTENSION]
    assert isinstance(found, Provider)
    return found


@openid.post("/anmelden/dienstkonto")
@public
@takes("weiter", "gehalten")
def begin() -> ResponseReturnValue:
    """Remember what waits for the sign-in, and send the browser to the provider."""
    waiting = Waiting(safe_target(request.form.get("weiter", "")), request.form.get("gehalten", ""))
    if not is_ours(product_settings().secrets[0], waiting.held):
        waiting = Waiting(waiting.next_address)  # Only what our own page held is worth a place in the database.
    now = clock.now()
    db.session.rollback()  # Nothing in the database waits for the provider.
    try:
        provider().metadata(now=now)
        browser = make_browser_key()
        flow = unit_of_work(db.session, lambda work: begin_flow(work, browser, waiting, now=now))
        address = provider().sign_in_address(
            state=flow.state, nonce=flow.nonce, verifier=flow.verifier, redirect_uri=own_address(), now=now
        )
    except (Unreachable, Refused) as error:
        log.warning("The OpenID provider cannot be used: %s", error)
        return refusal(Trouble(unreachable_text(), 503), waiting)
    g.here = url_for("people.sign_in", weiter=waiting.next_address or None)
    return leave_for(address, "people/sign_in_elsewhere.html")


@openid.get("/anmelden/dienstkonto/zurueck")
@public
def callback() -> ResponseReturnValue:
    """Sign the person in whom the provider names. A GET that changes something, as the protocol has it: it counts once,
    and only in the browser that began the sign-in.
    """
    state = request.args.get("state", "")
    now, browser = clock.now(), browser_key()
    flow = unit_of_work(db.session, lambda work: come_back(work, browser, state, now=now))
    if flow is None:
        return refusal(Trouble(over_text(), 403), Waiting())
    try:
        begun = finish(flow)
    except Trouble as trouble:
        return refusal(trouble, flow.waiting)
    except Unreachable as error:
        log.warning("The OpenID provider cannot be used: %s", error)
        return refusal(Trouble(unreachable_text(), 503), flow.waiting)
    except Refused as error:
        log.warning("A sign-in at the OpenID provider was refused: %s", error)
        return refusal(Trouble(refused_text(), 403), flow.waiting)
    remember_session(begun)
    return go_on(flow.waiting.next_address, flow.waiting.held)


def finish(back: ComeBack) -> Begun:
    """The session of who came back. Raises Trouble, Unreachable, Refused."""
    settings, now = product_settings(), clock.now()
    rules = provider().settings
    who = provider().signed_in(
        brought_code(now=now),
        nonce=back.flow.nonce,
        verifier=back.flow.verifier,
        redirect_uri=own_address(),
        begun_at=back.begun_at,
        now=now,
    )
    known = is_known(db.session, rules.issuer, who.subject)
    db.session.rollback()
    claims = who.claims if known else provider().all_claims(who, now=now)
    try:
        return unit_of_work(
            db.session, lambda work: admit(work, who, claims, rules, now=now, hours=settings.session_hours)
        )
    except PersonLeft as error:
        raise Trouble(left_text()) from error
    except NobodyKnown as error:
        raise Trouble(unknown_account_text()) from error


def brought_code(*, now: datetime.datetime) -> str:
    """The code that the browser brought from our provider. Raises Trouble, Unreachable, Refused."""
    if any(len(request.args.getlist(name)) > 1 for name in ("state", "code", "error", "iss")):
        raise Refused("callback: a parameter stands there twice")
    if not is_from_provider(request.args.get("iss"), is_named=provider().metadata(now=now).names_itself):
        raise Refused("callback: from another issuer")
    if "error" in request.args:
        raise Trouble(cancelled_text())
    code = request.args.get("code", "")
    if not code or len(code) > LONGEST_PARAMETER:
        raise Refused("callback: no code")
    return code


def is_from_provider(issuer: str | None, *, is_named: bool) -> bool:
    """True if the answer names our provider (RFC 9207), or nobody where the provider does not name itself."""
    return issuer == provider().settings.issuer or (issuer is None and not is_named)


@openid.post("/anmelden/dienstkonto/abmeldung")
@public
@takes_among_others("logout_token")
@for_servers
def back_channel() -> ResponseReturnValue:
    """The provider says that a session is over there: it is over here. Each message counts once."""
    now, issuer = clock.now(), provider().settings.issuer
    try:
        logout = provider().logout(request.form.get("logout_token", ""), now=now)
    except (Unreachable, Refused) as error:
        log.warning("A message to sign out was refused: %s", error)
        return answer_server("invalid_request", 400)
    if not unit_of_work(db.session, lambda work: end_by_provider(work, logout, issuer, now=now)):
        return answer_server("invalid_request", 400)
    return answer_server("", 200)


def answer_server(error: str, status: int) -> Response:
    """What the provider's server gets to read."""
    response = jsonify(error=error) if error else make_response("")
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response


def signed_out_there(identity_token: str) -> ResponseReturnValue:
    """After signing out here, the way to do it at the provider as well; without one, the page that says so."""
    back_to = product_settings().public_url + url_for("people.signed_out")
    address = provider().sign_out_address(identity_token=identity_token, back_to=back_to, now=clock.now())
    if not address:
        return redirect(url_for("people.signed_out"), 303)
    g.here = url_for("people.signed_out")
    return leave_for(address, "people/sign_out_elsewhere.html")


def leave_for(address: str, template: str) -> Response:
    """A page of ours that goes on to the provider by itself, with a link for browsers that do not."""
    response = make_response(render_template(template, address=address))
    response.headers["Cache-Control"] = "no-store"
    return response


def own_address() -> str:
    """Where the provider sends browsers back to, as it has been told; never from the Host header."""
    return product_settings().public_url + url_for("openid.callback")


def refusal(trouble: Trouble, waiting: Waiting) -> ResponseReturnValue:
    """The page to sign in, saying what happened; what waits for the sign-in is not lost."""
    page = sign_in_page(
        next_address=waiting.next_address, held=waiting.held, single_sign_on=single_sign_on(), trouble=trouble.text
    )
    response = make_response(draw_sign_in(page), trouble.status)
    response.headers["Cache-Control"] = "no-store"
    return response


def unreachable_text() -> str:
    """The provider is down."""
    return _("Der Anmeldedienst Ihrer Behörde antwortet gerade nicht. Versuchen Sie es in einigen Minuten noch einmal.")


def over_text() -> str:
    """The sign-in was never begun here, is used up or too old."""
    return _("Diese Anmeldung ist abgelaufen oder schon benutzt. Beginnen Sie die Anmeldung noch einmal.")


def refused_text() -> str:
    """What came back does not prove who it is."""
    return _("Die Antwort des Anmeldedienstes war nicht gültig. Beginnen Sie die Anmeldung noch einmal.")


def cancelled_text() -> str:
    """The provider, or the person there, has said no."""
    return _("Der Anmeldedienst hat die Anmeldung abgebrochen. Beginnen Sie die Anmeldung noch einmal.")


def left_text() -> str:
    """The person is no longer active."""
    return _("Ihr Zugang zu Impuls ist beendet. Wenden Sie sich an die Administration, wenn das nicht stimmt.")

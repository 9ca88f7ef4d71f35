"""Signing in with a password, and out again."""

import datetime
import math

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from learning import clock
from learning.access import public
from learning.database import db, unit_of_work
from learning.language import gettext as _
from learning.language import ngettext
from learning.people import local_sign_in
from learning.people.blueprint import people
from learning.people.local_sign_in import Refused
from learning.people.pages import SignInPage, sign_in_page
from learning.people.sessions import Begun, end_session
from learning.people.throttle import doors
from learning.people.web import forget_session, product_settings, remember_session, viewer_or_none
from learning.web.forms import typed_line, typed_text
from learning.web.preferences import safe_target

LONGEST_ACCOUNT = 254
LONGEST_PASSWORD = 512


@people.get("/anmelden")
@public
def sign_in() -> ResponseReturnValue:
    """The page to sign in; who already is goes on."""
    if viewer_or_none() is not None:
        return redirect(safe_target(request.args.get("weiter", "")))
    return _page(sign_in_page(next_address=request.args.get("weiter", "")))


@people.post("/anmelden")
@public
def take_sign_in() -> ResponseReturnValue:
    """Compare the password and begin a session; typed account and target come back with a mistake."""
    account = typed_line(request.form, "name", longest=LONGEST_ACCOUNT)
    password = typed_text(request.form, "kennwort", longest=LONGEST_PASSWORD)
    outcome = try_to_sign_in(account, password)
    if isinstance(outcome, Refused):
        page = sign_in_page(
            next_address=request.form.get("weiter", ""), account=account, mistake=refusal_text(outcome.wait)
        )
        return _page(page), 422
    remember_session(outcome)
    return redirect(safe_target(request.form.get("weiter", "")), 303)


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


def refusal_text(wait: datetime.timedelta | None) -> str:
    """What is wrong, without telling whether the account exists."""
    if wait is None:
        return _("Kontoname und Passwort passen nicht zusammen. Prüfen Sie beide und versuchen Sie es noch einmal.")
    seconds = max(1, math.ceil(wait.total_seconds()))
    return ngettext(
        "Zu viele Versuche. In %(num)d Sekunde können Sie es wieder versuchen.",
        "Zu viele Versuche. In %(num)d Sekunden können Sie es wieder versuchen.",
        seconds,
    )


@people.post("/abmelden")
@public
def sign_out() -> ResponseReturnValue:
    """End this browser's session. Safe to repeat, also when it is over already."""
    viewer = viewer_or_none()
    if viewer is not None and viewer.session_id is not None:
        session_id, person_key = viewer.session_id, viewer.key
        unit_of_work(db.session, lambda work: end_session(work, person_key, session_id, now=clock.now()))
    forget_session()
    return redirect(url_for("people.sign_in"), 303)


def _page(page: SignInPage) -> str:
    g.here = url_for("people.sign_in", weiter=page.next_address or None)
    return render_template("people/sign_in.html", page=page)

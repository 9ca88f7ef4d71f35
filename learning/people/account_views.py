"""One's own account: who one is here, which browsers are signed in, the password."""

import uuid

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session as Work

from learning import clock
from learning.access import requires
from learning.database import db, unit_of_work, writes
from learning.language import gettext as _
from learning.people.accounts import change_password, password_hash_of
from learning.people.blueprint import people
from learning.people.pages import LONGEST_PASSWORD, account_page, change_password_fields, password_mistakes
from learning.people.passwords import hash_password, is_password
from learning.people.permissions import Action
from learning.people.sessions import end_other_sessions, end_session, sessions_of
from learning.people.throttle import claim_try, doors, forgive
from learning.people.web import current_viewer, product_settings
from learning.web.declared_forms import takes
from learning.web.forms import typed_text
from learning.web.notices import done

PASSWORDS = ("bisher", "kennwort", "wiederholung")


@people.get("/konto")
@requires(Action.ACCOUNT_USE)
def account() -> str:
    """The account page."""
    viewer = current_viewer()
    lines = sessions_of(db.session, viewer.key, now=clock.now())
    return render_template("people/account.html", page=account_page(viewer, lines))


@people.post("/konto/sitzungen/<uuid:session_id>/beenden")
@requires(Action.ACCOUNT_USE)
@takes()
@writes
def end_one_session(session_id: uuid.UUID) -> ResponseReturnValue:
    """End one of one's own sessions; a foreign or ended one changes nothing."""
    end_session(db.session, current_viewer().key, session_id, now=clock.now())
    return done(_("Dort sind Sie nicht mehr angemeldet."), "people.account")


@people.post("/konto/sitzungen/andere-beenden")
@requires(Action.ACCOUNT_USE)
@takes()
@writes
def end_all_other_sessions() -> ResponseReturnValue:
    """End all of one's own sessions but this one."""
    viewer = current_viewer()
    end_other_sessions(db.session, viewer.key, viewer.session_id, now=clock.now())
    return done(_("Sie sind überall sonst abgemeldet."), "people.account")


@people.get("/konto/passwort")
@requires(Action.ACCOUNT_USE)
def new_password() -> str:
    """The form to change one's password."""
    return _password_page("", "", "")


@people.post("/konto/passwort")
@requires(Action.ACCOUNT_USE)
@takes("name", *PASSWORDS)
def take_new_password() -> ResponseReturnValue:
    """Change the password and end all other sessions; asking for the current one is throttled as signing in is."""
    viewer, settings, now = current_viewer(), product_settings(), clock.now()
    typed = {name: typed_text(request.form, name, longest=LONGEST_PASSWORD) for name in PASSWORDS}
    entrances = doors(settings.secrets[0], account=viewer.hr_key, address=request.remote_addr or "")
    known_hash = password_hash_of(db.session, viewer.key)
    if unit_of_work(db.session, lambda work: claim_try(work, entrances, now=now)) is not None:
        return _password_page(_("Zu viele Versuche. Warten Sie eine Minute."), "", ""), 422
    is_known = known_hash is not None and is_password(typed["bisher"], known_hash)
    names = (viewer.name, viewer.hr_key, settings.authority)
    mistakes = password_mistakes(typed["kennwort"], typed["wiederholung"], names=names)
    if known_hash is None or not is_known or any(mistakes):
        return _password_page("" if is_known else _("Das ist nicht Ihr bisheriges Passwort."), *mistakes), 422
    fresh_hash = hash_password(typed["kennwort"])

    def change(work: Work) -> bool:
        if not change_password(work, viewer.key, fresh_hash, instead_of=known_hash, now=now):
            return False
        end_other_sessions(work, viewer.key, viewer.session_id, now=now)
        forgive(work, entrances)
        return True

    words = _("Ihr neues Passwort gilt. Überall sonst sind Sie abgemeldet.")
    if not unit_of_work(db.session, change):
        words = _("Ihr Passwort wurde inzwischen anderswo geändert; dieses Formular hat nichts geändert.")
    return done(words, "people.account")


def _password_page(*mistakes: str) -> str:
    fields = change_password_fields(current_viewer().hr_key, mistakes)
    return render_template("people/new_password.html", fields=fields)

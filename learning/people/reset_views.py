"""Forgotten passwords: a page that asks for an account name and sends a link, where mail is configured.

Who asks learns nothing: for accounts that exist and for others the same happens, up to a letter for nobody.
"""

import datetime

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session as Work

from learning import clock
from learning.access import public
from learning.database import db, unit_of_work
from learning.jobs import Jobs
from learning.language import gettext as _
from learning.people.links import Purpose
from learning.people.mailing import ask_for_letter
from learning.people.models import Credential, OneTimeLink, Person
from learning.people.pages import refusal_text
from learning.people.throttle import RESET_TRIES, claim_try, doors
from learning.people.web import product_settings
from learning.web.declared_forms import takes
from learning.web.forms import TextField, typed_line

LONGEST_ACCOUNT = 254
# Who asks again so soon has a mail that still works, or one that is on its way.
REST = datetime.timedelta(minutes=10)
SEND_MAIL = "send_mail"
resets = Blueprint("resets", __name__)


@resets.get("/passwort-vergessen")
@public
def forgotten_password() -> str:
    """Ask for the account name."""
    return _page("", "")


@resets.post("/passwort-vergessen")
@public
@takes("name")
def take_forgotten_password() -> ResponseReturnValue:
    """Have a link sent, or not: the answer is the same. Throttled by account and by address, as signing in is."""
    account = typed_line(request.form, "name", longest=LONGEST_ACCOUNT)
    if not account:
        return _page("", _("Nennen Sie Ihren Kontonamen oder Ihre dienstliche Mailadresse.")), 422
    settings, now = product_settings(), clock.now()
    entrances = doors(
        settings.secrets[0], account=account, address=request.remote_addr or "", route="reset", tries=RESET_TRIES
    )

    def ask(work: Work) -> datetime.timedelta | None:
        wait = claim_try(work, entrances, now=now)
        if wait is None:
            ask_for_letter(work, person_to_reset(work, account, now=now), Purpose.RESET, now=now)
        return wait

    wait = unit_of_work(db.session, ask)
    if wait is not None:
        return _page(account, refusal_text(wait)), 422
    jobs = current_app.extensions["impuls-jobs"]
    assert isinstance(jobs, Jobs)
    jobs.ask(SEND_MAIL)
    return redirect(url_for("resets.letter_sent"), 303)


@resets.get("/passwort-vergessen/verschickt")
@public
def letter_sent() -> str:
    """What happens next, whether there is such an account or not."""
    return render_template("people/letter_sent.html")


def person_to_reset(work: Work, account: str, *, now: datetime.datetime) -> int | None:
    """Who has this account name and a password, and has not just got a link. One query in every case."""
    just_asked = exists().where(
        OneTimeLink.person_key == Person.key,
        OneTimeLink.purpose == Purpose.RESET.value,
        OneTimeLink.made_at > now - REST,
        OneTimeLink.ends_at > now,
        OneTimeLink.used_at.is_(None),
    )
    rows = work.execute(
        select(Person.key, Person.hr_key)
        .join(Credential, Credential.person_key == Person.key)
        .where(Person.is_active, ~just_asked, or_(Person.hr_key == account, func.lower(Person.mail) == account.lower()))
        .limit(3)
    ).all()
    found = next((row for row in rows if row.hr_key == account), rows[0] if len(rows) == 1 else None)
    return found.key if found else None


def _page(account: str, mistake: str) -> str:
    field = TextField(
        "name",
        _("Kontoname"),
        value=account,
        mistake=mistake,
        hint=_("Oder Ihre dienstliche Mailadresse."),
        autocomplete="username",
        longest=LONGEST_ACCOUNT,
    )
    return render_template("people/forgotten_password.html", fields=(field,))

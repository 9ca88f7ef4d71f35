"""Signing in by the word of a trusted reverse proxy; only there while one is configured."""

from flask import Blueprint, Flask, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session as Work

from learning import clock
from learning.access import public
from learning.database import db, unit_of_work
from learning.language import gettext as _
from learning.people.pages import sign_in_page, unknown_account_text
from learning.people.proxy import named_person, person_named
from learning.people.sessions import Begun, Method, begin_session
from learning.people.sign_in_views import draw_sign_in, go_on
from learning.people.web import product_settings, remember_session, single_sign_on
from learning.web.declared_forms import takes

proxy = Blueprint("proxy", __name__)


def add_proxy_sign_in(app: Flask) -> None:
    """Register the address."""
    app.register_blueprint(proxy)


@proxy.post("/anmelden/proxy")
@public
@takes("weiter", "gehalten")
def begin() -> ResponseReturnValue:
    """Begin the session of the person whom the proxy names."""
    settings = product_settings()
    rules, now = settings.proxy_sign_in, clock.now()
    assert rules is not None
    next_address, held = request.form.get("weiter", ""), request.form.get("gehalten", "")
    name = named_person(rules, request.environ)

    def admit(work: Work) -> Begun | None:
        person_key = person_named(work, name, rules.named_by) if name else None
        if person_key is None:
            return None
        return begin_session(work, person_key, method=Method.PROXY, now=now, hours=settings.session_hours)

    begun = unit_of_work(db.session, admit)
    if begun is None:
        trouble = unknown_account_text() if name else unnamed_text()
        page = sign_in_page(next_address=next_address, held=held, single_sign_on=single_sign_on(), trouble=trouble)
        return draw_sign_in(page), 403
    remember_session(begun, proxy_name=name)
    return go_on(next_address, held)


def unnamed_text() -> str:
    """Why nobody was signed in: nobody trusted has said who is there."""
    return _("Ihr Dienstkonto wurde nicht mitgeteilt. Öffnen Sie Impuls über die Adresse, die Ihre Behörde nennt.")

"""Language and colours of the interface: chosen with a form, remembered in a cookie, without JavaScript.

The forms stand in the header of every page. A page whose state lives in a form of its own lends that form to them, and
its view calls `take_preferences`, so that changing the language in the middle of a test loses nothing.
"""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum

from flask import Blueprint, Flask, Response, current_app, g, redirect, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response as BaseResponse

from learning.access import public
from learning.language import COOKIE as LANGUAGE_COOKIE
from learning.language import LANGUAGES
from learning.web.declared_forms import takes

preferences = Blueprint("preferences", __name__)
YEAR = 365 * 24 * 3600
THEME_COOKIE = "darstellung"
REMEMBER = "impuls-remember-preferences"
OWN_ADDRESS = re.compile(r"/(?![/\\])[^\x00-\x1f\x7f\\]*")


class Theme(StrEnum):
    """The colours of the interface; SYSTEM follows what the device is set to."""

    LIGHT = "hell"
    DARK = "dunkel"
    SYSTEM = "system"

    @property
    def kern(self) -> str:
        """The value of `data-kern-theme`; empty where the attribute is left out."""
        return {Theme.LIGHT: "light", Theme.DARK: "dark", Theme.SYSTEM: ""}[self]


def add_preferences(app: Flask, *, remember: Callable[[str | None, Theme | None], None]) -> None:
    """Register the form's address. `remember` is told what was chosen, to keep it for a signed-in person."""
    app.extensions[REMEMBER] = remember
    app.register_blueprint(preferences)


@preferences.post("/einstellungen/anzeige")
@public
@takes(LANGUAGE_COOKIE, THEME_COOKIE, "zurueck")
def save_preferences() -> BaseResponse:
    """Take language or theme and go back to the page that the form stood on."""
    take_preferences(request.form)
    remember = current_app.extensions.get(REMEMBER)
    if remember is not None:
        chosen = request.form.get(THEME_COOKIE)
        language = request.form.get(LANGUAGE_COOKIE)
        remember(language if language in LANGUAGES else None, Theme(chosen) if chosen in set(Theme) else None)
    response = redirect(safe_target(request.form.get("zurueck", "")), 303)
    return keep_preferences(response)


def take_preferences(form: Mapping[str, str]) -> None:
    """Let this very request speak the chosen language and wear the chosen theme. Unknown values are left alone."""
    if form.get(LANGUAGE_COOKIE) in LANGUAGES:
        g.language = form[LANGUAGE_COOKIE]
    if form.get(THEME_COOKIE) in set(Theme):
        g.theme = Theme(form[THEME_COOKIE])


def keep_preferences(response: BaseResponse) -> BaseResponse:
    """Remember what this request has chosen for a year; nothing else is in these cookies."""
    for name, value in ((LANGUAGE_COOKIE, g.get("language")), (THEME_COOKIE, g.get("theme"))):
        if value:
            response.set_cookie(
                name, str(value), max_age=YEAR, path="/", secure=request.is_secure, httponly=True, samesite="Lax"
            )
    return response


def chosen_theme() -> Theme:
    """The theme of this request."""
    theme = g.get("theme") or request.cookies.get(THEME_COOKIE)
    return Theme(theme) if theme in set(Theme) else Theme.SYSTEM


def safe_target(target: str) -> str:
    """`target` if it is the address of a page of ours that can be opened, else the first page."""
    if not OWN_ADDRESS.fullmatch(target):
        return url_for("start")
    path = target.split("?", 1)[0].split("#", 1)[0]
    adapter = current_app.create_url_adapter(request)
    assert adapter is not None
    try:
        adapter.match(path, method="GET")
    except (RequestRedirect, HTTPException):
        return url_for("start")
    return target


def remember_after_forms(response: Response) -> Response:
    """For `after_request` of blueprints whose own forms carry preferences."""
    if request.method == "POST":
        keep_preferences(response)
    return response

"""Who is signed in, for views: reads the browser's cookie before each request, remembers and forgets sign-ins.

The cookie is signed. It holds the session's token and the minute of the last request, so that idle time is measured
without the database knowing when somebody was here.
"""

import datetime
import secrets
from enum import StrEnum
from typing import Any

from flask import Flask, current_app, g, request, session, url_for
from werkzeug.exceptions import Unauthorized

from learning import clock
from learning.database import db, unit_of_work
from learning.people import proxy
from learning.people.accounts import keep_choices
from learning.people.permissions import allowed
from learning.people.sessions import Begun, token_hash
from learning.people.viewer import Viewer, viewer_of_session
from learning.settings import ProductSettings
from learning.web.preferences import Theme

TOKEN = "token"  # noqa: S105  # the name of an entry in the cookie
SEEN = "seen"
OWNER = "owner"
THEMES = {"light": Theme.LIGHT, "dark": Theme.DARK}
BROWSER = "browser"
PROXY_NAME = "proxy_name"
SINGLE_SIGN_ON = ("openid.begin", "proxy.begin")
FORGOTTEN_PASSWORD = "resets.forgotten_password"  # noqa: S105  # the name of a page
PROBES = frozenset({"health.alive", "health.ready"})


def product_settings() -> ProductSettings:
    """The settings that this application was made with."""
    found = current_app.extensions["impuls-settings"]
    assert isinstance(found, ProductSettings)
    return found


def recognise_people(app: Flask) -> None:
    """Load the viewer before each request, with one query where the browser has a session."""
    app.before_request(load_viewer)


def load_viewer() -> None:
    """Set `g.viewer`: the person of a session that lasts and has not been idle for too long, else None."""
    g.viewer = None
    token = session.get(TOKEN)
    if not isinstance(token, str) or request.endpoint in PROBES or not proxy_still_says():
        return
    now = clock.now()
    minute = int(now.timestamp()) // 60
    if minute - int(session.get(SEEN, 0)) > product_settings().idle_minutes:
        return
    viewer = viewer_of_session(db.session, token_hash(token), now=now, today=clock.today())
    if viewer is None:
        return
    if session.get(SEEN) != minute:
        session[SEEN] = minute
    if session.get(OWNER) != str(viewer.id):
        session[OWNER] = str(viewer.id)
    g.viewer = viewer
    wear_preferences(viewer)


def proxy_still_says() -> bool:
    """False if a proxy signed this browser in and does not say today that the same person is there."""
    name = session.get(PROXY_NAME)
    settings = product_settings().proxy_sign_in
    return name is None or (settings is not None and name == proxy.named_person(settings, request.environ))


def wear_preferences(viewer: Viewer) -> None:
    """Speak the person's language and wear their colours, whatever this browser was set to before."""
    if viewer.language:
        g.language = viewer.language
    if viewer.theme:
        g.theme = THEMES[viewer.theme]


def last_owner() -> str:
    """The public id of who was signed in with this browser's cookie, also when the session is over; "" if nobody."""
    return str(session.get(OWNER, ""))


def viewer_or_none() -> Viewer | None:
    """The person who is signed in, None for anybody else."""
    viewer = g.get("viewer")
    assert viewer is None or isinstance(viewer, Viewer)
    return viewer


def current_viewer() -> Viewer:
    """The person who is signed in. Only for views that require an action, where there always is one."""
    viewer = viewer_or_none()
    if viewer is None:
        raise Unauthorized
    return viewer


def viewer_is_allowed(action: StrEnum) -> bool:
    """Whether the person of this request may do `action` at all."""
    return allowed(viewer_or_none(), action)


def remember_session(begun: Begun, *, proxy_name: str | None = None) -> None:
    """Put a session that has just begun into the browser's cookie; nothing of an earlier one stays in it.

    `proxy_name` is what the proxy called the person, where a proxy has signed them in.
    """
    session.clear()
    if proxy_name is not None:
        session[PROXY_NAME] = proxy_name
    g.pop("csrf_token", None)
    session[TOKEN] = begun.token
    session[SEEN] = int(clock.now().timestamp()) // 60


def forget_session() -> None:
    """Empty the browser's cookie."""
    session.clear()
    g.pop("csrf_token", None)
    g.viewer = None


def remember_choices(language: str | None, theme: Theme | None) -> None:
    """Keep a chosen language or theme for the person who is signed in; on other devices it holds as well."""
    viewer = viewer_or_none()
    if viewer is None:
        return
    person_key = viewer.key
    kern_theme = theme.kern if theme else None
    unit_of_work(db.session, lambda work: keep_choices(work, person_key, language=language, theme=kern_theme))


def single_sign_on() -> str:
    """Where signing in with the official account begins, "" while neither provider nor proxy is configured."""
    found = [endpoint for endpoint in SINGLE_SIGN_ON if endpoint in current_app.view_functions]
    return url_for(found[0]) if found else ""


def browser_key() -> str:
    """A secret that only this browser's cookie holds; "" while it has none."""
    return str(session.get(BROWSER, ""))


def make_browser_key() -> str:
    """The same, made when there is none yet."""
    if not browser_key():
        session[BROWSER] = secrets.token_urlsafe(32)
    return browser_key()


def forgotten_password() -> str:
    """Where who has forgotten the password gets a link, "" while no mail is configured."""
    return url_for(FORGOTTEN_PASSWORD) if FORGOTTEN_PASSWORD in current_app.view_functions else ""


def cookie_settings(settings: ProductSettings) -> dict[str, Any]:
    """How the cookie is sent: to this host alone, by https alone, never to scripts, not from forms of other sites."""
    return {
        "SECRET_KEY": settings.secrets[0],
        "SECRET_KEY_FALLBACKS": list(settings.secrets[1:]),
        "SESSION_COOKIE_NAME": "__Host-impuls" if settings.is_secure else "impuls",
        "SESSION_COOKIE_SECURE": settings.is_secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": datetime.timedelta(hours=settings.session_hours),
    }

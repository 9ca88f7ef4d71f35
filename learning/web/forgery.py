"""Forms carry a token that only our own pages know (CSRF), beside the check of their origin in learning/web/origin.py.

The token stays the same for a whole session, so that an unchanged page keeps its ETag.
"""

from flask import Flask, abort, g, session
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf

from learning.web.declared_forms import FORM_TOKEN
from learning.web.origin import must_be_a_form

SIGNED = "csrf_signed"


def guard_forms(app: Flask) -> None:
    """Give templates `form_token()`. The composition calls `check_form` once it is known who asks."""
    app.config.update(
        WTF_CSRF_FIELD_NAME=FORM_TOKEN,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_SSL_STRICT=False,
    )
    app.extensions["impuls-csrf"] = CSRFProtect(app)
    app.jinja_env.globals["form_token"] = form_token

    @app.before_request
    def keep_token() -> None:
        if SIGNED in session:
            g.csrf_token = session[SIGNED]


def form_token() -> str:
    """The token that forms of this session carry in the hidden field `csrf_token`, scripts in `X-CSRFToken`."""
    token = str(generate_csrf())
    if session.get(SIGNED) != token:
        session[SIGNED] = token
    return token


def check_form(app: Flask) -> None:
    """Refuse with 403 if this request changes something and does not carry the token of its session."""
    if not must_be_a_form():
        return
    guard = app.extensions["impuls-csrf"]
    assert isinstance(guard, CSRFProtect)
    try:
        guard.protect()
    except CSRFError:
        abort(403)

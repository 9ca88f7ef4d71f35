"""Puts the pages of people together: signing in and out, links that are used once, one's own account."""

from flask import Flask

# The modules of views hang their views on the blueprint by being imported.
from learning.people import account_views, link_views, sign_in_views, sign_out_views  # noqa: F401
from learning.people.blueprint import people
from learning.people.openid_views import add_openid
from learning.people.proxy_views import add_proxy_sign_in
from learning.people.reset_views import resets
from learning.settings import ProductSettings


def add_people(app: Flask) -> None:
    """Register the feature, and signing in with the official account where it is configured."""
    settings = app.extensions["impuls-settings"]
    assert isinstance(settings, ProductSettings)
    app.register_blueprint(people)
    if settings.mail is not None:
        app.register_blueprint(resets)
    if settings.openid:
        add_openid(app, settings.openid)
    if settings.proxy_sign_in:
        add_proxy_sign_in(app)

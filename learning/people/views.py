"""Puts the pages of people together: signing in, links that are used once, one's own account."""

from flask import Flask

# The modules of views hang their views on the blueprint by being imported.
from learning.people import account_views, link_views, sign_in_views  # noqa: F401
from learning.people.blueprint import people


def add_people(app: Flask) -> None:
    """Register the feature."""
    app.register_blueprint(people)

"""What the product's figures are held against: the floor, inside the same application, and a bare page beside it.

The floor has the same server, middleware, sign-in and layout, one query of its own, and the very words of the page that
it is compared with, finished; so the ratio says what it costs to make the page. The floor of saving commits one row.
"""

import uuid

from flask import Blueprint, Flask, Response, current_app, jsonify, render_template_string, request
from sqlalchemy import select

from learning import clock
from learning.access import requires
from learning.database import db, writes
from learning.people.models import Throttle, Unit
from learning.people.permissions import Action
from learning.people.web import current_viewer
from learning.web.declared_forms import takes_body
from learning.web.rendering import finished_html

TEMPLATE = """{% extends "shared/layout.html" %}
{% block title %}{{ name }}{% endblock %}
{% block content %}{{ body }}{% endblock %}"""
PAGES = "floor-pages"
floor = Blueprint("floor", __name__)


def add_floor(app: Flask) -> None:
    """Register the floor as if it were a feature of the product."""
    app.extensions[PAGES] = {"leer": ""}
    app.register_blueprint(floor)


def keep_page(app: Flask, name: str, page: str) -> None:
    """Let the floor `name` show what stands between the frame of `page`."""
    begin = page.index("<main")
    begin = page.index(">", page.index("<div", begin)) + 1
    app.extensions[PAGES][name] = finished_html(page[begin : page.index("</main>")].rstrip().removesuffix("</div>"))


@floor.get("/boden/<name>")
@requires(Action.LIBRARY_READ)
def page(name: str) -> str:
    """A page of the size of another one."""
    unit_name = db.session.scalar(select(Unit.name).where(Unit.key == current_viewer().unit_key))
    return render_template_string(TEMPLATE, name=unit_name, body=current_app.extensions[PAGES][name])


@floor.post("/boden")
@requires(Action.LIBRARY_READ)
@takes_body()
@writes
def save() -> Response:
    """Commit one row and acknowledge it."""
    now = clock.now()
    key = request.get_json()["key"]
    db.session.add(Throttle(subject=uuid.uuid4().hex, tries=1, first_at=now, next_at=now))
    return jsonify(key=key, version=1, counts=True, server_time=now.isoformat(), deadline=None)


def bare_app(page: str) -> Flask:
    """A Flask application that does nothing but send `page`."""
    app = Flask("bare", static_folder=None)
    app.add_url_rule("/", view_func=lambda: page)
    return app

"""The pages that the footer leads to. What they say about data comes from the catalogue and the visibility matrix."""

import datetime

from flask import Blueprint, Flask, render_template, url_for

from learning.access import public
from learning.language import date_text
from learning.language import gettext as _
from learning.mydata.explained import rights_rows, role_names, stored_rows
from learning.people.visibility import catalogue, matrix
from learning.people.web import product_settings
from learning.web.links import Link

service = Blueprint("service", __name__)

# The statement on accessibility: when it was first made, and when all that it says was last gone through.
# CONTRIBUTING.md says when to do so again.
STATEMENT_MADE = datetime.date(2026, 11, 22)
STATEMENT_CHECKED = datetime.date(2026, 11, 22)


def add_service(app: Flask) -> None:
    """Register the feature."""
    app.register_blueprint(service)


def service_links() -> tuple[Link, ...]:
    """The pages as links for the footer."""
    return (
        Link(url_for("service.help_page"), _("Hilfe und Kontakt")),
        Link(url_for("service.accessibility"), _("Barrierefreiheit")),
        Link(url_for("service.privacy"), _("Datenschutz")),
    )


@service.get("/hilfe")
@public
def help_page() -> str:
    """How Impuls works, in few words, and whom to ask."""
    return render_template("service/help.html", contact=product_settings().contact)


@service.get("/barrierefreiheit")
@public
def accessibility() -> str:
    """What was tested and how, what is known not to work, whom to tell, and of which day that is."""
    return render_template(
        "service/accessibility.html",
        contact=product_settings().contact,
        made=date_text(STATEMENT_MADE),
        checked=date_text(STATEMENT_CHECKED),
    )


@service.get("/datenschutz")
@public
def privacy() -> str:
    """What Impuls stores about people, what for, how long and on what basis; who sees it."""
    data = tuple(matrix().values())
    return render_template(
        "service/privacy.html",
        authority=product_settings().authority,
        contact=product_settings().contact,
        stored=stored_rows(catalogue().data, data),
        rights=rights_rows(data),
        roles=role_names(),
    )

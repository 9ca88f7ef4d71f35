"""Puts the product together: its features, their pages and the frame they share. Imported by nothing but commands.

A feature adds one line to FEATURES, a function that registers its blueprint, and one to NAVIGATION if it has an entry
there. Everything else that all pages need is set up once, here.
"""

from collections.abc import Callable
from enum import StrEnum

from flask import Flask, Response, current_app, request, url_for
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.middleware.proxy_fix import ProxyFix

from learning import paths
from learning.access import close_by_default
from learning.database import Unavailable, is_out_of_reach, open_database
from learning.jobs import Jobs
from learning.language import gettext as _
from learning.language import speak_languages
from learning.library.readers import Readers
from learning.library.views import add_library
from learning.mydata.views import add_mydata
from learning.people.gate import ask_to_sign_in
from learning.people.permissions import Action
from learning.people.views import add_people
from learning.people.web import (
    cookie_settings,
    product_settings,
    recognise_people,
    remember_choices,
    viewer_is_allowed,
    viewer_or_none,
)
from learning.reporting.views import add_reporting
from learning.service.views import add_service, service_links
from learning.settings import ProductSettings
from learning.study.attempts.views import add_attempts
from learning.study.courses.catalogue_states import catalogue_states
from learning.study.courses.learnt import learnt_editions
from learning.study.views import add_study
from learning.upkeep import JOBS
from learning.web.assets import Assets
from learning.web.compression import compress_pages
from learning.web.declared_forms import refuse_unknown_fields
from learning.web.errors import answer_failure, answer_unavailable, explain_errors
from learning.web.forgery import check_form, guard_forms
from learning.web.headers import send_headers
from learning.web.health import add_health
from learning.web.links import Link
from learning.web.origin import refuse_foreign_forms
from learning.web.pages import NavigationEntry, Site, draw_pages
from learning.web.preferences import add_preferences

FEATURES: tuple[Callable[[Flask], None], ...] = (
    add_people,
    lambda app: add_library(app, known=Readers(learnt=learnt_editions, states=catalogue_states)),
    add_study,
    add_attempts,
    add_mydata,
    add_reporting,
    add_service,
)

# The endpoint of each entry, who sees it, its words. An entry whose feature is not there is left out.
NAVIGATION: tuple[tuple[str, StrEnum, Callable[[], str]], ...] = (
    ("start", Action.COURSE_STUDY, lambda: _("Start")),
    ("library.catalogue", Action.LIBRARY_READ, lambda: _("Katalog")),
    ("library.job_aids", Action.LIBRARY_READ, lambda: _("Arbeitshilfen")),
    ("study.proofs", Action.OWN_DATA_SEE, lambda: _("Nachweise")),
    ("reporting.team", Action.TEAM_SEE, lambda: _("Mein Team")),
    ("reporting.overview", Action.DUTIES_SEE, lambda: _("Personal")),
    ("reporting.totals", Action.TOTALS_SEE, lambda: _("Summen")),
)
# The entry that pages of a feature stand under, unless they have one of their own or are named here themselves.
SECTIONS = {
    "study.ask_to_end_agreement": "study.proofs",
    "library": "library.catalogue",
    "study": "library.catalogue",
    "attempts": "library.catalogue",
    "reporting": "reporting.overview",
}


def create_app(settings: ProductSettings) -> Flask:
    """The product as `settings` want it. The database has to be migrated, the assets built. Raises UndeclaredRoute."""
    app = Flask("learning", static_folder=None, template_folder=str(paths.templates()))
    app.config.update(
        cookie_settings(settings),
        MAX_CONTENT_LENGTH=settings.form_bytes,
        MAX_FORM_MEMORY_SIZE=settings.form_bytes,
        MAX_FORM_PARTS=1_000,
        TRUSTED_HOSTS=settings.trusted_hosts,
    )
    app.extensions["impuls-settings"] = settings
    open_database(app, settings.database_url)
    app.extensions["impuls-jobs"] = Jobs(app, JOBS, database_url=settings.database_url, folder=settings.data)
    speak_languages(app, default=settings.language)
    compress_pages(app)
    explain_errors(app)
    for failure in (Unavailable, SQLAlchemyError):
        app.register_error_handler(failure, answer_database_failure)
    send_headers(app)
    add_health(app)
    refuse_foreign_forms(app)
    guard_forms(app)
    recognise_people(app)
    add_preferences(app, remember=remember_choices)
    for add_feature in FEATURES:
        add_feature(app)
    assets = Assets(paths.static())
    draw_pages(app, assets, site=lambda: product_site(settings.authority), layout="shared/layout.html")
    close_by_default(app, allows=viewer_is_allowed, refuse=ask_to_sign_in)
    app.before_request(lambda: check_form(app))
    refuse_unknown_fields(app)
    assets.serve(app)
    if settings.proxies:
        count = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]  # the way Flask documents for WSGI middleware
    return app


def answer_database_failure(error: Exception) -> Response:
    """503 while the database is out of reach; anything else that it refuses is a mistake of the program."""
    return answer_unavailable(error) if is_out_of_reach(error) else answer_failure(error)


def product_site(authority: str) -> Site:
    """The frame of the product's pages, for who looks at them."""
    viewer = viewer_or_none()
    account = (
        NavigationEntry(url_for("people.account"), viewer.name, request.endpoint == "people.account")
        if viewer
        else NavigationEntry(url_for("people.sign_in"), _("Anmelden"), request.endpoint == "people.sign_in")
    )
    return Site(
        home=url_for("start"),
        authority=authority,
        navigation=navigation(),
        footer=_("Impuls · Lernbibliothek: %(authority)s", authority=authority),
        service=((Link(url_for("mydata.my_data"), _("Meine Daten")),) if viewer else ()) + service_links(),
        account=account,
        person=str(viewer.id) if viewer else "",
        session_minutes=product_settings().idle_minutes if viewer else 0,
        session_address=url_for("people.sign_in_state"),
    )


def navigation() -> tuple[NavigationEntry, ...]:
    """The entries that whoever looks may open, with the one marked that this page is or stands under."""
    entries = {
        endpoint: text
        for endpoint, action, text in NAVIGATION
        if endpoint in current_app.view_functions and viewer_is_allowed(action)
    }
    if "reporting.overview" in entries:
        entries.pop("reporting.totals", None)  # HR finds them on its overview.
    section = (
        ""
        if request.endpoint in entries
        else SECTIONS.get(request.endpoint or "", SECTIONS.get(request.blueprint or "", ""))
    )
    return tuple(
        NavigationEntry(url_for(endpoint), text(), request.endpoint == endpoint, is_around=endpoint == section)
        for endpoint, text in entries.items()
    )

"""Puts the preview together: its pages and the frame they share with the product. Imported by its command alone."""

from flask import Flask, redirect, request, url_for
from werkzeug.wrappers import Response

from learning import clock, paths
from learning.access import close_by_default, public
from learning.language import gettext as _
from learning.language import speak_languages

# The modules of views hang their views on the blueprint by being imported.
from learning.preview import attempts, finding_views, practice, reload, views  # noqa: F401
from learning.preview.blueprint import preview
from learning.preview.pages import service_text
from learning.preview.shelf import Shelf
from learning.settings import PreviewSettings
from learning.web.assets import Assets
from learning.web.declared_forms import refuse_unknown_fields
from learning.web.errors import explain_errors
from learning.web.headers import send_headers
from learning.web.origin import refuse_foreign_forms
from learning.web.pages import NavigationEntry, Site, draw_pages
from learning.web.preferences import preferences
from learning.workshop import Workshop


def create_preview_app(settings: PreviewSettings, workshop: Workshop) -> Flask:
    """The preview of the courses below `settings.folder`. It has no people, so it shows nothing that requires one."""
    app = Flask("learning", static_folder=None, template_folder=str(paths.templates()))
    app.config.update(
        MAX_CONTENT_LENGTH=settings.form_bytes,
        MAX_FORM_MEMORY_SIZE=settings.form_bytes,
        MAX_FORM_PARTS=1_000,
        TRUSTED_HOSTS=settings.trusted_hosts,
    )
    app.extensions["impuls-shelf"] = Shelf(settings.folder, workshop, today=clock.today)
    speak_languages(app, default=settings.language)
    explain_errors(app)
    send_headers(app)
    refuse_foreign_forms(app)
    app.add_url_rule("/", "start", start)
    app.register_blueprint(preferences)
    app.register_blueprint(preview)
    assets = Assets(paths.static())
    draw_pages(app, assets, site=preview_site, layout="preview/layout.html")
    app.context_processor(lambda: {"watch": reload.watch})
    close_by_default(app, allows=lambda _action: False)
    refuse_unknown_fields(app)
    assets.serve(app)
    return app


@public
def start() -> Response:
    """The first page is the catalogue."""
    return redirect(url_for("preview.catalogue"))


def preview_site() -> Site:
    """The frame of the preview's pages."""
    is_findings = (request.endpoint or "").endswith("findings")
    return Site(
        home=url_for("start"),
        authority="",
        navigation=(
            NavigationEntry(url_for("preview.catalogue"), _("Katalog"), not is_findings),
            NavigationEntry(url_for("preview.findings"), _("Befunde"), is_findings),
        ),
        footer=service_text(),
    )

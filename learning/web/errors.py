"""Refusals and failures as pages: what happened, what to do next, and a number to name when asking for help.

Nothing of the cause reaches the page; it stands in the log under the same number.
"""

import logging
import secrets
from dataclasses import dataclass

from flask import Flask, Response, current_app, g, jsonify, make_response, render_template, request, url_for
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError

from learning.language import gettext as _
from learning.web.declared_forms import UnknownFields
from learning.web.links import Link

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """What the page of an error says. `number` finds the request in the log, `ways` lead on beside the start page."""

    status: int
    title: str
    text: str
    number: str
    ways: tuple[Link, ...]


def explain_errors(app: Flask) -> None:
    """Give every request a number, and every error of `app` a page that names it."""

    @app.before_request
    def number_request() -> None:
        g.request_number = secrets.token_hex(6)

    @app.after_request
    def send_number(response: Response) -> Response:
        response.headers["X-Request-Id"] = request_number()
        return response

    app.register_error_handler(HTTPException, answer_refusal)
    app.register_error_handler(Exception, answer_failure)


def request_number() -> str:
    """The number of this request; a fresh one if the request failed before it got one."""
    if "request_number" not in g:
        g.request_number = secrets.token_hex(6)
    number: str = g.request_number
    return number


def answer_refusal(error: HTTPException) -> Response:
    """The page for an answer such as 404 or 413. A redirect is none and passes as it is."""
    status = error.code or 500
    if isinstance(error, SecurityError):
        # Asked for under a foreign host name: no page of ours has an address there.
        return make_response((f"{status}\n", status, {"Content-Type": "text/plain; charset=utf-8"}))
    if status < 400:
        return make_response(error.get_response())
    words = unknown_fields_wording() if isinstance(error, UnknownFields) else wording(status)
    return error_answer(status, words, allow=error.get_response().headers.get("Allow"))


def answer_failure(error: Exception) -> Response:
    """The page for a mistake of the program: the trace goes to the log, without values of rows, never to the page."""
    hide_values(error)
    # The rule of the address, because the address itself may hold a token.
    log.error("Request %s failed at %s", request_number(), request.url_rule, exc_info=error)
    return error_answer(InternalServerError.code, wording(InternalServerError.code), allow=None)


def answer_unavailable(error: Exception) -> Response:
    """The page for work that the database could not take right now; the browser may try again by itself."""
    hide_values(error)
    # One line: while a database is away every request ends here, and a trace would say nothing more.
    reason = str(error).partition("\n")[0]
    log.warning("Request %s found no database: %s: %s", request_number(), type(error).__name__, reason)
    response = error_answer(503, wording(503), allow=None)
    response.headers["Retry-After"] = "5"
    return response


def hide_values(error: Exception) -> None:
    """Take values of rows out of what the log will get to read of an error."""
    # The preview has no database and shall not wait for its library, which this imports.
    from learning.database_errors import without_values

    without_values(error)


def error_answer(status: int, words: tuple[str, str], *, allow: str | None) -> Response:
    """The error as a page with its title and advice, or as problem+json for who asked for JSON."""
    title, text = words
    page = ErrorPage(status, title, text, request_number(), ways_on(status))
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        response = jsonify(type="about:blank", title=title, status=status, detail=text, instance=page.number)
        response.mimetype = "application/problem+json"
    else:
        response = make_response(render_template("web/error.html", page=page))
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    if allow:
        response.headers["Allow"] = allow
    return response


def ways_on(status: int) -> tuple[Link, ...]:
    """Where who was led to a page that is not there can go on, as far as this composition has it."""
    if status != 404:
        return ()
    # The field to search in stands on the catalogue: without words there are no hits to lead to.
    ways = (
        ("library.catalogue", "", _("Alle Kurse im Katalog ansehen")),
        ("library.catalogue", "suche", _("In Kursen suchen")),
        ("service.help_page", "", _("Hilfe und Kontakt")),
    )
    return tuple(
        Link(url_for(endpoint, _anchor=anchor or None), text)
        for endpoint, anchor, text in ways
        if endpoint in current_app.view_functions
    )


def unknown_fields_wording() -> tuple[str, str]:
    """Title and advice where a form had fields that its address does not take."""
    return (
        _("Dieses Formular kennen wir so nicht"),
        _(
            "Es enthielt Felder, die hier nicht vorgesehen sind; gespeichert wurde nichts. Gehen Sie zurück, kopieren "
            "Sie längere Texte, laden Sie die Seite neu und senden Sie das Formular dann noch einmal ab."
        ),
    )


def wording(status: int) -> tuple[str, str]:
    """Title and advice of an error page in the language of the request."""
    match status:
        case 401:
            return (
                _("Bitte melden Sie sich an"),
                _("Sie sind nicht oder nicht mehr angemeldet. Melden Sie sich an und versuchen Sie es noch einmal."),
            )
        case 403:
            return (
                _("Dieses Formular kam nicht von dieser Seite"),
                _("Laden Sie die Seite neu und senden Sie das Formular dann noch einmal ab."),
            )
        case 404 if request.path.startswith("/kurse/"):
            return (
                _("Diese Seite gibt es nicht"),
                _("Vielleicht wurde der Kurs umbenannt. Im Katalog finden Sie alle Kurse."),
            )
        case 404:
            return (
                _("Diese Seite gibt es nicht"),
                _("Vielleicht fehlt ein Stück der Adresse, oder was hier stand, ist nicht mehr da."),
            )
        case 405:
            return (
                _("Diese Seite lässt sich so nicht aufrufen"),
                _("Gehen Sie zurück und öffnen Sie die Seite über ihren Link oder ihre Schaltfläche."),
            )
        case 413:
            return (
                _("Das war zu viel auf einmal"),
                _("Kürzen Sie Ihre Eingabe und senden Sie sie noch einmal ab."),
            )
        case 429:
            return (
                _("Das waren zu viele Anfragen auf einmal"),
                _("Warten Sie eine Minute und versuchen Sie es dann noch einmal."),
            )
        case 503:
            return (
                _("Impuls ist gerade nicht erreichbar"),
                _("Warten Sie einen Augenblick und versuchen Sie es dann noch einmal. Gespeichertes bleibt erhalten."),
            )
        case _ if status < 500:
            return (
                _("Damit konnten wir nichts anfangen"),
                _("Gehen Sie zurück, laden Sie die Seite neu und versuchen Sie es noch einmal."),
            )
        case _:
            return (
                _("Da ist uns ein Fehler unterlaufen"),
                _("Versuchen Sie es noch einmal. Hilft das nicht, nennen Sie uns die Nummer dieser Anfrage."),
            )

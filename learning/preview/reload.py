"""Pages that show themselves anew when a file changes: the address that says whether something has."""

from flask import Response, g, request, url_for

from learning.access import public
from learning.preview.blueprint import preview, shelf
from learning.preview.pages import Watch


@preview.get("/vorschau/stand")
@public
def folder_state() -> Response:
    """Whether any course has changed since the state in If-None-Match."""
    return _state_answer(shelf().state())


@preview.get("/vorschau/stand/<slug>")
@public
def course_state(slug: str) -> Response:
    """Whether a course has changed since the state in If-None-Match. Nothing is prepared for it."""
    return _state_answer(shelf().state(slug))


def _state_answer(state: str) -> Response:
    response = Response(state, mimetype="text/plain")
    response.set_etag(state)
    response.headers["Cache-Control"] = "private, no-cache"
    response.make_conditional(request)
    return response


def watch() -> Watch:
    """What the page of this request watches: its course where it has one, else the folder."""
    slug = (request.view_args or {}).get("slug")
    address = url_for("preview.course_state", slug=slug) if slug else url_for("preview.folder_state")
    if "watched_state" not in g:
        g.watched_state = shelf().state(slug)
    return Watch(address, g.watched_state, reloads=request.method == "GET")

"""The blueprint that the pages of HR and team leads hang on. None of their answers may be kept by a browser."""

from flask import Blueprint
from werkzeug.wrappers import Response

reporting = Blueprint("reporting", __name__)


@reporting.after_request
def keep_nothing(response: Response) -> Response:
    """Other people's data stay in no cache, so that going back after signing out shows nothing."""
    response.headers["Cache-Control"] = "no-store"
    return response

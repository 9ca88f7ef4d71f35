"""Forms are taken only from our own pages: a request that changes something must say that it comes from here.

Browsers send `Origin` with every form and fetch that is not GET. A missing one is refused as well as a foreign one.
"""

from urllib.parse import urlsplit

from flask import Flask, abort, request

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def refuse_foreign_forms(app: Flask) -> None:
    """Answer 403 to every request with a body that did not start on a page of this server."""

    @app.before_request
    def check_origin() -> None:
        if request.method not in SAFE_METHODS and not is_own_origin(request.headers.get("Origin"), request.host_url):
            abort(403)


def is_own_origin(origin: str | None, host_url: str) -> bool:
    """True if the `Origin` header names the scheme, host and port of `host_url`."""
    if not origin or origin == "null":
        return False
    own, sent = urlsplit(host_url), urlsplit(origin)
    return (own.scheme, own.netloc) == (sent.scheme, sent.netloc)

"""Forms are taken only from our own pages: a request that changes something must say that it comes from here.

Browsers send `Origin` with every form and fetch that is not GET. A missing one is refused as well as a foreign one.
Addresses that other servers call are the exception; they look at no cookie and prove in another way who calls.
"""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, request

View = TypeVar("View", bound=Callable[..., Any])
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def refuse_foreign_forms(app: Flask) -> None:
    """Answer 403 to every request with a body that did not start on a page of this server."""

    @app.before_request
    def check_origin() -> None:
        if must_be_a_form() and not is_own_origin(request.headers.get("Origin"), request.host_url):
            abort(403)


def for_servers(view: View) -> View:
    """Mark a view that other servers call: neither origin nor token of a form is asked for, and no session counts."""
    view.is_for_servers = True  # type: ignore[attr-defined]  # a marker lives on the function, as in learning/access.py
    return view


def must_be_a_form() -> bool:
    """True if this request changes something, so that it has to come from a form or a script of our own pages."""
    view = current_app.view_functions.get(request.endpoint or "")
    return request.method not in SAFE_METHODS and not getattr(view, "is_for_servers", False)


def is_own_origin(origin: str | None, host_url: str) -> bool:
    """True if the `Origin` header names the scheme, host and port of `host_url`."""
    if not origin or origin == "null":
        return False
    own, sent = urlsplit(host_url), urlsplit(origin)
    return (own.scheme, own.netloc) == (sent.scheme, sent.netloc)

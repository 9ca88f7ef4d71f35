"""The headers of every answer, errors and files included. The content security policy is one constant.

It can be one because no page holds inline script or style. `img-src data:` is there for the icon masks of KERN.
"""

import hashlib

from flask import Flask, Response, request

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "media-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
# Files of authors are data: opened by themselves they may neither run nor submit anything, only look as drawn.
FILE_SECURITY_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; media-src 'self'; sandbox"

SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
}


def send_headers(app: Flask) -> None:
    """Put the security headers on every answer of `app`, and a cache rule where the view gave none."""

    @app.after_request
    def with_headers(response: Response) -> Response:
        for name, value in SECURITY_HEADERS.items():
            response.headers.setdefault(name, value)
        if "Cache-Control" not in response.headers:
            tag_page(response)
        return response


def tag_page(response: Response) -> None:
    """Let the browser keep a page and ask each time whether it is still true; answers to forms are not kept."""
    if request.method not in ("GET", "HEAD") or response.status_code != 200 or response.is_streamed:
        response.headers["Cache-Control"] = "no-store"
        return
    response.headers["Cache-Control"] = "private, no-cache"
    response.vary.update(("Accept-Language", "Cookie"))
    response.set_etag(hashlib.sha256(response.get_data()).hexdigest()[:32])
    response.make_conditional(request)

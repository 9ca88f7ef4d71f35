"""Pages cross the line compressed. Files, tables to download and answers to scripts stay as they are.

A compressed page tells by its length what is inside, once another site can make a browser ask for it again and again
with guesses in it (BREACH). So what another site asked for is not compressed, and every length is random by some bytes.
"""

import gzip
import io
import secrets

from flask import Flask, Response, request

SMALLEST = 1_000
LEVEL = 6
MOST_RANDOM_BYTES = 100


def compress_pages(app: Flask) -> None:
    """Compress every page of `app` for browsers that can take it.

    Call it before anything else that looks at answers, so that it sees them last: an ETag covers the page itself.
    """

    @app.after_request
    def compressed(response: Response) -> Response:
        if is_page(response):
            response.vary.add("Accept-Encoding")
            if takes_gzip():
                compress(response)
        return response


def is_page(response: Response) -> bool:
    """True for HTML that is long enough to gain anything."""
    is_whole = not response.is_streamed and not response.direct_passthrough and response.status_code != 304
    return response.mimetype == "text/html" and is_whole and len(response.get_data()) >= SMALLEST


def takes_gzip() -> bool:
    """True if the browser takes gzip and no other site is behind the request."""
    return request.accept_encodings["gzip"] > 0 and request.headers.get("Sec-Fetch-Site") != "cross-site"


def compress(response: Response) -> None:
    """Put the compressed page in the place of the page."""
    page = io.BytesIO()
    # The name of a file is part of the format and may be of any length; nobody reads it.
    name = "a" * secrets.randbelow(MOST_RANDOM_BYTES)
    with gzip.GzipFile(name, "wb", LEVEL, page, mtime=0) as packed:
        packed.write(response.get_data())
    response.set_data(page.getvalue())
    response.headers["Content-Encoding"] = "gzip"
    etag, _is_weak = response.get_etag()
    if etag:
        response.set_etag(etag, weak=True)

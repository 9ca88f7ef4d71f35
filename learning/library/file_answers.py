"""Answers that are files of authors: their type by name, headers that let them neither run nor submit, byte ranges."""

import mimetypes
from collections.abc import Callable, Iterator

from flask import Response, request, stream_with_context

from learning.web.headers import FILE_SECURITY_POLICY

SHOWN_IN_PAGES = ("image/", "audio/", "video/")
CAPTIONS = ".vtt"
SENT_AT_ONCE = 2 * 1024 * 1024
FOR_GOOD = "private, max-age=31536000, immutable"

ReadBytes = Callable[[int, int], Iterator[bytes]]


def kind_of(name: str) -> str:
    """The media type of a file by its name; what is not known is sent as bytes."""
    return "text/vtt" if name.endswith(CAPTIONS) else mimetypes.guess_type(name)[0] or "application/octet-stream"


def guard_file(response: Response, name: str) -> None:
    """Let the file be looked at only: in a sandbox, and as a download unless pages show files like it."""
    response.headers["Content-Security-Policy"] = FILE_SECURITY_POLICY
    if not kind_of(name).startswith((*SHOWN_IN_PAGES, "text/vtt")):
        response.headers.set("Content-Disposition", "attachment", filename=name)


def file_answer(name: str, *, digest: str, size: int, read: ReadBytes) -> Response:
    """The file, or the one range of it that was asked for; browsers that have it are told so. `read(start, end)`."""
    if request.if_none_match.contains(digest):
        response = Response(status=304)
    else:
        response = _bytes_answer(digest, size, read)
        response.mimetype = kind_of(name)
    response.set_etag(digest)
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = FOR_GOOD
    guard_file(response, name)
    return response


def _bytes_answer(digest: str, size: int, read: ReadBytes) -> Response:
    asked = request.range if _may_be_partial(digest) else None
    if asked is None or asked.units != "bytes" or len(asked.ranges) != 1:
        return _content(read, 0, size)
    wanted = asked.range_for_length(size)
    if wanted is None:
        return Response(status=416, headers={"Content-Range": f"bytes */{size}"})
    start, end = wanted
    response = _content(read, start, end)
    response.status_code = 206
    response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    return response


def _may_be_partial(digest: str) -> bool:
    """A part is of use only to who has the rest of the same content."""
    return request.if_range.etag in (None, digest)


def _content(read: ReadBytes, start: int, end: int) -> Response:
    """Small content at once, large content piece by piece, so that no film has to fit into memory."""
    if end - start <= SENT_AT_ONCE:
        return Response(b"".join(read(start, end)))
    response = Response(stream_with_context(read(start, end)))
    response.content_length = end - start
    return response

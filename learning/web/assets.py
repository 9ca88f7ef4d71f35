"""Style sheet, scripts and fonts: which file is the current one, and how it is served.

The files are built into `learning/static` with a digest in each name (deploy/assets.py), so browsers keep them.
"""

import json
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any
from wsgiref.headers import Headers

from flask import Flask
from whitenoise import WhiteNoise

from learning.web.headers import SECURITY_HEADERS

PREFIX = "/static/"


class MissingAssets(Exception):
    """Raised at start: nothing has been built."""


class Assets:
    """The built files below `folder`, named by its manifest."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def files(self) -> dict[str, str]:
        """The current file of each asset, as in {"app.css": "app-3F2A….css"}. Raises MissingAssets."""
        try:
            manifest = json.loads((self.folder / "manifest.json").read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise MissingAssets(
                f"There are no built assets in {self.folder}. In a checkout, ./dev run builds them; "
                "a wheel carries them, so install it again."
            ) from error
        files: dict[str, str] = manifest["files"]
        return files

    def address(self, name: str) -> str:
        """The address of an asset for a page."""
        return PREFIX + self.files[name]

    def serve(self, app: Flask) -> None:
        """Answer the addresses of assets before the application sees them, compressed where the browser can."""
        assert self.files
        wsgi: Callable[..., Any] = app.wsgi_app
        app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]  # the way Flask documents for WSGI middleware
            wsgi,
            root=str(self.folder),
            prefix=PREFIX,
            max_age=31536000,
            allow_all_origins=False,
            # Every name holds a digest, so every file may be kept as long as browsers like.
            immutable_file_test=".",
            add_headers_function=_add_headers,
        )


def _add_headers(headers: Headers, _path: str, _url: str) -> None:
    for name, value in SECURITY_HEADERS.items():
        headers[name] = value

"""The preview of the sample courses on a port of its own, for tests in a real browser."""

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from waitress.server import create_server

from learning.preview.application import create_preview_app
from learning.settings import PreviewSettings
from learning.workshop import Workshop
from tests.pages import SAMPLES


@dataclass(frozen=True)
class Site:
    """Where the preview answers, and the folder whose courses it shows."""

    address: str
    folder: Path


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("courses") / "kurse"
    shutil.copytree(SAMPLES, folder)
    with Workshop(processes=1) as workshop:
        application = create_preview_app(PreviewSettings(folder), workshop)
        server = create_server(application, host="127.0.0.1", port=0, threads=4)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        yield Site(f"http://127.0.0.1:{server.effective_port}", folder)
        server.close()
        thread.join(timeout=10)


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    """A page at desk width in German, with scripts."""
    # Without motion: KERN scrolls smoothly, and a test would have to wait for it.
    context = browser.new_context(
        base_url=site.address, locale="de-DE", viewport={"width": 1280, "height": 900}, reduced_motion="reduce"
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def plain_page(browser: Browser, site: Site) -> Iterator[Page]:
    """A page in German without scripts."""
    context = browser.new_context(base_url=site.address, locale="de-DE", java_script_enabled=False)
    yield context.new_page()
    context.close()

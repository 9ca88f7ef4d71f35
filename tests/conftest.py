"""What tests of all packages may ask for: a database server, a browser, the installed wheel. Nothing of one feature."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, sync_playwright

from tests.database_server import database_server
from tests.readme import commands_under

ROOT = Path(__file__).resolve().parent.parent

# A slow machine is no failing property; the number of examples of each test is set by tests/figures.py.
settings.register_profile("impuls", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("impuls")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take long: two workers that share files then end at nearly the same time."""
    long_ones = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in long_ones)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Address of a real PostgreSQL server that lives as long as the tests, for psycopg and SQLAlchemy."""
    with database_server() as server:
        yield server.address


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser that `./dev test` found or installed."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    found = os.environ.get("IMPULS_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    assert found, "No Chromium found: run the tests by ./dev test, which finds, installs or explains it."
    return found


@pytest.fixture(scope="session")
def headless_shell(chromium: str) -> str:
    """Path of Chromium's engine without windows, which needs half the time; where it is missing, of the browser."""
    return os.environ.get("IMPULS_HEADLESS_SHELL") or shutil.which("chromium-headless-shell") or chromium


@pytest.fixture(scope="module")
def browser(headless_shell: str) -> Iterator[Browser]:
    """One browser without windows for all tests of a file; each test opens a context of its own and closes it.

    Not for longer: while Playwright runs, its event loop keeps Flask from ending contexts in the same thread.
    """
    with started(headless_shell) as browser:
        yield browser


@pytest.fixture(scope="module")
def desktop_browser(chromium: str) -> Iterator[Browser]:
    """Like `browser`, but the whole browser that people have: for walks that show what a person lives through."""
    with started(chromium) as browser:
        yield browser


@contextmanager
def started(path: str) -> Iterator[Browser]:
    """A browser that runs; it ends with its context."""
    arguments = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    arguments += ["--disable-component-update", "--disable-sync", "--disable-dev-shm-usage"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--no-sandbox")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def axe_source() -> str:
    """Source of axe-core, to be evaluated in a page (it is a test tool and never part of the product)."""
    path = ROOT / "learning/assets/node_modules/axe-core/axe.min.js"
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of an empty environment outside the checkout, installed by the very commands of README.md."""
    folder = tmp_path_factory.mktemp("installed")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    shutil.copy(ROOT / "requirements.lock", folder)
    environment = folder / "environment"
    installing, _configuring = commands_under("Install it")
    for command in installing:
        words = shlex.split(command.replace("/opt/impuls", str(environment)))
        subprocess.run(words, check=True, cwd=folder, capture_output=True)
    return environment

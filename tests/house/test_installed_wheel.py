"""The built wheel in an empty environment outside the checkout: what an authority's IT department gets."""

import json
import os
import re
import socket
import subprocess
import threading
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest

from tests.readme import commands_under

pytestmark = pytest.mark.slow
PATIENCE = 300.0
PASSWORD = "Kranich Teelicht Umweg"


def clean_environment() -> dict[str, str]:
    """The environment without anything that leads back to the checkout."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "IMPULS", "VIRTUAL"))}


def run(installed: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [str(installed / "bin" / arguments[0]), *arguments[1:]]
    return subprocess.run(command, cwd=cwd, env=clean_environment(), capture_output=True, text=True, timeout=PATIENCE)


def package(installed: Path) -> Path:
    (folder,) = installed.glob("lib/python*/site-packages/learning")
    return folder


def test_the_doctor_finds_nothing_missing(installed: Path, tmp_path: Path) -> None:
    told = run(installed, "impuls", "doctor", cwd=tmp_path)
    assert told.returncode == 0, told.stdout + told.stderr
    assert "Fehler" not in told.stdout
    assert str(package(installed)) in told.stdout


def test_the_doctor_notices_what_is_missing(installed: Path, tmp_path: Path) -> None:
    manifest = package(installed) / "static" / "manifest.json"
    kept = manifest.read_bytes()
    manifest.unlink()
    try:
        told = run(installed, "impuls", "doctor", cwd=tmp_path)
    finally:
        manifest.write_bytes(kept)
    assert told.returncode == 1
    assert "Gestaltung" in told.stdout


def test_everything_that_pages_need_is_inside_with_its_licence(installed: Path) -> None:
    static = package(installed) / "static"
    files = json.loads((static / "manifest.json").read_text(encoding="utf-8"))["files"]
    assert {"app.css", "app.js", "fonts/fira-sans-latin-400-normal.woff2"} <= files.keys()
    assert all((static / name).is_file() for name in files.values())
    licences = {path.name: path.read_text(encoding="utf-8") for path in (static / "licences").iterdir()}
    assert "EUROPÄISCHE UNION PUBLIC LICENCE" in licences["KERN-UX-EUPL-1.2.md"]
    assert "SIL OPEN FONT LICENSE" in licences["Fira-Sans-OFL-1.1.txt"]
    assert "Fira Sans" in licences["THIRD-PARTY.md"]


def test_nothing_that_only_builders_need_is_inside(installed: Path) -> None:
    inside = {path.relative_to(package(installed).parent).as_posix() for path in package(installed).rglob("*")}
    assert not [name for name in inside if "/assets/" in name or name.endswith((".po", ".mjs", "package.json"))]
    assert not (package(installed).parent / "tests").exists()
    assert not (package(installed).parent / "templates").exists()


def test_the_own_licence_is_inside(installed: Path) -> None:
    (licence,) = package(installed).parent.glob("impuls-*.dist-info/licenses/LICENSE")
    assert licence.read_text(encoding="utf-8").startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")


def test_the_courses_inside_can_be_checked(installed: Path, tmp_path: Path) -> None:
    told = run(installed, "impuls", "check", str(package(installed) / "content"), cwd=tmp_path)
    assert told.returncode == 0, told.stdout + told.stderr


def test_the_environment_needs_nothing_beside_the_lock_file(installed: Path, tmp_path: Path) -> None:
    told = run(installed, "python", "-m", "pip", "check", cwd=tmp_path)
    assert told.returncode == 0, told.stdout


@pytest.fixture
def configured(installed: Path, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """All commands of README.md after the installation; address of the running library and what was printed."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{probe.getsockname()[1]}"
    _installing, commands = commands_under("Install it")
    script = "\n".join(["set -e", *commands]).replace("/var/lib/impuls", str(tmp_path / "data"))
    script = script.replace("/opt/impuls", str(installed))
    environment = clean_environment() | {"IMPULS_PUBLIC_URL": address, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        ["sh", "-c", script],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    watch = threading.Timer(PATIENCE, lambda: os.killpg(process.pid, 9))
    watch.start()
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if line.startswith("Impuls: "):
            break
    yield address, said
    watch.cancel()
    os.killpg(process.pid, 9)
    process.communicate()


def test_the_commands_of_the_readme_lead_to_the_starter_library(configured: tuple[str, str]) -> None:
    address, said = configured
    assert "Fehler" not in said, said
    invitation = re.search(rf"{address}/einladung/\S+", said)
    assert invitation, said
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    form = browser.open(invitation[0], timeout=20).read().decode()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
    assert token, form
    fields = {"csrf_token": token[1], "kennwort": PASSWORD, "wiederholung": PASSWORD}
    request = Request(invitation[0], data=urlencode(fields).encode(), headers={"Origin": address})
    assert browser.open(request, timeout=20).status == 200
    catalogue = browser.open(f"{address}/katalog", timeout=20).read().decode()
    for title in ("Prozesse im Jobcenter aufnehmen", "So lernen Sie mit Impuls"):
        assert title in catalogue
    assert "Jobcenter Musterkreis" in catalogue

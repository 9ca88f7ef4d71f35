"""The built wheel in an empty environment outside the checkout: what an authority's IT department gets."""

import json
import os
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


def run(installed: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "IMPULS", "VIRTUAL"))}
    command = [str(installed / "bin" / arguments[0]), *arguments[1:]]
    return subprocess.run(command, cwd=cwd, env=clean, capture_output=True, text=True, timeout=120)


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

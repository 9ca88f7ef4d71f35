"""`impuls doctor` names everything that is missing and what to do about it."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from learning import doctor, paths
from learning.cli import main
from learning.doctor import State
from tests.provider.hostile import Hostile, hostile_provider

LICENCES = ("KERN-UX-EUPL-1.2.md", "Fira-Sans-OFL-1.1.txt", "THIRD-PARTY.md")


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A complete installation of small files, as a wheel lays it out."""
    package = tmp_path / "learning"
    files = {
        "templates/page.html": "<h1>Kurse</h1>",
        "content/kurs/course.md": "---\nid: kurs\n---\n",
        "static/manifest.json": json.dumps({"files": {"app.css": "app-1.css"}}),
        "static/app-1.css": "p {}",
        "translations/en/LC_MESSAGES/messages.mo": "compiled",
        **{f"static/licences/{name}": "Text" for name in LICENCES},
    }
    for name, text in files.items():
        path = package / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(paths, "PACKAGE", package)
    monkeypatch.setenv("IMPULS_DATA", str(tmp_path / "data"))
    for name in ("IMPULS_DATABASE_URL", "IMPULS_PUBLIC_URL", "IMPULS_SECRET_KEY", "IMPULS_MAIL_HOST"):
        monkeypatch.delenv(name, raising=False)
    return package


def test_a_complete_installation_is_well(installation: Path) -> None:
    told = CliRunner().invoke(main, ["doctor"])
    assert told.exit_code == 0, told.output
    assert told.output.count("gut ") == len(doctor.CHECKS) + 1  # Settings that name nothing are well, too.
    assert not (installation.parent / "data").exists()
    assert f"aus dem Paket, {installation}" in told.output


@pytest.mark.parametrize(
    ("missing", "subject", "named"),
    [
        ("templates/page.html", "Seitenvorlagen", "templates"),
        ("static/manifest.json", "Gestaltung", "manifest.json"),
        ("static/app-1.css", "Gestaltung", "app-1.css"),
        ("static/licences/Fira-Sans-OFL-1.1.txt", "Lizenztexte", "Fira-Sans-OFL-1.1.txt"),
        ("translations/en/LC_MESSAGES/messages.mo", "Übersetzungen", "en"),
        ("content/kurs/course.md", "Mitgelieferte Kurse", "content"),
    ],
)
def test_what_is_missing_is_named_with_what_helps(installation: Path, missing: str, subject: str, named: str) -> None:
    (installation / missing).unlink()
    told = CliRunner().invoke(main, ["doctor"])
    (line,) = [line for line in told.output.splitlines() if line.startswith("Fehler")]
    assert told.exit_code == 1
    assert f"{subject}:" in line
    assert named in line
    assert "nstall" in line or "./dev run" in line


def test_everything_that_is_missing_is_named_at_once(installation: Path) -> None:
    (installation / "templates/page.html").unlink()
    (installation / "static/manifest.json").unlink()
    told = CliRunner().invoke(main, ["doctor"])
    assert told.output.count("Fehler") == 2


def test_an_unreadable_manifest_is_no_trace(installation: Path) -> None:
    (installation / "static/manifest.json").write_text('{"files": ', encoding="utf-8")
    assert doctor.check_static().state is State.BAD


def test_a_data_folder_that_cannot_be_made_is_an_error(installation: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMPULS_DATA", str(installation / "static/app-1.css/below-a-file"))
    found = doctor.check_data_folder()
    assert found.state is State.BAD
    assert "IMPULS_DATA" in found.text


def test_a_data_folder_without_the_right_to_write_is_an_error(
    installation: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As root every folder is writable, so the answer of the system is replaced, not the folder's rights.
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert doctor.check_data_folder().state is State.BAD


def test_a_course_that_the_account_may_not_read_is_named(installation: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    found = doctor.check_content()
    assert found.state is State.BAD
    assert "kurs" in found.text


def test_an_existing_data_folder_is_only_looked_at(installation: Path, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    found = doctor.check_data_folder()
    assert found.state is State.GOOD
    assert "angelegt" not in found.text
    assert list((tmp_path / "data").iterdir()) == []


def test_a_python_that_is_too_old_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.sys, "version_info", (3, 10, 4))
    assert doctor.check_python().state is State.BAD


def test_a_program_without_metadata_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise doctor.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(doctor.metadata, "version", missing)
    assert doctor.check_program().state is State.BAD


def test_an_uncompiled_catalogue_is_an_error(installation: Path) -> None:
    source = installation / "translations/fr/LC_MESSAGES/messages.po"
    source.parent.mkdir(parents=True)
    source.write_text("", encoding="utf-8")
    assert "fr" in doctor.check_translations().text
    assert doctor.check_translations().state is State.BAD


def test_a_system_that_cannot_limit_memory_is_advice_and_no_error(
    installation: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "find_spec", lambda name: None)
    told = CliRunner().invoke(main, ["doctor"])
    assert told.exit_code == 0
    assert any(line.startswith("Hinweis  Grenzen je Datei: ") for line in told.output.splitlines())


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hostile]:
    """An honest provider of official accounts that this installation names."""
    with hostile_provider() as provider:
        monkeypatch.setenv("IMPULS_OPENID_ISSUER", provider.issuer)
        monkeypatch.setenv("IMPULS_OPENID_CLIENT_ID", "impuls")
        monkeypatch.setenv("IMPULS_OPENID_CLIENT_SECRET", "geheim-genug")
        monkeypatch.setenv("IMPULS_OPENID_PERSON_CLAIM", "email")
        yield provider


def test_a_provider_that_answers_rightly_is_well(provider: Hostile) -> None:
    found = doctor.check_sign_in()
    assert (found.state, provider.issuer in found.text) == (State.GOOD, True)


def test_a_provider_that_is_another_or_has_no_key_or_is_away_is_an_error(provider: Hostile) -> None:
    provider.keys = []
    assert "keinen Schlüssel" in doctor.check_sign_in().text
    provider.metadata["issuer"] = "https://fremd.example"
    assert "so nicht zu gebrauchen" in doctor.check_sign_in().text
    provider.answer = lambda path, honest: None
    found = doctor.check_sign_in()
    assert (found.state, "so nicht zu gebrauchen" in found.text) == (State.BAD, True)


def test_settings_of_the_official_account_that_cannot_work_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMPULS_SIGN_IN_HEADER", "X-Remote-User")
    found = doctor.check_sign_in()
    assert (found.state, "IMPULS_SIGN_IN_PROXIES" in found.text) == (State.BAD, True)
    monkeypatch.setenv("IMPULS_SIGN_IN_PROXIES", "10.1.2.3")
    assert doctor.check_sign_in().state is State.GOOD

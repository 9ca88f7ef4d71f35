"""The commands of who runs an installation: from an empty folder to the first person who can sign in."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from learning.app import create_app
from learning.cli import main
from learning.database import db
from learning.people.commands import settings_from_environment
from tests.pages import send

PASSWORD = "Kranich Teelicht Umweg"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("IMPULS_DATA", str(tmp_path / "data"))
    for name in ("IMPULS_DATABASE_URL", "IMPULS_PUBLIC_URL", "IMPULS_SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "data"


def impuls(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def link_in(told: Result) -> str:
    assert told.exit_code == 0, told.output
    found = re.search(r"http://127\.0\.0\.1:8000(/einladung/\S+)", told.output)
    assert found, told.output
    return found[1]


def test_from_an_empty_folder_to_a_signed_in_administrator(data: Path) -> None:
    assert impuls("migrate").exit_code == 0
    address = link_in(impuls("people", "add-admin", "A-1", "Ada", "Amsel", "--mail", "ada@impuls.example"))
    app = create_app(settings_from_environment())
    client = app.test_client()
    answer = send(client, address, {"kennwort": PASSWORD, "wiederholung": PASSWORD})
    assert answer.status_code == 303
    page = client.get("/konto").text
    assert "Ada Amsel" in page
    assert "Administration" in page
    with app.app_context():
        db.engine.dispose()


def test_units_people_and_roles_are_added_one_by_one(data: Path) -> None:
    impuls("migrate")
    assert impuls("people", "add-unit", "50", "Jobcenter").exit_code == 0
    assert impuls("people", "add-unit", "50.1", "Leistung", "--parent", "50").exit_code == 0
    link_in(impuls("people", "add", "P-1", "Miriam", "Sander", "--mail", "m@impuls.example", "--unit", "50.1"))
    assert impuls("people", "grant", "P-1", "team_lead", "--unit", "50.1").exit_code == 0
    assert impuls("people", "grant", "P-1", "trainer").exit_code == 0
    first = link_in(impuls("people", "invite", "P-1"))
    assert link_in(impuls("people", "reset", "P-1")) != first


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("add-unit", "50", "Noch einmal"), "50 ist schon vergeben"),
        (("add-unit", "51", "Ohne", "--parent", "99"), "mit dem Schlüssel 99 gibt es nicht"),
        (("add", "P-1", "A", "B", "--mail", "a@b", "--unit", "50"), "P-1 ist schon vergeben"),
        (("add", "P-2", "A", "B", "--mail", "a@b", "--unit", "99"), "mit dem Schlüssel 99 gibt es nicht"),
        (("grant", "P-1", "hr"), "--unit nennt sie"),
        (("grant", "P-9", "trainer"), "Personalnummer P-9 gibt es nicht"),
        (("invite", "P-9"), "Personalnummer P-9 gibt es nicht"),
    ],
)
def test_what_cannot_be_done_is_explained(data: Path, words: tuple[str, ...], text: str) -> None:
    impuls("migrate")
    impuls("people", "add-unit", "50", "Jobcenter")
    impuls("people", "add", "P-1", "Miriam", "Sander", "--mail", "m@impuls.example", "--unit", "50")
    told = impuls("people", *words)
    assert told.exit_code == 1
    assert text in told.output


def test_without_a_migrated_database_the_way_out_is_named(data: Path) -> None:
    data.mkdir()
    told = impuls("people", "add-unit", "50", "Jobcenter")
    assert told.exit_code == 1
    assert "impuls migrate" in told.output


def test_unusable_settings_are_listed(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMPULS_PUBLIC_URL", "http://impuls.example")
    told = impuls("migrate")
    assert told.exit_code == 1
    assert "https" in told.output

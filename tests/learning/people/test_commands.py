"""The commands of who runs an installation: from an empty folder to the first person who can sign in."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select
from sqlalchemy.orm import Session

from learning import audit, clock
from learning.app import create_app
from learning.cli import main
from learning.database import db, make_engine, work
from learning.people.accounts import person_by_key
from learning.people.commands import settings_from_environment
from learning.people.models import Identity
from learning.people.models import Session as SignedIn
from learning.people.sessions import Method, begin_session
from tests.learning.postbox import free_port, postbox
from tests.pages import send

PASSWORD = "Kranich Teelicht Umweg"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("IMPULS_DATA", str(tmp_path / "data"))
    for name in ("IMPULS_DATABASE_URL", "IMPULS_PUBLIC_URL", "IMPULS_SECRET_KEY", "IMPULS_MAIL_HOST"):
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
        (("revoke", "P-1", "trainer"), "Die Rolle trainer hat diese Person dort nicht"),
        (("deactivate", "P-9"), "Personalnummer P-9 gibt es nicht"),
        (("reactivate", "P-9"), "Personalnummer P-9 gibt es nicht"),
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


@pytest.mark.parametrize("words", [("serve",), ("sweep",), ("verify",), ("publish", ".")])
def test_no_command_begins_on_a_database_of_another_version(data: Path, words: tuple[str, ...]) -> None:
    data.mkdir()
    told = impuls(*words)
    assert (told.exit_code, told.output) == (
        1,
        "Error: Die Datenbank ist nicht auf dem Stand dieser Version. Abhilfe: impuls migrate\n",
    )


@pytest.mark.parametrize("words", [("serve",), ("migrate",)])
def test_a_database_that_cannot_be_reached_is_no_trace(
    data: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setenv("IMPULS_DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:9/impuls")
    told = impuls(*words)
    assert told.exit_code == 1
    assert "Die Datenbank ist nicht erreichbar" in told.output
    assert "IMPULS_DATABASE_URL" in told.output
    assert "Traceback" not in told.output


def test_unusable_settings_are_listed(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMPULS_PUBLIC_URL", "http://impuls.example")
    told = impuls("migrate")
    assert told.exit_code == 1
    assert "https" in told.output


@pytest.fixture
def staff(data: Path) -> None:
    """A unit with Miriam (P-1) and the administrator Ada (A-1)."""
    impuls("migrate")
    impuls("people", "add-admin", "A-1", "Ada", "Amsel", "--mail", "ada@impuls.example")
    impuls("people", "add", "P-1", "Miriam", "Sander", "--mail", "miriam@impuls.example", "--unit", "1")


def configure_mail(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    for name, value in {
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "SENDER": "impuls@impuls.example",
        "ENCRYPTION": "none",
    }.items():
        monkeypatch.setenv(f"IMPULS_MAIL_{name}", value)


def test_with_mail_links_are_sent_and_not_shown(staff: None, monkeypatch: pytest.MonkeyPatch) -> None:
    with postbox() as box:
        configure_mail(monkeypatch, box.port)
        told = impuls("people", "invite", "P-1")
        assert told.exit_code == 0, told.output
        assert told.output.strip() == "Der Link ist unterwegs an miriam@impuls.example."
        assert "http://127.0.0.1:8000/einladung/" in box.text()
        link_in(impuls("people", "reset", "P-1", "--print"))
        assert len(box.mails) == 1


def test_a_mail_server_that_is_away_is_told_with_the_way_out(staff: None, monkeypatch: pytest.MonkeyPatch) -> None:
    configure_mail(monkeypatch, free_port())
    told = impuls("people", "add", "P-2", "Tom", "Berger", "--mail", "tom@impuls.example", "--unit", "1")
    assert told.exit_code == 1
    assert "noch nicht verschickt" in told.output
    assert "impuls people invite P-2 --print" in told.output
    link_in(impuls("people", "invite", "P-2", "--print"))  # The person is there; only the mail is not.


def test_who_leaves_cannot_sign_in_and_every_session_ends_at_once(staff: None) -> None:
    app = create_app(settings_from_environment())
    client = app.test_client()
    address = link_in(impuls("people", "invite", "P-1"))
    send(client, address, {"kennwort": PASSWORD, "wiederholung": PASSWORD})
    assert client.get("/konto").status_code == 200
    assert impuls("people", "deactivate", "P-1").exit_code == 0
    assert client.get("/konto").status_code == 302
    assert send(client, "/anmelden", {"name": "P-1", "kennwort": PASSWORD}).status_code == 422
    assert "Miriam Sander, Behörde  [ausgeschieden]" in impuls("people", "list").output
    assert impuls("people", "reactivate", "P-1").exit_code == 0
    assert client.get("/konto").status_code == 302
    assert send(client, "/anmelden", {"name": "P-1", "kennwort": PASSWORD}).status_code == 303
    with app.app_context():
        db.engine.dispose()


def test_a_last_day_in_the_future_is_only_noted(staff: None) -> None:
    told = impuls("people", "deactivate", "P-1", "--left", "2099-12-31")
    assert "noch bis zum 31.12.2099" in told.output
    assert "ausgeschieden" not in impuls("people", "list").output


def test_the_last_administrator_stays(staff: None) -> None:
    for words in (
        ("revoke", "A-1", "administrator"),
        ("deactivate", "A-1"),
        ("grant", "A-1", "administrator", "--until", "2099-12-31"),
    ):
        told = impuls("people", *words)
        assert told.exit_code == 1, words
        assert "verwaltet niemand mehr Impuls" in told.output
    impuls("people", "grant", "P-1", "administrator")
    assert impuls("people", "revoke", "A-1", "administrator").exit_code == 0
    assert impuls("people", "deactivate", "P-1").exit_code == 1


def test_roles_are_listed_and_taken_back(staff: None) -> None:
    impuls("people", "grant", "P-1", "team_lead", "--unit", "1", "--with-sub-units", "--until", "2099-12-31")
    assert "P-1  Miriam Sander, Behörde  (team_lead 1 + bis 31.12.2099)" in impuls("people", "list").output
    assert impuls("people", "list", "--role", "administrator").output == "A-1  Ada Amsel, Behörde  (administrator)\n"
    assert impuls("people", "revoke", "P-1", "team_lead", "--unit", "1").exit_code == 0
    assert "P-1  Miriam Sander, Behörde\n" in impuls("people", "list").output


def test_what_the_command_line_changes_is_in_the_audit_log(staff: None) -> None:
    impuls("people", "grant", "P-1", "trainer")
    impuls("people", "revoke", "P-1", "trainer")
    impuls("people", "reset", "P-1")
    impuls("people", "deactivate", "P-1")
    impuls("people", "reactivate", "P-1")
    impuls("people", "revoke", "P-1", "hr", "--unit", "1")  # Refused, so it leaves no trace.
    engine = make_engine(settings_from_environment().database_url)
    entries = work(engine, lambda session: [(e.actor_role, e.action, e.scope) for e in session.query(audit.AuditEntry)])
    assert {role for role, _action, _scope in entries} == {"command_line"}
    assert [action for _role, action, _scope in entries] == [
        *("person.add", "role.grant", "person.invitation"),
        *("person.add", "person.invitation"),
        *("role.grant", "role.revoke", "person.reset", "person.deactivate", "person.reactivate"),
    ]
    assert work(engine, audit.verify).holds
    engine.dispose()


def test_an_official_account_is_taken_from_a_person_and_their_sessions_end(data: Path) -> None:
    impuls("migrate")
    impuls("people", "add-admin", "A-1", "Ada", "Amsel", "--mail", "ada@impuls.example")
    engine = make_engine(settings_from_environment().database_url)

    def sign_in_there(work: Session) -> None:
        ada = person_by_key(work, "A-1")
        work.add(Identity(person_key=ada.key, issuer="https://amt.example", subject="ada", linked_at=clock.now()))
        begin_session(work, ada.key, method=Method.OPENID, now=clock.now(), hours=10)

    work(engine, sign_in_there)
    assert "Gelöst: A-1" in impuls("people", "unlink", "A-1").output
    assert "kein Dienstkonto" in impuls("people", "unlink", "A-1").output
    with Session(engine) as session:
        assert session.execute(select(audit.AuditEntry.action).order_by(audit.AuditEntry.key)).scalars().all()[-1] == (
            "person.unlink"
        )
        assert session.execute(select(Identity)).first() is None
        assert session.execute(select(SignedIn.ended_at)).scalar_one() is not None
    engine.dispose()
    assert "gibt es nicht" in impuls("people", "unlink", "P-0").output

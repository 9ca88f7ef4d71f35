"""`impuls doctor` looks at a running installation: settings, database, worker, mail; what it says helps."""

import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import update

from learning import clock
from learning.cli import main
from learning.database import make_engine, work
from learning.jobs import JobRun
from learning.people.links import Purpose
from learning.people.mailing import ask_for_letter
from learning.people.models import OutgoingMail, Person
from tests.learning.postbox import free_port, postbox


def impuls(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def line(subject: str) -> str:
    (found,) = [one for one in impuls("doctor").output.splitlines() if f"  {subject}: " in one]
    return found


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation with its database and an administrator."""
    monkeypatch.setenv("IMPULS_DATA", str(tmp_path))
    for name in ("IMPULS_DATABASE_URL", "IMPULS_PUBLIC_URL", "IMPULS_SECRET_KEY", "IMPULS_MAIL_HOST"):
        monkeypatch.delenv(name, raising=False)
    assert impuls("migrate").exit_code == 0
    impuls("people", "add-admin", "A-1", "Ada", "Amsel", "--mail", "ada@impuls.example")
    return tmp_path


def ran(data: Path, *, ago: datetime.timedelta = datetime.timedelta(), problem: str = "") -> None:
    engine = make_engine(f"sqlite:///{data / 'impuls.sqlite'}")
    run = JobRun(name="send_mail", finished_at=clock.now() - ago, counts={}, problem=problem)
    work(engine, lambda session: session.merge(run))
    engine.dispose()


def test_a_running_installation_is_well(data: Path) -> None:
    ran(data)
    told = impuls("doctor")
    assert told.exit_code == 0, told.output
    assert line("Datenbank").startswith("gut")
    assert line("Administration").startswith("gut")
    assert line("Hintergrundarbeit").startswith("gut")
    assert line("Geheimer Schlüssel").startswith("gut")
    assert "Ada" not in told.output


def test_unusable_settings_are_an_error_and_named(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMPULS_PUBLIC_URL", "http://impuls.example")
    assert impuls("doctor").exit_code == 1
    assert "nur über https" in line("Einstellungen")


def test_a_database_that_is_away_or_older_is_an_error(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sqlalchemy import text

    engine = make_engine(f"sqlite:///{data / 'impuls.sqlite'}")
    work(engine, lambda session: session.execute(text("UPDATE alembic_version SET version_num = '0001'")))
    engine.dispose()
    assert line("Datenbank").startswith("Fehler")
    assert "impuls migrate" in line("Datenbank")
    monkeypatch.setenv("IMPULS_DATABASE_URL", f"postgresql://impuls:geheim@127.0.0.1:{free_port()}/impuls")
    told = impuls("doctor")
    assert told.exit_code == 1
    assert "antwortet nicht" in told.output
    assert "geheim" not in told.output


@pytest.mark.parametrize(
    ("ago", "problem", "begins", "says"),
    [(10, "", "Hinweis", "impuls serve"), (0, "OperationalError", "Fehler", "send_mail (OperationalError)")],
)
def test_work_that_stands_still_or_fails_is_told(data: Path, ago: int, problem: str, begins: str, says: str) -> None:
    ran(data, ago=datetime.timedelta(minutes=ago), problem=problem)
    assert line("Hintergrundarbeit").startswith(begins)
    assert says in line("Hintergrundarbeit")


def test_the_mail_server_is_greeted_and_told_when_it_is_away(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert line("Mail").startswith("Hinweis")
    monkeypatch.setenv("IMPULS_MAIL_HOST", "127.0.0.1")
    monkeypatch.setenv("IMPULS_MAIL_SENDER", "impuls@impuls.example")
    monkeypatch.setenv("IMPULS_MAIL_ENCRYPTION", "none")
    with postbox() as box:
        monkeypatch.setenv("IMPULS_MAIL_PORT", str(box.port))
        assert line("Mail").startswith("gut")
        assert box.mails == []
    assert line("Mail").startswith("Fehler")


def test_letters_that_never_arrived_are_named_by_personnel_number(data: Path) -> None:
    engine = make_engine(f"sqlite:///{data / 'impuls.sqlite'}")

    def give_up(session):
        ask_for_letter(session, session.query(Person.key).scalar(), Purpose.RESET, now=clock.now())
        session.execute(update(OutgoingMail).values(given_up_at=clock.now()))

    work(engine, give_up)
    engine.dispose()
    assert "A-1" in line("Einladungen")
    assert "--print" in line("Einladungen")

"""`impuls sweep` and `impuls verify` as an administrator calls them."""

from collections.abc import Iterator

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from learning import audit
from learning.cli import main
from learning.clock import today
from learning.database import work
from learning.obligations import actions, proofs
from learning.obligations.models import Cycle, Proof, StatusTotal
from tests.learning.conftest import empty_tables
from tests.learning.obligations.office import Office, noon


@pytest.fixture
def impuls(engine: Engine, tmp_path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CliRunner]:
    """The program on the tests' database, in which two people have a duty and one has a proof of it."""
    monkeypatch.setenv("IMPULS_DATA", str(tmp_path))
    monkeypatch.setenv("IMPULS_SECRET_KEY", "nur-für-Tests-" * 4)
    monkeypatch.setenv("IMPULS_DATABASE_URL", engine.url.render_as_string(hide_password=False))

    def prepare(session: Session) -> None:
        office = Office(session)
        person, _other = office.people(2)
        office.rule(starts_on=today(), counts_since=today())
        completed = proofs.Completed(person_key=person.key, course_id="datenschutz", completed_on=today())
        proofs.write_proof(session, completed, now=noon(today()))

    try:
        work(engine, prepare)
        yield CliRunner()
    finally:
        empty_tables(engine)


def call(impuls: CliRunner, *arguments: str) -> Result:
    return impuls.invoke(main, arguments, catch_exceptions=False)


def test_a_sweep_opens_and_fulfils_and_a_second_one_finds_nothing(impuls: CliRunner, engine: Engine) -> None:
    assert call(impuls, "sweep").output == "Zeiträume: 2 neu, 1 erfüllt, 0 beendet.\n"
    assert call(impuls, "sweep").output == "Zeiträume: 0 neu, 0 erfüllt, 0 beendet.\n"
    with Session(engine) as session:
        assert len(session.scalars(select(Cycle)).all()) == 2


def test_verify_is_content_with_what_was_written_properly(impuls: CliRunner) -> None:
    call(impuls, "sweep")
    found = call(impuls, "verify")
    assert (found.exit_code, "vollständig" in found.output) == (0, True)


def test_verify_names_wrong_totals_and_mends_them_on_demand(impuls: CliRunner, engine: Engine) -> None:
    call(impuls, "sweep")
    work(engine, lambda session: session.execute(update(StatusTotal).values(fulfilled=0)))
    found = call(impuls, "verify")
    assert found.exit_code == 1
    assert "fulfilled: 0 gezählt, 1 aufgezeichnet" in found.output
    assert call(impuls, "verify", "--mend").exit_code == 1
    assert call(impuls, "verify").exit_code == 0


def test_verify_names_an_exemption_that_nobody_said(impuls: CliRunner, engine: Engine) -> None:
    call(impuls, "sweep")

    def exempt(session: Session) -> None:
        cycle = session.scalars(select(Cycle).where(Cycle.proof_key.is_(None))).one()
        facts = {"reason": "other", "from_on": today(), "until_on": None, "now": noon(today())}
        actions.exempt(session, cycle.person_key, rule_key=cycle.rule_key, **facts)

    work(engine, exempt)
    assert call(impuls, "verify").exit_code == 0
    for changed in ({"exempt_until": today()}, {"exempt_from": None, "exempt_until": None}):
        work(engine, lambda session, changed=changed: session.execute(update(Cycle).values(changed)))
        found = call(impuls, "verify")
        assert (found.exit_code, "Die Befreiung ist nicht die" in found.output) == (1, True)


def test_verify_names_a_changed_entry_of_the_audit_log(impuls: CliRunner, engine: Engine) -> None:
    def note(session: Session) -> None:
        facts = {"role": "hr", "action": "record.see", "object_type": "person", "object_id": "1"}
        audit.record(session, actor=None, now=noon(today()), **facts)
        session.execute(update(audit.AuditEntry).values(count=2))

    work(engine, note)
    call(impuls, "sweep")
    found = call(impuls, "verify")
    assert (found.exit_code, "Protokoll, Eintrag" in found.output) == (1, True)


def test_verify_names_a_changed_proof_and_never_mends_it(impuls: CliRunner, engine: Engine) -> None:
    work(engine, lambda session: session.execute(update(Proof).values(person_name="Jemand anders")))
    for arguments in (("verify",), ("verify", "--mend"), ("verify",)):
        found = call(impuls, *arguments)
        assert found.exit_code == 1
        assert "Der Inhalt ist nicht mehr, was geschrieben wurde." in found.output

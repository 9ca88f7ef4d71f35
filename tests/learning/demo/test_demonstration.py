"""The demonstration, made once on each database: what its people find, and when it refuses to be made."""

import datetime
import json
import re
import stat
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from learning import audit, clock
from learning.cli import main
from learning.database import make_engine, work
from learning.demo import making
from learning.demo.authority import members
from learning.demo.beginning import OthersAreHere, is_empty
from learning.demo.making import Made, make_demonstration
from learning.demo.sign_ins import SignIn
from learning.obligations import projection, proofs, status_sql
from learning.obligations.models import Agreement, AssignmentRule, Cycle, ReleasedCertificate
from learning.obligations.rules import Status
from learning.people import accounts
from learning.people.accounts import NewPerson
from learning.people.models import Credential, Person, RoleGrant
from learning.people.roles import Role
from learning.schema import migrate
from learning.study.models import Attempt
from tests.learning.conftest import empty_tables
from tests.pages import send

SEED = 7
LEAP_DAY = datetime.date(2028, 2, 29)

# What each part finds: the address, and words that are only there where the page has something to show.
FOUND = {
    "Beschäftigte": (
        ("/", "Weiterlernen"),
        ("/", "Bald fällig"),
        ("/katalog", "In Bearbeitung"),
        ("/suche?suche=Prozess", "Treffer"),
        ("/kurse/prozesse-aufnehmen", "Klaus Dörrbecker"),
        ("/kurse/datenschutz-im-alltag", "Fassung"),
        ("/nachweise", "Wartet auf Sie"),
        ("/meine-daten", "Birgit Hesselbach"),
    ),
    "Beschäftigte mit vereinbarter Qualifizierung": (("/nachweise", "Vereinbart"),),
    "Trainer": (("/", "Kurzinfos"),),
    "Führungskraft eines Teams": (("/team", "Sander, Miriam"), ("/team", "Leistung Süd, Team 2")),
    "Führungskraft eines Bereichs": (("/team", "Leistung Nord"),),
    "Personalentwicklung, ganzes Haus": (
        ("/personal", "Eingangszone"),
        ("/personal/liste", "Demirci, Nuray"),
        ("/personal/pflichtregeln", "beendet am"),
        ("/personal/vereinbarungen", "wartet auf Ihre Zustimmung"),
        ("/personal/summen", "So lernen Sie mit Impuls"),
    ),
    "Personalentwicklung, ein Bereich": (("/personal", "Jugendberufsagentur"),),
    "Personalrat": (("/", "/personal/summen"), ("/personal/summen", "So lernen Sie mit Impuls")),
    "Datenschutzbeauftragte": (("/", "/personal/summen"), ("/personal/summen", "Anteil erfüllt")),
    "Administration": (("/konto", "Administration"),),
}


@dataclass(frozen=True)
class Musterkreis:
    made: Made
    place: Path
    engine: Engine
    product: Flask


@pytest.fixture(scope="module")
def musterkreis(engine: Engine, product: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Musterkreis]:
    place = tmp_path_factory.mktemp("demo") / "demo.json"
    made = make_demonstration(engine, place, seed=SEED, today=clock.today())
    yield Musterkreis(made, place, engine, product)
    empty_tables(engine)


def signed_in(musterkreis: Musterkreis, sign_in: SignIn) -> FlaskClient:
    client = musterkreis.product.test_client()
    answer = send(client, "/anmelden", {"name": sign_in.account, "kennwort": sign_in.password})
    assert answer.status_code == 303, (sign_in.part, answer.status_code)
    return client


def test_everybody_in_the_file_signs_in_and_no_page_of_theirs_is_empty(musterkreis: Musterkreis) -> None:
    sign_ins = [SignIn(**entry) for entry in json.loads(musterkreis.place.read_text(encoding="utf-8"))]
    assert {sign_in.part for sign_in in sign_ins} == set(FOUND)
    for sign_in in sign_ins:
        client = signed_in(musterkreis, sign_in)
        for address, words in FOUND[sign_in.part]:
            answer = client.get(address)
            assert answer.status_code == 200, (sign_in.part, address)
            assert words in answer.text, (sign_in.part, address, words)


def test_a_begun_test_goes_on_where_it_was_left(musterkreis: Musterkreis) -> None:
    client = signed_in(musterkreis, musterkreis.made.sign_ins[0])
    answer = send(client, "/kurse/datenschutz-im-alltag/test/test")
    assert answer.status_code == 303
    page = client.get(f"{answer.location.rsplit('/', 1)[0]}/1").text
    assert len(re.findall("gespeichert", page)) > 0


def test_the_sign_ins_are_for_the_owner_only_and_passwords_nowhere_else(musterkreis: Musterkreis) -> None:
    assert stat.S_IMODE(musterkreis.place.stat().st_mode) == 0o600
    passwords = {sign_in.password for sign_in in musterkreis.made.sign_ins}
    assert len(passwords) == len(musterkreis.made.sign_ins)
    with Session(musterkreis.engine) as session:
        hashes = session.scalars(select(Credential.password_hash)).all()
    assert len(hashes) == len(passwords)
    assert all(text.startswith("$argon2id$") for text in hashes)


def test_every_role_and_every_status_is_there(musterkreis: Musterkreis) -> None:
    with Session(musterkreis.engine) as session:
        roles = set(session.scalars(select(RoleGrant.role)))
        people = session.scalar(select(func.count()).select_from(Person))
        found = statuses(session, clock.today())
        attempts = {tuple(row) for row in session.execute(select(Attempt.state, Attempt.is_passed))}
        agreements = session.execute(
            select(Agreement.confirmed_by_hr_at.is_(None), Agreement.confirmed_by_person_at.is_(None)).distinct()
        ).all()
        released = session.scalar(select(func.count()).select_from(ReleasedCertificate))
        past = session.scalar(select(func.count()).select_from(Cycle).where(Cycle.followed_on.is_not(None)))
    assert roles == {role.value for role in Role} - {Role.EMPLOYEE.value}
    assert people is not None
    assert 55 <= people <= 70
    assert {status for _person, _rule, status, _due in found} == set(Status) - {Status.UPCOMING}
    assert {("in_progress", None), ("submitted", True), ("submitted", False)} <= attempts
    assert len(agreements) == 3
    assert released
    assert past


def statuses(session: Session, today: datetime.date) -> list[tuple[str, str, str, datetime.date]]:
    """HR key, rule, status and due date of all periods."""
    columns = (Person.hr_key, AssignmentRule.title, status_sql.status(today), Cycle.due_on)
    statement = (
        select(*columns)
        .select_from(Cycle)
        .join(Person, Person.key == Cycle.person_key)
        .join(AssignmentRule, AssignmentRule.key == Cycle.rule_key)
    )
    return sorted((hr_key, title, status, due) for hr_key, title, status, due in session.execute(statement))


def test_chains_and_totals_hold(musterkreis: Musterkreis) -> None:
    with Session(musterkreis.engine) as session:
        assert proofs.verify_chain(session) == []
        assert audit.verify(session).holds
        assert list(projection.differences(session)) == []


def test_a_second_time_is_refused_and_changes_nothing(musterkreis: Musterkreis, tmp_path: Path) -> None:
    with pytest.raises(OthersAreHere):
        make_demonstration(musterkreis.engine, tmp_path / "demo.json", seed=SEED, today=clock.today())
    assert not (tmp_path / "demo.json").exists()


def test_a_database_with_other_people_is_refused_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMPULS_DATA", str(tmp_path))
    for name in ("IMPULS_DATABASE_URL", "IMPULS_PUBLIC_URL", "IMPULS_SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    engine = make_engine(f"sqlite:///{tmp_path / 'impuls.sqlite'}")
    migrate(engine)

    def add(session: Session) -> None:
        accounts.add_unit(session, "1", "Behörde")
        accounts.add_person(session, NewPerson("P-1", "Ada", "Amsel", "ada@impuls.example", "1"))

    work(engine, add)
    told = CliRunner().invoke(main, ["demo"])
    assert told.exit_code == 1
    assert "schon Personen" in told.output
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 1
    engine.dispose()


@pytest.mark.slow
def test_on_every_day_of_the_calendar_the_same_seed_makes_the_same(tmp_path: Path) -> None:
    made = [made_on(LEAP_DAY, tmp_path / name) for name in ("first", "second")]
    assert made[0] == made[1]
    assert {status for _person, _rule, status, _due in made[0]} == set(Status) - {Status.UPCOMING}


def made_on(day: datetime.date, place: Path) -> list[tuple[str, str, str, datetime.date]]:
    place.mkdir()
    engine = make_engine(f"sqlite:///{place / 'impuls.sqlite'}")
    migrate(engine)
    make_demonstration(engine, place / "demo.json", seed=SEED, today=day)
    with Session(engine) as session:
        found = statuses(session, day)
    engine.dispose()
    return found


def test_a_failure_in_the_middle_leaves_nobody_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("mitten im Schreiben")

    monkeypatch.setattr(making, "keep_sign_ins", fail)
    monkeypatch.setattr(making, "write_duties", lambda stage: None)
    monkeypatch.setattr(making, "write_story", lambda stage: None)
    engine = make_engine(f"sqlite:///{tmp_path / 'impuls.sqlite'}")
    migrate(engine)
    with pytest.raises(RuntimeError):
        make_demonstration(engine, tmp_path / "demo.json", seed=SEED, today=clock.today())
    with Session(engine) as session:
        assert is_empty(session)
    engine.dispose()


def test_names_follow_from_the_seed() -> None:
    names = [tuple(member.name for member in members(Random(seed))) for seed in (1, 1, 2)]
    assert names[0] == names[1]
    assert names[0] != names[2]
    assert max(Counter(names[0]).values()) == 1

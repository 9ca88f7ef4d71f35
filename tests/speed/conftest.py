"""Databases, people and browsers for the speed tests; prints what was measured and writes build/bench.json."""

import json
import os
import platform
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.orm import Session

from learning import app as composition
from learning import clock
from learning.app import create_app
from learning.database import db, make_engine, work
from learning.people.sessions import Method, begin_session
from learning.schema import migrate
from learning.settings import ProductSettings
from tests import factories
from tests.speed import authority
from tests.speed.floor import add_floor
from tests.speed.measuring import FIGURES, KEPT, Amount, Measure, Ratio, measure_action, missed
from tests.speed.visiting import Visitor

ROOT = Path(__file__).resolve().parents[2]
CONTENT = ROOT / "content"
SECRET = "nur-für-Messungen-und-lang-genug-dafür"
COURSES = ("prozesse-aufnehmen", "so-lernen-sie-mit-impuls", "kurzinfo-lernzeit")


@dataclass
class House:
    """The product over a database with an authority of so many people."""

    kind: str
    people: int
    settings: ProductSettings
    engine: Engine
    app: Flask
    visitors: dict[int, Visitor] = field(default_factory=dict)

    def visitor(self, person: int) -> Visitor:
        """A signed-in browser of a person, the same each time."""
        if person not in self.visitors:
            self.visitors[person] = Visitor(self.app.wsgi_app, self.cookie(person))
            self.visitors[person].open()
        return self.visitors[person]

    def cookie(self, person: int) -> str:
        """The cookie of a fresh session."""
        begun = work(
            self.engine, lambda one: begin_session(one, person, method=Method.PASSWORD, now=clock.now(), hours=10)
        )
        signer = SecureCookieSessionInterface().get_signing_serializer(self.app)
        assert signer is not None
        return "impuls=" + str(signer.dumps({"token": begun.token, "seen": int(clock.now().timestamp()) // 60}))


@pytest.fixture(autouse=True)
def _limits_are_kept() -> Iterator[None]:
    """Whatever a test puts into the table with a limit has to keep it; the table shows it all the same."""
    before = len(missed())
    yield
    assert missed()[before:] == []


@pytest.fixture
def measure() -> Measure:
    """Times an action and holds it to a limit."""
    return measure_action


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """Which database."""
    return str(request.param)


@pytest.fixture(scope="session")
def house_of(
    kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[int], House]]:
    """The product for so many people: `house_of(1_000)`, each made once for each kind of database."""
    made: dict[int, House] = {}
    server = "" if kind == "sqlite" else request.getfixturevalue("postgres")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(composition, "FEATURES", (*composition.FEATURES, add_floor))

        def house(people: int) -> House:
            if people not in made:
                folder = tmp_path_factory.mktemp(f"house-{people}")
                made[people] = open_house(kind, people, folder, address_of(kind, people, folder, server))
            return made[people]

        yield house
    for one in made.values():
        with one.app.app_context():
            db.engine.dispose()
        one.engine.dispose()


def address_of(kind: str, people: int, folder: Path, server: str) -> str:
    """The address of a database that is there and empty."""
    if kind == "sqlite":
        return f"sqlite:///{folder / 'impuls.sqlite'}"
    name = f"speed_{people}"
    engine = create_engine(server.replace("postgresql://", "postgresql+psycopg://", 1), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    address = engine.url.set(database=name).render_as_string(hide_password=False)
    engine.dispose()
    return address


def open_house(kind: str, people: int, folder: Path, address: str) -> House:
    """Write the authority, publish the library, make the application."""
    assert make_url(address).database
    settings = ProductSettings(folder, address, (SECRET,), "http://localhost", "Jobcenter Musterkreis", language="de")
    engine = make_engine(address)
    migrate(engine)
    authority.fill(engine, people, now=clock.now(), today=clock.today())
    with Session(engine, expire_on_commit=False) as session:
        for course in COURSES:
            factories.published_course(session, CONTENT / course, now=clock.now())
    authority.settle(engine)
    return House(kind, people, settings, engine, create_app(settings))


@pytest.fixture
def house(house_of: Callable[[int], House]) -> House:
    """The product for a thousand people."""
    return house_of(1_000)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The tables, and the same figures as JSON for whoever compares them."""
    if not (FIGURES or KEPT):
        return
    write_times(terminalreporter)
    write_rest(terminalreporter)
    report = {
        "machine": {"python": platform.python_version(), "system": platform.platform(), "cores": os.cpu_count()},
        "at": clock.now().isoformat(timespec="seconds"),
        "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        "seconds": [asdict(figure) for figure in FIGURES],
        "ratios": [asdict(one) for one in KEPT if isinstance(one, Ratio)],
        "amounts": [asdict(one) for one in KEPT if isinstance(one, Amount)],
    }
    path = ROOT / "build" / "bench.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    terminalreporter.write_line(f"Written to {path.relative_to(ROOT)}")


def write_times(terminalreporter: pytest.TerminalReporter) -> None:
    """One line for each thing that was timed."""
    terminalreporter.section("figures (milliseconds)")
    width = max((len(figure.name) for figure in FIGURES), default=0)
    terminalreporter.write_line(f"{'':{width}}  {'median':>9}  {'p95':>9}  {'fastest':>9}  {'allowed':>9}  runs")
    for figure in FIGURES:
        cells = "  ".join(f"{seconds * 1000:9.2f}" for seconds in (figure.median, figure.p95, figure.fastest))
        allowed = "        –" if figure.limit is None else f"{figure.limit * 1000:9.2f}"
        terminalreporter.write_line(f"{figure.name:{width}}  {cells}  {allowed}  {figure.runs:4}")


def write_rest(terminalreporter: pytest.TerminalReporter) -> None:
    """One line for each ratio and each other number."""
    lines = [(one.name, written(one), one.limit) for one in KEPT]
    if not lines:
        return
    terminalreporter.section("ratios and numbers")
    width = max(len(name) for name, _value, _limit in lines)
    for name, value, limit in lines:
        terminalreporter.write_line(f"{name:{width}}  {value:>24}" + (f"  allowed {limit:g}" if limit else ""))


def written(kept: Ratio | Amount) -> str:
    """A number with its unit."""
    return f"{kept.value:.2f} times" if isinstance(kept, Ratio) else f"{round(kept.value, 1):,.12g} {kept.unit}"

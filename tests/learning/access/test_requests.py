"""What every request has in common: what it may change, which headers answer it, what the log keeps of it."""

import json
import logging
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from learning import tables
from learning.people.roles import Role
from learning.web.headers import FILE_SECURITY_POLICY, SECURITY_HEADERS
from tests.learning.access.markers import Relation, word
from tests.learning.access.walk import Visitor, address_of
from tests.learning.access.world import World
from tests.learning.matrix import ANONYMOUS, Cell, cells_of, routes
from tests.pages import ORIGIN

pytestmark = pytest.mark.slow

# A look at other people's data is written down; nothing else may come of looking.
LOG = {"audit_entry", "audit_subject"}
MARK = "Massenzuweisung4711"
Stored = dict[str, set[str]]


def stored(world: World) -> Stored:
    """All rows of all tables, the log left out."""
    with world.engine.connect() as connection:
        return {
            name: {repr(tuple(row)) for row in connection.execute(select(table))}
            for name, table in tables.METADATA.tables.items()
            if name not in LOG
        }


def changes(before: Stored, after: Stored) -> set[str]:
    """Tables in which rows came, went or changed."""
    return {name for name, rows in after.items() if rows != before[name]}


def writing_cells(world: World) -> Iterator[Cell]:
    """A valid cell of each form."""
    for route in routes():
        if route.method != "GET" and not route.is_for_servers:
            wanted = "sub_unit" if route.object in ("unit_in_form", "unit_in_dry_run", "rule", "shared_rule") else "own"
            yield next(cell for cell in cells_of(world, route) if cell.relation == wanted)


def test_without_the_token_or_from_elsewhere_nothing_changes(app: Flask, world: World) -> None:
    world.wear(Role.HR)
    foreign = Visitor(app, world, Role.HR).token
    visitor = Visitor(app, world, Role.HR)
    attacks = [
        ({}, ORIGIN),
        ({"csrf_token": foreign}, ORIGIN),
        ({"csrf_token": visitor.token}, {"Origin": "https://fremd.example"}),
        ({"csrf_token": visitor.token}, {"Origin": "null"}),
        ({"csrf_token": visitor.token}, {}),
    ]
    cells = list(writing_cells(world))
    before, tried = stored(world), 0
    for cell in cells:
        assert cell.body is not None
        for fields, headers in attacks:
            address, method = address_of(app, cell), cell.route.method
            sent = {**headers, **({"X-CSRFToken": fields["csrf_token"]} if fields else {})}
            if cell.body.json is not None:
                answer = visitor.client.open(address, method=method, json=cell.body.json, headers=sent)
            else:
                answer = visitor.client.open(address, method=method, data={**cell.body.form, **fields}, headers=headers)
            tried += 1
            assert answer.status_code == 403, f"{cell} {fields} {headers}: {answer.status_code}"
    assert changes(before, stored(world)) == set()
    assert tried > 100
    # The same forms from where they belong do change something.
    for cell in cells:
        if not cell.route.endpoint.startswith(("people.", "openid.", "proxy.")):
            visitor.ask(cell)
    assert {"agreement", "assignment_rule", "answer_event", "released_certificate"} <= changes(before, stored(world))


@pytest.mark.parametrize("looker", [ANONYMOUS, Role.TEAM_LEAD, Role.HR, Role.WORKS_COUNCIL])
def test_whoever_reads_everything_changes_nothing_but_the_log(app: Flask, world: World, looker: str) -> None:
    world.wear(looker)
    visitor = Visitor(app, world, looker)
    cells = [cell for route in routes() if route.method == "GET" for cell in cells_of(world, route)]
    before = stored(world)
    for cell in cells:
        visitor.client.get(address_of(app, cell))
        visitor.client.head(address_of(app, cell))
    assert changes(before, stored(world)) == set()


def test_fields_that_no_form_has_are_refused(app: Flask, world: World) -> None:
    """Every column of every table is sent with each form, in ways that forms spell fields; nothing is changed."""
    world.wear(Role.HR)
    visitor = Visitor(app, world, Role.HR)
    columns = {column.name for table in tables.METADATA.tables.values() for column in table.columns}
    fields = {name: MARK for column in columns for name in (column, f"person[{column}]", f"person.{column}")}
    cells = list(writing_cells(world))
    own = {name for cell in cells if cell.body for name in cell.body.form}
    extra = {name: value for name, value in fields.items() if name not in own | {"csrf_token"}}
    for tried in cells:
        cell = next(one for one in cells_of(world, tried.route) if one.relation is tried.relation)
        assert cell.body is not None
        before = stored(world)
        address, method = address_of(app, cell), cell.route.method
        if cell.body.json is not None:
            for name in sorted(columns - set(cell.body.json)):
                sent = {**cell.body.json, name: 1}
                answer = visitor.client.open(
                    address, method=method, json=sent, headers={**ORIGIN, "X-CSRFToken": visitor.token}
                )
                assert answer.status_code == 400, name
        else:
            answer = visitor.client.open(
                address, method=method, data={**cell.body.form, **extra, "csrf_token": visitor.token}, headers=ORIGIN
            )
            assert answer.status_code == 400, cell
        assert changes(before, stored(world)) == set(), cell


@pytest.mark.parametrize("looker", [ANONYMOUS, Role.HR])
def test_every_answer_carries_the_same_headers(app: Flask, world: World, looker: str) -> None:
    world.wear(looker)
    visitor = Visitor(app, world, looker)
    answers = [(str(cell), visitor.client.get(address_of(app, cell))) for route in routes() if route.method == "GET"
               for cell in cells_of(world, route)]  # fmt: skip
    answers += [(f"{cell} unsigned", visitor.client.post(address_of(app, cell))) for cell in writing_cells(world)]
    answers += [
        ("absent", visitor.client.get("/gibt/es/nicht")),
        ("method", visitor.client.delete("/katalog")),
        ("options", visitor.client.options("/katalog")),
        ("too long", visitor.client.post("/anmelden", data={"name": "x" * 20_000_000}, headers=ORIGIN)),
        ("json", visitor.client.get("/gibt/es/nicht", headers={"Accept": "application/json"})),
        ("host", visitor.client.get("/", headers={"Host": "fremd.example"})),
    ]
    wrong = []
    for name, answer in answers:
        expected = dict(SECURITY_HEADERS)
        if name.startswith("GET library.media") and answer.status_code == 200:
            expected["Content-Security-Policy"] = FILE_SECURITY_POLICY
        wrong += [f"{name}: {header}" for header, value in expected.items() if answer.headers.get(header) != value]
        if not answer.headers.get("Cache-Control"):
            wrong.append(f"{name}: no rule for caches")
        if name.startswith("GET reporting.") and answer.headers.get("Cache-Control") != "no-store":
            wrong.append(f"{name}: other people's data stay in a cache")
        if re.search(r"<script(?![^>]*\ssrc=)[^>]*>(?!\s*</script>)|<style|\son[a-z]+=|\sstyle=", answer.text):
            wrong.append(f"{name}: script or style in the page")
    assert not wrong, "\n".join(wrong)
    assert len(answers) > 100


def test_a_failure_carries_the_headers_too(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.wear(Role.HR)
    visitor = Visitor(app, world, Role.HR)

    def fail() -> str:
        raise RuntimeError("Absicht")

    fail.access = app.view_functions["library.catalogue"].access  # type: ignore[attr-defined]  # as markers do
    monkeypatch.setitem(app.view_functions, "library.catalogue", fail)
    answer = visitor.client.get("/katalog")
    assert answer.status_code == 500
    assert "Absicht" not in answer.text
    assert {name: answer.headers.get(name) for name in SECURITY_HEADERS} == dict(SECURITY_HEADERS)


class Kept(logging.Handler):
    """Everything that is logged, as its text and as all that its record holds."""

    def __init__(self) -> None:
        super().__init__(level=logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        held = {name: str(value) for name, value in vars(record).items()}
        self.lines.append(record.getMessage() + json.dumps(held, ensure_ascii=False))


def test_the_log_names_nobody_and_keeps_no_answer_and_no_token(app: Flask, world: World) -> None:
    kept, root = Kept(), logging.getLogger()
    level = root.level
    root.addHandler(kept)
    root.setLevel(logging.INFO)
    try:
        logging.getLogger("learning").warning("Ein Satz mit %s", word("family", Relation.OWN_UNIT))
        for looker in (Role.EMPLOYEE, Role.HR):
            world.wear(looker)
            visitor = Visitor(app, world, looker)
            for route in routes():
                for cell in cells_of(world, route):
                    visitor.ask(cell)
    finally:
        root.removeHandler(kept)
        root.setLevel(level)
    first, *rest = kept.lines
    # The line of our own is found, so others would be.
    assert word("family", Relation.OWN_UNIT) in first
    public = {"contact", "local", "unit", "rule", "basis", "total"}
    texts = {text: kind for (kind, _), found in world.markers.texts.items() if kind not in public for text in found}
    leaked = {f"{kind}: {line[:200]}" for line in rest for text, kind in texts.items() if text in line}
    assert leaked == set()

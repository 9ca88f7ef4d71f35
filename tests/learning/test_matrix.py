"""Every address for everybody: who gets in, and nothing of anybody else in any answer (matrix.toml, access/)."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from learning.obligations.models import Cycle
from learning.people.models import Person, Unit
from learning.people.permissions import Action, Scope, allowed, scope_of
from learning.people.roles import Role
from learning.people.viewer import Viewer, viewer_of_person
from learning.settings import ProductSettings
from tests import factories
from tests.learning.access.foreign import foreign_data
from tests.learning.access.markers import KINDS, Relation, leaks
from tests.learning.access.product import whole_product
from tests.learning.access.walk import Visitor, address_of, browser
from tests.learning.access.world import OTHER_UNIT, World, kept_tables, kept_world
from tests.learning.matrix import BODIES, LOOKERS, Route, cells, cells_of, routes
from tests.pages import ORIGIN

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def product(engine: Engine, product_settings: ProductSettings) -> Iterator[Flask]:
    """The application with all addresses it can have, those for official accounts included."""
    with whole_product(product_settings) as made:
        yield made


@pytest.fixture(scope="module")
def app(product: Flask, engine: Engine) -> Iterator[Flask]:
    """The product; its tables are emptied after the last test of this file."""
    with kept_tables(engine):
        yield product


@pytest.fixture(scope="module")
def world(app: Flask, engine: Engine) -> Iterator[World]:
    """One world for all lookers; what a cell changes, it has made itself."""
    with kept_world(engine) as made:
        yield made


def test_every_address_has_its_row_and_every_form_its_body(app: Flask) -> None:
    written = {(route.endpoint, route.method) for route in routes()}
    existing = {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert sorted(existing - written) == [], "write the expected cells into tests/learning/matrix.toml"
    assert sorted(written - existing) == [], "matrix.toml names addresses that do not exist"
    rows = [(route.endpoint, route.method, route.object) for route in routes()]
    assert len(rows) == len(set(rows))
    forms = {endpoint for endpoint, method in written if method != "GET"}
    assert sorted(forms - set(BODIES)) == [], "write a valid form into BODIES of tests/learning/matrix.py"
    assert cells(routes()) > 1_500


@pytest.mark.parametrize("looker", LOOKERS)
def test_every_cell_of_the_matrix(app: Flask, world: World, looker: str) -> None:
    world.wear(looker)
    wrong, seen = walked(Visitor(app, world, looker), routes())
    assert not wrong, "\n".join(wrong)
    # What may be seen is seen somewhere, or the marker would prove nothing.
    missing = [
        f"{kind} of {relation}"
        for kind, relation in world.markers.texts
        if KINDS[kind].is_expected(looker, relation) and (kind, relation) not in seen
    ]
    assert not missing, "\n".join(missing)


def test_a_wrong_cell_and_a_marker_that_may_not_be_seen_are_found(app: Flask, world: World) -> None:
    world.wear(Role.TRAINER)
    (route,) = [one for one in routes() if one.endpoint == "people.account"]
    closed = replace(route, who=frozenset({"hr"}))
    assert walked(Visitor(app, world, Role.TRAINER), [closed])[0] == ["GET people.account own: 200 instead of 404"]
    world.wear(Role.HR)
    (record,) = [one for one in routes() if one.endpoint == "reporting.person"]
    wrong = walked(Visitor(app, world, Role.HR), [record], as_if=Role.TRAINER)[0]
    assert "GET reporting.person person own_unit: shows shown of own_unit" in wrong


def test_a_change_of_what_is_stored_of_somebody_else_is_found(world: World, session: Session) -> None:
    before = foreign_data(world)
    key = world.people[OTHER_UNIT].key
    session.execute(update(Cycle).where(Cycle.person_key == key).values(original_due_on=datetime.date(2031, 1, 1)))
    session.commit()
    after = foreign_data(world)
    assert before != after
    assert {table for table, row in set(before) ^ set(after)} == {"cycle"}


def walked(visitor: Visitor, rows: Iterable[Route], *, as_if: str = "") -> tuple[list[str], set[tuple[str, Relation]]]:
    """Every wrong status, marker that may not be seen and change of foreign data, as lines; and all markers seen."""
    wrong: list[str] = []
    seen: set[tuple[str, Relation]] = set()
    world, looker = visitor.world, visitor.looker
    for route in rows:
        for cell in cells_of(world, route):
            before = None if cell.body is None else foreign_data(world)
            answer = visitor.ask(cell)
            expected = route.expected(looker, cell.relation)
            if answer.status != expected:
                wrong.append(f"{cell}: {answer.status} instead of {expected}")
            found = world.markers.found(answer.everything, named=answer.named)
            if route.object == "link":
                # Who holds a link is told for whom it is, and may sign in as them; all else stays hidden.
                found -= {("number", cell.relation), ("given", cell.relation), ("family", cell.relation)}
            elif before is not None and before != foreign_data(world):
                wrong.append(f"{cell}: changes what is stored of somebody in another unit")
            wrong += [f"{cell}: shows {line}" for line in leaks(found, as_if or looker)]
            seen |= found
    return wrong, seen


def test_every_form_needs_the_token_of_its_session(app: Flask, world: World) -> None:
    world.wear(Role.HR)
    for route in routes():
        if route.method == "GET":
            continue
        if route.is_for_servers:
            continue
        cell = next(cells_of(world, route))
        client, address = browser(app, world, Role.HR), address_of(app, cell)
        for token in ("", "falsch", "IjAi.Zm9v.YmFy"):
            answer = client.open(address, method=route.method, data={"csrf_token": token}, headers=ORIGIN)
            assert answer.status_code in (403, 404), f"{route.endpoint} took a form with the token {token!r}"
        foreign = client.open(address, method=route.method, headers={"Origin": "https://fremd.example"})
        assert foreign.status_code == 403, route.endpoint


def test_only_messages_of_the_provider_need_no_form_of_ours(app: Flask) -> None:
    free = {name for name, view in app.view_functions.items() if getattr(view, "is_for_servers", False)}
    assert free == {route.endpoint for route in routes() if route.is_for_servers} == {"openid.back_channel"}


# The table itself -----------------------------------------------------------------------------------------------------


def viewer_with(session: Session, person: Person) -> Viewer:
    viewer = viewer_of_person(session, person.key, today=factories.NOW.date())
    assert viewer is not None
    return viewer


def test_nobody_may_do_what_only_others_may(session: Session) -> None:
    viewer = viewer_with(session, factories.person(session))
    assert {action for action in Action if allowed(viewer, action)} == {
        Action.ACCOUNT_USE,
        Action.LIBRARY_READ,
        Action.COURSE_STUDY,
        Action.OWN_DATA_SEE,
        Action.AGREEMENT_CONFIRM,
        Action.CERTIFICATE_RELEASE,
        Action.EXTRA_TIME_END,
    }
    assert not any(allowed(None, action) for action in Action)


@pytest.mark.parametrize(
    ("role", "reaches"),
    [(Role.HR, {"own", "below"}), (Role.TEAM_LEAD, {"own"}), (Role.ADMINISTRATOR, set())],
)
def test_a_role_reaches_its_unit_and_below_only_as_granted(session: Session, role: Role, reaches: set[str]) -> None:
    top = factories.unit(session)
    own = factories.unit(session, parent=top)
    units = {"top": top, "own": own, "below": factories.unit(session, parent=own), "beside": factories.unit(session)}
    person = factories.person(session, unit=own)
    factories.grant(session, person, role, unit=own if role is not Role.ADMINISTRATOR else None)
    scope = scope_of(viewer_with(session, person), role)
    assert {name for name, unit in units.items() if scope.covers(unit.path)} == reaches


def test_a_scope_in_sql_is_the_scope_in_python(session: Session) -> None:
    top = factories.unit(session)
    made = [top]
    made += [factories.unit(session, parent=parent) for parent in [top, top, top]]
    made += [factories.unit(session, parent=parent) for parent in made[1:4] * 2]
    made += [factories.unit(session, parent=parent) for parent in made[4:7]]
    for scope in (
        Scope(),
        Scope(exact=frozenset({made[1].path})),
        Scope(prefixes=frozenset({made[1].path, made[4].path})),
        Scope(exact=frozenset({top.path}), prefixes=frozenset({made[2].path})),
    ):
        found = set(session.execute(select(Unit.path).where(scope.in_scope(Unit.path))).scalars())
        assert found == {unit.path for unit in made if scope.covers(unit.path)}


def test_a_role_ends_with_its_last_day(session: Session) -> None:
    person = factories.person(session)
    factories.grant(session, person, Role.TRAINER, until=factories.NOW.date())
    tomorrow = factories.NOW.date() + datetime.timedelta(days=1)
    assert viewer_with(session, person).has(Role.TRAINER)
    later = viewer_of_person(session, person.key, today=tomorrow)
    assert later is not None
    assert not later.has(Role.TRAINER)

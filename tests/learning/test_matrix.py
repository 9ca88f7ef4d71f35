"""Every address for everybody: who gets in, and no name of anybody else on any page (matrix.toml, matrix.py)."""

from dataclasses import replace

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from learning.people.models import Person
from learning.people.permissions import Action, Scope, allowed, scope_of
from learning.people.roles import Role
from learning.people.viewer import Viewer, viewer_of_person
from tests import factories
from tests.learning.conftest import SignIn
from tests.learning.matrix import ANONYMOUS, LOOKERS, OBJECTS, Relation, Route, World, make_world, names_seen_by, routes
from tests.pages import ORIGIN


def test_every_address_has_its_row(app: Flask) -> None:
    written = [(route.endpoint, route.method) for route in routes()]
    existing = {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert sorted(existing - set(written)) == [], "write the expected cells into tests/learning/matrix.toml"
    assert sorted(set(written) - existing) == [], "matrix.toml names addresses that do not exist"
    assert len(written) == len(set(written))


@pytest.mark.parametrize("looker", LOOKERS)
def test_every_cell_of_the_matrix(app: Flask, session: Session, sign_in: SignIn, looker: str) -> None:
    assert wrong_cells(app, make_world(session, looker), sign_in, looker, routes()) == []


def test_a_wrong_cell_and_a_name_that_may_not_be_seen_are_found(app: Flask, session: Session, sign_in: SignIn) -> None:
    (route,) = [one for one in routes() if one.endpoint == "people.account"]
    world = make_world(session, Role.TRAINER)
    closed = replace(route, who=frozenset({"hr"}))
    (wrong,) = wrong_cells(app, world, sign_in, Role.TRAINER, [closed])
    assert wrong == "GET people.account own: 200, let in: False"
    (leak,) = wrong_cells(app, world, sign_in, Role.TRAINER, [route], may_see=frozenset())
    assert leak == "GET people.account own: shows own"


def wrong_cells(
    app: Flask,
    world: World,
    sign_in: SignIn,
    looker: str,
    rows: list[Route],
    may_see: frozenset[Relation] | None = None,
) -> list[str]:
    """Every cell whose answer is not the expected one, and every foreign name on a page, as a line."""
    seen = names_seen_by(looker) if may_see is None else may_see
    wrong: list[str] = []
    for route in rows:
        for relation in Relation if route.object else (Relation.OWN,):
            client = app.test_client()
            if looker != ANONYMOUS:
                sign_in(client, world.people[Relation.OWN])
            status, body = ask(app, client, route, OBJECTS[route.object](world, relation))
            cell, expected = f"{route.method} {route.endpoint} {relation}", route.lets_in(looker, relation)
            if not fits(status, is_let_in=expected, is_signed_in=looker != ANONYMOUS):
                wrong.append(f"{cell}: {status}, let in: {expected}")
            shown = [other for other in world.people if world.canary(other) in body and route.object != "link"]
            wrong += [f"{cell}: shows {other}" for other in shown if other not in seen]
    return wrong


def ask(app: Flask, client: FlaskClient, route: Route, values: dict[str, object]) -> tuple[int, str]:
    """Status and text of an address, sent as an empty form of our own where it is one."""
    token = client.get("/anmeldung/stand").get_json()["form_token"]
    with app.test_request_context():
        address = url_for(route.endpoint, **values)
    if route.method == "GET":
        response = client.get(address)
    else:
        response = client.open(address, method=route.method, data={"csrf_token": token}, headers=ORIGIN)
    return response.status_code, response.text


def fits(status: int, *, is_let_in: bool, is_signed_in: bool) -> bool:
    """Whoever is let in gets a page, a redirect or a form with mistakes; others 404, or the page to sign in."""
    if is_let_in:
        return status in (200, 204, 302, 303, 304, 400, 409, 422)
    # An empty form is refused before anything is looked up: 400 for what is there, foreign or absent alike.
    return status in (400, 404) if is_signed_in else status in (302, 401, 404)


def test_every_form_needs_the_token_of_its_session(app: Flask, session: Session, sign_in: SignIn) -> None:
    world = make_world(session, Role.HR)
    client = app.test_client()
    sign_in(client, world.people[Relation.OWN])
    for route in routes():
        if route.method == "GET":
            continue
        with app.test_request_context():
            address = url_for(route.endpoint, **OBJECTS[route.object](world, Relation.OWN))
        for token in ("", "falsch", "IjAi.Zm9v.YmFy"):
            answer = client.open(address, method=route.method, data={"csrf_token": token}, headers=ORIGIN)
            assert answer.status_code in (403, 404), f"{route.endpoint} took a form with the token {token!r}"
        foreign = client.open(address, method=route.method, headers={"Origin": "https://fremd.example"})
        assert foreign.status_code == 403, route.endpoint


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
    from sqlalchemy import select

    from learning.people.models import Unit

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
    import datetime

    person = factories.person(session)
    factories.grant(session, person, Role.TRAINER, until=factories.NOW.date())
    tomorrow = factories.NOW.date() + datetime.timedelta(days=1)
    assert viewer_with(session, person).has(Role.TRAINER)
    later = viewer_of_person(session, person.key, today=tomorrow)
    assert later is not None
    assert not later.has(Role.TRAINER)

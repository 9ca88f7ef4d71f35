"""Every form names its fields: no page sends others, and an address that gets others refuses all of it."""

import io
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from learning.access import public
from learning.people.roles import Role
from learning.web.declared_forms import Beside, UndeclaredForm, form_of, refuse_unknown_fields, takes
from learning.web.origin import SAFE_METHODS
from tests.learning.access.pages import forms_in
from tests.learning.access.test_requests import changes, stored, writing_cells
from tests.learning.access.walk import Visitor, address_of, send
from tests.learning.access.world import OLD, World
from tests.learning.matrix import ANONYMOUS, Body, Cell, cells_of, routes
from tests.pages import ORIGIN

pytestmark = pytest.mark.slow

REFUSAL = "gespeichert wurde nichts"
# No page here has a form for these: scripts send there, and servers; a provider comes before a proxy.
WITHOUT_PAGE = {"study.place", "attempts.save", "openid.back_channel", "proxy.begin"}


def written(app: Flask) -> Iterator[tuple[str, str]]:
    """Endpoint and address of everything that takes a form."""
    for rule in app.url_map.iter_rules():
        if (rule.methods or set()) - SAFE_METHODS:
            yield rule.endpoint, str(rule)


def test_every_address_that_takes_a_form_names_its_fields(app: Flask, preview_app: Flask) -> None:
    for one in (app, preview_app):
        silent = [address for endpoint, address in written(one) if form_of(one.view_functions[endpoint]) is None]
        assert not silent, f"put @takes(…) on the views of {silent} (learning/web/declared_forms.py)"
    assert len(list(written(app))) > 25


def test_an_address_that_names_no_fields_keeps_the_program_from_starting() -> None:
    app = Flask("test", static_folder=None)
    app.add_url_rule("/silent", "silent", public(lambda: ""), methods=["POST"])
    app.add_url_rule("/button", "button", takes()(public(lambda: "")), methods=["POST"])
    app.add_url_rule("/page", "page", public(lambda: ""))
    with pytest.raises(UndeclaredForm, match=r"fields: /silent\. "):
        refuse_unknown_fields(app)


def test_only_messages_of_the_provider_may_bring_fields_that_nobody_reads(app: Flask) -> None:
    """Its protocol (OpenID Connect Back-Channel Logout 1.0, section 2.5) says that other values must be ignored."""
    forms = {endpoint: form_of(app.view_functions[endpoint]) for endpoint, _ in written(app)}
    assert {name for name, form in forms.items() if form and form.beside is Beside.IGNORED} == {"openid.back_channel"}
    # It reads JSON by itself and refuses unknown names there (test_requests.py).
    assert {name for name, form in forms.items() if form and form.beside is Beside.BODY_READ} == {"attempts.save"}


def test_no_form_of_any_page_sends_what_its_address_does_not_take(app: Flask, world: World) -> None:
    """Pages that were asked for and pages that answer forms, of four kinds of people."""
    seen: set[str] = set()
    wrong: set[str] = set()
    for page, text in every_page(app, world):
        for endpoint, names in sent_by(app, text):
            seen.add(endpoint)
            form = form_of(app.view_functions[endpoint])
            assert form is not None
            wrong |= {f"{endpoint}: {name} on {page}" for name in names if not form.takes(name)}
    assert not wrong, "\n".join(sorted(wrong))
    assert {endpoint for endpoint, _ in written(app)} - seen == WITHOUT_PAGE
    # With a provider as well, the page to sign in offers the provider; the form is the same one.
    assert form_of(app.view_functions["proxy.begin"]) == form_of(app.view_functions["openid.begin"])


def every_page(app: Flask, world: World) -> Iterator[tuple[str, str]]:
    """Name and text of every answer to everything that can be asked, and of a course before and after its end."""
    for looker in (ANONYMOUS, Role.EMPLOYEE, Role.HR, Role.TEAM_LEAD):
        world.wear(looker)
        visitor = Visitor(app, world, looker)
        for route in routes():
            for cell in cells_of(world, route):
                yield str(cell), visitor.ask(cell).text
    yield "a newer edition", visitor.client.get(f"/kurse/{OLD}").text
    send(visitor.client, f"/kurse/{OLD}/erstes/weiter", Body(), token=visitor.token)
    yield "a completed course", visitor.client.get(f"/kurse/{OLD}").text


def sent_by(app: Flask, page: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Endpoint and names of the controls of each form of a page that is not sent by GET."""
    addresses = app.url_map.bind("localhost")
    for form in forms_in(page) if "<form" in page else ():
        if form.method != "get":
            yield addresses.match(urlsplit(form.action).path, method="POST")[0], form.names


def test_no_form_takes_one_more_field_and_nothing_is_changed(app: Flask, world: World) -> None:
    """A column, fields of other forms, a file, the field of another question, a body that is no form."""
    world.wear(Role.HR)
    visitor, tried = Visitor(app, world, Role.HR), 0
    for known in list(writing_cells(world)):
        cell = next(one for one in cells_of(world, known.route) if one.relation is known.relation)
        before = stored(world)
        for name, status, text in refusals(app, visitor, cell):
            tried += 1
            assert status == 400, f"{cell} took {name}: {status}"
            assert REFUSAL in text or name == "f-x-fremd", f"{cell} {name}"
        assert changes(before, stored(world)) == set(), cell
        # Without the field the same form is taken.
        assert visitor.ask(cell).status == cell.route.expected(Role.HR, cell.relation), cell
        visitor.arrive()
    assert tried > 150


def refusals(app: Flask, visitor: Visitor, cell: Cell) -> Iterator[tuple[str, int, str]]:
    """What was added to the valid form of a cell, and the answer to it."""
    assert cell.body is not None
    address, method, token = address_of(app, cell), cell.route.method, visitor.token
    form = form_of(app.view_functions[cell.route.endpoint])
    assert form is not None
    own = {} if cell.body.json is not None else cell.body.form
    for name in ("is_active", "person[is_active]", "", "CSRF_TOKEN", "f-x-fremd", "wiederholung", "sprache"):
        if name not in form.names:
            fields = MultiDict([*own.items(), ("csrf_token", token), (name, "")])
            answer = visitor.client.open(address, method=method, data=fields, headers=ORIGIN)
            yield name, answer.status_code, answer.text
    files = {**own, "csrf_token": token, "datei": (io.BytesIO(b"x"), "x.txt")}
    answer = visitor.client.open(address, method=method, data=files, headers=ORIGIN)
    yield "a file", answer.status_code, answer.text
    if form.beside is Beside.REFUSED:
        headers = {**ORIGIN, "X-CSRFToken": token}
        answer = visitor.client.open(address, method=method, json={"is_active": True}, headers=headers)
        yield "JSON", answer.status_code, answer.text


def test_a_form_with_one_more_field_is_not_kept_over_a_new_sign_in(app: Flask, world: World) -> None:
    world.wear(Role.HR)
    visitor = Visitor(app, world, Role.HR)
    (route,) = [one for one in routes() if one.endpoint == "reporting.propose_agreement"]
    cell = next(cells_of(world, route))
    assert cell.body is not None
    visitor.client.get("/katalog")  # The cookie learns whose it is.
    with visitor.client.session_transaction() as cookie:
        cookie["token"] = "over"
    address = address_of(app, cell)
    kept = visitor.client.post(address, data=cell.body.form, headers=ORIGIN)
    assert (kept.status_code, 'name="gehalten"' in kept.text) == (401, True)
    refused = visitor.client.post(address, data={**cell.body.form, "is_active": "1"}, headers=ORIGIN)
    assert (refused.status_code, 'name="gehalten"' in refused.text, REFUSAL in refused.text) == (400, False, True)


def test_scripts_are_told_in_their_format(app: Flask, world: World) -> None:
    world.wear(Role.HR)
    visitor = Visitor(app, world, Role.HR)
    headers = {**ORIGIN, "Accept": "application/json"}
    answer = visitor.client.post("/abmelden", data={"csrf_token": visitor.token, "mehr": "1"}, headers=headers)
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert REFUSAL in answer.get_json()["detail"]


def test_the_preview_sends_and_takes_its_own_fields_alone(preview_app: Flask) -> None:
    """Its questions and the attempt that travels in its forms, with the buttons of the header that belong to them."""
    client, addresses = preview_app.test_client(), preview_app.url_map.bind("localhost")
    shown = [
        client.get(f"/kurse/bausteine/{rule}").text for rule in ("", "text", "fragen", "test")
    ]  # fmt: skip
    test = next(form for form in forms_in(shown[-1]) if form.action.endswith("/versuch"))
    buttons = ("1", "abgabe", "ergebnis", "wiederholen", "neu")
    shown += [client.post(test.action, data={"zu": button}, headers=ORIGIN).text for button in buttons]
    seen = set()
    for page in shown:
        for endpoint, names in sent_by(preview_app, page):
            form = form_of(preview_app.view_functions[endpoint])
            assert form is not None
            assert [name for name in names if not form.takes(name)] == []
            seen.add(endpoint)
    assert seen == {endpoint for endpoint, _ in written(preview_app)}
    for form in {one.action for page in shown for one in forms_in(page) if one.method == "post"}:
        answer = client.post(form, data={"mehr": "1"}, headers=ORIGIN)
        assert (answer.status_code, REFUSAL in answer.text) == (400, True), addresses.match(form, method="POST")

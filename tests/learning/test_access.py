"""Closed by default: an address without a marker keeps the program from starting."""

from enum import StrEnum

import pytest
from flask import Flask

from learning.access import TwoMarkers, UndeclaredRoute, close_by_default, marker_of, public, requires


class Action(StrEnum):
    READ = "read"


def app_with(view: object) -> Flask:
    app = Flask("test", static_folder=None)
    app.add_url_rule("/seite", "page", view)  # type: ignore[arg-type]
    return app


def test_an_address_without_marker_keeps_the_program_from_starting() -> None:
    with pytest.raises(UndeclaredRoute, match="/seite"):
        close_by_default(app_with(lambda: "offen"), allows=lambda action: True)


def test_a_public_address_is_open() -> None:
    app = app_with(public(lambda: "offen"))
    close_by_default(app, allows=lambda action: False)
    assert app.test_client().get("/seite").text == "offen"


@pytest.mark.parametrize(("is_allowed", "status"), [(True, 200), (False, 404)])
def test_an_address_that_requires_an_action_asks_whether_it_is_allowed(is_allowed: bool, status: int) -> None:
    app = app_with(requires(Action.READ)(lambda: "geheim"))
    close_by_default(app, allows=lambda action: is_allowed and action is Action.READ)
    assert app.test_client().get("/seite").status_code == status


def test_an_unknown_address_is_simply_not_there() -> None:
    app = app_with(public(lambda: "offen"))
    close_by_default(app, allows=lambda action: False)
    assert app.test_client().get("/andere").status_code == 404


def test_two_markers_on_one_view_are_refused() -> None:
    with pytest.raises(TwoMarkers):
        requires(Action.READ)(public(lambda: ""))


def test_every_address_of_the_preview_says_who_may_use_it(preview_app: Flask) -> None:
    assert [
        rule
        for rule in preview_app.url_map.iter_rules()
        if marker_of(preview_app.view_functions[rule.endpoint]) is None
    ] == []

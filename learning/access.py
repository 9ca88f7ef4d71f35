"""Closed by default: every address says who may use it, or the program does not start.

A view carries exactly one marker, `@public` or `@requires(action)`. Which person may do what is decided by the function
that the composition hands to `close_by_default`; this module knows neither people nor their roles.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias, TypeVar

from flask import Flask, abort, request
from flask.typing import ResponseReturnValue

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Public:
    """Everybody may use it, signed in or not."""


@dataclass(frozen=True, slots=True)
class Requires:
    """Only who is allowed `action` may use it."""

    action: StrEnum


Marker: TypeAlias = Public | Requires


class UndeclaredRoute(Exception):
    """Raised at start: an address does not say who may use it."""

    def __init__(self, rules: list[str]) -> None:
        super().__init__(
            "These addresses do not say who may use them: "
            + ", ".join(rules)
            + ". Put @public or @requires(action) directly above each view function (learning/access.py)."
        )


class TwoMarkers(Exception):
    """Raised while importing: a view carries a second marker, so it is unclear which one holds."""


def public(view: View) -> View:
    """Mark a view as open to everybody."""
    return _mark(view, Public())


def requires(action: StrEnum) -> Callable[[View], View]:
    """Mark a view as open only to people who are allowed `action`."""
    return lambda view: _mark(view, Requires(action))


def _mark(view: View, marker: Marker) -> View:
    if marker_of(view) is not None:
        raise TwoMarkers(f"{view.__name__} carries two access markers; leave the one that is meant.")
    view.access = marker  # type: ignore[attr-defined]  # a marker lives on the function, where the route map finds it
    return view


def marker_of(view: object) -> Marker | None:
    """The marker of a view function, None while it carries none."""
    marker = getattr(view, "access", None)
    return marker if isinstance(marker, Public | Requires) else None


def not_found() -> ResponseReturnValue:
    """What is refused looks as if it did not exist."""
    abort(404)


def close_by_default(
    app: Flask,
    *,
    allows: Callable[[StrEnum], bool],
    refuse: Callable[[], ResponseReturnValue] = not_found,
) -> None:
    """Refuse to start with undeclared addresses; before each request `allows` decides, and `refuse` answers the rest.

    Call it after all routes are registered. Raises UndeclaredRoute with every address that lacks a marker.
    """
    undeclared = [
        str(rule) for rule in app.url_map.iter_rules() if marker_of(app.view_functions[rule.endpoint]) is None
    ]
    if undeclared:
        raise UndeclaredRoute(sorted(undeclared))

    @app.before_request
    def let_in() -> ResponseReturnValue | None:
        if request.endpoint is None:
            return None  # No address matched: Flask answers 404 or 405 by itself.
        match marker_of(app.view_functions[request.endpoint]):
            case Public():
                return None
            case Requires(action) if allows(action):
                return None
            case _:
                return refuse()

"""Closed by default: every address that takes a form names its fields, and whatever else is sent there is refused.

It is refused before a view looks at it, so nothing is changed. A view carries one marker beside the one of access:
`@takes(...)`, `@takes_body(...)` or `@takes_among_others(...)`. What fields hold is read in learning/web/forms.py.
"""

import logging
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias, TypeVar

from flask import Flask, current_app, request
from werkzeug.exceptions import BadRequest

from learning.web.origin import SAFE_METHODS

View = TypeVar("View", bound=Callable[..., Any])
# The name of a field, or a pattern that the whole name of one of many matches.
Name: TypeAlias = str | re.Pattern[str]
FORM_TOKEN = "csrf_token"  # noqa: S105  # the name of the field that every form may carry
FORM_TYPES = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
log = logging.getLogger(__name__)


class Beside(StrEnum):
    """What happens to anything that is sent beside the fields."""

    REFUSED = "refused"
    BODY_READ = "body read"  # A body that is no form is read by the view, as strictly.
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class DeclaredForm:
    """The fields that an address takes, beside the token of the form."""

    names: frozenset[str]
    patterns: tuple[re.Pattern[str], ...]
    beside: Beside

    def takes(self, name: str) -> bool:
        """True if a field of this name may be sent."""
        is_named = name == FORM_TOKEN or name in self.names
        return is_named or any(pattern.fullmatch(name) for pattern in self.patterns)


class UnknownFields(BadRequest):
    """A form brought something that the address does not take."""


class UndeclaredForm(Exception):
    """Raised at start: an address takes forms and does not say which fields."""

    def __init__(self, rules: list[str]) -> None:
        super().__init__(
            "These addresses take forms and do not say which fields: "
            + ", ".join(rules)
            + ". Put @takes(…) with the names of the fields, or @takes() for a button alone, directly below "
            "@public or @requires(action) (learning/web/declared_forms.py)."
        )


def takes(*names: Name) -> Callable[[View], View]:
    """Mark a view whose form has these fields and no other."""
    return lambda view: _mark(view, names, Beside.REFUSED)


def takes_body(*names: Name) -> Callable[[View], View]:
    """The same for a view that scripts send a body to as well, which it reads as strictly by itself."""
    return lambda view: _mark(view, names, Beside.BODY_READ)


def takes_among_others(*names: Name) -> Callable[[View], View]:
    """Mark a view that reads these fields where a protocol demands to ignore what else is sent."""
    return lambda view: _mark(view, names, Beside.IGNORED)


def _mark(view: View, names: Iterable[Name], beside: Beside) -> View:
    listed = tuple(names)
    texts = frozenset(name for name in listed if isinstance(name, str))
    patterns = tuple(name for name in listed if isinstance(name, re.Pattern))
    view.form = DeclaredForm(texts, patterns, beside)  # type: ignore[attr-defined]  # a marker lives on the function, as in learning/access.py
    return view


def form_of(view: object) -> DeclaredForm | None:
    """What a view function takes, None while it does not say."""
    form = getattr(view, "form", None)
    return form if isinstance(form, DeclaredForm) else None


def refuse_unknown_fields(app: Flask) -> None:
    """Check each form before its view. Call it after all routes and checks that come first are registered.

    Raises UndeclaredForm with every address that takes something other than GET and names no fields.
    """
    undeclared = [
        str(rule)
        for rule in app.url_map.iter_rules()
        if (rule.methods or set()) - SAFE_METHODS and form_of(app.view_functions[rule.endpoint]) is None
    ]
    if undeclared:
        raise UndeclaredForm(sorted(undeclared))
    app.before_request(check_fields)


def check_fields() -> None:
    """Refuse this request if it sends what its address does not take. Raises UnknownFields."""
    if request.endpoint is None or request.method in SAFE_METHODS:
        return
    form = form_of(current_app.view_functions[request.endpoint])
    assert form is not None, "the program does not start with such an address"
    if form.beside is Beside.IGNORED:
        return
    names = (*request.form, *request.files)
    is_other_body = bool(request.content_length) and request.mimetype not in FORM_TYPES
    if all(map(form.takes, names)) and not (is_other_body and form.beside is Beside.REFUSED):
        return
    # Names of fields are anybody's text, so the log keeps only where it happened.
    log.warning("A form for %s was refused: it has fields that are not declared there", request.endpoint)
    raise UnknownFields

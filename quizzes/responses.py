"""What a learner answered, in source positions: the form that is stored, graded and read back years later.

Display positions are turned into these by `quizzes.display`; nothing here knows how a question was shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias, assert_never


class UnreadableResponse(ValueError):
    """The stored or submitted value cannot be an answer to this question."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The ticked options of a single or multiple choice."""

    options: frozenset[int]


@dataclass(frozen=True, slots=True)
class Typed:
    """The text typed into a short text or number question."""

    text: str


@dataclass(frozen=True, slots=True)
class Matched:
    """For each pair the right side that was chosen for its left side; None where nothing was chosen."""

    choices: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Ordered:
    """For each item the place it was given, from 0; None where it was given none."""

    places: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """For each gap the typed text, the chosen position of a drop-down, or None."""

    gaps: tuple[str | int | None, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """A free text. Never scored."""

    text: str


Response: TypeAlias = Choice | Typed | Matched | Ordered | Filled | Written

_NAMES: dict[type, str] = {
    Choice: "choice",
    Typed: "typed",
    Matched: "matched",
    Ordered: "ordered",
    Filled: "filled",
    Written: "written",
}


def to_json(response: Response) -> dict[str, object]:
    """The response as plain values: `{"typed": "562,50"}`, `{"choice": [0, 2]}`."""
    match response:
        case Choice(options):
            value: object = sorted(options)
        case Typed(text) | Written(text):
            value = text
        case Matched(values) | Ordered(values) | Filled(values):
            value = list(values)
        case _:
            assert_never(response)
    return {_NAMES[type(response)]: value}


def from_json(data: object) -> Response:
    """The inverse of `to_json`. Raises UnreadableResponse for anything else."""
    if not isinstance(data, Mapping) or len(data) != 1:
        raise UnreadableResponse("an answer is an object with exactly one key")
    ((name, value),) = data.items()
    match name:
        case "choice":
            return Choice(frozenset(_positions(value)))
        case "typed":
            return Typed(_text(value))
        case "written":
            return Written(_text(value))
        case "matched":
            return Matched(tuple(_position_or_none(item) for item in _items(value)))
        case "ordered":
            return Ordered(tuple(_position_or_none(item) for item in _items(value)))
        case "filled":
            return Filled(tuple(item if isinstance(item, str) else _position_or_none(item) for item in _items(value)))
        case _:
            raise UnreadableResponse(f"unknown kind of answer: {name!r}")


def _items(value: object) -> list[object]:
    if not isinstance(value, list):
        raise UnreadableResponse("a list is needed")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise UnreadableResponse("a text is needed")
    return value


def _positions(value: object) -> list[int]:
    return [_position(item) for item in _items(value)]


def _position_or_none(value: object) -> int | None:
    return None if value is None else _position(value)


def _position(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise UnreadableResponse("a position is a whole number from 0")
    return value

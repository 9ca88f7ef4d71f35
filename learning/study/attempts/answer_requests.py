"""Answers as browsers send them by script: read strictly and within bounds, before anything looks at the database."""

import json
import uuid
from typing import Any

from learning.study.attempts.actions import SentAnswer
from learning.study.questions.sent_fields import clean_fields

LONGEST_BODY = 64 * 1024
DEEPEST = 8
MOST_FIELDS = 200
LONGEST_NAME = 100
LONGEST_VALUE = 10_000
LARGEST_NUMBER = 2**31 - 1
NAMES = {"key", "item", "base", "fields"}


class UnreadableRequest(ValueError):
    """The body is not an answer that a page of ours sends."""


def read_answer(body: bytes) -> SentAnswer:
    """The answer in a JSON body: `{key, item, base, fields: {name: [value, …]}}`. Raises UnreadableRequest."""
    values = _json(body)
    if not isinstance(values, dict) or set(values) != NAMES:
        raise UnreadableRequest("an answer has key, item, base and fields, nothing else")
    return SentAnswer(
        key=read_key(values["key"]),
        item=_whole(values["item"]),
        base=_whole(values["base"]),
        fields=_fields(values["fields"]),
    )


def read_key(value: object) -> str:
    """The key of a request in its one spelling. Raises UnreadableRequest."""
    if not isinstance(value, str) or len(value) != len(str(uuid.UUID(int=0))):
        raise UnreadableRequest("a key is a UUID")
    try:
        return str(uuid.UUID(value))
    except ValueError as error:
        raise UnreadableRequest("a key is a UUID") from error


def _json(body: bytes) -> Any:
    if len(body) > LONGEST_BODY:
        raise UnreadableRequest("the body is too long")
    try:
        text = body.decode("utf-8")
        if _depth(text) > DEEPEST:
            raise UnreadableRequest("the body is too deep")
        return json.loads(text, object_pairs_hook=_once, parse_constant=_refuse, parse_float=_refuse)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise UnreadableRequest("the body is no JSON") from error
    except ValueError as error:  # Python refuses whole numbers of thousands of digits.
        raise UnreadableRequest(str(error)) from error


def _depth(text: str) -> int:
    """An upper bound of how deep the brackets nest; those inside of texts count, too."""
    depth = deepest = 0
    for sign in text:
        if sign in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif sign in "]}":
            depth -= 1
    return deepest


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) != len(pairs):
        raise UnreadableRequest("a name stands twice in an object")
    return values


def _refuse(text: str) -> Any:
    raise UnreadableRequest(f"{text[:20]} has no place in an answer")


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST_NUMBER:
        raise UnreadableRequest("a whole number from 0 is needed")
    return value


def _fields(value: object) -> dict[str, list[str]]:
    if not isinstance(value, dict) or len(value) > MOST_FIELDS:
        raise UnreadableRequest("fields are an object of lists of texts")
    if any(len(name) > LONGEST_NAME for name in value):
        raise UnreadableRequest("a field's name is too long")
    return clean_fields({name: _texts(texts) for name, texts in value.items()})


def _texts(value: object) -> list[str]:
    if not isinstance(value, list) or len(value) > MOST_FIELDS:
        raise UnreadableRequest("a field is a list of texts")
    if not all(isinstance(text, str) and len(text) <= LONGEST_VALUE for text in value):
        raise UnreadableRequest("a field is a list of texts")
    return value

"""The fields of an answer as browsers send them, made fit for every database before anything reads them."""

from collections.abc import Mapping

from werkzeug.datastructures import MultiDict

from learning.web.forms import is_control
from quizzes.display import ANSWER_FIELD

KEPT_CONTROLS = frozenset("\n\t")


def answer_fields(form: MultiDict[str, str]) -> dict[str, list[str]]:
    """The fields of a form that answer a question, cleaned."""
    return clean_fields({name: values for name, values in form.lists() if ANSWER_FIELD.fullmatch(name)})


def clean_fields(fields: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The values without signs that databases refuse."""
    return {name: [_clean(value) for value in values] for name, values in fields.items()}


def _clean(text: str) -> str:
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in plain if sign in KEPT_CONTROLS or not is_control(sign))

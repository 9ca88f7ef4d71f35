"""The fields of an answer as browsers send them, made fit for every database before anything reads them."""

from collections.abc import Mapping

from werkzeug.datastructures import MultiDict

from learning.web.forms import storable_text
from quizzes.display import ANSWER_FIELD


def answer_fields(form: MultiDict[str, str]) -> dict[str, list[str]]:
    """The fields of a form that answer a question, cleaned."""
    return clean_fields({name: values for name, values in form.lists() if ANSWER_FIELD.fullmatch(name)})


def clean_fields(fields: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The values without signs that databases refuse."""
    return {name: [storable_text(value) for value in values] for name, values in fields.items()}

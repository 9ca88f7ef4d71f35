"""What a question is apart from how it was written: its JSON, and two hashes of it.

Neither hash changes with white space, bullet style, order of attributes, or the id.

`revision` changes with everything that a learner may see or that decides when a question is asked; `key_revision`
exactly with what scoring needs.
"""

import hashlib
import json
from typing import assert_never

from quizzes.passage_changes import with_passages
from quizzes.passages import canonical_inline, canonical_of
from quizzes.question_json import Json, decimal_text, from_json, pattern_json, to_json
from quizzes.questions import (
    ChoiceGap,
    Cloze,
    FreeText,
    Gap,
    Matching,
    MultipleChoice,
    NumberInput,
    NumberRange,
    Ordering,
    Passage,
    Question,
    ShortText,
    SingleChoice,
    TextGap,
    TextPattern,
)

__all__ = ["from_json", "key_revision", "revision", "to_json", "with_passages"]


def revision(question: Question) -> str:
    """Twelve hexadecimal digits for everything in the question but its id."""
    values = to_json(with_passages(question, _canonical_only))
    heading = question.heading
    values["heading"] = heading.canonical or canonical_inline(heading.source)
    values["attributes"] = _effective_attributes(question)
    for name in ("keyword", "level"):
        del values[name]
    return _digest(_without_spelling(values))


def key_revision(question: Question) -> str:
    """Twelve hexadecimal digits for kind, order and count of options, key, tolerance, points and partial credit."""
    return _digest({"kind": question.kind.value, "points": decimal_text(question.points), "key": _key(question)})


def _digest(values: Json) -> str:
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _canonical_only(passage: Passage) -> Passage:
    return Passage(canonical_of(passage))


def _without_spelling(values: Json) -> Json:
    """The values without how an author spelt a number."""
    if isinstance(values, dict):
        return {name: _without_spelling(value) for name, value in values.items() if name != "written"}
    return [_without_spelling(value) for value in values] if isinstance(values, list) else values


def _effective_attributes(question: Question) -> dict[str, Json]:
    attributes = question.attributes
    return {
        "points": decimal_text(question.points),
        "shuffled": attributes.is_shuffled is not False,
        "partial": attributes.is_partial is not False,
        "case": attributes.is_case_sensitive is True,
        "must": attributes.is_must,
        "refresh": attributes.is_refresher,
        "before": attributes.is_before,
        "objective": attributes.objective,
        "about": attributes.about,
    }


def _key(question: Question) -> Json:
    answer = question.answer
    case = question.attributes.is_case_sensitive is True
    match answer:
        case SingleChoice(options):
            return [option.is_right for option in options]
        case MultipleChoice(options):
            return [question.attributes.is_partial is not False, *(option.is_right for option in options)]
        case ShortText(accepted):
            return [case, *_patterns([each.pattern for each in accepted])]
        case NumberInput(accepted):
            return _patterns([each.pattern for each in accepted])
        case Matching():
            return _matching_key(answer)
        case Ordering(items, allowed):
            return [len(items), *sorted({(each.pattern.first, each.pattern.second) for each in allowed})]
        case Cloze(gaps):
            return [case, *map(_gap_key, gaps)]
        case FreeText():
            return None
        case _:
            assert_never(answer)


def _patterns(patterns: list[TextPattern] | list[NumberRange]) -> list[str]:
    """What the patterns accept, whatever their order and spelling."""
    return sorted({json.dumps(_pattern_key(each), ensure_ascii=False) for each in patterns})


def _pattern_key(pattern: TextPattern | NumberRange) -> list[Json]:
    match pattern:
        case TextPattern(text, is_quoted):
            return [text, is_quoted and ("..." in text or "…" in text)]
        case NumberRange():
            values = pattern_json(pattern)
            return [values["low"], values["high"], values["unit"]]


def _matching_key(matching: Matching) -> list[Json]:
    """Number of pairs, and which right sides are interchangeable because they are equal."""
    rights = [canonical_of(pair.right) for pair in matching.pairs] + list(map(canonical_of, matching.distractors))
    return [len(matching.pairs), *(rights.index(right) for right in rights)]


def _gap_key(gap: Gap) -> Json:
    match gap:
        case ChoiceGap(choices, right):
            return [len(choices), right]
        case TextGap(accepted):
            return _patterns([*accepted])

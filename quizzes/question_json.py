"""Questions as canonical JSON and back. Hashes of them are in `quizzes.canonical`.

The JSON is what a publishing stores for good: everything that is needed to show, to grade and to write the question.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, TypeAlias, TypeVar, assert_never

from quizzes.questions import (
    Accepted,
    Answer,
    Attributes,
    ChoiceGap,
    Cloze,
    FreeText,
    Gap,
    GapMistake,
    Kind,
    Matching,
    Mistake,
    MultipleChoice,
    NumberInput,
    NumberRange,
    Option,
    Ordering,
    Pair,
    Passage,
    Precedence,
    Question,
    Remarks,
    ShortText,
    SingleChoice,
    TextGap,
    TextPattern,
)

# Values that json.dumps writes and json.loads reads; their shape is what `to_json` and `from_json` agree on.
Json: TypeAlias = Any
Pattern = TypeVar("Pattern")


def to_json(question: Question) -> dict[str, Json]:
    """The question as plain JSON values. Lines in the file and tokens are left out."""
    return {
        "kind": question.kind.value,
        "heading": _passage(question.heading),
        "stem": _passage(question.stem),
        "answer": _answer(question.answer),
        "attributes": _attributes(question.attributes),
        "hints": [_passage(hint) for hint in question.hints],
        "explanation": _optional(question.explanation),
        "keyword": question.keyword,
        "level": question.level,
    }


def from_json(values: Mapping[str, Json]) -> Question:
    """The question that `to_json` made these values of; KeyError or ValueError when it did not."""
    return Question(
        _read_passage(values["heading"]),
        _read_passage(values["stem"]),
        _read_answer(Kind(values["kind"]), values["answer"]),
        _read_attributes(values["attributes"]),
        tuple(map(_read_passage, values["hints"])),
        _read_optional(values["explanation"]),
        values["keyword"],
        values["level"],
    )


def decimal_text(value: Decimal) -> str:
    """A decimal in its one canonical spelling: `562.5`, never `562.50` or `5E+2`."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


def _passage(passage: Passage) -> dict[str, Json]:
    values: dict[str, Json] = {"source": passage.source}
    if passage.canonical:
        values["canonical"] = passage.canonical
    if passage.pieces:
        values["pieces"] = list(passage.pieces)
    return values


def _optional(passage: Passage | None) -> Json:
    return None if passage is None else _passage(passage)


def _read_passage(values: Json) -> Passage:
    return Passage(values["source"], values.get("canonical", ""), pieces=tuple(values.get("pieces", ())))


def _read_optional(values: Json) -> Passage | None:
    return None if values is None else _read_passage(values)


def _attributes(attributes: Attributes) -> dict[str, Json]:
    values: dict[str, Json] = {
        "id": attributes.id,
        "points": None if attributes.points is None else decimal_text(attributes.points),
        "shuffled": attributes.is_shuffled,
        "partial": attributes.is_partial,
        "case": attributes.is_case_sensitive,
        "must": attributes.is_must,
        "refresh": attributes.is_refresher,
        "before": attributes.is_before,
        "objective": attributes.objective,
        "about": attributes.about,
        "written": list(attributes.written),
    }
    return {name: value for name, value in values.items() if value not in (None, "", False, [])} | {
        name: False for name in ("shuffled", "partial", "case") if values[name] is False
    }


def _read_attributes(values: Mapping[str, Json]) -> Attributes:
    return Attributes(
        values.get("id", ""),
        Decimal(values["points"]) if "points" in values else None,
        values.get("shuffled"),
        values.get("partial"),
        values.get("case"),
        values.get("must", False),
        values.get("refresh", False),
        values.get("before", False),
        values.get("objective", ""),
        values.get("about", ""),
        tuple(values.get("written", ())),
    )


def pattern_json(pattern: TextPattern | NumberRange) -> dict[str, Json]:
    """A text or number pattern; numbers as canonical text."""
    match pattern:
        case TextPattern(text, is_quoted):
            return {"text": text, "quoted": is_quoted}
        case NumberRange():
            return {
                "low": decimal_text(pattern.low),
                "high": decimal_text(pattern.high),
                "unit": pattern.unit,
                "value": None if pattern.value is None else decimal_text(pattern.value),
                "tolerance": decimal_text(pattern.tolerance),
                "percent": pattern.tolerance_is_percent,
                "written": pattern.written,
            }


def _read_text(values: Mapping[str, Json]) -> TextPattern:
    return TextPattern(values["text"], values["quoted"])


def _read_number(values: Mapping[str, Json]) -> NumberRange:
    return NumberRange(
        Decimal(values["low"]),
        Decimal(values["high"]),
        values["unit"],
        None if values["value"] is None else Decimal(values["value"]),
        Decimal(values["tolerance"]),
        values["percent"],
        values["written"],
    )


def _read_pattern(values: Mapping[str, Json]) -> TextPattern | NumberRange:
    return _read_text(values) if "text" in values else _read_number(values)


def _read_order(values: Mapping[str, Json]) -> Precedence:
    return Precedence(values["first"], values["second"])


def gap_json(gap: Gap) -> dict[str, Json]:
    """A gap with its key."""
    match gap:
        case ChoiceGap(choices, right):
            return {"choices": list(choices), "right": right}
        case TextGap(accepted):
            return {"accepted": [pattern_json(each) for each in accepted]}


def _read_gap(values: Mapping[str, Json]) -> Gap:
    if "choices" in values:
        return ChoiceGap(tuple(values["choices"]), values["right"])
    if "text" in values["accepted"][0]:
        return TextGap(tuple(map(_read_text, values["accepted"])))
    return TextGap(tuple(map(_read_number, values["accepted"])))


def _line(line: Accepted[Any] | Mistake[Any]) -> dict[str, Json]:
    pattern = line.pattern
    if isinstance(pattern, Precedence):
        values: dict[str, Json] = {"first": pattern.first, "second": pattern.second}
    else:
        values = pattern_json(pattern)
    return {"pattern": values, "feedback": _optional(line.feedback)}


def _remarks(remarks: Remarks) -> dict[str, Json]:
    return {"right": _optional(remarks.right), "otherwise": _optional(remarks.otherwise)}


def _read_remarks(values: Mapping[str, Json]) -> Remarks:
    return Remarks(_read_optional(values["right"]), _read_optional(values["otherwise"]))


def _answer(answer: Answer) -> dict[str, Json]:
    match answer:
        case SingleChoice(options) | MultipleChoice(options):
            return {"options": [_option(option) for option in options]}
        case ShortText(accepted, mistakes, remarks) | NumberInput(accepted, mistakes, remarks):
            lines = {"accepted": list(map(_line, accepted)), "mistakes": list(map(_line, mistakes))}
            return {**lines, "remarks": _remarks(remarks)}
        case Matching(pairs, distractors, remarks):
            sides = {"pairs": list(map(_pair, pairs)), "distractors": list(map(_passage, distractors))}
            return {**sides, "remarks": _remarks(remarks)}
        case Ordering(items, allowed, mistakes, remarks):
            lines = {"allowed": list(map(_line, allowed)), "mistakes": list(map(_line, mistakes))}
            return {"items": list(map(_passage, items)), **lines, "remarks": _remarks(remarks)}
        case Cloze(gaps, mistakes, remarks):
            gap_lines = list(map(_gap_mistake, mistakes))
            return {"gaps": list(map(gap_json, gaps)), "mistakes": gap_lines, "remarks": _remarks(remarks)}
        case FreeText():
            return {}
        case _:
            assert_never(answer)


def _option(option: Option) -> dict[str, Json]:
    return {"text": _passage(option.text), "right": option.is_right, "feedback": _optional(option.feedback)}


def _pair(pair: Pair) -> dict[str, Json]:
    return {"left": _passage(pair.left), "right": _passage(pair.right), "feedback": _optional(pair.feedback)}


def _gap_mistake(mistake: GapMistake) -> dict[str, Json]:
    pattern = pattern_json(mistake.pattern)
    return {"gap": mistake.gap, "pattern": pattern, "feedback": _optional(mistake.feedback)}


def _read_answer(kind: Kind, values: Mapping[str, Json]) -> Answer:
    match kind:
        case Kind.SINGLE:
            return SingleChoice(tuple(map(_read_option, values["options"])))
        case Kind.MULTIPLE:
            return MultipleChoice(tuple(map(_read_option, values["options"])))
        case Kind.TEXT:
            texts = _lines(values["accepted"], _read_text), _mistakes(values["mistakes"], _read_text)
            return ShortText(*texts, _read_remarks(values["remarks"]))
        case Kind.NUMBER:
            numbers = _lines(values["accepted"], _read_number), _mistakes(values["mistakes"], _read_number)
            return NumberInput(*numbers, _read_remarks(values["remarks"]))
        case Kind.MATCHING:
            distractors = tuple(map(_read_passage, values["distractors"]))
            return Matching(tuple(map(_read_pair, values["pairs"])), distractors, _read_remarks(values["remarks"]))
        case Kind.ORDERING:
            orders = _lines(values["allowed"], _read_order), _mistakes(values["mistakes"], _read_order)
            return Ordering(tuple(map(_read_passage, values["items"])), *orders, _read_remarks(values["remarks"]))
        case Kind.CLOZE:
            gap_mistakes = tuple(map(_read_gap_mistake, values["mistakes"]))
            return Cloze(tuple(map(_read_gap, values["gaps"])), gap_mistakes, _read_remarks(values["remarks"]))
        case Kind.FREE_TEXT:
            return FreeText()
        case _:
            assert_never(kind)


def _lines(lines: Json, read: Callable[[Mapping[str, Json]], Pattern]) -> tuple[Accepted[Pattern], ...]:
    return tuple(Accepted(read(each["pattern"]), _read_optional(each["feedback"])) for each in lines)


def _mistakes(lines: Json, read: Callable[[Mapping[str, Json]], Pattern]) -> tuple[Mistake[Pattern], ...]:
    return tuple(Mistake(read(each["pattern"]), _read_optional(each["feedback"])) for each in lines)


def _read_option(values: Mapping[str, Json]) -> Option:
    return Option(_read_passage(values["text"]), values["right"], _read_optional(values["feedback"]))


def _read_pair(values: Mapping[str, Json]) -> Pair:
    return Pair(_read_passage(values["left"]), _read_passage(values["right"]), _read_optional(values["feedback"]))


def _read_gap_mistake(values: Mapping[str, Json]) -> GapMistake:
    return GapMistake(values["gap"], _read_pattern(values["pattern"]), _read_optional(values["feedback"]))

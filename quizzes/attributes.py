"""The braces at the end of a heading: `{#id points=2 must}`. Reads and writes them; knows no Markdown tokens."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from quizzes.problems import ParameterValue
from quizzes.questions import Attributes

ID: Final = re.compile(r"[a-z0-9-]{1,40}")
FLAGS: Final = ("must", "refresh", "before")
ALIASES: Final = {
    "punkte": "points",
    "mischen": "shuffle",
    "teilpunkte": "partial",
    "gross": "case",
    "zieh": "draw",
}
QUESTION_KEYS: Final = ("points", "shuffle", "partial", "case", "objective", "about")
POOL_KEYS: Final = ("draw",)

_TRAILING: Final = re.compile(r"(?:^|(?<=[^\\]))\{([^{}]*)\}[ \t]*$")
_UNREADABLE: Final = re.compile(r"(?:^|(?<=[^\\]))[{｛][ \t]*#|\{[^{}]*$")
_POINTS: Final = re.compile(r"\d{1,3}(?:[.,]\d{1,2})?")
_COUNT: Final = re.compile(r"[1-9]\d{0,3}")
_ANCHOR: Final = re.compile(r"#[^\s#{}]{1,80}")
_YES_NO: Final = {"yes": True, "no": False, "ja": True, "nein": False}


@dataclass(slots=True)
class AttributeFault:
    """A problem inside the braces; `at` is the offset of the offending word in the text between them."""

    code: str
    at: int
    parameters: Mapping[str, ParameterValue]


@dataclass(slots=True)
class ReadAttributes:
    """What stood in the braces; `draw` only for a pool."""

    attributes: Attributes
    draw: int | None = None
    faults: list[AttributeFault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SplitHeading:
    """A heading without its braces. `at` is the offset of the text between them, -1 without braces."""

    text: str
    braces: str = ""
    at: int = -1
    is_unreadable: bool = False


def split_heading(content: str) -> SplitHeading:
    """Cut the trailing `{…}` off the source of a heading.

    `is_unreadable` when something like an id stands in the heading without being readable braces at its end.
    """
    found = _TRAILING.search(content)
    if found is None:
        return SplitHeading(content.rstrip(), is_unreadable=_UNREADABLE.search(content) is not None)
    text = content[: found.start()].rstrip()
    return SplitHeading(text, found[1], found.start(1), is_unreadable=_UNREADABLE.search(text) is not None)


def read_attributes(braces: str, *, keys: tuple[str, ...] = QUESTION_KEYS) -> ReadAttributes:
    """Read the text between the braces. `keys` are the keys allowed here; flags only where questions are."""
    values: dict[str, object] = {}
    faults: list[AttributeFault] = []
    written: list[str] = []
    for word in re.finditer(r"\S+", braces):
        fault = _read_word(word[0], keys=keys, values=values, written=written)
        if fault is not None:
            code, parameters = fault
            faults.append(AttributeFault(code, word.start(), parameters))
    draw = values.pop("draw", None)
    assert draw is None or isinstance(draw, int)
    return ReadAttributes(Attributes(**values, written=tuple(written)), draw, faults)  # type: ignore[arg-type]  # the table below types them


_FIELD_OF: Final = {
    "points": "points",
    "shuffle": "is_shuffled",
    "partial": "is_partial",
    "case": "is_case_sensitive",
    "must": "is_must",
    "refresh": "is_refresher",
    "before": "is_before",
    "objective": "objective",
    "about": "about",
    "draw": "draw",
}


def _read_word(
    word: str, *, keys: tuple[str, ...], values: dict[str, object], written: list[str]
) -> tuple[str, dict[str, ParameterValue]] | None:
    """Put one word into `values`; return code and parameters of what is wrong with it."""
    if word.startswith("#"):
        if "id" in values:
            return "E208", {"text": word}
        values["id"] = word[1:]
        return None if ID.fullmatch(word[1:]) else ("E203", {"id": word[1:]})
    name, equals, value = word.partition("=")
    key = ALIASES.get(name, name)
    is_known = key in keys if equals else key in FLAGS and keys is QUESTION_KEYS
    if not is_known:
        return "E204", {"attribute": name if equals else word, "allowed": ", ".join(_allowed(keys))}
    if _FIELD_OF[key] in values:
        return "E208", {"text": word}
    if not equals:
        values[_FIELD_OF[key]] = True
        return None
    read = _read_value(key, value)
    if read is None:
        return "E205", {"attribute": name, "value": value}
    values[_FIELD_OF[key]] = read
    if name in ALIASES or value in {"ja", "nein"} or key == "points":
        written.append(word)
    return None


def _allowed(keys: tuple[str, ...]) -> tuple[str, ...]:
    return ("#id", *(f"{key}=" for key in keys), *(FLAGS if keys is QUESTION_KEYS else ()))


def _read_value(key: str, value: str) -> object | None:
    match key:
        case "points":
            points = Decimal(value.replace(",", ".")) if _POINTS.fullmatch(value) else Decimal(0)
            return points or None
        case "draw":
            return int(value) if _COUNT.fullmatch(value) else None
        case "objective":
            return value if ID.fullmatch(value) else None
        case "about":
            return value[1:] if _ANCHOR.fullmatch(value) else None
        case _:
            return _YES_NO.get(value)


def write_attributes(attributes: Attributes) -> str:
    """The braces with everything in its canonical order, or nothing. Words with a German alias stay as written."""
    words = [f"#{attributes.id}"] if attributes.id else []
    spelling = _kept_spelling(attributes.written, QUESTION_KEYS)
    flags = {
        "must": attributes.is_must,
        "refresh": attributes.is_refresher,
        "before": attributes.is_before,
    }
    words += [name for name, is_set in flags.items() if is_set]
    values: dict[str, tuple[object | None, str]] = {
        "points": (attributes.points, f"points={attributes.points}"),
        "shuffle": (attributes.is_shuffled, f"shuffle={_yes_no(attributes.is_shuffled)}"),
        "partial": (attributes.is_partial, f"partial={_yes_no(attributes.is_partial)}"),
        "case": (attributes.is_case_sensitive, f"case={_yes_no(attributes.is_case_sensitive)}"),
        "objective": (attributes.objective or None, f"objective={attributes.objective}"),
        "about": (attributes.about or None, f"about=#{attributes.about}"),
    }
    for key, (value, plain) in values.items():
        if value is not None:
            kept = spelling.get(key)
            words.append(kept[1] if kept is not None and kept[0] == value else plain)
    return "{" + " ".join(words) + "}" if words else ""


def write_pool_attributes(identifier: str, draw: int | None, *, written: tuple[str, ...] = ()) -> str:
    """The braces of a pool's heading, or nothing."""
    words = [f"#{identifier}"] if identifier else []
    if draw is not None:
        kept = _kept_spelling(written, POOL_KEYS).get("draw")
        words.append(kept[1] if kept is not None and kept[0] == draw else f"draw={draw}")
    return "{" + " ".join(words) + "}" if words else ""


def _kept_spelling(written: tuple[str, ...], keys: tuple[str, ...]) -> dict[str, tuple[object, str]]:
    """For each key the author's own word and the value that it still stands for."""
    kept: dict[str, tuple[object, str]] = {}
    for word in written:
        name, _, value = word.partition("=")
        key = ALIASES.get(name, name)
        read = _read_value(key, value) if key in keys else None
        if read is not None:
            kept[key] = (read, word)
    return kept


def _yes_no(value: bool | None) -> str:  # noqa: FBT001
    return "yes" if value else "no"

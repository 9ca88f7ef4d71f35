"""Typed reading of front matter: each key is asked for once, with what it must be; what nobody asked for is unknown.

A problem stands at its key's line. Values are read from the text as written, so `title: 2026` is a text, not a number.
"""

import datetime
import difflib
import re
from collections.abc import Collection, Iterable
from enum import StrEnum
from typing import TypeVar, assert_never

from courses.reading.frontmatter import Mapping, Node, Scalar, Sequence
from quizzes.problems import ParameterValue, Problem

Choice = TypeVar("Choice", bound=StrEnum)

TRUE_WORDS = frozenset({"true", "True", "TRUE"})
FALSE_WORDS = frozenset({"false", "False", "FALSE"})
DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
WHOLE_NUMBER = re.compile(r"-?\d{1,6}\Z", re.ASCII)
MINUTES = re.compile(r"(\d{1,4}) ?(?:min\.?|minutes?|Minuten?)?\Z", re.ASCII)
MONTHS = re.compile(r"(\d{1,3}) ?(?:(months?|Monate?)|(years?|Jahre?))\Z", re.ASCII)
SHOWN_LENGTH = 60


def alternatives(word: str, known: Collection[str]) -> str:
    """The known words that look like `word`, else all of them, for "did you mean"."""
    return ", ".join(difflib.get_close_matches(word.lower(), known, n=2, cutoff=0.6) or sorted(known))


class Fields:
    """Reads the keys of one mapping. Problems gather in `problems`; `unknown` names the keys that stayed unasked."""

    def __init__(self, mapping: Mapping, *, inside: str = "") -> None:
        """`inside` is the key that holds this mapping, put before the names in messages."""
        self._mapping = mapping
        self._prefix = f"{inside}." if inside else ""
        self._asked: set[str] = set()
        self.problems: list[Problem] = []

    def __contains__(self, key: object) -> bool:
        """Whether the author wrote the key, with a value or without."""
        return key in self._mapping.entries

    def line(self, key: str) -> int:
        """The line of the key; the mapping's own when it is not there."""
        return self._mapping.keys[key].line if key in self._mapping.keys else self._mapping.line

    def column(self, key: str) -> int:
        """The column of the key."""
        return self._mapping.keys[key].column if key in self._mapping.keys else 1

    def report(self, code: str, key: str, **parameters: ParameterValue) -> None:
        """Adds a problem at the key."""
        self.problems.append(
            Problem(code, self.line(key), self.column(key), {"field": self._prefix + key, **parameters})
        )

    def reject(self, key: str, expected: str, **parameters: ParameterValue) -> None:
        """E004: the value is not what the key takes; `expected` is a word of the wording's table of that name."""
        self.report("E004", key, value=shown(self._mapping.entries[key]), expected=expected, **parameters)

    def node(self, key: str) -> Node | None:
        """The value as a node; None when the key is missing or has no value."""
        self._asked.add(key)
        node = self._mapping.entries.get(key)
        return None if isinstance(node, Scalar) and node.is_empty else node

    def require(self, *keys: str) -> None:
        """E003 for each of the keys that is missing or has no value."""
        for key in keys:
            if self.node(key) is None:
                self.report("E003", key)

    def scalar(self, key: str, expected: str) -> str | None:
        """The value as one text, spaces at its ends removed; None when missing or no single value."""
        node = self.node(key)
        if node is None:
            return None
        if not isinstance(node, Scalar):
            self.reject(key, expected)
            return None
        return node.text.strip()

    def text(self, key: str, *, limit: int = 300) -> str:
        """A text of one line and at most `limit` characters; empty when missing or wrong."""
        value = self.scalar(key, "text")
        if value is None:
            return ""
        if len(value) > limit:
            self.reject(key, "short_text", limit=limit)
        return " ".join(value.split())

    def name(self, key: str, pattern: re.Pattern[str], expected: str) -> str:
        """A text that `pattern` matches as a whole; empty when missing or wrong."""
        value = self.scalar(key, expected)
        if value is None:
            return ""
        if not pattern.fullmatch(value):
            self.reject(key, expected)
            return ""
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; a single text is a list of one."""
        node = self.node(key)
        match node:
            case None:
                return ()
            case Scalar():
                return (node.text.strip(),)
            case Sequence() if all(isinstance(item, Scalar) and not item.is_empty for item in node.items):
                return tuple(" ".join(item.text.split()) for item in node.items if isinstance(item, Scalar))
        self.reject(key, "list")
        return ()

    def number(self, key: str, *, low: int, high: int, default: int, code: str = "E004") -> int:
        """A whole number from `low` to `high`; `code` is reported when a number lies outside."""
        value = self.scalar(key, "number")
        if value is None:
            return default
        if not WHOLE_NUMBER.match(value):
            self.reject(key, "number", low=low, high=high)
            return default
        if low <= int(value) <= high:
            return int(value)
        self.report(code, key, value=value, expected="number", low=low, high=high)
        return default

    def flag(self, key: str) -> bool:
        """`true` or `false`; false when missing or wrong."""
        value = self.scalar(key, "flag")
        if value is not None and value not in TRUE_WORDS | FALSE_WORDS:
            self.reject(key, "flag")
        return value in TRUE_WORDS

    def date(self, key: str) -> datetime.date | None:
        """A day as `2026-03-01`; None when missing or wrong."""
        value = self.scalar(key, "date")
        if value is None:
            return None
        try:
            if DATE.match(value):
                return datetime.date.fromisoformat(value)
        except ValueError:
            pass  # A day that no calendar has is refused like any other text.
        self.reject(key, "date")
        return None

    def choice(self, key: str, choices: type[Choice], default: Choice | None) -> Choice | None:
        """One word of a closed set; `default` when missing or wrong."""
        value = self.scalar(key, "choice")
        if value is None:
            return default
        words = [choice.value for choice in choices]
        if value in words:
            return choices(value)
        self.reject(key, "choice", choices=", ".join(words))
        return default

    def minutes(self, key: str) -> int:
        """A length of time as `20 min`, in minutes; 0 when missing or wrong."""
        value = self.scalar(key, "minutes")
        found = MINUTES.match(value) if value is not None else None
        if found and 1 <= int(found[1]) <= 600:
            return int(found[1])
        if value is not None:
            self.reject(key, "minutes")
        return 0

    def months(self, key: str) -> str:
        """A period as `12 months`, in months; empty when missing or wrong."""
        value = self.scalar(key, "months")
        found = MONTHS.match(value) if value is not None else None
        count = int(found[1]) * (12 if found[3] else 1) if found else 0
        if 1 <= count <= 600:
            return f"{count} months"
        if value is not None:
            self.reject(key, "months")
        return ""

    def inner(self, key: str, expected: str) -> "Fields | None":
        """The fields of a mapping inside; its problems have to be fetched from it."""
        node = self.node(key)
        if isinstance(node, Mapping):
            return Fields(node, inside=key)
        if node is not None:
            self.reject(key, expected)
        return None

    def written(self, key: str) -> object:
        """The value as plain values (texts, lists, dictionaries), without asking for it; None when there is none."""
        return plain(self._mapping.entries[key]) if key in self._mapping.entries else None

    def names(self) -> tuple[str, ...]:
        """All keys that the author wrote, in their order."""
        return tuple(self._mapping.entries)

    def report_unknown(self, *, also_known: Iterable[str] = ()) -> None:
        """W005 for each key that was never asked for, with the known key that looks most like it."""
        known = self._asked | set(also_known)
        for key in self._mapping.entries:
            if key not in known:
                self.report("W005", key, suggestion=alternatives(key, known))


def plain(node: Node) -> object:
    """The node as plain values: texts, lists, dictionaries; None for nothing."""
    match node:
        case Scalar():
            return None if node.is_empty else node.text
        case Sequence():
            return [plain(item) for item in node.items]
        case Mapping():
            return {key: plain(value) for key, value in node.entries.items()}
        case _ as never:
            assert_never(never)


def shown(node: Node) -> str:
    """The value as an author recognises it, cut to a length that fits a message."""
    match node:
        case Scalar():
            text = node.text
        case Sequence():
            text = f"[{', '.join(shown(item) for item in node.items)}]"
        case Mapping():
            text = f"{{{', '.join(f'{key}: {shown(value)}' for key, value in node.entries.items())}}}"
        case _ as never:
            assert_never(never)
    return text if len(text) <= SHOWN_LENGTH else f"{text[: SHOWN_LENGTH - 1]}…"

"""Front matter: cutting it off a text and reading its YAML into nodes that know their lines.

Anchors, aliases and tags are refused while the text is still a stream of events, so that no bomb is ever built.
What the keys mean is none of this module's business (`courses.reading.fields`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from quizzes.problems import Problem

SIZE_LIMIT = 64 * 1024
# `expert_release: {by: …}` is the second level, the register of skills has four.
DEPTH_LIMIT = 8
FENCE = re.compile(r"---[ \t]*\Z")
CLOSING_FENCE = re.compile(r"(?:---|\.\.\.)[ \t]*\Z")


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value as written; `is_plain` when it stood without quotes."""

    text: str
    is_plain: bool
    line: int
    column: int

    @property
    def is_empty(self) -> bool:
        """Nothing was written, or one of YAML's words for nothing."""
        return self.is_plain and self.text in ("", "~", "null", "Null", "NULL")


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of values."""

    items: tuple["Node", ...]
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys with values, in the order of the text; of a key written twice only the first."""

    entries: dict[str, "Node"]
    keys: dict[str, Scalar]
    line: int
    column: int


Node: TypeAlias = Scalar | Sequence | Mapping


@dataclass(frozen=True, slots=True)
class CutText:
    """A text without its front matter: `yaml` begins in line `yaml_line`, the body in line `body_line` (from 1).

    `yaml` is None when the text has no front matter.
    """

    yaml: str | None
    body: str
    yaml_line: int
    body_line: int
    problems: tuple[Problem, ...] = ()


class Refused(Exception):
    """The YAML cannot or must not be read; carries the problem."""

    def __init__(self, problem: Problem) -> None:
        """`problem` stands at the line of the file."""
        super().__init__(problem.code)
        self.problem = problem


def cut_front_matter(text: str) -> CutText:
    """Cuts off what stands between a first line `---` and the next line `---`. `text` has Unix line ends."""
    first, _, rest = text.partition("\n")
    if not FENCE.match(first):
        return CutText(None, text, 1, 1)
    lines = rest.split("\n")
    end = next((position for position, line in enumerate(lines) if CLOSING_FENCE.match(line)), None)
    if end is None:
        return CutText(None, text, 1, 1, (Problem("E008", 1),))
    yaml = "\n".join(lines[:end])
    return CutText(yaml, "\n".join(lines[end + 1 :]), 2, end + 3)


def read_yaml(text: str, *, first_line: int = 1, limit: int = SIZE_LIMIT) -> tuple[Mapping | None, list[Problem]]:
    """The mapping that `text` holds, or None with the reason. Empty text is an empty mapping."""
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > limit:
        return None, [Problem("E006", first_line, parameters={"kilobytes": size // 1024, "limit": limit // 1024})]
    reader = _NodeReader(text, first_line=first_line)
    try:
        node = reader.document()
    except Refused as refusal:
        return None, [*reader.problems, refusal.problem]
    except MarkedYAMLError as error:
        return None, [*reader.problems, _yaml_problem(error, first_line)]
    except YAMLError as error:
        # A character that YAML does not allow; the reader knows only its position in the text.
        line = first_line + text.count("\n", 0, getattr(error, "position", 0) or 0)
        return None, [*reader.problems, Problem("E002", line, parameters={"detail": "control character"})]
    if node is None or (isinstance(node, Scalar) and node.is_empty):
        return Mapping({}, {}, first_line, 1), reader.problems
    if not isinstance(node, Mapping):
        return None, [*reader.problems, Problem("E002", node.line, parameters={"detail": "expected key: value"})]
    return node, reader.problems


def _yaml_problem(error: MarkedYAMLError, first_line: int) -> Problem:
    mark = error.problem_mark or error.context_mark
    # The parser always says where; only its types do not.
    line, column = (mark.line, mark.column) if mark is not None else (0, 0)
    detail = str(error.problem or error.context or "").replace("\n", " ")
    return Problem("E002", first_line + line, column + 1, {"detail": detail})


class _NodeReader:
    """Builds nodes from the parser's events, one by one, and stops at the first that is not allowed."""

    def __init__(self, text: str, *, first_line: int) -> None:
        self.problems: list[Problem] = []
        self._first_line = first_line
        self._depth = 0
        self._events: Iterator[Event] = iter(YAML(typ="safe", pure=True).parse(text))

    def document(self) -> Node | None:
        """The one document of the text; None when it is empty."""
        node: Node | None = None
        documents = 0
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1 or event.version or event.tags:
                    raise Refused(self._problem("E002", event, detail="more than one document"))
            elif isinstance(event, NodeEvent):
                node = self._node(event)
        return node

    def _problem(self, code: str, event: Event, **parameters: str) -> Problem:
        mark = event.start_mark
        return Problem(code, self._first_line + mark.line, mark.column + 1, parameters)

    def _node(self, event: Event) -> Node:
        if isinstance(event, AliasEvent):
            raise Refused(self._problem("E007", event, sign=f"*{event.anchor}"))
        if anchor := getattr(event, "anchor", None):
            raise Refused(self._problem("E007", event, sign=f"&{anchor}"))
        if tag := getattr(event, "tag", None):
            raise Refused(self._problem("E007", event, sign=str(tag)))
        line, column = self._first_line + event.start_mark.line, event.start_mark.column + 1
        if isinstance(event, ScalarEvent):
            return Scalar(event.value, event.style is None, line, column)
        self._depth += 1
        if self._depth > DEPTH_LIMIT:
            raise Refused(self._problem("E011", event))
        node = self._sequence(line, column) if isinstance(event, SequenceStartEvent) else self._mapping(line, column)
        self._depth -= 1
        return node

    def _sequence(self, line: int, column: int) -> Sequence:
        items = []
        while not isinstance(event := next(self._events), SequenceEndEvent):
            items.append(self._node(event))
        return Sequence(tuple(items), line, column)

    def _mapping(self, line: int, column: int) -> Mapping:
        entries: dict[str, Node] = {}
        keys: dict[str, Scalar] = {}
        while not isinstance(event := next(self._events), MappingEndEvent):
            key = self._node(event)
            value = self._node(next(self._events))
            if not isinstance(key, Scalar):
                self.problems.append(Problem("E002", key.line, key.column, {"detail": "a list as key"}))
            elif key.text in entries:
                first = keys[key.text].line
                self.problems.append(Problem("E009", key.line, key.column, {"field": key.text, "first_line": first}))
            else:
                entries[key.text] = value
                keys[key.text] = key
        return Mapping(entries, keys, line, column)

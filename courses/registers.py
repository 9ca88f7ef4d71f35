"""The registers beside the courses: skills, dated facts, keys of local entries; each one YAML file of the library."""

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from courses.course import Area, Fact
from courses.document import TEXT_LIMIT, decoded, too_large
from courses.fields import Fields
from courses.frontmatter import read_yaml
from courses.metadata import MODULE_ID
from quizzes.problems import Problem

SKILLS_FILE = "skills.yaml"
FACTS_FILE = "facts.yaml"
LOCAL_FILE = "local.yaml"
REGISTER_FILES = (SKILLS_FILE, FACTS_FILE, LOCAL_FILE)

Entry = TypeVar("Entry")


@dataclass(frozen=True, slots=True)
class Skill:
    """One skill of the framework; `names` by language, `code` as in the curriculum (PR-A)."""

    key: str
    area: Area | None
    code: str
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class LocalLabel:
    """What a local entry is called where nobody has filled it in yet; `names` by language."""

    key: str
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Registers:
    """The registers of a library; empty where a file is missing."""

    skills: Mapping[str, Skill]
    facts: Mapping[str, Fact]
    local_entries: Mapping[str, LocalLabel]
    problems: tuple[Problem, ...]


def read_registers(folder: Path) -> Registers:
    """The registers that lie in `folder`. Problems carry the file's name."""
    problems: list[Problem] = []
    skills = dict(_entries(folder / SKILLS_FILE, _skill, problems, inside="skills"))
    facts = dict(_entries(folder / FACTS_FILE, _fact, problems))
    local_entries = dict(_entries(folder / LOCAL_FILE, _local_label, problems))
    return Registers(skills, facts, local_entries, tuple(problems))


def _entries(
    place: Path, read: Callable[[str, Fields], Entry], problems: list[Problem], *, inside: str = ""
) -> Iterator[tuple[str, Entry]]:
    """The entries of one register by their keys; those without a fault only."""
    top, found = _top_fields(place)
    fields = top.inner(inside, "register") if top is not None and inside else top
    if fields is not None:
        for key in fields.names():
            entry = _entry(key, fields, read)
            if entry is not None:
                yield key, entry
        found += fields.problems
    if top is not None and top is not fields:
        found += top.problems
    problems += [problem.moved(path=place.name) for problem in found]


def _entry(key: str, fields: Fields, read: Callable[[str, Fields], Entry]) -> Entry | None:
    if not MODULE_ID.fullmatch(key):
        fields.reject(key, "id")
        return None
    inner = fields.inner(key, "register")
    if inner is None:
        return None
    entry = read(key, inner)
    inner.report_unknown()
    fields.problems += inner.problems
    return None if any(problem.code != "W005" for problem in inner.problems) else entry


def _top_fields(place: Path) -> tuple[Fields | None, list[Problem]]:
    """The fields of a YAML file; None when it is missing or unreadable."""
    if not place.is_file() or place.is_symlink():
        return None, []
    try:
        size = place.stat().st_size
        data = place.read_bytes() if size <= TEXT_LIMIT else b""
    except OSError:
        return None, [Problem("E126", 1, parameters={"name": place.name})]
    if size > TEXT_LIMIT:
        return None, [too_large(size)]
    text, problems = decoded(data)
    if text is None:
        return None, problems
    mapping, yaml_problems = read_yaml(text, limit=TEXT_LIMIT)
    return (None if mapping is None else Fields(mapping)), [*problems, *yaml_problems]


def _names(fields: Fields) -> dict[str, str]:
    fields.require("de")
    return {language: fields.text(language) for language in ("de", "en") if language in fields}


def _skill(key: str, fields: Fields) -> Skill:
    return Skill(key=key, area=fields.choice("area", Area, None), code=fields.text("code"), names=_names(fields))


def _local_label(key: str, fields: Fields) -> LocalLabel:
    return LocalLabel(key=key, names=_names(fields))


def _fact(key: str, fields: Fields) -> Fact:
    fields.require("text", "source", "as_of")
    return Fact(
        key=key,
        text=fields.text("text", limit=500),
        source=fields.text("source"),
        as_of=fields.date("as_of") or datetime.date.min,
        review_by=fields.date("review_by"),
        owner=fields.text("owner"),
    )

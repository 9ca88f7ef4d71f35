"""The registers beside the courses: skills, dated facts, keys of local entries; each one YAML file of the library."""

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from courses.course import Area, Fact, Term
from courses.markdown.terms import read_terms
from courses.reading.document import TEXT_LIMIT, decoded, read_document, too_large
from courses.reading.fields import Fields
from courses.reading.frontmatter import read_yaml
from courses.reading.metadata import MODULE_ID
from quizzes.problems import Problem

SKILLS_FILE = "skills.yaml"
FACTS_FILE = "facts.yaml"
GLOSSARY_FILE = "glossary.md"
LOCAL_FILE = "local.yaml"
LANGUAGES = ("de", "en")
SOURCE_LANGUAGE = "de"
FACT_LIMIT = 500
REGISTER_FILES = (SKILLS_FILE, FACTS_FILE, LOCAL_FILE, GLOSSARY_FILE)

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
    terms: tuple[Term, ...]
    problems: tuple[Problem, ...]


def read_registers(folder: Path) -> Registers:
    """The registers that lie in `folder`. Problems carry the file's name."""
    problems: list[Problem] = []
    skills = dict(_entries(folder / SKILLS_FILE, _skill, problems, inside="skills"))
    facts = dict(_entries(folder / FACTS_FILE, _fact, problems))
    local_entries = dict(_entries(folder / LOCAL_FILE, _local_label, problems))
    terms = _shared_terms(folder / GLOSSARY_FILE, problems)
    return Registers(skills, facts, local_entries, terms, tuple(problems))


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
    data, problems = _bytes_of(place)
    if data is None:
        return None, problems
    text, problems = decoded(data)
    if text is None:
        return None, problems
    mapping, yaml_problems = read_yaml(text, limit=TEXT_LIMIT)
    return (None if mapping is None else Fields(mapping)), [*problems, *yaml_problems]


def _bytes_of(place: Path) -> tuple[bytes | None, list[Problem]]:
    """What stands in a register; None when there is none or it cannot be read."""
    if not place.is_file() or place.is_symlink():
        return None, []
    try:
        size = place.stat().st_size
        return (place.read_bytes(), []) if size <= TEXT_LIMIT else (None, [too_large(size)])
    except OSError:
        return None, [Problem("E126", 1, parameters={"name": place.name})]


def _shared_terms(place: Path, problems: list[Problem]) -> tuple[Term, ...]:
    """The glossary of the whole library; it explains terms in courses of its language, which is German."""
    data, found = _bytes_of(place)
    read = None if data is None else read_document(place.name, data, language=SOURCE_LANGUAGE)
    problems += [problem.moved(path=place.name) for problem in (*found, *(read.problems if read else ()))]
    return read_terms(read.document.tokens) if read and read.document else ()


def _names(fields: Fields) -> dict[str, str]:
    fields.require(SOURCE_LANGUAGE)
    return {language: fields.text(language) for language in LANGUAGES if language in fields}


def _skill(key: str, fields: Fields) -> Skill:
    return Skill(key=key, area=fields.choice("area", Area, None), code=fields.text("code"), names=_names(fields))


def _local_label(key: str, fields: Fields) -> LocalLabel:
    return LocalLabel(key=key, names=_names(fields))


def _texts_by_language(fields: Fields) -> dict[str, str]:
    """The text of a fact: one text in German, or one for each language."""
    if not isinstance(fields.written("text"), Mapping):
        return {SOURCE_LANGUAGE: fields.text("text", limit=FACT_LIMIT)}
    inner = fields.inner("text", "register")
    assert inner is not None
    inner.require(SOURCE_LANGUAGE)
    texts = {language: inner.text(language, limit=FACT_LIMIT) for language in LANGUAGES if language in inner}
    inner.report_unknown()
    fields.problems += inner.problems
    return texts


def _fact(key: str, fields: Fields) -> Fact:
    fields.require("text", "source", "as_of")
    return Fact(
        key=key,
        texts=_texts_by_language(fields),
        source=fields.text("source"),
        as_of=fields.date("as_of") or datetime.date.min,
        review_by=fields.date("review_by"),
        owner=fields.text("owner"),
    )

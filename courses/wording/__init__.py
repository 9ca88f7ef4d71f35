"""The words for problems, in each interface language: what is, and what to do next.

Codes and parameters come from the packages that find problems; this module only finds their words. The texts themselves
stand in `de.toml` and `en.toml`, one table a code.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from quizzes.problems import Problem, Severity

LANGUAGES = ("de", "en")

_PARAMETER = re.compile(r"\{([a-z_]+)\}")
_DECIMAL = re.compile(r"-?\d+\.\d+")


@dataclass(frozen=True, slots=True)
class Wording:
    """A problem in words: a short `title`, what is (`text`) and what to do next (`todo`)."""

    title: str
    text: str
    todo: str

    @property
    def message(self) -> str:
        """Text and advice in one line."""
        return f"{self.text} {self.todo}".strip()


def word(problem: Problem, language: str = "de") -> Wording:
    """The words for `problem`; languages without a catalogue get English. A value that is missing shows as "…"."""
    catalogue = _catalogue(language)
    entry = catalogue.entries.get(problem.code)
    if entry is None:
        return Wording(problem.code, problem.code, "")
    return Wording(*(_filled(text, problem, catalogue) for text in (entry.title, entry.text, entry.todo)))


def word_for(severity: Severity, language: str = "de") -> str:
    """The word for a severity, as a person would say it."""
    return _catalogue(language).severities[severity]


def titles(language: str = "de") -> Mapping[str, str]:
    """The title of every code, in the order of the codes."""
    return {code: entry.title for code, entry in _catalogue(language).entries.items()}


def parameters_of(code: str, language: str = "de") -> frozenset[str]:
    """The names of the values that the wording of a code needs."""
    entry = _catalogue(language).entries[code]
    return frozenset(_PARAMETER.findall(f"{entry.title} {entry.text} {entry.todo}"))


@dataclass(frozen=True, slots=True)
class _Catalogue:
    """The texts of one language. `words` translates values that are keys themselves, by parameter or code.parameter."""

    language: str
    entries: Mapping[str, Wording]
    words: Mapping[str, Mapping[str, str]]
    severities: Mapping[Severity, str]


@cache
def _load(language: str) -> _Catalogue:
    content = tomllib.loads(files("courses.wording").joinpath(f"{language}.toml").read_text(encoding="utf-8"))
    words = dict(_flat(content.pop("words")))
    severities = {Severity(name): text for name, text in content.pop("severity").items()}
    entries = {code: Wording(**content[code]) for code in content}
    return _Catalogue(language, entries, words, severities)


def _flat(tables: Mapping[str, Mapping[str, object]]) -> Iterator[tuple[str, dict[str, str]]]:
    """`[words.reason]` as "reason", `[words.E309.reason]` as "E309.reason"."""
    for name, table in tables.items():
        yield name, {key: text for key, text in table.items() if isinstance(text, str)}
        for inner, texts in table.items():
            if isinstance(texts, dict):
                yield f"{name}.{inner}", texts


def _catalogue(language: str) -> _Catalogue:
    primary = language.partition("-")[0].lower()
    return _load(primary if primary in LANGUAGES else "en")


def _filled(text: str, problem: Problem, catalogue: _Catalogue) -> str:
    def value(match: re.Match[str]) -> str:
        name = match[1]
        if name not in problem.parameters:
            return "…"
        shown = str(problem.parameters[name])
        words = {**catalogue.words.get(name, {}), **catalogue.words.get(f"{problem.code}.{name}", {})}
        if shown in words:
            # Such words may hold other values: "eine Zahl von {low} bis {high}".
            others = {key: problem.parameters[key] for key in problem.parameters if key != name}
            return _filled(words[shown], replace(problem, parameters=others), catalogue)
        if catalogue.language == "de" and _DECIMAL.fullmatch(shown):
            return shown.replace(".", ",")
        return shown

    return " ".join(_PARAMETER.sub(value, text).split())

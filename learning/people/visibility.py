"""The visibility matrix and the data catalogue as values: for the page that explains them, and for the tests that hold
the program to them. Both are read once from the files beside the code.
"""

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files

from learning.people.roles import Role


class Sight(StrEnum):
    """How much of a datum of other people a role sees; `visibility.toml` explains the words."""

    FULL = "full"
    TEAM = "team"
    UNITS = "units"
    TOTAL = "total"
    OWN = "own"
    ASKED = "asked"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Said:
    """A text in the languages of the interface; empty in both where there is nothing to say."""

    de: str
    en: str

    def in_language(self, language: str) -> str:
        """The text for who reads this language, German for any other than English."""
        return self.en if language == "en" else self.de


@dataclass(frozen=True, slots=True)
class Datum:
    """A row of the matrix. `by_self` is what the person sees of their own data."""

    code: str
    name: Said
    note: Said
    by_self: Sight
    by_role: Mapping[Role, Sight]


@dataclass(frozen=True, slots=True)
class StoredData:
    """Columns of a table that serve one purpose."""

    table: str
    columns: tuple[str, ...]
    datum: str
    purpose: Said
    basis: str
    retention: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All personal columns. In `content` tables only the columns that name a person are personal."""

    content: frozenset[str]
    data: tuple[StoredData, ...]


@functools.cache
def matrix() -> Mapping[str, Datum]:
    """All rows by code, in their order."""
    text = files("learning.people").joinpath("visibility.toml").read_text(encoding="utf-8")
    return {code: _datum(code, row) for code, row in tomllib.loads(text).items()}


def _datum(code: str, row: Mapping[str, str]) -> Datum:
    roles: dict[Role, Sight] = {role: Sight(row[role.value]) for role in Role if role is not Role.EMPLOYEE}
    return Datum(code, _said(row, "name"), _said(row, "note"), Sight(row["self"]), roles)


def _said(row: Mapping[str, str], name: str) -> Said:
    return Said(row.get(name, ""), row.get(f"{name}_en", ""))


@functools.cache
def catalogue() -> Catalogue:
    """The data catalogue."""
    read = tomllib.loads(files("learning").joinpath("data_catalogue.toml").read_text(encoding="utf-8"))
    data = tuple(
        StoredData(
            row["table"], tuple(row["columns"]), row["datum"], _said(row, "purpose"), row["basis"], row["retention"]
        )
        for row in read["data"]
    )
    return Catalogue(frozenset(read["content"]), data)

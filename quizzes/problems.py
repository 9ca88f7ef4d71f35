"""One thing that an author has to know about a text: a stable code, a place, and the values its wording needs.

The wording itself lives with the courses (`courses/wording`), so that this package speaks no language.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeAlias

ParameterValue: TypeAlias = str | int


class Severity(StrEnum):
    """How much a problem matters: an error keeps a course from being published, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """`line` and `column` count from 1 in the file `path` (empty while only one text is being read)."""

    code: str
    line: int
    column: int = 1
    parameters: Mapping[str, ParameterValue] = field(default_factory=dict, hash=False)
    path: str = ""

    @property
    def severity(self) -> Severity:
        """Codes that begin with E are errors, those with W warnings."""
        return Severity.ERROR if self.code.startswith("E") else Severity.WARNING

    @property
    def place(self) -> tuple[str, int, int, str]:
        """Sort key: file, line, column, code."""
        return (self.path, self.line, self.column, self.code)

    def moved(self, *, lines: int = 0, path: str | None = None) -> "Problem":
        """The same problem seen from a larger text: `lines` further down, in the file `path`."""
        return replace(self, line=self.line + lines, path=self.path if path is None else path)

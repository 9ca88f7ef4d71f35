"""What the checker found, as pages show it: in words, by file, beside the stretch of text that it is about."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from courses.wording import word
from learning.language import current_language, ngettext
from learning.study.lessons.pages import Run
from learning.web.rendering import with_code
from quizzes.problems import Problem, Severity

CONTEXT = 120


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem in words. `line_text` is the line of the file, shortened; empty where the file could not be read."""

    code: str
    is_error: bool
    path: str
    line: int
    column: int
    title: str
    text: Markup
    todo: Markup
    line_text: str = ""

    @property
    def place(self) -> str:
        """File, line and column, as editors write them."""
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many errors and warnings there are."""

    errors: int
    warnings: int

    @property
    def errors_text(self) -> str:
        """The errors as words."""
        return ngettext("%(num)d Fehler", "%(num)d Fehler", self.errors)

    @property
    def warnings_text(self) -> str:
        """The warnings as words."""
        return ngettext("%(num)d Hinweis", "%(num)d Hinweise", self.warnings)


@dataclass(frozen=True, slots=True)
class FileFindings:
    """The findings of one file in the order of its lines."""

    path: str
    counts: Counts
    findings: tuple[Finding, ...]


def finding(problem: Problem, *, text: str = "") -> Finding:
    """A problem in words; `text` is the file that it is about."""
    wording = word(problem, current_language())
    lines = text.split("\n")
    line_text = lines[problem.line - 1].strip() if text and problem.line <= len(lines) else ""
    return Finding(
        code=problem.code,
        is_error=problem.severity is Severity.ERROR,
        path=problem.path,
        line=problem.line,
        column=problem.column,
        title=wording.title,
        text=with_code(wording.text),
        todo=with_code(wording.todo),
        line_text=line_text if len(line_text) <= CONTEXT else f"{line_text[:CONTEXT]} …",
    )


def counts_of(problems: Iterable[Problem]) -> Counts:
    """Errors and warnings among the problems."""
    severities = [problem.severity for problem in problems]
    return Counts(severities.count(Severity.ERROR), severities.count(Severity.WARNING))


def by_file(problems: Sequence[Problem], texts: dict[str, str]) -> Iterator[FileFindings]:
    """All findings, one group a file."""
    for path in sorted({problem.path for problem in problems}):
        own = sorted((problem for problem in problems if problem.path == path), key=lambda problem: problem.place)
        found = tuple(finding(problem, text=texts.get(path, "")) for problem in own)
        yield FileFindings(path, counts_of(own), found)


def findings_of_files(problems: Sequence[Problem], texts: dict[str, str]) -> FileFindings:
    """The findings of several files, or of one, as one list."""
    ordered = sorted(problems, key=lambda problem: problem.place)
    found = tuple(finding(problem, text=texts.get(problem.path, "")) for problem in ordered)
    return FileFindings(", ".join(texts), counts_of(problems), found)


def beside_runs(
    problems: Iterable[Problem], runs: Sequence[Run], *, body_line: int, text: str
) -> dict[int, FileFindings]:
    """For each run the findings in its lines. Those of the front matter belong to none."""
    beside: dict[int, list[Problem]] = {}
    for problem in problems:
        if problem.line >= body_line and runs:
            started = [run for run in runs if run.first_line <= problem.line]
            beside.setdefault((started[-1] if started else runs[0]).index, []).append(problem)
    return {index: findings_of_files(own, {own[0].path: text}) for index, own in beside.items()}

"""The commands `impuls check` and `impuls fmt`: what they print and how they end. The work is done in `checking`."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from courses.wording import LANGUAGES, word
from learning import clock
from quizzes.problems import Problem, Severity

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow"}
PLACE = click.Path(exists=True, path_type=Path)
_SUMMARY = {
    "de": ("{errors}, {warnings} in {courses}.", ("Fehler", "Fehler"), ("Hinweis", "Hinweise"), ("Kurs", "Kursen")),
    "en": ("{errors}, {warnings} in {courses}.", ("error", "errors"), ("notice", "notices"), ("course", "courses")),
}
NO_COURSE = {
    "de": "Hier ist kein Kurs. Nennen Sie einen Ordner mit course.md oder einen Ordner, der Kursordner enthält.",
    "en": "There is no course here. Name a folder with course.md, or a folder that holds course folders.",
}


@click.command()
@click.argument("place", metavar="DIR", type=PLACE)
@click.option("--json", "as_json", is_flag=True, help="Die Funde als JSON ausgeben.")
@click.option("--language", type=click.Choice(LANGUAGES), default="de", help="Sprache der Meldungen (de oder en).")
def check(place: Path, as_json: bool, language: str) -> None:  # noqa: FBT001 - click hands options over like this.
    """Prüft einen Kurs oder einen Ordner mit Kursen; Status 1, wenn etwas falsch ist."""
    # Only this command needs the parsers; the others start without them.
    from learning.library.checking import check_place

    findings = check_place(place, today=clock.today())
    if findings is None:
        raise click.BadParameter(NO_COURSE[language], param_hint="DIR")
    if as_json:
        click.echo(json.dumps(list(_records(place, findings.problems, language)), ensure_ascii=False, indent=2))
    else:
        for problem in findings.problems:
            print_text(problem_line(place, problem, language))
        errors, warnings = findings.count(Severity.ERROR), findings.count(Severity.WARNING)
        print_text(_summary(errors=errors, warnings=warnings, courses=findings.courses, language=language))
    sys.exit(1 if findings.count(Severity.ERROR) else 0)


@click.command()
@click.argument("place", metavar="DIR", type=PLACE)
@click.option("--check", "is_dry", is_flag=True, help="Nichts schreiben; Status 1, wenn sich etwas ändern würde.")
def fmt(place: Path, is_dry: bool) -> None:  # noqa: FBT001 - click hands options over like this.
    """Ergänzt fehlende Kennungen und bringt Fragen in ihre feste Form; der übrige Text bleibt, wie er ist."""
    # Only this command needs the parsers; the others start without them.
    from learning.library.checking import format_place, write_safely

    results = format_place(place)
    if not results:
        raise click.BadParameter(NO_COURSE["de"], param_hint="DIR")
    changed = 0
    for result in results:
        if result.is_refused:
            print_text(f"{result.folder.place}: Der Kurs ist zu groß oder zu verschachtelt und blieb, wie er ist.")
        for file in result.files:
            path = result.folder.place / file.path
            if not is_dry:
                write_safely(path, file.data)
            changed += 1
            print_text(f"{path}: {'würde geändert' if is_dry else 'geändert'}")
    if not changed:
        print_text("Alles in Ordnung, nichts zu ändern.")
    is_failed = any(result.is_refused for result in results) or (is_dry and changed)
    sys.exit(1 if is_failed else 0)


def print_text(text: str) -> None:
    """Colours reach a terminal only, and not one whose owner set NO_COLOR."""
    click.echo(text, color=False if os.environ.get("NO_COLOR") else None)


def problem_line(place: Path, problem: Problem, language: str) -> str:
    """`file:line:column code message`, with the file as seen from where the command was called."""
    code = click.style(problem.code, fg=_COLOURS[problem.severity], bold=True)
    return f"{_path(place, problem)}:{problem.line}:{problem.column} {code} {word(problem, language).message}"


def _path(place: Path, problem: Problem) -> str:
    return click.format_filename(place / problem.path if problem.path else place)


def _summary(*, errors: int, warnings: int, courses: int, language: str) -> str:
    sentence, *nouns = _SUMMARY[language]
    counted = [f"{count} {noun[count != 1]}" for count, noun in zip((errors, warnings, courses), nouns, strict=True)]
    text = sentence.format(errors=counted[0], warnings=counted[1], courses=counted[2])
    return click.style(text, fg="red" if errors else "green", bold=True)


def _records(place: Path, problems: tuple[Problem, ...], language: str) -> Iterator[dict[str, object]]:
    for problem in problems:
        wording = word(problem, language)
        yield {
            "path": _path(place, problem),
            "line": problem.line,
            "column": problem.column,
            "code": problem.code,
            "severity": problem.severity.value,
            "title": wording.title,
            "text": wording.text,
            "todo": wording.todo,
            "parameters": dict(problem.parameters),
        }

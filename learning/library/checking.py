"""Checking and formatting a course or a folder of courses from the command line, in child processes with limits.

What is wrong is decided by `courses`; here the courses of a folder are found and their findings put together.
"""

import datetime
import os
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from courses.bundle import open_bundle
from courses.format import FormattedFile, format_course
from courses.reading.library import course_places, is_course
from courses.reading.read import COURSE_FILE
from courses.reading.registers import read_registers
from learning.library.preparation import CourseOrder, PreparedCourse, prepare_course
from learning.workshop import Done, Limits, Workshop
from quizzes.problems import Problem, Severity

PROCESSES = 2
# Processor time is what protects against hostile text; on a busy machine a good file may well have to wait its turn.
LIMITS = Limits(seconds=20.0)


@dataclass(frozen=True, slots=True)
class CourseFolder:
    """A course to check. `prefix` stands before its paths when the folder above it was named."""

    place: Path
    prefix: str


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything found in `courses` courses, sorted; paths count from the place that was named."""

    problems: tuple[Problem, ...]
    courses: int

    def count(self, severity: Severity) -> int:
        """How many problems are of this severity."""
        return sum(problem.severity is severity for problem in self.problems)


def folders_at(place: Path, problems: list[Problem]) -> tuple[CourseFolder, ...]:
    """The courses at `place`: itself (a folder or a ZIP file), or those in it. Adds a problem for what is refused."""
    if not place.is_dir() or is_course(place):
        return (CourseFolder(place, ""),)
    return tuple(CourseFolder(found, f"{found.name}/") for found in course_places(place, problems))


def check_place(place: Path, *, today: datetime.date) -> Findings | None:
    """Check all courses at `place`; None when there is none."""
    problems: list[Problem] = []
    folders = folders_at(place, problems)
    if not folders:
        return None
    with Workshop(processes=PROCESSES, limits=LIMITS) as workshop, ThreadPoolExecutor(PROCESSES) as threads:
        orders = [CourseOrder(folder.place, today, is_rendered=False) for folder in folders]
        prepared = list(threads.map(lambda order: prepare_course(workshop, order), orders))
        if folders[0].prefix:
            problems += _register_problems(workshop, place)
    for folder, course in zip(folders, prepared, strict=True):
        problems += [problem.moved(path=folder.prefix + problem.path) for problem in course.problems]
    problems += same_ids(folders, prepared)
    return Findings(tuple(sorted(problems, key=lambda problem: problem.place)), len(folders))


def _register_problems(workshop: Workshop, place: Path) -> Sequence[Problem]:
    outcome = workshop.run(read_registers, place)
    return outcome.value.problems if isinstance(outcome, Done) else (Problem("E013", 1),)


def same_ids(folders: Sequence[CourseFolder], prepared: Sequence[PreparedCourse]) -> Iterator[Problem]:
    """E142 at the second course of two with the same id."""
    seen: dict[str, str] = {}
    for folder, course in zip(folders, prepared, strict=True):
        path = folder.prefix + COURSE_FILE
        other = seen.setdefault(course.id, path) if course.id else path
        if other != path:
            yield Problem("E142", 1, parameters={"id": course.id, "other": other}, path=path)


@dataclass(frozen=True, slots=True)
class Formatted:
    """What formatting a course came to: the files that change, or that it could not be done (`is_refused`)."""

    folder: CourseFolder
    files: tuple[FormattedFile, ...]
    is_refused: bool = False


def format_place(place: Path) -> tuple[Formatted, ...]:
    """What would change in the courses at `place`. Nothing is written; a ZIP file or what is no course has nothing."""
    folders = [folder for folder in folders_at(place, []) if folder.place.is_dir()]
    with Workshop(processes=1, limits=LIMITS) as workshop:
        return tuple(_format(workshop, folder) for folder in folders)


def _format(workshop: Workshop, folder: CourseFolder) -> Formatted:
    outcome = workshop.run(format_folder, folder.place)
    if isinstance(outcome, Done):
        return Formatted(folder, outcome.value)
    return Formatted(folder, (), is_refused=True)


def format_folder(place: Path) -> tuple[FormattedFile, ...]:
    """The files of one course folder that change; the job of a child process."""
    bundle = open_bundle(place).bundle
    return () if bundle is None else format_course(bundle)


def write_safely(path: Path, data: bytes) -> None:
    """Replace the file at once: whoever reads it, or a power cut, sees the old content or the new one, never a part."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(path.stat().st_mode & 0o7777)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise

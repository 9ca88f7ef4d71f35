"""A folder of courses with its registers, or one course by itself. What is wrong is gathered by file and line."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from courses.bundle import Bundle, open_bundle
from courses.bundle.names import is_hidden, normal_path
from courses.course import Course, Fact
from courses.reading.read import COURSE_FILE, MODULE_FILE, read_course
from courses.reading.registers import LocalLabel, Registers, Skill, read_registers
from quizzes.problems import Problem


@dataclass(frozen=True, slots=True)
class CourseFolder:
    """One course as found. `prefix` (`folder/`, or empty) stands before its paths in messages about the library.

    `course` is None when it could not be read, `bundle` too when it could not even be opened.
    """

    prefix: str
    bundle: Bundle | None
    course: Course | None


@dataclass(frozen=True, slots=True)
class Library:
    """All courses of a folder and what they refer to. `problems` are those of reading, sorted by place."""

    folders: tuple[CourseFolder, ...]
    skills: Mapping[str, Skill]
    facts: Mapping[str, Fact]
    local_entries: Mapping[str, LocalLabel]
    problems: tuple[Problem, ...]

    @property
    def courses(self) -> tuple[Course, ...]:
        """The courses that could be read."""
        return tuple(folder.course for folder in self.folders if folder.course is not None)


def read_library(path: Path) -> Library:
    """The library at `path`: a folder of courses, the folder of one course, or a ZIP file with one course.

    A single course uses the registers beside it; their own problems are then not its business.
    """
    if not path.is_dir() or is_course(path):
        registers = read_registers(path.resolve().parent)
        folders, problems = _read_folder(path, prefix="", registers=registers)
        return _library([folders], problems, registers=registers)
    registers = read_registers(path)
    problems = list(registers.problems)
    found: list[CourseFolder] = []
    for place in course_places(path, problems):
        folder, its_problems = _read_folder(place, prefix=f"{normal_path(place.name)}/", registers=registers)
        found.append(folder)
        problems += its_problems
    problems += _same_ids(found)
    if not found:
        problems.append(Problem("E140", 1, parameters={"name": str(path)}))
    return _library(found, problems, registers=registers)


def _library(folders: list[CourseFolder], problems: list[Problem], *, registers: Registers) -> Library:
    return Library(
        folders=tuple(folders),
        skills=registers.skills,
        facts=registers.facts,
        local_entries=registers.local_entries,
        problems=tuple(sorted(problems, key=lambda problem: problem.place)),
    )


def is_course(folder: Path) -> bool:
    """Whether a folder means to be a course: it has a course.md or at least a module."""
    try:
        names = os.listdir(folder)  # noqa: PTH208 - only names are needed, of folders that may be large.
    except OSError:
        return False
    return any(name == COURSE_FILE or MODULE_FILE.fullmatch(name) for name in names)


def course_places(path: Path, problems: list[Problem]) -> Iterator[Path]:
    """The folders of courses in the library at `path`, by name; adds a problem for what is refused."""
    try:
        places = sorted(path.iterdir())
    except OSError:
        problems.append(Problem("E126", 1, parameters={"name": str(path)}))
        return
    for place in places:
        if is_hidden(place.name) or not place.is_dir():
            continue
        if place.is_symlink():
            problems.append(Problem("E135", 1, parameters={"name": place.name}, path=place.name))
        elif is_course(place):
            yield place


def _read_folder(path: Path, *, prefix: str, registers: Registers) -> tuple[CourseFolder, list[Problem]]:
    opened = open_bundle(path)
    problems = list(opened.problems)
    course = None
    if opened.bundle is not None:
        read = read_course(opened.bundle, skills=registers.skills, shared_terms=registers.terms)
        course = read.course
        problems += read.problems
    placed = [problem.moved(path=f"{prefix}{problem.path}") for problem in problems]
    return CourseFolder(prefix, opened.bundle, course), placed


def _same_ids(folders: list[CourseFolder]) -> Iterator[Problem]:
    """E142 at the second course of two with the same id."""
    seen: dict[str, str] = {}
    for folder in folders:
        if folder.course is None:
            continue
        path = folder.prefix + COURSE_FILE
        other = seen.setdefault(folder.course.id, path)
        if other != path:
            line = folder.course.description.key_lines.get("id", 1)
            yield Problem("E142", line, parameters={"id": folder.course.id, "other": other}, path=path)

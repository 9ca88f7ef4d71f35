"""All checks of a course in one place: what reading found, then structure, accessibility, language and didactics.

Nothing here changes a course or says a word in a language; problems are worded by `courses.wording`.
"""

import datetime
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from courses.bundle import Bundle
from courses.check.accessibility import check_accessibility, check_files
from courses.check.didactics import check_didactics
from courses.check.language import check_language
from courses.check.manuscript import Manuscript
from courses.check.questions import check_questions as check_didactics_of_questions
from courses.check.rules import without_farther
from courses.check.structure import check_course_structure, check_module_structure
from courses.check.translation import check_translations
from courses.course import Course, Document, Fact, Module, ModuleType
from courses.reading.library import Library, read_library
from quizzes.check import check_questions
from quizzes.problems import Problem


@dataclass(frozen=True, slots=True)
class CheckedFolder:
    """A course or a folder of courses with everything that is wrong, sorted by file and line."""

    library: Library
    problems: tuple[Problem, ...]


def check_folder(path: Path, *, today: datetime.date) -> CheckedFolder:
    """Read and check the course, or all courses, at `path`."""
    library = read_library(path)
    problems = list(library.problems)
    for folder in library.folders:
        if folder.course is not None and folder.bundle is not None:
            found = check_course(
                folder.course,
                folder.bundle,
                today=today,
                local_keys=library.local_entries,
                facts=library.facts,
                skills=library.skills,
            )
            problems += [problem.moved(path=folder.prefix + problem.path) for problem in found]
    return CheckedFolder(library, tuple(without_farther(problems)))


def check_course(
    course: Course,
    bundle: Bundle,
    *,
    today: datetime.date,
    published: Course | None = None,
    local_keys: Collection[str] = (),
    facts: Mapping[str, Fact] | None = None,
    skills: Collection[str] = (),
) -> list[Problem]:
    """Everything that is wrong with a course that could be read, beyond what reading it reported.

    `published` is the edition that learners see now. Paths of the problems count from the course folder.
    """
    paths = frozenset(bundle.paths)
    problems = [*check_files(bundle), *check_course_structure(course, today=today, published=published)]
    problems += check_translations(course)
    for module in course.modules:
        problems += _check_module(course, module, paths=paths, today=today, local_keys=local_keys, facts=facts or {})
    if all(module.document is not course.description for module in course.modules):
        problems += _check_text(course, course.description, language=course.language, paths=paths)
    for translation in course.translations.values():
        for document in translation.documents.values():
            problems += _check_text(course, document, language=translation.language, paths=paths)
    return without_farther(problems)


def _check_module(
    course: Course,
    module: Module,
    *,
    paths: frozenset[str],
    today: datetime.date,
    local_keys: Collection[str],
    facts: Mapping[str, Fact],
) -> Iterator[Problem]:
    manuscript = Manuscript.of(module.document, language=module.language)
    questions = module.document.questions
    for problem in check_questions(questions, in_test=module.type is ModuleType.TEST):
        yield problem.moved(path=module.path)
    yield from check_module_structure(manuscript, course, module, today=today, local_keys=local_keys, facts=facts)
    yield from check_accessibility(manuscript, paths=paths, source_language=course.language)
    yield from _language(manuscript, course)
    yield from check_didactics(manuscript, course, module)
    yield from check_didactics_of_questions(manuscript, course, module)


def _check_text(course: Course, document: Document, *, language: str, paths: frozenset[str]) -> Iterator[Problem]:
    """What holds for any text of a course, be it its description or a translation."""
    manuscript = Manuscript.of(document, language=language)
    yield from check_accessibility(manuscript, paths=paths, source_language=course.language)
    yield from _language(manuscript, course)


def _language(manuscript: Manuscript, course: Course) -> Iterator[Problem]:
    return check_language(manuscript, explained=[term.name for term in course.terms])

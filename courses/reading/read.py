"""Bundle to course: which file is what, in which order, and what stands in it. Whether that is good, others check."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace

from courses.bundle import Bundle
from courses.bundle.files import MEGABYTE
from courses.course import Course, CourseKind, Document, Module, ModuleType, Term, Translation
from courses.markdown.terms import read_terms
from courses.reading.document import NO_FIELDS, TEXT_LIMIT, ReadDocument, read_document, too_large
from courses.reading.fields import Fields, alternatives
from courses.reading.metadata import LANGUAGE, read_course_fields, read_module_fields, read_translated_fields
from quizzes.problems import Problem

COURSE_FILE = "course.md"
GLOSSARY_FILE = "glossary.md"
MEDIA_FOLDER = "media"
MODULE_FILE = re.compile(r"(\d{1,4})-([a-z0-9]+(?:-[a-z0-9]+)*)\.md", re.ASCII)
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
# All texts of a course in all languages: a hundred long modules, or twenty in five languages.
ALL_TEXTS_LIMIT = 4 * MEGABYTE
# The one module of a notice is its course.md; it needs an address of its own.
NOTICE_SLUG = "kurzinfo"
SHARED_LANGUAGE = "de"


@dataclass(frozen=True, slots=True)
class ReadCourse:
    """What came of reading: `course` is None when there is no course.md to begin with."""

    course: Course | None
    problems: tuple[Problem, ...]


@dataclass
class CourseReader:
    """One reading of a bundle: gathers the problems while the files are read."""

    bundle: Bundle
    problems: list[Problem] = field(default_factory=list)

    def read(self, path: str, *, language: str | None) -> ReadDocument | None:
        """The file at `path`; None when nothing can be made of it. A storage that fails is a problem like any other."""
        if self.bundle.size(path) > TEXT_LIMIT:
            self.problems.append(too_large(self.bundle.size(path)).moved(path=path))
            return None
        try:
            data = self.bundle.read(path)
        except OSError:
            self.problems.append(Problem("E126", 1, parameters={"name": path}, path=path))
            return None
        read = read_document(path, data, language=language)
        self.problems += read.problems
        return read

    def sorted_problems(self) -> tuple[Problem, ...]:
        """All problems by file and line."""
        return tuple(sorted(self.problems, key=lambda problem: problem.place))

    def take(self, fields: Fields, read: ReadDocument) -> None:
        """The problems that came up while `fields` were asked; none where the front matter itself was unreadable."""
        if read.fields is not None and read.document:
            self.problems += [problem.moved(path=read.document.path) for problem in fields.problems]


def read_course(bundle: Bundle, *, skills: Collection[str] = (), shared_terms: tuple[Term, ...] = ()) -> ReadCourse:
    """Reads all texts of `bundle`. `skills` are the known ones of the library; none means: not checked.
    `shared_terms` are those of its glossary, in German.

    Paths of problems are paths inside the course. What cannot be read is left out and reported.
    """
    reader = CourseReader(bundle)
    if (size := _size_of_texts(bundle)) > ALL_TEXTS_LIMIT:
        parameters = {"megabytes": size // MEGABYTE, "limit": ALL_TEXTS_LIMIT // MEGABYTE}
        return ReadCourse(None, (Problem("E017", 1, parameters=parameters),))
    course = _read_metadata(reader, skills=frozenset(skills))
    reader.problems += _same_names(bundle)
    language = course.language if course else None
    modules = tuple(_read_modules(reader, language=language))
    if course is None:
        return ReadCourse(None, reader.sorted_problems())
    if course.kind is CourseKind.NOTICE and not modules:
        modules = (_notice(course),)
    elif not _module_files(bundle):
        reader.problems.append(Problem("E102", 1, path=COURSE_FILE))
    course = replace(course, modules=modules, glossary=_read_glossary(reader, language=course.language))
    languages = _languages(bundle)
    translations = {name: _read_translation(reader, name, course=course) for name in languages}
    is_german = course.language.partition("-")[0] == SHARED_LANGUAGE
    course = replace(course, translations=translations, shared_terms=shared_terms if is_german else ())
    reader.problems += [*_requirement_problems(course), *_ignored_files(bundle, languages)]
    if not SLUG.fullmatch(bundle.slug):
        reader.problems.append(Problem("W153", 1, parameters={"name": bundle.slug}))
    return ReadCourse(course, reader.sorted_problems())


def _size_of_texts(bundle: Bundle) -> int:
    """Bytes of all texts that would be parsed; a single one above its own limit is not."""
    texts = (path for path in bundle.paths if path.endswith(".md") and MEDIA_FOLDER not in path.split("/"))
    return sum(bundle.size(path) for path in texts if bundle.size(path) <= TEXT_LIMIT)


def _read_metadata(reader: CourseReader, *, skills: frozenset[str]) -> Course | None:
    if COURSE_FILE not in reader.bundle:
        reader.problems.append(Problem("E105", 1, path=COURSE_FILE))
        return None
    read = reader.read(COURSE_FILE, language=None)
    if read is None or read.document is None:
        return None
    fields = read.fields or Fields(NO_FIELDS)
    course = read_course_fields(fields, read.document, slug=reader.bundle.slug, skills=skills)
    reader.take(fields, read)
    return course


def _read_modules(reader: CourseReader, *, language: str | None) -> Iterator[Module]:
    """The modules in the order of their numbers; an id used twice is reported at the later file."""
    ids: dict[str, str] = {}
    for number, slug, path in _module_files(reader.bundle):
        read = reader.read(path, language=language)
        if read is None or read.document is None:
            continue
        fields = read.fields or Fields(NO_FIELDS)
        module = read_module_fields(fields, read.document, number=number, slug=slug, language=language or "de")
        reader.take(fields, read)
        other = ids.setdefault(module.id, path)
        if other != path and "id" in fields:
            line = fields.line("id")
            reader.problems.append(Problem("E106", line, parameters={"id": module.id, "other": other}, path=path))
        yield module


def _module_files(bundle: Bundle) -> list[tuple[int, str, str]]:
    """Number, slug and path of the modules, in their order."""
    found = ((MODULE_FILE.fullmatch(path), path) for path in bundle.paths)
    return sorted((int(match[1]), match[2], path) for match, path in found if match)


def _same_names(bundle: Bundle) -> Iterator[Problem]:
    """E101 and E154 where two files share their number, or the name that becomes the module's address."""
    numbers: dict[int, str] = {}
    slugs: dict[str, str] = {}
    for number, slug, path in _module_files(bundle):
        if (other := numbers.setdefault(number, path)) != path:
            yield Problem("E101", 1, parameters={"number": number, "other": other}, path=path)
        if (other := slugs.setdefault(slug, path)) != path:
            yield Problem("E154", 1, parameters={"name": slug, "other": other}, path=path)


def _notice(course: Course) -> Module:
    """A notice is one file: its course.md is its text and its one module."""
    return Module(
        id=NOTICE_SLUG,
        slug=NOTICE_SLUG,
        number=1,
        title=course.title,
        type=ModuleType.LESSON,
        document=course.description,
        reviewed=course.reviewed,
        review_by=course.review_by,
        language=course.language,
    )


def _read_glossary(reader: CourseReader, *, language: str) -> tuple[Term, ...]:
    if GLOSSARY_FILE not in reader.bundle:
        return ()
    read = reader.read(GLOSSARY_FILE, language=language)
    return read_terms(read.document.tokens) if read and read.document else ()


def _languages(bundle: Bundle) -> tuple[str, ...]:
    """The folders that hold translations, by their names. A short name alone (`alt/`) makes no language."""
    split = (path.partition("/") for path in bundle.paths)
    folders = {folder for folder, _, name in split if name.startswith(f"{MEDIA_FOLDER}/") or _has_source(bundle, name)}
    return tuple(sorted(folder for folder in folders if LANGUAGE.fullmatch(folder)))


def _read_translation(reader: CourseReader, language: str, *, course: Course) -> Translation:
    """The overlay in the folder `language`: what replaces course.md, the modules, the glossary."""
    documents: dict[str, Document] = {}
    sources = {COURSE_FILE, GLOSSARY_FILE, *(module.path for module in course.modules)}
    for path in reader.bundle.paths:
        folder, _, name = path.partition("/")
        if folder != language or name not in sources:
            continue
        read = reader.read(path, language=language)
        if read is None or read.document is None:
            continue
        fields = read.fields or Fields(NO_FIELDS)
        if name != GLOSSARY_FILE:
            read_translated_fields(fields)
        reader.take(fields, read)
        documents[name] = read.document
    glossary = documents.pop(GLOSSARY_FILE, None)
    terms = read_terms(glossary.tokens) if glossary else ()
    return Translation(language=language, documents=documents, glossary=terms)


def _requirement_problems(course: Course) -> Iterator[Problem]:
    """W109 where a module names another as needed that is not in the course."""
    ids = {module.id for module in course.modules}
    for module in course.modules:
        line = module.document.key_lines.get("requires", 1)
        for needed in module.requires:
            if needed not in ids:
                parameters = {"id": needed, "suggestion": alternatives(needed, ids)}
                yield Problem("W109", line, parameters=parameters, path=module.path)


def _ignored_files(bundle: Bundle, languages: Collection[str]) -> Iterator[Problem]:
    """W104 for each file that is no part of the course, once for a whole folder."""
    folders: set[str] = set()
    for path in bundle.paths:
        folder, is_inside, name = path.partition("/")
        if not is_inside:
            if path not in (COURSE_FILE, GLOSSARY_FILE) and not MODULE_FILE.fullmatch(path):
                yield Problem("W104", 1, parameters={"name": path}, path=path)
        elif folder == MEDIA_FOLDER or folder in folders:
            continue
        elif folder not in languages:
            folders.add(folder)
            yield Problem("W104", 1, parameters={"name": f"{folder}/"}, path=f"{folder}/")
        elif not name.startswith(f"{MEDIA_FOLDER}/") and not _has_source(bundle, name):
            yield Problem("W104", 1, parameters={"name": path}, path=path)


def _has_source(bundle: Bundle, name: str) -> bool:
    is_text = name in (COURSE_FILE, GLOSSARY_FILE) or MODULE_FILE.fullmatch(name) is not None
    return is_text and name in bundle

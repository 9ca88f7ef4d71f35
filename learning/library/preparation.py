"""Reading, checking and rendering one course within limits, in the workshop's child processes.

A file that takes too much is left out and reported (E013); one that a mistake of this program stumbles over as well
(E014); the rest of the course is prepared without it. Both `impuls check` and the preview come through here.
"""

import datetime
import hashlib
import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from courses.bundle import Bundle, open_bundle
from courses.check import check_course
from courses.check.rules import without_farther
from courses.comparing.fingerprint import documents_of, media_digests
from courses.course import Course, Document, Fact
from courses.reading.read import read_course
from courses.reading.registers import LocalLabel, Skill, read_registers
from courses.rendering.render import RenderedCourse, render_description, render_module
from courses.translate import translated
from learning.library.addresses import CourseAddresses, PublishedAddresses
from learning.workshop import Broken, Done, TooMuch, Workshop, at_file
from quizzes.problems import Problem
from quizzes.questions import QuestionSet

log = logging.getLogger(__name__)
MOST_REFUSALS = 5
TOO_MUCH = "E013"
BROKEN = "E014"


@dataclass(frozen=True, slots=True)
class CourseOrder:
    """What to prepare: the folder or ZIP file at `place`. `refused` are files to do without.

    `languages` are those to render beside the course's own, as far as the course is translated; without
    `is_rendered` the course is only read and checked. `is_published`: it is to be stored, so its digests are computed
    and its texts name files by their content.
    """

    place: Path
    today: datetime.date
    languages: tuple[str, ...] = ()
    is_rendered: bool = True
    is_published: bool = False
    refused: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Edition:
    """A course in one language, rendered. Its documents hold no tokens any more."""

    course: Course
    rendered: RenderedCourse


@dataclass(frozen=True, slots=True)
class PreparedCourse:
    """Everything that pages and commands need of one course. Nothing in it is a live parser or a file.

    `editions` are by language, the course's own first; empty when the course could not be read at all or was only to
    be checked. Problems are sorted by place; their paths count from the course folder. `id` is empty when the course
    could not be read. `local_keys` are the local entries that its texts name, `local_texts` what this authority has
    written for them; both are there for published courses.

    `digest` covers all files and what the texts use of the registers, `files_digest` the files alone, `media` are the
    digests of media files by path; they are there when the course was prepared for publishing.
    """

    slug: str
    title: str
    problems: tuple[Problem, ...]
    editions: Mapping[str, Edition] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(default_factory=dict)
    local_entries: Mapping[str, LocalLabel] = field(default_factory=dict)
    id: str = ""
    local_texts: Mapping[str, str] = field(default_factory=dict)
    local_keys: frozenset[str] = frozenset()
    skills: Mapping[str, Skill] = field(default_factory=dict)
    digest: str = ""
    files_digest: str = ""
    media: Mapping[str, str] = field(default_factory=dict)

    def edition(self, language: str) -> Edition | None:
        """The edition in `language`, else in the course's own language."""
        return self.editions.get(language) or next(iter(self.editions.values()), None)


def prepare_course(workshop: Workshop, order: CourseOrder) -> PreparedCourse:
    """Prepare a course, leaving out file after file that is too much, up to MOST_REFUSALS."""
    refusals: dict[str, Problem] = {}
    stalled: set[str] = set()
    while True:
        outcome = workshop.run(prepare_at_once, replace(order, refused=order.refused | frozenset(refusals)))
        match outcome:
            case Done(prepared):
                return _with_problems(prepared, refusals)
            case TooMuch(path, is_stalled=True) if path not in stalled:
                # A busy machine is no fault of the file: it gets a second chance before it is blamed.
                stalled.add(path)
                continue
            case TooMuch(path):
                problem = Problem(TOO_MUCH, 1, path=path)
            case Broken(path, trace):
                log.error("Preparing %s failed at %r:\n%s", order.place, path, trace)
                problem = Problem(BROKEN, 1, path=path)
        path = problem.path or _largest(order.place, without=refusals)
        if not path or path in refusals or len(refusals) == MOST_REFUSALS:
            # Nothing left to blame on one file: the course as a whole is refused, with all that was found.
            return _with_problems(PreparedCourse(order.place.stem, order.place.name, (problem,)), refusals)
        refusals[path] = problem.moved(path=path)


def _with_problems(prepared: PreparedCourse, more: Mapping[str, Problem]) -> PreparedCourse:
    return replace(prepared, problems=tuple(without_farther([*prepared.problems, *more.values()])))


def _largest(place: Path, *, without: Mapping[str, Problem]) -> str:
    """The largest text of a course: the one to suspect when the whole takes too much. Empty if there is none."""
    bundle = open_bundle(place).bundle
    if bundle is None:
        return ""
    texts = [path for path in bundle.paths if path.endswith(".md") and path not in without]
    return max(texts, key=bundle.size, default="")


# In the child process -----------------------------------------------------------------------------------------------


class _WatchedBundle(Bundle):
    """A bundle that says which file is being read and hides the refused ones."""

    def __init__(self, bundle: Bundle, *, refused: frozenset[str]) -> None:
        super().__init__(bundle.slug, {path: bundle.size(path) for path in bundle.paths if path not in refused})
        self._bundle = bundle

    def read(self, path: str) -> bytes:
        at_file(path)
        return self._bundle.read(path)

    def chunks(self, path: str) -> Iterator[bytes]:
        return self._bundle.chunks(path)

    def file_digest(self, path: str) -> str:
        at_file(path)
        return self._bundle.file_digest(path)

    def location(self, path: str) -> Path | None:
        return self._bundle.location(path)


def prepare_at_once(order: CourseOrder) -> PreparedCourse:
    """The whole course at once; the job of a child process."""
    registers = read_registers(order.place.resolve().parent)
    opened = open_bundle(order.place)
    if opened.bundle is None:
        return PreparedCourse(order.place.stem, order.place.name, opened.problems)
    bundle = _WatchedBundle(opened.bundle, refused=order.refused)
    read = read_course(bundle, skills=registers.skills, shared_terms=registers.terms)
    problems = [*opened.problems, *read.problems]
    if read.course is None:
        return PreparedCourse(bundle.slug, order.place.name, tuple(problems))
    at_file("", share=max(1, sum(path.endswith(".md") for path in bundle.paths)))
    problems += check_course(
        read.course,
        bundle,
        today=order.today,
        local_keys=registers.local_entries,
        facts=registers.facts,
        skills=registers.skills,
    )
    media = media_digests(bundle) if order.is_published else {}
    address = PublishedAddresses(bundle.slug, media) if order.is_published else CourseAddresses(bundle.slug)
    return PreparedCourse(
        slug=bundle.slug,
        title=read.course.title,
        problems=tuple(problems),
        editions=dict(_editions(read.course, bundle, order, address)) if order.is_rendered else {},
        facts=dict(registers.facts),
        local_entries=dict(registers.local_entries),
        id=read.course.id,
        skills=dict(registers.skills),
        digest=_digest(read.course, bundle, registers.facts) if order.is_published else "",
        files_digest=bundle.digest if order.is_published else "",
        media=media,
    )


def _digest(course: Course, bundle: Bundle, facts: Mapping[str, Fact]) -> str:
    """What an edition is known by: all files, and what their texts take from the registers beside them."""
    texts = [document.text for document in documents_of(course)]
    used = {key: repr(fact) for key, fact in sorted(facts.items()) if any(f"fact:{key}]]" in text for text in texts)}
    folded = [text.casefold() for text in texts]
    terms = [
        (term.name, term.explanation)
        for term in course.shared_terms
        if any(term.name.casefold() in text for text in folded)
    ]
    return hashlib.sha256(json.dumps([bundle.digest, used, terms], ensure_ascii=False).encode()).hexdigest()


def _editions(
    course: Course, bundle: Bundle, order: CourseOrder, address: CourseAddresses
) -> Iterator[tuple[str, Edition]]:
    yield course.language, _edition(course, bundle, address)
    for language in order.languages:
        if language != course.language and language in course.translations:
            yield language, _edition(translated(course, language), bundle, address)


def _edition(course: Course, bundle: Bundle, address: CourseAddresses) -> Edition:
    at_file(course.description.path)
    description = render_description(course, address=address, files=bundle)
    modules = {}
    for module in course.modules:
        at_file(module.path)
        modules[module.slug] = render_module(course, module, address=address, files=bundle)
    light = replace(
        course,
        description=_without_tokens(course.description, QuestionSet(description.questions)),
        modules=tuple(
            replace(
                module,
                document=_without_tokens(
                    module.document,
                    QuestionSet(modules[module.slug].questions, module.document.questions.pools),
                ),
            )
            for module in course.modules
        ),
        translations={},
    )
    return Edition(light, RenderedCourse(description, modules))


def _without_tokens(document: Document, questions: QuestionSet) -> Document:
    return replace(
        document,
        front_matter=dict(document.front_matter),
        key_lines=dict(document.key_lines),
        tokens=(),
        environment={},
        questions=questions,
    )

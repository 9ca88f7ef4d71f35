"""A module as its page needs it: segments in reading order, contents, questions with their texts, job aids, length.

Nothing here reads files, asks the clock or knows the web; addresses come from the caller, files from the bundle.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from courses.course import Course, Document, Module
from courses.length import reading_of, search_text
from courses.markdown.plain_text import block_text
from courses.rendering.composition import composed
from courses.rendering.constructs import RULES
from courses.rendering.glossary import Marking
from courses.rendering.links import Addresses, Files, Links
from courses.rendering.passages import rendered_question
from courses.rendering.phrases import phrases_of
from courses.rendering.prose import Page
from courses.segments import RenderedModule, RenderedText


@dataclass(frozen=True, slots=True)
class RenderedCourse:
    """The rendered description and modules of a course, modules by slug. Holds no tokens, so it can be stored."""

    description: RenderedText
    modules: Mapping[str, RenderedModule]


def render_course(course: Course, *, address: Addresses, files: Files) -> RenderedCourse:
    """Everything of `course` rendered: the one entry for a process that works under limits."""
    return RenderedCourse(
        description=render_description(course, address=address, files=files),
        modules={module.slug: render_module(course, module, address=address, files=files) for module in course.modules},
    )


def render_module(course: Course, module: Module, *, address: Addresses, files: Files) -> RenderedModule:
    """The rendered module. `files` is the bundle of the course."""
    document = module.document
    page = _page(course, document, language=module.language, address=address, files=files)
    composition = composed(document, page)
    prose = block_text(document.tokens)
    return RenderedModule(
        segments=composition.segments,
        contents=composition.contents,
        questions=tuple(rendered_question(question, page) for question in document.questions.questions),
        job_aids=composition.job_aids,
        reading=reading_of(module, prose),
        search_text=search_text(prose, document.questions.questions),
        language=module.language,
    )


def render_description(course: Course, *, address: Addresses, files: Files) -> RenderedText:
    """The text of course.md, which for a notice is the whole course, questions included."""
    document = course.description
    page = _page(course, document, language=course.language, address=address, files=files)
    composition = composed(document, page)
    return RenderedText(
        segments=composition.segments,
        contents=composition.contents,
        questions=tuple(rendered_question(question, page) for question in document.questions.questions),
        search_text=search_text(block_text(document.tokens), document.questions.questions),
        language=course.language,
    )


def _page(course: Course, document: Document, *, language: str, address: Addresses, files: Files) -> Page:
    phrases = phrases_of(language)
    links = Links(
        document=document.path,
        modules={PurePosixPath(module.path).name: module.slug for module in course.modules},
        address=address,
        files=files,
        questions=frozenset(one.id for module in course.modules for one in module.document.questions.questions),
    )
    # A glossary in another language than the text would explain nothing.
    terms = course.terms if language == course.language else ()
    return Page(language=language, phrases=phrases, links=links, rules=RULES, marking=Marking(terms, phrases))

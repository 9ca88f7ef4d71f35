"""Small courses made by hand for the tests of rendering: no folder, no checker, only what a page needs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from markdown_it.token import Token

from courses.course import Course, Document, Module, ModuleType, Term
from courses.markdown.parser import course_markdown
from courses.rendering.render import render_module
from courses.segments import Html, RenderedModule, Segment
from quizzes.questions import Passage, QuestionSet


class Places:
    """Addresses as the product gives them."""

    def course(self) -> str:
        return "/kurse/fristen"

    def module(self, slug: str) -> str:
        return f"/kurse/fristen/{slug}"

    def job_aid(self, slug: str, anchor: str) -> str:
        return f"/kurse/fristen/{slug}/arbeitshilfe/{anchor}"

    def media(self, path: str) -> str:
        return f"/kurse/fristen/medien/{path}"


@dataclass(frozen=True)
class Folder:
    """A bundle in memory."""

    contents: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def paths(self) -> tuple[str, ...]:
        return tuple(self.contents)

    def size(self, path: str) -> int:
        return len(self.contents[path])

    def read(self, path: str) -> bytes:
        return self.contents[path]


def document(text: str, *, path: str = "01-grundlagen.md") -> Document:
    """The text as a document without front matter."""
    environment: dict[str, Any] = {}
    tokens: list[Token] = course_markdown().parse(text, environment)
    questions = environment.get("questions", QuestionSet())
    return Document(path, text, {}, {}, 1, tuple(tokens), environment, questions)


def course_of(text: str, *, path: str = "01-grundlagen.md", glossary: tuple[Term, ...] = (), **module: Any) -> Course:
    """A course of two modules, the first with `text`."""
    first = Module("grundlagen", "grundlagen", 1, "Grundlagen", ModuleType.LESSON, document(text, path=path), **module)
    second = Module("fristen", "fristen", 2, "Fristen", ModuleType.LESSON, document("Text", path="02-fristen.md"))
    about = document("Worum es geht.", path="course.md")
    return Course("fristen", "fristen", "Fristen", "de", about, (first, second), glossary=glossary)


def rendered(text: str, *, files: Mapping[str, bytes] | None = None, **course: Any) -> RenderedModule:
    """The module with `text`, rendered."""
    made = course_of(text, **course)
    return render_module(made, made.modules[0], address=Places(), files=Folder(files or {}))


def html_of(module: RenderedModule) -> str:
    """All HTML of the prose, without what stands between."""
    return joined(module.segments)


def joined(segments: tuple[Segment, ...]) -> str:
    return "".join(one.html for one in segments if isinstance(one, Html))


def passages_in(value: object) -> Iterator[Passage]:
    """All passages anywhere inside questions."""
    if isinstance(value, Passage):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from passages_in(one)
    elif is_dataclass(value):
        for part in fields(value):
            yield from passages_in(getattr(value, part.name))


def is_valid(html: str) -> bool:
    """Strict: raises with the parser's reason instead of returning False, so that a failure explains itself."""
    html5lib.HTMLParser(strict=True).parseFragment(html)
    ids = [element.get("id") for element in elements(html) if element.get("id")]
    assert len(ids) == len(set(ids)), f"an id twice: {ids}"
    return True


def elements(html: str) -> list[Element]:
    """All elements that a browser would make of `html`."""
    return [one for one in html5lib.parseFragment(html, namespaceHTMLElements=False).iter() if isinstance(one.tag, str)]

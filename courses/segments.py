"""A rendered module: a list of segments that templates draw, its contents, its length.

`Html` is stored by content digest and is the same for everybody; the other segments are drawn by template macros
because their look or their content belongs to the product.
"""

from dataclasses import dataclass
from typing import TypeAlias

from courses.course import Reading
from quizzes.questions import Question


@dataclass(frozen=True, slots=True)
class Html:
    """A run of finished, sanitised HTML from the lines `first_line` to `last_line` (from 1) of the file.

    Not always balanced by itself: a `LocalEntry` or `FactEntry` may stand in the middle of a paragraph.
    """

    html: str
    first_line: int
    last_line: int


@dataclass(frozen=True, slots=True)
class QuestionSlot:
    """The place of a question; `position` counts the questions of the module from 0."""

    position: int
    first_line: int
    last_line: int


@dataclass(frozen=True, slots=True)
class LocalEntry:
    """`[[local:key]]`: what each authority fills in once."""

    key: str
    line: int


@dataclass(frozen=True, slots=True)
class FactEntry:
    """`[[fact:key]]`: a dated statement from the register."""

    key: str
    line: int


@dataclass(frozen=True, slots=True)
class SectionEnd:
    """The end of the section `anchor`; the product hangs its tools for that section here."""

    anchor: str
    line: int


@dataclass(frozen=True, slots=True)
class Resolution:
    """The place, at the end of the module, where the opening question (`before`) at `position` is resolved.

    Draw the explanation of the question here, beside what the learner answered.
    """

    position: int
    first_line: int
    last_line: int


@dataclass(frozen=True, slots=True)
class JobAid:
    """The job aid of a module, readable and printable without the course.

    `segments` hold neither its heading (`title` is for the page's own) nor questions; they also stand in the module.
    """

    anchor: str
    title: str
    segments: tuple["Segment", ...]


Segment: TypeAlias = Html | QuestionSlot | LocalEntry | FactEntry | SectionEnd | Resolution


@dataclass(frozen=True, slots=True)
class Heading:
    """One line of the table of contents (h2 and h3; questions are not in it).

    `anchor` is the name authors know; the id in the page is `courses.markdown.anchors.section_id(anchor)`.
    """

    anchor: str
    title: str
    level: int
    line: int


@dataclass(frozen=True, slots=True)
class RenderedModule:
    """All that a page needs. `questions` have their passages rendered (`pieces`) and carry no tokens.

    `language` is that of the text; where it differs from the course's (a translation that falls back), the page marks
    the text with it.
    """

    segments: tuple[Segment, ...]
    contents: tuple[Heading, ...]
    questions: tuple[Question, ...]
    job_aids: tuple[JobAid, ...]
    reading: Reading
    search_text: str
    language: str = "de"


@dataclass(frozen=True, slots=True)
class RenderedText:
    """A text beside the modules: the description of a course, or a notice with its questions."""

    segments: tuple[Segment, ...]
    contents: tuple[Heading, ...]
    questions: tuple[Question, ...]
    search_text: str
    language: str = "de"

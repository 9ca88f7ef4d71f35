"""Puts the files of a course in order: missing ids, questions in their canonical form, no byte order mark.

Only what must change is rewritten; prose, headings, line ends stay byte for byte. A question that cannot be rewritten
without losing something (an author's note between its answers, text that means nothing) only gets its id.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from courses.bundle import Bundle
from courses.course import Document, Module
from courses.markdown.anchors import anchors_of, automatic_anchor
from courses.reading.document import BYTE_ORDER_MARK, read_document
from courses.reading.read import COURSE_FILE, GLOSSARY_FILE, read_course
from quizzes.problems import Severity
from quizzes.questions import Question
from quizzes.write import write_question

LONGEST_ID = 40

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_HEADING = re.compile(
    r"(?P<text> {0,3}#{1,6}[ \t].*?)[ \t]*(?P<braces>\{[^{}]*\})?[ \t]*(?P<close>(?<=[ \t])#+[ \t]*)?"
)


@dataclass(frozen=True, slots=True)
class FormattedFile:
    """A file that has to change: its path in the course and its new content."""

    path: str
    data: bytes


@dataclass(frozen=True, slots=True)
class _Edit:
    """Replace the lines from `first` to `end` (counted from 0, end excluded) by `lines`."""

    first: int
    end: int
    lines: tuple[str, ...]


def format_course(bundle: Bundle) -> tuple[FormattedFile, ...]:
    """The files of a course that are not in order yet, as they should be. Formatting what comes out changes nothing."""
    course = read_course(bundle).course
    if course is None:
        return ()
    taken = {question.id for module in course.modules for question in module.document.questions.questions}
    # A section must not share its name with a question (E129).
    taken |= {anchor for module in course.modules for anchor, _ in anchors_of(module.document.tokens)}
    found = []
    for module in course.modules:
        data = bundle.read(module.path)
        formatted = _format_module(module, data, taken=taken)
        if formatted != data:
            found.append(FormattedFile(module.path, formatted))
    formatted_paths = {module.path for module in course.modules}
    for path in (COURSE_FILE, GLOSSARY_FILE):
        if path in bundle and path not in formatted_paths:
            data = bundle.read(path)
            if data.startswith(BYTE_ORDER_MARK):
                found.append(FormattedFile(path, data.removeprefix(BYTE_ORDER_MARK)))
    return tuple(sorted(found, key=lambda file: file.path))


def _format_module(module: Module, data: bytes, *, taken: set[str]) -> bytes:
    """The content of one module in order; `data` itself when it cannot even be decoded."""
    body = data.removeprefix(BYTE_ORDER_MARK)
    try:
        lines = _LINE.findall(body.decode("utf-8"))
    except UnicodeDecodeError:
        return data
    line_end = "\r\n" if body.count(b"\r\n") * 2 > body.count(b"\n") else "\n"
    edits = [
        *_module_id(module, line_end=line_end),
        *_questions(module.document, lines, taken=taken, line_end=line_end),
    ]
    return "".join(_edited(lines, edits)).encode("utf-8")


def _edited(lines: Sequence[str], edits: Sequence[_Edit]) -> list[str]:
    result = list(lines)
    for edit in sorted(edits, key=lambda edit: edit.first, reverse=True):
        result[edit.first : edit.end] = edit.lines
    return result


# --- ids ---


def _module_id(module: Module, *, line_end: str) -> Iterator[_Edit]:
    """The id that stands in for a missing one, written down below the opening line of the front matter."""
    if module.document.body_line > 1 and "id" not in module.document.key_lines:
        yield _Edit(1, 1, (f"id: {module.id}{line_end}",))


def free_id(heading: str, taken: set[str]) -> str:
    """An id made of the words of a heading that no other question has; it is then taken."""
    wanted = automatic_anchor(heading)
    if len(wanted) > LONGEST_ID:
        wanted = wanted[: LONGEST_ID + 1].rpartition("-")[0] or wanted[:LONGEST_ID]
    name, number = wanted, 2
    while name in taken:
        tail = f"-{number}"
        name, number = f"{wanted[: LONGEST_ID - len(tail)].rstrip('-')}{tail}", number + 1
    taken.add(name)
    return name


def _with_id(line: str, name: str) -> str | None:
    """The heading line with `{#id}`, or with `#id` put into its braces; None when it is no such heading."""
    content = line.rstrip("\r\n")
    match = _HEADING.fullmatch(content)
    if match is None:
        return None
    inside = (match["braces"] or "{}")[1:-1].strip()
    braces = f"{{#{name} {inside}}}" if inside else f"{{#{name}}}"
    close = f" {match['close'].strip()}" if match["close"] else ""
    return f"{match['text'].rstrip()} {braces}{close}{line[len(content) :]}"


# --- questions ---


def _questions(document: Document, lines: Sequence[str], *, taken: set[str], line_end: str) -> Iterator[_Edit]:
    spoilt = _spoilt_lines(document)
    for question in document.questions.questions:
        first, end = question.first_line - 1, question.end_line - 1
        heading = None
        if not question.id:
            name = free_id(question.heading.source, taken)
            heading = _with_id(lines[first], name)
            if heading is None or f"#{name}" not in heading:
                continue
            yield _Edit(first, first + 1, (heading,))
        if not spoilt.intersection(range(first + 1, end + 1)):
            yield from _canonical(document, question, lines, line_end=line_end)


def _spoilt_lines(document: Document) -> frozenset[int]:
    """The lines (from 1) at which reading found an error: nobody but the author knows what is meant there."""
    problems = document.environment.get("problems", [])
    assert isinstance(problems, list)
    return frozenset(problem.line for problem in problems if problem.severity is Severity.ERROR)


def _canonical(document: Document, question: Question, lines: Sequence[str], *, line_end: str) -> Iterator[_Edit]:
    """The body of a question in canonical form, unless it is so already or the rewriting would lose something.

    The heading stays as the author wrote it; blank lines at the end of the section stay too.
    """
    first, end = question.first_line, question.end_line - 1
    while end > first and not lines[end - 1].strip():
        end -= 1
    if not lines[first - 1].lstrip(" ").startswith("#"):
        return
    language = str(document.environment.get("language", "de"))
    written = write_question(question, language=language).rstrip("\n").split("\n")[1:]
    old = [line.rstrip() for line in lines[first:end]]
    if Counter(filter(None, old)) == Counter(filter(None, written)):
        return  # Only blank lines or the order of feedback lines differ, which is the author's choice.
    if _is_same(question, lines[first - 1], written, old, language=language):
        yield _Edit(first, end, tuple(line + line_end for line in written))


def _is_same(question: Question, heading: str, written: list[str], old: list[str], *, language: str) -> bool:
    """True when the rewritten section reads as the same question and every word of the old one is still there."""
    # Case may change in a sign only: `(X)` becomes `(x)`.
    if Counter(_WORDS.findall("\n".join(old).lower())) - Counter(_WORDS.findall("\n".join(written).lower())):
        return False
    source = "\n".join([heading.rstrip("\r\n"), *written, ""]).encode("utf-8")
    read = read_document("", source, language=language).document
    if read is None or len(read.questions.questions) != 1:
        return False
    return replace(read.questions.questions[0], attributes=question.attributes) == question


_WORDS = re.compile(r"\w+")

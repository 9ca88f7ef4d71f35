"""Reads one Markdown file: bytes to text, front matter to fields, body to tokens; once, for all who need it."""

from dataclasses import dataclass

from courses.course import Document
from courses.markdown.limits import LARGEST_TEXT, too_much
from courses.markdown.parser import course_markdown
from courses.reading.fields import Fields
from courses.reading.frontmatter import CutText, Mapping, cut_front_matter, read_yaml
from quizzes.problems import Problem
from quizzes.questions import QuestionSet

TEXT_LIMIT = LARGEST_TEXT
DEFAULT_LANGUAGE = "de"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
OTHER_BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")
NO_FIELDS = Mapping({}, {}, 1, 1)


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A file as read. `document` is None when nothing could be made of it.

    `fields` are None when the front matter cannot be read: then nothing can be said of what is missing in it.
    A text without front matter has empty fields.
    """

    document: Document | None
    fields: Fields | None
    problems: tuple[Problem, ...]


def read_document(path: str, data: bytes, *, language: str | None = None) -> ReadDocument:
    """Reads the file `path` of a course. Without `language`, its own `lang` decides how questions are opened.

    Problems carry `path`. A wrong encoding is reported and then read as Windows-1252, so that the rest is checked too.
    """
    text, problems = decoded(data)
    if text is None:
        return ReadDocument(None, None, _in_file(problems, path))
    cut = cut_front_matter(text)
    fields, yaml_problems = _fields(cut)
    document, body_problems = _document(path, text, cut, fields or Fields(NO_FIELDS), language=language)
    problems += [*cut.problems, *yaml_problems, *body_problems]
    return ReadDocument(document, fields, _in_file(problems, path))


def decoded(data: bytes) -> tuple[str | None, list[Problem]]:
    """The text with Unix line ends, or None when the file is too large or in no encoding of 8-bit characters."""
    if len(data) > TEXT_LIMIT:
        return None, [too_large(len(data))]
    if data.startswith(OTHER_BYTE_ORDER_MARKS):
        return None, [Problem("E001", 1, parameters={"byte": f"{data[0]:02X}", "lines": data.count(b"\n") + 1})]
    problems = [Problem("W131", 1)] if data.startswith(BYTE_ORDER_MARK) else []
    data = data.removeprefix(BYTE_ORDER_MARK).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        lines = sum("\ufffd" in line for line in data.decode("utf-8", "replace").split("\n"))
        problems.append(_bad_byte(data, error.start, lines=lines))
        text = data.decode("cp1252", "replace")
    else:
        if "\0" in text:
            lines = sum("\0" in line for line in text.split("\n"))
            problems.append(_bad_byte(data, data.index(b"\0"), lines=lines))
    text = text.replace("\0", "\ufffd")
    refusal = too_much(text)
    return (text, problems) if refusal is None else (None, [*problems, refusal])


def too_large(size: int) -> Problem:
    """E010 for a text of `size` bytes."""
    return Problem("E010", 1, parameters={"kilobytes": size // 1024, "limit": TEXT_LIMIT // 1024})


def _bad_byte(data: bytes, place: int, *, lines: int) -> Problem:
    line_start = data.rfind(b"\n", 0, place) + 1
    column = len(data[line_start:place].decode("utf-8", "replace")) + 1
    line = data.count(b"\n", 0, place) + 1
    return Problem("E001", line, column, {"byte": f"{data[place]:02X}", "lines": lines})


def _fields(cut: CutText) -> tuple[Fields | None, list[Problem]]:
    if cut.problems:
        return None, []
    if cut.yaml is None:
        return Fields(NO_FIELDS), []
    mapping, problems = read_yaml(cut.yaml, first_line=cut.yaml_line)
    return (None if mapping is None else Fields(mapping)), problems


def _own_language(fields: Fields) -> str:
    # Looked at without asking for it: whether this file may name a language is decided by its reader.
    value = fields.written("lang")
    return value if isinstance(value, str) and value else DEFAULT_LANGUAGE


def _document(
    path: str, text: str, cut: CutText, fields: Fields, *, language: str | None
) -> tuple[Document, list[Problem]]:
    spoken = language or _own_language(fields)
    environment: dict[str, object] = {"language": spoken}
    # Empty lines in the place of the front matter: so the maps of all tokens count from the file's first line.
    tokens = course_markdown(language=spoken).parse("\n" * (cut.body_line - 1) + cut.body, environment)
    found = environment.get("problems", [])
    questions = environment.get("questions", QuestionSet())
    assert isinstance(found, list)
    assert isinstance(questions, QuestionSet)
    document = Document(
        path=path,
        text=text,
        front_matter={key: fields.written(key) for key in fields.names()},
        key_lines={key: fields.line(key) for key in fields.names()},
        body_line=cut.body_line,
        tokens=tuple(tokens),
        environment=environment,
        questions=questions,
    )
    return document, found


def _in_file(problems: list[Problem], path: str) -> tuple[Problem, ...]:
    return tuple(problem.moved(path=path) for problem in problems)

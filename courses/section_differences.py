"""What changed in the running text of a file, section by section. Questions are `courses.question_differences`'."""

from collections.abc import Iterator
from dataclasses import dataclass

from courses.course import Document
from courses.likeness import alike_pairs
from courses.plain_text import plain_text
from quizzes.problems import Problem


@dataclass(slots=True)
class TextSection:
    """The text under one heading, without deeper sections and questions. The opening of a file has an empty title."""

    title: str
    line: int
    text: str = ""


def text_sections(document: Document) -> dict[str, TextSection]:
    """The sections by heading; the second of the same heading is "Heading (2)"."""
    lines = document.text.split("\n")
    section = TextSection("", document.body_line)
    found = {"": section}
    for index, token in enumerate(document.tokens):
        if token.level or not token.map or token.type == "question":
            continue
        first, end = token.map
        if token.type == "heading_open":
            title = plain_text(document.tokens[index + 1].children or ())
            name, count = title, 1
            while name in found:
                count += 1
                name = f"{title} ({count})"
            section = found[name] = TextSection(name, first + 1)
        elif token.nesting >= 0:
            section.text += " ".join("\n".join(lines[first:end]).split()) + "\n"
    return found


def section_differences(before: Document, after: Document, *, module: str) -> Iterator[Problem]:
    """D301 to D304 between two states of a file; `module` is the title to name."""
    old, new = text_sections(before), text_sections(after)
    removed = [(name, section.text) for name, section in old.items() if name not in new and section.text]
    added = [(name, section.text) for name, section in new.items() if name not in old and section.text]
    renamed = dict(alike_pairs(removed, added))
    for name, section in new.items():
        parameters = {"section": name, "module": module}
        if name in old:
            if section.text != old[name].text:
                yield Problem("D303", section.line, parameters=parameters, path=after.path)
        elif name not in renamed.values():
            yield Problem("D301", section.line, parameters=parameters, path=after.path)
    for name, section in old.items():
        if name in renamed:
            other = renamed[name]
            shown = {"before": name, "after": other, "module": module}
            yield Problem("D304", new[other].line, parameters=shown, path=after.path)
        elif name not in new:
            yield Problem("D302", section.line, parameters={"section": name, "module": module}, path=before.path)

"""What changed in the running text of a file, section by section. For questions see `question_differences`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from courses.comparing.likeness import alike_pairs
from courses.course import Document
from courses.markdown.plain_text import plain_text
from quizzes.problems import Problem

QUESTIONS = ("question", "broken_question")


@dataclass(slots=True)
class TextSection:
    """The text under one heading, without deeper sections and questions. The opening of a file has an empty title."""

    title: str
    line: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines `first` to `end` (from 0, end excluded) of the file; `heading` is the title where they are one."""

    first: int
    end: int
    heading: str | None


def text_sections(document: Document) -> dict[str, TextSection]:
    """The sections by heading; the second of the same heading is "Heading (2)"."""
    lines = document.text.split("\n")
    section = TextSection("", document.body_line)
    found = {"": section}
    # By line, because the parser hangs all footnotes on at the end.
    for block in sorted(_blocks(document.tokens), key=lambda block: block.first):
        if block.heading is None:
            section.text += " ".join("\n".join(lines[block.first : block.end]).split()) + "\n"
            continue
        name, count = block.heading, 1
        while name in found:
            count += 1
            name = f"{block.heading} ({count})"
        section = found[name] = TextSection(name, block.first + 1)
    return found


def _blocks(tokens: Sequence[Token]) -> Iterator[_Block]:
    """The blocks of running text: those at the top, and those inside a footnote."""
    top = 0
    for index, token in enumerate(tokens):
        if token.type in ("footnote_open", "footnote_close"):
            top = max(token.nesting, 0)
        elif token.level == top and token.nesting >= 0 and token.map and token.type not in QUESTIONS:
            is_heading = token.type == "heading_open"
            heading = plain_text(tokens[index + 1].children or ()) if is_heading else None
            yield _Block(token.map[0], token.map[1], heading)


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

"""A document as the checks read it: every piece of prose with its origin, its section and its lines.

Built once per document so that no check walks the tokens again. It holds no opinion; those are in the sibling modules.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import assert_never

from markdown_it.token import Token

from courses.course import Document
from courses.markdown.outline import Section, sections
from courses.markdown.sections import SectionRole
from courses.markdown.sentences import Block, Place, Sentence, blocks
from courses.markdown.sentences import sentences as sentences_of
from quizzes.problems import ParameterValue, Problem
from quizzes.questions import (
    Cloze,
    FreeText,
    Matching,
    MultipleChoice,
    NumberInput,
    Ordering,
    Passage,
    Question,
    ShortText,
    SingleChoice,
)


class Origin(StrEnum):
    """Where a piece of prose comes from."""

    TEXT = "text"
    STEM = "stem"
    ANSWER = "answer"
    FEEDBACK = "feedback"


@dataclass(frozen=True, slots=True)
class Extract:
    """A block of prose with what stands around it."""

    origin: Origin
    role: SectionRole | None
    block: Block
    sentences: tuple[Sentence, ...]

    @property
    def is_running_text(self) -> bool:
        """What counts as reading: no headings, no tables, no questions, no job aid, no list of sources."""
        return (
            self.origin is Origin.TEXT
            and self.block.place in (Place.PARAGRAPH, Place.ITEM)
            and self.role not in (SectionRole.JOB_AID, SectionRole.SOURCES)
        )


@dataclass(frozen=True)
class Manuscript:
    """A document, its sections and its prose. `language` is the language it is written in (BCP 47)."""

    document: Document
    language: str
    sections: tuple[Section, ...]
    extracts: tuple[Extract, ...]

    @classmethod
    def of(cls, document: Document, *, language: str) -> "Manuscript":
        """Read the tokens of `document` once."""
        parts = sections(document.tokens)
        extracts = tuple(
            Extract(origin, role, block, sentences_of(block, language=language))
            for origin, role, block in _prose(document, parts)
        )
        return cls(document, language, parts, extracts)

    @property
    def running_words(self) -> int:
        """Words of running text: rubric K5 counts without tables, job aid, sources and questions."""
        return sum(extract.block.words for extract in self.extracts if extract.is_running_text)

    @cached_property
    def lines(self) -> list[str]:
        """The lines of the file, for columns."""
        return self.document.text.split("\n")

    def column(self, line: int, excerpt: str) -> int:
        """The column (from 1) at which `excerpt` begins in `line`; 1 where the source spells it otherwise."""
        found = self.lines[line - 1].find(excerpt) if excerpt and 0 < line <= len(self.lines) else -1
        return found + 1 if found >= 0 else 1

    def problem(self, code: str, line: int, *, at: str = "", **parameters: ParameterValue) -> Problem:
        """A problem of this file; its column is where the words `at` stand in the line."""
        return Problem(code, line, self.column(line, at), parameters, self.document.path)

    def problem_in(self, code: str, sentence: Sentence, *, at: str, **parameters: ParameterValue) -> Problem:
        """A problem with the words `at` of a sentence, on the line on which they stand."""
        offset = sentence.start + max(sentence.text.find(at), 0)
        return self.problem(code, sentence.block.line_at(offset), at=at, **parameters)


def beginning(text: str, *, words: int = 6) -> str:
    """The first words of a text, to name it in a message."""
    parts = text.split()
    return " ".join(parts) if len(parts) <= words else " ".join(parts[:words]) + " …"


def _prose(document: Document, parts: tuple[Section, ...]) -> Iterator[tuple[Origin, SectionRole | None, Block]]:
    for section in parts:
        if section.title:
            yield (
                Origin.TEXT,
                section.role,
                Block(Place.HEADING, section.title, section.line),
            )
        run: list[Token] = []
        for token in section.tokens:
            if token.type != "question":
                run.append(token)
                continue
            yield from _run(run, section)
            run = []
            question = document.questions.questions[token.meta["position"]]
            for origin, passage in passages(question):
                for block in blocks(passage.tokens, first_line=passage.line):
                    yield origin, SectionRole.QUESTIONS, block
        yield from _run(run, section)


def _run(tokens: list[Token], section: Section) -> Iterator[tuple[Origin, SectionRole | None, Block]]:
    for block in blocks(tokens, first_line=section.line):
        yield Origin.TEXT, section.role, block


def passages(question: Question) -> Iterator[tuple[Origin, Passage]]:
    """Every piece of prose of a question in about the order of the source."""
    yield Origin.STEM, question.heading
    yield Origin.STEM, question.stem
    for origin, passage in _of_answer(question):
        if passage is not None:
            yield origin, passage
    for hint in question.hints:
        yield Origin.FEEDBACK, hint
    if question.explanation is not None:
        yield Origin.FEEDBACK, question.explanation


def _of_answer(question: Question) -> Iterator[tuple[Origin, Passage | None]]:
    match question.answer:
        case SingleChoice(options=options) | MultipleChoice(options=options):
            for option in options:
                yield Origin.ANSWER, option.text
                yield Origin.FEEDBACK, option.feedback
        case Matching(pairs=pairs, distractors=distractors, remarks=remarks):
            for pair in pairs:
                yield Origin.ANSWER, pair.left
                yield Origin.ANSWER, pair.right
                yield Origin.FEEDBACK, pair.feedback
            for distractor in distractors:
                yield Origin.ANSWER, distractor
            yield from ((Origin.FEEDBACK, remark) for remark in (remarks.right, remarks.otherwise))
        case Ordering(items=items, allowed=allowed, mistakes=mistakes, remarks=remarks):
            yield from ((Origin.ANSWER, item) for item in items)
            yield from ((Origin.FEEDBACK, line.feedback) for line in allowed)
            yield from ((Origin.FEEDBACK, line.feedback) for line in mistakes)
            yield from ((Origin.FEEDBACK, remark) for remark in (remarks.right, remarks.otherwise))
        case ShortText() | NumberInput():
            for accepted in question.answer.accepted:
                yield Origin.FEEDBACK, accepted.feedback
            for mistake in question.answer.mistakes:
                yield Origin.FEEDBACK, mistake.feedback
            remarks = question.answer.remarks
            yield from ((Origin.FEEDBACK, remark) for remark in (remarks.right, remarks.otherwise))
        case Cloze(mistakes=gap_mistakes, remarks=remarks):
            yield from ((Origin.FEEDBACK, gap_mistake.feedback) for gap_mistake in gap_mistakes)
            yield from ((Origin.FEEDBACK, remark) for remark in (remarks.right, remarks.otherwise))
        case FreeText():
            return
        case _:
            assert_never(question.answer)

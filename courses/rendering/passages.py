"""The texts of a question as HTML: what is asked, the answers, the feedback; without tokens, ready to be stored.

Labels (heading, option, pair, item) become phrases, because they stand in a `legend`, a `label` or an `option`;
all other passages become blocks. A cloze is split at its gaps.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar, assert_never

from markdown_it.token import Token

from courses.rendering.pages import assembled
from courses.rendering.prose import Page, Prose
from quizzes.questions import (
    Accepted,
    Answer,
    Cloze,
    FreeText,
    Matching,
    Mistake,
    MultipleChoice,
    NumberInput,
    Option,
    Ordering,
    Pair,
    Passage,
    Question,
    Remarks,
    ShortText,
    SingleChoice,
)

Pattern = TypeVar("Pattern")


def rendered_question(question: Question, page: Page) -> Question:
    """`question` with `pieces` in every passage and no tokens left."""
    return replace(
        question,
        heading=_label(question.heading, page),
        stem=_blocks(question.stem, page),
        answer=_answer(question.answer, page),
        hints=tuple(_blocks(hint, page) for hint in question.hints),
        explanation=_optional(question.explanation, page),
    )


def _answer(answer: Answer, page: Page) -> Answer:
    match answer:
        case SingleChoice() | MultipleChoice():
            return replace(answer, options=tuple(_option(option, page) for option in answer.options))
        case ShortText():
            return replace(
                answer,
                accepted=_accepted(answer.accepted, page),
                mistakes=_mistakes(answer.mistakes, page),
                remarks=_remarks(answer.remarks, page),
            )
        case NumberInput():
            return replace(
                answer,
                accepted=_accepted(answer.accepted, page),
                mistakes=_mistakes(answer.mistakes, page),
                remarks=_remarks(answer.remarks, page),
            )
        case Matching():
            return replace(
                answer,
                pairs=tuple(_pair(pair, page) for pair in answer.pairs),
                distractors=tuple(_label(one, page) for one in answer.distractors),
                remarks=_remarks(answer.remarks, page),
            )
        case Ordering():
            return replace(
                answer,
                items=tuple(_label(item, page) for item in answer.items),
                allowed=_accepted(answer.allowed, page),
                mistakes=_mistakes(answer.mistakes, page),
                remarks=_remarks(answer.remarks, page),
            )
        case Cloze():
            mistakes = tuple(replace(one, feedback=_optional(one.feedback, page)) for one in answer.mistakes)
            return replace(answer, mistakes=mistakes, remarks=_remarks(answer.remarks, page))
        case FreeText():
            return answer
        case _:
            assert_never(answer)


def _option(option: Option, page: Page) -> Option:
    return replace(option, text=_label(option.text, page), feedback=_optional(option.feedback, page))


def _pair(pair: Pair, page: Page) -> Pair:
    return Pair(_label(pair.left, page), _label(pair.right, page), _optional(pair.feedback, page))


def _accepted(lines: Sequence[Accepted[Pattern]], page: Page) -> tuple[Accepted[Pattern], ...]:
    return tuple(replace(line, feedback=_optional(line.feedback, page)) for line in lines)


def _mistakes(lines: Sequence[Mistake[Pattern]], page: Page) -> tuple[Mistake[Pattern], ...]:
    return tuple(replace(line, feedback=_optional(line.feedback, page)) for line in lines)


def _remarks(remarks: Remarks, page: Page) -> Remarks:
    return Remarks(_optional(remarks.right, page), _optional(remarks.otherwise, page))


def _optional(passage: Passage | None, page: Page) -> Passage | None:
    return None if passage is None else _blocks(passage, page)


def _blocks(passage: Passage, page: Page) -> Passage:
    prose = Prose(page, is_question=True)
    prose.blocks(passage.tokens)
    return replace(passage, tokens=(), pieces=assembled(prose))


def _label(passage: Passage, page: Page) -> Passage:
    prose = Prose(page, is_question=True)
    for number, line in enumerate(_lines(passage.tokens)):
        if number:
            prose.html("<br>")
        prose.phrases(line)
    return replace(passage, tokens=(), pieces=assembled(prose))


def _lines(tokens: Sequence[Token]) -> list[Sequence[Token]]:
    """The phrases of a label, one run a block: no block element may stand in a label."""
    lines: list[Sequence[Token]] = []
    for token in tokens:
        if token.type == "inline":
            lines.append(token.children or ())
        elif token.type in ("fence", "code_block"):
            lines.append([Token("code_inline", "code", 0, content=token.content.strip())])
    return lines

"""How long a module is: words, questions asked, minutes, points; and its words for the search."""

import re
from collections.abc import Sequence
from decimal import Decimal

from courses.course import Module, Reading
from courses.markdown.plain_text import block_text
from quizzes.questions import Question, QuestionSet

WORDS_A_MINUTE = 180
MINUTES_A_QUESTION = 1
STEP = 5

_WORD = re.compile(r"\w+(?:[-'’.,]\w+)*")


def count_words(text: str) -> int:
    """Words as a reader counts them: `Ist-Prozess` and `1.006,00` are one each."""
    return sum(1 for _ in _WORD.finditer(text))


def minutes(words: int, *, questions: int, task_minutes: int) -> int:
    """Words / 180 + 1 minute a question + the stated task minutes, rounded half up to 5, at least 5."""
    exact = words / WORDS_A_MINUTE + questions * MINUTES_A_QUESTION + task_minutes
    return max(STEP, int(exact / STEP + 0.5) * STEP)


def reading_of(module: Module, text: str) -> Reading:
    """The length of `module`, whose prose is `text`."""
    asked = asked_questions(module.document.questions, draw=module.rules.draw if module.rules else None)
    words = count_words(text)
    return Reading(
        words=words,
        questions=len(asked),
        minutes=minutes(words, questions=len(asked), task_minutes=module.task_minutes),
        points=sum((question.points for question in asked), Decimal(0)),
    )


def asked_questions(questions: QuestionSet, *, draw: int | None) -> tuple[Question, ...]:
    """As many questions as one attempt asks: pools give as many as they draw, a test no more than its own `draw`.

    Critical questions come first, because they are always drawn; apart from that the order of the text decides, so with
    questions of different worth the points of an attempt may differ.
    """
    left_out = {position for pool in questions.pools if pool.draw is not None for position in pool.members[pool.draw :]}
    candidates = [question for position, question in enumerate(questions.questions) if position not in left_out]
    if draw is None or draw >= len(candidates):
        return tuple(candidates)
    return tuple(sorted(candidates, key=lambda question: not question.attributes.is_must)[:draw])


def search_text(prose: str, questions: Sequence[Question]) -> str:
    """What the search may find and show: the prose and what is asked, never an answer or an explanation."""
    asked = (f"{question.heading.source}\n{block_text(question.stem.tokens)}".strip() for question in questions)
    return "\n".join(line for line in (prose, *asked) if line)

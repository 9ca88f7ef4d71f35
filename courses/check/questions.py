"""How well questions teach (rules M5 and M6, rubric K8): their number, kinds and cases, their feedback, their answers.

Whether a question can be read and graded at all is decided in `quizzes`; here it parsed and is judged as a colleague
would judge it. Feedback is counted in words and characters as a learner reads it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import assert_never

from courses.check.manuscript import Manuscript, beginning
from courses.course import Course, CourseKind, Module, ModuleType
from courses.markdown.sentences import Block, blocks, count_words, sentences
from quizzes.problems import Problem
from quizzes.questions import (
    Accepted,
    Cloze,
    FreeText,
    GapMistake,
    Matching,
    Mistake,
    MultipleChoice,
    NumberInput,
    NumberRange,
    Option,
    Ordering,
    Passage,
    Precedence,
    Question,
    Remarks,
    ShortText,
    SingleChoice,
    TextPattern,
)

FINAL_QUESTIONS = (5, 6)
LEAST_KINDS = 3
LEAST_CASES = 2
FEEDBACK_CHARACTERS = 60
OPTION_FEEDBACK_WORDS = 15
OTHER_FEEDBACK_WORDS = 10
MOST_FEEDBACK_WORDS = 60
# A case tells a situation before it asks: two sentences and about as many words as these.
CASE_WORDS = 15


def check_questions(manuscript: Manuscript, course: Course, module: Module) -> Iterator[Problem]:
    """All didactic findings about the questions of one module."""
    questions = manuscript.document.questions.questions
    if module.type is ModuleType.LESSON and course.kind is not CourseKind.NOTICE:
        yield from _final_questions(
            manuscript, [question for question in questions if not question.attributes.is_before]
        )
    if module.type is ModuleType.TEST:
        yield from _bank(manuscript, module)
    for question in questions:
        if question.attributes.is_before or isinstance(question.answer, FreeText):
            yield from _resolution(manuscript, question)
        if not question.attributes.is_before:
            yield from _feedback(manuscript, question)
        yield from _answers(manuscript, question)


# --- M5: number, kinds, cases ---


def _final_questions(manuscript: Manuscript, questions: Sequence[Question]) -> Iterator[Problem]:
    if not questions:
        return  # That the part is missing has been said already (W607).
    line, count = questions[0].first_line, len(questions)
    least, most = FINAL_QUESTIONS
    if not least <= count <= most:
        yield manuscript.problem("W610", line, count=count, least=least, most=most)
    kinds = len({question.kind for question in questions})
    if kinds < min(LEAST_KINDS, count):
        yield manuscript.problem("W611", line, count=kinds, least=LEAST_KINDS)
    cases = sum(1 for question in questions if _is_case(question))
    if cases < min(LEAST_CASES, count):
        yield manuscript.problem("W612", line, count=cases, least=LEAST_CASES)


def _is_case(question: Question) -> bool:
    """A situation, then a decision: several sentences before the answers, and words enough to picture it."""
    told = [*_blocks(question.heading), *_blocks(question.stem)]
    words = sum(block.words for block in told)
    return words >= CASE_WORDS and sum(len(sentences(block)) for block in told) >= 2


def _bank(manuscript: Manuscript, module: Module) -> Iterator[Problem]:
    draw = module.rules.draw if module.rules is not None else None
    size = len(manuscript.document.questions.questions)
    if draw and size < 2 * draw <= 2 * size:
        line = manuscript.document.key_lines.get("draw", manuscript.document.body_line)
        yield manuscript.problem("W625", line, draw=draw, size=size)


# --- M6: feedback ---


@dataclass(frozen=True, slots=True)
class _Answered:
    """Something a learner may answer: its name for a message, its line, its feedback and how long that has to be."""

    name: str
    line: int
    feedback: Passage | None
    is_option: bool = False


def _resolution(manuscript: Manuscript, question: Question) -> Iterator[Problem]:
    if question.explanation is None:
        yield manuscript.problem("W617", question.first_line, at=question.heading.source)


def _feedback(manuscript: Manuscript, question: Question) -> Iterator[Problem]:
    for answered in _answered(question):
        if answered.feedback is None:
            yield manuscript.problem("W613", answered.line, at=answered.name, answer=beginning(answered.name))
        else:
            yield from _length(manuscript, answered.feedback, is_option=answered.is_option)


def _answered(question: Question) -> Iterator[_Answered]:
    match question.answer:
        case SingleChoice(options=options) | MultipleChoice(options=options):
            for option in options:
                yield _Answered(option.text.source, option.text.line, option.feedback, is_option=True)
        case Matching(pairs=pairs, remarks=remarks):
            for pair in pairs:
                # What stands under the question for all that is right and wrong serves every pair.
                feedback = pair.feedback or remarks.right or question.explanation
                yield _Answered(pair.left.source, pair.left.line, feedback)
        case Ordering(allowed=allowed, mistakes=mistakes, remarks=remarks):
            yield from _lines(question, [*allowed, *mistakes], remarks)
        case ShortText(accepted=words, mistakes=mistakes_of_words, remarks=remarks):
            yield from _lines(question, [*words, *mistakes_of_words], remarks)
        case NumberInput(accepted=numbers, mistakes=mistakes_of_numbers, remarks=remarks):
            yield from _lines(question, [*numbers, *mistakes_of_numbers], remarks)
        case Cloze(mistakes=mistakes_of_gaps, remarks=remarks):
            yield from _lines(question, [*mistakes_of_gaps], remarks)
        case FreeText():
            return
        case _:
            assert_never(question.answer)


_Line = (
    Accepted[TextPattern]
    | Accepted[NumberRange]
    | Accepted[Precedence]
    | Mistake[TextPattern]
    | Mistake[NumberRange]
    | Mistake[Precedence]
    | GapMistake
)


def _lines(question: Question, lines: Sequence[_Line], remarks: Remarks) -> Iterator[_Answered]:
    """Typed and ordered answers: the lines that have feedback, and one for what is right and for everything else."""
    name, line = question.heading.source, question.first_line
    given = [entry for entry in lines if entry.feedback is not None]
    yield from (_Answered(name, line, entry.feedback) for entry in given)
    right = [entry.feedback for entry in given if isinstance(entry, Accepted)]
    wrong = [entry.feedback for entry in given if not isinstance(entry, Accepted)]
    for feedback in (remarks.right, remarks.otherwise):
        if feedback is not None:
            yield _Answered(name, line, feedback)
    if question.explanation is None and not ((remarks.right or right) and (remarks.otherwise or wrong)):
        yield _Answered(name, line, None)


_VERDICTS = frozenset(
    re.findall(
        r"\w+",
        "richtig falsch leider nein ja stimmt nicht ganz genau korrekt das ist war sehr gut gemacht prima super fast "
        "schade so noch einmal bitte versuchen sie es "
        "right wrong correct incorrect yes no not quite well done good that is sorry try again",
    )
)


def _length(manuscript: Manuscript, feedback: Passage, *, is_option: bool) -> Iterator[Problem]:
    text = " ".join(block.text for block in _blocks(feedback))
    words, characters = count_words(text), len(text)
    least = OPTION_FEEDBACK_WORDS if is_option else OTHER_FEEDBACK_WORDS
    least_characters = FEEDBACK_CHARACTERS if is_option else 0
    line, at = feedback.line, feedback.source[:20]
    if all(word in _VERDICTS for word in re.findall(r"\w+", text.casefold())):
        yield manuscript.problem("W616", line, at=at, feedback=text)
    elif words < least or characters < least_characters:
        yield manuscript.problem(
            "W614",
            line,
            at=at,
            words=words,
            characters=characters,
            least=least,
            least_characters=least_characters or FEEDBACK_CHARACTERS,
        )
    elif words > MOST_FEEDBACK_WORDS:
        yield manuscript.problem("W615", line, at=at, words=words, most=MOST_FEEDBACK_WORDS)


# --- K8: answers ---

_MOST_SINGLE = 4
_MULTIPLE = (4, 6)
_TELLTALE = re.compile(
    r"\b(immer|nie|niemals|stets|keinesfalls|auf keinen Fall|ausnahmslos|always|never)\b", re.IGNORECASE
)
_NUMBERS = {2: "zwei two beide both 2", 3: "drei three 3", 4: "vier four 4", 5: "fünf five 5", 6: "sechs six 6"}
# Longer words carry meaning; shorter ones ("welche", "Schritt") return in any answer.
_TELLING_WORD = re.compile(r"\b\w{7,}\b")


def _answers(manuscript: Manuscript, question: Question) -> Iterator[Problem]:
    match question.answer:
        case SingleChoice(options=options):
            if len(options) > _MOST_SINGLE:
                yield manuscript.problem("W621", question.first_line, count=len(options), expected="single_options")
            yield from _telltale(manuscript, options)
            yield from _echo(manuscript, question, options)
        case MultipleChoice(options=options):
            least, most = _MULTIPLE
            if not least <= len(options) <= most:
                yield manuscript.problem("W621", question.first_line, count=len(options), expected="multiple_options")
            yield from _telltale(manuscript, options)
            yield from _number_of_right(manuscript, question, options)
        case _:
            return


def _telltale(manuscript: Manuscript, options: Sequence[Option]) -> Iterator[Problem]:
    for option in options:
        match = _TELLTALE.search(option.text.source)
        if match is not None:
            yield manuscript.problem("W623", option.text.line, at=match[0], word=match[0])


def _number_of_right(manuscript: Manuscript, question: Question, options: Sequence[Option]) -> Iterator[Problem]:
    right = sum(option.is_right for option in options)
    told = f"{question.heading.source} {question.stem.source}".casefold()
    if right in _NUMBERS and not set(_NUMBERS[right].split()) & set(re.findall(r"\w+", told)):
        yield manuscript.problem("W622", question.first_line, count_word=str(right))


def _echo(manuscript: Manuscript, question: Question, options: Sequence[Option]) -> Iterator[Problem]:
    """A telling word of the question that the right option alone repeats."""
    asked = set(_TELLING_WORD.findall(f"{question.heading.source} {question.stem.source}".casefold()))
    wrong = " ".join(option.text.source for option in options if not option.is_right).casefold()
    for option in options:
        if option.is_right:
            words = _TELLING_WORD.findall(option.text.source)
            echoed = (word for word in words if word.casefold() in asked and word.casefold() not in wrong)
            word = next(echoed, None)
            if word is not None:
                yield manuscript.problem("W624", option.text.line, at=word, word=word)


def _blocks(passage: Passage) -> list[Block]:
    return list(blocks(passage.tokens, first_line=passage.line))

"""Whether a translated file asks the same questions as its source (E501 to E503). What to do then, others decide."""

from collections.abc import Iterator
from typing import assert_never

from courses.course import Document
from quizzes.problems import ParameterValue, Problem
from quizzes.questions import (
    ChoiceGap,
    Cloze,
    FreeText,
    Matching,
    MultipleChoice,
    NumberInput,
    Ordering,
    Question,
    ShortText,
    SingleChoice,
)


def translation_faults(source: Document, translated: Document) -> Iterator[Problem]:
    """What keeps the questions of `translated` from standing for those of `source`, at their lines in `translated`."""
    known = {question.id: question for question in source.questions.questions if question.id}
    found = {question.id for question in translated.questions.questions}
    for question in translated.questions.questions:
        if question.id in known:
            yield from _in_file(translated, _question_faults(known[question.id], question))
        else:
            parameters = {"id": question.id or question.heading.source, "fault": "extra"}
            yield Problem("E501", question.first_line, parameters=parameters, path=translated.path)
    for question_id in known:
        if question_id not in found:
            yield Problem("E501", 1, parameters={"id": question_id, "fault": "missing"}, path=translated.path)


def _in_file(document: Document, problems: Iterator[Problem]) -> Iterator[Problem]:
    return (problem.moved(path=document.path) for problem in problems)


def _question_faults(source: Question, translated: Question) -> Iterator[Problem]:
    line = translated.first_line
    if source.kind is not translated.kind:
        parameters = {"id": source.id, "fault": "kind", "source": source.kind, "found": translated.kind}
        yield Problem("E502", line, parameters=parameters)
        return
    counts = [fault for fault in _counts(source, translated) if fault["source"] != fault["found"]]
    for fault in counts:
        yield Problem("E502", line, parameters={"id": source.id, **fault})
    if not counts:
        for fault in _key_faults(source, translated):
            yield Problem("E503", line, parameters={"id": source.id, **fault})


def _counted(fault: str, source: int, found: int) -> dict[str, ParameterValue]:
    return {"fault": fault, "source": source, "found": found}


def _counts(source: Question, translated: Question) -> Iterator[dict[str, ParameterValue]]:
    """What has to be equally many (or at the same place) in both, counted in both."""
    match source.answer, translated.answer:
        case SingleChoice() | MultipleChoice() as one, SingleChoice() | MultipleChoice() as other:
            yield _counted("options", len(one.options), len(other.options))
        case Matching() as one, Matching() as other:
            yield _counted("pairs", len(one.pairs), len(other.pairs))
            yield _counted("distractors", len(one.distractors), len(other.distractors))
        case Ordering() as one, Ordering() as other:
            yield _counted("items", len(one.items), len(other.items))
        case Cloze() as one, Cloze() as other:
            yield _counted("gaps", len(one.gaps), len(other.gaps))
            for number, (gap, its_translation) in enumerate(zip(one.gaps, other.gaps, strict=False), 1):
                yield {**_counted("choices", _choices(gap), _choices(its_translation)), "number": number}
                yield {**_counted("position", _right(gap), _right(its_translation)), "number": number}
        case _:
            # A typed answer has its own accepted lines in each language, a free text has none.
            return


def _choices(gap: object) -> int:
    return len(gap.choices) if isinstance(gap, ChoiceGap) else 0


def _right(gap: object) -> int:
    return gap.right + 1 if isinstance(gap, ChoiceGap) else 0


def _key_faults(source: Question, translated: Question) -> Iterator[dict[str, ParameterValue]]:
    """Where a translation would score otherwise: another right option, other points. What it omits is inherited."""
    for number, (one, other) in enumerate(zip(_signs(source), _signs(translated), strict=True), 1):
        if one != other:
            yield {"fault": "option", "number": number}
    own, inherited = translated.attributes, source.attributes
    if own.points is not None and own.points != source.points:
        yield {"fault": "points", "number": 0}
    if own.is_partial is not None and own.is_partial != (inherited.is_partial is not False):
        yield {"fault": "partial", "number": 0}


def _signs(question: Question) -> tuple[bool, ...]:
    match question.answer:
        case SingleChoice(options) | MultipleChoice(options):
            return tuple(option.is_right for option in options)
        case ShortText() | NumberInput() | Matching() | Ordering() | Cloze() | FreeText():
            return ()
        case _ as never:
            assert_never(never)

"""Everything that a page says about an answered question, computed: verdicts in words, explanations, the solution.

What may be shown is decided here once: the parts of a choice question always answer the whole question; of all other
kinds the solution appears only when it is asked for (`shows_solution`), so that a second try is worth making.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import assert_never

from markupsafe import Markup, escape

from learning.language import decimal_text, ngettext, number_text
from learning.language import gettext as _
from learning.study.questions.pages import inline, side_passage
from learning.web.links import Link
from learning.web.rendering import finished_html, joined
from quizzes.display import Display
from quizzes.feedback import Feedback, Part, PartVerdict, Verdict
from quizzes.questions import (
    ChoiceGap,
    Cloze,
    FreeText,
    Matching,
    MultipleChoice,
    NumberInput,
    NumberRange,
    Ordering,
    Question,
    ShortText,
    SingleChoice,
    TextGap,
    TextPattern,
)
from quizzes.responses import Choice, Filled, Matched, Ordered, Response, Typed, Written


class Look(StrEnum):
    """How a line is marked: the icon and colour of templates/shared/question.html, always beside words."""

    RIGHT = "right"
    WRONG = "wrong"
    MISSED = "missed"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One part of an answer: the verdict in words, what it is about, why."""

    look: Look
    verdict: str
    text: Markup
    why: Markup | None = None


@dataclass(frozen=True, slots=True)
class FeedbackPage:
    """The answer to an answer. `solution` is empty unless it may be shown; `can_show_solution` offers it."""

    look: Look
    verdict: str
    sentence: str
    lines: tuple[AnswerLine, ...]
    remarks: tuple[Markup, ...]
    solution: tuple[Markup, ...]
    explanation: Markup | None
    can_show_solution: bool
    read_on: Link | None


def feedback_page(
    display: Display, response: Response, told: Feedback, *, shows_solution: bool, read_on: Link | None = None
) -> FeedbackPage:
    """What to say about `response`, which `quizzes.feedback` has judged as `told`."""
    question = display.question
    is_choice = isinstance(question.answer, SingleChoice | MultipleChoice)
    is_settled = shows_solution or is_choice or told.verdict in (Verdict.RIGHT, Verdict.UNSCORED)
    has_solution = not is_choice and told.verdict not in (Verdict.RIGHT, Verdict.UNSCORED)
    explanation = question.explanation if is_settled else None
    return FeedbackPage(
        look=LOOK_OF[told.verdict],
        verdict=verdict_text(told.verdict),
        sentence=_sentence(question, told),
        lines=tuple(_lines(display, response, told)),
        remarks=tuple(finished_html(passage.html) for passage in told.remarks),
        solution=tuple(solution(question)) if has_solution and shows_solution else (),
        explanation=finished_html(explanation.html) if explanation else None,
        can_show_solution=has_solution and not shows_solution,
        read_on=read_on,
    )


def unanswered_page(question: Question, *, shows_solution: bool, read_on: Link | None = None) -> FeedbackPage:
    """What is said about a question that was left open."""
    return FeedbackPage(
        look=Look.NEUTRAL,
        verdict=_("Auflösung") if question.attributes.is_before else _("Nicht beantwortet"),
        sentence="",
        lines=tuple(_right_options(question)) if shows_solution else (),
        remarks=(),
        solution=tuple(solution(question)) if shows_solution else (),
        explanation=finished_html(question.explanation.html) if shows_solution and question.explanation else None,
        can_show_solution=False,
        read_on=read_on,
    )


def without_solution(page: FeedbackPage) -> FeedbackPage:
    """The bare verdict, for tests whose solutions are not shown."""
    return replace(page, sentence="", lines=(), remarks=(), solution=(), explanation=None, can_show_solution=False)


LOOK_OF = {
    Verdict.RIGHT: Look.RIGHT,
    Verdict.PARTLY: Look.MISSED,
    Verdict.WRONG: Look.WRONG,
    Verdict.UNSCORED: Look.NEUTRAL,
}


def verdict_text(verdict: Verdict) -> str:
    """The verdict on the whole answer in words."""
    match verdict:
        case Verdict.RIGHT:
            return _("Richtig")
        case Verdict.PARTLY:
            return _("Zum Teil richtig")
        case Verdict.WRONG:
            return _("Noch nicht richtig")
        case Verdict.UNSCORED:
            return _("Danke")
        case _:
            assert_never(verdict)


def _sentence(question: Question, told: Feedback) -> str:
    """How much of the answer is right, as a sentence; for the kinds where the verdict alone does not say it."""
    right = sum(part.verdict is PartVerdict.RIGHT for part in told.parts)
    match question.answer:
        case MultipleChoice(options):
            count = sum(option.is_right for option in options)
            return ngettext(
                "Sie haben %(right)s von %(num)s passenden Antwort gefunden.",
                "Sie haben %(right)s von %(num)s passenden Antworten gefunden.",
                count,
                right=number_text(right),
            )
        case Matching(pairs):
            return _("%(right)s von %(count)s Zuordnungen stimmen.", right=right, count=len(pairs))
        case Ordering(items):
            steps = len(items) - 1
            return _("%(right)s von %(count)s Übergängen stimmen.", right=int(told.grade.fraction * steps), count=steps)
        case Cloze(gaps) if len(gaps) > 1:
            return _("%(right)s von %(count)s Lücken sind richtig gefüllt.", right=right, count=len(gaps))
        case FreeText():
            return _("Vergleichen Sie Ihre Antwort mit der Erklärung.")
        case NumberInput() if told.understood_as:
            return _("Verstanden als %(number)s.", number=decimal_text(Decimal(told.understood_as)))
        case SingleChoice() | ShortText() | NumberInput() | Cloze():
            return ""
        case _:
            assert_never(question.answer)


def _lines(display: Display, response: Response, told: Feedback) -> Iterator[AnswerLine]:
    """The parts in the order in which they were shown."""
    question = display.question
    match question.answer, response:
        case ((SingleChoice() | MultipleChoice()), Choice()):
            for position in display.order:
                yield _option_line(question, told.parts[position])
        case Matching(pairs), Matched(choices):
            for part, side in zip(told.parts, choices, strict=True):
                right = escape("–") if side is None else finished_html(inline(side_passage(question, side)))
                left = finished_html(inline(pairs[part.position].left))
                yield _part_line(part, joined([left, " → ", right]), is_open=side is None)
        case Ordering(items), Ordered(places):
            for position in _by_place(display, places):
                place = places[position]
                number = "–" if place is None else str(place + 1)
                text = joined([number, ". ", finished_html(inline(items[position]))])
                wrong = _("Gehört an eine andere Stelle")
                yield _part_line(told.parts[position], text, is_open=place is None, wrong=wrong)
        case Cloze(gaps), Filled(values):
            for part, gap, value in zip(told.parts, gaps, values, strict=True):
                shown = "–" if value is None else value if isinstance(value, str) else _choice_text(gap, value)
                text = joined([_("Lücke %(number)d", number=part.position + 1), ": ", shown])
                yield _part_line(part, text, is_open=value is None)
        case _, (Typed(text) | Written(text)):
            yield AnswerLine(LOOK_OF[told.verdict], _("Ihre Antwort"), escape(text))
        case _:
            return


def _by_place(display: Display, places: tuple[int | None, ...]) -> list[int]:
    """Items in the order that the learner gave them; those without a place last, as they were shown."""
    return sorted(display.order, key=lambda item: (places[item] is None, places[item] or 0))


def _choice_text(gap: ChoiceGap | TextGap, value: int) -> str:
    return gap.choices[value] if isinstance(gap, ChoiceGap) else str(value)


def _option_line(question: Question, part: Part) -> AnswerLine:
    answer = question.answer
    assert isinstance(answer, SingleChoice | MultipleChoice)
    is_single = isinstance(answer, SingleChoice)
    match part.verdict:
        case PartVerdict.RIGHT:
            look, verdict = Look.RIGHT, _("Richtig · Ihre Auswahl")
        case PartVerdict.WRONG:
            look, verdict = Look.WRONG, _("Nicht richtig · Ihre Auswahl")
        case PartVerdict.MISSED if is_single:
            look, verdict = Look.RIGHT, _("Das ist richtig")
        case PartVerdict.MISSED:
            look, verdict = Look.MISSED, _("Fehlt · gehört dazu")
        case PartVerdict.AVOIDED if is_single:
            look, verdict = Look.NEUTRAL, _("Passt hier nicht")
        case PartVerdict.AVOIDED:
            look, verdict = Look.NEUTRAL, _("Richtig nicht gewählt")
        case _:
            assert_never(part.verdict)
    return AnswerLine(look, verdict, finished_html(inline(answer.options[part.position].text)), _why(part))


def _part_line(part: Part, text: Markup, *, is_open: bool, wrong: str = "") -> AnswerLine:
    if part.verdict is PartVerdict.RIGHT:
        return AnswerLine(Look.RIGHT, _("Richtig"), text, _why(part))
    verdict = _("Nicht beantwortet") if is_open else wrong or _("Noch nicht richtig")
    return AnswerLine(Look.WRONG, verdict, text, _why(part))


def _why(part: Part) -> Markup | None:
    return finished_html(part.passage.html) if part.passage else None


def _right_options(question: Question) -> Iterator[AnswerLine]:
    if isinstance(question.answer, SingleChoice | MultipleChoice):
        for option in question.answer.options:
            if option.is_right:
                why = finished_html(option.feedback.html) if option.feedback else None
                yield AnswerLine(Look.RIGHT, _("Richtig"), finished_html(inline(option.text)), why)


def solution(question: Question) -> Iterator[Markup]:
    """The right answer, line by line; nothing for choices, whose lines already say it, and for free text."""
    match question.answer:
        case ShortText(accepted):
            yield escape(pattern_text(accepted[0].pattern))
        case NumberInput(accepted):
            yield escape(range_text(accepted[0].pattern))
        case Matching(pairs):
            for pair in pairs:
                yield joined([finished_html(inline(pair.left)), " → ", finished_html(inline(pair.right))])
        case Ordering(items):
            for number, item in enumerate(items, start=1):
                yield joined([f"{number}. ", finished_html(inline(item))])
        case Cloze(gaps):
            for number, gap in enumerate(gaps, start=1):
                yield joined([_("Lücke %(number)d", number=number), ": ", gap_text(gap)])
        case SingleChoice() | MultipleChoice() | FreeText():
            return
        case _:
            assert_never(question.answer)


def gap_text(gap: TextGap | ChoiceGap) -> str:
    """The right filling of a gap, the first where several are right."""
    if isinstance(gap, ChoiceGap):
        return gap.choices[gap.right]
    first = gap.accepted[0]
    return range_text(first) if isinstance(first, NumberRange) else pattern_text(first)


def pattern_text(pattern: TextPattern) -> str:
    """An accepted text for reading: `...` becomes the sign for an omission."""
    return pattern.text.replace("...", "…")


def range_text(number: NumberRange) -> str:
    """An accepted number for reading: the value where there is one, else the range."""
    unit = f"\N{NO-BREAK SPACE}{number.unit}" if number.unit else ""
    if number.value is not None or number.low == number.high:
        return decimal_text(number.low if number.value is None else number.value) + unit
    return _("%(low)s bis %(high)s", low=decimal_text(number.low), high=decimal_text(number.high)) + unit

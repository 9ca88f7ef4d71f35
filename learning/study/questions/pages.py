"""Everything that a page needs to draw one question, computed: open, answered, in a test, in its review.

The solution is in these values only when it may be shown, so a template cannot give it away. Drawing is the work of
templates/shared/question.html; grading and the order of display that of `quizzes`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from markupsafe import Markup

from learning.language import gettext as _
from learning.language import ngettext
from learning.web.links import SelectChoice
from learning.web.rendering import finished_html, gap_number, joined, plain_text
from quizzes.display import Display
from quizzes.questions import (
    ChoiceGap,
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
from quizzes.responses import Response


@dataclass(frozen=True, slots=True)
class OptionField:
    """One radio button or check box; `id` is unique on the page."""

    id: str
    value: str
    text: Markup
    is_checked: bool


@dataclass(frozen=True, slots=True)
class SelectRow:
    """An item or left side with its drop-down."""

    name: str
    text: Markup
    label: str
    choices: tuple[SelectChoice, ...]


@dataclass(frozen=True, slots=True)
class GapField:
    """A gap in the text: a drop-down if it has `choices`, else a field to type into. `html` follows it."""

    name: str
    label: str
    value: str
    choices: tuple[SelectChoice, ...]
    html: Markup


@dataclass(frozen=True, slots=True)
class QuestionFields:
    """What a learner can fill in, whatever its kind. `hint` says how, `typed` holds what was typed before."""

    hint: str
    options: tuple[OptionField, ...] = ()
    rows: tuple[SelectRow, ...] = ()
    gaps: tuple[GapField, ...] = ()
    typed: str = ""


@dataclass(frozen=True, slots=True)
class QuestionFrame:
    """The question itself: its text and hints.

    In a text with gaps, `stem` ends where the first gap begins; `whole_stem` is all of it.
    """

    id: str
    field: str
    kind: str
    eyebrow: str
    heading: Markup
    stem: Markup
    whole_stem: Passage
    hints: tuple[Markup, ...]
    is_multiple: bool

    @property
    def anchor(self) -> str:
        """The id of the question's element; no heading of a text can have it."""
        return f"frage-{self.id}"

    @property
    def stem_to_read(self) -> Markup:
        """The whole stem with numbers for gaps."""
        return _with_numbers(self.whole_stem)


def frame(question: Question, *, eyebrow: str, shows_hints: bool) -> QuestionFrame:
    """The text of a question without anything of its solution."""
    is_cloze = isinstance(question.answer, Cloze)
    return QuestionFrame(
        id=question.id,
        field=f"f-{question.id}",
        kind=question.kind.value,
        eyebrow=eyebrow,
        heading=finished_html(question.heading.html),
        stem=finished_html(question.stem.pieces[0] if is_cloze and question.stem.pieces else question.stem.html),
        whole_stem=question.stem,
        hints=tuple(finished_html(hint.html) for hint in question.hints) if shows_hints else (),
        is_multiple=isinstance(question.answer, MultipleChoice),
    )


def _with_numbers(stem: Passage) -> Markup:
    numbers = [gap_number(at + 1) for at in range(len(stem.pieces) - 1)] + [""]
    return joined(part for pair in zip(stem.pieces, numbers, strict=True) for part in (finished_html(pair[0]), pair[1]))


def fields(display: Display, response: Response | None = None) -> QuestionFields:
    """The fields of a question as displayed, with what was answered before."""
    shown = display.fields(response)
    question = display.question
    match question.answer:
        case SingleChoice():
            hint = _("Eine Antwort ist richtig.")
            return QuestionFields(hint, options=tuple(_options(display, shown)))
        case MultipleChoice():
            hint = _("Mehrere Antworten können richtig sein.")
            return QuestionFields(hint, options=tuple(_options(display, shown)))
        case ShortText():
            return QuestionFields(_("Ein Wort oder wenige Wörter genügen."), typed=_first(shown, display.field))
        case NumberInput():
            return QuestionFields(_("Geben Sie eine Zahl ein."), typed=_first(shown, display.field))
        case FreeText():
            hint = _("Ihre Antwort wird nicht bewertet. Sie vergleichen sie danach mit der Erklärung.")
            return QuestionFields(hint, typed=_first(shown, display.field))
        case Matching():
            return QuestionFields(_("Wählen Sie zu jeder Zeile, was dazugehört."), rows=tuple(_pairs(display, shown)))
        case Ordering():
            return QuestionFields(_("Geben Sie jedem Eintrag seinen Platz."), rows=tuple(_places(display, shown)))
        case Cloze():
            hint = ngettext("Füllen Sie die Lücke.", "Füllen Sie die %(num)d Lücken.", len(question.answer.gaps))
            return QuestionFields(hint, gaps=tuple(_gaps(display, shown)))
        case _:
            assert_never(question.answer)


Shown = dict[str, tuple[str, ...]]


def _first(shown: Shown, name: str) -> str:
    return next(iter(shown.get(name, ())), "")


def _options(display: Display, shown: Shown) -> Iterator[OptionField]:
    answer = display.question.answer
    assert isinstance(answer, SingleChoice | MultipleChoice)
    ticked = shown.get(display.field, ())
    for value, position in enumerate(display.order):
        text = finished_html(inline(answer.options[position].text))
        yield OptionField(f"{display.field}-{value}", str(value), text, str(value) in ticked)


def _pairs(display: Display, shown: Shown) -> Iterator[SelectRow]:
    answer = display.question.answer
    assert isinstance(answer, Matching)
    sides = [plain_text(side_passage(display.question, position).html) for position in display.choices]
    for row, pair in enumerate(answer.pairs):
        name = f"{display.field}-{row}"
        chosen = _first(shown, name)
        choices = tuple(SelectChoice(str(at), side, str(at) == chosen) for at, side in enumerate(sides))
        label = _("Was gehört zu „%(left)s“?", left=plain_text(pair.left.html))
        yield SelectRow(name, finished_html(inline(pair.left)), label, choices)


def _places(display: Display, shown: Shown) -> Iterator[SelectRow]:
    answer = display.question.answer
    assert isinstance(answer, Ordering)
    for row, position in enumerate(display.order):
        name = f"{display.field}-{row}"
        chosen = _first(shown, name)
        choices = tuple(SelectChoice(str(at), str(at + 1), str(at) == chosen) for at in range(len(display.order)))
        item = answer.items[position]
        yield SelectRow(
            name, finished_html(inline(item)), _("Platz für „%(item)s“", item=plain_text(item.html)), choices
        )


def _gaps(display: Display, shown: Shown) -> Iterator[GapField]:
    answer = display.question.answer
    assert isinstance(answer, Cloze)
    pieces = display.question.stem.pieces
    for number, gap in enumerate(answer.gaps):
        name = f"{display.field}-{number}"
        value = _first(shown, name)
        label = _("Lücke %(number)d von %(count)d", number=number + 1, count=len(answer.gaps))
        choices: tuple[SelectChoice, ...] = ()
        if isinstance(gap, ChoiceGap):
            texts = [gap.choices[position] for position in display.gap_choices[number]]
            choices = tuple(SelectChoice(str(at), text, str(at) == value) for at, text in enumerate(texts))
        html = pieces[number + 1] if number + 1 < len(pieces) else ""
        yield GapField(name, label, value, choices, finished_html(html))


def inline(passage: Passage) -> str:
    """The HTML of a passage for a place that allows no paragraphs, such as a label: one paragraph loses its frame."""
    html = passage.html.strip()
    if html.startswith("<p>") and html.endswith("</p>") and html.count("<p>") == 1:
        return html[len("<p>") : -len("</p>")]
    return html


def side_passage(question: Question, position: int) -> Passage:
    """The right side of a matching at a source position: those of the pairs first, then the distractors."""
    answer = question.answer
    assert isinstance(answer, Matching)
    sides = (*(pair.right for pair in answer.pairs), *answer.distractors)
    return sides[position]

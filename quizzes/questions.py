"""The questions themselves: a closed set of kinds as frozen values. Reading, writing and grading live beside this.

Positions of options, pairs, items and gaps count from 0 in the order of the source text ("source positions").
What a learner sees has display positions of its own (`quizzes.attempts`); the two never mix.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Generic, TypeAlias, TypeVar

from markdown_it.token import Token

Pattern = TypeVar("Pattern")


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of Markdown inside a question.

    `source` is the text as written, dedented, without trailing white space; it alone decides equality.
    `tokens` are its block tokens while the document is being read; `pieces` its HTML once rendered: the text between
    the gaps, so one more piece than the passage has gaps. `canonical` is the text without what does not change its
    meaning (white space, bullet style), for fingerprints.
    """

    source: str
    canonical: str = field(default="", compare=False, repr=False)
    tokens: tuple[Token, ...] = field(default=(), compare=False, repr=False)
    pieces: tuple[str, ...] = field(default=(), compare=False, repr=False)
    line: int = field(default=0, compare=False)
    column: int = field(default=1, compare=False)

    @property
    def html(self) -> str:
        """The rendered passage as a whole; a passage with gaps is drawn from its `pieces` instead."""
        return "".join(self.pieces)


class Kind(StrEnum):
    """The closed set of question kinds. True/false is a single choice of two options."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TEXT = "text"
    NUMBER = "number"
    MATCHING = "matching"
    ORDERING = "ordering"
    CLOZE = "cloze"
    FREE_TEXT = "free_text"


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a single or multiple choice question."""

    text: Passage
    is_right: bool
    feedback: Passage | None = None


@dataclass(frozen=True, slots=True)
class SingleChoice:
    """Exactly one option is right. Two options are true/false or its like and are never shuffled."""

    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class MultipleChoice:
    """Several options may be right; at least one is right and at least one wrong."""

    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class TextPattern:
    """An accepted or expected text. `...` in it stands for any text, unless `is_quoted`: quotes keep all as it is."""

    text: str
    is_quoted: bool = False


@dataclass(frozen=True, slots=True)
class NumberRange:
    """The numbers from `low` to `high`, both included. How the author wrote it stays readable for writing back.

    `value` and `tolerance` are set for `a ± t`; `tolerance_is_percent` when t is relative to the value.
    A plain number has tolerance 0. A range `a bis b` has neither. `written` is the author's own spelling, if known.
    """

    low: Decimal
    high: Decimal
    unit: str = ""
    value: Decimal | None = None
    tolerance: Decimal = Decimal(0)
    tolerance_is_percent: bool = False
    written: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Accepted(Generic[Pattern]):
    """A line `- = …`: what counts as right, with the feedback that this very answer earns."""

    pattern: Pattern
    feedback: Passage | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Mistake(Generic[Pattern]):
    """A line `- ! …`: an expected mistake. It never counts; it brings exactly the fitting feedback."""

    pattern: Pattern
    feedback: Passage | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Remarks:
    """`- = richtig` and `- ! sonst`: feedback for every right answer, and for everything not named otherwise."""

    right: Passage | None = None
    otherwise: Passage | None = None


@dataclass(frozen=True, slots=True)
class ShortText:
    """A typed word or phrase; any of `accepted` is right."""

    accepted: tuple[Accepted[TextPattern], ...]
    mistakes: tuple[Mistake[TextPattern], ...] = ()
    remarks: Remarks = Remarks()


@dataclass(frozen=True, slots=True)
class NumberInput:
    """A typed number; any of `accepted` is right."""

    accepted: tuple[Accepted[NumberRange], ...]
    mistakes: tuple[Mistake[NumberRange], ...] = ()
    remarks: Remarks = Remarks()


@dataclass(frozen=True, slots=True)
class Pair:
    """A left side and the right side that belongs to it."""

    left: Passage
    right: Passage
    feedback: Passage | None = None


@dataclass(frozen=True, slots=True)
class Matching:
    """Pairs to find; `distractors` are further right sides that belong to nothing.

    Right sides are numbered pairs first, then distractors. Equal right sides are interchangeable.
    """

    pairs: tuple[Pair, ...]
    distractors: tuple[Passage, ...] = ()
    remarks: Remarks = Remarks()


@dataclass(frozen=True, slots=True)
class Precedence:
    """`n vor m`: item `first` stands before item `second` (source positions), against the written order."""

    first: int
    second: int


@dataclass(frozen=True, slots=True)
class Ordering:
    """Items in their right order. `allowed` names deviations that count as right, `mistakes` those that explain."""

    items: tuple[Passage, ...]
    allowed: tuple[Accepted[Precedence], ...] = ()
    mistakes: tuple[Mistake[Precedence], ...] = ()
    remarks: Remarks = Remarks()


@dataclass(frozen=True, slots=True)
class TextGap:
    """A gap to type into; numbers are accepted like in a number question when all patterns are numbers."""

    accepted: tuple[TextPattern, ...] | tuple[NumberRange, ...]
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class ChoiceGap:
    """A drop-down in the text; `right` is the position of the right choice."""

    choices: tuple[str, ...]
    right: int
    line: int = field(default=0, compare=False)


Gap: TypeAlias = TextGap | ChoiceGap


@dataclass(frozen=True, slots=True)
class GapMistake:
    """An expected mistake of gap `gap` (source position), or of any gap when it is None."""

    gap: int | None
    pattern: TextPattern | NumberRange
    feedback: Passage | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Cloze:
    """Gaps in the stem, in reading order."""

    gaps: tuple[Gap, ...]
    mistakes: tuple[GapMistake, ...] = ()
    remarks: Remarks = Remarks()


@dataclass(frozen=True, slots=True)
class FreeText:
    """A field to write in; never scored, the learner compares with the explanation."""


Answer: TypeAlias = SingleChoice | MultipleChoice | ShortText | NumberInput | Matching | Ordering | Cloze | FreeText


@dataclass(frozen=True, slots=True)
class Attributes:
    """What the braces at the end of the heading say. None means: not written, the default holds.

    `written` keeps the author's own words of attributes that have a German alias (`mischen=nein`) for writing back.
    """

    id: str = ""
    points: Decimal | None = None
    is_shuffled: bool | None = None
    is_partial: bool | None = None
    is_case_sensitive: bool | None = None
    is_must: bool = False
    is_refresher: bool = False
    is_before: bool = False
    objective: str = ""
    about: str = ""
    written: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Question:
    """One question as written. `first_line` and `end_line` bound its section in the file, counted from 1, end excluded.

    `heading` is the text after `Frage:` without attributes; `stem` what stands between it and the answers (for a cloze
    it holds the gaps). `keyword` is the word the author opened it with, `level` the heading's level.
    """

    heading: Passage
    stem: Passage
    answer: Answer
    attributes: Attributes = Attributes()
    hints: tuple[Passage, ...] = ()
    explanation: Passage | None = None
    keyword: str = field(default="Frage", compare=False)
    level: int = field(default=2, compare=False)
    first_line: int = field(default=0, compare=False)
    end_line: int = field(default=0, compare=False)

    @property
    def id(self) -> str:
        """The id in the text, unique in its course; empty while the author has not given one."""
        return self.attributes.id

    @property
    def kind(self) -> Kind:
        """The kind, derived from the answers alone."""
        return KIND_OF[type(self.answer)]

    @property
    def points(self) -> Decimal:
        """What a full answer is worth: 1 unless written otherwise, 0 where nothing is scored."""
        if isinstance(self.answer, FreeText) or self.attributes.is_before:
            return Decimal(0)
        return Decimal(1) if self.attributes.points is None else self.attributes.points


KIND_OF: dict[type, Kind] = {
    SingleChoice: Kind.SINGLE,
    MultipleChoice: Kind.MULTIPLE,
    ShortText: Kind.TEXT,
    NumberInput: Kind.NUMBER,
    Matching: Kind.MATCHING,
    Ordering: Kind.ORDERING,
    Cloze: Kind.CLOZE,
    FreeText: Kind.FREE_TEXT,
}


@dataclass(frozen=True, slots=True)
class Pool:
    """Questions of which `draw` are taken (None: all). `title` is the heading after its keyword.

    `members` are positions in the `questions` of the set. `keyword`, `level` and `written` are kept for writing back.
    """

    id: str
    title: str
    draw: int | None
    members: tuple[int, ...]
    line: int = field(default=0, compare=False)
    keyword: str = field(default="Fragenpool", compare=False)
    level: int = field(default=2, compare=False)
    written: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """All questions of one document in source order (those in pools included) and its pools."""

    questions: tuple[Question, ...] = ()
    pools: tuple[Pool, ...] = ()

"""A course as values: what its front matter says, its modules, its translations. No files, no Markdown rules here."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from markdown_it.token import Token

from quizzes.attempts import TestRules
from quizzes.questions import QuestionSet


class CourseKind(StrEnum):
    """What a course is to the people who meet it."""

    VOLUNTARY = "voluntary"
    MANDATORY = "mandatory"
    INSTRUCTION = "instruction"
    NOTICE = "notice"


class Level(StrEnum):
    """How far a course goes; the words of the format are German because authors write them."""

    BASICS = "grundlagen"
    ADVANCED = "aufbau"
    IN_DEPTH = "vertiefung"


class Area(StrEnum):
    """The five areas of the skill framework."""

    PROCESS = "prozess"
    PROJECT = "projekt"
    DIGITAL = "digital"
    PARTICIPATION = "beteiligung"
    LEARNING = "lernen"


class ModuleType(StrEnum):
    """A lesson practises, a test is handed in once and scored."""

    LESSON = "lesson"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class ExpertRelease:
    """Who released the statements of a module in their field, when, and for what. None fields: still open."""

    by: str = ""
    on: datetime.date | None = None
    scope: str = ""

    @property
    def is_open(self) -> bool:
        """True until a person has put a name to it."""
        return not self.by


@dataclass(frozen=True, slots=True)
class Document:
    """One Markdown file, read once: for the checks, for rendering, for search.

    `text` is the decoded file with plain line ends. `front_matter` maps keys to plain values, `key_lines` to lines.
    `body_line` is the line (from 1) at which the body begins; the maps of all `tokens` count from the first line of
    the file, so `token.map[0] + 1` is the line to report. `tokens` has one `question` token a question, whose
    `meta["position"]` is its index in `questions.questions`.
    """

    path: str
    text: str
    front_matter: Mapping[str, object]
    key_lines: Mapping[str, int]
    body_line: int
    tokens: tuple[Token, ...]
    environment: Mapping[str, object]
    questions: QuestionSet


@dataclass(frozen=True, slots=True)
class Module:
    """One file of a course in its order. `language` differs from the course's only when a translation falls back."""

    id: str
    slug: str
    number: int
    title: str
    type: ModuleType
    document: Document
    objectives: tuple[str, ...] = ()
    task_minutes: int = 0
    is_optional: bool = False
    rules: TestRules | None = None
    requires: tuple[str, ...] = ()
    reviewed: datetime.date | None = None
    review_by: datetime.date | None = None
    expert_release: ExpertRelease | None = None
    language: str = "de"

    @property
    def path(self) -> str:
        """The file's path inside the course folder."""
        return self.document.path


@dataclass(frozen=True, slots=True)
class Term:
    """One entry of the glossary; `line` in glossary.md."""

    name: str
    explanation: str
    line: int


@dataclass(frozen=True, slots=True)
class Fact:
    """A dated statement of the register `content/facts.yaml`, shown with its date and source."""

    key: str
    texts: Mapping[str, str]
    source: str
    as_of: datetime.date
    review_by: datetime.date | None
    owner: str = ""

    def text_in(self, language: str) -> str:
        """The statement in `language`, else in the first language that it was written in."""
        return self.texts.get(language) or next(iter(self.texts.values()), "")


@dataclass(frozen=True, slots=True)
class Course:
    """Everything that one folder says. `description` is the document of course.md.

    `shared_terms` come from the glossary of the whole library; the course's own glossary goes before.
    """

    slug: str
    id: str
    title: str
    language: str
    description: Document
    modules: tuple[Module, ...]
    summary: str = ""
    authors: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    level: Level | None = None
    objectives: tuple[str, ...] = ()
    valid: str = ""
    reviewed: datetime.date | None = None
    review_by: datetime.date | None = None
    license: str = ""
    skills: Mapping[str, int] = field(default_factory=dict)
    area: Area | None = None
    kind: CourseKind = CourseKind.VOLUNTARY
    repeat: str = ""
    legal_basis: tuple[str, ...] = ()
    valid_from: datetime.date | None = None
    valid_until: datetime.date | None = None
    is_acknowledged: bool = False
    glossary: tuple[Term, ...] = ()
    shared_terms: tuple[Term, ...] = ()
    translations: Mapping[str, "Translation"] = field(default_factory=dict)

    @property
    def terms(self) -> tuple[Term, ...]:
        """All terms that are explained in this course, its own first."""
        own = {term.name for term in self.glossary}
        return (*self.glossary, *(term for term in self.shared_terms if term.name not in own))


@dataclass(frozen=True, slots=True)
class Translation:
    """The overlay of one language: documents by the name of the source file they replace."""

    language: str
    documents: Mapping[str, Document]
    glossary: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What is computed about a module's length, never written by the author."""

    words: int
    questions: int
    minutes: int
    points: Decimal

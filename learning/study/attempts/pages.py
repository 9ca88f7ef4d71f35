"""The pages of a test while it is taken, computed: its rules, one question at a time, handing in."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from markupsafe import Markup

from learning.language import gettext as _
from learning.language import ngettext
from learning.library.addresses import CourseAddresses
from learning.library.pieces import TextPiece, text_pieces
from learning.study.attempts.attempt import Answers, Attempt
from learning.study.lessons.pages import Lesson
from learning.study.questions.pages import QuestionFields, QuestionFrame, fields, frame
from learning.web.links import Link, NamedFact
from quizzes.attempts import Show, TestRules
from quizzes.questions import Question

Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Keeping:
    """How a page of a stored attempt keeps answers; the preview keeps nothing and has none.

    `person` binds answers that wait in the browser to who gave them. `item`, `version` and `request_key` belong to the
    question of the page. `saved_text` says when something was saved last; `mistake` what came between.
    `seconds_left` counts down where the test has a time limit.
    """

    address: str
    pages_address: str
    attempt: str
    person: str
    item: int = -1
    version: int = 0
    request_key: str = ""
    saved_text: str = ""
    mistake: str = ""
    seconds_left: int | None = None


@dataclass(frozen=True, slots=True)
class TestStartPage:
    """All that templates/study/test.html prints."""

    __test__ = False

    title: str
    language: str
    lead: str
    course: Link
    attempt_address: str
    state: Fields
    segments: tuple[TextPiece, ...]
    rules: tuple[str, ...]
    facts: tuple[NamedFact, ...]
    can_begin: bool
    begin_text: str = ""
    closed_text: str = ""
    results: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One question of a test in the overview."""

    number: int
    is_answered: bool
    is_current: bool


@dataclass(frozen=True, slots=True)
class OpenStep:
    """A question that lacks an answer, on the page before handing in. `ear` completes its button for screen readers."""

    number: int
    heading: Markup
    note: str
    ear: str


@dataclass(frozen=True, slots=True)
class TestQuestionPage:
    """All that templates/study/test_question.html prints; `count_text` has {done} for the number of answers."""

    __test__ = False

    title: str
    course: Link
    rules: tuple[str, ...]
    attempt_address: str
    state: Fields
    position_text: str
    frame: QuestionFrame
    fields: QuestionFields
    previous_value: str
    next_value: str
    next_text: str
    steps: tuple[Step, ...]
    answered_text: str
    count_text: str
    keeping: Keeping | None = None


@dataclass(frozen=True, slots=True)
class HandInPage:
    """All that templates/study/hand_in.html prints."""

    title: str
    lead: str
    course: Link
    attempt_address: str
    state: Fields
    steps: tuple[Step, ...]
    open_steps: tuple[OpenStep, ...]
    keeping: Keeping | None = None


def attempt_address(lesson: Lesson) -> str:
    """Where the forms of a test are sent."""
    return f"{module_address(lesson)}/versuch"


def module_address(lesson: Lesson) -> str:
    """The first page of a test."""
    return CourseAddresses(lesson.course.slug).module(lesson.module.slug)


def course_link(lesson: Lesson) -> Link:
    """The way back to the course."""
    return Link(CourseAddresses(lesson.course.slug).course(), lesson.course.title)


def start_page(lesson: Lesson, rules: TestRules) -> TestStartPage:
    """The first page of a test."""
    reading = lesson.rendered.reading
    facts = [
        NamedFact(_("Fragen"), str(reading.questions)),
        NamedFact(_("Bestanden ab"), _("%(percent)d Prozent", percent=rules.pass_percent)),
        NamedFact(_("Versuche"), str(rules.attempts) if rules.attempts else _("beliebig viele")),
        NamedFact(_("Dauer"), _("etwa %(minutes)d Minuten", minutes=reading.minutes)),
    ]
    return TestStartPage(
        title=lesson.module.title,
        language=lesson.module.language,
        lead=_("Sie beantworten die Fragen in Ruhe und geben am Ende alles auf einmal ab."),
        course=course_link(lesson),
        attempt_address=attempt_address(lesson),
        state=(),
        segments=text_pieces(lesson.rendered.segments, lesson.prepared),
        rules=tuple(_rules_in_sentences(lesson, rules)),
        facts=tuple(facts),
        can_begin=bool(lesson.rendered.questions),
        begin_text=_("Test beginnen"),
        closed_text=_("In diesem Test steht noch keine Frage."),
    )


def _rules_in_sentences(lesson: Lesson, rules: TestRules) -> Iterator[str]:
    drawn, all_questions = lesson.rendered.reading.questions, len(lesson.rendered.questions)
    if drawn < all_questions:
        yield _("Sie bekommen %(drawn)d von %(all)d Fragen, bei jedem Versuch andere.", drawn=drawn, all=all_questions)
    yield _("Sie antworten in beliebiger Reihenfolge und können jede Antwort bis zur Abgabe ändern.")
    if rules.minutes:
        yield _("Vorgesehen sind %(minutes)d Minuten. Wer mehr Zeit braucht, bekommt sie.", minutes=rules.minutes)
    else:
        yield _("Es gibt keine Zeitbegrenzung. Sie dürfen unterbrechen.")
    if any(question.attributes.is_must for question in lesson.rendered.questions):
        yield _("Einige Fragen sind besonders wichtig: Bestanden ist der Test erst, wenn auch sie richtig sind.")
    match rules.show:
        case Show.AFTER:
            yield _("Nach der Abgabe sehen Sie zu jeder Frage die Lösung und warum sie stimmt.")
        case Show.PASSED:
            yield _("Die Lösungen sehen Sie, sobald Sie bestanden haben.")
        case Show.NEVER:
            yield _("Nach der Abgabe sehen Sie, was richtig war; die Lösungen bleiben verdeckt.")
        case _:
            assert_never(rules.show)
    yield _("Was nicht richtig war, können Sie danach gezielt wiederholen.")
    yield _("Antworten, Punkte und Versuche sehen nur Sie.")


def _rules_in_words(attempt: Attempt) -> Iterator[str]:
    rules = attempt.rules
    if rules.attempts:
        yield _("Versuch %(number)d von %(count)d", number=attempt.number, count=rules.attempts)
    else:
        yield _("Versuch %(number)d", number=attempt.number)
    yield _("bestanden ab %(percent)d Prozent", percent=rules.pass_percent)
    if not rules.minutes:
        yield _("ohne Zeitbegrenzung")


def hidden_state(answers: Answers, place: str, *, without: Question | None = None) -> Fields:
    """The fields that carry an attempt from page to page; `place` is the page they stand on."""
    return (*answers.attempt.state(), ("stelle", place), *answers.state(without=without))


def _steps(answers: Answers, *, current: int | None = None) -> tuple[Step, ...]:
    return tuple(
        Step(index + 1, answers.is_complete(index), index == current) for index in range(len(answers.responses))
    )


def question_page(lesson: Lesson, answers: Answers, *, index: int) -> TestQuestionPage:
    """The question at `index` of an attempt."""
    attempt = answers.attempt
    question, count = attempt.asked[index], len(attempt.asked)
    is_last = index == count - 1
    done = sum(answers.is_complete(at) for at in range(count))
    return TestQuestionPage(
        title=lesson.module.title,
        course=course_link(lesson),
        rules=tuple(_rules_in_words(attempt)),
        attempt_address=attempt_address(lesson),
        state=hidden_state(answers, str(index + 1), without=question),
        position_text=_("Frage %(number)d von %(count)d", number=index + 1, count=count),
        frame=frame(question, eyebrow="", shows_hints=False),
        fields=fields(attempt.display(question), answers.responses[index]),
        previous_value=str(index) if index else "",
        next_value="abgabe" if is_last else str(index + 2),
        next_text=_("Zur Abgabe") if is_last else _("Weiter"),
        steps=_steps(answers, current=index),
        answered_text=_("%(done)s von %(count)d beantwortet.", done=done, count=count),
        count_text=_("%(done)s von %(count)d beantwortet.", done="{done}", count=count),
    )


def hand_in_page(lesson: Lesson, answers: Answers) -> HandInPage:
    """What is still open before an attempt is handed in."""
    opened = tuple(_open_steps(answers))
    lead = (
        ngettext(
            "Eine Frage ist noch offen. Sie können trotzdem abgeben.",
            "%(num)d Fragen sind noch offen. Sie können trotzdem abgeben.",
            len(opened),
        )
        if opened
        else _("Alle Fragen sind beantwortet.")
    )
    return HandInPage(
        title=_("Test abgeben"),
        lead=lead,
        course=course_link(lesson),
        attempt_address=attempt_address(lesson),
        state=hidden_state(answers, "abgabe"),
        steps=_steps(answers),
        open_steps=opened,
    )


def _open_steps(answers: Answers) -> Iterator[OpenStep]:
    for index, question in enumerate(answers.attempt.asked):
        if not answers.is_complete(index):
            note = _("zum Teil beantwortet") if answers.responses[index] else ""
            heading = frame(question, eyebrow="", shows_hints=False).heading
            yield OpenStep(index + 1, heading, note, _("auf Frage %(number)d", number=index + 1))

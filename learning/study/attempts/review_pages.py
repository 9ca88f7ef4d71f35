"""The page of a test that was handed in: its result, and every question with what is said to the answer."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from learning.language import gettext as _
from learning.language import ngettext
from learning.study.attempts.attempt import Answers, Attempt, is_settled
from learning.study.attempts.pages import Fields, attempt_address, course_link, hidden_state, module_address
from learning.study.lessons.pages import Lesson
from learning.study.lessons.practice_pages import section_link
from learning.study.questions.feedback_pages import FeedbackPage, feedback_page, unanswered_page, without_solution
from learning.study.questions.pages import QuestionFrame, frame
from learning.web.links import Link
from quizzes.attempts import Show, TestResult, TestRules, attempts_left
from quizzes.feedback import Feedback

Told: TypeAlias = tuple[Feedback | None, ...]


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """One question of a review."""

    number: int
    title: str
    verdict: str
    is_right: bool
    is_unfolded: bool
    frame: QuestionFrame
    feedback: FeedbackPage


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """All that templates/study/review.html prints.

    `onward` is where to go after passing, with `onward_text` before it; the preview has none. `is_stored`: the page has
    an address of its own, so that its form need not carry the buttons of the header along. `raised_note` says that
    a key was corrected and the result raised by it.
    """

    title: str
    course: Link
    test: Link
    attempt_address: str
    state: Fields
    is_passed: bool
    headline: str
    lead: str
    items: tuple[ReviewItem, ...]
    to_read: tuple[ReviewItem, ...]
    to_read_title: str
    right: tuple[ReviewItem, ...]
    right_title: str
    hidden_note: str
    retry_text: str
    can_repeat: bool
    attempts_text: str
    onward_text: str = ""
    onward: Link | None = None
    is_stored: bool = False
    raised_note: str = ""


def review_page(
    lesson: Lesson, answers: Answers, told: Told, *, whole: TestResult | None = None, kept: int = 0
) -> ReviewPage:
    """The result of an attempt that was handed in, as far as its rules show it; `told` is the feedback on its answers.

    A retry may belong to a `whole` test, with `kept` questions that were right before.
    """
    attempt = answers.attempt
    outcome = whole or answers.result(told)
    shows = attempt.rules.show is Show.AFTER or (attempt.rules.show is Show.PASSED and outcome.is_passed)
    items = tuple(_items(lesson, answers, told, shows_solution=shows))
    wrong, right = [item for item in items if not item.is_right], [item for item in items if item.is_right]
    left = attempts_left(attempt.rules, used=attempt.number)
    return ReviewPage(
        title=lesson.module.title,
        course=course_link(lesson),
        test=Link(module_address(lesson), lesson.module.title),
        attempt_address=attempt_address(lesson),
        state=hidden_state(answers, "ergebnis"),
        is_passed=outcome.is_passed,
        headline=_("%(right)d von %(count)d Fragen richtig", right=len(right) + kept, count=len(items) + kept),
        lead=_lead(attempt, outcome),
        items=items,
        to_read=tuple(wrong),
        to_read_title=ngettext("Eine Frage zum Nachlesen", "%(num)d Fragen zum Nachlesen", len(wrong)),
        right=tuple(right),
        right_title=ngettext("Eine richtige Antwort", "%(num)d richtige Antworten", len(right)),
        hidden_note="" if shows else _hidden_note(attempt.rules),
        retry_text=_("Nur diese Fragen wiederholen") if wrong else "",
        can_repeat=left is None or left > 0,
        attempts_text=_attempts_text(left),
    )


def _lead(attempt: Attempt, outcome: TestResult) -> str:
    percent = outcome.shown_percent
    if attempt.is_retry:
        return _("Das war die Wiederholung. Erreicht: %(percent)d Prozent.", percent=percent)
    if outcome.is_passed:
        return _("Gut gemacht. Erreicht: %(percent)d Prozent.", percent=percent)
    if outcome.missed_must and outcome.exact_percent >= Fraction(attempt.rules.pass_percent):
        return _("Erreicht: %(percent)d Prozent. Eine besonders wichtige Frage fehlt noch.", percent=percent)
    return _(
        "Erreicht: %(percent)d Prozent, nötig sind %(needed)d. Schauen Sie sich die offenen Stellen noch einmal an.",
        percent=percent,
        needed=attempt.rules.pass_percent,
    )


def _hidden_note(rules: TestRules) -> str:
    if rules.show is Show.PASSED:
        return _("Die Lösungen sehen Sie, sobald Sie bestanden haben.")
    return _("Zu diesem Test werden keine Lösungen gezeigt.")


def _attempts_text(left: int | None) -> str:
    if left is None:
        return _("Sie können den Test beliebig oft machen.")
    return ngettext("Noch ein Versuch.", "Noch %(num)d Versuche.", left) if left else _("Das war der letzte Versuch.")


def _items(lesson: Lesson, answers: Answers, told: Told, *, shows_solution: bool) -> Iterator[ReviewItem]:
    attempt = answers.attempt
    is_first_wrong = True
    for index, question in enumerate(attempt.asked):
        one, response = told[index], answers.responses[index]
        read_on = section_link(question, lesson.place_of(question))
        if one is None or response is None:
            page = unanswered_page(question, shows_solution=shows_solution, read_on=read_on)
        else:
            page = feedback_page(
                attempt.display(question), response, one, shows_solution=shows_solution, read_on=read_on
            )
        is_right = is_settled(question, one)
        own_frame = frame(question, eyebrow="", shows_hints=False)
        yield ReviewItem(
            number=index + 1,
            title=_("Frage %(number)d: %(heading)s", number=index + 1, heading=own_frame.heading.striptags()),
            verdict=page.verdict,
            is_right=is_right,
            is_unfolded=not is_right and is_first_wrong,
            frame=own_frame,
            feedback=page if shows_solution else without_solution(page),
        )
        is_first_wrong = is_first_wrong and is_right

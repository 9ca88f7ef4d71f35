"""The pages of stored attempts: those of `pages`, with the addresses of the product and what keeps answers."""

import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask import url_for

from learning import clock
from learning.language import date_text, ngettext
from learning.language import gettext as _
from learning.library.stored_editions import StoredModule
from learning.obligations.rules import local_day
from learning.people.viewer import Viewer
from learning.study.attempts.pages import (
    HandInPage,
    Keeping,
    TestQuestionPage,
    TestStartPage,
    hand_in_page,
    question_page,
    start_page,
)
from learning.study.attempts.queries import IN_PROGRESS, AttemptPlace, TakenAttempt
from learning.study.attempts.review_pages import ReviewPage, review_page
from learning.study.lessons.pages import Lesson
from learning.study.questions.pages import fields
from learning.web.links import Link
from quizzes.attempts import attempts_left


@dataclass(frozen=True, slots=True)
class Unsaved:
    """What a form sent while the question was answered elsewhere: shown again, with the version it now replaces."""

    item: int
    version: int
    form: Mapping[str, Sequence[str]]


def stored_start_page(module: StoredModule, last: AttemptPlace | None) -> TestStartPage:
    """The rules of a test, with the way into it: the first attempt, the one in progress, or a further one."""
    lesson = Lesson(module.stored.prepared, module.stored.edition, module.module, seed="")
    rules = module.module.rules
    assert rules is not None, "only tests have this page"
    page = start_page(lesson, rules)
    used = last.attempt.number if last else 0
    is_open = last is not None and last.attempt.state == IN_PROGRESS
    has_attempt = is_open or attempts_left(rules, used=used) != 0
    return replace(
        page,
        attempt_address=url_for("attempts.begin", slug=lesson.course.slug, module_slug=module.module.slug),
        state=(("nach", str(used)),),
        can_begin=page.can_begin and has_attempt,
        begin_text=_("Test fortsetzen") if is_open else _("Noch einmal machen") if last else page.begin_text,
        closed_text=page.closed_text if has_attempt else _("Das war der letzte Versuch."),
        results=() if last is None or is_open else (_result_link(last),),
    )


def _result_link(last: AttemptPlace) -> Link:
    address = url_for("attempts.review", attempt_id=last.attempt.id)
    return Link(address, _("Ergebnis von Versuch %(number)d ansehen", number=last.attempt.number))


def stored_question_page(
    taken: TakenAttempt, viewer: Viewer, *, index: int, unsaved: Unsaved | None = None
) -> TestQuestionPage:
    """The question at `index`, with the answer that counts, or with what was just sent and could not be saved."""
    page = question_page(taken.lesson, taken.answers, index=index)
    attempt = taken.answers.attempt
    keeping = _keeping(taken, viewer, item=index)
    if unsaved is not None:
        display = attempt.display(attempt.asked[index])
        keeping = replace(keeping, version=unsaved.version, mistake=_elsewhere())
        page = replace(page, fields=fields(display, display.read(unsaved.form)))
    ends = (_("bis %(time)s Uhr", time=_clock(taken.row.ends_at)),) if taken.row.ends_at else ()
    return replace(page, attempt_address=_answer_address(taken), state=(), rules=(*page.rules, *ends), keeping=keeping)


def _elsewhere() -> str:
    return _(
        "Diese Frage wurde inzwischen in einem anderen Fenster beantwortet. "
        "Hier steht, was Sie eben gewählt haben; mit „Weiter“ gilt es."
    )


def stored_hand_in_page(taken: TakenAttempt, viewer: Viewer) -> HandInPage:
    """What is still open before handing in."""
    page = hand_in_page(taken.lesson, taken.answers)
    return replace(page, attempt_address=_answer_address(taken), state=(), keeping=_keeping(taken, viewer))


def stored_review_page(taken: TakenAttempt) -> ReviewPage:
    """The result of an attempt that is closed."""
    told = taken.feedback()
    page = review_page(taken.lesson, taken.answers, told, whole=taken.outcome(told), kept=len(taken.kept))
    slug, module_slug = taken.place.course_slug, taken.place.module_slug
    onward_text, onward = _onward(taken) if page.is_passed else ("", None)
    return replace(
        page,
        attempt_address=url_for("attempts.begin", slug=slug, module_slug=module_slug),
        state=(("nach", str(taken.row.number)),),
        retry_text=page.retry_text if page.can_repeat else "",
        onward_text=onward_text,
        onward=onward,
        is_stored=True,
        raised_note=_raised_note(taken),
    )


def _raised_note(taken: TakenAttempt) -> str:
    """That the result was raised after it was first shown, and since when; empty where it was not."""
    if taken.rescored_at is None:
        return ""
    return ngettext(
        "Bei einer Frage war eine falsche Lösung hinterlegt. "
        "Das ist berichtigt; seit dem %(date)s gilt dieses Ergebnis.",
        "Bei %(num)d Fragen war eine falsche Lösung hinterlegt. "
        "Das ist berichtigt; seit dem %(date)s gilt dieses Ergebnis.",
        len(taken.raised),
        date=date_text(local_day(taken.rescored_at)),
    )


def _onward(taken: TakenAttempt) -> tuple[str, Link]:
    """The next step after passing: the proof where the course is completed by it, else the rest of the course."""
    if taken.place.is_course_completed:
        return _("Der Kurs ist abgeschlossen. Ihr Nachweis liegt bereit."), Link(
            url_for("study.proofs"), _("Zu Ihren Nachweisen")
        )
    address = url_for("study.course", slug=taken.place.course_slug)
    return _("Damit ist dieses Modul abgeschlossen."), Link(address, _("Weiter im Kurs"))


def _answer_address(taken: TakenAttempt) -> str:
    return url_for("attempts.turn_page", attempt_id=taken.row.id)


def _keeping(taken: TakenAttempt, viewer: Viewer, *, item: int = -1) -> Keeping:
    saved = _("gespeichert %(time)s", time=_clock(taken.saved_at)) if taken.saved_at else ""
    return Keeping(
        address=url_for("attempts.save", attempt_id=taken.row.id),
        pages_address=url_for("attempts.questions", attempt_id=taken.row.id),
        attempt=str(taken.row.id),
        person=str(viewer.id),
        item=item,
        version=taken.versions[item] if item >= 0 else 0,
        request_key=str(uuid.uuid4()) if item >= 0 else "",
        saved_text=saved,
        seconds_left=_seconds_left(taken.row.ends_at),
    )


def _seconds_left(ends_at: datetime.datetime | None) -> int | None:
    return None if ends_at is None else max(0, int((ends_at - clock.now()).total_seconds()))


def _clock(moment: datetime.datetime) -> str:
    return f"{moment.astimezone(clock.LOCAL):%H:%M}"

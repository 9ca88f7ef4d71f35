"""Scoring the closed attempts of one enrolment again by corrected keys, in the caller's transaction.

What is written: a fact for each answer that is worth more, and all that passing on time would have written. Counters of
questions stay, they belong to the question as it was asked.
"""

import datetime
from collections.abc import Mapping
from dataclasses import astuple, dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from learning.database import upsert
from learning.study.attempts.queries import IN_PROGRESS, AttemptPlace, TakenAttempt, locked_attempt, taken
from learning.study.attempts.regrading import Regraded, regraded
from learning.study.courses import completion
from learning.study.models import Attempt, Enrolment, QuestionRescoring
from learning.study.rescoring.corrections import Correction, Corrections
from quizzes.grade import grade


@dataclass(frozen=True, slots=True)
class Rescored:
    """Counts of attempts: seen, raised, passed by it, not comparable, still in progress; and of new proofs.

    An attempt can be raised by one question and not be comparable at another.
    """

    attempts: int = 0
    raised: int = 0
    passed: int = 0
    proofs: int = 0
    incomparable: int = 0
    in_progress: int = 0

    def __add__(self, other: "Rescored") -> "Rescored":
        """What two enrolments come to together."""
        mine, theirs = astuple(self), astuple(other)
        return Rescored(*(one + another for one, another in zip(mine, theirs, strict=True)))


@dataclass(frozen=True, slots=True)
class RescoringOrder:
    """What is corrected, where it was asked (`Corrections.places`), and who orders it: None only looks.

    Without anybody no fact of a rescoring is written, everything else happens; so the caller has to undo it.
    """

    corrections: Corrections
    places: Mapping[int, frozenset[int]]
    by: int | None
    now: datetime.datetime


NOTHING = Rescored()


def rescore_enrolment(session: Session, order: RescoringOrder, enrolment_key: int) -> Rescored:
    """Raise what is to be raised in one enrolment; a second call finds nothing. An enrolment that is gone counts 0."""
    # The enrolment first, as everybody does who changes attempts, so that nobody waits in a circle.
    locked = select(Enrolment.person_key).where(Enrolment.key == enrolment_key).with_for_update()
    person_key = session.scalar(locked)
    if person_key is None:
        return NOTHING
    columns = (Attempt.id, Attempt.module_key, Attempt.drawn)
    own = select(*columns).where(Attempt.enrolment_key == enrolment_key, Attempt.module_key.in_(order.places))
    total = NOTHING
    for attempt_id, module_key, drawn in session.execute(own.order_by(Attempt.module_id, Attempt.number)).all():
        place = locked_attempt(session, person_key, attempt_id)
        if place is None or order.places[module_key].isdisjoint(drawn):
            continue
        if place.attempt.state == IN_PROGRESS:
            total += Rescored(in_progress=1)
        else:
            total += _rescore_attempt(session, order, place)
    return total


def _rescore_attempt(session: Session, order: RescoringOrder, place: AttemptPlace) -> Rescored:
    one = taken(session, place)
    told = one.feedback()
    before = one.outcome(told)
    found, incomparable = _found(one, order.corrections)
    if not found:
        return Rescored(attempts=1, incomparable=incomparable)
    graded = {item: better for item, (_, better) in found.items()}
    after = one.outcome_with(told, {item: better.grade for item, better in graded.items()})
    _write_facts(session, order, one, found)
    is_newly_passed = after.is_passed and not before.is_passed
    is_completed = is_newly_passed and _pass(session, place, now=order.now)
    return Rescored(
        attempts=1, raised=1, passed=int(is_newly_passed), proofs=int(is_completed), incomparable=incomparable
    )


def _found(one: TakenAttempt, corrections: Corrections) -> tuple[dict[int, tuple[Correction, Regraded]], int]:
    """What is worth more than it counts now, by item; and 1 if an answer cannot be compared, else 0."""
    language = one.lesson.course.language
    own = corrections.of(one.place.edition_key, language=one.row.language)
    found: dict[int, tuple[Correction, Regraded]] = {}
    incomparable = 0
    for item, question in enumerate(one.answers.attempt.asked):
        correction, given, response = own.get(question.id), one.given[item], one.answers.responses[item]
        counted = grade(question, response, language=language)
        if correction is None or given is None or counted.is_right:
            continue  # What was left open stays open, and more than right there is not.
        asked = one.lesson.rendered.questions[one.row.drawn[item]]
        better = regraded(asked, given, correction.question, language=language)
        if better is None:
            incomparable = 1
        elif better.grade.fraction > counted.fraction:
            found[item] = (correction, better)
    return found, incomparable


def _write_facts(
    session: Session, order: RescoringOrder, one: TakenAttempt, found: Mapping[int, tuple[Correction, Regraded]]
) -> None:
    if order.by is None:
        return
    asked, responses = one.answers.attempt.asked, one.answers.responses
    rows = [
        {
            "attempt_key": one.row.key,
            "item": item,
            "edition_key": correction.edition_key,
            "revision_key": correction.revision_key,
            "points_before": grade(asked[item], responses[item], language=one.lesson.course.language).score,
            "points_after": better.grade.score,
            "rescored_by": order.by,
            "rescored_at": order.now,
        }
        for item, (correction, better) in found.items()
    ]
    upsert(session, QuestionRescoring, rows, unique=("attempt_key", "item", "revision_key"))


def _pass(session: Session, place: AttemptPlace, *, now: datetime.datetime) -> bool:
    """What passing on time would have done; True if it completes the course."""
    attempt = place.attempt
    assert attempt.closed_at is not None, "only closed attempts are scored again"
    return completion.finish_module_late(
        session,
        attempt.enrolment_key,
        attempt.module_id,
        done_at=attempt.closed_at,
        edition_key=place.edition_key,
        now=now,
    ).is_completed

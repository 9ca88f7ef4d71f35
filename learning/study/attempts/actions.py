"""What can happen to a stored attempt: it begins, answers arrive, it is handed in, its time runs out.

`now` is the moment by the database's clock at which the request arrived. Everything may be repeated: the same request
has the same effect once.
"""

import datetime
import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from sqlalchemy import Engine, insert, select, update
from sqlalchemy.orm import Session

from learning.database import upsert, work
from learning.library.stored_editions import StoredModule
from learning.library.stored_texts import rules_json
from learning.people.viewer import Viewer
from learning.study.attempts.attempt import is_settled
from learning.study.attempts.extra_time import factor_of
from learning.study.attempts.queries import (
    IN_PROGRESS,
    AttemptPlace,
    answer_place,
    attempts_over,
    locked_attempt,
    newest_attempt,
    taken,
)
from learning.study.attempts.tallies import count_attempt
from learning.study.courses import completion
from learning.study.models import AnswerEvent, Attempt, CurrentAnswer, Enrolment
from quizzes.attempts import TestRules, attempts_left, deadline, draw, retry
from quizzes.display import Display
from quizzes.responses import UnreadableResponse, from_json, to_json

MOST_CLOSED = 500


class State(StrEnum):
    """How an attempt ended."""

    SUBMITTED = "submitted"
    EXPIRED = "expired"


class NoAttemptLeft(Exception):
    """The rules of the test allow no further attempt."""


@dataclass(frozen=True, slots=True)
class SentAnswer:
    """An answer as a browser sends it. `fields` are form fields in display positions.

    `item` is the place among the drawn questions, from 0; `base` the version that the answer was changed from.
    """

    key: str
    item: int
    base: int
    fields: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Saved:
    """The answer is stored. It does not count when it came after the end."""

    key: str
    version: int
    saved_at: datetime.datetime
    ends_at: datetime.datetime | None
    counts: bool


@dataclass(frozen=True, slots=True)
class Stale:
    """The question was answered elsewhere since; `fields` show the answer that counts."""

    version: int
    fields: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class KeyReused:
    """The key of the request belongs to another answer."""


def start_attempt(
    session: Session,
    viewer: Viewer,
    module: StoredModule,
    *,
    enrolment_key: int,
    after: int,
    only_wrong: bool = False,
    seed: str,
    now: datetime.datetime,
) -> uuid.UUID:
    """Begin the attempt that follows number `after`, or answer the one that already does, or that is in progress.

    `module` is filled in and of the enrolment's edition. `only_wrong` asks again what was not right.
    Raises NoAttemptLeft.
    """
    _lock_enrolment(session, viewer.key, enrolment_key)
    last = newest_attempt(session, enrolment_key, module.module.id)
    if last and last.is_over(now):
        finish(session, last, state=State.EXPIRED, now=now)
    if last and (last.attempt.state == IN_PROGRESS or last.attempt.number > after):
        return last.attempt.id
    rules = module.module.rules
    assert rules is not None, "only tests are begun"
    used = last.attempt.number if last else 0
    if attempts_left(rules, used=used) == 0:
        raise NoAttemptLeft
    drawn, kept = _drawn(session, module, rules, last, only_wrong=only_wrong, seed=seed)
    if not drawn:
        assert last is not None, "a test has questions"
        return last.attempt.id  # Everything was right; there is nothing to ask again.
    made = uuid.uuid4()
    session.execute(
        insert(Attempt).values(
            id=made,
            enrolment_key=enrolment_key,
            module_key=module.module_key,
            module_id=module.module.id,
            number=used + 1,
            state=IN_PROGRESS,
            seed=seed,
            language=module.stored.language,
            drawn=list(drawn),
            kept=list(kept),
            rules=rules_json(rules),
            is_retry=bool(kept),
            started_at=now,
            ends_at=deadline(rules, started=now, extra=Fraction(factor_of(session, viewer.key))),
        )
    )
    return made


def _lock_enrolment(session: Session, person_key: int, enrolment_key: int) -> None:
    """Take the enrolment's row, always before those of its attempts, so that nobody waits in a circle."""
    session.execute(
        select(Enrolment.key)
        .where(Enrolment.key == enrolment_key, Enrolment.person_key == person_key)
        .with_for_update()
    ).scalar_one()


def _drawn(
    session: Session, module: StoredModule, rules: TestRules, last: AttemptPlace | None, *, only_wrong: bool, seed: str
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Positions to ask, and positions that count as right already."""
    questions = module.module.document.questions
    if last is None:
        return draw(questions, count=rules.draw, seed=seed), ()
    former = last.attempt
    # A correction may have moved the enrolment to another edition, where positions mean something else.
    is_same = former.module_key == module.module_key
    if not only_wrong or not is_same:
        return draw(questions, count=rules.draw, seed=seed, avoid=former.drawn if is_same else ()), ()
    before = taken(session, last)
    told = dict(zip(former.drawn, before.feedback(), strict=True))
    wrong = [at for at, one in told.items() if not is_settled(questions.questions[at], one)]
    asked = retry(questions, wrong=wrong, asked=[*former.drawn, *former.kept], seed=seed)
    return asked, (*former.kept, *(at for at in former.drawn if at not in wrong))


def save_answer(
    session: Session, viewer: Viewer, attempt_id: uuid.UUID, sent: SentAnswer, *, now: datetime.datetime
) -> Saved | Stale | KeyReused | None:
    """Store one answer; None where the person has no such attempt. Raises UnreadableResponse for no possible answer."""
    place = locked_attempt(session, viewer.key, attempt_id)
    if place is None:
        return None
    attempt = place.attempt
    if not 0 <= sent.item < len(attempt.drawn):
        raise UnreadableResponse(f"the attempt has {len(attempt.drawn)} questions")
    found = answer_place(session, attempt, item=sent.item, request_key=sent.key)
    display = Display.of(found.question, seed=attempt.seed)
    response = display.read_alone(sent.fields)
    value = None if response is None else to_json(response)
    digest = answer_digest(sent.item, value)
    if found.known_version is not None and found.known_at is not None:
        if found.known_digest != digest:
            return KeyReused()
        return Saved(sent.key, found.known_version, found.known_at, attempt.ends_at, counts=found.known_version > 0)
    before = found.current_version or 0
    counts = attempt.state == IN_PROGRESS and not place.is_over(now)
    if counts and sent.base < before and found.current_value != value:
        held = None if found.current_value is None else from_json(found.current_value)
        return Stale(before, display.fields(held))
    version = before + 1 if counts else 0
    is_late = not counts or (attempt.ends_at is not None and now > attempt.ends_at)
    answer = {"attempt_key": attempt.key, "item": sent.item, "value": value, "version": version, "saved_at": now}
    event = answer | {"request_key": sent.key, "value_digest": digest, "is_late": is_late}
    upsert(session, AnswerEvent, event, unique=("attempt_key", "request_key"))
    if counts:
        upsert(session, CurrentAnswer, answer, unique=("attempt_key", "item"), change=("value", "version", "saved_at"))
    return Saved(sent.key, version, now, attempt.ends_at, counts=counts)


def answer_digest(item: int, value: Mapping[str, object] | None) -> str:
    """What tells whether two requests with one key carry the same answer."""
    text = json.dumps([item, value], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def submit(session: Session, viewer: Viewer, attempt_id: uuid.UUID, *, now: datetime.datetime) -> AttemptPlace | None:
    """Hand the person's attempt in; one that is closed already stays as it is. None where there is no such attempt."""
    place = _held(session, viewer.key, attempt_id)
    if place is not None:
        finish(session, place, state=State.EXPIRED if place.is_over(now) else State.SUBMITTED, now=now)
    return place


def close_if_over(session: Session, person_key: int, attempt_id: uuid.UUID, *, now: datetime.datetime) -> bool:
    """Close an attempt whose time has run out; any other stays as it is. True if this call closed it."""
    place = _held(session, person_key, attempt_id)
    return place is not None and place.is_over(now) and finish(session, place, state=State.EXPIRED, now=now)


def _held(session: Session, person_key: int, attempt_id: uuid.UUID) -> AttemptPlace | None:
    """The attempt with its enrolment, both ours until the transaction ends."""
    own = select(Attempt.enrolment_key).where(Attempt.id == attempt_id).scalar_subquery()
    session.execute(
        select(Enrolment.key).where(Enrolment.key == own, Enrolment.person_key == person_key).with_for_update()
    )
    return locked_attempt(session, person_key, attempt_id)


def finish(session: Session, place: AttemptPlace, *, state: State, now: datetime.datetime) -> bool:
    """Close and grade an attempt that is ours, once: False where it was closed before, and nothing changes.

    Handing in, looking after the end and the sweep all end here. Raises nothing: answers that count are readable.
    """
    if place.attempt.state != IN_PROGRESS:
        return False
    taken_one = taken(session, place)
    told = taken_one.feedback()
    outcome = taken_one.outcome(told)
    closed = session.execute(
        update(Attempt)
        .where(Attempt.key == place.attempt.key, Attempt.state == IN_PROGRESS)
        .values(
            state=state.value,
            closed_at=now,
            earned=outcome.score,
            possible=outcome.points,
            is_passed=outcome.is_passed,
        )
        .execution_options(synchronize_session=False)
    )
    if getattr(closed, "rowcount", 0) != 1:
        return False
    if place.attempt.number == 1 and _is_first_run(session, place):
        count_attempt(session, taken_one, told)
    if outcome.is_passed:
        completion.finish_module(session, place.attempt.enrolment_key, place.attempt.module_id, now=now)
    session.refresh(place.attempt)
    return True


def _is_first_run(session: Session, place: AttemptPlace) -> bool:
    """Who takes a course once more has seen its questions, which says nothing about how hard they are."""
    run = session.scalar(select(Enrolment.run).where(Enrolment.key == place.attempt.enrolment_key))
    return run == 1


def close_all_over(engine: Engine, *, now: datetime.datetime) -> int:
    """The sweep: close what ran out while no browser was open, each attempt by itself; the number closed."""
    due = work(engine, lambda session: attempts_over(session, now, most=MOST_CLOSED))
    return sum(_close_one(engine, *one, now=now) for one in due)


def _close_one(engine: Engine, person_key: int, attempt_id: uuid.UUID, *, now: datetime.datetime) -> bool:
    return work(engine, lambda session: close_if_over(session, person_key, attempt_id, now=now))

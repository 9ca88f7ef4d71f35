"""What a person has done in one course so far, read in one query: only ever for that person's own pages.

Practice answers and reading places are private. Nothing outside of `study` and the person's own data reads them.
"""

import datetime
import functools
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, Select, Text, bindparam, cast, literal, null, select, union_all
from sqlalchemy.orm import Session, aliased

from learning.library.models import Edition, QuestionRevision, StoredCourse
from learning.study.courses.enrolment import read_edition
from learning.study.models import Attempt, Enrolment, ModuleDone, PracticeAnswer, ReadingPlace


@dataclass(frozen=True, slots=True)
class NewerEdition:
    """An edition that an open enrolment may move to, once its person agrees."""

    number: int
    change: str
    note: str


@dataclass(frozen=True, slots=True)
class OwnEnrolment:
    """The newest run of a course. `edition_key` is the edition that its person reads."""

    key: int
    edition_key: int
    run: int
    completed_on: datetime.date | None
    newer: NewerEdition | None


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """The newest answer to a practice question; without a response only its resolution was looked at."""

    revision_key: int
    key_revision: str
    response: Mapping[str, object] | None


@dataclass(frozen=True, slots=True)
class CourseState:
    """Everything in the newest run: modules done, tests begun, places of reading by module, answers by question."""

    enrolment: OwnEnrolment | None = None
    done: frozenset[str] = frozenset()
    tests_begun: frozenset[str] = frozenset()
    places: Mapping[str, str] = field(default_factory=dict)
    last_module: str = ""
    answers: Mapping[str, KeptAnswer] = field(default_factory=dict)

    @property
    def edition_key(self) -> int | None:
        """The edition to read; None: the newest one, because nothing was begun."""
        return self.enrolment.edition_key if self.enrolment else None

    @property
    def is_completed(self) -> bool:
        """True from the completion of a run until the next one is begun."""
        return self.enrolment is not None and self.enrolment.completed_on is not None


_newest = aliased(Edition, name="newest")
_read = aliased(Edition, name="read")


def course_state(session: Session, slug: str, person_key: int) -> CourseState:
    """The person's state in a course; empty where they have not begun it. One query."""
    rows = session.execute(_statement(), {"course_slug": slug, "own_key": person_key}).all()
    if not rows:
        return CourseState()
    return CourseState(
        enrolment=_enrolment(rows[0]),
        done=frozenset(row.name for row in rows if row.kind == "done"),
        tests_begun=frozenset(row.name for row in rows if row.kind == "test"),
        places={row.name: row.text for row in rows if row.kind == "place"},
        last_module=_last_module(rows),
        answers={
            row.name: KeptAnswer(row.number, row.key_revision, json.loads(row.text))
            for row in rows
            if row.kind == "answer"
        },
    )


def _enrolment(row: Row[Any]) -> OwnEnrolment:
    newer = None
    if row.completed_on is None and row.newest_number > row.read_number:
        newer = NewerEdition(row.newest_number, row.newest_change, row.newest_note)
    return OwnEnrolment(row.enrolment_key, row.read_key, row.run, row.completed_on, newer)


def _last_module(rows: Iterable[Row[Any]]) -> str:
    """The module that was read last."""
    places = [row for row in rows if row.kind == "place"]
    return max(places, key=lambda row: row.changed_at).name if places else ""


@functools.cache
def _statement() -> Select[*tuple[Any, ...]]:
    """The newest run beside each of its details; one row without details where there are none.

    Made once: putting so large a statement together takes longer than running it.
    """
    own = (
        select(Enrolment.key)
        .join(StoredCourse, StoredCourse.key == Enrolment.course_key)
        .where(StoredCourse.slug == bindparam("course_slug"), Enrolment.person_key == bindparam("own_key"))
        .order_by(Enrolment.run.desc())
        .limit(1)
    )
    details = _details(own).subquery("details")
    run = (
        select(
            Enrolment.key.label("enrolment_key"),
            Enrolment.course_key,
            Enrolment.run,
            Enrolment.completed_on,
            read_edition().label("read_key"),
        )
        .where(Enrolment.key == own.scalar_subquery())
        .subquery("own_run")
    )
    return (
        select(
            run.c.enrolment_key,
            run.c.run,
            run.c.completed_on,
            run.c.read_key,
            _read.number.label("read_number"),
            _newest.number.label("newest_number"),
            _newest.change.label("newest_change"),
            _newest.note.label("newest_note"),
            details.c.kind,
            details.c.name,
            details.c.text,
            details.c.number,
            details.c.key_revision,
            details.c.changed_at,
        )
        .select_from(run)
        .join(StoredCourse, StoredCourse.key == run.c.course_key)
        .join(_newest, _newest.key == StoredCourse.edition_key)
        .join(_read, _read.key == run.c.read_key)
        .join(details, literal(value=True), isouter=True)
    )


def _details(own: Select[int]) -> Any:
    """All there is about the run as rows of one shape; each part finds its rows by the run's key."""
    run = own.scalar_subquery()
    nothing, no_number, no_text = cast(null(), Text), literal(0), literal("")
    done = select(
        literal("done").label("kind"),
        ModuleDone.module_id.label("name"),
        nothing.label("text"),
        no_number.label("number"),
        no_text.label("key_revision"),
        ModuleDone.done_at.label("changed_at"),
    ).where(ModuleDone.enrolment_key == run)
    tests = select(literal("test"), Attempt.module_id, nothing, no_number, no_text, Attempt.started_at).where(
        Attempt.enrolment_key == run
    )
    places = select(
        literal("place"),
        ReadingPlace.module_id,
        cast(ReadingPlace.anchor, Text),
        no_number,
        no_text,
        ReadingPlace.changed_at,
    ).where(ReadingPlace.enrolment_key == run)
    answers = (
        select(
            literal("answer"),
            PracticeAnswer.question_id,
            cast(PracticeAnswer.response, Text),
            PracticeAnswer.revision_key,
            QuestionRevision.key_revision,
            PracticeAnswer.changed_at,
        )
        .join(QuestionRevision, QuestionRevision.key == PracticeAnswer.revision_key)
        .where(PracticeAnswer.enrolment_key == run)
    )
    return union_all(done, tests, places, answers)

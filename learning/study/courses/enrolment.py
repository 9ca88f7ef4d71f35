"""Taking a course: an enrolment opens with the first thing a person does in it and pins an edition.

Corrections move the edition forward without a word; any other change waits until the person agrees. What was done in an
enrolment is `completion`.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, and_, case, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from learning.library.models import Edition, StoredCourse
from learning.library.publishing import Change
from learning.study.models import Enrolment


class UnknownCourse(Exception):
    """There is no such course."""


@dataclass(frozen=True, slots=True)
class Taken:
    """An enrolment that is there for sure: `edition_key` is the edition that the person reads."""

    key: int
    course_key: int
    edition_key: int
    is_completed: bool


_pinned = aliased(Edition, name="pinned")
_later = aliased(Edition, name="later")
_candidate = aliased(Edition, name="candidate")


def effective_edition() -> ScalarSelect[int]:
    """The key of the edition that an open enrolment reads: the pinned one and the corrections that follow it at once.

    A condition on `Enrolment`, to be used inside a query over it. What comes after a revision or a renewal belongs to
    that one, corrections included.
    """
    pinned = select(_pinned.number).where(_pinned.key == Enrolment.edition_key).correlate(Enrolment).scalar_subquery()
    barrier = (
        select(func.min(_later.number))
        .where(
            _later.course_key == Enrolment.course_key,
            _later.number > pinned,
            _later.change != Change.CORRECTION.value,
        )
        .correlate(Enrolment)
        .scalar_subquery()
    )
    return (
        select(_candidate.key)
        .where(
            _candidate.course_key == Enrolment.course_key,
            _candidate.number >= pinned,
            or_(barrier.is_(None), _candidate.number < barrier),
        )
        .order_by(_candidate.number.desc())
        .limit(1)
        .correlate(Enrolment)
        .scalar_subquery()
    )


def read_edition() -> ColumnElement[int]:
    """The key of the edition that a person reads: of a completed course the newest one, to look things up."""
    newest = (
        select(StoredCourse.edition_key)
        .where(StoredCourse.key == Enrolment.course_key)
        .correlate(Enrolment)
        .scalar_subquery()
    )
    return case((Enrolment.completed_on.is_not(None), newest), else_=effective_edition())


def enrol(session: Session, slug: str, person_key: int, *, now: datetime) -> Taken:
    """The person's enrolment in a course, opened if there is none yet. Raises UnknownCourse.

    An open one moves to the corrections of its edition. A completed one stays as it is: `begin_again` opens the next.
    """
    course = _course(session, slug)
    taken = _newest(session, course.key, person_key)
    if taken is None:
        _open(session, course, person_key, run=1, now=now)
        taken = _newest(session, course.key, person_key)
        assert taken is not None, "it was opened above or by another request"
    return taken


def begin_again(session: Session, slug: str, person_key: int, *, now: datetime) -> Taken:
    """A new run of a completed course on its newest edition; while one is open, that one. Raises UnknownCourse."""
    taken = enrol(session, slug, person_key, now=now)
    if not taken.is_completed:
        return taken
    course = _course(session, slug)
    last = select(func.max(Enrolment.run)).where(Enrolment.course_key == course.key, Enrolment.person_key == person_key)
    _open(session, course, person_key, run=(session.scalar(last) or 0) + 1, now=now)
    return enrol(session, slug, person_key, now=now)


def agree_to_edition(session: Session, slug: str, person_key: int, *, number: int) -> Taken | None:
    """Move an open enrolment to a newer edition, because the person said so; to an older one it never goes back.

    None where nothing is open. Raises UnknownCourse.
    """
    course = _course(session, slug)
    taken = _newest(session, course.key, person_key)
    if taken is None or taken.is_completed:
        return None
    current = select(_pinned.number).where(_pinned.key == taken.edition_key).scalar_subquery()
    wanted = session.scalar(
        select(Edition.key).where(Edition.course_key == course.key, Edition.number == number, Edition.number > current)
    )
    if wanted is None:
        return taken
    _pin(session, taken.key, wanted)
    return _newest(session, course.key, person_key)


@dataclass(frozen=True, slots=True)
class _Course:
    key: int
    edition_key: int


def _course(session: Session, slug: str) -> _Course:
    statement = select(StoredCourse.key, StoredCourse.edition_key)
    row = session.execute(
        statement.where(StoredCourse.slug == slug, StoredCourse.edition_key.is_not(None))
    ).one_or_none()
    if row is None:
        raise UnknownCourse(slug)
    return _Course(row.key, row.edition_key)


def _newest(session: Session, course_key: int, person_key: int) -> Taken | None:
    """The newest run, held until the transaction ends, and moved to the corrections of its edition."""
    statement = (
        select(
            Enrolment.key,
            Enrolment.edition_key,
            Enrolment.completed_on.is_not(None).label("is_completed"),
            read_edition().label("read_key"),
        )
        .where(Enrolment.course_key == course_key, Enrolment.person_key == person_key)
        .order_by(Enrolment.run.desc())
        .limit(1)
        .with_for_update(of=Enrolment)
    )
    row = session.execute(statement).one_or_none()
    if row is None:
        return None
    if not row.is_completed and row.read_key != row.edition_key:
        _pin(session, row.key, row.read_key)
    return Taken(row.key, course_key, row.read_key, bool(row.is_completed))


def _pin(session: Session, enrolment_key: int, edition_key: int) -> None:
    session.execute(
        update(Enrolment)
        .where(and_(Enrolment.key == enrolment_key, Enrolment.completed_on.is_(None)))
        .values(edition_key=edition_key)
        .execution_options(synchronize_session=False)
    )


def _open(session: Session, course: _Course, person_key: int, *, run: int, now: datetime) -> None:
    """Open a run; where another request was faster, theirs is the one."""
    dialect = session.get_bind().dialect.name
    statement = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(Enrolment).values(
        person_key=person_key,
        course_key=course.key,
        run=run,
        edition_key=course.edition_key,
        opened_at=now,
    )
    # No columns are named: the number of the run may be taken, or another run be open already.
    session.execute(statement.on_conflict_do_nothing())

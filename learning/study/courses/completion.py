"""What is done in an enrolment: modules, and with the last required one the course, which writes the proof.

Everything happens in the caller's transaction, so a completed course and its proof are there together or not at all.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, exists, select, update
from sqlalchemy.orm import Session

from courses.course import ModuleType
from learning.database import upsert
from learning.library.models import Edition, EditionModule, StoredCourse
from learning.obligations.proofs import Completed, Understanding, write_proof
from learning.obligations.rules import local_day
from learning.study.models import Enrolment, ModuleDone

# The sentence that stands at the last "weiter" of a course without a test (`own_lessons.confirmation_text`); a new
# wording gets a new name, because proofs say which one was confirmed.
CONFIRMATION = "2026-11"


@dataclass(frozen=True, slots=True)
class Progressed:
    """What came of finishing a module. `is_completed`: the course was completed by it."""

    is_completed: bool


def finish_module(session: Session, enrolment_key: int, module_id: str, *, now: datetime) -> Progressed:
    """Note that a module's condition is met: a lesson read and answered, a test passed.

    Doing it again changes nothing, nor does it in an enrolment that is completed. With the last required module the
    course is completed and its proof written, once.
    """
    enrolment = _locked(session, enrolment_key)
    if enrolment.completed_on is not None:
        return Progressed(is_completed=False)
    values = {"enrolment_key": enrolment_key, "module_id": module_id, "done_at": now}
    upsert(session, ModuleDone, values, unique=("enrolment_key", "module_id"))
    return Progressed(complete_if_done(session, enrolment_key, now=now))


def finish_module_late(
    session: Session, enrolment_key: int, module_id: str, *, done_at: datetime, edition_key: int, now: datetime
) -> Progressed:
    """The same where it comes to light only `now` that the condition was met at `done_at`, in this edition.

    The course is then completed on the day on which its last required module was done, in the edition of that day.
    """
    enrolment = _locked(session, enrolment_key)
    if enrolment.completed_on is not None:
        return Progressed(is_completed=False)
    values = {"enrolment_key": enrolment_key, "module_id": module_id, "done_at": done_at}
    upsert(session, ModuleDone, values, unique=("enrolment_key", "module_id"))
    completion = _earlier_completion(session, enrolment, edition_key)
    return Progressed(completion is not None and _complete(session, enrolment, completion, now=now))


def complete_if_done(session: Session, enrolment_key: int, *, now: datetime) -> bool:
    """Complete the course if nothing required is left to do in it; answers whether this call did."""
    enrolment = _locked(session, enrolment_key)
    if enrolment.completed_on is not None or _last_done(session, enrolment, enrolment.edition_key) is None:
        return False
    return _complete(session, enrolment, Completion(enrolment.edition_key, local_day(now)), now=now)


@dataclass(frozen=True, slots=True)
class Completion:
    """What was completed on which day."""

    edition_key: int
    day: date


def _complete(session: Session, enrolment: Enrolment, completion: Completion, *, now: datetime) -> bool:
    changed = session.execute(
        update(Enrolment)
        .where(Enrolment.key == enrolment.key, Enrolment.completed_on.is_(None))
        .values(completed_on=completion.day)
        .execution_options(synchronize_session=False)
    )
    if not getattr(changed, "rowcount", 0):
        return False
    session.expire(enrolment)
    _prove(session, enrolment, completion, now=now)
    return True


def _locked(session: Session, enrolment_key: int) -> Enrolment:
    """The enrolment, held until the transaction ends, so that two last modules complete a course once."""
    statement = select(Enrolment).where(Enrolment.key == enrolment_key).with_for_update()
    return session.scalars(statement.execution_options(populate_existing=True)).one()


def _last_done(session: Session, enrolment: Enrolment, edition_key: int) -> datetime | None:
    """When the last required module of an edition was done; None while one is left.

    A course without required modules is never completed by itself.
    """
    is_own = and_(ModuleDone.enrolment_key == enrolment.key, ModuleDone.module_id == EditionModule.module_id)
    moments: list[datetime | None] = list(
        session.scalars(
            select(ModuleDone.done_at)
            .select_from(EditionModule)
            .join(ModuleDone, is_own, isouter=True)
            .where(EditionModule.edition_key == edition_key, EditionModule.is_optional.is_(False))
        )
    )
    done = [moment for moment in moments if moment is not None]
    return max(done) if done and len(done) == len(moments) else None


def _earlier_completion(session: Session, enrolment: Enrolment, edition_key: int) -> Completion | None:
    """The completion by what was done, some of it in another edition than the enrolment reads now; None for none.

    Corrections move an enrolment on; nobody completed an edition before it was published.
    """
    published = session.scalars(select(Edition.published_at).where(Edition.key == enrolment.edition_key)).one()
    current = _last_done(session, enrolment, enrolment.edition_key)
    if current is not None and current >= published:
        return Completion(enrolment.edition_key, local_day(current))
    former = _last_done(session, enrolment, edition_key)
    if former is not None:
        return Completion(edition_key, local_day(former))
    return Completion(enrolment.edition_key, local_day(published)) if current is not None else None


def _prove(session: Session, enrolment: Enrolment, completion: Completion, *, now: datetime) -> None:
    course_id = session.scalars(select(StoredCourse.id).where(StoredCourse.key == enrolment.course_key)).one()
    has_test = session.scalar(
        select(
            exists().where(
                EditionModule.edition_key == completion.edition_key,
                EditionModule.type == ModuleType.TEST.value,
                EditionModule.is_optional.is_(False),
            )
        )
    )
    completed = Completed(
        person_key=enrolment.person_key,
        course_id=course_id,
        completed_on=completion.day,
        understanding=Understanding.PASSED if has_test else Understanding.CONFIRMED,
        edition_key=completion.edition_key,
        enrolment_key=enrolment.key,
        confirmation_version=None if has_test else CONFIRMATION,
        confirmed_on=None if has_test else completion.day,
    )
    write_proof(session, completed, now=now)

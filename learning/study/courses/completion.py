"""What is done in an enrolment: modules, and with the last required one the course, which writes the proof.

Everything happens in the caller's transaction, so a completed course and its proof are there together or not at all.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from courses.course import ModuleType
from learning.database import upsert
from learning.library.models import EditionModule, StoredCourse
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


def complete_if_done(session: Session, enrolment_key: int, *, now: datetime) -> bool:
    """Complete the course if nothing required is left to do in it; answers whether this call did."""
    enrolment = _locked(session, enrolment_key)
    if enrolment.completed_on is not None or _is_something_left(session, enrolment):
        return False
    today = local_day(now)
    changed = session.execute(
        update(Enrolment)
        .where(Enrolment.key == enrolment_key, Enrolment.completed_on.is_(None))
        .values(completed_on=today)
        .execution_options(synchronize_session=False)
    )
    if not getattr(changed, "rowcount", 0):
        return False
    session.expire(enrolment)
    _prove(session, enrolment, now=now)
    return True


def _locked(session: Session, enrolment_key: int) -> Enrolment:
    """The enrolment, held until the transaction ends, so that two last modules complete a course once."""
    statement = select(Enrolment).where(Enrolment.key == enrolment_key).with_for_update()
    return session.scalars(statement.execution_options(populate_existing=True)).one()


def _is_something_left(session: Session, enrolment: Enrolment) -> bool:
    """True while a required module is not done; a course without required modules is never completed by itself."""
    done = exists().where(ModuleDone.enrolment_key == enrolment.key, ModuleDone.module_id == EditionModule.module_id)
    required = session.execute(
        select(EditionModule.module_id, done.label("is_done")).where(
            EditionModule.edition_key == enrolment.edition_key, EditionModule.is_optional.is_(False)
        )
    ).all()
    return not required or any(not row.is_done for row in required)


def _prove(session: Session, enrolment: Enrolment, *, now: datetime) -> None:
    course_id = session.scalars(select(StoredCourse.id).where(StoredCourse.key == enrolment.course_key)).one()
    has_test = session.scalar(
        select(
            exists().where(
                EditionModule.edition_key == enrolment.edition_key,
                EditionModule.type == ModuleType.TEST.value,
                EditionModule.is_optional.is_(False),
            )
        )
    )
    today = local_day(now)
    completed = Completed(
        person_key=enrolment.person_key,
        course_id=course_id,
        completed_on=today,
        understanding=Understanding.PASSED if has_test else Understanding.CONFIRMED,
        edition_key=enrolment.edition_key,
        enrolment_key=enrolment.key,
        confirmation_version=None if has_test else CONFIRMATION,
        confirmed_on=None if has_test else today,
    )
    write_proof(session, completed, now=now)

"""From which editions of a course a person has learnt: those they took, and those their proofs name."""

from sqlalchemy import and_, select, union
from sqlalchemy.orm import Session

from learning.library.models import Edition, StoredCourse
from learning.obligations.models import Proof
from learning.study.models import Enrolment


def learnt_editions(session: Session, person_key: int, course_key: int) -> frozenset[int]:
    """Keys of editions; one query. A correction moves an enrolment on, a proof keeps the number it was written with."""
    taken = select(Enrolment.edition_key).where(Enrolment.person_key == person_key, Enrolment.course_key == course_key)
    proven = (
        select(Edition.key)
        .join(StoredCourse, StoredCourse.key == Edition.course_key)
        .join(Proof, and_(Proof.course_id == StoredCourse.id, Proof.edition_number == Edition.number))
        .where(Proof.person_key == person_key, Edition.course_key == course_key)
    )
    return frozenset(session.scalars(union(taken, proven)))

"""How far a person is with the courses that the catalogue lists."""

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from learning.library.course_pages import ModuleState
from learning.library.models import StoredCourse
from learning.study.courses.pages import begun_state, completed_state
from learning.study.models import Enrolment


def catalogue_states(session: Session, person_key: int, slugs: Collection[str]) -> Mapping[str, ModuleState]:
    """The state of the newest run by slug; courses never begun are left out. At most one query."""
    if not slugs:
        return {}
    rows = session.execute(
        select(StoredCourse.slug, Enrolment.completed_on)
        .join(Enrolment, Enrolment.course_key == StoredCourse.key)
        .where(Enrolment.person_key == person_key, StoredCourse.slug.in_(sorted(slugs)))
        .order_by(Enrolment.run)
    )
    newest = {row.slug: row.completed_on for row in rows}
    return {slug: completed_state() if completed_on else begun_state() for slug, completed_on in newest.items()}

"""Whether a database is still empty: the demonstration is made in such a one alone, never beside real people."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learning.library.models import StoredCourse
from learning.people.models import Person


class OthersAreHere(Exception):
    """The database has people or courses in it that the demonstration did not make."""


def is_empty(session: Session) -> bool:
    """True while the database has neither people nor courses."""
    people = select(func.count()).select_from(Person).scalar_subquery()
    courses = select(func.count()).select_from(StoredCourse).scalar_subquery()
    return session.scalar(select(people + courses)) == 0

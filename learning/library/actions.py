"""What an authority writes beside its courses: local texts and contact persons. Nothing here commits."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from learning.database import upsert
from learning.library.models import CourseContact, LocalText, StoredCourse
from learning.people.models import Person


class UnknownCourse(Exception):
    """Raised when no course has this id or slug."""


class UnknownContact(Exception):
    """Raised when no active person has this HR key."""


def write_local_text(session: Session, entry: str, text: str, *, language: str) -> None:
    """Fill a local entry in for all courses; an empty text makes it open again."""
    text = " ".join(text.split())
    if not text:
        where = (LocalText.entry == entry, LocalText.language == language)
        session.execute(delete(LocalText).where(*where), execution_options={"synchronize_session": False})
        return
    values = {"entry": entry, "language": language, "text": text}
    upsert(session, LocalText, values, unique=("entry", "language"), change=("text",))


def name_contact(session: Session, course: str, *, hr_key: str, name: str, mail: str, phone: str) -> None:
    """Name the contact of a course, by its id: a person, or a team by name and mail; all empty: nobody.

    Raises UnknownCourse or UnknownContact.
    """
    course_key = session.scalar(select(StoredCourse.key).where(StoredCourse.id == course))
    if course_key is None:
        raise UnknownCourse(course)
    if not hr_key and not name:
        session.execute(
            delete(CourseContact).where(CourseContact.course_key == course_key),
            execution_options={"synchronize_session": False},
        )
        return
    person_key = None
    if hr_key:
        person_key = session.scalar(select(Person.key).where(Person.hr_key == hr_key, Person.is_active))
        if person_key is None:
            raise UnknownContact(hr_key)
    values = {"course_key": course_key, "person_key": person_key, "name": name, "mail": mail, "phone": phone}
    upsert(session, CourseContact, values, unique=("course_key",), change=("person_key", "name", "mail", "phone"))

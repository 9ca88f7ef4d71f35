"""What else pages ask of published courses: job aids, the list of editions, the contact person, local entries."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from courses.segments import JobAid
from learning.library.course_pages import Contact
from learning.library.models import CourseContact, Edition, JobAidCard, LocalText, StoredCourse
from learning.library.stored_editions import StoredEdition, course_edition
from learning.library.stored_texts import read_alone
from learning.people.models import Person, Unit


@dataclass(frozen=True, slots=True)
class EditionLine:
    """One edition in the history of a course; its note is what the trainer wrote about the change."""

    key: int
    number: int
    change: str
    note: str
    published_at: datetime.datetime


@dataclass(frozen=True, slots=True)
class LocalEntryState:
    """A local entry that courses name: what it is called, who needs it, what is written for it, by language."""

    key: str
    names: Mapping[str, str]
    courses: tuple[str, ...]
    texts: Mapping[str, str]


def course_job_aid(
    session: Session, slug: str, module_slug: str, anchor: str, *, language: str
) -> tuple[StoredEdition, JobAid] | None:
    """A job aid of the newest edition with its text; two queries. Whoever followed a link in another language finds it.

    Anchors come from headings, so a translation has others.
    """
    stored = course_edition(session, slug, language=language)
    if stored is None:
        return None
    cards = session.scalars(
        select(JobAidCard).where(
            JobAidCard.edition_key == stored.key,
            JobAidCard.module_slug == module_slug,
            JobAidCard.anchor == anchor,
        )
    ).all()
    if not cards:
        return None
    card = next((card for card in cards if card.language == stored.language), cards[0])
    return stored, JobAid(card.anchor, card.title, read_alone(card.segments))


def course_editions(session: Session, course_key: int) -> tuple[EditionLine, ...]:
    """All editions of a course, the newest first; one query."""
    rows = session.execute(
        select(Edition.key, Edition.number, Edition.change, Edition.note, Edition.published_at)
        .where(Edition.course_key == course_key)
        .order_by(Edition.number.desc())
    )
    return tuple(EditionLine(*row) for row in rows)


def course_contact(session: Session, course_key: int) -> Contact | None:
    """Whom this authority names for questions on a course; nobody who has left. One query."""
    row = session.execute(
        select(CourseContact, Person.given_name, Person.family_name, Person.mail, Unit.name)
        .join(Person, and_(Person.key == CourseContact.person_key, Person.is_active), isouter=True)
        .join(Unit, Unit.key == Person.unit_key, isouter=True)
        .where(CourseContact.course_key == course_key)
    ).one_or_none()
    if row is None:
        return None
    contact, given_name, family_name, mail, unit = row
    name = f"{given_name} {family_name}" if family_name else contact.name
    return Contact(name, unit or "", mail or contact.mail, contact.phone) if name else None


def local_entries(session: Session) -> tuple[LocalEntryState, ...]:
    """All local entries that newest editions name, and all that are written, by key; two queries."""
    texts: dict[str, dict[str, str]] = {}
    for one in session.scalars(select(LocalText).order_by(LocalText.entry, LocalText.language)):
        texts.setdefault(one.entry, {})[one.language] = one.text
    courses: dict[str, list[str]] = {key: [] for key in texts}
    names: dict[str, Mapping[str, str]] = {}
    rows = session.execute(
        select(StoredCourse.slug, Edition.facts)
        .join(Edition, Edition.key == StoredCourse.edition_key)
        .order_by(StoredCourse.slug)
    )
    for slug, facts in rows:
        names |= facts["local_entries"]
        for key in facts["local_keys"]:
            courses.setdefault(key, []).append(slug)
    return tuple(_states(courses, names, texts))


def _states(
    courses: Mapping[str, list[str]], names: Mapping[str, Mapping[str, str]], texts: Mapping[str, Mapping[str, str]]
) -> Iterator[LocalEntryState]:
    for key in sorted(courses):
        yield LocalEntryState(key, names.get(key, {}), tuple(courses[key]), texts.get(key, {}))

"""What the catalogue lists of published courses, job aids and notices; one narrow query, however large they are."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Row, and_, or_, select
from sqlalchemy.orm import Session

from courses.course import Area, CourseKind, Level
from learning.language import current_language, date_text, ngettext
from learning.language import gettext as _
from learning.library.addresses import CourseAddresses
from learning.library.catalogue_pages import Entry, job_aid_facts
from learning.library.catalogue_queries import EntryKind
from learning.library.course_pages import kind_text, level_text
from learning.library.edition_statements import spoken_language
from learning.library.models import Edition, EditionText, JobAidCard, StoredCourse


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice that is valid: its title, its summary, where it is read, since when and until when it holds."""

    course_id: str
    title: str
    summary: str
    language: str
    address: str
    valid_from: datetime.date | None
    valid_until: datetime.date | None


def catalogue_entries(session: Session, *, language: str, today: datetime.date) -> tuple[Entry, ...]:
    """Everything that the catalogue can list on a day: newest editions and their job aids, expired notices left out."""
    aid = and_(JobAidCard.edition_key == Edition.key, JobAidCard.language == EditionText.language)
    rows = session.execute(
        select(
            StoredCourse.slug,
            Edition.kind,
            Edition.area,
            Edition.level,
            Edition.minutes,
            Edition.module_count,
            Edition.reviewed,
            Edition.valid_from,
            Edition.skills,
            EditionText.language,
            EditionText.title,
            EditionText.summary,
            JobAidCard.title.label("aid_title"),
            JobAidCard.module_slug,
            JobAidCard.anchor,
            JobAidCard.text_language,
            JobAidCard.reviewed.label("aid_reviewed"),
        )
        .join_from(StoredCourse, Edition, Edition.key == StoredCourse.edition_key)
        .join(
            EditionText,
            and_(EditionText.edition_key == Edition.key, EditionText.language == spoken_language(language)),
        )
        .join(JobAidCard, aid, isouter=True)
        .where(or_(Edition.valid_until.is_(None), Edition.valid_until >= today))
        .order_by(StoredCourse.slug, JobAidCard.key)
    )
    return tuple(_entries(rows.all()))


def _entries(rows: Any) -> Iterator[Entry]:
    listed = ""
    for row in rows:
        if row.slug != listed:
            listed = row.slug
            yield _course_entry(row)
        if row.anchor is not None:
            yield _job_aid_entry(row)


def _course_entry(row: Row[Any]) -> Entry:
    kind = CourseKind(row.kind)
    is_notice = kind is CourseKind.NOTICE
    return Entry(
        kind=EntryKind.NOTICE if is_notice else EntryKind.COURSE,
        title=row.title,
        text=row.summary,
        address=CourseAddresses(row.slug).course(),
        language=row.language,
        name=partial(kind_text, kind),
        facts=lambda: tuple(_facts(row, is_notice=is_notice)),
        minutes=row.minutes,
        slug=row.slug,
        area=Area(row.area) if row.area else None,
        level=Level(row.level) if row.level else None,
        stand=str(row.reviewed or row.valid_from or ""),
        skills=skill_names(row.skills),
    )


def _facts(row: Row[Any], *, is_notice: bool) -> Iterator[str]:
    if not is_notice:
        yield ngettext("%(num)d Modul", "%(num)d Module", row.module_count)
    elif row.valid_from:
        yield _("gültig ab %(date)s", date=date_text(row.valid_from))
    yield _("%(minutes)d Minuten", minutes=row.minutes)
    if row.level and not is_notice:
        yield level_text(Level(row.level))


def _job_aid_entry(row: Row[Any]) -> Entry:
    return Entry(
        kind=EntryKind.JOB_AID,
        title=row.aid_title,
        text="",
        address=CourseAddresses(row.slug).job_aid(row.module_slug, row.anchor),
        language=row.text_language,
        name=lambda: _("Arbeitshilfe"),
        facts=partial(job_aid_facts, row.title, row.aid_reviewed),
        minutes=0,
        slug=row.slug,
        area=Area(row.area) if row.area else None,
        level=Level(row.level) if row.level else None,
        stand=str(row.aid_reviewed or ""),
    )


def skill_names(skills: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """The skills of an edition by key, named in the language of the interface; by their key where no register did."""
    language = current_language()
    return {key: skill["names"].get(language) or skill["names"].get("de") or key for key, skill in skills.items()}


def valid_notices(session: Session, *, language: str, today: datetime.date) -> tuple[Notice, ...]:
    """The notices that hold on a day, the newest first; one query."""
    rows = session.execute(
        select(
            StoredCourse.id,
            StoredCourse.slug,
            Edition.valid_from,
            Edition.valid_until,
            EditionText.title,
            EditionText.summary,
            EditionText.language,
        )
        .join_from(StoredCourse, Edition, Edition.key == StoredCourse.edition_key)
        .join(
            EditionText,
            and_(EditionText.edition_key == Edition.key, EditionText.language == spoken_language(language)),
        )
        .where(
            Edition.kind == CourseKind.NOTICE.value,
            or_(Edition.valid_from.is_(None), Edition.valid_from <= today),
            or_(Edition.valid_until.is_(None), Edition.valid_until >= today),
        )
    ).all()
    ordered = sorted(rows, key=lambda row: (-(row.valid_from or datetime.date.min).toordinal(), row.slug))
    return tuple(
        Notice(
            course_id=row.id,
            title=row.title,
            summary=row.summary,
            language=row.language,
            address=CourseAddresses(row.slug).course(),
            valid_from=row.valid_from,
            valid_until=row.valid_until,
        )
        for row in ordered
    )

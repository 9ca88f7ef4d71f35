"""What the start page asks: the courses that a person has begun, and what the courses of their duties are called."""

import datetime
import functools
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, func, literal, select
from sqlalchemy.orm import Session

from courses.course import CourseKind
from learning.library.edition_statements import spoken_language
from learning.library.models import Edition, EditionText, StoredCourse
from learning.library.stored_texts import read_reading
from learning.study.courses.enrolment import effective_edition
from learning.study.models import Enrolment, ModuleDone, ReadingPlace

MOST_BEGUN = 12


@dataclass(frozen=True, slots=True)
class BegunModule:
    """A module of a course that somebody has begun, as its outline says it."""

    id: str
    slug: str
    title: str
    minutes: int
    is_optional: bool


@dataclass(frozen=True, slots=True)
class BegunCourse:
    """A course that a person has begun and not completed. `place` is the anchor in `last_module` where they read."""

    slug: str
    title: str
    language: str
    modules: tuple[BegunModule, ...]
    done: frozenset[str]
    last_module: str
    place: str
    last_at: datetime.datetime


@dataclass(frozen=True, slots=True)
class NamedCourse:
    """What a list says of a course."""

    title: str
    language: str
    kind: CourseKind
    minutes: int


def begun_courses(session: Session, person_key: int, *, language: str) -> tuple[BegunCourse, ...]:
    """The courses that the person has begun and not completed, the last one read first; one query."""
    return tuple(_begun(row) for row in session.execute(_begun_statement(language), {"own_key": person_key}))


@functools.lru_cache(maxsize=16)
def _begun_statement(language: str) -> Select[*tuple[Any, ...]]:
    """Made once for each language: putting it together takes longer than running it."""
    own_run = ReadingPlace.enrolment_key == Enrolment.key
    last_place = (
        select(ReadingPlace.module_id + literal("#") + ReadingPlace.anchor)
        .where(own_run)
        .order_by(ReadingPlace.changed_at.desc())
        .limit(1)
        .correlate(Enrolment)
        .scalar_subquery()
    )
    read_at = select(func.max(ReadingPlace.changed_at)).where(own_run).correlate(Enrolment).scalar_subquery()
    done = (
        select(func.aggregate_strings(ModuleDone.module_id, ","))
        .where(ModuleDone.enrolment_key == Enrolment.key)
        .correlate(Enrolment)
        .scalar_subquery()
    )
    last_at = func.coalesce(read_at, Enrolment.opened_at)
    return (
        select(
            StoredCourse.slug,
            EditionText.title,
            EditionText.language,
            EditionText.outline,
            done.label("done"),
            last_place.label("place"),
            last_at.label("last_at"),
        )
        .join_from(Enrolment, StoredCourse, StoredCourse.key == Enrolment.course_key)
        .join(Edition, Edition.key == effective_edition())
        .join(
            EditionText,
            and_(EditionText.edition_key == Edition.key, EditionText.language == spoken_language(language)),
        )
        .where(
            Enrolment.person_key == bindparam("own_key"),
            Enrolment.completed_on.is_(None),
            Edition.kind != CourseKind.NOTICE.value,
        )
        .order_by(last_at.desc(), Enrolment.key.desc())
        .limit(MOST_BEGUN)
    )


def _begun(row: Row[Any]) -> BegunCourse:
    last_module, _hash, place = (row.place or "").partition("#")
    return BegunCourse(
        slug=row.slug,
        title=row.title,
        language=row.language,
        modules=tuple(
            BegunModule(one["id"], one["slug"], one["title"], read_reading(one["reading"]).minutes, one["optional"])
            for one in row.outline
        ),
        done=frozenset((row.done or "").split(",")) - {""},
        last_module=last_module,
        place=place,
        last_at=row.last_at,
    )


def named_courses(session: Session, course_ids: Collection[str], *, language: str) -> Mapping[str, NamedCourse]:
    """Courses by id in their newest edition; one query, none without ids."""
    if not course_ids:
        return {}
    rows = session.execute(
        select(StoredCourse.id, EditionText.title, EditionText.language, Edition.kind, Edition.minutes)
        .join_from(StoredCourse, Edition, Edition.key == StoredCourse.edition_key)
        .join(
            EditionText,
            and_(EditionText.edition_key == Edition.key, EditionText.language == spoken_language(language)),
        )
        .where(StoredCourse.id.in_(sorted(set(course_ids))))
    )
    return {row.id: NamedCourse(row.title, row.language, CourseKind(row.kind), row.minutes) for row in rows}

"""Publishing what lies in a folder or a ZIP file: prepare within limits, store files, then the edition itself.

Nothing of a course is stored while it has errors, and courses of one folder are published all or none of them checked
first: a library with one broken course publishes nothing.
"""

import datetime
import hashlib
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from courses.bundle import open_bundle
from courses.reading.registers import REGISTER_FILES
from learning.database import work
from learning.language import LANGUAGES
from learning.library.checking import LIMITS, PROCESSES, CourseFolder, folders_at, same_ids
from learning.library.drafts import Draft, Unpublishable, blocking_problems, draft_of
from learning.library.media import ChangedMeanwhile, store_media
from learning.library.models import Edition, StoredCourse
from learning.library.preparation import CourseOrder, PreparedCourse, prepare_course
from learning.library.publishing import Change, Published, publish_course, refusals
from learning.library.search_words import library_words, spread_words
from learning.workshop import Workshop
from quizzes.problems import Problem


@dataclass(frozen=True, slots=True)
class PublishOrder:
    """What to publish and how: `by` is the key of the person who does it, None for the program itself.

    `wrong_keys` are the questions, as `course/question`, that a correction may score otherwise than before.
    """

    place: Path
    change: Change
    note: str
    by: int | None
    now: datetime.datetime
    today: datetime.date
    wrong_keys: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Publication:
    """What came of it: either all courses at the place, or the problems that forbid it; paths count from the place."""

    courses: tuple[Published, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def is_refused(self) -> bool:
        """True if nothing was published."""
        return bool(self.problems)


def publish_place(engine: Engine, order: PublishOrder) -> Publication | None:
    """Publish all courses at the place; None when there is none. Raises ChangedMeanwhile."""
    problems: list[Problem] = []
    everything = folders_at(order.place, problems)
    if not everything:
        return None
    sources = {folder: source_of(folder.place) for folder in everything}
    unchanged = _unchanged(engine, sources)
    folders = [folder for folder in everything if folder not in unchanged]
    prepared = _prepared(folders, order)
    for folder, course in zip(folders, prepared, strict=True):
        blocking = blocking_problems(course)
        problems += [problem.moved(path=folder.prefix + problem.path) for problem in blocking]
    problems += same_ids(folders, prepared)
    if problems:
        return Publication((), tuple(sorted(problems, key=lambda problem: problem.place)))
    drafts, problems = _drafts(engine, order, dict(zip(folders, prepared, strict=True)), sources)
    if problems:
        return Publication((), tuple(sorted(problems, key=lambda problem: problem.place)))
    published: list[Published] = []
    refused: list[Problem] = []
    for folder, course in zip(folders, prepared, strict=True):
        try:
            published.append(_publish(engine, order, folder, course, drafts[folder]))
        except Unpublishable as error:  # Somebody else published in between.
            refused += [problem.moved(path=folder.prefix + problem.path) for problem in error.problems]
    spread_words(engine)
    courses = sorted([*published, *unchanged.values()], key=lambda course: course.slug)
    return Publication(tuple(courses), tuple(refused))


def _drafts(
    engine: Engine,
    order: PublishOrder,
    prepared: Mapping[CourseFolder, PreparedCourse],
    sources: Mapping[CourseFolder, str],
) -> tuple[dict[CourseFolder, Draft], list[Problem]]:
    """The drafts of all courses, and all that keeps one of them from following its published edition."""
    drafts: dict[CourseFolder, Draft] = {}
    problems: list[Problem] = []
    with Session(engine) as session:
        known = library_words(session)
        for folder, course in prepared.items():
            draft = drafts[folder] = draft_of(course, source=sources[folder], known=known)
            found = refusals(session, draft, change=order.change, wrong_keys=order.wrong_keys)
            problems += [problem.moved(path=folder.prefix + problem.path) for problem in found]
    return drafts, problems


def source_of(place: Path) -> str:
    """A digest of all files of a course and of the registers beside it; empty for what cannot be opened.

    Equal sources make equal editions, so what has not changed need not be prepared to find that out.
    """
    bundle = open_bundle(place).bundle
    if bundle is None:
        return ""
    registers = [place.resolve().parent / name for name in REGISTER_FILES]
    parts = [path.read_bytes() if path.is_file() else b"" for path in registers]
    whole = [bundle.digest, *(hashlib.sha256(part).hexdigest() for part in parts)]
    return hashlib.sha256("\n".join(whole).encode()).hexdigest()


def _unchanged(engine: Engine, sources: Mapping[CourseFolder, str]) -> dict[CourseFolder, Published]:
    """The courses whose newest edition was made of exactly these files."""
    statement = select(
        Edition.key, Edition.number, Edition.source, StoredCourse.key, StoredCourse.id, StoredCourse.slug
    )
    with Session(engine) as session:
        rows = session.execute(statement.join(StoredCourse, StoredCourse.edition_key == Edition.key)).all()
    newest = {
        (slug, source): Published(course_key, course_id, slug, key, number, is_new=False)
        for key, number, source, course_key, course_id, slug in rows
    }
    found = {folder: newest.get((slug_at(folder.place), source)) for folder, source in sources.items()}
    return {folder: published for folder, published in found.items() if published}


def slug_at(place: Path) -> str:
    """The slug of the course at a place: the name of its folder or of its ZIP file."""
    bundle = open_bundle(place).bundle
    return bundle.slug if bundle else ""


def _prepared(folders: Sequence[CourseFolder], order: PublishOrder) -> list[PreparedCourse]:
    orders = [
        CourseOrder(folder.place, order.today, languages=tuple(LANGUAGES), is_published=True) for folder in folders
    ]
    if not orders:
        return []
    with Workshop(processes=PROCESSES, limits=LIMITS) as workshop, ThreadPoolExecutor(PROCESSES) as threads:
        return list(threads.map(lambda one: prepare_course(workshop, one), orders))


def _publish(
    engine: Engine, order: PublishOrder, folder: CourseFolder, prepared: PreparedCourse, draft: Draft
) -> Published:
    """One course: its files first, then everything else at once, unless somebody changed it while it was read."""
    bundle = open_bundle(folder.place).bundle
    if bundle is None or bundle.digest != prepared.files_digest:
        raise ChangedMeanwhile(folder.place.name)
    store_media(engine, bundle, prepared.media)
    return work(
        engine,
        lambda session: publish_course(
            session,
            draft,
            change=order.change,
            note=order.note,
            by=order.by,
            now=order.now,
            wrong_keys=order.wrong_keys,
        ),
    )

"""The courses of the demonstration: the starter library and four short ones of its own, prepared to be published.

The dates in the short ones move with the calendar, so that none is out of date whenever the demonstration is made.
"""

import datetime
import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine

from courses.bundle import open_bundle
from courses.reading.library import course_places
from courses.reading.registers import REGISTER_FILES
from learning import paths
from learning.language import LANGUAGES
from learning.library.checking import LIMITS, PROCESSES
from learning.library.drafts import Draft, draft_of
from learning.library.media import store_media
from learning.library.preparation import CourseOrder, PreparedCourse, prepare_course
from learning.library.publication import source_of
from learning.workshop import Workshop

PROCESS_COURSE = "prozesse-aufnehmen"
IMPULS_COURSE = "so-lernen-sie-mit-impuls"
DATA_COURSE = "datenschutz-im-alltag"
FIRE_COURSE = "verhalten-im-brandfall"
SECURITY_COURSE = "sicher-am-arbeitsplatz"
NOTICE = "kurzinfo-raeumungsuebung"

OWN_COURSES = Path(__file__).resolve().parent / "courses"
WRITTEN_ON = datetime.date(2026, 11, 22)
_DATE = re.compile(r"\b(reviewed|review_by|valid_from|valid_until|on): (\d{4}-\d\d-\d\d)\b")
# What the first edition of the course on data protection said, in place of what it says now.
_FORMER = (
    (
        "datenschutz-im-alltag/01-auskunft-und-panne.md",
        "Die Behörde hat dafür nur wenige Tage. Deshalb zählt die Stunde, in der Sie es bemerken.",
        "Melden Sie es spätestens am nächsten Tag.",
    ),
)


@dataclass(frozen=True, slots=True)
class Shelf:
    """Drafts ready to be published by slug, in the order of the library; `former` is the older text of one of them."""

    drafts: dict[str, Draft]
    former: Draft


def fill_shelf(engine: Engine, *, today: datetime.date) -> Shelf:
    """Prepare all courses and store their files; nothing is published yet."""
    with TemporaryDirectory() as name:
        own, former = Path(name) / "now", Path(name) / "before"
        copy_courses(own, today=today)
        copy_courses(former, today=today)
        for path, text, before in _FORMER:
            replace_text(former / path, text, before)
        places = [*found_in(paths.content()), *found_in(own), former / DATA_COURSE]
        prepared = prepare(places, today=today)
        drafts = []
        for place, course in zip(places, prepared, strict=True):
            bundle = open_bundle(place).bundle
            assert bundle is not None, f"{place} is a course"
            store_media(engine, bundle, course.media)
            drafts.append(draft_of(course, source=source_of(place)))
    *current, older = drafts
    return Shelf({draft.slug: draft for draft in current}, older)


def copy_courses(target: Path, *, today: datetime.date) -> None:
    """The courses of the demonstration with the registers of the starter library, their dates as of `today`."""
    shutil.copytree(OWN_COURSES, target)
    for name in REGISTER_FILES:
        if (paths.content() / name).is_file():
            shutil.copy(paths.content() / name, target / name)
    for path in target.glob("*/*.md"):
        path.write_text(_moved(path.read_text(encoding="utf-8"), today - WRITTEN_ON), encoding="utf-8")


def _moved(text: str, by: datetime.timedelta) -> str:
    return _DATE.sub(lambda found: f"{found[1]}: {datetime.date.fromisoformat(found[2]) + by}", text)


def replace_text(path: Path, text: str, before: str) -> None:
    """Put what was said before in place of what is said now."""
    now = path.read_text(encoding="utf-8")
    assert text in now, f"{path.name} no longer says: {text}"
    path.write_text(now.replace(text, before), encoding="utf-8")


def found_in(place: Path) -> Iterator[Path]:
    """The courses in a folder."""
    return iter(course_places(place, []))


def prepare(places: list[Path], *, today: datetime.date) -> list[PreparedCourse]:
    """Read, check and render the courses side by side."""
    orders = [CourseOrder(place, today, languages=tuple(LANGUAGES), is_published=True) for place in places]
    with Workshop(processes=PROCESSES, limits=LIMITS) as workshop, ThreadPoolExecutor(PROCESSES) as threads:
        return list(threads.map(lambda order: prepare_course(workshop, order), orders))

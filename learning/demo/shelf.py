"""The courses of the demonstration: the starter library and four short ones of its own, prepared to be published.

The dates in the short ones move with the calendar, so that none is out of date whenever the demonstration is made.
"""

import datetime
import re
import shutil
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
from learning.library.preparation import CourseOrder, prepare_course
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
A_YEAR = datetime.timedelta(days=365)
_DATE = re.compile(r"\b(reviewed|review_by|valid_from|valid_until|on): (\d{4}-\d\d-\d\d)\b")
_SOURCES_AS_OF = re.compile(r"^Stand: (\d{4}-\d\d-\d\d)\.$", re.MULTILINE)
# What the first edition of the course on data protection said, in place of what it says now.
_FORMER_PAGE = "01-auskunft-und-panne.md"
_NOW_SAID = "Die Behörde hat dafür nur wenige Tage. Deshalb zählt die Stunde, in der Sie es bemerken."
_SAID_BEFORE = "Melden Sie es spätestens am nächsten Tag."


@dataclass(frozen=True, slots=True)
class Shelf:
    """Drafts ready to be published by slug; `former` are older texts of some of them."""

    drafts: dict[str, Draft]
    former: dict[str, Draft]


def fill_shelf(engine: Engine, *, today: datetime.date) -> Shelf:
    """Prepare all courses and store their files; nothing is published yet."""
    with TemporaryDirectory() as name:
        now, before = Path(name) / "now", Path(name) / "before"
        copy_courses(OWN_COURSES, now, by=today - WRITTEN_ON)
        copy_courses(OWN_COURSES, before, by=today - WRITTEN_ON - A_YEAR, only=(DATA_COURSE,))
        copy_courses(paths.content(), before, by=-A_YEAR, only=(PROCESS_COURSE, IMPULS_COURSE))
        replace_text(before / DATA_COURSE / _FORMER_PAGE, _NOW_SAID, _SAID_BEFORE)
        current = [*course_places(paths.content(), []), *course_places(now, [])]
        drafts = prepared_drafts(engine, [*current, *course_places(before, [])], today=today)
    number = len(current)
    return Shelf({one.slug: one for one in drafts[:number]}, {one.slug: one for one in drafts[number:]})


def copy_courses(source: Path, target: Path, *, by: datetime.timedelta, only: tuple[str, ...] = ()) -> None:
    """Courses with the registers of the starter library, their dates moved; `only` names folders, all without it."""
    target.mkdir(exist_ok=True)
    for register in REGISTER_FILES:
        if (paths.content() / register).is_file():
            shutil.copy(paths.content() / register, target / register)
    for place in course_places(source, []):
        if not only or place.name in only:
            shutil.copytree(place, target / place.name)
            for page in (target / place.name).rglob("*.md"):
                page.write_text(moved(page.read_text(encoding="utf-8"), by), encoding="utf-8")


def moved(text: str, by: datetime.timedelta) -> str:
    """The text of a course with all its dates so much later."""
    text = _DATE.sub(lambda found: f"{found[1]}: {datetime.date.fromisoformat(found[2]) + by}", text)
    return _SOURCES_AS_OF.sub(lambda found: f"Stand: {datetime.date.fromisoformat(found[1]) + by:%d.%m.%Y}.", text)


def replace_text(path: Path, text: str, before: str) -> None:
    """Put what was said before in place of what is said now."""
    now = path.read_text(encoding="utf-8")
    assert text in now, f"{path.name} no longer says: {text}"
    path.write_text(now.replace(text, before), encoding="utf-8")


def prepared_drafts(engine: Engine, places: list[Path], *, today: datetime.date) -> list[Draft]:
    """Read, check and render the courses side by side, and store the files that they show."""
    orders = [CourseOrder(place, today, languages=tuple(LANGUAGES), is_published=True) for place in places]
    with Workshop(processes=PROCESSES, limits=LIMITS) as workshop, ThreadPoolExecutor(PROCESSES) as threads:
        prepared = list(threads.map(lambda order: prepare_course(workshop, order), orders))
    for place, course in zip(places, prepared, strict=True):
        bundle = open_bundle(place).bundle
        assert bundle is not None, f"{place} is a course"
        store_media(engine, bundle, course.media)
    return [draft_of(course, source=source_of(place)) for place, course in zip(places, prepared, strict=True)]

"""The courses of a folder, prepared when they are asked for and again when a file changed. Kept in memory only."""

import datetime
import hashlib
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from courses.bundle import Bundle, open_bundle
from courses.reading.library import course_places, is_course
from courses.reading.registers import REGISTER_FILES, Registers, read_registers
from learning.language import LANGUAGES
from learning.library.preparation import CourseOrder, PreparedCourse, prepare_course
from learning.workshop import Done, Workshop
from quizzes.problems import Problem

MOST_FILES = 5_000


@dataclass(frozen=True, slots=True)
class ShelfCourse:
    """A prepared course, the folder it came from, and the state of that folder it was made of."""

    place: Path
    state: str
    prepared: PreparedCourse


class Shelf:
    """The courses below `folder`, or the one course that `folder` is."""

    def __init__(self, folder: Path, workshop: Workshop, *, today: Callable[[], datetime.date]) -> None:
        self.folder = folder.resolve()
        self._workshop = workshop
        self._today = today
        self._kept: dict[Path, ShelfCourse] = {}
        self._locks: dict[Path, threading.Lock] = {}
        self._locks_lock = threading.Lock()
        self._registers: tuple[str, Registers] | None = None

    def places(self) -> tuple[Path, ...]:
        """The folders of courses, sorted by name."""
        return (self.folder,) if is_course(self.folder) else tuple(course_places(self.folder, []))

    def courses(self) -> tuple[ShelfCourse, ...]:
        """All courses, prepared side by side."""
        places = self.places()
        with ThreadPoolExecutor(max_workers=max(1, min(len(places), self._workshop.processes))) as pool:
            return tuple(pool.map(self._course, places))

    def course(self, slug: str) -> ShelfCourse | None:
        """The course whose folder is called `slug`."""
        place = next((place for place in self.places() if place.name == slug), None)
        return self._course(place) if place else None

    def state(self, slug: str | None = None) -> str:
        """A digest that changes when a file of the course, or of any course, changes."""
        places = [place for place in self.places() if slug in (None, place.name)]
        return _digest([*(self._state(place) for place in places), "" if slug else self._registers_state()])

    def bundle(self, slug: str) -> Bundle | None:
        """The files of a course, to be served."""
        place = next((place for place in self.places() if place.name == slug), None)
        return open_bundle(place).bundle if place else None

    def register_problems(self) -> tuple[Problem, ...]:
        """What is wrong with the registers beside the courses."""
        if is_course(self.folder):
            return ()
        state = self._registers_state()
        if self._registers is None or self._registers[0] != state:
            outcome = self._workshop.run(read_registers, self.folder)
            if not isinstance(outcome, Done):
                return (Problem("E013", 1, path=REGISTER_FILES[0]),)
            self._registers = (state, outcome.value)
        return self._registers[1].problems

    def _course(self, place: Path) -> ShelfCourse:
        with self._locks_lock:
            lock = self._locks.setdefault(place, threading.Lock())
        with lock:
            state = self._state(place)
            kept = self._kept.get(place)
            if kept is None or kept.state != state:
                order = CourseOrder(place, self._today(), languages=tuple(LANGUAGES))
                kept = ShelfCourse(place, state, prepare_course(self._workshop, order))
                self._kept[place] = kept
            return kept

    def _state(self, place: Path) -> str:
        """What a prepared course depends on: its files, the registers, the day (review dates pass)."""
        return _digest([*_stamps(place), self._registers_state(), self._today().isoformat()])

    def _registers_state(self) -> str:
        folder = self.folder.parent if is_course(self.folder) else self.folder
        return _digest(_stamp(folder / name) for name in REGISTER_FILES)


def _digest(lines: Iterator[str] | list[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode(errors="surrogateescape")).hexdigest()[:24]


def _stamps(place: Path) -> Iterator[str]:
    """Name, time and size of every file; bounded, so that a mistaken folder does not stall the watch."""
    count = 0
    for folder, names, files in os.walk(place):
        names[:] = sorted(name for name in names if not name.startswith("."))
        for file in sorted(files):
            if not file.startswith("."):
                yield _stamp(Path(folder, file))
                count += 1
        if count > MOST_FILES:
            return


def _stamp(path: Path) -> str:
    try:
        status = path.lstat()
    except OSError:
        return f"{path} -"
    return f"{path} {status.st_mtime_ns} {status.st_size}"

"""How long authors wait for the checker: one module, and everything that comes with the program."""

import datetime
import subprocess
import sys
from pathlib import Path

from courses.bundle import open_bundle
from courses.check import check_course
from courses.markdown.limits import MOST_LINES
from courses.reading.read import read_course
from tests.courses.checking import TODAY, check, lesson, read
from tests.courses.test_bundle_archive import large_archive
from tests.courses.test_limits import LINES, PARAGRAPHS, accepted, seconds, worst_paragraphs
from tests.speed.measuring import Measure, keep_amount

CONTENT = Path(__file__).parents[2] / "content"


def test_a_module_is_checked_between_two_keystrokes(measure: Measure) -> None:
    assert check(lesson()) == []
    course, bundle, _ = read({"01-ablauf.md": lesson()})

    def again() -> None:
        check_course(course, bundle, today=TODAY)

    measure("check a 900-word module with six questions, parsing aside", again, limit=0.010, runs=25)


def test_the_worst_files_that_are_accepted_keep_to_the_share_of_a_worker() -> None:
    files = [worst_paragraphs(unit) for unit in PARAGRAPHS] + [accepted(unit * MOST_LINES) for unit in LINES]
    slowest = max(seconds(text) for text in files)
    keep_amount(f"slowest of {len(files)} files made to be slow", round(slowest, 2), "s", limit=2.0)


def test_the_largest_archive_that_is_accepted_is_opened_in_time(measure: Measure, tmp_path: Path) -> None:
    place = large_archive(tmp_path, files=490)
    measure("open an archive of 490 files that unpack to 490 MB", lambda: open_bundle(place), limit=5.0, runs=3)


def test_all_courses_are_checked_within_two_seconds(measure: Measure) -> None:
    def start() -> None:
        told = subprocess.run([sys.executable, "-m", "learning", "check", str(CONTENT)], capture_output=True)
        assert told.returncode == 0, told.stdout.decode()

    measure("impuls check content, whole process", start, limit=2.0, runs=5)


def test_the_largest_course_is_checked_at_once(measure: Measure) -> None:
    bundle = open_bundle(CONTENT / "prozesse-aufnehmen").bundle
    assert bundle is not None

    def again() -> None:
        course = read_course(bundle).course
        assert course is not None
        check_course(course, bundle, today=datetime.date(2026, 11, 22))

    measure("read and check the course on processes", again, limit=0.5, runs=5)

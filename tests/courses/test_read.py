"""A bundle read as a course: values, order, what stands in for what is missing, and every problem at its place."""

import datetime
import tempfile
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.bundle import open_bundle
from courses.course import Area, Course, CourseKind, ExpertRelease, Level, ModuleType
from courses.reading.read import ReadCourse, read_course
from quizzes.attempts import Show, TestRules
from tests.courses.folders import COURSE, LESSON, write_course
from tests.figures import examples

EVERY_FIELD = """\
---
id: widerspruch-sgb2          # required, [a-z0-9-]{3,64}, immutable
title: Widerspruch im SGB II  # required
lang: de                      # required, BCP 47, source language
summary: Fristen, Form und Ablauf des Widerspruchs.   # ≤ 200 characters
authors: [Team Recht]
audience: [leistungsgewaehrung, eingangszone]         # free tags
requires: [grundlagen-sgb2]   # other course ids (advice, not a lock)
level: grundlagen             # grundlagen | aufbau | vertiefung
objectives: [Sie berechnen die Frist und begründen sie]
valid: 12 months              # optional proposal for a rule's period, e.g. Datenschutz
reviewed: 2026-03-01          # last legal check, shown to learners
review_by: 2027-03-01         # linter warns when past
license: CC-BY-SA-4.0
skills: {prozesse-aufnehmen: 2}
area: prozess
kind: mandatory
repeat: widerspruch-kurz
legal_basis: [§ 84 SGG]
---
"""
TEST = """\
---
id: abschluss
title: Abschlusstest
type: test
pass: 75
attempts: 3
time: 20 min
draw: 10
show: passed
task_minutes: 3
optional: true
objectives: [Fristen berechnen]
requires: [fristen]
reviewed: 2026-03-01
review_by: 2027-03-01
expert_release: {by: Rechtsstelle, on: 2026-03-02, scope: alle Fristen}
---
"""


def read(folder: Path, files: dict[str, str | bytes] | None = None, *, skills: tuple[str, ...] = ()) -> ReadCourse:
    opened = open_bundle(write_course(folder, files))
    assert opened.problems == ()
    assert opened.bundle is not None
    return read_course(opened.bundle, skills=skills)


def course_of(folder: Path, files: dict[str, str | bytes] | None = None) -> Course:
    found = read(folder, files)
    assert found.problems == ()
    assert found.course is not None
    return found.course


def problems(
    folder: Path, files: dict[str, str | bytes], *, skills: tuple[str, ...] = ()
) -> list[tuple[str, int, str]]:
    return [(p.path, p.line, p.code) for p in read(folder, files, skills=skills).problems]


def test_the_front_matter_of_the_format_page_is_read_completely(tmp_path: Path) -> None:
    course = course_of(tmp_path, {"course.md": EVERY_FIELD})
    assert course.id == "widerspruch-sgb2"
    assert course.slug == "widerspruch-sgb2"
    assert course.title == "Widerspruch im SGB II"
    assert course.language == "de"
    assert course.summary == "Fristen, Form und Ablauf des Widerspruchs."
    assert course.authors == ("Team Recht",)
    assert course.audience == ("leistungsgewaehrung", "eingangszone")
    assert course.requires == ("grundlagen-sgb2",)
    assert course.level is Level.BASICS
    assert course.objectives == ("Sie berechnen die Frist und begründen sie",)
    assert course.valid == "12 months"
    assert course.reviewed == datetime.date(2026, 3, 1)
    assert course.review_by == datetime.date(2027, 3, 1)
    assert course.license == "CC-BY-SA-4.0"
    assert course.skills == {"prozesse-aufnehmen": 2}
    assert course.area is Area.PROCESS
    assert course.kind is CourseKind.MANDATORY
    assert course.repeat == "widerspruch-kurz"
    assert course.legal_basis == ("§ 84 SGG",)


def test_a_test_module_is_read_with_its_rules(tmp_path: Path) -> None:
    lesson, test = course_of(tmp_path, {"90-abschlusstest.md": TEST}).modules
    assert (lesson.type, lesson.rules, lesson.number) == (ModuleType.LESSON, None, 1)
    assert (test.id, test.slug, test.number, test.title) == ("abschluss", "abschlusstest", 90, "Abschlusstest")
    assert test.rules == TestRules(pass_percent=75, attempts=3, minutes=20, draw=10, show=Show.PASSED)
    assert (test.task_minutes, test.is_optional, test.requires) == (3, True, ("fristen",))
    release = ExpertRelease("Rechtsstelle", datetime.date(2026, 3, 2), "alle Fristen")
    assert test.expert_release == release
    assert not release.is_open


def test_a_release_that_is_still_open_is_read(tmp_path: Path) -> None:
    text = LESSON.replace("title:", "expert_release: open\ntitle:")
    assert course_of(tmp_path, {"01-fristen.md": text}).modules[0].expert_release == ExpertRelease()


def test_modules_stand_in_the_order_of_their_numbers_not_of_their_names(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {f"{n}-m{n}.md": f"---\nid: m{n}\ntitle: M{n}\n---\n" for n in (2, 10, 100)}
    assert [module.number for module in course_of(tmp_path, files).modules] == [1, 2, 10, 100]


def test_a_course_reads_the_same_from_crlf_files(tmp_path: Path) -> None:
    unix = course_of(tmp_path / "a")
    windows = course_of(
        tmp_path / "b", {"course.md": COURSE.replace("\n", "\r\n"), "01-fristen.md": LESSON.replace("\n", "\r\n")}
    )
    assert windows.modules[0].document.text == unix.modules[0].document.text


def test_without_a_course_file_there_is_no_course_but_its_modules_are_checked(tmp_path: Path) -> None:
    opened = open_bundle(write_course(tmp_path, {"01-fristen.md": "---\ntitle: [a]\nid: fristen\n---\n"}))
    assert opened.bundle is not None
    (tmp_path / "widerspruch-sgb2" / "course.md").unlink()
    opened = open_bundle(tmp_path / "widerspruch-sgb2")
    assert opened.bundle is not None
    found = read_course(opened.bundle)
    assert found.course is None
    assert [(p.path, p.line, p.code) for p in found.problems] == [
        ("01-fristen.md", 2, "E004"),
        ("course.md", 1, "E105"),
    ]


PROBLEMS: dict[str, tuple[dict[str, str | bytes], list[tuple[str, int, str]]]] = {
    "course without front matter": (
        {"course.md": "Text\n"},
        [("course.md", 1, "E003"), ("course.md", 1, "E003"), ("course.md", 1, "E003")],
    ),
    "course with broken front matter": ({"course.md": "---\nid: a: b\n---\n"}, [("course.md", 2, "E002")]),
    "course file in sixteen bits": ({"course.md": COURSE.encode("utf-16")}, [("course.md", 1, "E001")]),
    "bad course id": ({"course.md": COURSE.replace("widerspruch-sgb2", "Widerspruch II")}, [("course.md", 2, "E103")]),
    "short course id": ({"course.md": COURSE.replace("widerspruch-sgb2", "wi")}, [("course.md", 2, "E103")]),
    "bad language": ({"course.md": COURSE.replace("lang: de", "lang: Deutsch")}, [("course.md", 4, "E004")]),
    "unknown skill level": (
        {"course.md": COURSE.replace("lang: de", "lang: de\nskills: {lesen: 5, sehen: drei}")},
        [("course.md", 5, "E004"), ("course.md", 5, "E004")],
    ),
    "skills as a list": (
        {"course.md": COURSE.replace("lang: de", "lang: de\nskills: [a]")},
        [("course.md", 5, "E004")],
    ),
    "unknown field": ({"course.md": COURSE.replace("lang: de", "lang: de\nsumary: x")}, [("course.md", 5, "W005")]),
    "summary too long": (
        {"course.md": COURSE.replace("lang: de", "lang: de\nsummary: " + "x" * 201)},
        [("course.md", 5, "E004")],
    ),
    "module without front matter": (
        {"01-fristen.md": "Text"},
        [("01-fristen.md", 1, "E003"), ("01-fristen.md", 1, "W141")],
    ),
    "module with broken front matter": ({"01-fristen.md": "---\n\tid: a\n---\n"}, [("01-fristen.md", 2, "E002")]),
    "module without id": ({"01-fristen.md": "---\ntitle: a\n---\n"}, [("01-fristen.md", 2, "W141")]),
    "bad module id": ({"01-fristen.md": "---\nid: Frist\ntitle: a\n---\n"}, [("01-fristen.md", 2, "E004")]),
    "unknown type": ({"01-fristen.md": "---\nid: a\ntitle: a\ntype: quiz\n---\n"}, [("01-fristen.md", 4, "E004")]),
    "rules of a test in a lesson": (
        {"01-fristen.md": "---\nid: a\ntitle: a\npass: 80\ndraw: 3\n---\n"},
        [("01-fristen.md", 4, "W108"), ("01-fristen.md", 5, "W108")],
    ),
    "pass mark out of range": (
        {"01-fristen.md": "---\nid: a\ntitle: a\ntype: test\npass: 0\n---\n"},
        [("01-fristen.md", 5, "E404")],
    ),
    "pass mark that is no number": (
        {"01-fristen.md": "---\nid: a\ntitle: a\ntype: test\npass: 80 %\n---\n"},
        [("01-fristen.md", 5, "E004")],
    ),
    "module number twice": (
        {"1-zwei.md": "---\nid: zwei\ntitle: a\n---\n"},
        [("1-zwei.md", 1, "E101")],
    ),
    "module id twice": ({"02-zwei.md": LESSON}, [("02-zwei.md", 2, "E106")]),
    "module address twice": (
        {"02-fristen.md": "---\nid: zwei\ntitle: a\n---\n"},
        [("02-fristen.md", 1, "E154")],
    ),
    "module address twice without ids": (
        {"01-fristen.md": "---\ntitle: a\n---\n", "02-fristen.md": "---\ntitle: a\n---\n"},
        [("01-fristen.md", 2, "W141"), ("02-fristen.md", 1, "E154"), ("02-fristen.md", 2, "W141")],
    ),
    "folder that only looks like a language": ({"alt/notiz.md": "x"}, [("alt/", 1, "W104")]),
    "requires an unknown module": (
        {"01-fristen.md": "---\nid: a\ntitle: a\nrequires: [b]\n---\n"},
        [("01-fristen.md", 4, "W109")],
    ),
    "release without a date": (
        {"01-fristen.md": "---\nid: a\ntitle: a\nexpert_release: {by: b}\n---\n"},
        [("01-fristen.md", 4, "E003")],
    ),
    "release in words": (
        {"01-fristen.md": "---\nid: a\ntitle: a\nexpert_release: offen\n---\n"},
        [("01-fristen.md", 4, "E004")],
    ),
    "ignored files and folders": (
        {
            "notizen.md": "x",
            "README.txt": "x",
            "bilder/a.svg": "x",
            "bilder/b.svg": "x",
            "03_name.md": "x",
            "4-Über.md": "x",
        },
        [
            ("03_name.md", 1, "W104"),
            ("4-Über.md", 1, "W104"),
            ("README.txt", 1, "W104"),
            ("bilder/", 1, "W104"),
            ("notizen.md", 1, "W104"),
        ],
    ),
    "file above 256 KB": ({"01-fristen.md": "x" * 300_000}, [("01-fristen.md", 1, "E010")]),
    "translation of nothing": (
        {"en/07-weg.md": "x", "en/media/a.svg": "x", "en/notes.txt": "x"},
        [
            ("en/07-weg.md", 1, "W104"),
            ("en/notes.txt", 1, "W104"),
        ],
    ),
    "structure in a translation": (
        {"en/01-fristen.md": "---\ntitle: Deadlines\nid: fristen\nsource: abc\n---\n"},
        [("en/01-fristen.md", 3, "W005"), ("en/01-fristen.md", 4, "E004")],
    ),
    "translation without title": ({"en/01-fristen.md": "Text"}, [("en/01-fristen.md", 1, "E003")]),
    "every problem at once": (
        {"course.md": COURSE.replace("lang: de", "lang: x"), "01-fristen.md": "---\ntitle: a\n\n", "x.md": "x"},
        [("01-fristen.md", 1, "E008"), ("course.md", 4, "E004"), ("x.md", 1, "W104")],
    ),
}


@pytest.mark.parametrize("name", PROBLEMS)
def test_problems_stand_at_their_file_and_line(name: str, tmp_path: Path) -> None:
    files, expected = PROBLEMS[name]
    assert problems(tmp_path, files) == expected


def test_a_course_without_modules_says_so(tmp_path: Path) -> None:
    root = write_course(tmp_path)
    (root / "01-fristen.md").unlink()
    opened = open_bundle(root)
    assert opened.bundle is not None
    assert [(p.path, p.code) for p in read_course(opened.bundle).problems] == [("course.md", "E102")]


def test_skills_are_held_against_the_register_where_there_is_one(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"course.md": COURSE.replace("lang: de", "lang: de\nskills: {prozesse: 2}")}
    assert problems(tmp_path / "a", files) == []
    found = read(tmp_path / "b", files, skills=("prozesse-aufnehmen", "daten-lesen"))
    (problem,) = found.problems
    assert (problem.code, problem.line) == ("E107", 5)
    assert problem.parameters == {"field": "skills.prozesse", "suggestion": "prozesse-aufnehmen"}
    assert found.course is not None
    assert found.course.skills == {}


@pytest.mark.parametrize("name", ["Mein Kurs", "kurs_2", "Übung", "a--b", "-a"])
def test_a_folder_whose_name_makes_no_good_address_is_reported(name: str, tmp_path: Path) -> None:
    opened = open_bundle(write_course(tmp_path, slug=name))
    assert opened.bundle is not None
    found = read_course(opened.bundle)
    assert [(p.path, p.code, p.parameters) for p in found.problems] == [("", "W153", {"name": name})]


def test_a_notice_is_one_file(tmp_path: Path) -> None:
    text = COURSE.replace(
        "lang: de", "lang: de\nkind: notice\nvalid_from: 2026-01-01\nvalid_until: 2026-06-30\nacknowledge: true"
    )
    root = write_course(tmp_path, {"course.md": text})
    (root / "01-fristen.md").unlink()
    opened = open_bundle(root)
    assert opened.bundle is not None
    found = read_course(opened.bundle)
    assert found.problems == ()
    assert found.course is not None
    assert found.course.kind is CourseKind.NOTICE
    assert found.course.valid_from == datetime.date(2026, 1, 1)
    assert found.course.valid_until == datetime.date(2026, 6, 30)
    assert found.course.is_acknowledged
    (module,) = found.course.modules
    assert module.document is found.course.description
    assert (module.id, module.title) == ("kurzinfo", "Widerspruch im SGB II")


def test_glossary_and_translations_are_read(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "glossary.md": "Frist\n: Eine Zeitspanne.\n",
        "en/course.md": "---\ntitle: Objection\nobjectives: [You compute]\nsource: 0123456789ab\n---\n",
        "en/01-fristen.md": "---\ntitle: Deadlines\n---\n\n## The deadline\n",
        "en/glossary.md": "Deadline\n: A span of time.\n",
        "de-simple/01-fristen.md": "---\ntitle: Fristen\n---\n",
    }
    course = course_of(tmp_path, files)
    assert [(term.name, term.explanation, term.line) for term in course.glossary] == [("Frist", "Eine Zeitspanne.", 1)]
    assert list(course.translations) == ["de-simple", "en"]
    english = course.translations["en"]
    assert sorted(english.documents) == ["01-fristen.md", "course.md"]
    assert english.documents["01-fristen.md"].path == "en/01-fristen.md"
    assert english.documents["01-fristen.md"].environment["language"] == "en"
    assert [term.name for term in english.glossary] == ["Deadline"]


def test_a_file_that_cannot_be_read_is_reported_and_the_rest_read(tmp_path: Path) -> None:
    root = write_course(tmp_path, {"02-zwei.md": "---\nid: zwei\ntitle: Zwei\n---\n"})
    opened = open_bundle(root)
    assert opened.bundle is not None
    (root / "02-zwei.md").unlink()
    found = read_course(opened.bundle)
    assert [(p.path, p.code, p.parameters) for p in found.problems] == [("02-zwei.md", "E126", {"name": "02-zwei.md"})]
    assert found.course is not None
    assert len(found.course.modules) == 1


def test_a_course_of_absurdly_many_texts_is_refused_before_any_is_parsed(tmp_path: Path) -> None:
    page = "x" * 250_000
    root = write_course(tmp_path, {f"{number}-modul.md": page for number in range(2, 20)})
    (root / "media").mkdir()
    (root / "media" / "film.de.md").write_text(page)
    opened = open_bundle(root)
    assert opened.bundle is not None
    found = read_course(opened.bundle)
    assert found.course is None
    assert [(p.path, p.code, p.parameters) for p in found.problems] == [("", "E017", {"megabytes": 4, "limit": 4})]


def test_a_text_of_one_hundred_megabytes_is_refused_unread(tmp_path: Path) -> None:
    root = write_course(tmp_path)
    with (root / "02-riesig.md").open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    opened = open_bundle(root)
    assert opened.bundle is not None
    tracemalloc.start()
    found = read_course(opened.bundle)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [(p.path, p.code) for p in found.problems] == [("02-riesig.md", "E010")]
    assert found.course is not None
    assert len(found.course.modules) == 1
    assert peak < 4 * 1024 * 1024


@pytest.mark.harden
@settings(max_examples=examples(100, hardened=5_000))
@given(st.data())
def test_a_mutated_course_is_read_with_problems_at_lines_that_exist(data: st.DataObject) -> None:
    files = {"course.md": EVERY_FIELD, "01-fristen.md": LESSON, "90-test.md": TEST, "en/course.md": LESSON}
    name = data.draw(st.sampled_from(sorted(files)))
    text = bytearray(files[name].encode())
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(text)))
        match data.draw(st.sampled_from(["set", "cut", "insert"])):
            case "set":
                text[place : place + 1] = data.draw(
                    st.sampled_from([b"\0", b"\xff", b"\n", b":", b"-", b"[", b"&a ", b"\r"])
                )
            case "cut":
                del text[place : place + data.draw(st.integers(1, 30))]
            case _:
                text[place:place] = data.draw(st.binary(max_size=12))
    with tempfile.TemporaryDirectory() as folder:
        opened = open_bundle(write_course(Path(folder), {**files, name: bytes(text)}))
        assert opened.bundle is not None
        found = read_course(opened.bundle)
        assert found.course is not None or found.problems
        lines = bytes(text).count(b"\n") + bytes(text).count(b"\r") + 2
        assert all(1 <= problem.line <= lines for problem in found.problems if problem.path == name)

"""A folder of courses with its registers: what is found, and how its problems are named."""

import os
from pathlib import Path

import pytest

from courses.reading.library import Library, read_library
from tests.courses.archives import course_archive, write
from tests.courses.folders import COURSE, LESSON, write_course

SKILLS = """\
levels:
  1: {de: Kennen, en: Aware}
areas:
  prozess: {de: Prozess, en: Process}
skills:
  prozesse-aufnehmen: {area: prozess, code: PR-A, de: "Prozesse aufnehmen", en: "Map processes"}
  daten-lesen: {area: digital, code: DI-L, de: Daten lesen, en: Read data}
"""
FACTS = """\
regelbedarf-1:
  text: 563 Euro
  source: § 20 SGB II
  as_of: 2026-01-01
  review_by: 2027-01-01
  owner: Team Recht
"""


def found(library: Library) -> list[tuple[str, int, str]]:
    return [(problem.path, problem.line, problem.code) for problem in library.problems]


def other_course(course_id: str) -> dict[str, str | bytes]:
    return {"course.md": COURSE.replace("widerspruch-sgb2", course_id)}


def test_a_folder_of_courses_is_read_with_its_registers(tmp_path: Path) -> None:
    write_course(tmp_path)
    write_course(tmp_path, other_course("anhoerung"), slug="anhoerung")
    (tmp_path / "skills.yaml").write_text(SKILLS)
    (tmp_path / "facts.yaml").write_text(FACTS)
    (tmp_path / "local.yaml").write_text("personalrat: {de: Personalrat, en: Works council}\n")
    (tmp_path / "paths.yaml").write_text("a: b\n")
    (tmp_path / "bilder").mkdir()
    (tmp_path / ".git").mkdir()
    library = read_library(tmp_path)
    assert found(library) == []
    assert [course.id for course in library.courses] == ["anhoerung", "widerspruch-sgb2"]
    assert [folder.prefix for folder in library.folders] == ["anhoerung/", "widerspruch-sgb2/"]
    assert library.skills["prozesse-aufnehmen"].names == {"de": "Prozesse aufnehmen", "en": "Map processes"}
    assert library.skills["daten-lesen"].code == "DI-L"
    fact = library.facts["regelbedarf-1"]
    assert (fact.text_in("de"), fact.source, fact.as_of.isoformat(), fact.owner) == (
        "563 Euro",
        "§ 20 SGB II",
        "2026-01-01",
        "Team Recht",
    )
    assert library.local_entries["personalrat"].names["en"] == "Works council"


def test_the_glossary_of_the_library_explains_terms_where_the_course_does_not(tmp_path: Path) -> None:
    write_course(tmp_path, {"glossary.md": "Frist\n: Die eigene Erklärung.\n"})
    english = {"course.md": COURSE.replace("widerspruch-sgb2", "objection").replace("lang: de", "lang: en")}
    write_course(tmp_path, english, slug="objection")
    (tmp_path / "glossary.md").write_text("Frist\n: Die allgemeine.\n\nBescheid\n: Eine Entscheidung.\n")
    library = read_library(tmp_path)
    of = {course.id: {term.name: term.explanation for term in course.terms} for course in library.courses}
    assert of == {
        "objection": {},
        "widerspruch-sgb2": {"Frist": "Die eigene Erklärung.", "Bescheid": "Eine Entscheidung."},
    }
    (tmp_path / "glossary.md").write_bytes(b"Frist\n: \xfcber\n")
    assert ("glossary.md", 2, "E001") in found(read_library(tmp_path))


def test_a_fact_may_be_written_in_two_languages(tmp_path: Path) -> None:
    write_course(tmp_path)
    texts = "text: {de: 563 Euro, en: EUR 563}"
    (tmp_path / "facts.yaml").write_text(FACTS.replace("text: 563 Euro", texts))
    fact = read_library(tmp_path).facts["regelbedarf-1"]
    assert [fact.text_in(language) for language in ("de", "en", "fr")] == ["563 Euro", "EUR 563", "563 Euro"]
    (tmp_path / "facts.yaml").write_text(FACTS.replace("text: 563 Euro", "text: {en: EUR 563, it: 563}"))
    library = read_library(tmp_path)
    assert ("facts.yaml", 2, "E003") in found(library)
    assert "regelbedarf-1" not in library.facts


def test_problems_are_named_by_folder_file_and_line_and_sorted(tmp_path: Path) -> None:
    write_course(tmp_path, {"course.md": COURSE.replace("lang: de", "lang: 7")})
    write_course(tmp_path, {**other_course("anhoerung"), "notiz.txt": "x"}, slug="anhoerung")
    assert found(read_library(tmp_path)) == [
        ("anhoerung/notiz.txt", 1, "W104"),
        ("widerspruch-sgb2/course.md", 4, "E004"),
    ]


def test_the_folder_of_one_course_is_a_library_that_uses_the_registers_beside_it(tmp_path: Path) -> None:
    root = write_course(
        tmp_path, {"course.md": COURSE.replace("lang: de", "lang: de\nskills: {daten: 1}"), "x.md": "x"}
    )
    (tmp_path / "skills.yaml").write_text(SKILLS)
    (tmp_path / "facts.yaml").write_text("kaputt: [")
    library = read_library(root)
    assert found(library) == [("course.md", 5, "E107"), ("x.md", 1, "W104")]
    assert library.folders[0].prefix == ""
    assert "daten-lesen" in library.skills


def test_a_zip_is_a_library_of_one_course(tmp_path: Path) -> None:
    library = read_library(write(tmp_path, course_archive(top="widerspruch/")))
    assert [course.slug for course in library.courses] == ["widerspruch"]
    assert found(library) == []


def test_a_refused_zip_has_no_course_and_says_why(tmp_path: Path) -> None:
    library = read_library(write(tmp_path, b"kein ZIP"))
    assert library.courses == ()
    assert found(library) == [("", 1, "E132")]


def test_a_course_file_is_missing_but_meant(tmp_path: Path) -> None:
    write_course(tmp_path)
    (tmp_path / "widerspruch-sgb2" / "course.md").unlink()
    library = read_library(tmp_path)
    assert library.courses == ()
    assert found(library) == [("widerspruch-sgb2/course.md", 1, "E105")]


def test_two_courses_of_the_same_id_are_reported_at_the_second(tmp_path: Path) -> None:
    write_course(tmp_path)
    write_course(tmp_path, slug="kopie")
    library = read_library(tmp_path)
    assert found(library) == [("widerspruch-sgb2/course.md", 2, "E142")]
    assert library.problems[0].parameters["other"] == "kopie/course.md"


def test_a_folder_without_courses_says_so(tmp_path: Path) -> None:
    (tmp_path / "leer").mkdir()
    assert [(problem.code, problem.parameters["name"]) for problem in read_library(tmp_path).problems] == [
        ("E140", str(tmp_path))
    ]


def test_a_place_that_does_not_exist_says_so(tmp_path: Path) -> None:
    assert [problem.code for problem in read_library(tmp_path / "fehlt").problems] == ["E127"]


def test_a_link_to_a_course_is_refused(tmp_path: Path) -> None:
    real = write_course(tmp_path / "anderswo")
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "kurs").symlink_to(real)
    assert found(read_library(tmp_path / "content")) == [("", 1, "E140"), ("kurs", 1, "E135")]


def test_a_refused_file_and_a_good_course_are_both_in_the_result(tmp_path: Path) -> None:
    root = write_course(tmp_path)
    (root / "media").mkdir()
    (root / "media" / "mehr.zip").write_bytes(b"PK")
    library = read_library(tmp_path)
    assert found(library) == [("widerspruch-sgb2/media/mehr.zip", 1, "E136")]
    assert len(library.courses) == 1


REGISTERS: dict[str, tuple[str, str, list[tuple[str, int, str]]]] = {
    "broken": ("facts.yaml", "a: [", [("facts.yaml", 1, "E002")]),
    "no mapping": ("facts.yaml", "- a", [("facts.yaml", 1, "E002")]),
    "alias": ("facts.yaml", "a: &b {text: x}\nc: *b", [("facts.yaml", 1, "E007")]),
    "fact without its fields": ("facts.yaml", "a: {text: x}", [("facts.yaml", 1, "E003"), ("facts.yaml", 1, "E003")]),
    "fact in words": ("facts.yaml", "a: x\n", [("facts.yaml", 1, "E004")]),
    "fact with a bad key": ("facts.yaml", "A B:\n  text: x\n", [("facts.yaml", 1, "E004")]),
    "fact with an unknown field": (
        "facts.yaml",
        FACTS + "  stand: 2026\n",
        [("facts.yaml", 7, "W005")],
    ),
    "skills as a list": ("skills.yaml", "skills: [a]\n", [("skills.yaml", 1, "E004")]),
    "skill of an unknown area": ("skills.yaml", "skills:\n  a: {area: x, de: A}\n", [("skills.yaml", 2, "E004")]),
    "local entry without a German name": ("local.yaml", "a: {en: A}\n", [("local.yaml", 1, "E003")]),
    "other encoding": ("local.yaml", "\ufeffa: {de: A}\n", [("local.yaml", 1, "W131")]),
    "too large": ("local.yaml", "#" * 300_000, [("local.yaml", 1, "E010")]),
}


@pytest.mark.parametrize("name", REGISTERS)
def test_problems_of_registers_stand_at_their_lines(name: str, tmp_path: Path) -> None:
    file, text, expected = REGISTERS[name]
    write_course(tmp_path)
    (tmp_path / file).write_text(text, encoding="utf-8")
    library = read_library(tmp_path)
    assert found(library) == expected
    assert len(library.courses) == 1


def test_a_register_in_sixteen_bits_is_refused(tmp_path: Path) -> None:
    write_course(tmp_path)
    (tmp_path / "facts.yaml").write_bytes(FACTS.encode("utf-16"))
    assert found(read_library(tmp_path)) == [("facts.yaml", 1, "E001")]


def test_an_entry_with_a_fault_is_left_out_and_one_with_an_unknown_field_is_not(tmp_path: Path) -> None:
    write_course(tmp_path)
    (tmp_path / "facts.yaml").write_text("kaputt: {text: x}\n" + FACTS + "  stand: 2026\n")
    assert list(read_library(tmp_path).facts) == ["regelbedarf-1"]


def test_registers_that_are_links_are_not_followed(tmp_path: Path) -> None:
    write_course(tmp_path)
    (tmp_path / "geheim").write_text(FACTS)
    (tmp_path / "facts.yaml").symlink_to(tmp_path / "geheim")
    assert read_library(tmp_path).facts == {}


def test_a_folder_that_may_not_be_listed_is_no_course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_course(tmp_path)
    real = os.listdir

    def refuse(path: Path) -> list[str]:
        if path.name == "widerspruch-sgb2":
            raise PermissionError(path)
        return real(path)

    monkeypatch.setattr(os, "listdir", refuse)
    assert [problem.code for problem in read_library(tmp_path).problems] == ["E140"]


def test_unreadable_places_are_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_course(tmp_path, {"01-fristen.md": LESSON})
    (tmp_path / "facts.yaml").write_text(FACTS)

    def refuse(path: Path) -> None:
        raise PermissionError(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert found(read_library(tmp_path)) == [("facts.yaml", 1, "E126")]
    monkeypatch.setattr(Path, "iterdir", refuse)
    assert [problem.code for problem in read_library(tmp_path).problems] == ["E126", "E140", "E126"]

"""`impuls check` and `impuls fmt` as people call them: what they print, how they end, what they write."""

import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from courses.wording import word
from learning.cli import main
from quizzes.problems import Problem
from tests.courses.checking import COURSE, lesson


def run(*arguments: object, **environment: str) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], env=environment, color=True)


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course in which everything is right."""
    return write(tmp_path / "pruefkurs", {"course.md": COURSE, "01-ablauf.md": lesson()})


def write(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_good_course_ends_with_status_0(course: Path) -> None:
    told = run("check", course)
    assert (told.exit_code, told.output.endswith("0 Fehler, 0 Hinweise in 1 Kurs.\x1b[0m\n")) == (0, True)


def test_each_finding_is_a_line_with_file_line_column_code_and_message(course: Path) -> None:
    (course / "01-ablauf.md").write_text(lesson() + "\n![](fehlt.png)\n", encoding="utf-8")
    told = run("check", course, NO_COLOR="1")
    line = lesson().count("\n") + 2
    lines = told.output.splitlines()
    assert told.exit_code == 1
    assert lines[0].startswith(f"{course}/01-ablauf.md:{line}:1 E110 Dem Bild fehlt der Alternativtext")
    assert lines[-1] == "2 Fehler, 1 Hinweis in 1 Kurs."


def test_english_is_an_option(course: Path) -> None:
    told = run("check", course, "--language", "en", NO_COLOR="1")
    assert told.output == "0 errors, 0 notices in 1 course.\n"


def test_colours_are_for_those_who_want_them(course: Path) -> None:
    assert "\x1b[" in run("check", course).output
    assert "\x1b[" not in run("check", course, NO_COLOR="1").output


def test_programs_get_json(course: Path) -> None:
    (course / "01-ablauf.md").write_text(lesson({"review_by": "2020-01-01"}), encoding="utf-8")
    told = run("check", course, "--json", "--language", "en")
    (found,) = json.loads(told.output)
    assert told.exit_code == 0
    assert found["path"] == f"{course}/01-ablauf.md"
    assert (found["line"], found["column"], found["code"], found["severity"]) == (5, 1, "W130", "warning")
    assert found["text"] == "The content should have been reviewed by 01.01.2020."
    assert found["parameters"] == {"date": "01.01.2020"}


def test_a_folder_of_courses_is_checked_with_its_registers(tmp_path: Path, course: Path) -> None:
    write(tmp_path / "zweiter", {"course.md": COURSE, "01-ablauf.md": lesson()})
    (tmp_path / "facts.yaml").write_text("kaputt: [", encoding="utf-8")
    told = run("check", tmp_path, NO_COLOR="1")
    assert told.exit_code == 1
    assert f"{tmp_path}/zweiter/course.md:1:1 E142" in told.output
    assert f"{tmp_path}/facts.yaml:1" in told.output
    assert told.output.endswith("in 2 Kursen.\n")


def test_a_zip_file_is_checked_too(tmp_path: Path, course: Path) -> None:
    packed = tmp_path / "kurs.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for path in course.iterdir():
            archive.write(path, f"pruefkurs/{path.name}")
    assert run("check", packed).exit_code == 0


@pytest.mark.parametrize("command", ["check", "fmt"])
def test_arguments_that_cannot_be_used_end_with_status_2(command: str, tmp_path: Path) -> None:
    (tmp_path / "leer").mkdir()
    told = run(command, tmp_path / "leer")
    assert told.exit_code == 2
    assert "kein Kurs" in told.output
    assert run(command, tmp_path / "fehlt").exit_code == 2
    assert run(command).exit_code == 2


@pytest.mark.parametrize("code", ["E013", "E014"])
@pytest.mark.parametrize("language", ["de", "en"])
def test_what_goes_wrong_while_preparing_can_be_said(code: str, language: str) -> None:
    assert "…" not in word(Problem(code, 1), language).message


def test_fmt_writes_ids_once_and_says_so(course: Path) -> None:
    module = course / "01-ablauf.md"
    before = lesson()
    module.write_text(before.replace(" {#zahl}", ""), encoding="utf-8")
    module.chmod(0o640)
    assert run("fmt", course, "--check").exit_code == 1
    assert "{#zahl}" not in module.read_text(encoding="utf-8")
    told = run("fmt", course)
    assert (told.exit_code, told.output) == (0, f"{module}: geändert\n")
    assert module.read_text(encoding="utf-8") == before.replace("{#zahl}", "{#wie-viele-anrufe-waren-es}")
    assert module.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in course.iterdir()) == ["01-ablauf.md", "course.md"]
    assert run("fmt", course, "--check").output == "Alles in Ordnung, nichts zu ändern.\n"


def test_a_failed_write_leaves_the_old_file(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from learning.library import checking

    def broken(handle: int) -> None:
        raise OSError(28, "No space left on device")

    module = course / "01-ablauf.md"
    before = module.read_bytes()
    monkeypatch.setattr(checking.os, "fsync", broken)
    with pytest.raises(OSError, match="No space"):
        checking.write_safely(module, b"anders")
    assert module.read_bytes() == before
    assert sorted(path.name for path in course.iterdir()) == ["01-ablauf.md", "course.md"]

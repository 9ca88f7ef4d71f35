"""A course as a folder: what belongs to it, what is refused, and that nothing large is read."""

import os
import tracemalloc
from pathlib import Path

import pytest

from courses.bundle import Bundle, FileTooLarge, open_bundle
from courses.bundle.files import ENTRY_LIMIT, MEGABYTE, READ_LIMIT, TOTAL_LIMIT


@pytest.fixture
def course(tmp_path: Path) -> Path:
    folder = tmp_path / "widerspruch-sgb2"
    (folder / "media").mkdir(parents=True)
    (folder / "course.md").write_text("Kurs")
    (folder / "media" / "bild.svg").write_text("<svg/>")
    return folder


def bundle_of(folder: Path) -> Bundle:
    found = open_bundle(folder)
    assert found.bundle is not None
    return found.bundle


def problems_of(folder: Path) -> list[tuple[str, str]]:
    return [(problem.code, problem.path) for problem in open_bundle(folder).problems]


def sparse_file(place: Path, megabytes: int) -> None:
    with place.open("wb") as file:
        file.truncate(megabytes * MEGABYTE)


def test_a_folder_lists_and_reads_its_files(course: Path) -> None:
    bundle = bundle_of(course)
    assert bundle.slug == "widerspruch-sgb2"
    assert bundle.paths == ("course.md", "media/bild.svg")
    assert bundle.read("course.md") == b"Kurs"
    assert bundle.location("media/bild.svg") == course / "media" / "bild.svg"


def test_paths_tell_upper_from_lower_case(course: Path) -> None:
    assert "Media/bild.svg" not in bundle_of(course)
    with pytest.raises(KeyError):
        bundle_of(course).size("Course.md")


def test_hidden_files_and_folders_are_no_part_of_a_course(course: Path) -> None:
    (course / ".git").mkdir()
    (course / ".git" / "config").write_text("x")
    (course / ".course.md.swp").write_text("x")
    assert bundle_of(course).paths == ("course.md", "media/bild.svg")


def test_symbolic_links_are_refused_and_the_rest_is_still_read(course: Path, tmp_path: Path) -> None:
    (tmp_path / "geheim.txt").write_text("geheim")
    (course / "media" / "link.svg").symlink_to(tmp_path / "geheim.txt")
    (course / "en").symlink_to(tmp_path)
    assert problems_of(course) == [("E135", "en"), ("E135", "media/link.svg")]
    assert bundle_of(course).paths == ("course.md", "media/bild.svg")


def test_pipes_are_refused_and_never_opened(course: Path) -> None:
    os.mkfifo(course / "media" / "film.mp4")
    assert problems_of(course) == [("E135", "media/film.mp4")]


def test_a_file_replaced_by_a_link_after_the_check_is_not_followed(course: Path, tmp_path: Path) -> None:
    bundle = bundle_of(course)
    (course / "course.md").unlink()
    (course / "course.md").symlink_to(tmp_path)
    with pytest.raises(OSError, match=r"course\.md|symbolic"):
        bundle.read("course.md")


def test_a_file_replaced_by_a_pipe_after_the_check_does_not_hang(course: Path) -> None:
    bundle = bundle_of(course)
    (course / "course.md").unlink()
    os.mkfifo(course / "course.md")
    with pytest.raises(OSError, match="no longer a regular file"):
        bundle.read("course.md")


def test_nested_archives_are_refused_but_office_files_are_not(course: Path) -> None:
    (course / "media" / "mehr.zip").write_bytes(b"PK\x03\x04")
    (course / "media" / "verkleidet.png").write_bytes(b"Rar!\x1a\x07\x00")
    (course / "media" / "vorlage.docx").write_bytes(b"PK\x03\x04")
    assert problems_of(course) == [("E136", "media/mehr.zip"), ("E136", "media/verkleidet.png")]
    assert "media/vorlage.docx" in bundle_of(course)


def test_names_that_differ_in_case_only_are_refused(course: Path) -> None:
    (course / "Course.md").write_text("x")
    (course / "Media").mkdir()
    (course / "Media" / "anderes.svg").write_text("x")
    assert problems_of(course) == [("E134", "course.md"), ("E134", "media/bild.svg")]


def test_names_that_other_systems_cannot_store_are_refused(course: Path) -> None:
    (course / "media" / "a:b.svg").write_text("x")
    (course / "media" / "a\\b.svg").write_text("x")
    (course / "media" / "zeile\n.svg").write_text("x")
    reasons = [problem.parameters["reason"] for problem in open_bundle(course).problems]
    assert reasons == ["windows", "backslash", "control"]


def test_a_name_in_another_encoding_is_refused_in_printable_form(course: Path) -> None:
    (Path(os.fsdecode(os.fsencode(course / "media") + b"/\xfcbung.svg"))).write_text("x")
    (problem,) = open_bundle(course).problems
    assert (problem.code, problem.parameters["reason"]) == ("E133", "control")
    assert problem.path.encode()


def test_very_deep_folders_are_refused(course: Path) -> None:
    (course / "/".join("a" * 300)).mkdir(parents=True)
    (problem,) = open_bundle(course).problems
    assert (problem.code, problem.parameters["reason"]) == ("E133", "deep")


def test_more_than_two_thousand_files_refuse_the_folder(course: Path) -> None:
    for number in range(ENTRY_LIMIT):
        (course / "media" / f"{number}.svg").touch()
    found = open_bundle(course)
    assert found.bundle is None
    assert [(problem.code, problem.parameters) for problem in found.problems] == [("E137", {"limit": ENTRY_LIMIT})]


def test_more_than_500_megabytes_refuse_the_folder(course: Path) -> None:
    sparse_file(course / "media" / "film.mp4", TOTAL_LIMIT // MEGABYTE)
    found = open_bundle(course)
    assert found.bundle is None
    assert [(problem.code, problem.parameters) for problem in found.problems] == [("E138", {"limit": 500})]


def test_a_file_of_100_megabytes_is_no_problem_and_never_in_memory(course: Path) -> None:
    sparse_file(course / "media" / "film.mp4", 100)
    tracemalloc.start()
    bundle = bundle_of(course)
    assert bundle.digest
    with pytest.raises(FileTooLarge):
        bundle.read("media/film.mp4")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * MEGABYTE


def test_a_file_that_grows_after_the_check_is_not_read_without_end(course: Path) -> None:
    bundle = bundle_of(course)
    sparse_file(course / "course.md", READ_LIMIT // MEGABYTE + 1)
    with pytest.raises(FileTooLarge):
        bundle.read("course.md")


def test_unreadable_files_and_folders_are_reported(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real_open, real_scan = Path.open, os.scandir

    def guarded_open(path: Path, *arguments: str) -> object:
        if path.name == "bild.svg":
            raise PermissionError
        return real_open(path, *arguments)

    def guarded_scan(path: Path) -> object:
        if path.name == "en":
            raise PermissionError
        return real_scan(path)

    (course / "en").mkdir()
    monkeypatch.setattr(Path, "open", guarded_open)
    monkeypatch.setattr(os, "scandir", guarded_scan)
    assert problems_of(course) == [("E126", "en/"), ("E126", "media/bild.svg")]


def test_the_digest_changes_with_content_and_with_names(course: Path) -> None:
    before = bundle_of(course).digest
    (course / "media" / "bild.svg").rename(course / "media" / "bild2.svg")
    renamed = bundle_of(course).digest
    (course / "course.md").write_text("Kurz")
    assert len({before, renamed, bundle_of(course).digest}) == 3

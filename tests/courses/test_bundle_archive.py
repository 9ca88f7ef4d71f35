"""A course as a ZIP: what an honest program packs is read, what an attacker packs is refused with its reason."""

import os
import stat
import tempfile
import time
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.bundle import Bundle, FileTooLarge, open_bundle
from courses.bundle.archive import RATIO_LIMIT
from courses.bundle.files import ENTRY_LIMIT, MEGABYTE, BundleChanged
from tests.courses.archives import COURSE, MODULE, Packed, archive, course_archive, write
from tests.figures import examples

NOISE = os.urandom(64 * 1024)


def opened(folder: Path, data: bytes) -> Bundle:
    found = open_bundle(write(folder, data))
    assert found.problems == ()
    assert found.bundle is not None
    return found.bundle


def codes(folder: Path, data: bytes) -> list[str]:
    found = open_bundle(write(folder, data))
    assert (found.bundle is None) == bool(found.problems)
    return [problem.code for problem in found.problems]


def test_the_files_of_an_archive_are_listed_and_read(tmp_path: Path) -> None:
    bundle = opened(tmp_path, course_archive(Packed("media/bild.svg", b"<svg/>", method=0)))
    assert bundle.paths == ("01-fristen.md", "course.md", "media/bild.svg")
    assert bundle.slug == "kurs"
    assert bundle.read("course.md") == COURSE
    assert bundle.read("media/bild.svg") == b"<svg/>"
    assert bundle.size("01-fristen.md") == len(MODULE)
    assert bundle.location("course.md") is None


def test_the_one_folder_of_an_archive_is_the_course_and_gives_it_its_name(tmp_path: Path) -> None:
    bundle = opened(tmp_path, course_archive(top="widerspruch-sgb2/"))
    assert bundle.slug == "widerspruch-sgb2"
    assert "course.md" in bundle


def test_an_archive_and_the_folder_it_was_made_of_have_the_same_digest(tmp_path: Path) -> None:
    folder = tmp_path / "kurs"
    (folder / "media").mkdir(parents=True)
    (folder / "course.md").write_bytes(COURSE)
    (folder / "media" / "bild.svg").write_bytes(NOISE)
    place = tmp_path / "kurs.zip"
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as written:
        for file in folder.rglob("*"):
            written.write(file, f"kurs/{file.relative_to(folder)}")
    from_archive, from_folder = open_bundle(place).bundle, open_bundle(folder).bundle
    assert from_archive is not None
    assert from_folder is not None
    assert from_archive.digest == from_folder.digest


def test_what_systems_leave_behind_is_no_part_of_the_course(tmp_path: Path) -> None:
    rubbish = [Packed("__MACOSX/._course.md"), Packed(".DS_Store"), Packed("Thumbs.db"), Packed(".git/config")]
    assert opened(tmp_path, course_archive(*rubbish)).paths == ("01-fristen.md", "course.md")


def test_office_files_are_no_nested_archives(tmp_path: Path) -> None:
    office = [Packed("media/vorlage.docx", b"PK\x03\x04" + NOISE), Packed("media/tabelle.ODS", b"PK\x03\x04" + NOISE)]
    assert "media/vorlage.docx" in opened(tmp_path, course_archive(*office))


def test_names_that_macos_decomposes_are_composed(tmp_path: Path) -> None:
    assert "media/übung.svg" in opened(tmp_path, course_archive(Packed("media/u\u0308bung.svg")))


def test_an_archive_behind_other_bytes_is_still_found(tmp_path: Path) -> None:
    data = course_archive()
    assert opened(tmp_path, b"#!/bin/sh\n" + data).read("course.md") == COURSE


HOSTILE: dict[str, tuple[str, Packed]] = {
    "path to a parent folder": ("E133", Packed("../course.md")),
    "path to a parent folder in the middle": ("E133", Packed("media/../../etc/passwd")),
    "absolute path": ("E133", Packed("/etc/passwd")),
    "backslash": ("E133", Packed("media\\..\\..\\course.md")),
    "drive letter": ("E133", Packed("C:/windows/system.ini")),
    "drive letter without slash": ("E133", Packed("c:boot.ini")),
    "NUL in the name": ("E133", Packed("course.md\0.png")),
    "line break in the name": ("E133", Packed("media/a\nb.svg")),
    "name that reads backwards": ("E133", Packed("media/rechnung\u202egpj.exe")),
    "empty part": ("E133", Packed("media//a.svg")),
    "dot as part": ("E133", Packed("media/./a.svg")),
    "second stream of a file": ("E133", Packed("course.md:stream")),
    "dot at the end": ("E133", Packed("course.md.")),
    "very deep folders": ("E133", Packed("a/" * 1000 + "b.md")),
    "the same name again": ("E134", Packed("course.md")),
    "another case": ("E134", Packed("Course.MD")),
    "accents composed otherwise": ("E134", Packed("01-FRISTEN.md")),
    "a file used as folder": ("E134", Packed("course.md/a.md")),
    "symbolic link": ("E135", Packed("media/a.svg", b"/etc/passwd", mode=stat.S_IFLNK | 0o777)),
    "device": ("E135", Packed("media/a.svg", mode=stat.S_IFBLK | 0o600)),
    "pipe": ("E135", Packed("media/a.svg", mode=stat.S_IFIFO | 0o600)),
    "file that claims to be a folder": ("E135", Packed("media/a.svg", mode=stat.S_IFDIR | 0o755)),
    "archive by name": ("E136", Packed("media/mehr.zip")),
    "archive by content": ("E136", Packed("media/bild.png", b"PK\x03\x04" + NOISE)),
    "compressed archive by content": ("E136", Packed("media/bild.png", b"\x1f\x8b\x08" + NOISE)),
    "tape archive by content": ("E136", Packed("media/bild.png", NOISE[:257] + b"ustar\0" + NOISE)),
    "bomb": ("E139", Packed("media/a.svg", b"\0" * MEGABYTE)),
    "bomb that conceals its size": ("E123", Packed("media/a.svg", b"\0" * MEGABYTE, size=50_000)),
    "truncated size with a fitting checksum": (
        "E123",
        Packed("media/a.svg", b"\0" * 90_000, size=1000, checksum=zlib.crc32(b"\0" * 1000)),
    ),
    "less than announced": ("E123", Packed("media/a.svg", b"abc", size=100)),
    "wrong checksum": ("E123", Packed("media/a.svg", b"abc", checksum=1)),
    "damaged packing": ("E123", Packed("media/a.svg", b"abc", packed=b"\xff\xff\xff\xff")),
    "packing cut off": ("E123", Packed("media/a.svg", NOISE, packed_size=1000, size=90_000)),
    "more packed bytes than needed": ("E123", Packed("media/a.svg", b"abc", packed=b"\x4b\x4c\x4a\x06\x00 and more")),
    "stored with another size": ("E123", Packed("media/a.svg", b"abc", method=0, size=2)),
    "encrypted": ("E124", Packed("media/a.svg", flags=0x801)),
    "unknown packing": ("E125", Packed("media/a.svg", method=12)),
    "other name in its local header": ("E126", Packed("media/a.svg", local_name="media/b.svg")),
    "entry without a local header": ("E126", Packed("media/a.svg", offset=7)),
    "entry behind the end": ("E126", Packed("media/a.svg", offset=0x7FFFFFFF)),
    "names two entries, has one": ("E126", Packed("media/a.svg", header_of=0)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_entry_refuses_the_archive_with_its_reason(name: str, tmp_path: Path) -> None:
    code, entry = HOSTILE[name]
    assert codes(tmp_path, course_archive(entry)) == [code]


def test_entries_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    inner = archive(Packed("b.svg", NOISE, method=0))[: 30 + 5 + len(NOISE)]
    data = archive(Packed("a.svg", inner, method=0), Packed("b.svg", NOISE, method=0, header_of=0, offset=35))
    (problem,) = open_bundle(write(tmp_path, data)).problems
    assert (problem.code, problem.parameters) == ("E122", {"name": "b.svg", "other": "a.svg"})


def test_two_names_for_the_same_bytes_overlap(tmp_path: Path) -> None:
    data = archive(Packed("a.svg", b"x"), Packed("a.svg", b"x", header_of=0))
    assert codes(tmp_path, data) == ["E134"]


def test_every_refused_entry_is_listed_not_only_the_first(tmp_path: Path) -> None:
    data = course_archive(Packed("../a"), Packed("/b"), Packed("course.md"), Packed("x.svg", flags=0x801))
    assert sorted(codes(tmp_path, data)) == ["E124", "E133", "E133", "E134"]


def test_the_reason_of_a_refused_name_is_told_with_the_name(tmp_path: Path) -> None:
    (problem,) = open_bundle(write(tmp_path, course_archive(Packed("a\0b")))).problems
    assert problem.parameters == {"name": "a\\x00b", "reason": "nul"}
    assert problem.path == "a\\x00b"


def test_more_than_two_thousand_entries_are_refused_before_they_are_read(tmp_path: Path) -> None:
    entries = [Packed(f"media/{number}.svg", b"") for number in range(ENTRY_LIMIT)]
    assert codes(tmp_path, archive(*entries)) == []
    assert codes(tmp_path, archive(*entries, Packed("one-more.svg"))) == ["E137"]


def test_a_directory_that_lies_about_its_number_of_entries_is_refused(tmp_path: Path) -> None:
    entries = [Packed(f"media/{number}.svg", b"") for number in range(ENTRY_LIMIT + 1)]
    assert codes(tmp_path, archive(*entries, count=3)) == ["E137"]


def test_a_directory_of_absurd_size_is_not_parsed(tmp_path: Path) -> None:
    entries = [Packed("a" * 60_000 + str(number), b"") for number in range(80)]
    assert codes(tmp_path, archive(*entries, count=3)) == ["E137"]


def test_an_archive_of_the_large_format_is_refused(tmp_path: Path) -> None:
    data = course_archive()
    assert codes(tmp_path, data[:-22] + b"PK\x06\x07" + bytes(16) + data[-22:]) == ["E137"]


def test_an_archive_of_more_than_500_megabytes_is_refused_by_what_it_admits(tmp_path: Path) -> None:
    entries = [Packed(f"media/{n}.mp4", b"", size=6 * MEGABYTE, packed=NOISE) for n in range(84)]
    assert codes(tmp_path, archive(*entries)) == ["E138"]


def test_a_file_of_more_than_500_megabytes_is_not_even_opened_as_an_archive(tmp_path: Path) -> None:
    place = write(tmp_path, course_archive())
    data = place.read_bytes()
    with place.open("r+b") as file:
        file.truncate(501 * MEGABYTE)
        file.seek(0, 2)
        file.write(data)
    assert [problem.code for problem in open_bundle(place).problems] == ["E138"]


@pytest.mark.parametrize(("size", "code"), [(100 * RATIO_LIMIT, "E123"), (100 * RATIO_LIMIT + 1, "E139")])
def test_only_a_ratio_above_one_hundred_is_a_bomb(size: int, code: str, tmp_path: Path) -> None:
    assert codes(tmp_path, course_archive(Packed("media/a.svg", NOISE[:100], method=0, size=size))) == [code]


@pytest.mark.parametrize("data", [b"", b"PK", b"no archive at all", b"PK\x05\x06", b"PK\x05\x06" + bytes(17)])
def test_what_is_no_archive_is_refused(data: bytes, tmp_path: Path) -> None:
    assert codes(tmp_path, data) == ["E132"]


def test_an_empty_archive_opens_and_holds_nothing(tmp_path: Path) -> None:
    assert opened(tmp_path, archive()).paths == ()


def test_a_damaged_directory_is_refused(tmp_path: Path) -> None:
    data = course_archive()
    assert codes(tmp_path, data.replace(b"PK\x01\x02", b"PK\x01\x09")) == ["E132"]


def test_a_name_in_broken_utf8_is_refused(tmp_path: Path) -> None:
    data = course_archive(Packed("media/XY.svg"))
    assert codes(tmp_path, data.replace(b"XY", b"\xff\xfe")) == ["E132"]


def test_a_place_without_anything_is_said_so(tmp_path: Path) -> None:
    found = open_bundle(tmp_path / "fehlt")
    assert found.bundle is None
    assert [problem.code for problem in found.problems] == ["E127"]


def test_an_archive_that_vanishes_while_it_is_opened_is_said_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = write(tmp_path, course_archive())

    def fail(*arguments: object, **options: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "open", fail)
    assert [problem.code for problem in open_bundle(place).problems] == ["E126"]


def test_an_archive_exchanged_after_the_check_is_noticed(tmp_path: Path) -> None:
    bundle = opened(tmp_path, course_archive(Packed("media/a.svg", b"abc", method=0)))
    write(tmp_path, course_archive(Packed("media/a.svg", b"xyz", method=0)))
    with pytest.raises(BundleChanged):
        bundle.read("media/a.svg")


def test_content_exchanged_with_the_same_checksum_is_noticed_by_its_digest(tmp_path: Path) -> None:
    bundle = opened(tmp_path, course_archive(Packed("media/a.svg", b"abc", method=0)))
    # Eight bytes fit to any checksum; here the recorded member is exchanged instead, with the same effect.
    member = bundle._members["media/a.svg"]  # type: ignore[attr-defined]
    object.__setattr__(member, "digest", "0" * 64)
    with pytest.raises(BundleChanged):
        bundle.read("media/a.svg")


def test_a_large_film_is_passed_on_in_pieces_and_never_read_as_a_whole(tmp_path: Path) -> None:
    film = NOISE * 400
    bundle = opened(tmp_path, course_archive(Packed("media/film.mp4", film, method=0)))
    with pytest.raises(FileTooLarge):
        bundle.read("media/film.mp4")
    tracemalloc.start()
    assert sum(len(piece) for piece in bundle.chunks("media/film.mp4")) == len(film)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2 * MEGABYTE


def large_archive(folder: Path, *, files: int) -> Path:
    """Files of nearly a megabyte that unpack from ten kilobytes: the most that no limit refuses."""
    block = b"\0" * 980_000
    return write(folder, archive(*(Packed(f"media/{number}.svg", block + NOISE[:12_000]) for number in range(files))))


@pytest.mark.slow
def test_the_largest_allowed_bomb_takes_little_time(tmp_path: Path) -> None:
    place = large_archive(tmp_path, files=490)
    started = time.process_time()
    assert open_bundle(place).problems == ()
    ours = time.process_time() - started
    with zipfile.ZipFile(place) as plain:
        assert plain.testzip() is None  # Unpacks everything once, as has to be done to know how much it is.
    theirs = time.process_time() - started - ours
    assert ours < 4 * theirs, (ours, theirs)


def test_a_bomb_is_never_unpacked_into_memory(tmp_path: Path) -> None:
    place = large_archive(tmp_path, files=50)
    tracemalloc.start()
    assert open_bundle(place).problems == ()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * MEGABYTE


@pytest.mark.harden
@settings(max_examples=examples(200, hardened=20_000))
@given(st.data())
def test_a_mutated_archive_is_read_or_refused_but_never_fails(data: st.DataObject) -> None:
    good = bytearray(course_archive(Packed("media/a.svg", b"abc" * 100), Packed("media/b.svg", NOISE[:300], method=0)))
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(good) - 1))
        match data.draw(st.sampled_from(["set", "cut", "insert", "copy"])):
            case "set":
                good[place] = data.draw(st.integers(0, 255))
            case "cut":
                del good[place : place + data.draw(st.integers(1, 40))]
            case "insert":
                good[place:place] = data.draw(st.binary(max_size=20))
            case _:
                good[place:place] = good[: data.draw(st.integers(0, 100))]
        if not good:
            return
    with tempfile.TemporaryDirectory() as folder:
        found = open_bundle(write(Path(folder), bytes(good)))
        assert (found.bundle is None) == bool(found.problems)
        if found.bundle is not None:
            assert all(len(found.bundle.read(path)) == found.bundle.size(path) for path in found.bundle.paths)

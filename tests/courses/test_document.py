"""One file: its encoding, its line ends, its size, and that everything in it counts lines from the file's first."""

import time

import pytest

from courses.course import Document
from courses.markdown.limits import MOST_LINES
from courses.reading.document import TEXT_LIMIT, read_document


def document_of(data: bytes) -> Document:
    read = read_document("01-fristen.md", data)
    assert read.problems == ()
    assert read.document is not None
    return read.document


def found(data: bytes) -> list[tuple[str, int, int]]:
    return [(problem.code, problem.line, problem.column) for problem in read_document("a.md", data).problems]


def test_a_document_holds_text_front_matter_lines_and_tokens() -> None:
    document = document_of("---\nid: fristen\nobjectives: [Sie prüfen]\n---\n\n## Die Frist\n\nEin Monat.\n".encode())
    assert document.path == "01-fristen.md"
    assert document.front_matter == {"id": "fristen", "objectives": ["Sie prüfen"]}
    assert document.key_lines == {"id": 2, "objectives": 3}
    assert document.body_line == 5
    assert [token.map for token in document.tokens if token.map] == [[5, 6], [5, 6], [7, 8], [7, 8]]


def test_a_text_without_front_matter_begins_in_line_one() -> None:
    document = document_of(b"## Die Frist\n")
    assert (document.body_line, document.tokens[0].map) == (1, [0, 1])


@pytest.mark.parametrize("ends", [b"\r\n", b"\r"])
def test_windows_and_old_line_ends_change_nothing(ends: bytes) -> None:
    data = b"---\nid: a\n---\n\n- eins\n- zwei\n\n```\ncode\n```\n"
    one, other = document_of(data), document_of(data.replace(b"\n", ends))
    assert one.text == other.text
    assert one.body_line == other.body_line
    assert [token.as_dict() for token in one.tokens] == [token.as_dict() for token in other.tokens]


def test_a_byte_order_mark_is_reported_and_does_no_harm() -> None:
    read = read_document("a.md", b"\xef\xbb\xbf---\nid: a\n---\nText\n")
    assert [(problem.code, problem.line, problem.path) for problem in read.problems] == [("W131", 1, "a.md")]
    assert read.document is not None
    assert read.document.front_matter == {"id": "a"}
    assert not read.document.text.startswith("\ufeff")


def test_another_encoding_is_reported_at_its_first_character_and_the_rest_still_checked() -> None:
    data = "---\nid: a\ntitle: a: b\n---\n\nFür Bürger\nund für alle\n".encode("cp1252")
    read = read_document("a.md", data)
    assert found(data) == [("E001", 6, 2), ("E002", 3, 9)]
    assert read.problems[0].parameters == {"byte": "FC", "lines": 2}
    assert read.document is not None
    assert "Für Bürger" in read.document.text
    assert read.fields is None


def test_a_nul_byte_is_reported_at_its_line() -> None:
    read = read_document("a.md", b"eins\nz\0wei\n")
    assert found(b"eins\nz\0wei\n") == [("E001", 2, 2)]
    assert read.document is not None
    assert "\0" not in read.document.text


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_sixteen_bit_texts_are_reported_never_read(encoding: str) -> None:
    problems = found("---\nid: a\n---\nText".encode(encoding))
    assert problems[0][:2] == ("E001", 1)


def test_a_16_bit_text_with_its_mark_is_not_read_at_all() -> None:
    assert read_document("a.md", "Text".encode("utf-16")).document is None


def test_overlong_and_surrogate_bytes_are_no_utf8() -> None:
    assert found(b"a\xc0\xafb") == [("E001", 1, 2)]
    assert found(b"a\xed\xa0\x80b") == [("E001", 1, 2)]


def test_the_column_of_a_wrong_byte_counts_characters() -> None:
    assert found("üü".encode() + b"\xff") == [("E001", 1, 3)]


def test_broken_front_matter_is_reported_with_the_lines_of_the_file() -> None:
    read = read_document("a.md", b"---\nid: a\ntitle: [\n---\n\nText\n")
    assert [(problem.code, problem.line) for problem in read.problems] == [("E002", 3)]
    assert read.document is not None
    assert read.fields is None


def test_front_matter_that_never_ends_is_reported_in_line_one() -> None:
    assert found(b"---\nid: a\n\nText\n") == [("E008", 1, 1)]


def test_the_largest_text_is_read_and_a_larger_one_refused_unread() -> None:
    line = b"Ein Satz, der lang genug ist, um die Zeilen nicht zu zahlreich zu machen.\n\n"
    assert found(line * (TEXT_LIMIT // len(line))) == []
    read = read_document("a.md", b"x" * (TEXT_LIMIT + 1))
    assert read.document is None
    assert [(p.code, p.parameters) for p in read.problems] == [("E010", {"kilobytes": 256, "limit": 256})]


def test_one_hundred_thousand_headings_are_refused_at_once() -> None:
    started = time.process_time()
    assert found(b"## A\n" * 100_000) == [("E010", 1, 1)]
    assert time.process_time() - started < 1


def test_as_many_headings_as_are_allowed_are_read_in_time() -> None:
    started = time.process_time()
    document = document_of(b"## A\n" * (MOST_LINES - 1))
    assert sum(token.type == "heading_open" for token in document.tokens) == MOST_LINES - 1
    assert time.process_time() - started < 10


def test_more_lines_than_allowed_refuse_the_text() -> None:
    assert found(b"## A\n" * MOST_LINES) == [("E012", MOST_LINES, 1)]


def test_questions_are_read_in_the_language_of_the_file_unless_told_otherwise() -> None:
    data = b"---\nlang: tr\n---\n"
    read = read_document("course.md", data)
    assert read.document is not None
    assert read.document.environment["language"] == "tr"
    read = read_document("en/course.md", data, language="en")
    assert read.document is not None
    assert read.document.environment["language"] == "en"


@pytest.mark.parametrize("data", [b"", b"Text", b"---\nlang: [a]\n---\n", b"---\nlang:\n---\n"])
def test_without_a_language_german_is_assumed(data: bytes) -> None:
    read = read_document("course.md", data)
    assert read.document is not None
    assert read.document.environment["language"] == "de"

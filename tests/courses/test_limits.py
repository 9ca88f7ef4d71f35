"""Bounds on what one file may ask of the parser, and what happens at them."""

import re
import time

import pytest

from courses.markdown.limits import (
    LARGEST_TEXT,
    LONGEST_PARAGRAPH,
    MOST_BLOCKS,
    MOST_LINES,
    MOST_MARKS,
    MOST_MARKS_IN_FILE,
    too_much,
)
from courses.reading.document import read_document
from quizzes.problems import Problem
from tests.courses.samples import document, html_of, rendered

MARK = re.compile(r"[\[*_`~<\"'&:]")


def problems(text: str) -> list[Problem]:
    found = document(text).environment["problems"]
    assert isinstance(found, list)
    return [problem for problem in found if problem.code in {"E012", "E015", "E016"}]


def test_a_file_with_too_many_lines_is_refused_before_it_is_parsed_e012() -> None:
    assert too_much("\n" * (MOST_LINES - 1)) is None
    values = {"lines": MOST_LINES + 1, "limit": MOST_LINES, "marks": 0, "most_marks": MOST_MARKS_IN_FILE}
    assert too_much("\n" * MOST_LINES) == Problem("E012", MOST_LINES, parameters=values)
    read = read_document("01-a.md", b"a\n" * MOST_LINES)
    assert read.document is None
    assert [(one.code, one.path) for one in read.problems] == [("E012", "01-a.md")]


def test_a_file_with_too_many_marks_is_refused_before_it_is_parsed_e012() -> None:
    values = {"lines": 1, "limit": MOST_LINES, "marks": MOST_MARKS_IN_FILE + 1, "most_marks": MOST_MARKS_IN_FILE}
    assert too_much("*" * MOST_MARKS_IN_FILE) is None
    assert too_much("*" * (MOST_MARKS_IN_FILE + 1)) == Problem("E012", 1, parameters=values)


def test_a_paragraph_that_is_too_long_is_cut_and_reported_at_its_line_e015() -> None:
    text = "Kurz.\n\n" + "x" * (LONGEST_PARAGRAPH + 1) + "\n\nDanach."
    values = {"signs": LONGEST_PARAGRAPH + 1, "limit": LONGEST_PARAGRAPH, "marks": 0, "most_marks": MOST_MARKS}
    assert problems(text) == [Problem("E015", 3, parameters=values)]
    html = html_of(rendered(text))
    assert html.count("x") == LONGEST_PARAGRAPH
    assert "Danach." in html
    assert problems("x" * LONGEST_PARAGRAPH) == []


def test_a_paragraph_of_too_many_marks_is_cut_before_the_first_too_many_e015() -> None:
    values = {"signs": MOST_MARKS + 9, "limit": LONGEST_PARAGRAPH, "marks": MOST_MARKS + 1, "most_marks": MOST_MARKS}
    text = "*" * MOST_MARKS + "a *b" + "." * 5
    assert problems(text) == [Problem("E015", 1, parameters=values)]
    assert "b" not in html_of(rendered(text))
    assert problems("*" * MOST_MARKS + "a" * MOST_MARKS) == []


def test_blocks_so_deep_that_their_content_is_lost_are_reported_e016() -> None:
    assert problems("- " * 9 + "tief") == []
    assert "tief" in html_of(rendered("- " * 9 + "tief"))
    assert problems("Text\n\n" + "- " * 10 + "tiefer") == [Problem("E016", 3)]
    assert problems("> " * 18 + "tief") == []
    assert [one.code for one in problems("> " * 20 + "tiefer")] == ["E016"]


def test_a_table_of_too_many_cells_is_cut_at_a_whole_block_e012() -> None:
    columns = 40
    table = "|" + "a|" * columns + "\n|" + "-|" * columns + "\n" + "|x\n" * 300
    found = problems(f"Davor.\n\n{table}\n\nDanach.")
    assert [(one.code, one.line > 3) for one in found] == [("E012", True)]
    assert html_of(rendered(f"Davor.\n\n{table}\n\nDanach.")) == "<p>Davor.</p>\n"
    assert len(document(f"Davor.\n\n{table}").tokens) < MOST_BLOCKS


PARAGRAPHS = [
    "![", "[a", "[[", "![[]()", "[ a_", "**x [a*b**c*](d)", "*a_ ", "\"' ", "<!--", "&", "~a~", "![a](b){", "`a``", "(",
    "](", "[^1]", "[[local:a]] ", "<https://", "[a](<b", "\\", "|", ": ",
]  # fmt: skip
LINES = [
    "> - a\n", "- a\n", "# a\n", "a\n===\n", "[a]: u\n", "[a]: u\n\"a\n", "a\n: b\n", "<!-- a\n",
    "- <!-- a\n  <!-- b\n", "> [!TIP]\n> a\n\n", "|a|b|\n|-|-|\n", "- [ ] a\n",
    "## Frage: a\n- (x) b\n", "## Frage: a\n[[b]]\n",
    "## Fragenpool: a\n", "1. a\n", "- a -> b\n", "___\n\n", "- ( ) x\n", "[^1]: a\n", "> a\nb\n", "```\n",
]  # fmt: skip


SENTENCE = "Ein gewöhnlicher Satz mit *einem* betonten Wort und [einem Link](https://example.org).\n\n"
PARTS = 4  # Ordinary text is measured in a quarter of its longest file.
# Found: three times at most. Four and a half were four seconds while coverage is measured.
MOST_TIMES = 4.5


@pytest.mark.slow
@pytest.mark.parametrize("unit", PARAGRAPHS)
def test_the_worst_paragraphs_that_fit_into_a_file_stay_bounded(unit: str) -> None:
    assert times_ordinary(worst_paragraphs(unit)) < MOST_TIMES


@pytest.mark.slow
@pytest.mark.parametrize("unit", LINES)
def test_the_worst_lines_that_fit_into_a_file_stay_bounded(unit: str) -> None:
    assert times_ordinary(accepted(unit * MOST_LINES)) < MOST_TIMES


def worst_paragraphs(unit: str) -> str:
    """A file full of paragraphs that hold `unit` as often as a paragraph may."""
    dense = unit * (MOST_MARKS // max(1, len(MARK.findall(unit))))
    return accepted((dense[:LONGEST_PARAGRAPH] + "\n\n") * MOST_LINES)


def accepted(text: str) -> str:
    """As much of the text as a file may hold."""
    text = text[:LARGEST_TEXT]
    while too_much(text) is not None:
        text = text[: int(len(text) * 0.95)]
    return text


@pytest.mark.parametrize(
    "text", ["!" + "[" * 3000, "![" * 650 + "a" + "](b)" * 650, "> " * 1900, "* " * 1900, "[" * 1900 + "a" + "]" * 1900]
)
def test_deep_nesting_is_no_deep_recursion(text: str) -> None:
    assert seconds(text) < 3
    assert seconds(f"## Frage: a\n\n- (x) {text}\n- ( ) b") < 3


def times_ordinary(text: str) -> float:
    """How many times as long it takes as the longest file of ordinary text, which takes a quarter of a second.

    Measured on both sides of it and never in seconds: other work on the machine makes both take longer.
    """
    part = SENTENCE * (LARGEST_TEXT // len(SENTENCE) // PARTS)
    before, taken, after = seconds(part), seconds(text), seconds(part)
    return taken / (PARTS * max(before, after))


def seconds(text: str) -> float:
    """Processor time for parsing and rendering one file."""
    began = time.process_time()
    rendered(text)
    return time.process_time() - began

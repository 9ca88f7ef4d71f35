"""Writing and reading questions lose nothing."""

import json

import pytest
from hypothesis import given, settings

from quizzes.canonical import from_json, key_revision, revision, to_json
from quizzes.parse import read_questions
from quizzes.questions import QuestionSet
from quizzes.write import write_question, write_questions
from tests.figures import examples
from tests.quizzes.strategies import question_sets, questions


def errors(text: str) -> list[str]:
    return [problem.code for problem in read_questions(text).problems if problem.code.startswith("E")]


@pytest.mark.harden
@settings(max_examples=examples(500, hardened=10_000))
@given(question_sets())
def test_reading_what_was_written_gives_the_same_questions(values: QuestionSet) -> None:
    text = write_questions(values)
    assert read_questions(text).problems == ()
    assert read_questions(text).questions == values


@pytest.mark.harden
@settings(max_examples=examples(200, hardened=4_000))
@given(question_sets())
def test_writing_again_changes_no_character(values: QuestionSet) -> None:
    once = write_questions(read_questions(write_questions(values)).questions)
    assert write_questions(read_questions(once).questions) == once


@settings(max_examples=100)
@given(questions())
def test_json_and_back_gives_the_same_question(value: object) -> None:
    question = read_questions(write_question(value)).questions.questions[0]  # type: ignore[arg-type]
    back = from_json(json.loads(json.dumps(to_json(question))))
    assert back == question
    assert revision(back) == revision(question)
    assert key_revision(back) == key_revision(question)

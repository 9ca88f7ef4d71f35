"""Reads the questions of a text of its own: an editor's section, an import, a test.

Documents of a course are read through `quizzes.notation.questions_plugin`, which runs the same rules.
"""

from dataclasses import dataclass

from quizzes.notation import question_markdown
from quizzes.problems import Problem
from quizzes.questions import QuestionSet


@dataclass(frozen=True, slots=True)
class ReadQuestions:
    """The questions of a text and what is wrong with it."""

    questions: QuestionSet
    problems: tuple[Problem, ...]


def read_questions(source: str, *, language: str = "de", first_line: int = 1) -> ReadQuestions:
    """Read a text of its own. `first_line` is the number of its first line in the file it was cut from."""
    environment: dict[str, object] = {"language": language, "first_line": first_line}
    question_markdown().parse(source, environment)
    questions, problems = environment["questions"], environment["problems"]
    assert isinstance(questions, QuestionSet)
    assert isinstance(problems, list)
    return ReadQuestions(questions, tuple(problems))

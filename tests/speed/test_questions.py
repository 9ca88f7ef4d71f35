"""How long an author waits for the questions of a module after each pause of typing."""

from pathlib import Path

from quizzes.parse import read_questions
from tests.speed.measuring import Measure

MODULE = Path(__file__).parents[1] / "courses" / "model-module" / "04-terminvergabe.md"


def test_a_module_with_seven_questions_is_read_between_two_keystrokes(measure: Measure) -> None:
    text = MODULE.read_text(encoding="utf-8").split("---\n", 2)[2]

    def action() -> None:
        assert len(read_questions(text).questions.questions) == 7

    measure("read a module's questions (1,900 words, 7 questions)", action, limit=0.01, runs=31)

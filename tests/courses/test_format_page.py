"""The examples that the format page prints are what the parser reads: page and parser never disagree."""

import re
from pathlib import Path

import pytest

from quizzes.parse import read_questions
from quizzes.questions import Kind

PAGE = Path(__file__).parents[2] / "docs" / "course-format.md"
# The complete examples of the page by the heading of their first question, in its order.
KINDS = {
    "Bis wann muss der Widerspruch eingehen?": Kind.SINGLE,
    "Was gehört in eine Anhörung?": Kind.MULTIPLE,
    "Ein Widerspruch am Telefon genügt der Form.": Kind.SINGLE,
    "Wie heißt das Verfahren vor einer belastenden Entscheidung?": Kind.TEXT,
    "Welcher Betrag bleibt als Anspruch?": Kind.NUMBER,
    "Wie viele Tage hat die Frist ungefähr?": Kind.NUMBER,
    "Ordnen Sie die Abkürzungen zu.": Kind.MATCHING,
    "Bringen Sie die Schritte in die richtige Reihenfolge.": Kind.ORDERING,
    "Ergänzen Sie.": Kind.CLOZE,
    "Wie würden Sie das Gespräch eröffnen?": Kind.FREE_TEXT,
    "By when must the objection arrive?": Kind.SINGLE,
}


def examples() -> list[str]:
    """The fenced Markdown blocks that hold whole questions; the pool of the page only sketches its questions."""
    blocks = re.findall(r"^```markdown\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    bodies = [block.split("---\n", 2)[2] if block.startswith("---\n") else block for block in blocks]
    return [body for body in bodies if re.search(r"^## (Frage|Question):", body, re.MULTILINE)]


def test_every_complete_example_of_the_page_is_read_as_its_kind() -> None:
    found = {}
    for example in examples():
        language = "en" if "## Question" in example else "de"
        read = read_questions(example, language=language)
        assert read.problems == (), example
        found.update({question.heading.source: question.kind for question in read.questions.questions})
    assert found == KINDS


@pytest.mark.parametrize("kind", list(Kind))
def test_no_kind_is_without_an_example_on_the_page(kind: Kind) -> None:
    assert kind in KINDS.values()

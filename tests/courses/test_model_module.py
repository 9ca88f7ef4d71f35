"""The model module in our notation: nothing of it is lost. Its folder here is normative for the notation."""

import re
from pathlib import Path

import pytest

from courses.markdown.plain_text import block_text
from courses.reading.library import read_library
from quizzes.canonical import with_passages
from quizzes.questions import Cloze, NumberInput, Ordering, Passage, Question, TextGap, TextPattern

FOLDER = Path(__file__).parent / "model-module"
MODEL = Path(__file__).parents[3] / "shared" / "curriculum" / "model-module.md"
# What the neutral notation says beside the text: kinds of questions, letters of answers, names of feedback.
LABELS = re.compile(
    r"\*\*Vorab-Frage \(ohne Wertung\):\*\*"
    r"|\*\*Frage \d · [^*]*\*\*|^- [✔✘] [A-E]\) |^\|[-|]+\|$|^Akzeptiert:.*$|^Richtig: 9,6.*$|^\| Frage \| Methode \|$"
    r"|\*Rückmeldung[^*]*\*|^#+ |^\d\. |^- (\[ \] )?|[*_|]|\[[123]\]",
    re.MULTILINE,
)


def plain(text: str) -> str:
    """Letters and digits only, so that neither mark-up nor quotes nor spaces count."""
    return "".join(filter(str.isalnum, text.casefold()))


def passages_of(question: Question) -> list[str]:
    found: list[str] = []

    def keep(passage: Passage) -> Passage:
        found.append(passage.source)
        return passage

    with_passages(question, keep)
    return found


def expressed() -> str:
    library = read_library(FOLDER)
    assert {problem.code for problem in library.problems} <= {"W109"}, "the modules it builds on are not here"
    (course,) = library.courses
    (module,) = course.modules
    texts = [module.title, *module.objectives, block_text(module.document.tokens)]
    for question in module.document.questions.questions:
        texts += passages_of(question)
    return plain(" ".join(texts))


@pytest.mark.skipif(not MODEL.exists(), reason="the shared material is not beside this checkout")
def test_every_sentence_of_the_model_stands_in_the_module() -> None:
    model = MODEL.read_text(encoding="utf-8").split("<!-- MODUL-ANFANG -->")[1].split("<!-- MODUL-ENDE -->")[0]
    body = LABELS.sub(" ", model.split("```")[2])
    sentences = [part for part in re.split(r"(?<=[.?!:“])\s+|\n+|  +", body) if len(plain(part)) > 3]
    there = expressed()
    assert len(sentences) > 150
    assert [sentence for sentence in sentences if plain(sentence) not in there] == []


def test_accepted_answers_and_mistakes_of_the_model_are_all_there() -> None:
    (course,) = read_library(FOLDER).courses
    questions = course.modules[0].document.questions.questions
    kinds = [question.kind.value for question in questions]
    assert kinds == ["free_text", "single", "multiple", "ordering", "matching", "cloze", "number"]
    cloze = next(question.answer for question in questions if isinstance(question.answer, Cloze))
    gaps = [gap for gap in cloze.gaps if isinstance(gap, TextGap)]
    accepted = [[line.text for line in gap.accepted if isinstance(line, TextPattern)] for gap in gaps]
    assert accepted == [
        ["Auslöser", "Anlass", "Startereignis"],
        ["Ergebnis", "Resultat"],
        ["eigene", "getrennte", "separate"],
    ]
    number = next(question.answer for question in questions if isinstance(question.answer, NumberInput))
    assert [(str(line.pattern.value), str(line.pattern.tolerance)) for line in number.accepted] == [("9.6", "0.1")]
    assert [(str(line.pattern.low), str(line.pattern.high)) for line in number.mistakes] == [
        ("16", "16.1"),
        ("576", "576"),
        ("6.4", "6.4"),
    ]
    assert number.accepted[0].feedback is not None
    assert number.remarks.otherwise is not None
    ordering = next(question.answer for question in questions if isinstance(question.answer, Ordering))
    assert [(line.pattern.first + 1, line.pattern.second + 1) for line in ordering.allowed] == [(4, 3)]
    named = {(line.pattern.first + 1, line.pattern.second + 1) for line in ordering.mistakes}
    assert named == {(4, 2), (5, 4), (5, 3), (5, 2), (5, 1)}
    assert sum(question.attributes.is_refresher for question in questions) == 2

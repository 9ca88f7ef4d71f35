"""How questions are written: the canonical form."""

from decimal import Decimal
from pathlib import Path

import pytest

from quizzes.parse import read_questions
from quizzes.questions import (
    Accepted,
    Attributes,
    Cloze,
    GapMistake,
    Mistake,
    NumberRange,
    Option,
    Passage,
    Pool,
    Question,
    QuestionSet,
    ShortText,
    SingleChoice,
    TextGap,
    TextPattern,
)
from quizzes.write import write_question, write_questions
from tests.quizzes.test_kinds import CARD

MODEL_MODULE = Path(__file__).parents[1] / "courses" / "model-module" / "04-terminvergabe.md"


def test_the_card_is_canonical() -> None:
    assert write_questions(read_questions(CARD).questions) == CARD


def test_the_questions_of_the_model_module_survive_being_written() -> None:
    questions = read_questions(MODEL_MODULE.read_text(encoding="utf-8").split("## Fragen zum Modul\n\n")[1]).questions
    written = write_questions(questions)
    assert read_questions(written).questions == questions
    assert write_questions(read_questions(written).questions) == written


def test_bullets_spaces_and_order_become_canonical() -> None:
    sloppy = (
        "##   Frage:  Was?   {must   points=2 #was} ##\n* ( )  a\n  >zu a\n* (X) b\n\n\n> Erklärung\n> [!TIP]\n"
        "## Frage: Zahl {#z}\n+ ! 4\n+ = 5\n+ = richtig\n   > Ja.\n"
    )
    assert write_questions(read_questions(sloppy).questions) == (
        "## Frage: Was? {#was must points=2}\n\n- ( ) a\n  > zu a\n- (x) b\n\n> Erklärung\n> [!TIP]\n\n"
        "## Frage: Zahl {#z}\n\n- = 5\n- ! 4\n- = richtig\n  > Ja.\n"
    )


@pytest.mark.parametrize(("stem", "bullet"), [("- eins\n- zwei", "*"), ("* eins", "-"), ("+ eins", "-"), ("Text", "-")])
def test_answers_never_continue_a_list_of_the_stem(stem: str, bullet: str) -> None:
    options = (Option(Passage("a"), is_right=True), Option(Passage("b"), is_right=False))
    text = write_question(Question(Passage("Was?"), Passage(stem), SingleChoice(options)))
    assert f"\n\n{bullet} (x) a\n" in text


def test_words_in_answers_are_written_in_the_language_of_the_text() -> None:
    text = (
        "## Question: Order. {#o}\n\n1. a\n2. b\n3. c\n\n- ! 3 before 1\n- = right\n  > Yes.\n- ! otherwise\n  > No.\n"
    )
    questions = read_questions(text, language="en").questions
    assert write_questions(questions, language="en") == text
    assert "- ! 3 vor 1\n- = richtig\n" in write_questions(questions)


def made(answer: ShortText | Cloze, stem: str = "") -> Question:
    return Question(Passage("Was?"), Passage(stem), answer, Attributes("was"))


NOTE = Passage("Rückmeldung")
GAPS = (TextGap((TextPattern("a"),)),)


@pytest.mark.parametrize(
    ("question", "line"),
    [
        (made(ShortText((Accepted(TextPattern("42")),))), '- = "42"'),
        (made(ShortText((Accepted(TextPattern("5 ± x")),))), '- = "5 ± x"'),
        (made(ShortText((Accepted(TextPattern("42")), Accepted(TextPattern("zwei"))))), "- = 42"),
        (made(ShortText((Accepted(TextPattern("a")), Accepted(TextPattern("richtig"), NOTE)))), '- = "richtig"'),
        (made(ShortText((Accepted(TextPattern("a")), Accepted(TextPattern("richtig"))))), "- = richtig"),
        (made(ShortText((Accepted(TextPattern("a")),), (Mistake(TextPattern("sonst"), NOTE),))), '- ! "sonst"'),
        (made(ShortText((Accepted(TextPattern("3 vor 1")),)), "1. a\n2. b\n3. c"), '- = "3 vor 1"'),
        (made(ShortText((Accepted(TextPattern("3 vor 1")),)), "Text"), "- = 3 vor 1"),
        (made(ShortText((Accepted(TextPattern('"a"')),))), '- = \\"a"'),
        (made(ShortText((Accepted(TextPattern("[[a]]")),))), "- = \\[[a]]"),
        (made(ShortText((Accepted(TextPattern("&amp; \\*")),))), "- = \\&amp; \\\\*"),
        (made(Cloze(GAPS, (GapMistake(None, TextPattern("2: b")),)), "[[a]]"), "- ! 2\\: b"),
        (
            made(Cloze(GAPS, (GapMistake(0, TextPattern("sonst"), NOTE),)), "[[a]]"),
            "- ! 1: sonst",
        ),
        (
            made(Cloze(GAPS, (GapMistake(None, TextPattern("sonst"), NOTE),)), "[[a]]"),
            '- ! "sonst"',
        ),
    ],
)
def test_texts_stay_texts(question: Question, line: str) -> None:
    text = write_question(question)
    assert line in text.split("\n")
    (read,) = read_questions(text).questions.questions
    assert read.kind is question.kind
    assert write_question(read) == text


def test_a_text_for_a_numeric_gap_is_quoted() -> None:
    gap = TextGap((NumberRange(Decimal(5), Decimal(5), "", Decimal(5)),))
    text = write_question(made(Cloze((gap,), (GapMistake(0, TextPattern("6")),)), "[[5]]"))
    assert '- ! 1: "6"' in text
    (read,) = read_questions(text).questions.questions
    assert isinstance(read.answer, Cloze)
    assert read.answer.mistakes[0].pattern == TextPattern("6", is_quoted=True)


def test_pools_keep_their_questions_whatever_level_those_had() -> None:
    options = (Option(Passage("a"), is_right=True), Option(Passage("b"), is_right=False))
    question = Question(Passage("Was?"), Passage(""), SingleChoice(options), level=2)
    pools = (
        Pool("leer", "Leer", None, ()),
        Pool("p", "P", 1, (1, 2)),
        Pool("q", "Q", None, (3,)),
        Pool("e", "Ende", None, ()),
    )
    questions = QuestionSet((question,) * 5, pools)
    text = write_questions(questions)
    assert [line for line in text.split("\n") if line.startswith("#")] == [
        "## Frage: Was?",
        "## Fragenpool: Leer {#leer}",
        "## Fragenpool: P {#p draw=1}",
        "### Frage: Was?",
        "### Frage: Was?",
        "## Fragenpool: Q {#q}",
        "### Frage: Was?",
        "## Frage: Was?",
        "## Fragenpool: Ende {#e}",
    ]
    assert read_questions(text).questions == questions


def test_nested_pools_keep_their_own_questions() -> None:
    text = (
        "## Fragenpool: A\n\n### Frage: Eins\n\n___\n\n### Fragenpool: B\n\n#### Frage: Zwei\n\n___\n\n"
        "### Frage: Drei\n\n___\n\n## Frage: Vier\n\n___\n"
    )
    read = read_questions(text)
    assert [pool.members for pool in read.questions.pools] == [(0, 2), (1,)]
    assert read_questions(write_questions(read.questions)).questions == read.questions

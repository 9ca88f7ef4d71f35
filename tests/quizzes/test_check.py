"""What is wrong with questions that could be read, each code at its line."""

from decimal import Decimal

import pytest

from quizzes.check import check_questions
from quizzes.parse import read_questions
from quizzes.problems import Problem
from quizzes.questions import Accepted, Attributes, NumberInput, NumberRange, Passage, Question, QuestionSet


def found_in(text: str, *, in_test: bool = False) -> list[Problem]:
    read = read_questions(text)
    assert [problem for problem in read.problems if problem.code.startswith("E")] == []
    return check_questions(read.questions, in_test=in_test)


def places(problems: list[Problem]) -> list[str]:
    return [f"{problem.code}:{problem.line}" for problem in problems]


LONG = "eine sehr viel längere und genauere Antwort als alle anderen hier"
BODIES = [
    ("one option", "- (x) a", ["E308:1"]),
    ("one box", "- [x] a", ["E308:1", "E312:1"]),
    ("the same option twice", "- (x) a\n- ( ) *b*\n- ( ) _b_", ["E307:5"]),
    ("all right", "- [x] a\n- [x] b", ["E312:1"]),
    ("one wrong box", "- [x] a\n- [x] b\n- [ ] c", ["W311:1"]),
    ("two wrong boxes", "- [x] a\n- [ ] b\n- [ ] c", []),
    ("the same left side twice", "- a -> b\n- a -> c", ["E313:4"]),
    ("one pair", "- a -> b\n- -> c", ["E313:1"]),
    ("equal right sides", "- a -> b\n- c -> b", []),
    ("an extra choice that is right elsewhere", "- a -> b\n- c -> d\n- -> d", ["E307:5"]),
    ("two items", "1. a\n2. b", ["E314:1"]),
    ("equal items", "1. a\n2. b\n3. a", ["E314:5"]),
    ("all of these", "- ( ) a\n- ( ) b\n- (x) alle genannten", ["W316:5"]),
    ("all of the above", "- ( ) a decision\n- (x) None of the above\n- ( ) an appeal", ["W316:4"]),
    ("none of these", "- ( ) a\n- ( ) b\n- (x) keine der genannten Antworten", ["W316:5", "W317:5"]),
    ("none of it", "- [ ] a\n- [ ] b\n- [x] Nichts davon", ["W316:5"]),
    ("ordinary words", "- ( ) alle Unterlagen\n- ( ) keine Frist\n- (x) alle zwei Jahre", []),
    ("two options are never shuffled", "- ( ) beide\n- (x) keine davon", []),
    ("a long right option", f"- ( ) kurz\n- (x) {LONG}\n- ( ) auch kurz", ["W317:4"]),
    ("a long wrong option", f"- (x) kurz\n- ( ) {LONG}\n- ( ) auch kurz", []),
    ("a little longer", "- ( ) zwölf Wochen\n- (x) vierundzwanzig Wochen\n- ( ) ein Jahr", []),
    ("a leading zero", "- = 09111", ["W318:3"]),
    ("a leading zero in quotes", '- = "09111"', []),
    ("zero point five", "- = 0,5", []),
    ("a leading zero in a gap", "Text\n[[09111]]", ["W318:4"]),
    ("equal answers", "- = Straße\n- = STRASSE.\n- = Weg", ["W319:4"]),
    ("equal numbers", "- = 5\n- = 5,0\n- = 6", ["W319:4"]),
    ("equal answers in a gap", "[[Haus|haus]]", ["W319:3"]),
    ("equal choices", "[[a|(b)|a]]", ["E307:3"]),
    ("a mandatory free text", "___", []),
]


@pytest.mark.parametrize(("body", "expected"), [row[1:] for row in BODIES], ids=[row[0] for row in BODIES])
def test_slips_in_answers_are_reported_at_their_line(body: str, expected: list[str]) -> None:
    assert places(found_in(f"## Frage: Was? {{#was}}\n\n{body}\n")) == expected


def test_case_counts_for_equal_answers_where_the_author_says_so() -> None:
    text = "## Frage: Was? {#was case=yes}\n\n- = Haus\n- = haus\n"
    assert found_in(text) == []
    assert places(found_in(text.replace(" case=yes", ""))) == ["W319:4"]


def test_all_of_these_is_no_slip_without_shuffling() -> None:
    text = "## Frage: Was? {#was shuffle=no}\n\n- ( ) a\n- ( ) b\n- (x) alle genannten\n"
    assert found_in(text) == []


def test_a_question_without_id_is_a_warning() -> None:
    problems = found_in("Text\n\n## Frage: Was?\n\n___\n")
    assert places(problems) == ["W201:3"]
    assert problems[0].parameters["heading"] == "Was?"


def test_a_test_question_needs_an_explanation() -> None:
    text = "## Frage: Was? {#was}\n\n- (x) a\n- ( ) b\n"
    assert places(found_in(text, in_test=True)) == ["W321:1"]
    assert found_in(text + "\n> Darum.\n", in_test=True) == []
    assert found_in(text) == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("## Frage: Was? {#was must before}\n\n- (x) a\n- ( ) b\n", "before"),
        ("## Frage: Was? {#was must}\n\n___\n", "free_text"),
        ("## Fragenpool: P\n\n### Frage: Was? {#was must}\n\n- (x) a\n- ( ) b\n", "pool"),
    ],
)
def test_must_excludes_what_cannot_be_failed(text: str, reason: str) -> None:
    (problem,) = found_in(text)
    assert (problem.code, problem.parameters["reason"]) == ("E328", reason)


def test_points_in_a_pool_have_to_be_equal() -> None:
    def pool(points: str) -> str:
        first = "### Frage: A {#a}\n\n- (x) a\n- ( ) b\n"
        return f"## Fragenpool: P\n\n{first}\n### Frage: B {{#b points={points}}}\n\n- (x) a\n- ( ) b\n"

    assert places(found_in(pool("2"))) == ["W405:1"]
    assert found_in(pool("1")) == []


def test_problems_come_in_the_order_of_lines() -> None:
    text = "## Frage: A\n\n- (x) a\n- ( ) b\n- ( ) b\n\n## Frage: B\n\n- = 05\n- = 5\n"
    assert places(found_in(text)) == ["W201:1", "E307:5", "W201:7", "W318:9", "W319:10"]


def test_questions_that_were_not_read_from_a_text_can_be_checked_too() -> None:
    number = NumberRange(Decimal(5), Decimal(5), "", Decimal(5))
    answer = NumberInput((Accepted(number), Accepted(number)))
    question = Question(Passage("Was?"), Passage(""), answer, Attributes("was"), first_line=7)
    problems = check_questions(QuestionSet((question,)), in_test=False)
    assert places(problems) == ["W319:7"]
    assert problems[0].parameters == {"answer": "5", "first": 7}

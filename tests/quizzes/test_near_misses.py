"""What looks like an answer sign but is not: it would silently become text, so it is always reported."""

import pytest

from quizzes.parse import read_questions
from quizzes.questions import Kind

NEAR_ITEMS = [
    "- () a",
    "- [] a",
    "- (X ) a",
    "- ( x) a",
    "- ( X ) a",
    "- [ x] a",
    "- [x ] a",
    "- (x)a",
    "- ( )a",
    "- [x]a",
    "- （x） a",
    "- （ ） a",
    "- ［x］ a",
    "- (\u00a0) a",
    "- (x)\u00a0a",
    "- [\u00a0] a",
    "- (\u200b) a",
    "- (х) a",  # a Cyrillic letter
    "- (×) a",
    "- (✓) a",
    "- [✔] a",
    "- ☐ a",
    "- ☑ a",
    "- **(x)** a",
    "- =a",
    "- ＝ a",
]
NEAR_LINES = [
    "-(x) a",
    "-( ) a",
    "-[x] a",
    "–(x) a",
    "– (x) a",
    "— ( ) a",
    "• (x) a",
    "· [ ] a",
    "−(x) a",
    "-\u00a0(x) a",
    "– [x] a",
    "– () a",
    "1.(x) a",
    "-= a",
    "– = a",
    "– ! a",
    "– links -> rechts",
    "(x) a",
    "( ) a",
    "[ ] a",
]


@pytest.mark.parametrize("line", NEAR_ITEMS + NEAR_LINES)
def test_a_near_miss_alone_is_reported_instead_of_missing_answers(line: str) -> None:
    problems = read_questions(f"## Frage: Was? {{#was}}\n\n{line}\n").problems
    assert [(problem.code, problem.line) for problem in problems] == [("E320", 3)]


@pytest.mark.parametrize("line", [*NEAR_ITEMS, "- !a"])
def test_a_near_miss_among_answers_is_reported_instead_of_mixed_signs(line: str) -> None:
    answers = "- = b\n" if "!" in line or "=" in line or "＝" in line else "- (x) b\n- ( ) c\n"
    problems = read_questions(f"## Frage: Was? {{#was}}\n\n{answers}{line}\n").problems
    assert [problem.code for problem in problems] == ["E320"]


@pytest.mark.parametrize("line", [line for line in NEAR_LINES if line[0] not in "(["])
@pytest.mark.parametrize("above", ["- ( ) b", "- ( ) b\n  > Rückmeldung"])
def test_a_line_swallowed_by_the_paragraph_above_is_reported(line: str, above: str) -> None:
    problems = read_questions(f"## Frage: Was? {{#was}}\n\n- (x) c\n{above}\n{line}\n").problems
    assert [problem.code for problem in problems] == ["E320"]
    assert problems[0].line == 5 + above.count("\n")


@pytest.mark.parametrize("arrow", ["–>", "—>", "-->", "=>", "⇒", "➔"])
def test_arrows_that_were_corrected_away_are_reported(arrow: str) -> None:
    problems = read_questions(f"## Frage: Zu. {{#zu}}\n\n- a {arrow} b\n- c {arrow} d\n").problems
    assert [(problem.code, problem.line) for problem in problems] == [("E320", 3), ("E320", 4)]


@pytest.mark.parametrize("item", ["BG->Bedarf", "BG ->Bedarf", "BG-> Bedarf", "BG\u00a0->\u00a0Bedarf"])
def test_an_arrow_without_spaces_among_pairs_is_reported(item: str) -> None:
    problems = read_questions(f"## Frage: Zu. {{#zu}}\n\n- a -> b\n- {item}\n").problems
    assert [(problem.code, problem.line) for problem in problems] == [("E320", 4)]


def test_the_column_is_that_of_the_sign() -> None:
    (problem,) = read_questions("## Frage: Was? {#was}\n\n- (x) a\n-   () b\n").problems
    assert (problem.line, problem.column, problem.parameters["text"]) == (4, 5, "() b")


@pytest.mark.parametrize(
    "stem",
    [
        "- [x](https://beispiel.de)",
        "- (siehe oben)",
        "- (a) erstens",
        "- \\(x) a",
        "- != ungleich",
        "- == gleich",
        "- \\= gleich",
        "f(x) ist eine Funktion",
        "Siehe [x][ref] hier",
        "```\n- () a\n-(x) b\n```",
        "    - () a",
        "> - (x) im Zitat",
        "- a->b ist Code",
    ],
)
def test_ordinary_prose_in_a_stem_is_no_near_miss(stem: str) -> None:
    assert read_questions(f"## Frage: Was? {{#was}}\n\n{stem}\n\nText\n\n* (x) a\n* ( ) b\n").problems == ()


def test_prose_outside_of_questions_is_left_alone() -> None:
    assert read_questions("Text\n\n- () a\n- (x)b\n\n-(x) c\n\n[[Klammern]] und a –> b\n").problems == ()


def test_an_arrow_in_a_numbered_list_is_text() -> None:
    read = read_questions("## Frage: Was? {#was}\n\n1. eins - > zwei\n2. [a -> b](https://beispiel.de)\n3. drei\n")
    assert read.problems == ()
    assert read.questions.questions[0].kind is Kind.ORDERING

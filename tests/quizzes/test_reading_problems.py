"""Every problem that reading a question can have, with its code, line and column."""

import pytest

from quizzes.parse import read_questions

# Each row: what it is about, the text below `## Frage: Was? {#was}` and a blank line, and code:line:column expected.
BODIES = [
    ("round and square", "- ( ) a\n- [x] b\n- ( ) c", ["E301:4:1"]),
    ("an item without a sign", "- (x) a\n- b\n- ( ) c", ["E301:4:1"]),
    ("typed and choice", "- = a\n- (x) b", ["E301:4:1"]),
    ("a pair and a plain item", "- a -> b\n- c\n- d -> e", ["E301:4:1"]),
    ("nothing right in a single choice", "- ( ) a\n- ( ) b", ["E302:1:1"]),
    ("nothing right in a multiple choice", "- [ ] a\n- [ ] b", ["E302:1:1"]),
    ("only mistakes", "- ! a\n- ! b", ["E302:1:1"]),
    ("two right in a single choice", "- (x) a\n- (X) b\n- (x) c", ["E303:4:1", "E303:5:1"]),
    ("no answers", "Nur Text.", ["E304:1:1"]),
    ("nothing at all", "", ["E304:1:1"]),
    ("a plain list only", "- a\n- b", ["E304:1:1"]),
    ("feedback not indented", "- ( ) a\n> Rückmeldung\n- (x) b", ["W305:4:1"]),
    ("feedback not indented below the last", "- ( ) a\n- (x) b\n> Rückmeldung", ["W305:5:1"]),
    ("empty option", "- ( ) a\n- (x)\n- ( ) c", ["E306:4:1"]),
    ("empty box", "- [ ]\n- [x] b", ["E306:3:1"]),
    ("empty answer", "- = a\n- =", ["E306:4:1"]),
    ("empty quotes", '- = a\n- = ""', ["E306:4:1"]),
    ("empty right side", "- a -> b\n- c ->", ["E306:4:1"]),
    ("empty item", "1. a\n2.\n3. c", ["E306:4:1"]),
    ("empty mistake beside gaps", "[[a]]\n\n- ! 1:", ["E306:5:1"]),
    ("empty gap", "Text [[]] Text", ["E309:3:6"]),
    ("empty alternative", "Text [[a|]] Text", ["E309:3:6"]),
    ("several right choices", "Text [[(a)|(b)|c]]", ["E309:3:6"]),
    ("a drop-down of one", "Text [[(a)]]", ["E309:3:6"]),
    ("an empty right choice", "Text [[a|()]]", ["E309:3:6"]),
    ("an unclosed gap", "Text\nnoch [[a\n\nText", ["E309:4:6"]),
    ("a gap in a gap", "Text [[a [[b]] c]]", ["E309:3:6"]),
    ("a gap in a link", "Ein [Link [[a]] da](https://beispiel.de)", ["E309:3:11"]),
    ("a gap in an image", "Ein ![Bild [[a]]](a.svg)", ["E309:3:12"]),
    ("a gap in a hint", "[[a]]\n\n> [!TIP]\n> nicht [[b]]", ["E309:6:9"]),
    ("a gap in a mistake", "[[a]]\n\n- ! [[b]]", ["E309:5:5"]),
    ("a gap in the feedback of a mistake", "[[a]]\n\n- ! b\n  > [[c]]", ["E309:6:5"]),
    ("gap and answers", "Text [[a]]\n\n- ( ) a\n- ( ) b", ["E310:5:1"]),
    ("a gap in an option", "- (x) a [[b]]\n- ( ) c", ["E310:3:1"]),
    ("a tolerance without number", "- = 562,50 ± viel", ["E315:3:1"]),
    ("a negative tolerance", "- = 5 ± -1", ["E315:3:1"]),
    ("a range upside down", "- = 31 bis 28", ["E315:3:1"]),
    ("digits that are no number", "- = 1.00,5 €", ["E315:3:1"]),
    ("units that disagree", "- = 100 € ± 5 %", ["E315:3:1"]),
    ("a mistake that is no number", "- = 5\n- ! fünf", ["E315:4:1"]),
    ("an order of missing items", "1. a\n2. b\n3. c\n\n- ! 4 vor 1", ["E315:7:1"]),
    ("an order that is right anyway", "1. a\n2. b\n3. c\n\n- ! 1 vor 2", ["E315:7:1"]),
    ("a mistake of a missing gap", "[[a]]\n\n- ! 2: b", ["E315:5:1"]),
    ("a gap upside down", "[[31 bis 28]]", ["E315:3:1"]),
    ("two marked lists", "- (x) a\n- ( ) b\n\nText\n\n- [x] c\n- [ ] d", ["E322:8:1"]),
    ("three marked lists", "- (x) a\n\nText\n\n- [x] c\n\nText\n\n- = d", ["E322:7:1", "E322:11:1"]),
    ("two lists of pairs", "- a -> b\n\nText\n\n- c -> d", ["E322:7:1"]),
    ("text after the answers", "- (x) a\n- ( ) b\n\n  \nNoch Text.", ["W323:7:1"]),
    ("an alert after the answers", "- (x) a\n- ( ) b\n\n> [!NOTE]\n> Text", ["W323:6:1"]),
    ("text below an answer", "- = a\n\n  Text\n- = b", ["W323:5:3"]),
    ("a quote below an item", "1. a\n   > Text\n2. b\n3. c", ["W323:4:4"]),
    ("a quote below an extra choice", "- a -> b\n- -> c\n  > Text", ["W323:5:3"]),
    ("signs inside an answer", "- ( ) a\n  - (x) b\n- ( ) c", ["E326:4:5"]),
    ("boxes inside an item", "- a\n  - [x] b", ["E326:4:5"]),
    ("a heading without its blank", "- (x) a\n- ( ) b\n\n##Frage: Nächste", ["W323:6:1", "W325:6:1"]),
]


@pytest.mark.parametrize(("body", "expected"), [row[1:] for row in BODIES], ids=[row[0] for row in BODIES])
def test_problems_of_a_question_are_reported_at_their_place(body: str, expected: list[str]) -> None:
    read = read_questions(f"## Frage: Was? {{#was}}\n\n{body}\n")
    assert [f"{each.code}:{each.line}:{each.column}" for each in read.problems] == expected


DOCUMENTS = [
    ("an id with a capital", "## Frage: Was? {#Was}\n\n___\n", ["E203:1:17"]),
    ("an id that is too long", f"## Frage: Was? {{#{'a' * 41}}}\n\n___\n", ["E203:1:17"]),
    ("an unknown word", "## Frage: Was? {#was wichtig}\n\n___\n", ["E204:1:22"]),
    ("an unknown key", "## Frage: Was? {#was zeit=3}\n\n___\n", ["E204:1:22"]),
    ("draw on a question", "## Frage: Was? {#was draw=3}\n\n___\n", ["E204:1:22"]),
    ("points on a pool", "## Fragenpool: P {#p points=3}\n\n### Frage: Was? {#was}\n\n___\n", ["E204:1:22"]),
    ("no points", "## Frage: Was? {#was points=0}\n\n___\n", ["E205:1:22"]),
    (
        "many bad values",
        "## Frage: W {#w points=x shuffle=2 about=y}\n\n___\n",
        ["E205:1:17", "E205:1:26", "E205:1:36"],
    ),
    ("an empty value", "## Frage: Was? {#was case=}\n\n___\n", ["E205:1:22"]),
    ("a bad draw", "## Fragenpool: P {#p draw=0}\n\n### Frage: Was? {#was}\n\n___\n", ["E205:1:22"]),
    ("two ids", "## Frage: Was? {#was #wer}\n\n___\n", ["E208:1:22"]),
    ("a key twice", "## Frage: Was? {#was points=1 punkte=2}\n\n___\n", ["E208:1:31"]),
    ("braces not closed", "## Frage: Was? {#was\n\n___\n", ["E208:1:16"]),
    ("braces not at the end", "## Frage: Was {#was} denn?\n\n___\n", ["E208:1:15"]),
    ("braces twice", "## Frage: Was? {#was} {must}\n\n___\n", ["E208:1:16"]),
    ("a gap in the heading", "## Frage: Was ist [[a]]? {#was}\n\n___\n", ["E309:1:19"]),
    ("options without question", "Text\n\n- ( ) a\n- (x) b\n", ["E324:3:3"]),
    ("answers without question", "Text\n\n- = a\n", ["E324:3:3"]),
    ("mixed boxes without question", "- [ ] a\n- [x] b\n- (x) c\n", ["E324:1:3"]),
    ("nested signs without question", "- a\n  - (x) c\n", ["E324:2:5"]),
    ("answers after the question", "## Frage: Was? {#was}\n\n___\n\n---\n\n- (x) a\n", ["E324:7:3"]),
    ("a checklist", "- [ ] a\n- [x] b\n", []),
    ("a dash for a colon", "## Frage - Was?\n\nText\n", ["W325:1:4"]),
    ("bold in a heading", "## **Frage:** Was?\n\nText\n", ["W325:1:4"]),
    ("a bold line", "Text\n\n**Frage:** Was?\n", ["W325:3:1"]),
    ("a heading without its blank", "Text\n##Frage: Was?\n", ["W325:2:1"]),
    ("an underlined heading", "Frage: Was?\n-----------\n\n___\n", ["W327:1:1"]),
    ("a draw too large", "## Fragenpool: P {draw=2}\n\n### Frage: Was? {#was}\n\n___\n", ["E401:1:1"]),
    ("an empty pool", "## Fragenpool: P\n\n## Abschnitt\n", ["E406:1:1"]),
    ("a pool at the end", "## Fragenpool: P\n", ["E406:1:1"]),
    ("text in a pool", "## Fragenpool: P\n\nText\n\n### Frage: Was? {#was}\n\n___\n", ["W407:3:1"]),
    ("a section in a pool", "## Fragenpool: P\n\n### Frage: W {#w}\n\n___\n\n### Mehr\n", ["W407:7:1"]),
    ("text after a rule in a pool", "## Fragenpool: P\n\n### Frage: W {#w}\n\n___\n\n---\n\nText\n", ["W407:9:1"]),
]


@pytest.mark.parametrize(("text", "expected"), [row[1:] for row in DOCUMENTS], ids=[row[0] for row in DOCUMENTS])
def test_problems_of_a_document_are_reported_at_their_place(text: str, expected: list[str]) -> None:
    read = read_questions(text)
    assert [f"{each.code}:{each.line}:{each.column}" for each in read.problems] == expected


def test_a_broken_question_does_not_count_as_missing_from_its_pool() -> None:
    text = "## Fragenpool: P {draw=2}\n\n### Frage: A {#a}\n\n___\n\n### Frage: B {#b}\n\n- ( ) a\n"
    assert [problem.code for problem in read_questions(text).problems] == ["E302"]


def test_all_problems_are_reported_not_the_first_only() -> None:
    text = "## Frage: A {#A points=x}\n\n- ( ) a\n- ( )\n\n## Frage: B {#b}\n\nText\n"
    codes = [(problem.code, problem.line) for problem in read_questions(text).problems]
    assert codes == [("E302", 1), ("E203", 1), ("E205", 1), ("E306", 4), ("E304", 6)]


def test_lines_count_from_where_the_text_was_cut() -> None:
    read = read_questions("## Frage: A {#A}\n\n- (x) a\n- ( ) b\n", first_line=41)
    assert [problem.line for problem in read.problems] == [41]
    (question,) = read.questions.questions
    assert (question.first_line, question.end_line) == (41, 45)
    assert question.answer.options[1].text.line == 44  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("[[]]", "empty"),
        ("[[(a)|(b)]]", "several"),
        ("[[(a)]]", "lonely"),
        ("[[a", "open"),
        ("[[a [[b]]", "nested"),
        ("[x [[a]]](https://beispiel.de)", "link"),
        ("![[[a]]](a.svg)", "image"),
        ("[[a]]\n\n- ! [[b]]", "feedback"),
    ],
)
def test_a_gap_says_what_is_wrong_with_it(body: str, reason: str) -> None:
    problems = read_questions(f"## Frage: Was? {{#was}}\n\n{body}\n").problems
    assert reason in [problem.parameters["reason"] for problem in problems if problem.code == "E309"]

"""The two hashes of a question, its JSON, and changes to all its passages."""

import json
from dataclasses import replace

import pytest

from quizzes.canonical import from_json, key_revision, revision, to_json, with_passages
from quizzes.parse import read_questions
from quizzes.questions import Passage, Question

CHOICE = """\
## Frage: Was *gehört* in eine "Anhörung"? {#anhoerung points=2 must}

Wählen Sie **alle** Punkte.

- eins
- zwei

* [x] der Sachverhalt
  > Richtig.
* [ ] das Passwort
* [ ] die Bankverbindung

> [!TIP]
> Ein Hinweis.

> § 24 SGB X.
"""


def read_one(text: str) -> Question:
    (question,) = read_questions(text).questions.questions
    return question


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Wählen Sie **alle** Punkte.", "  Wählen   Sie\n__alle__ Punkte."),
        ("* [", "+ ["),
        ("- eins\n- zwei", "+ eins\n\n+ zwei"),
        ("* [ ] das Passwort", "* [ ]   das   Passwort"),
        ("\n> [!TIP]\n> Ein Hinweis.\n", "\n\n\n> [!tip]\n>   Ein\n> Hinweis.\n\n"),
        ("{#anhoerung points=2 must}", "{must   punkte=2,0 #anhoerung}"),
        ("#anhoerung ", "#anderer-name "),
        ("## Frage:", "#### Question:"),
        ('"Anhörung"', "„Anhörung“"),
        ("*gehört*", "_gehört_"),
    ],
)
def test_what_changes_no_meaning_changes_no_revision(before: str, after: str) -> None:
    assert before in CHOICE
    changed = read_one(CHOICE.replace(before, after))
    assert revision(changed) == revision(read_one(CHOICE))
    assert key_revision(changed) == key_revision(read_one(CHOICE))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("*gehört*", "**gehört**"),
        ("alle", "einige"),
        ("der Sachverhalt", "den Sachverhalt"),
        ("> Richtig.", "> Stimmt."),
        ("Ein Hinweis.", "Kein Hinweis."),
        ("§ 24", "§ 25"),
        ("must}", "refresh}"),
        ("must}", "must objective=fristen}"),
        ("must}", "must about=#frist}"),
        ("must}", "must shuffle=no}"),
    ],
)
def test_text_changes_the_revision_but_not_the_key(before: str, after: str) -> None:
    changed = read_one(CHOICE.replace(before, after))
    assert revision(changed) != revision(read_one(CHOICE))
    assert key_revision(changed) == key_revision(read_one(CHOICE))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("points=2", "points=3"),
        ("must}", "must partial=no}"),
        ("must}", "before}"),
        ("[ ] das", "[x] das"),
        ("* [ ] die Bankverbindung\n", ""),
        ("* [x] der Sachverhalt\n  > Richtig.\n* [ ] das Passwort", "* [ ] das Passwort\n* [x] der Sachverhalt"),
    ],
)
def test_what_scoring_needs_changes_the_key(before: str, after: str) -> None:
    changed = read_one(CHOICE.replace(before, after))
    assert revision(changed) != revision(read_one(CHOICE))
    assert key_revision(changed) != key_revision(read_one(CHOICE))


@pytest.mark.parametrize(
    ("one", "other", "is_same_key"),
    [
        ("- = a\n- = b", "- = b\n- = a", True),
        ("- = a\n- = b", "- = a\n- = b\n- ! c\n  > Nein.", True),
        ("- = a", "- = a\n- = b", False),
        ("- = ...a", '- = "...a"', False),
        ("- = a", '- = "a"', True),
        ("- = 5 ± 1", "- = 4 bis 6", True),
        ("- = 5", "- = 5,00", True),
        ("- = 5 ± 1", "- = 5 ± 2", False),
        ("- = 5 €", "- = 5 Tage", False),
        ("- a -> b\n- c -> d", "- a -> x\n- c -> y", True),
        ("- a -> b\n- c -> d", "- a -> b\n- c -> b", False),
        ("- a -> b\n- c -> d", "- a -> b\n- c -> d\n- -> e", False),
        ("1. a\n2. b\n3. c", "1. x\n2. y\n3. z", True),
        ("1. a\n2. b\n3. c", "1. a\n2. b\n3. c\n\n- = 2 vor 1", False),
        ("1. a\n2. b\n3. c", "1. a\n2. b\n3. c\n\n- ! 2 vor 1", True),
        ("[[a|b]] [[(c)|d]]", "Ein [[b|a]] und [[(x)|y]]", True),
        ("[[(c)|d]]", "[[c|(d)]]", False),
        ("[[a]]", "[[a]] [[b]]", False),
        ("___", "Text\n\n___", True),
        ("- (x) ja\n- ( ) nein", "- [x] ja\n- [ ] nein", False),
    ],
)
def test_the_key_of_each_kind_is_what_its_scoring_needs(one: str, other: str, is_same_key: bool) -> None:
    first, second = (read_one(f"## Frage: Was? {{#was}}\n\n{body}\n") for body in (one, other))
    assert (key_revision(first) == key_revision(second)) is is_same_key


def test_case_is_part_of_the_key_of_typed_answers_only() -> None:
    for body, changes in (("- = a", True), ("[[a]]", True), ("- (x) a\n- ( ) b", False)):
        plain = read_one(f"## Frage: Was? {{#was}}\n\n{body}\n")
        exact = read_one(f"## Frage: Was? {{#was case=yes}}\n\n{body}\n")
        assert (key_revision(plain) != key_revision(exact)) is changes


def test_hashes_are_twelve_hexadecimal_digits_and_stable() -> None:
    question = read_one(CHOICE)
    assert (revision(question), key_revision(question)) == (revision(read_one(CHOICE)), key_revision(question))
    assert len(revision(question)) == len(key_revision(question)) == 12
    assert int(revision(question), 16) >= 0


def test_a_question_made_by_hand_has_the_revision_of_the_same_text() -> None:
    question = read_one(CHOICE)
    by_hand = with_passages(question, lambda passage: Passage(passage.source))
    assert revision(by_hand) == revision(question)
    assert key_revision(by_hand) == key_revision(question)


def test_json_keeps_rendered_pieces_and_canonical_text() -> None:
    question = with_passages(read_one(CHOICE), lambda passage: replace(passage, pieces=(f"<p>{passage.source}</p>",)))
    back = from_json(json.loads(json.dumps(to_json(question))))
    assert back == question
    assert back.stem.html == question.stem.html
    assert revision(back) == revision(question)
    assert (back.keyword, back.level) == (question.keyword, question.level)


def test_every_passage_is_changed() -> None:
    texts = [
        CHOICE,
        "## Frage: Was? {#a}\n\n- = a\n  > Eins.\n- ! b\n  > Zwei.\n- = richtig\n  > Drei.\n- ! sonst\n  > Vier.\n",
        "## Frage: Was? {#b}\n\n- a -> b\n  > Eins.\n- c -> d\n- -> e\n- ! sonst\n  > Vier.\n",
        "## Frage: Was? {#c}\n\n1. a\n2. b\n3. c\n\n- = 2 vor 1\n  > Eins.\n- ! 3 vor 1\n  > Zwei.\n",
        "## Frage: Was? {#d}\n\n[[a]]\n\n- ! 1: b\n  > Eins.\n\n> Erklärung\n",
        "## Frage: Was? {#e}\n\nText\n\n___\n",
        "## Frage: Was? {#f}\n\n- = 5\n  > Eins.\n",
    ]
    for text in texts:
        seen: list[str] = []

        def noted(passage: Passage, seen: list[str] = seen) -> Passage:
            seen.append(passage.source)
            return replace(passage, source=passage.source.upper())

        changed = with_passages(read_one(text), noted)
        again: list[str] = []
        with_passages(changed, lambda passage, again=again: again.append(passage.source) or passage)  # type: ignore[misc]
        assert again == [source.upper() for source in seen]
        assert len(seen) >= 3 or "___" in text or "= 5" in text

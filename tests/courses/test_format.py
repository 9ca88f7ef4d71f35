"""`impuls fmt` on files: ids, canonical questions, nothing lost, nothing else touched."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.format import FormattedFile, format_course, free_id
from tests.courses.checking import COURSE, MemoryBundle, check, lesson, read

HEAD = "---\nid: ablauf\ntitle: Ablauf\n---\n\n"
CHOICE = "- ( ) weiß nicht\n- (x) doch\n"


def formatted(text: str | bytes, path: str = "01-ablauf.md", **files: str) -> bytes:
    """The file after formatting; as it was when nothing changes."""
    data = text.encode() if isinstance(text, str) else text
    changed = {file.path: file.data for file in format_course(MemoryBundle({"course.md": COURSE, path: data, **files}))}
    return changed.get(path, data)


def body(text: str) -> str:
    """The body of a formatted module."""
    return formatted(HEAD + text).decode().removeprefix(HEAD)


def test_a_file_in_order_is_left_alone() -> None:
    assert format_course(MemoryBundle({"course.md": COURSE, "01-ablauf.md": lesson()})) == ()


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("## Frage: Was gilt für Größen?", "## Frage: Was gilt für Größen? {#was-gilt-fuer-groessen}"),
        ("### Frage 3: Was nun? {points=2}", "### Frage 3: Was nun? {#was-nun points=2}"),
        ("## Frage: Was nun? {punkte=2 must}", "## Frage: Was nun? {#was-nun punkte=2 must}"),
        ("## Frage: Was nun? ##", "## Frage: Was nun? {#was-nun} ##"),
        ("## Question: Why?   ", "## Question: Why? {#why}"),
    ],
)
def test_a_missing_id_is_made_of_the_heading(heading: str, expected: str) -> None:
    assert body(f"{heading}\n\n{CHOICE}") == f"{expected}\n\n{CHOICE}"


def test_ids_are_unique_in_the_course_and_differ_from_sections() -> None:
    text = f"## Was nun\n\nText.\n\n## Frage: Was nun?\n\n{CHOICE}\n## Frage: Was nun?\n\n{CHOICE}"
    assert [line for line in body(text).splitlines() if "Frage" in line] == [
        "## Frage: Was nun? {#was-nun-2}",
        "## Frage: Was nun? {#was-nun-3}",
    ]


def test_a_long_heading_gives_a_short_id() -> None:
    assert (
        free_id("Ein Wort und noch ein Wort und noch ein drittes Wort am Ende", set())
        == "ein-wort-und-noch-ein-wort-und-noch-ein"
    )
    assert len(free_id("x" * 60, {"x" * 40})) == 40


def test_a_module_without_id_gets_that_of_its_file() -> None:
    assert formatted("---\ntitle: Ablauf\n---\n\nText.\n") == b"---\nid: ablauf\ntitle: Ablauf\n---\n\nText.\n"
    assert formatted("Nur Text.\n") == b"Nur Text.\n"


def test_questions_get_their_canonical_form() -> None:
    loose = "## Frage: A {#a}\n\n*  ( ) eins\n> Nein.\n*  (X) zwei\n   > Ja.\n\n\n> Weil.\n"
    assert body(loose) == "## Frage: A {#a}\n\n- ( ) eins\n  > Nein.\n- (x) zwei\n  > Ja.\n\n> Weil.\n"


def test_prose_and_blank_lines_around_questions_stay_byte_for_byte() -> None:
    prose = "Erste  Zeile  \nzweite\tZeile\n\n\n* Punkt\n+ Punkt\n\n"
    text = f"{prose}## Frage: A {{#a}}\n\n* (x) eins\n* ( ) zwei\n\n\n\n---\n\n{prose}"
    expected = f"{prose}## Frage: A {{#a}}\n\n- (x) eins\n- ( ) zwei\n\n\n\n---\n\n{prose}"
    assert body(text) == expected


def test_the_order_of_feedback_lines_is_the_authors() -> None:
    text = "## Frage: A {#a}\n\n1. a\n2. b\n3. c\n\n- = richtig\n  > Ja.\n- ! 2 vor 1\n  > Nein.\n"
    assert body(text) == text


def test_windows_line_ends_stay() -> None:
    text = (HEAD + "Text.\n\n## Frage: A\n\n* (x) eins\n* ( ) zwei\n").replace("\n", "\r\n").encode()
    expected = (HEAD + "Text.\n\n## Frage: A {#a}\n\n- (x) eins\n- ( ) zwei\n").replace("\n", "\r\n").encode()
    assert formatted(text) == expected


def test_a_byte_order_mark_goes() -> None:
    mark = b"\xef\xbb\xbf"
    assert formatted(mark + (HEAD + "Text.\n").encode()) == (HEAD + "Text.\n").encode()
    files = MemoryBundle({"course.md": mark + COURSE.encode(), "01-a.md": HEAD, "glossary.md": mark + b"A\n: B\n"})
    assert format_course(files) == (
        FormattedFile("course.md", COURSE.encode()),
        FormattedFile("glossary.md", b"A\n: B\n"),
    )


@pytest.mark.parametrize(
    "section",
    [
        "* (x) eins\n* ( ) zwei\n\n<!-- Notiz der Autorin -->\n",
        "* (x) eins\n* ( ) zwei\n\n[ziel]: https://example.org\n",
    ],
)
def test_a_question_that_would_lose_something_only_gets_its_id(section: str) -> None:
    assert body(f"## Frage: A\n\n{section}") == f"## Frage: A {{#a}}\n\n{section}"


def test_what_cannot_be_read_is_left_alone() -> None:
    data = HEAD.encode() + b"\xff\xfe## Frage: A\n\n* (x) eins\n* ( ) zwei\n"
    assert formatted(data) == data
    assert format_course(MemoryBundle({"01-a.md": "Text."})) == ()


def test_a_question_that_cannot_be_understood_is_left_alone() -> None:
    text = "## Frage: A\n\n* (x) eins\n* () zwei\n"
    assert body(text) == text


def test_underlined_questions_only_get_what_they_can() -> None:
    text = "Frage: A\n---\n\n* (x) eins\n* ( ) zwei\n"
    assert body(text) == text


blocks = st.sampled_from(
    [
        "Ein Absatz mit `Code`.\n",
        "## Abschnitt\n",
        "## Frage: Was nun?\n\n* (x) eins\n* ( ) zwei\n",
        "## Frage: Was nun? {punkte=2}\n\n- [x] a\n> Rückmeldung.\n- [ ] b\n- [ ] c\n\n> Erklärung.\n",
        "### Frage: Wie viele?\n\n+ = 4 bis 5 Tage\n",
        "## Frage: Ergänze.\n\nEs fehlt [[Wort|Wörter]] hier.\n",
        "## Frage: Folge?\n\n1) a\n2) b\n3) c\n",
        "## Frage: Paare?\n\n* a → b\n* c -> d\n",
        "## Frage: Frei?\n\n___\n\n> Muster.\n",
        "<!-- Notiz -->\n",
        "- [ ] Punkt\n- [x] Punkt\n",
    ]
)


@given(st.lists(blocks, max_size=6))
@settings(max_examples=60, deadline=None)
def test_formatting_twice_changes_nothing_and_no_word_is_lost(parts: list[str]) -> None:
    text = HEAD + "\n".join(parts)
    once = formatted(text)
    assert formatted(once) == once
    before, _, _ = read({"01-ablauf.md": text})
    after, _, _ = read({"01-ablauf.md": once})
    old, new = before.modules[0].document.questions.questions, after.modules[0].document.questions.questions
    assert [(q.heading, q.stem, q.answer, q.explanation) for q in old] == [
        (q.heading, q.stem, q.answer, q.explanation) for q in new
    ]
    assert all(question.id for question in new)
    codes = {problem.code for problem in check(files={"01-ablauf.md": once})}
    assert not {"W201", "E202", "E129"} & codes

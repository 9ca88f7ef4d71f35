"""Pictures, films, tables, headings, links, colours and HTML: each finding at its line and column."""

import pytest

from courses.check.references import similar_path
from quizzes.problems import Problem
from tests.courses.checking import check, lesson, place_of, places, with_question, with_text

MEDIA = {"media/ablauf.svg": "<svg/>", "media/gespraech.mp4": b"film", "media/ton.mp3": b"ton"}


def found(text: str, **files: str) -> list[tuple[str, int, int]]:
    return places(check(with_text(text), files={**MEDIA, **files}))


def at(text: str, words: str) -> tuple[int, int]:
    return place_of(with_text(text), words)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Text davor ![](media/ablauf.svg) danach.", "E110"),
        ("Text davor ![ablauf.svg](media/ablauf.svg) danach.", "W114"),
        (f"Text davor ![{'Langer Text ' * 20}](media/ablauf.svg) danach.", "W114"),
    ],
)
def test_a_picture_says_what_it_shows(text: str, code: str) -> None:
    assert found(text) == [(code, *at(text, "!["))]


def test_decoration_and_good_alternatives_are_fine() -> None:
    assert found("Davor ![](media/ablauf.svg){.decorative} und ![Drei Kästchen mit Pfeilen](media/ablauf.svg).") == []


def test_a_picture_on_a_later_line_of_its_paragraph_is_named_there() -> None:
    text = "Erste Zeile\nzweite Zeile\n![](media/ablauf.svg) dritte"
    assert found(text) == [("E110", *at(text, "![]"))]


def test_pictures_in_questions_are_checked() -> None:
    module = with_question("zahl", "An zwei Tagen", "![](media/ablauf.svg) An zwei Tagen")
    assert places(check(module, files=MEDIA)) == [("E110", *place_of(module, "![]"))]


@pytest.mark.parametrize(
    "target", ["media/fehlt.svg", "media/Ablauf.svg", "../geheim.svg", "/media/ablauf.svg", "ablauf.svg"]
)
def test_a_file_that_is_not_in_the_course_is_reported(target: str) -> None:
    text = f"Siehe [den Ablauf als Bild]({target}) dazu."
    assert [code for code, *_ in found(text)] == ["E111"]


def test_a_file_in_other_case_is_suggested() -> None:
    assert similar_path("media/Ablauf.svg", MEDIA) == "media/ablauf.svg"
    assert similar_path("media/ablauf.png", MEDIA) == "media/ablauf.svg"
    assert similar_path("ganz/anders.pdf", MEDIA) == ""


def test_links_to_modules_and_encoded_names_are_found() -> None:
    text = "Siehe [das Modul zum Ablauf](01-ablauf.md) und [das Blatt mit Leerzeichen](media/ein%20blatt.pdf)."
    assert found(text, **{"media/ein blatt.pdf": "x"}) == []


def test_a_film_needs_captions_and_a_transcript() -> None:
    text = "[Film: Das Erstgespräch](media/gespraech.mp4)"
    line, column = at(text, "gespraech.mp4")
    assert found(text) == [("E112", line, column), ("W113", line, column)]
    assert found(text, **{"media/gespraech.de.vtt": "WEBVTT", "media/gespraech.de.md": "Text"}) == []


def test_sound_needs_a_transcript_only() -> None:
    text = "[Ton: Das Telefonat](media/ton.mp3)"
    assert found(text) == [("W113", *at(text, "ton.mp3"))]


def test_a_diagram_as_text_needs_an_alternative() -> None:
    text = "```mermaid\ngraph TD\n```"
    assert found(text) == [("E115", *at(text, "mermaid"))]
    assert found("```mermaid Vom Anruf zum Termin in drei Schritten\ngraph TD\n```") == []


def test_a_drawing_also_stands_as_a_table_or_list() -> None:
    text = "## Nur ein Bild\n\n![Drei Kästchen](media/ablauf.svg)\n"
    problems = check(lesson(content=lesson_content(text)), files=MEDIA)
    assert [problem.code for problem in problems] == ["W145"]
    assert check(lesson(content=lesson_content(text + "\n- Anruf\n- Termin\n")), files=MEDIA) == []


def lesson_content(text: str) -> str:
    from tests.courses.checking import SENTENCE

    return "\n".join(f"## Abschnitt {name}\n\n{SENTENCE * 24}\n" for name in "ABC") + f"\n{text}"


@pytest.mark.parametrize(
    ("text", "code", "words", "element"),
    [
        ("Das ist <b>fett</b> gesagt.", "E116", "<b>", "b"),
        ("Davor.\n\n<div>\nBlock\n</div>\n\nDanach.", "E116", "<div>", "div"),
        ("Ein <script>alert(1)</script> hier.", "E116", "<script>", "script"),
        ("Guten Tag, <Name>, bitte.", "W147", "<Name>", "Name"),
        ("Mitten <!-- Notiz --> im Satz.", "E116", "<!--", "!--"),
    ],
)
def test_html_is_reported_and_placeholders_are_told_apart(text: str, code: str, words: str, element: str) -> None:
    problems = [problem for problem in check(with_text(text)) if problem.code in ("E116", "W147")]
    assert (problems[0].code, problems[0].line, problems[0].parameters["element"]) == (
        code,
        at(text, words)[0],
        element,
    )


@pytest.mark.parametrize(
    "text",
    ["Drei < vier und <https://example.org>.", "`<b>` ist HTML.", "<!-- Notiz -->\n\nText.", "    <b>Programm</b>"],
)
def test_what_is_no_html_is_left_alone(text: str) -> None:
    assert not {"E116", "W147"} & {code for code, *_ in found(text)}


def test_levels_of_headings_are_not_skipped() -> None:
    text = "#### Zu tief\n\nText."
    assert found(text) == [("W117", at(text, "####")[0], 1)]


def test_there_is_no_second_title() -> None:
    module = lesson(case="# Noch ein Titel\n\nText.\n\n> **Fall:** Die Leitung führt ein Programm ein.\n")
    assert ("W117", 7, 1) in places(check(module))


@pytest.mark.parametrize("words", ["hier", "Hier klicken!", "mehr", "Link", "click here"])
def test_a_link_says_where_it_leads(words: str) -> None:
    text = f"Siehe [{words}](01-ablauf.md)."
    assert found(text) == [("W118", *at(text, words))]


def test_a_link_out_of_the_course_is_reported_once_a_host_except_among_sources() -> None:
    text = "Siehe [das Portal](https://example.org/a) und [die Seite](https://example.org/b)."
    assert found(text) == [("W119", *at(text, "example.org"))]
    source = "- [Handbuch](https://example.org/handbuch) (Standard)\n"
    from tests.courses.checking import PARTS

    assert check(lesson(sources=PARTS["sources"].replace("- SGB X (Gesetz)\n", f"- SGB X (Gesetz)\n{source}"))) == []


def test_a_picture_from_outside_is_reported() -> None:
    text = "Davor ![Ein Bild](https://example.org/bild.png) danach."
    assert found(text) == [("W119", *at(text, "example.org"))]


def test_mail_and_telephone_lead_nowhere_else() -> None:
    assert found("Schreiben Sie [der Leitung](mailto:leitung@example.org) oder [rufen Sie an](tel:110).") == []


def test_other_kinds_of_addresses_are_not_linked() -> None:
    text = "Siehe [das alte Portal](http://example.org)."
    assert found(text) == [("W150", *at(text, "http://example.org"))]


def test_a_table_has_a_heading_for_each_column() -> None:
    text = "| Nr. |   |\n|---|---|\n| 1 | Anruf |"
    assert found(text) == [("W120", at(text, "| Nr.")[0], 1)]
    assert found("|   | Anruf |\n|---|---|\n| Montag | 12 |") == []


def test_a_table_has_six_columns_at_most() -> None:
    text = "| A | B | C | D | E | F | G |\n|---|---|---|---|---|---|---|\n| 1 | 2 | 3 | 4 | 5 | 6 | 7 |"
    assert found(text) == [("W143", at(text, "| A")[0], 1)]


@pytest.mark.parametrize("words", ["rot markiert", "grünen Kästchen", "blaue Linie", "marked in red"])
def test_colour_is_never_the_only_sign(words: str) -> None:
    text = f"Achten Sie auf alles, was {words} ist."
    assert found(text) == [("W144", *at(text, words))]


def test_a_large_file_is_reported_at_the_file() -> None:
    problems = check(lesson(), files=MEDIA, sizes={"media/gespraech.mp4": 60 * 1024 * 1024})
    assert problems == [
        Problem("W121", 1, 1, {"target": "media/gespraech.mp4", "size": 60, "limit": 50}, "media/gespraech.mp4")
    ]


def test_the_description_of_the_course_is_checked_too() -> None:
    from tests.courses.checking import COURSE

    problems = check(lesson(), files={"course.md": COURSE + "\nSiehe [hier](media/fehlt.pdf).\n"})
    assert [(problem.code, problem.path) for problem in problems] == [("W118", "course.md"), ("E111", "course.md")]


def test_translations_are_checked_and_may_show_the_captions_of_their_source() -> None:
    from tests.courses.checking import COURSE

    film = "Text.\n\n[Film: Das Gespräch](media/gespraech.mp4)\n"
    english = "---\ntitle: A course\n---\n\n[The film: the talk](media/gespraech.mp4) and ![](media/ablauf.svg).\n"
    captions = {"media/gespraech.de.vtt": "WEBVTT", "media/gespraech.de.md": "Text"}
    problems = check(lesson(), files={**MEDIA, **captions, "course.md": COURSE + film, "en/course.md": english})
    found = [(problem.code, problem.path, problem.line) for problem in problems if problem.code.startswith("E1")]
    assert found == [("E110", "en/course.md", 5)]

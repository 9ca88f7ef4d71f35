"""What the parts of a module are for: headings that announce a role, quotes that are boxes."""

import pytest

from courses.markdown.outline import BoxRole, boxes, sections
from courses.markdown.sections import SectionRole, role_of
from quizzes.notation import question_markdown


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("Der Fall", SectionRole.CASE),
        ("Ihr Ziel", SectionRole.GOAL),
        ("Beispiel: Wunschtermin", SectionRole.EXAMPLE),
        ("Beispiel für eine Terminvergabe", SectionRole.EXAMPLE),
        ("Jetzt Sie", SectionRole.EXERCISE),
        ("Transferaufgabe (45 Minuten)", SectionRole.TRANSFER),
        ("Arbeitshilfe: Sieben Fragen", SectionRole.JOB_AID),
        ("Quellen und Stand", SectionRole.SOURCES),
        ("Fragen zum Modul", SectionRole.QUESTIONS),
        ("Fragen (5)", SectionRole.QUESTIONS),
        ("Your turn", SectionRole.EXERCISE),
    ],
)
def test_a_heading_announces_what_its_section_is_for(title: str, role: SectionRole) -> None:
    assert role_of(title) is role


@pytest.mark.parametrize(
    "title",
    [
        "Fallzahlen lesen",
        "Fragen, mitgehen, zählen",
        "Ziel und Zweck trennen",
        "Ziel-Gruppe",
        "Beispiele",
        "Quellenarbeit",
    ],
)
def test_a_heading_that_only_begins_alike_is_content(title: str) -> None:
    assert role_of(title) is SectionRole.CONTENT


def test_questions_and_deeper_headings_open_no_section() -> None:
    source = (
        "Vorweg.\n\n## Der Fall\n\n### Tiefer\n\nText.\n\n## Frage: Was? {#a before}\n\n___\n\n## Ihr Ziel\n\nText.\n"
    )
    found = sections(question_markdown().parse(source, {"language": "de"}))
    assert [(section.role, section.title, section.line) for section in found] == [
        (None, "", 1),
        (SectionRole.CASE, "Der Fall", 3),
        (SectionRole.GOAL, "Ihr Ziel", 13),
    ]
    assert "question" in [token.type for token in found[1].tokens]


def test_a_text_without_headings_is_all_opening() -> None:
    (section,) = sections(question_markdown().parse("Nur Text.", {}))
    assert section.role is None


def test_boxes_are_told_by_their_label() -> None:
    source = (
        "> **Häufiger Fehler:** Text.\n\n> **Ohne Zurückblättern:** Was?\n\n> **Mögliche Lösung:** Das.\n\n"
        "> **Merksatz:** Kurz.\n\n> Nur ein Zitat.\n\n- Punkt\n\n  > **Fall:** Innen.\n"
    )
    found = list(boxes(question_markdown().parse(source, {})))
    assert [(box.role, box.line) for box in found] == [
        (BoxRole.MISTAKE, 1),
        (BoxRole.RECALL, 3),
        (BoxRole.SOLUTION, 5),
        (BoxRole.OTHER, 7),
        (BoxRole.CASE, 13),
    ]

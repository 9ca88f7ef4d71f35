"""Running text as checks and reading times see it: blocks, sentences, words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from courses.markdown.sentences import PLACEHOLDER, Block, Place, blocks, count_words, sentences


def split(text: str, language: str = "de") -> list[str]:
    return [sentence.text for sentence in sentences(Block(Place.PARAGRAPH, text, 1), language=language)]


@pytest.mark.parametrize(
    "text",
    [
        "Das gilt z. B. Montags und auch z.B. Dienstags.",
        "Maßgeblich ist § 84 Abs. 1 Satz 1 Nr. 2 SGG in der geltenden Fassung.",
        "Sie zahlt bzw. Herr Kaya zahlt.",
        "Der Bescheid vom 3. November 2026 liegt vor.",
        "Am 3. Tag kommt Post.",
        "Frau Dr. Yilmaz und Prof. Brandt sprechen mit J. Weber.",
        "Es dauert ca. Zehn Minuten, d. h. Eine Pause.",
        "Vgl. Art. 6 Abs. 1 Buchst. e der Verordnung.",
        "Fragen Sie: Was fehlt",
        "Im Text steht … und es geht weiter.",
    ],
)
def test_an_abbreviation_or_an_ordinal_does_not_end_a_german_sentence(
    text: str,
) -> None:
    assert split(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Erst fragen. Dann zählen!", ["Erst fragen.", "Dann zählen!"]),
        (
            "„Was fehlt? Was ist anders?“ So fragen Sie.",
            ["„Was fehlt?", "Was ist anders?“", "So fragen Sie."],
        ),
        (
            "Die Liste steht in Schritt 3. Danach folgt der Brief.",
            ["Die Liste steht in Schritt 3.", "Danach folgt der Brief."],
        ),
        ("Auf diese Art. Danach mehr.", ["Auf diese Art.", "Danach mehr."]),
        (
            "Stifte, Papier usw. Alles liegt bereit.",
            ["Stifte, Papier usw.", "Alles liegt bereit."],
        ),
        ("Es gilt SGB II. Fragen Sie nach.", ["Es gilt SGB II.", "Fragen Sie nach."]),
    ],
)
def test_sentences_end_where_a_reader_pauses(text: str, expected: list[str]) -> None:
    assert split(text) == expected


def test_english_numbers_end_a_sentence() -> None:
    assert split("Go to step 2. Then wait.", "en") == ["Go to step 2.", "Then wait."]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Der Wenn-dann-Plan kostet 1.006,00 €.", 4),
        ("§ 84 SGG", 2),
        ("– …", 0),
        (f"Siehe {PLACEHOLDER} dort", 3),
    ],
)
def test_words_are_counted_as_a_reader_counts_them(text: str, words: int) -> None:
    assert count_words(text) == words


@given(st.text(max_size=200))
def test_splitting_loses_no_word_and_keeps_its_places(text: str) -> None:
    block = Block(Place.PARAGRAPH, text, 1)
    found = sentences(block)
    assert "".join("".join(s.text for s in found).split()) == "".join(text.split())
    assert all(text[s.start :].startswith(s.text) for s in found)


def test_blocks_know_their_place_and_the_line_of_each_character() -> None:
    source = "# Titel\n\nErste Zeile\nzweite `code` Zeile\n\n- Punkt\n\n| Kopf |\n|---|\n| Zelle |\n"
    found = list(blocks(MarkdownIt("commonmark").enable("table").parse(source)))
    assert [(b.place, b.line) for b in found] == [
        (Place.HEADING, 1),
        (Place.PARAGRAPH, 3),
        (Place.ITEM, 6),
        (Place.CELL, 8),
        (Place.CELL, 10),
    ]
    paragraph = found[1]
    assert paragraph.text == f"Erste Zeile zweite {PLACEHOLDER} Zeile"
    assert paragraph.line_at(paragraph.text.index("zweite")) == 4
    assert paragraph.line_at(0) == 3


def test_addresses_and_pictures_are_no_prose() -> None:
    source = "Siehe <https://example.org/in_n> oder www.example.org/a:innen und ![Bild](a.png) mehr."
    (block,) = blocks(MarkdownIt("commonmark").parse(source))
    assert "example" not in block.text
    assert block.text.endswith("mehr.")

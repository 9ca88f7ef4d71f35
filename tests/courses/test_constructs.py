"""Every construct of the course format, as the HTML that the style sheet expects."""

import pytest

from courses.course import Term
from courses.markdown.terms import read_terms
from courses.segments import Heading, LocalEntry
from tests.courses.samples import document, html_of, is_valid, rendered

FILES = {
    "media/ablauf.svg": b"<svg/>",
    "media/gespraech.mp4": b"film",
    "media/gespraech.de.vtt": b"WEBVTT",
    "media/gespraech.en.vtt": b"WEBVTT",
    "media/gespraech.de.md": b"---\ntitle: x\n---\n# Szene\n\nFrau Kaya: **Guten Tag.**\n",
    "media/ton.mp3": b"ton",
    "media/ton.en.md": b"Hello.",
    "media/vordruck.pdf": b"x" * 3_400,
    "media/karte.xlsx": b"x" * 1_449_000,
    "media/notiz.md": b"Notiz",
}


def html(text: str, **course: object) -> str:
    made = html_of(rendered(text, files=FILES, **course))
    assert is_valid(made)
    return made


@pytest.mark.parametrize(
    ("kind", "word", "classes", "icon"),
    [
        ("NOTE", "Hinweis", "callout", "info"),
        ("TIP", "Tipp", "callout", "help"),
        ("IMPORTANT", "Wichtig", "callout", "warning"),
        ("WARNING", "Achtung", "callout callout--soon", "warning"),
        ("CAUTION", "Vorsicht", "callout callout--late", "danger"),
    ],
)
def test_an_alert_is_a_callout_with_its_german_word(kind: str, word: str, classes: str, icon: str) -> None:
    assert html(f"> [!{kind}]\n> Mischen Sie *nicht*.") == (
        f'<div class="{classes}"><span class="kern-icon kern-icon--{icon}" aria-hidden="true"></span>'
        f'<p class="callout__title">{word}</p><p>Mischen Sie <em>nicht</em>.</p>\n</div>\n'
    )


def test_a_callout_speaks_the_language_of_its_text() -> None:
    assert '<p class="callout__title">Note</p>' in html("> [!NOTE]\n> Mind this.", language="en")
    assert '<p class="callout__title">Hinweis</p>' in html("> [!NOTE]\n> Leicht.", language="de-simple")
    assert '<p class="callout__title">Note</p>' in html("> [!NOTE]\n> Увага.", language="uk")


def test_a_quote_with_a_bold_label_is_a_named_box() -> None:
    assert html("> **Häufiger Fehler:** Frau Brandt diktiert.\n>\n> Fragen Sie.") == (
        '<div class="box"><p class="box__label">Häufiger Fehler</p><p>Frau Brandt diktiert.</p>\n'
        "<p>Fragen Sie.</p>\n</div>\n"
    )


def test_the_label_of_a_box_may_stand_on_a_line_of_its_own() -> None:
    expected = '<div class="box"><p class="box__label">Fall</p><p>Frau Kaya ruft an.</p>\n</div>\n'
    assert html("> **Fall:**\n> Frau Kaya ruft an.") == expected
    assert html("> **Fall:**\n>\n> Frau Kaya ruft an.") == expected


@pytest.mark.parametrize(
    "quote", ["> **Wichtig** ist das.", "> Wichtig: **das**", "> **:** leer", "> - **Fall:** Liste", ">"]
)
def test_any_other_quote_stays_a_quote(quote: str) -> None:
    assert html(quote).startswith("<blockquote>")


def test_a_recall_box_takes_in_the_solution_below_it() -> None:
    made = html("> **Ohne Zurückblättern:** Welche vier?\n\n> **Mögliche Lösung:** Auslöser und Ergebnis.\n\nWeiter.")
    assert made == (
        '<div class="recall" role="group" aria-labelledby="abruf-1"><p class="recall__label" id="abruf-1">'
        '<span class="kern-icon kern-icon--visibility-off" aria-hidden="true"></span>Ohne Zurückblättern</p>'
        '<p>Welche vier?</p>\n<details class="reveal"><summary>Antwort vergleichen</summary>'
        "<p>Auslöser und Ergebnis.</p>\n</details>\n</div>\n<p>Weiter.</p>\n"
    )


def test_a_recall_box_without_solution_leaves_the_next_quote_alone() -> None:
    made = html("> **Ohne Zurückblättern:** Welche?\n\n> Zitat\n\n> **Ohne Zurückblättern:** Und?")
    assert 'id="abruf-2"' in made
    assert "<blockquote>" in made
    assert "<details" not in made


def test_a_solution_alone_is_folded_under_its_own_name() -> None:
    made = html("> **Mögliche Lösung:**\n> 1. Klären\n> 2. Suchen")
    assert made.startswith('<details class="reveal"><summary>Mögliche Lösung</summary><ol>')


def test_an_image_alone_is_a_figure_with_its_caption() -> None:
    assert html('![Ablauf in „drei“ Schritten](media/ablauf.svg "Der Ablauf")') == (
        '<figure><img src="/kurse/fristen/medien/media/ablauf.svg" alt="Ablauf in „drei“ Schritten">'
        "<figcaption>Der Ablauf</figcaption></figure>\n"
    )


def test_a_figure_without_title_has_no_caption_and_an_image_in_text_is_no_figure() -> None:
    assert "figcaption" not in html("![Ablauf](media/ablauf.svg)")
    assert html("Siehe ![Ablauf](media/ablauf.svg) hier.").startswith("<p>Siehe <img ")


def test_a_decorative_image_is_silent() -> None:
    assert (
        html("![](media/ablauf.svg){.decorative}")
        == '<p><img src="/kurse/fristen/medien/media/ablauf.svg" alt=""></p>\n'
    )


@pytest.mark.parametrize("source", ["media/fehlt.png", "https://example.org/x.png", "/etc/passwd", "../geheim.png", ""])
def test_an_image_that_the_course_does_not_bring_is_named_instead(source: str) -> None:
    made = html(f"![Ein Bild](<{source}>)")
    assert '<span class="missing">Bild fehlt: Ein Bild</span>' in made
    assert "<img" not in made


def test_a_film_has_captions_a_transcript_and_no_autoplay() -> None:
    made = html("[Film: Das Erstgespräch](media/gespraech.mp4)")
    assert '<video controls="" preload="metadata" src="/kurse/fristen/medien/media/gespraech.mp4"' in made
    assert 'srclang="de" label="Deutsch" src="/kurse/fristen/medien/media/gespraech.de.vtt" default="">' in made
    assert 'srclang="en" label="English" src="/kurse/fristen/medien/media/gespraech.en.vtt">' in made
    assert "<figcaption>Film: Das Erstgespräch</figcaption>" in made
    assert '<details class="reveal"><summary>Textfassung</summary><p><strong>Szene</strong></p>' in made
    assert "<p>Frau Kaya: <strong>Guten Tag.</strong></p>" in made
    assert "title: x" not in made


def test_a_transcript_in_another_language_says_so() -> None:
    made = html("[Tondokument](media/ton.mp3)")
    assert "<audio " in made
    assert '<details class="reveal" lang="en"><summary lang="de">Textfassung</summary><p>Hello.</p>' in made


@pytest.mark.parametrize("text", [b"x" * 300_000, b"a\n" * 10_001])
def test_a_transcript_beyond_the_limits_is_left_out(text: bytes) -> None:
    made = html_of(rendered("[Ton](media/ton.mp3)", files={"media/ton.mp3": b"", "media/ton.de.md": text}))
    assert "<audio" in made
    assert "<details" not in made


def test_an_entry_in_a_transcript_counts_at_the_line_of_the_film() -> None:
    files = {"media/ton.mp3": b"", "media/ton.de.md": b"# Eins\n\nzwei\n\n[[local:x]]\n"}
    module = rendered("Davor.\n\n[Ton](media/ton.mp3)\n\n[[local:y]]", files=files)
    assert [one for one in module.segments if isinstance(one, LocalEntry)] == [LocalEntry("x", 3), LocalEntry("y", 5)]


def test_a_link_to_a_film_inside_a_sentence_stays_a_link() -> None:
    assert html("Sehen Sie [den Film](media/gespraech.mp4).") == (
        '<p>Sehen Sie <a href="/kurse/fristen/medien/media/gespraech.mp4">den Film</a>.</p>\n'
    )


def test_a_link_to_a_text_version_alone_is_no_download() -> None:
    assert html("[Notiz](media/notiz.md)") == "<p>Notiz</p>\n"


@pytest.mark.parametrize(("file", "facts"), [("vordruck.pdf", "PDF, 3&nbsp;kB"), ("karte.xlsx", "XLSX, 1,4&nbsp;MB")])
def test_a_download_tells_its_kind_and_size(file: str, facts: str) -> None:
    assert html(f"[Der Vordruck](media/{file})") == (
        '<p class="download"><span class="kern-icon kern-icon--download" aria-hidden="true"></span>'
        f'<a href="/kurse/fristen/medien/media/{file}">Der Vordruck '
        f'<span class="download__facts">({facts})</span></a></p>\n'
    )


def test_a_table_carries_its_heads_to_every_cell() -> None:
    made = html(
        "Tabelle: Methoden und *Grenzen*\n\n| Methode | Anzahl | |\n|---|--:|:-:|\n| Mitgehen | 3 | x |\n| | 4 | |"
    )
    assert made == (
        '<table class="table"><caption>Methoden und <em>Grenzen</em></caption><thead><tr><th scope="col">Methode</th>'
        '<th scope="col" class="num">Anzahl</th><td class="center"></td></tr></thead><tbody>'
        '<tr><th scope="row">Mitgehen</th><td data-label="Anzahl" class="num">3</td>'
        '<td data-label="" class="center">x</td></tr>'
        '<tr><td data-label="Methode"></td><td data-label="Anzahl" class="num">4</td>'
        '<td data-label="" class="center"></td></tr>'
        "</tbody></table>\n"
    )


def test_a_caption_may_follow_its_table() -> None:
    made = html("| a | b |\n|---|---|\n| 1 | 2 |\n\nTabelle: Danach\n\nText.")
    assert "<caption>Danach</caption>" in made
    assert made.endswith("<p>Text.</p>\n")


def test_a_caption_between_two_tables_belongs_to_the_second() -> None:
    made = html("| a |\n|---|\n| 1 |\n\nTabelle: Zweite\n\n| b |\n|---|\n| 2 |")
    assert made.index("<caption>") > made.index("</table>")


def test_a_table_without_rows_and_one_of_a_single_column_stay_valid() -> None:
    assert "<tbody>" not in html("| a | b |\n|---|---|")
    assert '<td data-label="a">1</td>' in html("| a |\n|---|\n| 1 |")


def test_a_wide_table_scrolls_in_a_region_with_a_name() -> None:
    head = "| a | b | c | d | e |\n|---|---|---|---|---|\n| 1 | 2 | 3 | 4 | 5 |"
    named = html(f"Tabelle: Breit\n\n{head}")
    assert '<div class="table-region" tabindex="0" role="region" aria-labelledby="tabelle-1"><table' in named
    assert '<caption id="tabelle-1">Breit</caption>' in named
    assert 'role="region" aria-label="Tabelle: a, b, c, d, e">' in html(head)


def test_footnotes_are_numbered_as_read_and_lead_back() -> None:
    made = html("Erst[^b], dann[^a], wieder[^b].\n\n[^a]: Die zweite.\n\n[^b]: Die erste.\n\n[^c]: Nie erwähnt.")
    assert 'Erst<sup><a href="#fussnote-1" id="fussnote-1-stelle" aria-label="Fußnote 1">1</a></sup>' in made
    assert 'id="fussnote-1-stelle-2"' in made
    assert '<section class="footnotes" aria-label="Fußnoten"><ol>\n<li id="fussnote-1" value="1"><p>Die erste. ' in made
    assert ' <a href="#fussnote-1-stelle">Zurück zum Text (1)</a> ' in made
    assert ' <a href="#fussnote-1-stelle-2">Zurück zum Text (2)</a></p>' in made
    assert ' <a href="#fussnote-2-stelle">Zurück zum Text</a></p>' in made
    assert "Nie erwähnt" not in made


def test_a_footnote_that_is_more_than_a_paragraph_leads_back_too() -> None:
    made = html("Text[^1].\n\n[^1]:\n    - Punkt")
    assert '</ul>\n<p> <a href="#fussnote-1-stelle"' in made


def test_a_footnote_inside_a_footnote_is_written_too() -> None:
    made = html("Text[^1].\n\n[^1]: Siehe[^2].\n\n[^2]: Dort.")
    assert '<li id="fussnote-2" value="2"><p>Dort.' in made


def test_a_footnote_defined_inside_a_footnote_is_text_there() -> None:
    assert "<p>[^2]: Innen steht es. " in html("Text[^1].\n\n[^1]: Außen\n\n    [^2]: Innen steht es.\n")
    assert html("[^1]: - [^1]: - = 3\n- ") == "<ul><li></li>\n</ul>\n"


def test_a_checklist_is_no_form() -> None:
    assert html("- [ ] Auslöser notiert\n- [x] Datum") == (
        '<ul class="checklist" aria-label="Checkliste"><li class="checklist__item">'
        '<span class="checklist__box" aria-hidden="true"></span><div>Auslöser notiert</div></li>\n'
        '<li class="checklist__item"><span class="checklist__box checklist__box--done" aria-hidden="true"></span>'
        '<div><span class="for-ear">erledigt: </span>Datum</div></li>\n</ul>\n'
    )


def test_a_plain_item_may_stand_in_a_checklist() -> None:
    assert "<li>ohne Kästchen</li>" in html("- [ ] mit\n- ohne Kästchen")


def test_lists_nest_and_keep_their_start() -> None:
    assert (
        html("3. drei\n4. vier\n   - innen")
        == '<ol start="3"><li>drei</li>\n<li>vier\n<ul><li>innen</li>\n</ul>\n</li>\n</ol>\n'
    )
    assert html("- lose\n\n- Liste").startswith("<ul><li><p>lose</p>\n</li>")


def test_a_definition_list() -> None:
    assert (
        html("Auslöser\n: Womit es *beginnt*") == "<dl><dt>Auslöser</dt>\n<dd>Womit es <em>beginnt</em></dd>\n</dl>\n"
    )


def test_code_can_be_reached_and_scrolled_by_keyboard() -> None:
    expected = '<pre tabindex="0"><code>a &lt; b\n</code></pre>\n'
    assert html("```python\na < b\n```") == expected
    assert html("    a < b") == expected


def test_a_diagram_in_text_form_shows_its_alternative() -> None:
    made = html("```mermaid Vom Antrag zum Bescheid\na-->b\n```")
    assert made.startswith("<figure><pre")
    assert "<figcaption>Vom Antrag zum Bescheid</figcaption></figure>" in made
    assert "figcaption" not in html("```mermaid\na-->b\n```")


def test_headings_have_anchors_and_make_the_contents() -> None:
    module = rendered("## Der Fall\n\n### Ihr Ziel {#ziel}\n\n#### Größe\n\n## Der Fall\n\n##### Klein")
    made = html_of(module)
    assert is_valid(made)
    assert '<h2 id="abschnitt-der-fall">Der Fall</h2>' in made
    assert '<h3 id="abschnitt-ziel">Ihr Ziel</h3>' in made
    assert '<h4 id="abschnitt-groesse">Größe</h4>' in made
    assert '<h2 id="abschnitt-der-fall-2">' in made
    assert "<h5>Klein</h5>" in made
    assert module.contents == (
        Heading("der-fall", "Der Fall", 2, 1),
        Heading("ziel", "Ihr Ziel", 3, 3),
        Heading("der-fall-2", "Der Fall", 2, 7),
    )


def test_a_written_anchor_keeps_its_name_against_an_earlier_automatic_one() -> None:
    module = rendered("## Ziel\n\n## Anderes {#ziel}\n\n## 日本 \n\n## !")
    assert [heading.anchor for heading in module.contents] == ["ziel-2", "ziel", "ri-ben", "abschnitt"]


def test_a_title_in_the_text_steps_down_below_the_title_of_the_module() -> None:
    made = html("# Oben\n\n> # Im Zitat")
    assert made == '<h2 id="abschnitt-oben">Oben</h2>\n<blockquote><h2>Im Zitat</h2>\n</blockquote>\n'


def test_a_heading_in_braces_that_are_no_anchor_stays_as_written() -> None:
    assert "Ziel {#Groß}" in html("## Ziel {#Groß}")
    assert "<code>{#x}</code>" in html("## Ziel `{#x}`")


@pytest.mark.parametrize("note", ["<!-- offen -->", "<!-- zwei\n\nAbsätze -->", "  <!-- eingerückt -->"])
def test_notes_of_authors_are_dropped(note: str) -> None:
    assert html(f"Davor.\n\n{note}\n\nDanach.") == "<p>Davor.</p>\n<p>Danach.</p>\n"


@pytest.mark.parametrize("text", ["<!-- a --> Text", "Text <!-- a -->", "<!-- ohne Ende", "- <!-- a\n\nraus -->"])
def test_what_is_no_note_is_shown_as_text(text: str) -> None:
    assert "&lt;!--" in html(text)


def test_a_note_inside_a_list_item_is_dropped_there() -> None:
    assert html("- eins\n  <!-- Notiz\n  dazu -->\n- zwei") == "<ul><li>eins</li>\n<li>zwei</li>\n</ul>\n"


def test_raw_html_is_text() -> None:
    assert html("<b>fett</b>\n\n<script>alert(1)</script>") == (
        "<p>&lt;b&gt;fett&lt;/b&gt;</p>\n<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"
    )


def test_phrases() -> None:
    made = html("*a* **b** ~~c~~ `d & e`  \nneu\nweiter\u00a0&amp; \"gut\" 'so' --- (c)")
    assert made == (
        "<p><em>a</em> <strong>b</strong> <s>c</s> <code>d &amp; e</code><br>\nneu\n"
        "weiter&nbsp;&amp; „gut“ ‚so‘ --- (c)</p>\n"
    )


def test_a_rule_divides() -> None:
    assert html("a\n\n***\n\nb") == "<p>a</p>\n<hr>\n<p>b</p>\n"


TERM = Term("Auslöser", "Womit ein Ablauf beginnt.", 1)


def test_a_term_of_the_glossary_is_explained_at_its_first_place_only() -> None:
    made = html("Der Auslöser. Noch ein Auslöser.", glossary=(TERM,))
    assert made == (
        '<p>Der <dfn class="term"><button class="term__button" type="button" popovertarget="begriff-1">Auslöser'
        '<span class="for-ear"> (Begriff erklären)</span></button></dfn>'
        '<span class="term__text" id="begriff-1" popover="">'
        "<strong>Auslöser</strong>: Womit ein Ablauf beginnt.</span>. Noch ein Auslöser.</p>\n"
    )


@pytest.mark.parametrize(
    "text",
    ["## Auslöser", "[Auslöser](02-fristen.md)", "`Auslöser`", "    Auslöser", "| Auslöser |\n|---|",
     "Auslöser\n: Erklärung", "> **Auslöser:** Text", "Handauslöser und Auslöserin"],
)  # fmt: skip
def test_a_term_is_not_explained_where_a_button_would_be_in_the_way(text: str) -> None:
    assert "<button" not in html(text, glossary=(TERM,))


def test_endings_count_for_a_term_and_the_longest_term_wins() -> None:
    terms = (TERM, Term("Fall", "Kurz.", 2), Term("Fallzahl", "Wie viele Fälle.", 3))
    made = html("Des Auslösers Fallzahlen; Falle und Falls, ein Fall.", glossary=terms)
    assert ">Auslösers<span" in made
    assert ">Fallzahlen<span" in made
    assert "; Falle und Falls, ein <dfn" in made


def test_a_term_in_small_letters_is_also_found_at_the_start_of_a_sentence() -> None:
    terms = (Term("trigger", "What starts it.", 1), Term("Bescheid", "Eine Entscheidung.", 2))
    assert html("Trigger first.", glossary=terms).count("<button") == 1
    assert html("Ich weiß bescheid.", glossary=terms).count("<button") == 0


def test_a_glossary_in_another_language_explains_nothing() -> None:
    assert "<button" not in html("Der Auslöser.", glossary=(TERM,), language="en")


def test_the_glossary_is_read_from_its_definition_lists() -> None:
    text = "Einleitung\n\nAuslöser\n: Womit es *beginnt*.\n: Auch: Anlass.\n\nErgebnis\n: Was\n  vorliegt.\n"
    assert read_terms(document(text).tokens) == (
        Term("Auslöser", "Womit es beginnt. Auch: Anlass.", 3),
        Term("Ergebnis", "Was vorliegt.", 7),
    )
    assert read_terms(document("Nur Text.").tokens) == ()

"""The texts of questions as HTML: phrases where a label stands, blocks elsewhere, a cloze in pieces."""

from courses.segments import Html, QuestionSlot, SectionEnd
from quizzes.questions import Cloze, Matching, MultipleChoice, NumberInput, Ordering, ShortText, SingleChoice
from tests.courses.samples import html_of, is_valid, passages_in, rendered

FILES = {"media/plan.svg": b"<svg/>"}


def question(text: str) -> object:
    (made,) = rendered(text, files=FILES).questions
    assert all(passage.tokens == () and passage.pieces for passage in passages_in(made))
    assert is_valid("".join(f"<div>{passage.html}</div>" for passage in passages_in(made)))
    return made


def test_heading_and_options_are_phrases_and_everything_else_blocks() -> None:
    made = question(
        "## Frage: Was *gilt* bei `x`? {#a}\n\nLesen **Sie**.\n\n- (x) einen [Monat](https://example.org)\n  > Ja.\n"
        "- ( ) zwei\n\n> [!TIP]\n> § 84.\n\n> Ein Monat.\n"
    )
    assert made.heading.html == "Was <em>gilt</em> bei <code>x</code>?"
    assert made.stem.html == "<p>Lesen <strong>Sie</strong>.</p>\n"
    assert isinstance(made.answer, SingleChoice)
    assert made.answer.options[0].text.html == (
        'einen <a class="external" href="https://example.org" rel="noopener noreferrer">Monat'
        '<span class="for-ear"> (externe Seite)</span></a>'
    )
    assert made.answer.options[0].feedback.html == "<p>Ja.</p>\n"
    assert made.answer.options[1].feedback is None
    assert [hint.html for hint in made.hints] == ["<p>§ 84.</p>\n"]
    assert made.explanation.html == "<p>Ein Monat.</p>\n"


def test_an_option_of_several_blocks_holds_no_block() -> None:
    made = question(
        "## Frage: a\n\n- [x] eins\n\n  ![Plan](media/plan.svg)\n\n  ```\n  a < b\n  ```\n- [ ] zwei\n- [ ] drei"
    )
    assert isinstance(made.answer, MultipleChoice)
    assert made.answer.options[0].text.html == (
        'eins<br><img src="/kurse/fristen/medien/media/plan.svg" alt="Plan"><br><code>a &lt; b</code>'
    )


def test_the_stem_of_a_question_may_hold_what_prose_holds() -> None:
    made = question(
        "## Frage: a\n\n> **Fall:** Frau Kaya.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n* eins\n* zwei\n\n"
        "- = x\n- = 3\n- ! sonst\n  > Nein."
    )
    assert '<div class="box"><p class="box__label">Fall</p>' in made.stem.html
    assert '<table class="table">' in made.stem.html
    assert "<ul><li>eins</li>" in made.stem.html
    assert isinstance(made.answer, ShortText)
    assert made.answer.remarks.otherwise.html == "<p>Nein.</p>\n"


def test_a_number_with_feedback() -> None:
    made = question("## Frage: a\n\n- = 9,6 ± 0,1\n  > Stimmt.\n- ! 576\n  > Minuten.")
    assert isinstance(made.answer, NumberInput)
    assert made.answer.accepted[0].feedback.html == "<p>Stimmt.</p>\n"
    assert made.answer.mistakes[0].feedback.html == "<p>Minuten.</p>\n"


def test_pairs_and_their_feedback() -> None:
    made = question("## Frage: a\n\n- *BG* -> Bedarf\n  > Genau.\n- HG -> Haushalt\n- -> **Wohnen**")
    assert isinstance(made.answer, Matching)
    assert made.answer.pairs[0].left.html == "<em>BG</em>"
    assert made.answer.pairs[0].feedback.html == "<p>Genau.</p>\n"
    assert made.answer.distractors[0].html == "<strong>Wohnen</strong>"


def test_steps_and_the_feedback_to_another_order() -> None:
    made = question("## Frage: a\n\n1. eins\n2. *zwei*\n3. drei\n\n- = 3 vor 2\n  > Auch gut.\n- ! 2 vor 1\n  > Nein.")
    assert isinstance(made.answer, Ordering)
    assert made.answer.items[1].html == "<em>zwei</em>"
    assert made.answer.allowed[0].feedback.html == "<p>Auch gut.</p>\n"
    assert made.answer.mistakes[0].feedback.html == "<p>Nein.</p>\n"


def test_a_cloze_is_split_at_its_gaps_and_shows_none_of_its_keys() -> None:
    made = question(
        "## Frage: a\n\nBinnen **[[eines Monats]] bei** der\n[[Polizei|(Stelle)]].\n\n"
        "| a |\n|---|\n| [[31]] |\n\n- ! 1: Jahr\n  > Kürzer."
    )
    assert isinstance(made.answer, Cloze)
    assert made.stem.pieces == (
        "<p>Binnen <strong>",
        " bei</strong> der\n",
        '.</p>\n<table class="table"><thead><tr><th scope="col">a</th></tr></thead><tbody><tr><td data-label="a">',
        "</td></tr></tbody></table>\n",
    )
    assert made.answer.mistakes[0].feedback.html == "<p>Kürzer.</p>\n"


def test_a_question_prints_nothing_of_itself_elsewhere_on_the_page() -> None:
    module = rendered(
        "Text.\n\n## Frage: a {#a}\n\nSiehe[^1].\n\n- (x) ja\n- ( ) nein\n\n> Weil.\n\n[^1]: Die Lösung ist ja.\n"
    )
    assert html_of(module) == "<p>Text.</p>\n"
    assert module.questions[0].stem.html == "<p>Siehe.</p>\n"


def test_what_cannot_be_read_as_a_question_shows_nothing() -> None:
    assert html_of(rendered("Text.\n\n## Frage: a {#a}\n\nOhne Antwort, (x) geheim.\n")) == "<p>Text.</p>\n"


def test_entries_in_a_question_wait_to_be_filled() -> None:
    made = question("## Frage: Wer? {#a}\n\nRufen Sie [[local:leitung]].\n\n- (x) ja\n- ( ) nein")
    assert made.stem.html == '<p>Rufen Sie <data class="entry" value="local:leitung">bitte ergänzen</data>.</p>\n'


def test_an_arrow_inside_an_option_stays_an_arrow() -> None:
    made = question("## Frage: a\n\n- (x) Antrag -> Bescheid\n- ( ) Bescheid → Antrag")
    assert [option.text.html for option in made.answer.options] == ["Antrag -&gt; Bescheid", "Bescheid → Antrag"]


def test_a_pool_has_no_heading_on_the_page_and_its_title_is_no_content() -> None:
    module = rendered(
        "## Vorher\n\nText.\n\n## Fragenpool: Fristen {#pool draw=1}\n\n### Frage: a {#a}\n\n- (x) ja\n- ( ) nein\n"
    )
    assert "Fristen" not in html_of(module)
    assert [heading.title for heading in module.contents] == ["Vorher"]
    inner = rendered("## Vorher\n\n### Fragenpool: Fristen {#pool}\n\n#### Frage: a {#a}\n\n- (x) ja\n- ( ) nein\n")
    assert [type(one) for one in inner.segments] == [Html, QuestionSlot, SectionEnd]

"""Every question kind of the format, as the format page shows it."""

from decimal import Decimal

import pytest

from quizzes.parse import read_questions
from quizzes.questions import (
    ChoiceGap,
    Cloze,
    FreeText,
    Kind,
    Matching,
    MultipleChoice,
    NumberInput,
    NumberRange,
    Ordering,
    Precedence,
    Question,
    ShortText,
    SingleChoice,
    TextGap,
    TextPattern,
)

CARD = """\
## Frage: Bis wann muss der Widerspruch eingehen? {#widerspruch-frist}

- ( ) zwei Wochen nach Bekanntgabe
  > Zwei Wochen gelten hier nicht.
- (x) einen Monat nach Bekanntgabe
- ( ) drei Monate nach Bekanntgabe

> [!TIP]
> Sehen Sie in § 84 SGG nach.

> Die Frist beträgt **einen Monat** nach Bekanntgabe (§ 84 Abs. 1 SGG).
"""


def read_one(text: str, *, language: str = "de") -> Question:
    read = read_questions(text, language=language)
    assert read.problems == ()
    (question,) = read.questions.questions
    return question


def test_the_five_minute_card_is_a_single_choice_with_hint_and_explanation() -> None:
    question = read_one(CARD)
    assert question.id == "widerspruch-frist"
    assert question.heading.source == "Bis wann muss der Widerspruch eingehen?"
    assert isinstance(question.answer, SingleChoice)
    first, second, third = question.answer.options
    assert [first.is_right, second.is_right, third.is_right] == [False, True, False]
    assert first.text.source == "zwei Wochen nach Bekanntgabe"
    assert first.feedback is not None
    assert first.feedback.source == "Zwei Wochen gelten hier nicht."
    assert second.feedback is None
    assert [hint.source for hint in question.hints] == ["Sehen Sie in § 84 SGG nach."]
    assert question.explanation is not None
    assert question.explanation.source == "Die Frist beträgt **einen Monat** nach Bekanntgabe (§ 84 Abs. 1 SGG)."
    assert (question.first_line, question.end_line) == (1, 12)


@pytest.mark.parametrize(
    ("answers", "kind"),
    [
        ("- ( ) a\n- (x) b", Kind.SINGLE),
        ("- [ ] a\n- [x] b", Kind.MULTIPLE),
        ("- = Antwort", Kind.TEXT),
        ("- = 42", Kind.NUMBER),
        ("- links -> rechts\n- oben -> unten", Kind.MATCHING),
        ("1. eins\n2. zwei\n3. drei", Kind.ORDERING),
        ("Ein [[Wort]] im Text", Kind.CLOZE),
        ("___", Kind.FREE_TEXT),
    ],
)
def test_each_row_of_the_card_makes_its_kind(answers: str, kind: Kind) -> None:
    assert read_one(f"## Frage: Was? {{#was}}\n\n{answers}\n").kind is kind


@pytest.mark.parametrize("end", ["## Nächste Überschrift", "# Noch eine", "---", "***"])
def test_a_question_ends_at_the_next_heading_or_rule(end: str) -> None:
    read = read_questions(f"{CARD}\n{end}\n\nText danach\n")
    assert read.problems == ()
    assert read.questions.questions[0].end_line == 12
    assert read.questions.questions == read_questions(CARD).questions.questions


def test_multiple_choice_keeps_its_stem_and_points() -> None:
    question = read_one(
        "## Frage: Was gehört in eine Anhörung? {#anhoerung points=2}\n\n"
        "Wählen Sie **alle** zutreffenden Punkte.\n\n"
        "- [x] der Sachverhalt\n  > Richtig: ohne Sachverhalt kann sich niemand äußern.\n"
        "- [x] die beabsichtigte Entscheidung\n- [ ] das Passwort des Kunden\n"
        "- [ ] die Bankverbindung der Sachbearbeitung\n\n> § 24 SGB X.\n"
    )
    assert isinstance(question.answer, MultipleChoice)
    assert [option.is_right for option in question.answer.options] == [True, True, False, False]
    assert question.stem.source == "Wählen Sie **alle** zutreffenden Punkte."
    assert question.points == 2
    assert question.explanation is not None
    assert question.explanation.source == "§ 24 SGB X."


def test_short_text_accepts_each_line_and_keeps_the_wildcard() -> None:
    question = read_one("## Frage: Wie? {#wie}\n\n- = Anhörung\n- = Anhoerung\n- = …anhörungsverfahren...\n")
    assert isinstance(question.answer, ShortText)
    texts = [line.pattern.text for line in question.answer.accepted]
    assert texts == ["Anhörung", "Anhoerung", "...anhörungsverfahren..."]


def test_a_number_question_reads_tolerance_unit_and_range() -> None:
    question = read_one(
        "## Frage: Welcher Betrag bleibt? {#rechnen}\n\nBedarf 1.006,00 €.\n\n"
        "- = 562,50 ± 0,01 €\n- = 28 bis 31\n  > Je nach Monat.\n"
    )
    assert isinstance(question.answer, NumberInput)
    amount, days = (line.pattern for line in question.answer.accepted)
    assert (amount.low, amount.high, amount.unit) == (Decimal("562.49"), Decimal("562.51"), "€")
    assert days == NumberRange(Decimal(28), Decimal(31))
    assert question.answer.accepted[1].feedback is not None


def test_matching_takes_an_empty_left_side_as_an_extra_wrong_choice() -> None:
    question = read_one(
        "## Frage: Ordnen Sie zu. {#zu}\n\n- BG -> Bedarfsgemeinschaft\n  > Mit allen, die zusammen wirtschaften.\n"
        "- HG → Haushaltsgemeinschaft\n- -> Wohngemeinschaft\n"
    )
    assert isinstance(question.answer, Matching)
    assert [(pair.left.source, pair.right.source) for pair in question.answer.pairs] == [
        ("BG", "Bedarfsgemeinschaft"),
        ("HG", "Haushaltsgemeinschaft"),
    ]
    assert question.answer.pairs[0].feedback is not None
    assert [each.source for each in question.answer.distractors] == ["Wohngemeinschaft"]


def test_an_ordering_is_written_in_its_right_order() -> None:
    question = read_one("## Frage: Ordnen Sie. {#ablauf}\n\n1. Antrag\n2. Anhörung\n3. Bescheid\n4. Widerspruch\n")
    assert isinstance(question.answer, Ordering)
    assert [item.source for item in question.answer.items] == ["Antrag", "Anhörung", "Bescheid", "Widerspruch"]


def test_a_cloze_reads_alternatives_drop_downs_and_numbers() -> None:
    question = read_one(
        "## Frage: Ergänzen Sie. {#luecken}\n\n"
        "Der Widerspruch ist binnen [[eines Monats|1 Monats]] bei der\n"
        "[[ Polizei | (Stelle, die den Bescheid erlassen hat) | Gemeinde ]]\n"
        "einzulegen. Das sind höchstens [[31]] Tage.\n\n> § 84 Abs. 1 SGG.\n"
    )
    assert isinstance(question.answer, Cloze)
    assert question.answer.gaps == (
        TextGap((TextPattern("eines Monats"), TextPattern("1 Monats"))),
        ChoiceGap(("Polizei", "Stelle, die den Bescheid erlassen hat", "Gemeinde"), 1),
        TextGap((NumberRange(Decimal(31), Decimal(31), "", Decimal(31)),)),
    )
    assert [gap.line for gap in question.answer.gaps] == [3, 4, 5]
    positions = [child.meta["position"] for child in question.stem.tokens[1].children or () if child.type == "gap"]
    assert positions == [0, 1, 2]


def test_a_gap_in_a_table_writes_its_bar_escaped() -> None:
    question = read_one("## Frage: Tabelle {#t}\n\n| A | B |\n|---|---|\n| x | [[eins\\|zwei]] |\n")
    assert isinstance(question.answer, Cloze)
    assert question.answer.gaps == (TextGap((TextPattern("eins"), TextPattern("zwei"))),)
    assert question.answer.gaps[0].line == 5


def test_free_text_is_not_scored_and_compares_with_the_explanation() -> None:
    question = read_one("## Frage: Wie eröffnen Sie? {#r}\n\n___\n\n> **Musterantwort:** Guten Tag, Frau Kaya.\n")
    assert isinstance(question.answer, FreeText)
    assert question.points == 0
    assert question.explanation is not None


def test_a_pool_holds_the_deeper_questions_below_it() -> None:
    read = read_questions(
        "## Fragenpool: Fristen {#pool-fristen draw=2}\n\n"
        + "".join(f"### Frage: Nummer {n} {{#f{n}}}\n\n- (x) ja\n- ( ) nein\n\n---\n\n" for n in (1, 2, 3))
        + "## Frage: Draußen {#f4}\n\n- (x) ja\n- ( ) nein\n"
    )
    assert read.problems == ()
    (pool,) = read.questions.pools
    assert (pool.id, pool.title, pool.draw, pool.members, pool.line) == ("pool-fristen", "Fristen", 2, (0, 1, 2), 1)
    assert len(read.questions.questions) == 4


def test_expected_mistakes_and_remarks_may_stand_with_accepted_answers() -> None:
    question = read_one(
        "## Frage: Stunden? {#h}\n\n- = 9,6 ± 0,1\n- ! 576\n  > Das sind Minuten.\n- = richtig\n  > Stimmt.\n"
        "- ! sonst\n  > In drei Schritten.\n"
    )
    assert isinstance(question.answer, NumberInput)
    assert [line.pattern.low for line in question.answer.mistakes] == [Decimal(576)]
    assert question.answer.remarks.right is not None
    assert question.answer.remarks.right.source == "Stimmt."
    assert question.answer.remarks.otherwise is not None
    assert question.answer.remarks.otherwise.source == "In drei Schritten."


def test_an_ordering_explains_mistakes_and_allows_other_orders() -> None:
    question = read_one(
        "## Frage: Ordnen Sie. {#o}\n\n1. a\n2. b\n3. c\n4. d\n\n"
        "- ! 4 vor 2\n  > Nein.\n- = 4 vor 3\n- ! sonst\n  > Hm.\n"
    )
    assert isinstance(question.answer, Ordering)
    assert [line.pattern for line in question.answer.mistakes] == [Precedence(3, 1)]
    assert [line.pattern for line in question.answer.allowed] == [Precedence(3, 2)]
    assert question.answer.remarks.otherwise is not None


def test_a_cloze_names_mistakes_of_one_gap_or_of_any() -> None:
    question = read_one(
        "## Frage: Ergänzen Sie. {#o}\n\nEin [[Auslöser]] und [[31]] Tage.\n\n- ! 1: Antrag\n  > Nah dran.\n- ! 2: 30\n"
        "- ! Termin\n- = richtig\n  > Gut.\n"
    )
    assert isinstance(question.answer, Cloze)
    first, second, third = question.answer.mistakes
    assert (first.gap, first.pattern) == (0, TextPattern("Antrag"))
    assert second.gap == 1
    assert isinstance(second.pattern, NumberRange)
    assert (third.gap, third.pattern) == (None, TextPattern("Termin"))
    assert question.answer.remarks.right is not None


def test_matching_takes_remarks_in_its_list() -> None:
    question = read_one("## Frage: Zu. {#o}\n\n- a -> b\n- c -> d\n- = richtig\n  > Gut.\n- ! sonst\n  > Hm.\n")
    assert isinstance(question.answer, Matching)
    assert question.answer.remarks.right is not None
    assert question.answer.remarks.otherwise is not None


def test_a_lone_word_for_right_is_the_answer_itself() -> None:
    question = read_one("## Frage: Wie? {#o}\n\n- = richtig\n  > Ja.\n")
    assert isinstance(question.answer, ShortText)
    assert question.answer.accepted[0].pattern.text == "richtig"
    assert question.answer.accepted[0].feedback is not None


def test_words_in_answers_are_those_of_the_language_and_english() -> None:
    text = "## Question: Order. {#o}\n\n1. a\n2. b\n3. c\n\n- ! 3 before 1\n- ! otherwise\n  > Hm.\n"
    answer = read_one(text, language="en").answer
    assert isinstance(answer, Ordering)
    assert answer.remarks.otherwise is not None
    text = text.replace("before", "vor").replace("otherwise", "sonst")
    assert [problem.code for problem in read_questions(text, language="en").problems] == ["E302"]


def test_a_quoted_letter_with_gaps_belongs_to_the_stem() -> None:
    question = read_one("## Frage: Brief {#b}\n\n> Sehr geehrte Frau [[Kaya]],\n\n> § 84\n")
    assert question.stem.source == "> Sehr geehrte Frau [[Kaya]],"
    assert question.explanation is not None
    assert question.explanation.source == "§ 84"


@pytest.mark.parametrize(
    "heading",
    ["Frage:", "Question:", "Pregunta:", "Вопрос:", "Soru:", "سؤال:", "Frage 3:", "Question :", "FRAGE:", "Frage："],
)
@pytest.mark.parametrize("level", [2, 4, 6])
def test_heading_words_of_all_languages_open_a_question(heading: str, level: int) -> None:
    question = read_one(f"{'#' * level} {heading} Was? {{#was}}\n\n- (x) a\n- ( ) b\n")
    assert question.heading.source == "Was?"
    assert question.level == level


@pytest.mark.parametrize("heading", ["Fragen zum Modul", "Frage und Antwort", "Die Frage: warum?", "Rückfrage: ja"])
def test_other_headings_open_none(heading: str) -> None:
    read = read_questions(f"## {heading}\n\nText\n")
    assert read.questions.questions == ()
    assert read.problems == ()

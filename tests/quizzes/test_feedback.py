"""What a learner is told: exactly the passages written for what they answered, and a verdict for every part."""

from decimal import Decimal

from quizzes.feedback import PartVerdict, Verdict, feedback
from quizzes.questions import (
    Accepted,
    Cloze,
    GapMistake,
    Matching,
    Mistake,
    MultipleChoice,
    NumberInput,
    NumberRange,
    Option,
    Ordering,
    Pair,
    Precedence,
    Remarks,
    ShortText,
    TextPattern,
)
from quizzes.responses import Choice, Filled, Matched, Ordered, Typed, Written
from tests.quizzes.samples import between, choice_gap, exactly, free_text, passage, question, text_gap

RIGHT, WRONG, MISSED, AVOIDED = PartVerdict.RIGHT, PartVerdict.WRONG, PartVerdict.MISSED, PartVerdict.AVOIDED
WELL, ELSE = passage("Stimmt."), passage("Rechnen Sie noch einmal.")
REMARKS = Remarks(right=WELL, otherwise=ELSE)


def test_every_option_gets_its_verdict_and_its_feedback() -> None:
    why = [passage(f"Grund {number}") for number in range(4)]
    asked = question(
        MultipleChoice(
            tuple(Option(passage(str(at)), is_right, why[at]) for at, is_right in enumerate((True, True, False, False)))
        )
    )
    told = feedback(asked, Choice(frozenset({0, 2})))
    assert told.verdict is Verdict.WRONG
    assert [part.verdict for part in told.parts] == [RIGHT, MISSED, WRONG, AVOIDED]
    assert [part.passage for part in told.parts] == why
    assert feedback(asked, Choice(frozenset({0}))).verdict is Verdict.PARTLY


def test_an_expected_mistake_brings_exactly_its_feedback() -> None:
    minutes, all_calls = passage("Das sind Minuten."), passage("Alle Anrufe gerechnet.")
    asked = question(
        NumberInput(
            (Accepted(exactly("9.6", tolerance="0.1")),),
            (Mistake(exactly("576"), minutes), Mistake(between("16", "16.1"), all_calls)),
            REMARKS,
        )
    )
    assert feedback(asked, Typed("576")).remarks == (minutes,)
    assert feedback(asked, Typed("16,05")).remarks == (all_calls,)
    assert feedback(asked, Typed("9,6")).remarks == (WELL,)
    assert feedback(asked, Typed("1")).remarks == (ELSE,)
    assert feedback(asked, Typed("vier")).remarks == (ELSE,)


def test_a_number_is_repeated_as_it_was_understood() -> None:
    asked = question(NumberInput((Accepted(exactly("1234")),)))
    assert feedback(asked, Typed("1.234")).understood_as == "1234"
    assert feedback(asked, Typed("viel")).understood_as == ""


def test_an_accepted_line_brings_its_own_feedback_before_the_general_one() -> None:
    short = passage("Auch die Kurzform zählt.")
    asked = question(ShortText((Accepted(TextPattern("AB"), short), Accepted(TextPattern("Amtsblatt"))), (), REMARKS))
    assert feedback(asked, Typed("ab")).remarks == (short,)
    assert feedback(asked, Typed("Amtsblatt")).remarks == (WELL,)


def test_an_order_is_answered_by_each_mistake_in_it() -> None:
    before_limits, not_last, also_fine = passage("Erst die Grenzen."), passage("Zum Schluss."), passage("Geht auch.")
    asked = question(
        Ordering(
            tuple(passage(str(item)) for item in range(5)),
            allowed=(Accepted(Precedence(3, 2), also_fine),),
            mistakes=(
                Mistake(Precedence(3, 1), before_limits),
                Mistake(Precedence(4, 3), not_last),
                Mistake(Precedence(4, 2), not_last),
            ),
            remarks=REMARKS,
        )
    )
    assert feedback(asked, Ordered((0, 1, 2, 3, 4))).remarks == (WELL,)
    assert feedback(asked, Ordered((0, 1, 3, 2, 4))).remarks == (also_fine,)
    assert feedback(asked, Ordered((1, 4, 3, 2, 0))).remarks == (before_limits, not_last)
    assert feedback(asked, Ordered((1, 0, 2, 3, 4))).remarks == (ELSE,)
    assert [part.verdict for part in feedback(asked, Ordered((1, 0, 2, 3, 4))).parts] == [
        WRONG,
        WRONG,
        RIGHT,
        RIGHT,
        RIGHT,
    ]
    assert feedback(asked, Ordered((None,) * 5)).remarks == (ELSE,)


def test_each_wrong_gap_is_answered_by_the_mistake_that_fits_it() -> None:
    term, anywhere = passage("Der Termin ist das Beispiel."), passage("Das Wort passt nirgends.")
    number: NumberRange = NumberRange(Decimal(30), Decimal(30), value=Decimal(30))
    asked = question(
        Cloze(
            (text_gap("Auslöser"), text_gap("Ergebnis"), choice_gap(0, "eigene", "gemeinsame")),
            (
                GapMistake(1, TextPattern("Termin"), term),
                GapMistake(None, TextPattern("Zeit"), anywhere),
                GapMistake(0, number, term),
            ),
            REMARKS,
        )
    )
    told = feedback(asked, Filled(("Zeit", "Termin", 1)))
    assert told.remarks == (anywhere, term)
    assert [part.verdict for part in told.parts] == [WRONG, WRONG, WRONG]
    assert feedback(asked, Filled(("Auslöser", "Ergebnis", 0))).remarks == (WELL,)
    assert feedback(asked, Filled(("Auslöser", "Produkt", None))).remarks == (ELSE,)


def test_every_pair_gets_its_verdict_and_its_feedback() -> None:
    count, ask = passage("Mengen zählt man."), passage("Gründe erfragt man.")
    asked = question(
        Matching(
            (Pair(passage("a"), passage("1"), count), Pair(passage("b"), passage("2"), ask)), (passage("3"),), REMARKS
        )
    )
    told = feedback(asked, Matched((0, 2)))
    assert [(part.verdict, part.passage) for part in told.parts] == [(RIGHT, count), (WRONG, ask)]
    assert told.remarks == (ELSE,)


def test_a_free_text_is_never_judged() -> None:
    told = feedback(free_text(), Written("Guten Tag"))
    assert told.verdict is Verdict.UNSCORED
    assert told.parts == ()
    assert told.remarks == ()

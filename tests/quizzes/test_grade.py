"""Grading by the formulas of the format page: ten rows a kind worked out by hand, and what holds for every answer."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.grade import grade
from quizzes.questions import Attributes, Question, TextGap
from quizzes.responses import Choice, Filled, Matched, Ordered, Response, Typed, UnreadableResponse, Written
from tests.quizzes.samples import (
    between,
    choice_gap,
    cloze,
    exactly,
    free_text,
    matching,
    multiple,
    number,
    ordering,
    short_text,
    single,
    text_gap,
)

Row = tuple[Question, Response | None, Fraction]


def ticks(*positions: int) -> Choice:
    return Choice(frozenset(positions))


R, W = True, False
THREE = single(W, R, W)
YES_NO = single(W, R)
SINGLE: list[Row] = [
    (THREE, ticks(1), Fraction(1)),
    (THREE, ticks(0), Fraction(0)),
    (THREE, ticks(2), Fraction(0)),
    (THREE, None, Fraction(0)),
    (THREE, ticks(), Fraction(0)),
    (YES_NO, ticks(1), Fraction(1)),
    (YES_NO, ticks(0), Fraction(0)),
    (single(R, W, W, W), ticks(0), Fraction(1)),
    (single(R, W, W, W), ticks(3), Fraction(0)),
    (single(W, W, W, R), ticks(3), Fraction(1)),
]
TWO_TWO = multiple(R, R, W, W)
THREE_ONE = multiple(R, R, R, W)
EXACT = multiple(R, R, W, W, attributes=Attributes(id="q", is_partial=False))
MULTIPLE: list[Row] = [
    (TWO_TWO, ticks(0, 1), Fraction(1)),
    (TWO_TWO, ticks(0), Fraction(1, 2)),
    (TWO_TWO, ticks(0, 1, 2), Fraction(1, 2)),
    (TWO_TWO, ticks(0, 1, 2, 3), Fraction(0)),
    (TWO_TWO, ticks(0, 2), Fraction(0)),
    (TWO_TWO, ticks(2, 3), Fraction(0)),
    (THREE_ONE, ticks(0, 1, 2, 3), Fraction(1, 2)),
    (multiple(R, R, R, W, W, W), ticks(0, 1, 3), Fraction(1, 3)),
    (EXACT, ticks(0, 1), Fraction(1)),
    (EXACT, ticks(0), Fraction(0)),
]
HEARING = short_text("Anhörung", "Anhoerung", "...anhörungsverfahren...")
STRICT = short_text("eAkte", attributes=Attributes(id="q", is_case_sensitive=True))
TEXT: list[Row] = [
    (HEARING, Typed("Anhörung"), Fraction(1)),
    (HEARING, Typed("  anhörung. "), Fraction(1)),
    (HEARING, Typed("ANHOERUNG!"), Fraction(1)),
    (HEARING, Typed("das Anhörungsverfahren nach § 24"), Fraction(1)),
    (HEARING, Typed("Anhörungen"), Fraction(0)),
    (HEARING, None, Fraction(0)),
    (short_text("Große  Straße"), Typed("grosse strasse"), Fraction(1)),
    (short_text("„Ist“ und 'Soll'"), Typed('"ist" und ‚soll‘'), Fraction(1)),
    (STRICT, Typed("eAkte"), Fraction(1)),
    (STRICT, Typed("EAKTE"), Fraction(0)),
]
CLAIM = number(exactly("562.50", tolerance="0.01", unit="€"))
DAYS = number(between("28", "31"))
NUMBER: list[Row] = [
    (CLAIM, Typed("562,50"), Fraction(1)),
    (CLAIM, Typed("562.51 €"), Fraction(1)),
    (CLAIM, Typed("562,49 Euro"), Fraction(1)),
    (CLAIM, Typed("562,52"), Fraction(0)),
    (CLAIM, Typed("562,50 Tage"), Fraction(0)),
    (number(exactly("1006")), Typed("1.006,00"), Fraction(1)),
    (number(exactly("1234")), Typed("1.234"), Fraction(1)),
    (DAYS, Typed("28"), Fraction(1)),
    (DAYS, Typed("31,5"), Fraction(0)),
    (DAYS, Typed("einunddreißig"), Fraction(0)),
]
FOUR = matching(("BG", "Bedarf"), ("HG", "Haushalt"), ("eLb", "Person"), ("KdU", "Wohnen"), distractors=("Verein",))
TWINS = matching(("Anruf", "zählen"), ("Mail", "zählen"), ("Grund", "fragen"))
MATCHING: list[Row] = [
    (FOUR, Matched((0, 1, 2, 3)), Fraction(1)),
    (FOUR, Matched((0, 1, 2, None)), Fraction(3, 4)),
    (FOUR, Matched((0, 1, 3, 2)), Fraction(1, 2)),
    (FOUR, Matched((1, 0, 3, 2)), Fraction(0)),
    (FOUR, Matched((4, 4, 4, 4)), Fraction(0)),
    (FOUR, Matched((0, 0, 0, 0)), Fraction(1, 4)),
    (FOUR, None, Fraction(0)),
    (TWINS, Matched((1, 0, 2)), Fraction(1)),
    (TWINS, Matched((0, 0, 2)), Fraction(1)),
    (TWINS, Matched((2, 2, 2)), Fraction(1, 3)),
]
STEPS = ordering(5)
FREE = ordering(5, (4, 3))
TWO_MOVES = ordering(5, (2, 1), (5, 3))
ORDERING: list[Row] = [
    (STEPS, Ordered((0, 1, 2, 3, 4)), Fraction(1)),
    (STEPS, Ordered((1, 0, 2, 3, 4)), Fraction(1, 2)),
    (STEPS, Ordered((4, 3, 2, 1, 0)), Fraction(0)),
    (STEPS, Ordered((1, 2, 3, 4, 0)), Fraction(3, 4)),
    (STEPS, Ordered((0, 1, None, 3, 4)), Fraction(1, 2)),
    (STEPS, Ordered((0, 0, 1, 2, 3)), Fraction(3, 4)),
    (FREE, Ordered((0, 1, 3, 2, 4)), Fraction(1)),
    (FREE, Ordered((0, 2, 1, 3, 4)), Fraction(1, 4)),
    (TWO_MOVES, Ordered((1, 0, 3, 4, 2)), Fraction(1)),
    (TWO_MOVES, Ordered((0, 1, 3, 4, 2)), Fraction(1)),
]
APPEAL = cloze(
    text_gap("eines Monats", "1 Monats"), choice_gap(1, "Polizei", "Behörde", "Gemeinde"), TextGap((exactly("31"),))
)
CLOZE: list[Row] = [
    (APPEAL, Filled(("eines Monats", 1, "31")), Fraction(1)),
    (APPEAL, Filled(("1 monats", 1, "31,0")), Fraction(1)),
    (APPEAL, Filled(("eines Monats", 0, "31")), Fraction(2, 3)),
    (APPEAL, Filled(("eines Jahres", 0, "31")), Fraction(1, 3)),
    (APPEAL, Filled((None, None, None)), Fraction(0)),
    (APPEAL, Filled(("", 1, "30")), Fraction(1, 3)),
    (cloze(text_gap("...frist...")), Filled(("die Widerspruchsfrist",)), Fraction(1)),
    (cloze(text_gap("Frist")), Filled(("Fristen",)), Fraction(0)),
    (cloze(choice_gap(0, "ja", "nein")), Filled((0,)), Fraction(1)),
    (cloze(choice_gap(0, "ja", "nein")), Filled((1,)), Fraction(0)),
]
FREE_TEXT: list[Row] = [
    (free_text(), Written(text), Fraction(0)) for text in ("", "a", "Guten Tag", "ü" * 50, "1", "(x)")
] + [
    (free_text(), None, Fraction(0)),
    (free_text(), Written("> Zitat"), Fraction(0)),
    (free_text(), Written("[[Lücke]]"), Fraction(0)),
    (free_text(), Written("\n\n"), Fraction(0)),
]
ROWS = [SINGLE, MULTIPLE, TEXT, NUMBER, MATCHING, ORDERING, CLOZE, FREE_TEXT]


def test_ten_rows_a_kind_are_worked_out_by_hand() -> None:
    assert [len(rows) for rows in ROWS] == [10] * 8
    assert len({rows[0][0].kind for rows in ROWS}) == 8


@pytest.mark.parametrize(("asked", "response", "fraction"), [row for rows in ROWS for row in rows])
def test_grading_equals_the_worked_out_row(asked: Question, response: Response | None, fraction: Fraction) -> None:
    assert grade(asked, response).fraction == fraction


def test_points_scale_the_score_to_five_decimals() -> None:
    asked = multiple(R, R, R, W, W, attributes=Attributes(id="q", points=Decimal(2)))
    assert grade(asked, ticks(0)).score == Decimal("0.66667")
    assert grade(asked, ticks(0, 1, 2)).score == Decimal(2)


def test_free_text_and_before_questions_are_worth_nothing() -> None:
    assert grade(free_text(), Written("viel")).points == 0
    assert grade(single(R, W, attributes=Attributes(id="q", is_before=True)), ticks(0)).score == 0


def test_an_ambiguous_number_is_read_by_the_language_of_the_course() -> None:
    asked = number(exactly("1234"))
    assert grade(asked, Typed("1.234"), language="de").is_right
    assert not grade(asked, Typed("1.234"), language="en").is_right
    assert grade(asked, Typed("1,234"), language="en").is_right


@pytest.mark.parametrize(
    ("asked", "response"),
    [
        (THREE, Typed("1")),
        (THREE, ticks(3)),
        (HEARING, ticks(0)),
        (FOUR, Matched((0, 1))),
        (FOUR, Matched((0, 1, 2, 9))),
        (STEPS, Ordered((0,))),
        (APPEAL, Filled(("x", "y", "z"))),
        (APPEAL, Filled((1, 1, "31"))),
        (free_text(), ticks(0)),
    ],
)
def test_an_answer_of_another_kind_is_refused(asked: Question, response: Response) -> None:
    with pytest.raises(UnreadableResponse):
        grade(asked, response)


places = st.one_of(st.none(), st.integers(0, 4))


@given(st.frozensets(st.integers(0, 5)), st.lists(st.booleans(), min_size=6, max_size=6))
def test_a_multiple_choice_stays_between_nothing_and_full(chosen: frozenset[int], rights: list[bool]) -> None:
    rights[0], rights[1] = True, False
    graded = grade(multiple(*rights), Choice(chosen))
    assert 0 <= graded.fraction <= 1
    assert graded.is_right == (chosen == {at for at, is_right in enumerate(rights) if is_right})


@given(st.tuples(places, places, places, places, places))
def test_an_ordering_stays_between_nothing_and_full(given_places: tuple[int | None, ...]) -> None:
    graded = grade(FREE, Ordered(given_places))
    assert 0 <= graded.fraction <= 1
    assert graded.is_right == (given_places in {(0, 1, 2, 3, 4), (0, 1, 3, 2, 4)})


@given(st.tuples(places, places, places, places))
def test_a_matching_stays_between_nothing_and_full(chosen: tuple[int | None, ...]) -> None:
    assert 0 <= grade(FOUR, Matched(chosen)).fraction <= 1


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_typed_text_breaks_grading(accepted: str, typed: str) -> None:
    graded = grade(short_text(accepted), Typed(typed))
    assert graded.fraction in (0, 1)
    assert grade(CLAIM, Typed(typed)).fraction in (0, 1)


@given(st.text(min_size=1, max_size=40))
def test_what_the_author_accepts_is_right_when_typed_so(text: str) -> None:
    assert grade(short_text(text), Typed(text)).is_right

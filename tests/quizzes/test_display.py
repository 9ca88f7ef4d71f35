"""What the browser sees: the way there and back loses nothing, and no display position tells a source position."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.display import Display, is_complete, is_empty
from quizzes.grade import grade
from quizzes.questions import Attributes, Question
from quizzes.responses import Choice, Filled, Matched, Ordered, Response, Typed, UnreadableResponse, Written
from tests.quizzes.samples import between as number_between
from tests.quizzes.samples import (
    choice_gap,
    cloze,
    free_text,
    matching,
    multiple,
    number,
    ordering,
    short_text,
    single,
    text_gap,
)

R, W = True, False
PAIRS = (("a", "1"), ("b", "2"), ("c", "3"))
ANSWERED: list[tuple[Question, Response]] = [
    (single(R, W, W), Choice(frozenset({2}))),
    (single(R, W), Choice(frozenset({1}))),
    (multiple(R, R, W, W), Choice(frozenset({0, 3}))),
    (short_text("ja"), Typed("  nein ")),
    (number(number_between("1", "2")), Typed("1,5")),
    (matching(*PAIRS, distractors=("4",)), Matched((3, None, 0))),
    (ordering(4), Ordered((3, None, 0, 1))),
    (cloze(text_gap("x"), choice_gap(1, "a", "b", "c")), Filled(("wort", 2))),
    (cloze(text_gap("x"), choice_gap(1, "a", "b", "c")), Filled((None, 0))),
    (free_text(), Written("Zeile 1\nZeile 2")),
]


@pytest.mark.parametrize(("asked", "response"), ANSWERED)
@pytest.mark.parametrize("seed", ["a", "b", "c"])
def test_what_is_shown_again_reads_back_as_the_same_response(asked: Question, response: Response, seed: str) -> None:
    display = Display.of(asked, seed=seed)
    assert display.read(display.fields(response)) == response


@pytest.mark.parametrize("asked", [asked for asked, _ in ANSWERED])
def test_an_empty_form_is_no_answer(asked: Question) -> None:
    display = Display.of(asked, seed="a")
    assert display.read({}) is None
    assert display.fields(None) == {}


@pytest.mark.parametrize("value", ["7", "-1", "eins", "²", "1e1", "9" * 5000])
@pytest.mark.parametrize("asked", [single(R, W, W), multiple(R, R, W, W), matching(*PAIRS), ordering(4)])
def test_a_position_that_no_page_sends_is_refused(asked: Question, value: str) -> None:
    display = Display.of(asked, seed="a")
    with pytest.raises(UnreadableResponse):
        display.read({display.field: [value], f"{display.field}-0": [value]})


def test_a_text_of_endless_length_is_refused() -> None:
    display = Display.of(free_text(), seed="a")
    with pytest.raises(UnreadableResponse):
        display.read({display.field: ["x" * 10_001]})


def test_the_same_seed_shows_the_same_order_and_others_differ() -> None:
    asked = multiple(R, R, W, W, W)
    orders = {Display.of(asked, seed=str(seed)).order for seed in range(50)}
    assert Display.of(asked, seed="1") == Display.of(asked, seed="1")
    assert len(orders) > 20


def test_two_options_and_unshuffled_questions_keep_the_written_order() -> None:
    fixed = Attributes(id="q", is_shuffled=False)
    for seed in map(str, range(20)):
        assert Display.of(single(R, W), seed=seed).order == (0, 1)
        assert Display.of(single(W, W, R, attributes=fixed), seed=seed).order == (0, 1, 2)


@given(st.integers(3, 7), st.text(max_size=8))
def test_an_ordering_is_never_shown_in_an_order_that_counts_as_right(count: int, seed: str) -> None:
    asked = ordering(count, (2, 1))
    shown = Display.of(asked, seed=seed).order
    places = Ordered(tuple(shown.index(item) for item in range(count)))
    assert sorted(shown) == list(range(count))
    assert grade(asked, places).fraction < 1


def test_every_display_position_is_the_right_one_about_equally_often() -> None:
    asked = single(R, W, W, W)
    counts = Counter(Display.of(asked, seed=str(seed)).order.index(0) for seed in range(2_000))
    assert all(400 < counts[position] < 600 for position in range(4))


def test_equal_right_sides_are_offered_once() -> None:
    asked = matching(("Anruf", "zählen"), ("Mail", "zählen"), ("Grund", "fragen"))
    display = Display.of(asked, seed="a")
    assert len(display.choices) == 2
    again = display.read(display.fields(Matched((1, 1, 2))))
    assert grade(asked, again).is_right


def test_an_answer_is_complete_when_every_part_has_its_own_value() -> None:
    assert is_complete(Ordered((2, 0, 1)))
    assert not is_complete(Ordered((2, 2, 1)))
    assert not is_complete(Ordered((2, None, 1)))
    assert not is_complete(Matched((0, None)))
    assert not is_complete(Filled(("a", None)))
    assert not is_complete(None)
    assert is_complete(Typed("a"))
    assert is_empty(Written("  "))
    assert is_empty(Choice(frozenset()))

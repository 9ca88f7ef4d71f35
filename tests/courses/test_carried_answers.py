"""An answer said again for a corrected question: found by what is written, never by guessing."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.comparing.carried_answers import carried
from quizzes.grade import grade
from quizzes.questions import (
    ChoiceGap,
    Cloze,
    Matching,
    MultipleChoice,
    Option,
    Ordering,
    Passage,
    Question,
    SingleChoice,
)
from quizzes.responses import Choice, Filled, Matched, Ordered, Response, Typed, UnreadableResponse, Written
from tests.quizzes import samples

FRISTEN = ("zwei Wochen", "ein Monat", "drei Monate")


def single(*texts: str, right: int = 0) -> Question:
    return samples.question(SingleChoice(options(texts, {right})))


def multiple(*texts: str, right: set[int]) -> Question:
    return samples.question(MultipleChoice(options(texts, right)))


def options(texts: tuple[str, ...], right: set[int]) -> tuple[Option, ...]:
    return tuple(Option(samples.passage(text), at in right) for at, text in enumerate(texts))


def ordering(*texts: str) -> Question:
    return samples.question(Ordering(tuple(map(samples.passage, texts))))


def cloze(*gaps: ChoiceGap, source: str = "", pieces: tuple[str, ...] = ()) -> Question:
    return replace(samples.question(Cloze(gaps)), stem=Passage(source, pieces=pieces))


PAIRS = (("Antrag", "Anfang"), ("Bescheid", "Ende"), ("Akte", "Ablage"))
SWAPPED = (("Antrag", "Ende"), ("Bescheid", "Anfang"), ("Akte", "Ablage"))
GAP = samples.choice_gap(0, "Antrag", "Bescheid")
Case = tuple[Question, Response, Question, Response]
CARRIED: Mapping[str, Case] = {
    "another key": (single(*FRISTEN), Choice(frozenset({1})), single(*FRISTEN, right=1), Choice(frozenset({1}))),
    "another order": (
        single(*FRISTEN),
        Choice(frozenset({1})),
        single("ein Monat", "drei Monate", "zwei Wochen"),
        Choice(frozenset({0})),
    ),
    "exchanged texts": (single("ja", "nein"), Choice(frozenset({0})), single("nein", "ja"), Choice(frozenset({1}))),
    "a typo in an option": (
        single("ein Monat", "zwei Wochen"),
        Choice(frozenset({1})),
        single("ein Monat", "zwei  Wochen."),
        Choice(frozenset({1})),
    ),
    "several ticks": (
        multiple("a", "b", "c", "d", right={0}),
        Choice(frozenset({0, 3})),
        multiple("d", "c", "b", "a", right={0, 1}),
        Choice(frozenset({3, 0})),
    ),
    "pairs exchanged": (
        samples.matching(*PAIRS),
        Matched((1, 0, None)),
        samples.matching(*SWAPPED),
        Matched((0, 1, None)),
    ),
    "items in another order": (
        ordering("Fragen", "Schreiben", "Prüfen"),
        Ordered((1, 0, 2)),
        ordering("Schreiben", "Fragen", "Prüfen"),
        Ordered((0, 1, 2)),
    ),
    "a drop-down in another order": (
        cloze(GAP),
        Filled((1,)),
        cloze(samples.choice_gap(0, "Bescheid", "Antrag")),
        Filled((0,)),
    ),
    "a typed text": (samples.short_text("ja"), Typed("jawohl"), samples.short_text("jawohl"), Typed("jawohl")),
    "a free text": (samples.free_text(), Written("Text"), samples.free_text(), Written("Text")),
}
SEVERED: Mapping[str, tuple[Question, Question]] = {
    "another kind": (single(*FRISTEN), multiple(*FRISTEN, right={1})),
    "an option more": (single(*FRISTEN), single(*FRISTEN, "ein Jahr")),
    "an option that says something else": (single("zwei Wochen", "ein Monat"), single("zwei Wochen", "niemals")),
    "another number in an option": (single("14 Tage", "ein Monat"), single("15 Tage", "ein Monat")),
    "another question": (single("ja", "nein"), replace(single("ja", "nein"), heading=Passage("Wozu dient das?"))),
    "another case": (single("ja", "nein"), replace(single("ja", "nein"), stem=Passage("Frau Kaya ruft an."))),
    "a pair more": (samples.matching(*PAIRS), samples.matching(*PAIRS, ("Frist", "Tag"))),
    "another item": (ordering("Fragen", "Schreiben"), ordering("Fragen", "Ablegen")),
    "a gap more": (cloze(GAP), cloze(GAP, GAP)),
    "a gap to type into": (cloze(GAP), samples.cloze(samples.text_gap("Antrag"))),
    "other words in a drop-down": (cloze(GAP), cloze(samples.choice_gap(0, "Antrag", "Widerspruch"))),
}
ANYTHING: Mapping[type, Callable[[Question], Response]] = {
    SingleChoice: lambda _: Choice(frozenset({0})),
    Matching: lambda _: Matched((0, 1, 2)),
    Ordering: lambda _: Ordered((0, 1)),
    Cloze: lambda _: Filled((0,)),
}


@pytest.mark.parametrize("name", CARRIED)
def test_the_same_answer_is_found_where_it_stands_now(name: str) -> None:
    before, response, after, same = CARRIED[name]
    assert carried(response, before, after) == same


@pytest.mark.parametrize("name", SEVERED)
def test_what_cannot_be_compared_is_not_carried(name: str) -> None:
    before, after = SEVERED[name]
    response = ANYTHING[type(before.answer)](before)
    assert carried(response, before, before) == response
    assert carried(response, before, after) is None


def test_the_words_around_gaps_decide_not_what_the_gaps_accept() -> None:
    words = ("Am Anfang steht der ", ".")
    before = cloze(GAP, source="Am Anfang steht der [[(Antrag) | Bescheid]].", pieces=words)
    corrected = cloze(
        replace(GAP, right=1), source="Am Anfang steht der [[Antrag | (Bescheid)]] und nicht etwa sonst.", pieces=words
    )
    assert carried(Filled((1,)), before, corrected) == Filled((1,))
    other = replace(corrected, stem=replace(corrected.stem, pieces=("Zuletzt kommt immer noch der ", ".")))
    assert carried(Filled((1,)), before, other) is None


def test_an_answer_of_another_kind_is_refused() -> None:
    with pytest.raises(UnreadableResponse):
        carried(Typed("ein Monat"), single(*FRISTEN), single(*FRISTEN))


@given(
    st.lists(st.sampled_from(["Antrag", "Bescheid", "Akte", "Frist", "31 Tage"]), min_size=2, max_size=5),
    st.data(),
)
def test_an_answer_is_worth_the_same_where_only_the_order_changed(texts: list[str], data: st.DataObject) -> None:
    count = len(texts)
    right = data.draw(st.sets(st.integers(0, count - 1), min_size=1, max_size=count - 1))
    # Equal texts are one answer, so they are right together or not at all.
    right = {at for at in range(count) if texts[at] in {texts[one] for one in right}}
    order = data.draw(st.permutations(range(count)))
    chosen = Choice(data.draw(st.frozensets(st.integers(0, count - 1))))
    before = multiple(*texts, right=right)
    after = multiple(*(texts[at] for at in order), right={place for place, at in enumerate(order) if at in right})
    answer = carried(chosen, before, after)
    assert answer is not None
    assert grade(after, answer).fraction == grade(before, chosen).fraction

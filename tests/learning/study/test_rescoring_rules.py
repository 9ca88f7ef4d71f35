"""Whatever is corrected and whatever was answered: no attempt ever scores less, and nobody who passed fails."""

import random
from dataclasses import replace
from decimal import Decimal
from typing import assert_never

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learning.study.attempts.regrading import raised, regraded
from quizzes.attempts import TestRules, result
from quizzes.grade import grade
from quizzes.questions import (
    Attributes,
    ChoiceGap,
    Cloze,
    FreeText,
    Gap,
    Matching,
    MultipleChoice,
    NumberInput,
    Ordering,
    Question,
    ShortText,
    SingleChoice,
)
from quizzes.responses import Choice, Filled, Matched, Ordered, Response, Typed, Written
from tests.figures import examples
from tests.learning.study.taking import right_response
from tests.quizzes import samples
from tests.quizzes.strategies import questions
from tests.quizzes.test_display import ANSWERED

TEXTS = st.sampled_from(["", "31", "Antrag", "28 bis 31", "1.006,00 €", "ja"])


def some(count: int) -> st.SearchStrategy[int | None]:
    return st.none() | st.integers(0, count - 1)


def parts(count: int, *, of: int) -> st.SearchStrategy[tuple[int | None, ...]]:
    return st.tuples(*[some(of)] * count)


def responses(question: Question) -> st.SearchStrategy[Response]:
    """Anything that can be answered to a question."""
    match question.answer:
        case SingleChoice(options) | MultipleChoice(options):
            return st.builds(Choice, st.frozensets(st.integers(0, len(options) - 1), min_size=1, max_size=2))
        case ShortText() | NumberInput():
            return st.builds(Typed, TEXTS)
        case Matching(pairs, distractors):
            return st.builds(Matched, parts(len(pairs), of=len(pairs) + len(distractors)))
        case Ordering(items):
            return st.builds(Ordered, parts(len(items), of=len(items)))
        case Cloze(gaps):
            values = [some(len(gap.choices)) if isinstance(gap, ChoiceGap) else st.none() | TEXTS for gap in gaps]
            return st.builds(Filled, st.tuples(*values))
        case FreeText():
            return st.builds(Written, TEXTS)
        case _:
            assert_never(question.answer)


def corrected(question: Question, chance: random.Random) -> Question:
    """The question with another key, in another order."""
    match question.answer:
        case SingleChoice(options) | MultipleChoice(options):
            rights = chance.sample([option.is_right for option in options], len(options))
            keyed = [replace(option, is_right=is_right) for option, is_right in zip(options, rights, strict=True)]
            return replace(question, answer=replace(question.answer, options=tuple(chance.sample(keyed, len(keyed)))))
        case Matching(pairs) as matching:
            rights = chance.sample([pair.right for pair in pairs], len(pairs))
            exchanged = [replace(pair, right=right) for pair, right in zip(pairs, rights, strict=True)]
            return replace(question, answer=replace(matching, pairs=tuple(chance.sample(exchanged, len(exchanged)))))
        case Ordering(items):
            return replace(question, answer=Ordering(tuple(chance.sample(items, len(items)))))
        case ShortText():
            return replace(question, answer=samples.short_text("31", "ja").answer)
        case NumberInput():
            return replace(question, answer=samples.number(samples.between("1", "100")).answer)
        case Cloze(gaps) as cloze:
            return replace(question, answer=replace(cloze, gaps=tuple(corrected_gap(gap, chance) for gap in gaps)))
        case FreeText():
            return question
        case _:
            assert_never(question.answer)


def corrected_gap(gap: Gap, chance: random.Random) -> Gap:
    if isinstance(gap, ChoiceGap):
        return replace(gap, right=chance.randrange(len(gap.choices)))
    return samples.text_gap("31", "ja")


@st.composite
def answered(draw: st.DrawFn) -> tuple[Question, Response | None, Question]:
    """A question, an answer to it or none, and its correction; now and then quite another question."""
    asked = draw(questions())
    correction = (
        corrected(asked, draw(st.randoms(use_true_random=False))) if draw(st.integers(0, 9)) else draw(questions())
    )
    points = draw(st.sampled_from([None, Decimal(3), Decimal("0.5")]))
    correction = replace(
        correction, attributes=replace(correction.attributes, points=points, is_must=draw(st.booleans()))
    )
    given_answer = st.just(right_response(asked)) | responses(asked)  # As the wrong key wants it, or anything.
    return asked, draw(given_answer) if draw(st.integers(0, 5)) else None, correction


@pytest.mark.harden
@settings(max_examples=examples(60, hardened=3_000))
@given(st.lists(answered(), min_size=1, max_size=4), st.integers(1, 100))
def test_no_attempt_ever_scores_less(
    attempt: list[tuple[Question, Response | None, Question]], pass_percent: int
) -> None:
    before, after = [], []
    for asked, response, correction in attempt:
        own = grade(asked, response)
        better = raised(asked, response, correction, language="de")
        assert better is None or better.grade.fraction > own.fraction
        before.append((asked, own))
        after.append((better.question, better.grade) if better else (asked, own))
    old, new = (result(one, rules=TestRules(pass_percent=pass_percent)) for one in (before, after))
    assert new.points == old.points
    assert new.score >= old.score
    assert new.exact_percent >= old.exact_percent
    assert set(new.missed_must) <= set(old.missed_must)
    assert new.is_passed or not old.is_passed


@pytest.mark.parametrize(("asked", "response"), ANSWERED)
def test_a_question_that_did_not_change_raises_nothing(asked: Question, response: Response) -> None:
    again = regraded(asked, response, asked, language="de")
    assert again is not None
    assert (again.response, again.grade) == (response, grade(asked, response))
    assert raised(asked, response, asked, language="de") is None
    assert raised(asked, None, asked, language="de") is None


def test_how_much_a_question_counts_is_not_corrected() -> None:
    must = Attributes(id="alt", points=Decimal(2), is_must=True)
    asked = samples.multiple(True, True, False, False, attributes=must)
    correction = samples.multiple(False, True, True, False, attributes=Attributes(id="q", points=Decimal(3)))
    better = raised(asked, Choice(frozenset({2})), correction, language="de")
    assert better is not None
    assert better.grade.score == Decimal(1)
    assert not result([(better.question, better.grade)], rules=TestRules(pass_percent=1)).is_passed
    assert better.question.attributes == must


def test_the_generated_corrections_do_raise_some_answers() -> None:
    asked = samples.single(True, False, False)
    found = [corrected(asked, random.Random(seed)) for seed in range(20)]
    assert any(raised(asked, Choice(frozenset({1})), one, language="de") for one in found)

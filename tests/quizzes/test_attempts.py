"""The rules of a test: drawing, passing, trying again."""

import datetime
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.attempts import TestRules, attempts_left, deadline, draw, drawable, most_drawn, result, retry
from quizzes.grade import Grade
from quizzes.questions import Attributes, Pool, Question, QuestionSet
from tests.quizzes.samples import single


def asked(name: str, *, objective: str = "", points: str = "1") -> Question:
    return single(True, False, attributes=Attributes(id=name, objective=objective, points=Decimal(points)))


def must(name: str) -> Question:
    return single(True, False, attributes=Attributes(id=name, is_must=True))


def plain(count: int) -> QuestionSet:
    return QuestionSet(tuple(asked(f"q{number}") for number in range(count)))


def pool(draw_count: int | None, *members: int) -> Pool:
    return Pool(id="p", title="Pool", draw=draw_count, members=members)


def test_the_same_seed_draws_the_same_and_seeds_differ() -> None:
    questions = plain(24)
    draws = {draw(questions, count=10, seed=str(seed)) for seed in range(40)}
    assert draw(questions, count=10, seed="1") == draw(questions, count=10, seed="1")
    assert len(draws) == 40
    assert all(len(set(drawn)) == 10 for drawn in draws)


def test_without_a_number_everything_that_counts_is_drawn() -> None:
    before = single(True, False, attributes=Attributes(id="v", is_before=True))
    questions = QuestionSet((before, *plain(5).questions))
    assert sorted(draw(questions, count=None, seed="a")) == [1, 2, 3, 4, 5]
    assert drawable(questions) == (1, 2, 3, 4, 5)


@given(st.text(max_size=6), st.integers(0, 12))
def test_must_questions_are_always_drawn(seed: str, count: int) -> None:
    questions = QuestionSet((*plain(8).questions, must("m1"), must("m2")))
    drawn = draw(questions, count=count, seed=seed)
    assert {8, 9} <= set(drawn)
    assert len(drawn) == len(set(drawn)) == min(10, max(2, count))


@given(st.text(max_size=6))
def test_a_pool_contributes_its_share(seed: str) -> None:
    questions = QuestionSet(plain(10).questions, (pool(2, 0, 1, 2, 3), pool(9, 4, 5)))
    drawn = draw(questions, count=None, seed=seed)
    assert len(set(drawn) & {0, 1, 2, 3}) == 2
    assert len(set(drawn) & {4, 5}) == 2
    assert {6, 7, 8, 9} <= set(drawn)
    assert len(drawn) == most_drawn(questions) == 8


def test_a_pool_without_a_number_contributes_all() -> None:
    questions = QuestionSet(plain(3).questions, (pool(None, 0, 1),))
    assert sorted(draw(questions, count=None, seed="a")) == [0, 1, 2]


@given(st.text(max_size=6))
def test_variants_are_drawn_together_only_when_there_is_no_other_way(seed: str) -> None:
    twins = tuple(asked(f"z{number}", objective=f"ziel-{number // 2}") for number in range(6))
    questions = QuestionSet(twins)
    few = [twins[at].attributes.objective for at in draw(questions, count=3, seed=seed)]
    assert len(set(few)) == 3
    assert len(draw(questions, count=5, seed=seed)) == 5


@given(st.text(max_size=6))
def test_questions_asked_before_come_last(seed: str) -> None:
    assert set(draw(plain(10), count=4, seed=seed, avoid=range(6))) == {6, 7, 8, 9}


def graded(question: Question, fraction: Fraction) -> tuple[Question, Grade]:
    return question, Grade(fraction, question.points)


def outcome(fractions: Sequence[Fraction], *, pass_percent: int = 80) -> bool:
    answers = [graded(asked(str(number)), fraction) for number, fraction in enumerate(fractions)]
    return result(answers, rules=TestRules(pass_percent=pass_percent)).is_passed


def test_passing_compares_the_exact_value_and_only_the_shown_one_is_rounded() -> None:
    answers = [graded(asked("a", points="3"), Fraction(1)), graded(asked("b", points="197"), Fraction(156, 197))]
    almost = result(answers, rules=TestRules())
    assert almost.exact_percent == Fraction(159, 2)
    assert almost.shown_percent == 80
    assert not almost.is_passed
    assert outcome([Fraction(4, 5)] * 5)
    assert not outcome([Fraction(4, 5)] * 4 + [Fraction(79, 100)])


def test_thirds_add_up_exactly() -> None:
    assert outcome([Fraction(1, 3), Fraction(2, 3), Fraction(1), Fraction(1)], pass_percent=75)


def test_a_missed_must_question_keeps_a_test_from_being_passed() -> None:
    answers = [graded(asked(str(number)), Fraction(1)) for number in range(9)]
    missed = result([*answers, graded(must("melden"), Fraction(0))], rules=TestRules())
    assert missed.exact_percent == 90
    assert missed.missed_must == ("melden",)
    assert not missed.is_passed
    assert result([*answers, graded(must("melden"), Fraction(1))], rules=TestRules()).is_passed


def test_scores_and_points_are_summed() -> None:
    summed = result([graded(asked("a", points="2"), Fraction(1, 3))], rules=TestRules())
    assert (summed.score, summed.points, summed.shown_percent) == (Decimal("0.66667"), Decimal(2), 33)


def test_a_test_without_points_is_not_held_against_anybody() -> None:
    assert result([], rules=TestRules()).is_passed


def test_a_retry_asks_only_what_was_wrong_and_prefers_new_variants() -> None:
    questions = QuestionSet(
        (
            asked("a1", objective="a"),
            asked("a2", objective="a"),
            asked("a3", objective="a"),
            asked("b1", objective="b"),
            asked("c1"),
            replace(must("m1"), attributes=Attributes(id="m1", objective="a", is_must=True)),
        )
    )
    again = retry(questions, wrong=(0, 3, 4), asked=(0, 1, 3, 4), seed="x")
    assert again == (2, 3, 4)
    assert len(set(retry(questions, wrong=(0, 1), asked=(0, 1), seed="x"))) == 2


def test_attempts_are_unlimited_unless_the_module_says_otherwise() -> None:
    assert attempts_left(TestRules(), used=99) is None
    assert attempts_left(TestRules(attempts=3), used=1) == 2
    assert attempts_left(TestRules(attempts=3), used=5) == 0


@pytest.mark.parametrize(("extra", "minutes"), [(Fraction(1), 20), (Fraction(3, 2), 30), (Fraction(10), 200)])
def test_extra_time_multiplies_the_limit(extra: Fraction, minutes: int) -> None:
    started = datetime.datetime(2026, 11, 2, 9, 0, tzinfo=datetime.UTC)
    ends = deadline(TestRules(minutes=20), started=started, extra=extra)
    assert ends == started + datetime.timedelta(minutes=minutes)
    assert deadline(TestRules(), started=started) is None

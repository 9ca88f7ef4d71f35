"""The rules of a test: which questions are drawn, what passing means, what a further attempt asks.

Chance is a seed and time an argument, so an attempt can be drawn again exactly as it was.
"""

import datetime
import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from quizzes.grade import Grade
from quizzes.questions import Question, QuestionSet

HUNDRED = 100


class Show(StrEnum):
    """When the solutions of a test appear."""

    AFTER = "after"
    PASSED = "passed"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class TestRules:
    """The rules of a test module: `attempts` 0 means unlimited, `minutes` 0 no limit, `draw` None all questions."""

    __test__ = False

    pass_percent: int = 80
    attempts: int = 0
    minutes: int = 0
    draw: int | None = None
    show: Show = Show.AFTER


@dataclass(frozen=True, slots=True)
class TestResult:
    """What the answers to a drawn test come to. `exact_percent` decides, `shown_percent` is for reading."""

    __test__ = False

    score: Decimal
    points: Decimal
    exact_percent: Fraction
    missed_must: tuple[str, ...]
    is_passed: bool

    @property
    def shown_percent(self) -> int:
        """Whole percent, rounded half up."""
        return int(self.exact_percent + Fraction(1, 2))


def drawable(questions: QuestionSet) -> tuple[int, ...]:
    """The positions a test may ask; before-questions are never scored and so never drawn."""
    return tuple(at for at, question in enumerate(questions.questions) if not question.attributes.is_before)


def most_drawn(questions: QuestionSet) -> int:
    """How many questions one attempt can hold at most: all outside pools, and of each pool what it contributes."""
    pooled = {member for pool in questions.pools for member in pool.members}
    outside = [at for at in drawable(questions) if at not in pooled]
    return len(outside) + sum(
        len(pool.members) if pool.draw is None else min(pool.draw, len(pool.members)) for pool in questions.pools
    )


def draw(questions: QuestionSet, *, count: int | None, seed: str, avoid: Collection[int] = ()) -> tuple[int, ...]:
    """The positions one attempt asks, in the order it asks them.

    Each pool contributes its share first; of these and all others `count` are taken (None: all). `must` questions are
    always among them. Two variants of one objective are drawn together only when there is no other way, and questions
    in `avoid` (asked before) only after all others.
    """
    pooled = {member for pool in questions.pools for member in pool.members}
    candidates = [at for at in drawable(questions) if at not in pooled]
    for number, pool in enumerate(questions.pools):
        shuffled = _shuffled(pool.members, f"{seed}\npool {number}")
        share = len(shuffled) if pool.draw is None else pool.draw
        candidates += _preferred(questions, shuffled, avoid=avoid, taken=())[:share]
    must = [at for at in candidates if questions.questions[at].attributes.is_must]
    others = _shuffled([at for at in candidates if at not in must], f"{seed}\ndraw")
    wanted = len(candidates) if count is None else count
    chosen = must + _preferred(questions, others, avoid=avoid, taken=must)[: max(0, wanted - len(must))]
    return tuple(_shuffled(chosen, f"{seed}\norder"))


def result(answers: Iterable[tuple[Question, Grade]], *, rules: TestRules) -> TestResult:
    """The result of the drawn questions with their grades: passed at the pass mark and with every `must` right."""
    answered = list(answers)
    points = sum((grade.points for _, grade in answered), Decimal(0))
    earned = sum((Fraction(grade.points) * grade.fraction for _, grade in answered), Fraction(0))
    percent = earned / Fraction(points) * HUNDRED if points else Fraction(HUNDRED)
    missed = tuple(question.id for question, grade in answered if question.attributes.is_must and not grade.is_right)
    return TestResult(
        score=sum((grade.score for _, grade in answered), Decimal(0)),
        points=points,
        exact_percent=percent,
        missed_must=missed,
        is_passed=percent >= rules.pass_percent and not missed,
    )


def retry(questions: QuestionSet, *, wrong: Sequence[int], asked: Collection[int], seed: str) -> tuple[int, ...]:
    """What a further attempt asks: for each wrong question a variant that was not asked yet, else the question itself.

    `wrong` and `asked` are positions of the attempt before; the order of `wrong` is kept.
    """
    chosen: list[int] = []
    for at in wrong:
        variants = [other for other in _variants(questions, at) if other not in asked and other not in chosen]
        chosen.append(_shuffled(variants, f"{seed}\nretry {at}")[0] if variants else at)
    return tuple(chosen)


def attempts_left(rules: TestRules, *, used: int) -> int | None:
    """How many attempts remain; None when there is no limit."""
    return None if rules.attempts == 0 else max(0, rules.attempts - used)


def deadline(
    rules: TestRules, *, started: datetime.datetime, extra: Fraction = Fraction(1)
) -> datetime.datetime | None:
    """When an attempt ends; None without a time limit. `extra` is the factor of a person's extra time (2 is double)."""
    if rules.minutes == 0:
        return None
    return started + datetime.timedelta(seconds=int(rules.minutes * 60 * extra))


def _variants(questions: QuestionSet, at: int) -> list[int]:
    objective = questions.questions[at].attributes.objective
    if not objective:
        return []
    is_must = questions.questions[at].attributes.is_must
    return [
        other
        for other in drawable(questions)
        if other != at
        and questions.questions[other].attributes.objective == objective
        and questions.questions[other].attributes.is_must == is_must
    ]


def _preferred(
    questions: QuestionSet, positions: Sequence[int], *, avoid: Collection[int], taken: Sequence[int]
) -> list[int]:
    """The positions, those first that are new and whose objective no earlier one has."""
    objectives = {questions.questions[at].attributes.objective for at in taken} - {""}
    new, variants, known = [], [], []
    for at in positions:
        objective = questions.questions[at].attributes.objective
        if at in avoid:
            known.append(at)
        elif objective and objective in objectives:
            variants.append(at)
        else:
            objectives.add(objective)
            objectives.discard("")
            new.append(at)
    return new + variants + known


def _shuffled(positions: Sequence[int], key: str) -> list[int]:
    return sorted(positions, key=lambda at: hashlib.sha256(f"{key}\n{at}".encode()).digest())

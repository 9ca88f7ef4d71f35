"""Anonymous counters of questions, fed by first attempts as they are handed in.

Nothing in them names a person, so the answers themselves can be deleted and authors still learn which questions work.
"""

import functools
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, assert_never

from sqlalchemy import Executable
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from learning.study.attempts.queries import TakenAttempt
from learning.study.models import Tally
from quizzes.feedback import Feedback
from quizzes.responses import Choice, Filled, Matched, Ordered, Response, Typed, Written

WHOLE = -1
LONGEST_LABEL = 80
SUMS = ("answers", "item_sum", "item_squares", "total_sum", "total_squares", "product_sum")
NOTHING = dict.fromkeys(SUMS[1:], Decimal(0))


def count_attempt(session: Session, taken: TakenAttempt, told: tuple[Feedback | None, ...]) -> None:
    """Add a closed attempt: how each question came out beside the rest of the test, and what was given part by part.

    `total` is the share of all other questions, so that a question is not compared with itself.
    """
    keys = {one.position: one.source_key for one in taken.module.questions}
    shares = [float(one.grade.fraction) if one else 0.0 for one in told]
    rows: dict[tuple[int, int, str], dict[str, Any]] = {}
    for index, (at, response) in enumerate(zip(taken.row.drawn, taken.answers.responses, strict=True)):
        rest = shares[:index] + shares[index + 1 :]
        whole = _sums(shares[index], sum(rest) / len(rest) if rest else 0.0)
        for part, label in ((WHOLE, ""), *_given(response)):
            identity = (keys[at], part, label)
            rows[identity] = _row(identity) | (whole if part == WHOLE else {})
    # In one order everywhere, so that two people who hand in at once do not wait for each other in a circle.
    _add(session, [rows[identity] for identity in sorted(rows)])


def _sums(item: float, total: float) -> dict[str, Decimal]:
    values = (item, item * item, total, total * total, item * total)
    return {name: Decimal(str(round(value, 5))) for name, value in zip(SUMS[1:], values, strict=True)}


def _row(identity: tuple[int, int, str]) -> dict[str, Any]:
    revision_key, part, label = identity
    return {"revision_key": revision_key, "part": part, "label": label, "answers": 1, **NOTHING}


def _given(response: Response | None) -> Iterator[tuple[int, str]]:
    """What was given, part by part; free texts are nobody's statistics."""
    match response:
        case None | Written():
            return
        case Choice(options):
            yield from ((option, "") for option in sorted(options))
        case Typed(text):
            yield 0, _label(text)
        case Matched(values) | Ordered(values) | Filled(values):
            yield from ((part, _label(str(value))) for part, value in enumerate(values) if value is not None)
        case _:
            assert_never(response)


def _label(text: str) -> str:
    return " ".join(text.split()).casefold()[:LONGEST_LABEL]


def _add(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add the rows to those that are there. One statement: who hands in next waits for these rows until we are done."""
    if rows:
        session.connection().execute(_adding(session.get_bind().dialect.name), rows)


@functools.cache
def _adding(dialect: str) -> Executable:
    statement = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(Tally)
    added = {name: getattr(Tally, name) + statement.excluded[name] for name in SUMS}
    return statement.on_conflict_do_update(index_elements=["revision_key", "part", "label"], set_=added)

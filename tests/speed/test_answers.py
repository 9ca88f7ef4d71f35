"""What learners wait for in a test: one answer saved, and a whole test of ten questions from start to review."""

import json
import re
import time
import uuid
from collections.abc import Callable, Iterator

from sqlalchemy.orm import Session

from learning.study.attempts.queries import attempt_of, taken
from tests.figures import examples
from tests.learning.study.taking import right_fields
from tests.speed.authority import LEARNER
from tests.speed.conftest import House
from tests.speed.counting import queries_of
from tests.speed.measuring import Figure, keep_amount, keep_figure, keep_ratio, measure_in_turns
from tests.speed.visiting import Answer, Visitor

SAVES = examples(101, hardened=501)
TESTS = examples(21, hardened=41)
TEST = "/kurse/prozesse-aufnehmen/abschlusstest/test"
QUESTIONS = 10
MOST_SECONDS = 0.150


def begin(visitor: Visitor) -> tuple[str, Answer]:
    """Begin the test, or go on with the attempt in progress: its address, and the answer that leads there."""
    answer = visitor.post(TEST, {"zu": "1", "nach": "0"})()
    found = re.search(r"/versuche/[0-9a-f-]+", answer.headers["Location"])
    assert found, answer.headers
    return found[0], answer


def answers_of(house: House, address: str) -> list[dict[str, list[str]]]:
    """The right fields of each question of an attempt."""
    with Session(house.engine) as session:
        place = attempt_of(session, LEARNER, uuid.UUID(address.rpartition("/")[2]))
        assert place is not None
        return [{name: list(values) for name, values in one.items()} for one in right_fields(taken(session, place))]


def bodies(fields: dict[str, list[str]], item: int, *, base: int = 0) -> Iterator[str]:
    """Answers as a script sends them, each with a key of its own."""
    while True:
        yield json.dumps({"key": str(uuid.uuid4()), "item": item, "base": base, "fields": fields})
        base += 1


def test_saving_an_answer_beside_committing_one_row(house: House) -> None:
    visitor = house.visitor(LEARNER)
    address, _answer = begin(visitor)
    right = answers_of(house, address)
    filled, empty = bodies(right[0], 0), bodies(right[0], 0)

    def save() -> None:
        answer = visitor.post_json(f"{address}/antworten", next(filled))()
        assert answer.status == 200, answer.text

    def commit() -> None:
        answer = visitor.post_json("/boden", next(empty))()
        assert answer.status == 200, answer.text

    name = f"{house.kind}: save one answer"
    keep_amount(name, len(queries_of(house, save)), "queries")
    figures = measure_in_turns({name: save, f"{name}, floor": commit}, runs=SAVES)
    keep_ratio(f"{name} / floor", figures[name], figures[f"{name}, floor"], limit=2.0)


def test_a_test_of_ten_questions_from_start_to_review(house: House) -> None:
    visitor = house.visitor(LEARNER)
    ways = {"by scripts": by_scripts, "by forms": by_forms}
    found: dict[str, list[float]] = {way: [] for way in ways}
    requests: dict[str, int] = {}
    for turn in range(TESTS + 1):
        for way, walk in ways.items():
            clock = Stopwatch()
            walk(house, visitor, clock)
            requests[way] = clock.requests
            if turn:
                found[way].append(clock.seconds)
    for way, seconds in found.items():
        name = f"{house.kind}: test of ten questions {way}, {requests[way]} requests"
        figure: Figure = keep_figure(name, seconds, limit=MOST_SECONDS)
        keep_amount(name, figure.median * 1000, "ms", limit=MOST_SECONDS * 1000)


class Stopwatch:
    """Adds up what requests take, and nothing of what the test does between them."""

    def __init__(self) -> None:
        self.seconds, self.requests = 0.0, 0

    def __call__(self, ask: Callable[[], Answer], *expected: int) -> Answer:
        begun = time.perf_counter()
        answer = ask()
        self.seconds += time.perf_counter() - begun
        self.requests += 1
        assert answer.status in (expected or (200,)), (answer.status, answer.text[:500])
        return answer


def started(house: House, visitor: Visitor, clock: Stopwatch) -> tuple[str, list[dict[str, list[str]]]]:
    """The rules, the beginning, the first question; then the address and the answers, which no browser would know."""
    page = clock(visitor.get(TEST)).text
    after = re.search(r'name="nach" value="(\d+)"', page)
    assert after
    answer = clock(visitor.post(TEST, {"zu": "1", "nach": after[1]}), 303)
    found = re.search(r"/versuche/[0-9a-f-]+", answer.headers["Location"])
    assert found
    clock(visitor.get(f"{found[0]}/fragen/1"))
    fields = answers_of(house, found[0])
    assert len(fields) == QUESTIONS
    return found[0], fields


def by_scripts(house: House, visitor: Visitor, clock: Stopwatch) -> None:
    """As a browser with scripts: all questions at once, each answer saved as JSON."""
    address, fields = started(house, visitor, clock)
    clock(visitor.get(f"{address}/fragen"))
    for item, own in enumerate(fields):
        clock(visitor.post_json(f"{address}/antworten", next(bodies(own, item))))
    clock(visitor.get(f"{address}/abgabe"))
    handed_in(visitor, clock, address)


def by_forms(house: House, visitor: Visitor, clock: Stopwatch) -> None:
    """As a browser without scripts: each answer turns to the next page."""
    address, fields = started(house, visitor, clock)
    for item, own in enumerate(fields):
        target = str(item + 2) if item + 1 < QUESTIONS else "abgabe"
        form = {"stelle": item + 1, "schluessel": str(uuid.uuid4()), "fassung": 0, "zu": target, **own}
        answer = clock(visitor.post(address, form), 303)
        clock(visitor.get(answer.headers["Location"]))
    handed_in(visitor, clock, address)


def handed_in(visitor: Visitor, clock: Stopwatch, address: str) -> None:
    """Hand in and read the result."""
    answer = clock(visitor.post(address, {"zu": "ergebnis"}), 303)
    page = clock(visitor.get(answer.headers["Location"])).text
    assert "10 von 10" in page or "100" in page, page[:500]

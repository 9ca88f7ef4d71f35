"""Generated histories of people: cycles with every combination of dates, written as facts without any action.

`histories` draws them for Hypothesis, which makes a failing one small; `drawn_history` makes many of them quickly.
"""

import datetime
import random
import uuid
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import count

from hypothesis import strategies as st
from sqlalchemy import insert
from sqlalchemy.orm import Session

from learning.obligations.models import AssignmentRule, Cycle, Proof, Suspension
from learning.obligations.rules import SOON_DAYS, Absence, Completion, CycleDates, effective_due_on
from learning.people.models import Person, Unit
from tests.learning.obligations.office import DAY, TODAY, noon

UNITS, RULES = 3, 3


@dataclass(frozen=True)
class History:
    """One person: the cycles of one or two rules, and the days of absence.

    A cycle is its rule, its facts, the proof that counts, and whether the next one followed. Of a rule only the last
    cycle may be neither followed nor closed.
    """

    unit: int
    cycles: tuple[tuple[int, CycleDates, Completion | None, bool], ...]
    absences: tuple[Absence, ...]


def days(first: int, last: int) -> st.SearchStrategy[datetime.date]:
    return st.integers(first, last).map(lambda number: TODAY + number * DAY)


@st.composite
def absences(draw) -> tuple[Absence, ...]:
    """Up to four suspensions that do not overlap; the next day after one may begin another."""
    begin = draw(days(-220, 60))
    found = []
    for gap, length in draw(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 90)), max_size=4)):
        first = begin + gap * DAY
        found.append(Absence(first, first + (length - 1) * DAY))
        begin = first + length * DAY
    return tuple(found)


@st.composite
def cycle_facts(draw) -> tuple[CycleDates, Completion | None, bool]:
    opens_on = draw(days(-200, 100))
    due_on = opens_on + draw(st.sampled_from((0, 1, 7, 13, 14, 15, 30, 90))) * DAY
    exempt_from = draw(st.none() | days(-200, 200))
    exempt_until = exempt_from and draw(st.none() | st.integers(0, 90).map(lambda number: exempt_from + number * DAY))
    dates = CycleDates(
        opens_on=opens_on,
        due_on=due_on,
        closed_on=draw(st.none() | st.none() | days(-200, 60)),
        exempt_from=exempt_from,
        exempt_until=exempt_until,
    )
    completion = draw(st.none() | st.none() | days(-200, 60).map(Completion))
    return dates, completion, draw(st.integers(0, 9)) == 0


@st.composite
def histories(draw) -> History:
    rules = draw(st.sets(st.integers(0, RULES - 1), min_size=1, max_size=2))
    return History(
        unit=draw(st.integers(0, UNITS - 1)),
        cycles=tuple((rule, *draw(cycle_facts())) for rule in sorted(rules)),
        absences=draw(st.just(()) | absences()),
    )


def drawn_history(chance: random.Random) -> History:
    """A person as above, with earlier cycles too: fulfilled and followed, or closed and asked again."""
    cycles = []
    for rule in sorted(chance.sample(range(RULES), chance.choice((1, 1, 2)))):
        cycles += [(rule, *_earlier_facts(chance)) for _earlier in range(chance.choice((0, 0, 0, 1, 2)))]
        cycles.append((rule, *_drawn_facts(chance)))
    return History(chance.randrange(UNITS), tuple(cycles), _drawn_absences(chance) if chance.random() < 0.5 else ())


def _drawn_facts(chance: random.Random) -> tuple[CycleDates, Completion | None, bool]:
    opens_on = TODAY + chance.randint(-200, 100) * DAY
    exempt_from = TODAY + chance.randint(-200, 200) * DAY if chance.random() < 0.4 else None
    dates = CycleDates(
        opens_on=opens_on,
        due_on=opens_on + chance.choice((0, 1, 7, 13, 14, 15, 30, 90)) * DAY,
        closed_on=TODAY + chance.randint(-200, 60) * DAY if chance.random() < 0.2 else None,
        exempt_from=exempt_from,
        exempt_until=exempt_from + chance.randint(0, 90) * DAY if exempt_from and chance.random() < 0.6 else None,
    )
    completion = Completion(TODAY + chance.randint(-200, 60) * DAY) if chance.random() < 0.3 else None
    return dates, completion, chance.random() < 0.1


def _earlier_facts(chance: random.Random) -> tuple[CycleDates, Completion | None, bool]:
    """A cycle that is over: its proof ran out, or was corrected, or the person was not meant for a while."""
    dates, completion, _is_followed = _drawn_facts(chance)
    if chance.random() < 0.5:
        return replace(dates, closed_on=None), completion or Completion(dates.opens_on), True
    return replace(dates, closed_on=dates.closed_on or dates.due_on), completion, False


def _drawn_absences(chance: random.Random) -> tuple[Absence, ...]:
    first, found = TODAY + chance.randint(-220, 60) * DAY, []
    for _ in range(chance.randint(1, 4)):
        first += chance.randint(0, 40) * DAY
        found.append(Absence(first, first + chance.randint(0, 89) * DAY))
        first = found[-1].until_on + DAY
    return tuple(found)


def telling_days(chance: random.Random, dates: CycleDates, absences: tuple[Absence, ...]) -> list[datetime.date]:
    """Days on which a status is likely to turn, the days beside them, and one of any time."""
    due_on = effective_due_on(dates.opens_on, dates.due_on, absences)
    turns = [dates.opens_on, dates.due_on, due_on, due_on - SOON_DAYS * DAY]
    turns += [day for day in (dates.closed_on, dates.exempt_from, dates.exempt_until) if day is not None]
    turns += [day for absence in absences for day in (absence.from_on, absence.until_on)]
    beside = [day + chance.randint(-1, 1) * DAY for day in chance.sample(turns, 3)]
    return sorted({*beside, TODAY + chance.randint(-250, 250) * DAY})


@dataclass
class Written:
    """The histories as rows: cycle key -> facts, with the person's absences, rule and unit key."""

    session: Session
    cycles: dict[int, tuple[CycleDates, Completion | None, bool, tuple[Absence, ...]]] = field(default_factory=dict)
    groups: dict[int, tuple[int, int]] = field(default_factory=dict)

    def write(self, people: list[History]) -> None:
        """A handful of statements whatever the number of histories."""
        session, now = self.session, noon(TODAY)
        units = [
            {"key": 900 + number, "id": uuid.uuid4(), "hr_key": f"H{number}", "name": f"Team {number}"}
            | {"name_key": f"team {number}", "path": f"/{900 + number}/"}
            for number in range(UNITS)
        ]
        session.execute(insert(Unit), units)
        persons, rules, suspensions, proofs, cycles = [], [], [], [], []
        numbers = count(9000)
        for key, history in enumerate(people, start=9000):
            persons.append(
                {"key": key, "id": uuid.uuid4(), "hr_key": f"H{key}", "given_name": "N", "family_name": "D"}
                | {"name_key": f"d{key}", "mail": "", "unit_key": 900 + history.unit}
            )
            suspensions += [
                {"person_key": key, "from_on": each.from_on, "until_on": each.until_on, "recorded_at": now}
                for each in history.absences
            ]
            cycle_numbers: Counter[int] = Counter()
            for rule, dates, completion, is_followed in history.cycles:
                number = next(numbers)
                cycle_numbers[rule] += 1
                if completion is not None:
                    proofs.append(_proof(number, key, completion))
                cycle = _cycle(number, key, history.unit, rule, dates, completion, is_followed)
                cycles.append(cycle | {"number": cycle_numbers[rule]})
                self.cycles[number] = (dates, completion, is_followed, history.absences)
                self.groups[number] = (900 + rule, 900 + history.unit)
        session.execute(insert(Person), persons)
        rules = [
            {"key": 900 + rule, "id": uuid.uuid4(), "course_id": f"kurs-{rule}", "title": f"Kurs {rule}"}
            | {"anchor": "rule_start", "days": 30, "starts_on": TODAY, "request_key": str(uuid.uuid4())}
            | {"is_for_everyone": True, "made_by": 9000, "made_at": now}
            for rule in range(RULES)
        ]
        session.execute(insert(AssignmentRule), rules)
        for model, rows in ((Suspension, suspensions), (Proof, proofs), (Cycle, cycles)):
            if rows:
                session.execute(insert(model), rows)


def _proof(number: int, person: int, completion: Completion) -> dict[str, object]:
    return {
        "key": number,
        "id": uuid.uuid4(),
        "person_key": person,
        **dict.fromkeys(("hr_key", "person_name", "unit_name", "course_id", "course_title"), "x"),
        "mode": "online",
        "understanding": "passed",
        "completed_on": completion.completed_on,
        "recorded_at": noon(TODAY),
        "previous_hash": f"{number}",
        "hash": f"h{number}",
    }


def _cycle(
    number: int, person: int, unit: int, rule: int, dates: CycleDates, completion: Completion | None, is_followed: bool
) -> dict[str, object]:
    return {
        "key": number,
        "rule_key": 900 + rule,
        "person_key": person,
        "unit_key": 900 + unit,
        "course_id": f"kurs-{rule}",
        "opens_on": dates.opens_on,
        "due_on": dates.due_on,
        "original_due_on": dates.due_on,
        "counts_from": dates.opens_on,
        "proof_key": number if completion else None,
        "fulfilled_on": completion.completed_on if completion else None,
        "followed_on": TODAY if is_followed else None,
        "closed_on": dates.closed_on,
        "exempt_from": dates.exempt_from,
        "exempt_until": dates.exempt_until,
        "recorded_at": noon(TODAY),
    }

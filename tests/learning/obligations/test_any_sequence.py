"""Whatever people and HR do in whatever order: cycles stay in step, totals stay true, nobody starts overdue."""

import datetime
from collections import Counter
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select

from learning.obligations import actions, cycles, overviews, projection, proofs, rules, status_sql
from learning.obligations.models import Cycle, Proof, ProofCorrection, Suspension
from learning.obligations.rules import Absence, Completion, CycleDates, Status
from learning.people.models import Unit
from tests.figures import examples
from tests.learning.obligations.office import DAY, TODAY, Office, noon, undone

pytestmark = pytest.mark.slow

PEOPLE = 5
STEPS = ("complete", "import", "leave", "return", "move", "suspend", "unsuspend", "exempt", "correct", "end", "wait")
RECURRENCES = (
    {},
    {"recurrence": "completion", "period_months": 12, "window_days": 60, "min_active_days": 60},
    {"recurrence": "due", "period_months": 6, "window_days": 30, "min_active_days": 90},
    {"recurrence": "season", "period_months": 12, "window_days": 45, "min_active_days": 100}
    | {"season_month": 3, "season_day": 31},
)
steps = st.tuples(st.sampled_from(STEPS), st.integers(0, PEOPLE - 1), st.integers(0, 400), st.booleans())


class Story:
    """An office in which the steps of an example happen."""

    def __init__(self, office: Office, recurrence: int) -> None:
        self.office, self.session, self.today = office, office.session, TODAY
        self.units = [office.unit("Nord", office.root), office.unit("Süd", office.root)]
        self.units.append(office.unit("Süd 1", self.units[1]))
        self.people = [office.person(self.units[number % 3]) for number in range(PEOPLE)]
        self.rules = [
            office.rule("datenschutz", repeat_course_id="kurz", **RECURRENCES[recurrence]),
            office.rule("brandschutz", units=((self.units[1], True),), counts_since=TODAY - 300 * DAY),
        ]
        self.sweep()

    def sweep(self) -> cycles.Swept:
        return cycles.sweep(self.session, today=self.today, now=noon(self.today))

    def happen(self, step: str, number: int, amount: int, flag: bool) -> None:
        person, now = self.people[number], noon(self.today)
        course = "datenschutz" if flag else ("kurz", "brandschutz")[amount % 2]
        match step:
            case "complete" | "import":
                on = self.today - (amount if step == "import" else 0) * DAY
                completed = proofs.Completed(person_key=person.key, course_id=course, completed_on=on)
                proofs.write_proof(self.session, completed, now=now)
            case "leave" | "return":
                person.is_active = step == "return"
            case "move":
                person.unit_key = self.units[amount % 3].key
            case "suspend":
                first = self.today + (amount % 90 - 30) * DAY
                try:
                    until = first + amount * DAY
                    actions.suspend(self.session, person.key, from_on=first, until_on=until, actor=None, now=now)
                except actions.Overlapping:
                    pass
            case "unsuspend":
                found = select(Suspension).where(Suspension.person_key == person.key).limit(1)
                if suspension := self.session.scalar(found):
                    actions.withdraw_suspension(self.session, suspension, now=now)
            case "exempt":
                until = self.today + amount * DAY if flag else None
                rule_key, today = self.rules[amount % 2].key, self.today
                with suppress(actions.NotInRule, actions.AlreadyFulfilled):
                    facts = {"reason": "other", "from_on": today, "until_on": until, "now": now}
                    actions.exempt(self.session, person.key, rule_key=rule_key, **facts)
            case "correct":
                corrected = select(ProofCorrection.proof_key)
                found = select(Proof).where(Proof.person_key == person.key, Proof.key.not_in(corrected)).limit(1)
                if proof := self.session.scalar(found):
                    self.correct(proof, amount, flag)
            case "end":
                actions.end_rule(self.session, self.rules[1], last_day=self.today + amount * DAY, now=now)
            case "wait":
                self.today += amount * DAY
                self.sweep()
        if step in ("leave", "return", "move"):
            cycles.sweep(self.session, cycles.Reach(people=[person.key]), today=self.today, now=now)

    def correct(self, proof: Proof, amount: int, flag: bool) -> None:
        replacement = None
        if flag:
            on = min(self.today, proof.completed_on + (amount % 30 - 15) * DAY)
            replacement = proofs.Completed(person_key=proof.person_key, course_id=proof.course_id, completed_on=on)
        actor = self.people[0].key
        proofs.correct_proof(
            self.session, proof, reason="wrong", corrected_by=actor, replacement=replacement, now=noon(self.today)
        )

    def expected(self, today: datetime.date) -> Counter[Status]:
        absences: dict[int, list[Absence]] = {}
        for each in self.session.scalars(select(Suspension).where(Suspension.withdrawn_at.is_(None))):
            absences.setdefault(each.person_key, []).append(Absence(each.from_on, each.until_on))
        found: Counter[Status] = Counter()
        for cycle in self.session.scalars(select(Cycle).where(status_sql.is_current())):
            dates = CycleDates(cycle.opens_on, cycle.due_on, cycle.closed_on, cycle.exempt_from, cycle.exempt_until)
            completion = Completion(cycle.fulfilled_on) if cycle.fulfilled_on else None
            found[rules.status(dates, completion, absences.get(cycle.person_key, ()), today)] += 1
        return found


@pytest.mark.harden
@settings(max_examples=examples(25, hardened=1_000))
@given(recurrence=st.integers(0, len(RECURRENCES) - 1), story=st.lists(steps, min_size=3, max_size=12))
def test_totals_and_cycles_stay_in_step(engine: Engine, recurrence: int, story) -> None:
    with undone(engine) as session:
        office = Office(session)
        told = Story(office, recurrence)
        for step in story:
            told.happen(*step)
            session.expire_all()
            assert projection.differences(session) == [], step
            seen = overviews.overview(session, within=Unit.key > 0, today=told.today)
            assert {status: n for status, n in seen.total.by_status.items() if n} == told.expected(told.today)
        told.sweep()
        assert told.sweep() == cycles.Swept(), "a second sweep finds nothing to do"
        assert projection.differences(session) == []
        assert proofs.verify_chain(session) == []
        assert session.scalar(select(func.count()).where(Cycle.due_on < Cycle.opens_on)) == 0
        twice = select(Cycle.proof_key, Cycle.rule_key).where(Cycle.proof_key.is_not(None), Cycle.closed_on.is_(None))
        rows = session.execute(twice).all()
        assert len(rows) == len(set(rows)), "a proof counts once in a rule"


@pytest.mark.harden
@settings(max_examples=examples(20, hardened=500))
@given(recurrence=st.integers(0, len(RECURRENCES) - 1), story=st.lists(steps, min_size=2, max_size=10))
def test_nobody_is_overdue_on_the_day_a_cycle_opens(engine: Engine, recurrence: int, story) -> None:
    with undone(engine) as session:
        told = Story(Office(session), recurrence)
        for step in story:
            before = session.scalar(select(func.max(Cycle.key))) or 0
            told.happen(*step)
            late = select(Cycle.key).where(Cycle.key > before, status_sql.status(told.today) == Status.OVERDUE.value)
            assert session.scalars(late).all() == [], step

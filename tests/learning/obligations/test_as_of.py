"""What was said on a day stays what was said: the status as of a day asks the facts recorded until then, no others."""

import datetime
import random
from collections import Counter
from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Date, Engine, Integer, MetaData, Table, delete, insert, select, update
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateTable, DropTable

from learning.database import UtcMoment
from learning.obligations import actions, cycles, facts_sql, overviews, queries, retention, rules, status_sql
from learning.obligations.facts_sql import FactsUntil, facts_until
from learning.obligations.history import CycleHistory, RecordedAbsence, SaidExemption, absences_at, status_as_of
from learning.obligations.models import Cycle, ErasedHistory, Exemption, Proof, Suspension
from learning.obligations.overviews import Overview
from learning.obligations.queries import Filters, PeopleList
from learning.obligations.rules import Absence, Status, end_of_day
from learning.people.models import Unit
from tests.figures import examples
from tests.learning.obligations.histories import Written, drawn_history, telling_days
from tests.learning.obligations.office import DAY, TODAY, Office, noon, undone
from tests.learning.obligations.test_any_sequence import PEOPLE, RECURRENCES, STEPS, Story

MANY = examples(500, hardened=2_000)
SECOND = datetime.timedelta(seconds=1)

ASKED = Table(
    "asked_as_of",
    MetaData(),
    Column("cycle_key", Integer, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("end", UtcMoment),
    prefixes=["TEMPORARY"],
)


# Python and SQL ------------------------------------------------------------------------------------------------------


@pytest.mark.harden
@pytest.mark.parametrize("seed", range(examples(1, hardened=10)))
def test_python_and_sql_agree_on_what_was_known_at_the_end_of_a_day(engine: Engine, seed: int) -> None:
    """20,000 histories under ./dev harden, each fact with a moment of its own, several days of each cycle."""
    chance = random.Random(seed)
    with undone(engine) as session:
        compare_each_cycle(session, recorded_histories(session, chance, MANY), chance)


def _everything(_facts: FactsUntil, _moment: object) -> object:
    return facts_sql.literal(value=True)


BROKEN = {
    "what was recorded later counts": ("is_recorded", _everything),
    "suspensions are those of now": ("counts", facts_sql.Facts.counts),
    "proofs are those of now": ("fulfilled_on", facts_sql.Facts.fulfilled_on),
    "exemptions are those of now": ("exempt_from", facts_sql.Facts.exempt_from),
    "cycles are those of now": ("is_current", facts_sql.Facts.is_current),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_the_comparison_notices_a_filter_that_lets_later_facts_through(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    chance = random.Random(1)
    monkeypatch.setattr(FactsUntil, *BROKEN[broken])
    with undone(engine) as session:
        histories = recorded_histories(session, chance, 100)
        with pytest.raises(AssertionError, match="CycleHistory"):
            compare_each_cycle(session, histories, chance)


def test_a_fact_belongs_to_the_day_that_clocks_in_berlin_show(office: Office, session: Session) -> None:
    """Half past eleven in the evening by universal time is the next day here, in summer and in winter."""
    person, (day, late) = office.person(), (datetime.date(2026, 7, 1), datetime.time(22, 30, tzinfo=datetime.UTC))
    office.rule(starts_on=day)
    cycles.sweep(session, today=day, now=noon(day))
    facts = {"from_on": day, "until_on": day + 9 * DAY, "actor": None}
    actions.suspend(session, person.key, **facts, now=datetime.datetime.combine(day, late))
    assert statuses_as_of(session, day) == [Status.OPEN]
    assert statuses_as_of(session, day + DAY) == [Status.SUSPENDED]


def statuses_as_of(session: Session, day: datetime.date) -> list[Status]:
    facts = facts_until(day)
    found = select(status_sql.status(day, facts)).select_from(Cycle).where(facts.is_current())
    return [Status(value) for value in session.scalars(found)]


def recorded_histories(session: Session, chance: random.Random, people: int) -> dict[int, CycleHistory]:
    """Written histories by cycle key, every fact recorded at a moment that has nothing to do with its days."""
    written = Written(session)
    written.write([drawn_history(chance) for _ in range(people)])
    rows = session.execute(select(Cycle.key, Cycle.person_key, Cycle.followed_on)).all()
    absences = {person: drawn_records(chance, session, person) for person in {row.person_key for row in rows}}
    histories = {}
    for key, person, followed_on in rows:
        dates, proof, *_rest = written.cycles[key]
        histories[key] = CycleHistory(
            dates=dates,
            recorded_at=moment(chance),
            proof=proof,
            proof_recorded_at=moment(chance) if proof else None,
            followed_on=followed_on and TODAY + chance.randint(-200, 60) * DAY,
            exemptions=drawn_exemptions(chance) if chance.random() < 0.4 else (),
            absences=absences[person],
        )
    record(session, histories, absences)
    return histories


def moment(chance: random.Random) -> datetime.datetime:
    """Some moment around the days of the histories, often the first or the last of a day."""
    day = TODAY + chance.randint(-220, 100) * DAY
    return chance.choice((end_of_day(day), end_of_day(day) - SECOND, noon(day)))


def drawn_exemptions(chance: random.Random) -> tuple[SaidExemption, ...]:
    """Up to three words of HR in the order of their moments; some take the exemption back."""
    said = []
    for recorded_at in sorted({moment(chance) for _ in range(chance.randint(1, 3))}):
        begin = TODAY + chance.randint(-200, 100) * DAY if chance.random() < 0.8 else None
        end = begin + chance.randint(0, 200) * DAY if begin and chance.random() < 0.5 else None
        said.append(SaidExemption(begin, end, recorded_at))
    return tuple(said)


def drawn_records(chance: random.Random, session: Session, person: int) -> tuple[RecordedAbsence, ...]:
    """The person's suspensions; some stood for other days at first, which were withdrawn before."""
    found = []
    days = select(Suspension.from_on, Suspension.until_on).where(Suspension.person_key == person)
    for from_on, until_on in session.execute(days).all():
        first, second, third = sorted(moment(chance) for _ in range(3))
        if chance.random() < 0.4:
            shorter = Absence(from_on, from_on + chance.randint(0, (until_on - from_on).days) * DAY)
            found.append(RecordedAbsence(shorter, first, second))
        found.append(RecordedAbsence(Absence(from_on, until_on), third, None))
    return tuple(found)


def record(
    session: Session, histories: dict[int, CycleHistory], absences: dict[int, tuple[RecordedAbsence, ...]]
) -> None:
    moments = [{"key": key, "recorded_at": each.recorded_at} for key, each in histories.items()]
    followed = [{"key": key, "followed_on": each.followed_on} for key, each in histories.items()]
    session.execute(update(Cycle), moments)
    session.execute(update(Cycle), followed)
    proofs = [{"key": key, "recorded_at": each.proof_recorded_at} for key, each in histories.items() if each.proof]
    session.execute(update(Proof), proofs)
    said = [
        {"cycle_key": key, "from_on": one.from_on, "until_on": one.until_on, "recorded_at": one.recorded_at}
        for key, each in histories.items()
        for one in each.exemptions
    ]
    session.execute(insert(Exemption), said)
    session.execute(delete(Suspension))
    rows = [
        {"person_key": person, "from_on": one.absence.from_on, "until_on": one.absence.until_on}
        | {"recorded_at": one.recorded_at, "withdrawn_at": one.withdrawn_at}
        for person, each in absences.items()
        for one in each
    ]
    session.execute(insert(Suspension), rows)


def compare_each_cycle(session: Session, histories: dict[int, CycleHistory], chance: random.Random) -> None:
    """Status and due date of each cycle as of days on which its dates turn and on which something was recorded."""
    asked = {(key, day) for key, each in histories.items() for day in days_to_ask(chance, each)}
    session.execute(CreateTable(ASKED))
    rows = [{"cycle_key": key, "day": day, "end": end_of_day(day)} for key, day in sorted(asked)]
    session.execute(ASKED.insert(), rows)
    facts = FactsUntil(ASKED.c.day, ASKED.c.end)
    columns = (facts.is_current(), status_sql.status(ASKED.c.day, facts), status_sql.effective_due_on(facts))
    found = session.execute(select(Cycle.key, ASKED.c.day, *columns).join(ASKED, ASKED.c.cycle_key == Cycle.key)).all()
    session.execute(DropTable(ASKED))
    assert len(found) == len(asked)
    seen = Counter(Status(status) if counts else None for _key, _day, counts, status, _due_on in found)
    assert set(seen) == {None, *Status} - {Status.CLOSED}, f"every status is met: CycleHistory {seen}"
    for key, day, counts, in_sql, due_on in found:
        history = histories[key]
        assert (Status(in_sql) if counts else None) == status_as_of(history, day), (history, day)
        then = absences_at(history.absences, end_of_day(day))
        assert due_on == rules.effective_due_on(history.dates.opens_on, history.dates.due_on, then), (history, day)


def days_to_ask(chance: random.Random, history: CycleHistory) -> list[datetime.date]:
    moments = [history.recorded_at, history.proof_recorded_at, *(each.recorded_at for each in history.exemptions)]
    for each in history.absences:
        moments += [each.recorded_at, each.withdrawn_at]
    recorded_on = [rules.local_day(each) + chance.randint(-1, 1) * DAY for each in moments if each is not None]
    turning = telling_days(chance, history.dates, tuple(each.absence for each in history.absences))
    return sorted({*turning, *chance.sample(recorded_on, min(3, len(recorded_on)))})


# What was shown ------------------------------------------------------------------------------------------------------

steps = st.tuples(
    st.sampled_from((*STEPS, "unexempt", "wait", "wait")),
    st.integers(0, PEOPLE - 1),
    st.integers(0, 400),
    st.booleans(),
)


@dataclass(frozen=True)
class Shown:
    """What the pages of HR showed on a day."""

    people: PeopleList
    overview: Overview


class RememberedStory(Story):
    """A story of which somebody wrote down at the end of each day what the pages showed."""

    def __init__(self, office: Office, recurrence: int) -> None:
        self.shown: dict[datetime.date, Shown] = {}
        super().__init__(office, recurrence)

    def happen(self, step: str, number: int, amount: int, flag: bool) -> None:
        match step:
            case "wait":
                self.remember(self.today)
                self.remember(self.today + amount // 2 * DAY)
                super().happen(step, number, amount, flag)
            case "unexempt":
                rule = self.rules[amount % 2].key
                last_day = self.today + (amount % 20 - 10) * DAY
                try:
                    facts = {"rule_key": rule, "last_day": last_day, "now": noon(self.today)}
                    actions.end_exemption(self.session, self.people[number].key, **facts)
                except (actions.NotInRule, actions.AlreadyFulfilled):
                    pass
            case _:
                super().happen(step, number, amount, flag)

    def remember(self, day: datetime.date) -> None:
        """Later words about a day replace earlier ones: what counts is what its end showed."""
        self.shown[day] = shown(self.session, day)


def shown(session: Session, day: datetime.date, **facts: FactsUntil) -> Shown:
    asked = {"within": Unit.key > 0, "today": day, **facts}
    overview = replace(overviews.overview(session, **asked), first_day=None)
    return Shown(people=queries.people_list(session, Filters(), **asked), overview=overview)


@pytest.mark.harden
@settings(max_examples=examples(6, hardened=300))
@given(recurrence=st.integers(0, len(RECURRENCES) - 1), story=st.lists(steps, min_size=3, max_size=14))
def test_what_was_said_on_a_day_stays_what_was_said(engine: Engine, recurrence: int, story) -> None:
    """Also after deletions, from the first day on that can be told then."""
    with undone(engine) as session:
        told = RememberedStory(Office(session), recurrence)
        for step in (*story, ("wait", 0, 30, False)):
            told.happen(*step)
        for day, then in told.shown.items():
            assert shown(session, day, facts=facts_until(day)) == then, day
        for _year in range(2):
            told.happen("wait", 0, 400, False)
        retention.erase_proofs(session, today=told.today, now=noon(told.today))
        first_day = overviews.overview(session, within=Unit.key > 0, today=told.today).first_day
        assert first_day is not None
        for day, then in told.shown.items():
            if day >= first_day:
                assert shown(session, day, facts=facts_until(day)) == then, day


LATER = BROKEN | {
    "units are those of now": ("unit_key", facts_sql.Facts.unit_key),
    "validity is that of now": ("valid_until", facts_sql.Facts.valid_until),
}


@pytest.mark.parametrize("broken", LATER)
def test_what_is_entered_later_shows_where_a_filter_lets_it_through(
    office: Office, session: Session, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    told = RememberedStory(office, 1)
    told.happen("exempt", 0, 90, True)
    told.happen("suspend", 1, 30, True)
    told.remember(TODAY)
    told.today += 5 * DAY
    for step in (("unexempt", 0, 0), ("unsuspend", 1, 0), ("import", 2, 5), ("move", 3, 1), ("leave", 4, 0)):
        told.happen(*step, True)
    then, facts = told.shown[TODAY], facts_until(TODAY)
    assert shown(session, TODAY, facts=facts) == then
    assert shown(session, told.today, facts=facts_until(told.today)) == shown(session, told.today) != then
    # Statements that were put together before would not know of it, and later ones shall not either.
    monkeypatch.setattr(queries, "duty_rows", queries.duty_rows.__wrapped__)
    monkeypatch.setattr(status_sql, "effective_due_on", status_sql.effective_due_on.__wrapped__)
    monkeypatch.setattr(FactsUntil, *LATER[broken])
    assert shown(session, TODAY, facts=facts) != then


def test_a_deleted_period_moves_the_first_day_and_nothing_else_does(office: Office, session: Session) -> None:
    person = office.person()
    office.yearly()
    office.sweep(TODAY)
    for years in range(1, 5):
        day = TODAY.replace(year=TODAY.year + years)
        office.prove(person, day - 40 * DAY)
        office.sweep(day)
        retention.erase_proofs(session, today=day, now=noon(day))
    erased = session.scalars(select(ErasedHistory.first_day)).one()
    left = office.cycles_of(person)
    assert erased == min(rules.local_day(cycle.recorded_at) for cycle in left), "the next period took over that day"
    overview = overviews.overview(session, within=Unit.key > 0, today=day)
    assert overview.first_day == erased
    assert statuses_as_of(session, erased) != []
    assert statuses_as_of(session, erased - DAY) == []

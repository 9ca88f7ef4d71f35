"""Many people are swept in slices; a dry run only reads, and says what making the rule then does."""

from collections.abc import Iterator
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select, true
from sqlalchemy.orm import Session

from learning.database import work
from learning.obligations import actions, cycles, projection, sweeps
from learning.obligations.actions import Audience, RuleDraft
from learning.obligations.cycles import Reach, Swept
from learning.obligations.dry_runs import dry_run
from learning.obligations.models import AssignmentRule, CountedDay, Cycle
from learning.obligations.rules import Anchor, Basis, Recurrence
from learning.people.models import Person
from tests.figures import examples
from tests.learning.conftest import empty_tables
from tests.learning.obligations.office import DAY, TODAY, Office, noon, statements, undone

PEOPLE, SIZE = 11, 4
NOW = noon(TODAY)
RECURRENCES = (
    Recurrence(Basis.ONCE),
    Recurrence(Basis.COMPLETION, 12, 60, 60),
    Recurrence(Basis.DUE, 6, 30, 90),
    Recurrence(Basis.SEASON, 12, 45, 100, 3, 31),
)


@pytest.fixture
def rule(engine: Engine) -> Iterator[int]:
    """Key of a rule for eleven people, committed, whose cycles nobody has opened yet."""

    def prepare(session: Session) -> int:
        office = Office(session)
        office.people(PEOPLE)
        return office.rule("datenschutz").key

    try:
        yield work(engine, prepare)
    finally:
        empty_tables(engine)


def swept(engine: Engine, rule: int) -> Swept:
    return sweeps.sweep_in_slices(engine, Reach(rules=[rule]), today=TODAY, now=NOW, size=SIZE)


def in_step(engine: Engine, people: int) -> None:
    with Session(engine) as session:
        assert session.scalar(select(func.count(Cycle.person_key.distinct()))) == people
        assert session.scalar(select(func.count()).select_from(Cycle)) == people
        assert projection.differences(session) == []


def test_slices_together_are_the_whole_and_safe_to_repeat(engine: Engine, rule: int) -> None:
    with Session(engine) as session:
        found = sweeps.spans(session, size=SIZE)
        keys = session.scalars(select(Person.key).order_by(Person.key)).all()
    assert [sum(first <= key <= last for key in keys) for first, last in found] == [4, 4, 3]
    assert swept(engine, rule) == Swept(opened=PEOPLE)
    assert swept(engine, rule) == Swept()
    in_step(engine, PEOPLE)


def test_a_sweep_that_was_interrupted_goes_on_where_it_was(
    engine: Engine, rule: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    slices, whole = count(), cycles.sweep

    def interrupted(*args: object, **keywords: object) -> Swept:
        if next(slices) == 2:
            raise KeyboardInterrupt
        return whole(*args, **keywords)

    with monkeypatch.context() as patch:
        patch.setattr(cycles, "sweep", interrupted)
        with pytest.raises(KeyboardInterrupt):
            swept(engine, rule)
    in_step(engine, 2 * SIZE)
    assert swept(engine, rule) == Swept(opened=PEOPLE - 2 * SIZE)
    in_step(engine, PEOPLE)


def test_a_sweep_leaves_the_totals_of_its_day(engine: Engine, rule: int) -> None:
    tomorrow = TODAY + DAY
    for day in (TODAY, tomorrow):
        sweeps.sweep_in_slices(engine, today=day, now=noon(day), size=SIZE)
        with Session(engine) as session:
            assert projection.rules_behind(session, today=day) == []
            days = set(session.scalars(select(CountedDay.day)))
            assert (days, projection.differences(session)) == ({day}, [])


def test_others_write_between_the_slices(engine: Engine, rule: int, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers, spans = count(500), sweeps.spans

    def with_others(session: Session, *, size: int | None) -> Iterator[tuple[int, int]]:
        return joining(spans(session, size=size))

    def joining(found: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        for span in found:
            yield span  # The slice is swept; then somebody joins, which waits for no lock.
            work(engine, lambda one: Office(one, numbers=numbers).person())

    with monkeypatch.context() as patch:
        patch.setattr(sweeps, "spans", with_others)
        swept(engine, rule)
    in_step(engine, PEOPLE + 2)  # Who joined before the last slice was swept with it.
    assert swept(engine, rule) == Swept(opened=1)


def test_a_rule_opens_the_first_slice_and_the_rest_follows(
    engine: Engine, rule: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeps, "SLICE", SIZE)
    draft = RuleDraft(
        course_id="brandschutz", title="Brandschutz", audience=Audience(is_everyone=True), starts_on=TODAY
    )

    def make(session: Session) -> int:
        Office(session, numbers=count(900)).publish("brandschutz")
        actor = session.scalars(select(Person.key).limit(1)).one()
        return actions.make_rule(session, draft, within=true(), actor=actor, request_key="1", now=NOW).key

    made = work(engine, make)
    opened = select(func.count()).select_from(Cycle).where(Cycle.rule_key == made)
    with Session(engine) as session:
        assert session.scalar(opened) == SIZE
    assert swept(engine, made) == Swept(opened=PEOPLE - SIZE)
    work(engine, lambda one: actions.end_rule(one, one.get_one(AssignmentRule, made), last_day=TODAY - DAY, now=NOW))
    assert swept(engine, made) == Swept(closed=PEOPLE - SIZE)


@pytest.mark.harden
@settings(max_examples=examples(25, hardened=500))
@given(
    recurrence=st.sampled_from(RECURRENCES),
    anchor=st.sampled_from(Anchor),
    joined=st.lists(st.none() | st.integers(-400, 0), min_size=1, max_size=5),
    proofs=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 500)), max_size=6),
    starts=st.integers(-30, 30),
    days=st.integers(0, 60),
    since=st.none() | st.integers(0, 500),
)
def test_a_dry_run_reads_only_and_says_what_making_the_rule_does(
    engine: Engine, recurrence, anchor, joined, proofs, starts, days, since
) -> None:
    with undone(engine) as session:
        office = Office(session)
        office.publish("datenschutz")
        people = [office.person(joined_on=None if at is None else TODAY + at * DAY) for at in joined]
        for number, ago in proofs:
            office.prove(people[number % len(people)], TODAY - ago * DAY)
        draft = RuleDraft(
            course_id="datenschutz",
            title="Datenschutz",
            audience=Audience(is_everyone=True),
            starts_on=TODAY + starts * DAY,
            anchor=anchor,
            days=days,
            fixed_due_on=TODAY + 40 * DAY,
            recurrence=recurrence,
            counts_since=None if since is None else TODAY - since * DAY,
        )
        with statements(session) as seen:
            found = dry_run(session, draft, within=true(), today=TODAY)
        assert [text for text in seen if not text.startswith("SELECT")] == []
        rule = actions.make_rule(session, draft, within=true(), actor=people[0].key, request_key="1", now=NOW)
        first = select(func.count(), func.min(Cycle.due_on), func.min(Cycle.original_due_on)).where(
            Cycle.rule_key == rule.key, Cycle.number == 1
        )
        people_found, first_due_on, named_due_on = session.execute(first).one()
        done = select(func.count()).where(
            Cycle.rule_key == rule.key, Cycle.followed_on.is_(None), Cycle.fulfilled_on.is_not(None)
        )
        assert (found.people, found.first_due_on, found.named_due_on) == (people_found, first_due_on, named_due_on)
        assert found.already_fulfilled == session.scalar(done)

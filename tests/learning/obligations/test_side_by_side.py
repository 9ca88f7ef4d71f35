"""Many writers at once: totals stay what the facts say, the chain of proofs has no fork, no cycle is doubled."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from learning.database import work
from learning.obligations import actions, cycles, projection, proofs
from learning.obligations.models import Cycle, Proof
from learning.people.models import Person
from tests.learning.conftest import empty_tables
from tests.learning.obligations.office import DAY, TODAY, Office, noon

PEOPLE = 12
NOW = noon(TODAY)


@pytest.fixture
def people(engine: Engine) -> Iterator[list[int]]:
    """Keys of people with two duties, committed."""

    def prepare(session: Session) -> list[int]:
        office = Office(session)
        made = office.people(PEOPLE)
        office.yearly("datenschutz")
        office.rule("brandschutz")
        office.sweep()
        return [person.key for person in made]

    try:
        yield work(engine, prepare)
    finally:
        empty_tables(engine)


def at_once(engine: Engine, acts: list[Callable[[Session], object]]) -> None:
    """All acts, four at a time, each as a unit of work of its own."""
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(work, engine, act) for act in acts]:
            done.result()


def check(engine: Engine) -> None:
    with Session(engine) as session:
        assert projection.differences(session) == []
        assert proofs.verify_chain(session) == []


def complete(person: int, enrolment: int) -> Callable[[Session], object]:
    completed = proofs.Completed(
        person_key=person, course_id="datenschutz", completed_on=TODAY, enrolment_key=enrolment
    )
    return lambda session: proofs.write_proof(session, completed, now=NOW)


def test_a_completion_sent_several_times_at_once_is_one_proof(engine: Engine, people: list[int]) -> None:
    at_once(engine, [complete(person, person) for person in people for _time in range(3)])
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(Proof)) == PEOPLE
    check(engine)


def test_completions_sweeps_suspensions_and_moves_do_not_disturb_each_other(engine: Engine, people: list[int]) -> None:
    def sweep(session: Session) -> object:
        return cycles.sweep(session, today=TODAY, now=NOW)

    def sweep_person(person: int) -> Callable[[Session], object]:
        def leave(session: Session) -> object:
            found = session.get(Person, person)
            assert found is not None
            found.is_active = not found.is_active
            return cycles.sweep(session, cycles.Reach(people=[person]), today=TODAY, now=NOW)

        return leave

    def suspend(person: int) -> Callable[[Session], object]:
        until = TODAY + 9 * DAY
        return lambda session: actions.suspend(session, person, from_on=TODAY, until_on=until, actor=None, now=NOW)

    acts = []
    for person in people:
        acts += [complete(person, person), suspend(person), sweep, sweep_person(person)]
    at_once(engine, acts)
    check(engine)
    with Session(engine) as session:
        assert session.scalar(select(func.count()).select_from(Cycle)) == 2 * PEOPLE


def test_sweeps_at_once_open_each_cycle_once(engine: Engine, people: list[int]) -> None:
    work(engine, lambda session: Office(session, numbers=count(500)).people(PEOPLE))
    at_once(engine, [lambda session: cycles.sweep(session, today=TODAY, now=NOW)] * 6)
    check(engine)
    with Session(engine) as session:
        people_here = session.scalar(select(func.count()).select_from(Person))
        assert session.scalar(select(func.count()).select_from(Cycle)) == 2 * people_here

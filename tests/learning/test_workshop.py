"""Child processes with limits: what is too much for one file is refused by name, the rest goes on."""

from collections.abc import Iterator

import pytest

from learning.workshop import Broken, Done, Limits, TooMuch, Workshop, at_file
from tests import workshop_jobs as jobs

SHORT = Limits(processor_seconds=0.5, seconds=3.0)


@pytest.fixture(scope="module")
def workshop() -> Iterator[Workshop]:
    with Workshop(processes=1, limits=SHORT) as workshop:
        yield workshop


def test_a_job_answers_its_result(workshop: Workshop) -> None:
    assert workshop.run(jobs.double, 21) == Done(42)


def test_the_process_stays_warm_between_jobs(workshop: Workshop) -> None:
    assert workshop.run(jobs.process_number, None) == workshop.run(jobs.process_number, None)


def test_a_file_that_takes_too_much_processor_time_is_named(workshop: Workshop) -> None:
    outcome = workshop.run(jobs.compute_for_ever, "02-lang.md")
    assert isinstance(outcome, TooMuch)
    assert outcome.path == "02-lang.md"


def test_a_file_that_takes_too_long_without_computing_is_named(workshop: Workshop) -> None:
    assert workshop.run(jobs.wait_for_ever, "03-wartet.md") == TooMuch("03-wartet.md", is_stalled=True)


def test_a_file_that_takes_too_much_memory_is_named(workshop: Workshop) -> None:
    assert workshop.run(jobs.fill_memory, "04-gross.md") == TooMuch("04-gross.md")


def test_a_file_that_nests_too_deep_is_named(workshop: Workshop) -> None:
    assert workshop.run(jobs.nest_too_deep, "05-tief.md") == TooMuch("05-tief.md")


def test_a_child_that_dies_is_a_refusal_of_its_file(workshop: Workshop) -> None:
    assert workshop.run(jobs.die, "06-tot.md") == TooMuch("06-tot.md")


def test_a_mistake_of_the_program_comes_back_with_its_trace(workshop: Workshop) -> None:
    outcome = workshop.run(jobs.fail, "07-fehler.md")
    assert isinstance(outcome, Broken)
    assert outcome.path == "07-fehler.md"
    assert "ValueError: Dies ist ein Fehler des Programms." in outcome.trace


def test_the_workshop_works_on_after_a_refusal(workshop: Workshop) -> None:
    assert workshop.run(jobs.wait_for_ever, "08-wartet.md") == TooMuch("08-wartet.md", is_stalled=True)
    assert workshop.run(jobs.double, 4) == Done(8)


def test_limits_hold_for_each_file_and_not_for_all_together(workshop: Workshop) -> None:
    assert workshop.run(jobs.work_on_many, [f"{number}.md" for number in range(5)]) == Done(5)


def test_outside_a_workshop_naming_the_file_changes_nothing() -> None:
    at_file("01-text.md")
    assert jobs.double(2) == 4

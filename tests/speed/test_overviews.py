"""What HR waits for, with a thousand, ten thousand and a hundred thousand people who have eight duties each."""

import datetime
from collections.abc import Callable

import pytest
from click.testing import CliRunner

from learning import clock
from learning.cli import main
from tests.figures import examples
from tests.speed.authority import DUTIES, HR_PERSON
from tests.speed.conftest import SECRET, House
from tests.speed.counting import queries_of
from tests.speed.measuring import keep_amount, keep_ratio, measure_in_turns

SIZES = (1_000, 10_000, 100_000)
RUNS = examples(21, hardened=101)
EXPORTS = examples(5, hardened=21)
OVERVIEW, LIST, EXPORT = "/personal", "/personal/liste", "/personal/liste.csv"
MOST_SECONDS, MOST_SECONDS_AS_OF = 1.0, 2.0
EARLIER = datetime.timedelta(days=10)
MOST_QUERIES = 5


def test_what_is_measured_is_what_the_product_would_have_written(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMPULS_DATA", str(house.settings.data))
    monkeypatch.setenv("IMPULS_SECRET_KEY", SECRET)
    monkeypatch.setenv("IMPULS_DATABASE_URL", house.engine.url.render_as_string(hide_password=False))
    told = CliRunner().invoke(main, ["verify"])
    assert told.exit_code == 0, told.output
    swept = CliRunner().invoke(main, ["sweep"])
    assert swept.output == "Zeiträume: 0 neu, 0 erfüllt, 0 beendet.\n"
    assert CliRunner().invoke(main, ["verify"]).exit_code == 0


def test_the_overview_costs_the_same_however_many_people(house_of: Callable[[int], House]) -> None:
    houses = {people: house_of(people) for people in SIZES}
    asked = {people: house.visitor(HR_PERSON).get(OVERVIEW) for people, house in houses.items()}
    names = {people: f"{houses[people].kind}: HR overview, {people:,} people of {SIZES[-1]:,}" for people in SIZES}
    for people, house in houses.items():
        assert f"{people * DUTIES:,}".replace(",", ".") in asked[people]().text
        keep_amount(names[people], len(queries_of(house, asked[people])), "queries", limit=MOST_QUERIES)
    figures = measure_in_turns({names[people]: asked[people] for people in SIZES}, runs=RUNS)
    first, *_between, last = (figures[names[people]] for people in SIZES)
    keep_ratio(f"{names[SIZES[-1]]} / 1,000", last, first, limit=2.0)


def test_an_earlier_day_is_answered_in_time(house_of: Callable[[int], House]) -> None:
    """The facts of then are counted by the database, so the time grows with the people; ten thousand have a limit."""
    earlier = (clock.today() - EARLIER).isoformat()
    for people in SIZES:
        house = house_of(people)
        for page in (OVERVIEW, LIST):
            address = f"{page}?stand={earlier}"
            ask = house.visitor(HR_PERSON).get(address)
            name = f"{house.kind}: {page} as of an earlier day, {people:,} people of {SIZES[-1]:,}"
            assert "nach dem, was bis zu diesem Tag eingetragen war" in ask().text
            keep_amount(name, len(queries_of(house, ask)), "queries", limit=MOST_QUERIES)
            figure = measure_in_turns({name: ask}, runs=EXPORTS)[name]
            keep_amount(name, figure.median * 1000, "ms", limit=MOST_SECONDS_AS_OF * 1000 if people == 10_000 else None)


def test_the_file_of_everybody_is_sent_in_time_and_in_little_memory(house_of: Callable[[int], House]) -> None:
    for people in SIZES:
        house = house_of(people)
        ask = house.visitor(HR_PERSON).get(EXPORT)
        name = f"{house.kind}: CSV of {people:,} people"
        lines = ask().body.count(b"\r\n")
        assert lines == 1 + people * DUTIES
        figure = measure_in_turns({name: ask}, runs=EXPORTS if people < SIZES[-1] else 1)[name]
        limit = MOST_SECONDS * 1000 if people == 10_000 else None
        keep_amount(f"{name}, {lines - 1:,} lines", figure.median * 1000, "ms", limit=limit)

"""What it costs to make a page: each page of the product beside its floor and a bare page of the same size."""

from collections.abc import Callable

from tests.figures import examples
from tests.speed.authority import HR_PERSON, LEARNER
from tests.speed.conftest import House
from tests.speed.counting import queries_of
from tests.speed.floor import bare_app, keep_page
from tests.speed.measuring import keep_amount, keep_ratio, measure_in_turns
from tests.speed.visiting import Visitor

RUNS = examples(41, hardened=201)
MOST_QUERIES = 5
MODULE = "/kurse/prozesse-aufnehmen/terminvergabe-aufnehmen"
# What it may cost, as so many times the floor; the others are shown without a limit.
PAGES: dict[str, tuple[int, str, float | None]] = {
    "module page": (LEARNER, MODULE, 2.0),
    "course page": (LEARNER, "/kurse/prozesse-aufnehmen", None),
    "catalogue": (LEARNER, "/katalog", None),
    "start page": (LEARNER, "/", None),
    "search": (LEARNER, "/suche?suche=Terminvergabe", None),
    "HR overview, 1,000 people": (HR_PERSON, "/personal", None),
    "HR list, 1,000 people": (HR_PERSON, "/personal/liste", None),
}


def test_pages_beside_the_floor_and_a_bare_page(house: House) -> None:
    begin_course(house.visitor(LEARNER))
    actions: dict[str, Callable[[], object]] = {}
    for name, (person, address, _limit) in PAGES.items():
        visitor = house.visitor(person)
        ask = visitor.get(address)
        answer = ask()
        assert answer.status == 200, (name, answer.status)
        keep_page(house.app, name, answer.text)
        beside = visitor.get(f"/boden/{name}")
        assert abs(len(beside().text) - len(answer.text)) < 200, name
        actions |= {
            f"{house.kind}: {name}": ask,
            f"{house.kind}: {name}, floor": beside,
            f"{house.kind}: {name}, bare": Visitor(bare_app(answer.text).wsgi_app).get("/"),
        }
        queries = len(queries_of(house, ask))
        keep_amount(f"{house.kind}: {name}", queries, "queries", limit=MOST_QUERIES)
    figures = measure_in_turns(actions, runs=RUNS)
    for name, (_person, _address, limit) in PAGES.items():
        ours, beside, bare = (figures[f"{house.kind}: {name}{kind}"] for kind in ("", ", floor", ", bare"))
        keep_ratio(f"{house.kind}: {name} / floor", ours, beside, limit=limit)
        keep_ratio(f"{house.kind}: {name} / bare page", ours, bare)


def begin_course(visitor: Visitor) -> None:
    """Read a bit and answer a question, so that pages have something to show."""
    visitor.post(f"{MODULE}/stelle", {"stelle": ""})()

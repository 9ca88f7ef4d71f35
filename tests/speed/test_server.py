"""What eight people at once get from the server as `impuls serve` runs it, and what a large file does to its memory."""

from collections.abc import Callable
from http.client import HTTPConnection

from tests.figures import examples
from tests.speed.authority import HR_PERSON, LEARNER
from tests.speed.conftest import SECRET, House
from tests.speed.measuring import keep_amount
from tests.speed.served import CLIENTS, ask_at_once, keep_load, page, served
from tests.speed.test_pages import MODULE

SECONDS = examples(3, hardened=15)
ROUNDS = 2
PAGES = {
    "module page": (LEARNER, MODULE),
    "start page": (LEARNER, "/"),
    "catalogue": (LEARNER, "/katalog"),
    "HR overview": (HR_PERSON, "/personal"),
    "floor": (LEARNER, "/boden/leer"),
}
MOST_GROWTH = 20_000_000


def test_eight_clients_at_once(house: House) -> None:
    with served(house, SECRET) as server:
        for name, (person, address) in PAGES.items():
            load = ask_at_once(server.port, page(address, house.cookie(person)), seconds=SECONDS)
            assert not load.strange, (name, load.strange[:3])
            told = f"{house.kind}: {name}, {CLIENTS} clients"
            keep_load(told, load)
            keep_amount(told, round(load.rate, 1), "answers a second")


def test_a_large_file_leaves_the_servers_memory_flat(house_of: Callable[[int], House]) -> None:
    house = house_of(10_000)
    cookie = house.cookie(HR_PERSON)
    with served(house, SECRET) as server:
        connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
        page("/personal", cookie)(connection)
        before = peak = server.memory()
        connection.request("GET", "/personal/liste.csv", headers={"Cookie": cookie})
        answer, size = connection.getresponse(), 0
        while piece := answer.read(65_536):
            size += len(piece)
            peak = max(peak, server.memory())
        connection.close()
    name = f"{house.kind}: CSV of {house.people:,} people"
    keep_amount(f"{name}, size", size, "bytes")
    keep_amount(f"{name}, growth of the server's memory", peak - before, "bytes", limit=MOST_GROWTH)

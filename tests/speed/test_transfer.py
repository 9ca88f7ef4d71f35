"""What crosses the line, as a real browser receives it from the real server: a first visit, and every further page."""

from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

from tests.speed.authority import HR_PERSON, LEARNER
from tests.speed.conftest import SECRET, House
from tests.speed.measuring import keep_amount
from tests.speed.served import served
from tests.speed.test_pages import MODULE

FIRST_BYTES, FIRST_REQUESTS, SECOND_BYTES = 200_000, 10, 20_000
PAGES = {
    "start page": (LEARNER, "/"),
    "catalogue": (LEARNER, "/katalog"),
    "course page": (LEARNER, "/kurse/prozesse-aufnehmen"),
    "module page": (LEARNER, MODULE),
    "HR overview": (HR_PERSON, "/personal"),
    "HR list": (HR_PERSON, "/personal/liste"),
}


@dataclass
class Line:
    """Counts what a page receives: requests that went out, and bytes with their headers."""

    page: Page
    requests: int = 0
    received: int = 0
    sizes: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        session = self.page.context.new_cdp_session(self.page)
        session.send("Network.enable")
        session.on("Network.responseReceived", self._begun)
        session.on("Network.loadingFinished", self._ended)

    def _begun(self, told: dict[str, Any]) -> None:
        kept = told["response"].get("fromDiskCache") or told["response"].get("fromPrefetchCache")
        if not kept and told["response"]["url"].startswith("http"):
            self.sizes.setdefault(told["requestId"], 0)

    def _ended(self, told: dict[str, Any]) -> None:
        if told["requestId"] in self.sizes and told["encodedDataLength"]:
            self.requests += 1
            self.received += int(told["encodedDataLength"])

    def visit(self, address: str) -> tuple[int, int]:
        """Requests and bytes of opening a page."""
        before = self.requests, self.received
        answer = self.page.goto(address, wait_until="networkidle")
        assert answer is not None
        assert answer.status == 200, address
        return self.requests - before[0], self.received - before[1]


def browser_of(browser: Browser, house: House, person: int, port: int) -> BrowserContext:
    """A browser that has never been here, but for who is signed in."""
    context = browser.new_context(locale="de-DE", base_url=f"http://127.0.0.1:{port}")
    name, _, value = house.cookie(person).partition("=")
    context.add_cookies([{"name": name, "value": value, "url": f"http://127.0.0.1:{port}"}])
    return context


def test_what_a_first_visit_and_every_further_page_transfer(house: House, browser: Browser) -> None:
    with served(house, SECRET) as server:
        for name, (person, address) in PAGES.items():
            context = browser_of(browser, house, person, server.port)
            requests, received = Line(context.new_page()).visit(address)
            context.close()
            keep_amount(f"first visit, {name}", requests, "requests", limit=FIRST_REQUESTS)
            keep_amount(f"first visit, {name}", received, "bytes", limit=FIRST_BYTES)
        for person in (LEARNER, HR_PERSON):
            context = browser_of(browser, house, person, server.port)
            line = Line(context.new_page())
            line.visit("/konto")
            for name, (whose, address) in PAGES.items():
                if whose == person:
                    keep_amount(f"second page, {name}", line.visit(address)[1], "bytes", limit=SECOND_BYTES)
            context.close()

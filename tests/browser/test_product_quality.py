"""Every page of the product in every state: accessible in every appearance, valid, narrow enough, light, silent."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import html5lib
import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

from learning.settings import Encryption, MailSettings, OpenidSettings
from tests.browser.authority import Authority, running
from tests.browser.furnishing import furnish_all, furnish_nothing
from tests.browser.product_pages import ENGLISH, PAGES, WITHOUT_PAGE, Kind
from tests.browser.test_quality import APPEARANCES, AXE, FIRST_VISIT_BYTES, FIRST_VISIT_REQUESTS

pytestmark = pytest.mark.slow

SECOND_PAGE_BYTES = 20_000
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 320, "height": 640}


@dataclass(frozen=True)
class Load:
    """What opening a page took from the server."""

    requests: int
    size: int


@dataclass
class Visit:
    """One page in one state, looked at in every appearance. `found` is what axe says, by appearance."""

    status: int
    title: str
    html: str
    first: Load
    second: Load
    width: int
    found: dict[str, Any]
    ids: list[str]
    said: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def authorities(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[bool, Authority]]:
    """The authority on its first day (True) and in use (False), that one with mail and official accounts."""
    used, empty = (tmp_path_factory.mktemp(name) for name in ("used", "empty"))
    mail = MailSettings("127.0.0.1", 9, "impuls@impuls.example", Encryption.NONE)
    openid = OpenidSettings("http://127.0.0.1:9", "impuls", "geheim", "email", "openid email")
    with (
        running(used, furnish_all, mail=mail, openid=openid) as in_use,
        running(empty, furnish_nothing) as on_first_day,
    ):
        yield {True: on_first_day, False: in_use}


@pytest.fixture(scope="module")
def visit(browser: Browser, authorities: dict[bool, Authority], axe_source: str) -> Callable[[str, str], Visit]:
    """Visits a page by its name in PAGES, in a language; each only once."""

    @cache
    def once(name: str, language: str = "de") -> Visit:
        kind = PAGES[name]
        authority = authorities[kind.is_empty]
        context = browser.new_context(
            base_url=authority.address, locale="de-DE", viewport=DESK, reduced_motion="reduce", color_scheme="light"
        )
        cookies = {"impuls": authority.cookies[kind.who.format(language=language)]} if kind.who else {}
        cookies |= {"sprache": language} if language != "de" else {}
        context.add_cookies([{"name": key, "value": value, "url": authority.address} for key, value in cookies.items()])
        try:
            return look(context, kind, kind.address.format(**authority.named), axe_source)
        finally:
            context.close()

    return once


def look(context: BrowserContext, kind: Kind, address: str, axe_source: str) -> Visit:
    """Open a page twice, bring it into its state, look at it in every appearance."""
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    first, second, status, html = load(page, network, address)
    if kind.steps:
        shown: list[str] = []
        page.on("response", lambda one: shown.append(one.text()) if is_page(one) else None)
        kind.steps(page)
        page.wait_for_load_state("load")
        html = shown[-1] if shown else html
    page.evaluate(axe_source)
    found = {}
    for appearance, wear in APPEARANCES.items():
        wear(page)
        found[appearance] = page.evaluate(AXE)
    width = page.evaluate("document.documentElement.scrollWidth")
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(element => element.id)")
    return Visit(status, page.title(), html, first, second, width, found, ids, said)


def is_page(response: Any) -> bool:
    return bool(response.request.is_navigation_request() and response.status not in (301, 302, 303))


def load(page: Page, network: CDPSession, address: str) -> tuple[Load, Load, int, str]:
    """Open an address and count what came over the line, for who comes first and for who has all assets already.

    Icons inside the style sheet are no requests.
    """
    asked: dict[str, str] = {}
    sizes: dict[str, float] = {}
    network.on("Network.requestWillBeSent", lambda one: asked.update({one["requestId"]: one["request"]["url"]}))
    network.on("Network.loadingFinished", lambda one: sizes.update({one["requestId"]: one["encodedDataLength"]}))
    response = page.goto(address)
    assert response is not None
    page.evaluate("document.fonts.ready.then(() => true)")
    visited = {number: url for number, url in asked.items() if url.startswith("http")}
    own = {number for number, url in visited.items() if "/static/" not in url}
    first, second = (Load(len(chosen), int(sum(sizes.get(one, 0) for one in chosen))) for chosen in (visited, own))
    return first, second, response.status, response.text()


def test_every_address_has_its_page(authorities: dict[bool, Authority]) -> None:
    rules = authorities[False].app.url_map.iter_rules()
    existing = {rule.endpoint for rule in rules if "GET" in (rule.methods or set())} - {"failing"}
    looked_at = {kind.endpoint for kind in PAGES.values() if kind.endpoint} | set(WITHOUT_PAGE)
    assert sorted(existing - looked_at) == [], "add the page in all its states to tests/browser/product_pages.py"
    assert sorted(looked_at - existing) == [], "product_pages.py names addresses that do not exist"


NOTHING = {"violations": [], "undecided": []}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible_in_every_appearance(visit: Callable[..., Visit], name: str) -> None:
    assert visit(name).found == dict.fromkeys(APPEARANCES, NOTHING)


@pytest.mark.parametrize("name", ENGLISH)
def test_a_page_is_accessible_in_english(visit: Callable[..., Visit], name: str) -> None:
    seen = visit(name, "en")
    assert seen.found == dict.fromkeys(APPEARANCES, NOTHING)
    assert seen.width == PHONE["width"]
    assert '<html lang="en"' in seen.html


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_a_phone(visit: Callable[..., Visit], name: str) -> None:
    assert visit(name).width == PHONE["width"]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_valid_html_without_double_ids_and_silent(visit: Callable[..., Visit], name: str) -> None:
    seen = visit(name)
    html5lib.HTMLParser(strict=True).parse(seen.html)
    assert [one for one, count in Counter(seen.ids).items() if count > 1] == []
    assert seen.status == PAGES[name].status
    # The browser itself notes what is refused or cannot be reached; nothing else may stand there.
    assert [line for line in seen.said if not line.startswith("Failed to load resource: ")] == []
    assert bool(seen.said) == (seen.status >= 400 or "mistakes" in name or name in LOUD)


LOUD = {"sign-in, refused", "sign-in, provider away", "test question, offline", "foreign form"}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_light(visit: Callable[..., Visit], name: str) -> None:
    seen = visit(name)
    assert seen.first.requests <= FIRST_VISIT_REQUESTS
    assert seen.first.size <= FIRST_VISIT_BYTES
    assert seen.second.size <= SECOND_PAGE_BYTES


def test_pages_have_titles_of_their_own(visit: Callable[..., Visit]) -> None:
    """States of one page may share its title; two pages never do, but for searching and answering within one."""
    owners: dict[str, set[str]] = {}
    for name, kind in PAGES.items():
        if kind.endpoint and kind.endpoint not in ("library.search", "study.question", "openid.callback"):
            owners.setdefault(visit(name).title, set()).add(kind.endpoint)
    assert {title: pages for title, pages in owners.items() if len(pages) > 1} == {}

"""Every kind of page: accessible in every appearance, valid, narrow enough, light enough, and silent in the console."""

from collections import Counter
from collections.abc import Callable

import html5lib
import pytest
from playwright.sync_api import Browser, Page, Response

from tests.browser.walks import PAGES, Site, open_page

pytestmark = pytest.mark.slow

FIRST_VISIT_BYTES = 200_000
FIRST_VISIT_REQUESTS = 10
AXE = """() => axe.run(document, {resultTypes: ["violations", "incomplete"]}).then(found => ({
    violations: found.violations.map(one => [one.id, one.nodes.map(node => node.html + " " + node.failureSummary)]),
    undecided: found.incomplete.filter(one => one.id === "color-contrast")
        .map(one => [one.id, one.nodes.map(node => node.html + " " + node.any.map(check => check.message))]),
}))"""


def narrow(page: Page) -> None:
    page.emulate_media(forced_colors="none")
    page.set_viewport_size({"width": 320, "height": 640})


# How a page is brought into each appearance, one after the other.
APPEARANCES: dict[str, Callable[[Page], None]] = {
    "light": lambda page: None,
    "dark": lambda page: page.emulate_media(color_scheme="dark"),
    "forced colours": lambda page: page.emulate_media(color_scheme="light", forced_colors="active"),
    "320 px": narrow,
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_accessible_in_every_appearance(browser: Browser, site: Site, axe_source: str, name: str) -> None:
    context = browser.new_context(
        base_url=site.address,
        locale="de-DE",
        viewport={"width": 1280, "height": 900},
        reduced_motion="reduce",
        color_scheme="light",
    )
    page = context.new_page()
    found = {}
    try:
        open_page(page, name)
        page.evaluate(axe_source)
        for appearance, wear in APPEARANCES.items():
            wear(page)
            found[appearance] = page.evaluate(AXE)
        assert found == {key: {"violations": [], "undecided": []} for key in APPEARANCES}
        assert page.evaluate("document.documentElement.scrollWidth") == 320
    finally:
        context.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_valid_html_without_double_ids_and_silent(page: Page, name: str) -> None:
    answers: list[Response] = []
    said: list[str] = []
    # Playwright cannot take the methods of built-in lists as handlers.
    page.on("response", lambda response: answers.append(response))  # noqa: PLW0108
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    open_page(page, name)
    # Earlier pages of a walk are gone by now, and each is the last one of its own walk.
    shown = [answer for answer in answers if answer.request.is_navigation_request()][-1]
    html5lib.HTMLParser(strict=True).parse(shown.text())
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(element => element.id)")
    assert [one for one, count in Counter(ids).items() if count > 1] == []
    expected = ["Failed to load resource: the server responded with a status of 404 (NOT FOUND)"]
    assert said == (expected if name == "error" else [])


@pytest.mark.parametrize("name", ["catalogue", "course", "module", "test, question"])
def test_a_first_visit_is_light(page: Page, name: str) -> None:
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    asked: dict[str, str] = {}
    sizes: dict[str, float] = {}
    session.on("Network.requestWillBeSent", lambda event: asked.update({event["requestId"]: event["request"]["url"]}))
    session.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    first = {"module": "/kurse/bausteine/text", "test, question": "/kurse/bausteine/test"}.get(name)
    page.goto(first or {"catalogue": "/katalog", "course": "/kurse/bausteine"}[name])
    page.wait_for_load_state("networkidle")
    # Icons inside the style sheet are no requests; watching for changes belongs to the preview and goes on for ever.
    visit = {number for number, url in asked.items() if url.startswith("http") and "/vorschau/stand" not in url}
    assert len(visit) <= FIRST_VISIT_REQUESTS
    assert sum(sizes.get(number, 0) for number in visit) <= FIRST_VISIT_BYTES


def test_every_stop_of_the_keyboard_is_seen_and_large_enough(page: Page) -> None:
    page.goto("/kurse/bausteine/fragen")
    stops = 0
    for _ in range(80):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            """async () => { await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
            const element = document.activeElement; const box = element.getBoundingClientRect();
            const style = getComputedStyle(element); const row = element.closest(".row");
            return {tag: element.tagName, html: element.outerHTML.slice(0, 120), height: box.height, width: box.width,
                    isSeen: box.bottom > 0 && box.top < innerHeight, isInline: style.display === "inline",
                    outline: parseFloat(getComputedStyle(row ?? element).outlineWidth), style: style.outlineStyle,
                    shadow: style.boxShadow}; }"""
        )
        if stop["tag"] == "BODY":
            break
        stops += 1
        assert stop["isSeen"], stop
        assert stop["outline"] >= 2 or stop["shadow"] != "none", stop
        assert stop["isInline"] or min(stop["height"], stop["width"]) >= 24, stop
    assert stops > 30


def test_a_module_prints_without_what_works_only_on_a_screen(page: Page) -> None:
    page.goto("/kurse/bausteine/text")
    page.emulate_media(media="print")
    for selector in (".preview-bar", ".site-header__row", ".rail", ".findings", ".pager", ".site-footer"):
        assert page.locator(selector).first.is_hidden(), selector
    assert page.locator("h1").is_visible()

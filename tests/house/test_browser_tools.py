"""The browser and the accessibility checker that the tests bring along really work."""

import pytest
from playwright.sync_api import Browser

pytestmark = pytest.mark.slow

PAGE = """<!doctype html><html lang="de"><title>Kurs</title><main><h1>Kurs</h1>{body}</main></html>"""


def violations(browser: Browser, axe_source: str, body: str) -> set[str]:
    """Rules of axe-core that a small page breaks."""
    context = browser.new_context()
    try:
        page = context.new_page()
        page.set_content(PAGE.format(body=body))
        page.evaluate(axe_source)
        found = page.evaluate("async () => (await axe.run()).violations.map((violation) => violation.id)")
    finally:
        context.close()
    return set(found)


def test_a_good_page_breaks_no_rule(browser: Browser, axe_source: str) -> None:
    assert violations(browser, axe_source, "<p>Bis wann muss der Widerspruch eingehen?</p>") == set()


def test_a_field_without_a_label_is_found(browser: Browser, axe_source: str) -> None:
    assert "label" in violations(browser, axe_source, "<input type='text'>")


def test_a_pale_text_is_found(browser: Browser, axe_source: str) -> None:
    assert "color-contrast" in violations(browser, axe_source, "<p style='color:#ccc;background:#fff'>Frist</p>")

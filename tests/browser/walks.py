"""Ways through the pages that several browser tests take: each kind of page and state, once."""

from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.conftest import Site

__all__ = ["PAGES", "Site", "open_page", "press_until"]

MOST_PRESSES = 250
QUESTIONS = "/kurse/bausteine/fragen"


def press_until(page: Page, key: str, selector: str) -> None:
    """Press a key until an element that fits the selector has the focus."""
    for _ in range(MOST_PRESSES):
        page.keyboard.press(key)
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"{selector} is not reached with {key}")


def _answer_all(page: Page) -> None:
    """One answered question of each kind of feedback, on one page."""
    page.goto(QUESTIONS)
    first = page.locator("#frage-f-einfach")
    first.locator(".hint summary").click()
    first.locator(".options label").first.click()
    page.locator("#frage-f-mehrfach .options label").first.click()
    page.locator("#frage-f-text input[type=text]").fill("Antrag")
    page.locator("#frage-f-zahl input[type=text]").fill("9,6")
    for name in ("f-zuordnung", "f-folge"):
        for number, choice in enumerate(page.locator(f"#frage-{name} select").all(), start=1):
            choice.select_option(index=number)
    page.locator("#frage-f-luecken input[type=text]").fill("Antrag")
    page.locator("#frage-f-frei textarea").fill("Guten Tag")
    for name in ("f-einfach", "f-mehrfach", "f-text", "f-zahl", "f-zuordnung", "f-folge", "f-luecken", "f-frei"):
        page.locator(f"#frage-{name} button[type=submit]").first.click()
        page.locator(f"#frage-{name} .question__result").wait_for()
    page.locator("#frage-f-luecken button[name=loesung]").click()
    page.locator("#frage-f-luecken .solution").wait_for()


def _mistakes(page: Page) -> None:
    page.goto(QUESTIONS)
    for name in ("f-einfach", "f-zahl", "f-zuordnung", "f-luecken", "f-frei"):
        page.locator(f"#frage-{name} button[type=submit]").click()
        page.locator(f"#frage-{name} .kern-error").wait_for()


def _test_question(page: Page) -> None:
    page.goto("/kurse/bausteine/test")
    page.locator("main button[name=zu]").click()


def _hand_in(page: Page) -> None:
    _test_question(page)
    page.locator("aside button[value=abgabe]").click()


def _review(page: Page) -> None:
    _hand_in(page)
    page.locator(".actions button[value=ergebnis]").click()
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")


def _module(page: Page) -> None:
    page.goto("/kurse/bausteine/text")
    page.locator(".recall summary").click()
    page.locator("details.findings > summary").click()
    page.locator("#frage-text-vorab-aufloesung button").click()
    page.locator("#frage-text-vorab-aufloesung .question__result").wait_for()


def _menu(page: Page) -> None:
    page.goto("/katalog")
    page.locator(".menu summary").click()


def _at(address: str) -> Callable[[Page], None]:
    def visit(page: Page) -> None:
        page.goto(address)

    return visit


PAGES: dict[str, Callable[[Page], None]] = {
    "catalogue": _at("/katalog"),
    "catalogue, searched": _at("/katalog?suche=Termin&niveau=grundlagen"),
    "catalogue, nothing found": _at("/katalog?suche=xyzzy"),
    "menu": _menu,
    "course": _at("/kurse/bausteine"),
    "course with errors": _at("/kurse/kaputt"),
    "module": _module,
    "module with errors": _at("/kurse/kaputt/fehler"),
    "notice": _at("/kurse/kurzinfo-vordruck/kurzinfo"),
    "questions": _at(QUESTIONS),
    "questions, answered": _answer_all,
    "questions, mistakes": _mistakes,
    "job aid": _at("/kurse/bausteine/text/arbeitshilfe/arbeitshilfe-aufnahme-auf-einer-seite"),
    "test, rules": _at("/kurse/bausteine/test"),
    "test, question": _test_question,
    "test, hand in": _hand_in,
    "test, review": _review,
    "findings": _at("/befunde"),
    "findings of a course": _at("/befunde/kaputt"),
    "error": _at("/gibt-es-nicht"),
}


def open_page(page: Page, name: str) -> None:
    """Open a page of PAGES in its state."""
    PAGES[name](page)
    page.wait_for_load_state("load")

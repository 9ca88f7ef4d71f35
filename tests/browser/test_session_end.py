"""The end of a session and of a test's time, in a real browser with a clock that the test turns."""

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import update
from sqlalchemy.orm import Session

from learning import clock
from learning.study.models import Attempt
from tests.browser.office import Office, open_office, sign_in
from tests.pages import SAMPLES

MINUTE = 60_000
MIRA = "Mira Sander"
NOTE = "[data-session-minutes]"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """The product with the sample course and one person."""
    url = f"sqlite:///{tmp_path / 'impuls.sqlite'}"
    with open_office(tmp_path, url, courses=(SAMPLES / "bausteine",), names=(MIRA,)) as office:
        yield office


@pytest.fixture
def turned(browser: Browser, office: Office) -> Iterator[BrowserContext]:
    made = browser.new_context(base_url=office.address, locale="de-DE")
    made.clock.install()
    yield made
    made.close()


def form_page(context: BrowserContext, office: Office) -> Page:
    page = context.new_page()
    sign_in(page, office.accounts[MIRA])
    page.goto("/konto/passwort")
    return page


def test_five_minutes_before_the_end_the_page_says_so_and_one_can_stay(turned: BrowserContext, office: Office) -> None:
    page = form_page(turned, office)
    page.locator('input[name="kennwort"]').fill("halb getippt")
    turned.clock.fast_forward(54 * MINUTE)
    expect(page.locator(NOTE)).to_be_empty()
    turned.clock.fast_forward(2 * MINUTE)
    expect(page.locator(NOTE)).to_contain_text("Ihre Sitzung endet gleich")
    expect(page.locator(NOTE)).to_have_attribute("role", "status")
    page.get_by_role("button", name="Angemeldet bleiben").press("Enter")
    expect(page.locator(NOTE)).to_have_text("Sie bleiben angemeldet.")
    assert page.locator('input[name="kennwort"]').input_value() == "halb getippt"
    turned.clock.fast_forward(56 * MINUTE)
    expect(page.locator(NOTE)).to_contain_text("Ihre Sitzung endet gleich")


def test_after_the_end_the_page_says_that_nothing_is_lost(turned: BrowserContext, office: Office) -> None:
    page = form_page(turned, office)
    turned.clock.fast_forward(56 * MINUTE)
    turned.clock.fast_forward(5 * MINUTE)
    expect(page.locator(NOTE)).to_contain_text("Ihre Sitzung ist beendet. Ihre Eingaben bleiben hier stehen")


def test_another_window_that_is_used_keeps_the_session_and_the_page_silent(
    turned: BrowserContext,
    office: Office,
) -> None:
    page = form_page(turned, office)
    turned.clock.fast_forward(40 * MINUTE)
    other = turned.new_page()
    other.goto("/konto")
    turned.clock.fast_forward(16 * MINUTE)
    expect(page.locator(NOTE)).to_be_empty()


def test_a_page_without_a_form_does_not_disturb_reading(turned: BrowserContext, office: Office) -> None:
    page = form_page(turned, office)
    page.goto("/katalog")
    assert page.locator("main form[method='post']").count() == 0
    turned.clock.fast_forward(70 * MINUTE)
    expect(page.locator(NOTE)).to_be_empty()


def test_a_test_with_a_time_limit_counts_down_and_announces_the_last_minutes(
    turned: BrowserContext,
    office: Office,
) -> None:
    page = turned.new_page()
    sign_in(page, office.accounts[MIRA])
    page.goto("/kurse/bausteine/test/test")
    page.get_by_role("button", name="Test beginnen").click()
    expect(page.locator(".eyebrow")).to_have_text("Frage 1 von 4")
    assert page.locator("[data-seconds-left]").count() == 0
    with Session(office.engine) as session:
        session.execute(update(Attempt).values(ends_at=clock.now() + datetime.timedelta(minutes=10, seconds=30)))
        session.commit()
    page.reload()
    shown, said = page.locator("[data-seconds-left] > span").all()
    expect(shown).to_have_text("noch 11 Minuten")
    expect(said).to_be_empty()
    turned.clock.fast_forward(5 * MINUTE)
    expect(shown).to_have_text("noch 6 Minuten")
    expect(said).to_be_empty()
    turned.clock.fast_forward(MINUTE)
    expect(said).to_have_text("noch 5 Minuten")
    turned.clock.fast_forward(4 * MINUTE)
    expect(said).to_have_text("noch 1 Minute")
    turned.clock.fast_forward(MINUTE)
    expect(said).to_have_text("Die Zeit ist um. Es zählt, was gespeichert ist.")
    expect(page.get_by_role("link", name="Zum Ergebnis")).to_be_visible()

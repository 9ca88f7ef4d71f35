"""Answers of a test that never reached the server in time: the window closes, the tab crashes, the browser is killed.

At every moment the words on the page are held against the rows in the database.
"""

import os
import re
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect
from sqlalchemy import create_engine, make_url, text

from tests.browser.keyboard import Keyboard
from tests.browser.office import Office, open_office, sign_in
from tests.browser.right_answers import RightAnswer, TaughtCourse
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

COURSE = ROOT / "content" / "prozesse-aufnehmen"
TEST = "/kurse/prozesse-aufnehmen/abschlusstest/test"
NAMES = tuple(f"Mira Sander{number}" for number in range(8))
SAVED = re.compile(r"gespeichert \d\d:\d\d")
# Notes every word that the line about saving has shown, also those that a test would look at too late.
LISTENER = """() => {
    window.shown = [];
    const note = () => {
        const words = document.querySelector("[data-kept]")?.textContent.trim();
        if (words && words !== window.shown.at(-1)) window.shown.push(words);
    };
    new MutationObserver(note).observe(document.body, {subtree: true, childList: true, characterData: true});
    note();
}"""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    url = f"sqlite:///{folder / 'impuls.sqlite'}"
    if request.param == "postgresql":
        url = new_database(request.getfixturevalue("postgres"))
    with open_office(folder, url, courses=(COURSE,), names=NAMES) as office:
        yield office


def new_database(server: str) -> str:
    address = make_url(server.replace("postgresql://", "postgresql+psycopg://", 1))
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS impuls_crash"))
        connection.execute(text("CREATE DATABASE impuls_crash"))
    engine.dispose()
    return address.set(database="impuls_crash").render_as_string(hide_password=False)


@pytest.fixture(scope="module")
def answers() -> dict[str, RightAnswer]:
    course = TaughtCourse.of(COURSE)
    return course.answers(course.test)


@contextmanager
def desk(browser: Browser, chromium: str, profile: Path, office: Office) -> Iterator[BrowserContext]:
    """A browser with a profile on disk, as it stands on a desk: what it keeps outlives it."""
    arguments = ["--disable-gpu", "--no-first-run", "--disable-dev-shm-usage", "--no-sandbox"]
    context = browser.browser_type.launch_persistent_context(
        profile,
        executable_path=chromium,
        args=arguments,
        base_url=office.address,
        locale="de-DE",
        reduced_motion="reduce",
    )
    context.set_default_timeout(10_000)
    try:
        yield context
    finally:
        with suppress(Error):  # It may have been killed.
            context.close()


def begin(page: Page, account: str) -> Keyboard:
    sign_in(page, account)
    page.goto(TEST)
    with page.expect_response(lambda response: response.url.endswith("/fragen")):
        page.get_by_role("button", name="Test beginnen").click()
    return Keyboard(page)


def answer(keyboard: Keyboard, answers: dict[str, RightAnswer], number: int) -> None:
    """Answer the question on the page rightly, with the keyboard."""
    expect(keyboard.page.locator(".eyebrow").first).to_have_text(f"Frage {number} von 10")
    first = keyboard.move()
    while not first.is_field:
        first = keyboard.move()
    name = next(one for one in answers if first.name in (f"f-{one}", f"f-{one}-0"))
    keyboard.fill_in(f"f-{name}", answers[name], first=first)


def turn(page: Page) -> None:
    page.locator(".actions--ends button").last.click()


def kept(page: Page) -> str:
    return page.locator("[data-kept]").inner_text().strip()


def close_window(page: Page, profile: Path) -> None:
    page.close()


def crash_tab(page: Page, profile: Path) -> None:
    with page.expect_event("crash"), suppress(Error):
        page.goto("chrome://crash", timeout=5_000)


def kill_browser(page: Page, profile: Path) -> None:
    """As when the power fails, right after the last answer: no process of it gets to write anything more."""
    found = subprocess.run(["pgrep", "-f", f"user-data-dir={profile}"], capture_output=True, text=True, check=True)
    for process in found.stdout.split():
        os.kill(int(process), signal.SIGKILL)


def everything_arrives(page: Page, office: Office, account: str, *, count: int) -> None:
    """Wait for the answers themselves: that the first one is saved stands in the page before the others are found."""
    for _ in range(200):
        if len(office.values(account)) >= count:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"only {len(office.values(account))} of {count} answers have arrived")


@pytest.mark.parametrize("end", [close_window, crash_tab, kill_browser])
def test_answers_without_a_connection_outlive_the_browser(
    browser: Browser,
    chromium: str,
    office: Office,
    answers: dict[str, RightAnswer],
    tmp_path: Path,
    end: Callable[[Page, Path], None],
) -> None:
    """Five answers offline, the end of the window, a session that is over: all are there, and the test is finished."""
    account = office.accounts[NAMES[[close_window, crash_tab, kill_browser].index(end)]]
    with desk(browser, chromium, tmp_path, office) as context:
        page = context.new_page()
        keyboard = begin(page, account)
        answer(keyboard, answers, 1)
        expect(page.locator("[data-kept]")).to_have_text(SAVED)
        assert list(office.values(account)) == [0]
        context.set_offline(True)
        turn(page)
        page.evaluate(LISTENER)
        for number in range(2, 7):
            answer(keyboard, answers, number)
            expect(page.locator("[data-kept]")).to_contain_text("nicht verbunden")
            expect(page.locator("[data-kept]")).to_contain_text(re.compile(rf"\b{number - 1} Antwort"))
            assert list(office.values(account)) == [0]
            turn(page)
        told = page.evaluate("window.shown")
        # The first answer is saved and says so until the second is given; after that nothing may claim to be.
        assert [words for words in told[1:] if words.startswith("gespeichert")] == []
        address = page.url
        end(page, tmp_path)
    office.end_sessions()
    with desk(browser, chromium, tmp_path, office) as context:
        page = context.new_page()
        page.goto(address)
        expect(page.locator("h1")).to_have_text("Anmelden")
        sign_in(page, account)
        assert page.url.startswith(address)
        everything_arrives(page, office, account, count=6)
        expect(page.locator("[data-kept]")).to_have_text(SAVED, timeout=20_000)
        assert sorted(office.values(account)) == [0, 1, 2, 3, 4, 5]
        keyboard = Keyboard(page)
        for number in range(7, 11):
            answer(keyboard, answers, number)
            turn(page)
        page.get_by_role("button", name="Jetzt abgeben").last.click()
        expect(page.locator("h1")).to_have_text("10 von 10 Fragen richtig")

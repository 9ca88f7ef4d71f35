"""Answers of a test in a real browser: without a connection, with a closed window, with somebody else at the desk."""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from sqlalchemy.orm import Session

from learning.study.models import AnswerEvent, Attempt, CurrentAnswer
from tests.browser.office import PASSWORD, Office, open_office, sign_in
from tests.figures import examples
from tests.pages import SAMPLES

pytestmark = pytest.mark.slow

MIRA, JO = "Mira Sander", "Jo Lindner"
START = "/kurse/bausteine/test/test"
WAITING = "nicht verbunden"
SAVED = re.compile(r"^gespeichert \d\d:\d\d$")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    url = f"sqlite:///{tmp_path / 'impuls.sqlite'}"
    with open_office(tmp_path, url, courses=(SAMPLES / "bausteine",), names=(MIRA, JO)) as office:
        yield office


@pytest.fixture
def context(browser: Browser, office: Office) -> Iterator[BrowserContext]:
    made = browser.new_context(base_url=office.address, locale="de-DE")
    yield made
    made.close()


def begin(context: BrowserContext, office: Office) -> Page:
    context.set_default_timeout(10_000)
    page = context.new_page()
    sign_in(page, office.accounts[MIRA])
    page.goto(START)
    with page.expect_response(lambda response: response.url.endswith("/fragen")):
        page.get_by_role("button", name="Test beginnen").click()
    expect(page.locator(".eyebrow")).to_have_text("Frage 1 von 4")
    return page


def answer(page: Page) -> None:
    """Give any answer to the question on the page."""
    form = page.locator("form[data-attempt]")
    if form.locator(".options label").count():
        form.locator(".options label").first.click()
    elif form.locator("select").count():
        for choice in form.locator("select").all():
            choice.select_option(index=1)
    else:
        form.locator("input[type=text]").first.fill("60")


def change_once(page: Page) -> None:
    """Change one field of the question on the page: each further change would be sent at once, without a pause."""
    form = page.locator("form[data-attempt]")
    if form.locator("select").count():
        form.locator("select").first.select_option(index=1)
    else:
        answer(page)


def go_on(page: Page) -> None:
    page.locator(".actions--ends button").last.click()


def nothing_waits(page: Page) -> None:
    """Wait until the browser holds no answer any more."""
    for _ in range(200):
        if not page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('impuls-antworten')).length"):
            return
        page.wait_for_timeout(100)
    raise AssertionError("answers still wait on this device")


def state(page: Page) -> str:
    return page.locator("[data-kept]").inner_text()


def test_an_answer_is_saved_as_soon_as_it_is_given(context: BrowserContext, office: Office) -> None:
    page = begin(context, office)
    answer(page)
    expect(page.locator("[data-kept]")).to_have_text(SAVED, timeout=10_000)
    assert office.events() >= 1
    nothing_waits(page)


@pytest.mark.harden
def test_answers_without_a_connection_survive_a_closed_window(browser: Browser, office: Office) -> None:
    """Offline, answer all questions, close the window, open it again online: all is there, each once."""
    for _ in range(examples(1, hardened=20)):
        context = browser.new_context(base_url=office.address, locale="de-DE")
        page = begin(context, office)
        before = office.answered()
        context.set_offline(True)
        for number in range(1, 5):
            expect(page.locator(".eyebrow")).to_have_text(f"Frage {number} von 4")
            answer(page)
            expect(page.locator("[data-kept]")).to_contain_text(WAITING, timeout=10_000)
            assert not SAVED.match(state(page).strip())
            if number < 4:
                go_on(page)
        assert office.answered() == before
        address = page.url
        page.close()
        context.set_offline(False)
        again = context.new_page()
        again.goto(address)
        expect(again.locator("[data-kept]")).to_have_text(SAVED, timeout=20_000)
        nothing_waits(again)
        assert office.answered() == before + 4
        again.get_by_role("button", name="Zur Abgabe").first.click()
        again.get_by_role("button", name="Jetzt abgeben").last.click()
        again.wait_for_url("**/ergebnis")
        context.close()
        with Session(office.engine) as session:
            session.query(AnswerEvent).delete()
            session.query(CurrentAnswer).delete()
            session.query(Attempt).delete()
            session.commit()


def test_coming_back_online_sends_by_itself(context: BrowserContext, office: Office) -> None:
    page = begin(context, office)
    context.set_offline(True)
    answer(page)
    expect(page.locator("[data-kept]")).to_contain_text(WAITING)
    context.set_offline(False)
    expect(page.locator("[data-kept]")).to_have_text(SAVED, timeout=20_000)
    assert office.answered() == 1


def test_pauses_between_tries_grow_and_a_wished_pause_is_kept(context: BrowserContext, office: Office) -> None:
    """By the page's own clock: without a connection, then asked for 120 and 90 seconds, then refused without a wish."""
    page = begin(context, office)
    page.evaluate(NOTE_TRIES)
    page.clock.install()
    page.clock.pause_at(page.evaluate("Date.now()") + 1_000)
    refusals = iter([None] * 8 + [(503, "120"), (429, "90"), (503, "")])

    def answer_for_the_server(route: Route) -> None:
        match next(refusals, "none left"):
            case None:
                route.abort("internetdisconnected")
            case (int(status), str(wish)):
                route.fulfill(status=status, headers={"Retry-After": wish} if wish else {})
            case _:
                route.continue_()

    page.route("**/antworten", answer_for_the_server)
    change_once(page)
    pauses = pauses_of(page, tries=12)
    doubled = [min(1_000 * 2**number, 30_000) for number in range(8)]
    assert [0.75 * long <= pause <= 1.25 * long for pause, long in zip(pauses, doubled, strict=False)] == [True] * 8
    assert pauses[8:10] == [120_000, 90_000]
    assert 22_500 <= pauses[10] <= 37_500
    expect(page.locator("[data-kept]")).to_have_text(SAVED)
    nothing_waits(page)
    assert office.answered() == office.events() == 1
    # What is saved ends the waiting: the next failure begins with a short pause again.
    refusals = iter([None])
    go_on(page)
    change_once(page)
    assert 750 <= pauses_of(page, tries=14)[12] <= 1_250
    nothing_waits(page)


# Each try to send an answer, by the page's clock: when it began, and when its outcome was known.
NOTE_TRIES = """() => {
  const send = window.fetch;
  window.tries = [];
  window.fetch = async (address, ...more) => {
    if (!String(address).endsWith("/antworten")) return send(address, ...more);
    const one = { began: Date.now() };
    one.outcome = new Promise((known) => { one.end = () => known([one.began, Date.now()]); });
    window.tries.push(one);
    try {
      const response = await send(address, ...more);
      const body = await response.text();
      return { status: response.status, headers: response.headers, json: async () => JSON.parse(body) };
    } finally {
      one.end();
    }
  };
}"""


def pauses_of(page: Page, *, tries: int) -> list[int]:
    """Let time pass until there were so many tries; milliseconds between the outcome of one and the next."""
    for _ in range(100):
        found = page.evaluate("Promise.all(tries.map((one) => one.outcome))")
        if len(found) >= tries:
            return [round(began - ended) for (_, ended), (began, _) in pairwise(found)]
        page.clock.run_for(5_000)
    raise AssertionError(f"{len(found)} tries only")


def test_handing_in_waits_until_all_is_saved(context: BrowserContext, office: Office) -> None:
    page = begin(context, office)
    context.set_offline(True)
    answer(page)
    page.get_by_role("button", name="Zur Abgabe").first.click()
    expect(page.locator("[data-kept]")).to_contain_text("Erst müssen alle Antworten gespeichert sein")
    expect(page.locator(".eyebrow")).to_have_text("Frage 1 von 4")


def test_somebody_else_at_the_same_desk_sees_and_sends_nothing(context: BrowserContext, office: Office) -> None:
    page = begin(context, office)
    context.set_offline(True)
    answer(page)
    expect(page.locator("[data-kept]")).to_contain_text(WAITING)
    mine = page.url
    page.close()
    context.set_offline(False)
    context.clear_cookies()
    other = context.new_page()
    sent: list[str] = []
    other.on("request", lambda request: sent.append(request.url) if "/antworten" in request.url else None)
    sign_in(other, office.accounts[JO])
    other.goto(START)
    other.get_by_role("button", name="Test beginnen").click()
    expect(other.locator(".eyebrow")).to_have_text("Frage 1 von 4")
    other.wait_for_timeout(1_500)
    assert sent == []
    assert other.locator("form[data-attempt] input:checked").count() == 0
    assert other.goto(mine).status == 404  # type: ignore[union-attr]  # a page was opened
    context.clear_cookies()
    sign_in(other, office.accounts[MIRA])
    other.goto(mine)
    nothing_waits(other)
    assert office.answered() == 1


def test_signing_in_again_saves_what_waited(context: BrowserContext, office: Office) -> None:
    page = begin(context, office)
    context.clear_cookies()
    answer(page)
    expect(page.locator("[data-kept]")).to_contain_text("Sie sind abgemeldet")
    assert office.answered() == 0
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("link", name="Wieder anmelden").click()
    page.locator('input[name="name"]').fill(office.accounts[MIRA])
    page.locator('input[name="kennwort"]').fill(PASSWORD)
    page.locator('main button[type="submit"]').first.click()
    expect(page.locator(".eyebrow")).to_have_text("Frage 1 von 4")
    nothing_waits(page)
    assert office.answered() == 1


def test_leaving_with_answers_on_the_device_asks_first(context: BrowserContext, office: Office) -> None:
    page = begin(context, office)
    context.set_offline(True)
    answer(page)
    expect(page.locator("[data-kept]")).to_contain_text(WAITING)
    asked: list[str] = []

    def stay(dialog: object) -> None:
        asked.append(dialog.type)  # type: ignore[attr-defined]  # a dialog
        dialog.dismiss()  # type: ignore[attr-defined]  # a dialog

    page.on("dialog", stay)
    page.close(run_before_unload=True)
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]

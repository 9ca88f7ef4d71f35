"""Two people at one machine, one person in two windows, a session that ends while somebody types: nothing is mixed up
and nothing typed is lost.
"""

import re
import shutil
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, Route, expect
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learning.study.models import AnswerEvent, Attempt, PracticeAnswer
from tests.browser.office import PASSWORD, Office, open_office, sign_in
from tests.pages import SAMPLES

pytestmark = pytest.mark.slow

TEST = "/kurse/bausteine/test/test"
NAMES = ("Mira Sander", "Jo Lindner", "Ada Wolf", "Lea Kern", "Nora Baum", "Ole Feld", "Kim Roth", "Eva Stein")
MARK = "61728394"
SAVED = re.compile(r"^gespeichert \d\d:\d\d$")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    shutil.copytree(SAMPLES, folder / "kurse")
    course = folder / "kurse" / "bausteine"
    # All six questions, so that there is always one to type into.
    test = course / "90-test.md"
    test.write_text(test.read_text(encoding="utf-8").replace("draw: 4", "draw: 6"), encoding="utf-8")
    with open_office(folder, f"sqlite:///{folder / 'impuls.sqlite'}", courses=(course,), names=NAMES) as office:
        yield office


@pytest.fixture
def context(desktop_browser: Browser, office: Office) -> Iterator[BrowserContext]:
    with closing(desktop_browser.new_context(base_url=office.address, locale="de-DE", reduced_motion="reduce")) as made:
        made.set_default_timeout(10_000)
        yield made


def begin(page: Page, account: str) -> str:
    """Sign in and begin the test; the address of its question with a field to type a number into."""
    sign_in(page, account)
    return begin_test(page)


def begin_test(page: Page) -> str:
    page.goto(TEST)
    with page.expect_response(lambda response: response.url.endswith("/fragen")):
        page.get_by_role("button", name="Test beginnen").click()
    for _ in range(6):
        if page.locator("legend", has_text="Minuten hat eine Stunde").count():
            break
        page.locator(".actions--ends button").last.click()
    return page.url


def field(page: Page) -> str:
    return "form[data-attempt] fieldset input[type=text]"


def waits(page: Page) -> list[str]:
    names: list[str] = page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('impuls-antworten'))")
    return names


def test_somebody_else_at_the_desk_sees_and_sends_nothing(context: BrowserContext, office: Office) -> None:
    mira, jo = office.accounts[NAMES[0]], office.accounts[NAMES[1]]
    page = context.new_page()
    mine = begin(page, mira)
    context.set_offline(True)
    page.locator(field(page)).fill(MARK)
    expect(page.locator("[data-kept]")).to_contain_text("1 Antwort auf diesem Gerät")
    (name,) = waits(page)
    person = page.locator("body").get_attribute("data-person")
    assert person
    assert name.startswith(f"impuls-antworten:{person}:")
    office.end_sessions()
    page.close()
    context.set_offline(False)

    other = context.new_page()
    sent: list[Request] = []
    other.on("request", lambda request: sent.append(request))  # noqa: PLW0108  # a list's method is no handler
    sign_in(other, jo)
    seen: list[str] = []
    for address in ("/", "/kurse/bausteine", "/nachweise", "/konto"):
        other.goto(address)
        expect(other.locator("[data-left-behind]")).to_be_hidden()
        seen.append(other.content())
    own = begin_test(other)
    seen.append(other.content())
    expect(other.locator(field(other))).to_have_value("")
    other.locator(field(other)).fill("60")
    expect(other.locator("[data-kept]")).to_have_text(SAVED)
    answer = other.goto(mine)
    assert answer
    assert answer.status == 404
    posted = [request.post_data or "" for request in sent if request.method == "POST"]
    assert len([body for body in posted if "fields" in body]) >= 1
    assert not any(MARK in body or person in body for body in posted)
    assert mine.split("/")[-3] not in "".join(request.url for request in sent if request.url != mine.split("#")[0])
    assert not any(MARK in html or person in html or NAMES[0] in html for html in seen)
    assert office.values(mira) == {}
    assert len(office.values(jo)) == 1
    assert waits(other) == [name], "what waits belongs to the first person and stays"

    other.goto("/konto")
    other.get_by_role("button", name="Abmelden", exact=True).click()
    sign_in(other, mira)
    expect(other.locator("[data-left-behind]")).to_contain_text("1 Antwort, die noch auf diesem Gerät lag")
    assert list(office.values(mira).values()) == [{"typed": MARK}]
    assert waits(other) == []
    other.goto(mine)
    expect(other.locator(field(other))).to_have_value(MARK)
    assert own != mine


def test_going_back_does_not_bring_back_the_pages_of_somebody_else(
    desktop_browser: Browser, chromium: str, office: Office, tmp_path: Path
) -> None:
    """With the cache that keeps whole pages, which the browser of the other tests is started without."""
    context = desktop_browser.browser_type.launch_persistent_context(
        tmp_path,
        executable_path=chromium,
        args=["--disable-gpu", "--no-first-run", "--disable-dev-shm-usage", "--no-sandbox"],
        ignore_default_args=["--disable-back-forward-cache"],
        base_url=office.address,
        locale="de-DE",
    )
    with closing(context):
        page = context.new_page()
        sign_in(page, office.accounts[NAMES[0]])
        page.goto("/nachweise")
        page.goto("/konto")
        page.evaluate("addEventListener('pageshow', (event) => document.body.append(`zurück ${event.persisted}`))")
        page.go_back(wait_until="commit")
        page.go_forward(wait_until="commit")
        # Such pages are kept at all, and come back to their owner.
        expect(page.locator("body")).to_contain_text("zurück true")
        expect(page.locator("h1")).to_be_visible()
        page.get_by_role("button", name="Abmelden", exact=True).click()
        sign_in(page, office.accounts[NAMES[1]])
        page.go_back(wait_until="commit")
        page.go_back(wait_until="commit")
        expect(page.locator("html")).not_to_have_attribute("data-away", "yes")
        expect(page.locator("body")).not_to_contain_text(NAMES[0])


def test_two_windows_of_one_test_tell_each_other(context: BrowserContext, office: Office) -> None:
    account = office.accounts[NAMES[2]]
    one = context.new_page()
    address = begin(one, account)
    two = context.new_page()
    two.goto(address)
    one.locator(field(one)).fill("60")
    expect(one.locator("[data-kept]")).to_have_text(SAVED)
    two.locator(field(two)).fill("61")
    expect(two.locator("[data-kept]")).to_contain_text("In einem anderen Fenster geändert")
    expect(two.locator(field(two))).to_have_value("60")
    assert list(office.values(account).values()) == [{"typed": "60"}]
    # What was typed here is not lost: one press makes it the answer.
    two.get_by_role("button", name="Doch meine Antwort von hier nehmen").press("Enter")
    expect(two.locator("[data-kept]")).to_have_text(SAVED)
    expect(two.locator(field(two))).to_have_value("61")
    assert list(office.values(account).values()) == [{"typed": "61"}]
    one.locator(field(one)).fill("62")
    expect(one.locator("[data-kept]")).to_contain_text("In einem anderen Fenster geändert")
    expect(one.locator(field(one))).to_have_value("61")


def test_a_window_hears_what_another_one_sent_for_it(context: BrowserContext, office: Office) -> None:
    account = office.accounts[NAMES[6]]
    one = context.new_page()
    address = begin(one, account)
    one.route("**/antworten", lambda route: route.abort("connectionreset"))
    one.locator(field(one)).fill("60")
    expect(one.locator("[data-kept]")).to_contain_text("1 Antwort auf diesem Gerät")
    two = context.new_page()
    two.goto(address)
    expect(two.locator("[data-kept]")).to_have_text(SAVED)
    expect(one.locator("[data-kept]")).to_have_text(SAVED)
    assert waits(one) == []
    # It goes on from what was saved, and does not take its own answer for somebody else's.
    one.unroute("**/antworten")
    one.locator(field(one)).fill("61")
    expect(one.locator("[data-kept]")).to_have_text(re.compile("wird gespeichert"))
    expect(one.locator("[data-kept]")).to_have_text(SAVED)
    assert list(office.values(account).values()) == [{"typed": "61"}]


def test_a_try_that_fails_while_another_window_succeeds_is_saved_all_the_same(
    context: BrowserContext, office: Office
) -> None:
    account = office.accounts[NAMES[7]]
    one = context.new_page()
    address = begin(one, account)
    held: list[Route] = []
    one.route("**/antworten", lambda route: held.append(route))  # noqa: PLW0108  # Playwright keeps a note at the function
    one.locator(field(one)).fill("59")
    while not held:
        one.wait_for_timeout(50)
    two = context.new_page()
    two.goto(address)
    expect(two.locator("[data-kept]")).to_have_text(SAVED)
    expect(one.locator("[data-kept]")).to_have_text(SAVED)
    held.pop().abort("connectionreset")
    one.wait_for_timeout(300)
    expect(one.locator("[data-kept]")).to_have_text(SAVED)
    assert (waits(one), held) == ([], [])
    one.unroute("**/antworten")
    one.locator(field(one)).fill("58")
    expect(one.locator("[data-kept]")).to_have_text(re.compile("wird gespeichert"))
    expect(one.locator("[data-kept]")).to_have_text(SAVED)
    assert list(office.values(account).values()) == [{"typed": "58"}]


def hand_in(page: Page) -> None:
    page.get_by_role("button", name="Jetzt abgeben").last.click()


def test_handing_in_without_a_connection_keeps_the_page(context: BrowserContext, office: Office) -> None:
    page = context.new_page()
    begin(page, office.accounts[NAMES[3]])
    page.get_by_role("button", name="Zur Abgabe").first.click()
    expect(page.locator("h1")).to_have_text("Test abgeben")
    context.set_offline(True)
    hand_in(page)
    expect(page.locator("[data-kept]")).to_contain_text("Keine Verbindung. Ihre Antworten sind gespeichert.")
    context.set_offline(False)
    hand_in(page)
    expect(page.locator("h1")).to_have_text("0 von 6 Fragen richtig")


@pytest.mark.parametrize("is_received", [True, False], ids=["reply lost", "request lost"])
def test_a_connection_lost_while_handing_in_loses_nothing(
    context: BrowserContext, office: Office, is_received: bool
) -> None:
    account = office.accounts[NAMES[4 + is_received]]
    page = context.new_page()
    begin(page, account)
    page.locator(field(page)).fill("60")
    expect(page.locator("[data-kept]")).to_have_text(SAVED)
    page.get_by_role("button", name="Zur Abgabe").first.click()
    expect(page.locator("h1")).to_have_text("Test abgeben")

    def lose(route: Route) -> None:
        if route.request.method == "POST" and is_received:
            route.fetch(max_redirects=0)
        route.abort("connectionreset")

    attempt = page.url.removesuffix("/abgabe")
    page.route(attempt, lose)
    with page.expect_event("requestfailed"):
        hand_in(page)
    page.unroute(attempt)
    # The person enters the address again, as the browser still shows it.
    page.goto(attempt)
    if not is_received:
        expect(page.locator("h1")).to_have_text("Test abgeben")
        hand_in(page)
    expect(page.locator("h1")).to_have_text("1 von 6 Fragen richtig")
    with Session(office.engine) as session:
        number = uuid.UUID(attempt.rsplit("/", 1)[-1])
        events = select(func.count()).select_from(AnswerEvent).join(Attempt, Attempt.key == AnswerEvent.attempt_key)
        assert session.scalars(select(Attempt.state).where(Attempt.id == number)).all() == ["submitted"]
        assert session.scalar(events.where(Attempt.id == number)) == 1
    assert list(office.values(account).values()) == [{"typed": "60"}]


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_session_that_ends_in_mid_practice_loses_nothing_typed(
    desktop_browser: Browser, office: Office, scripts: bool
) -> None:
    account, words = office.accounts[NAMES[5]], f"Ich schaue zu und frage nach. {scripts}"
    with closing(
        desktop_browser.new_context(base_url=office.address, locale="de-DE", java_script_enabled=scripts)
    ) as context:
        page = context.new_page()
        sign_in(page, account)
        page.goto("/kurse/bausteine/fragen/fragen/f-frei?neu=1#frage-f-frei")
        page.locator("#frage-f-frei textarea").fill(words)
        office.end_sessions()
        page.locator("#frage-f-frei button[type=submit]").press("Enter")
        expect(page.locator("main")).to_contain_text("Was Sie eingegeben haben, ist noch da")
        page.locator('input[name="name"]').fill(account)
        page.locator('input[name="kennwort"]').fill(PASSWORD)
        page.locator('main button[type="submit"]').first.press("Enter")
        expect(page.locator("h1")).to_have_text("Ihre Eingaben sind noch da")
        page.get_by_role("button", name="Eingaben absenden").press("Enter")
        expect(page.locator("#frage-f-frei .question__result")).to_be_focused()
        expect(page.locator("#frage-f-frei .question__result")).to_be_in_viewport()
    with Session(office.engine) as session:
        kept = session.scalars(select(PracticeAnswer.response).where(PracticeAnswer.question_id == "f-frei")).all()
    assert kept == [{"written": words}]

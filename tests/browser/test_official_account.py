"""In a real browser against a real OpenID provider: in, out, back to where one was, nothing typed is lost."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import html5lib
import pytest
from playwright.sync_api import Browser, Page, Response, expect
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session
from waitress.server import create_server

from learning import clock
from learning.app import create_app
from learning.database import make_engine
from learning.people.models import Person
from learning.people.models import Session as SignedIn
from learning.schema import migrate
from learning.settings import OpenidSettings, ProductSettings
from tests import factories
from tests.browser.test_product_quality import APPEARANCES, is_page
from tests.browser.test_quality import AXE
from tests.provider.running import CLIENT_ID, CLIENT_SECRET, running_provider

pytestmark = pytest.mark.slow

ACCOUNTS = {
    "konto-miriam": {"personnel_number": "P-4711", "email": "anders@impuls.example", "email_verified": True},
    "konto-tom": {"personnel_number": "P-4712"},
    "konto-fremd": {"personnel_number": "P-0"},
}


@dataclass(frozen=True)
class Office:
    """The product at an address of its own, and its database."""

    address: str
    issuer: str
    engine: Engine


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    data = tmp_path_factory.mktemp("office")
    listening = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    url = f"sqlite:///{data / 'impuls.sqlite'}"
    engine = make_engine(url)
    migrate(engine)
    with Session(engine, expire_on_commit=False) as session:
        factories.person(session, "Miriam Sander", hr_key="P-4711")
        factories.person(session, "Tom Berger", hr_key="P-4712")
    with running_provider(address, ACCOUNTS) as issuer:
        settings = settings_for(data, url, address, issuer)
        server = create_server(create_app(settings), sockets=[listening], threads=4)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        yield Office(address, issuer, engine)
        server.close()
        thread.join(timeout=10)
    engine.dispose()


def settings_for(data: Path, url: str, address: str, issuer: str) -> ProductSettings:
    openid = OpenidSettings(issuer, CLIENT_ID, CLIENT_SECRET, "personnel_number", "openid profile")
    return ProductSettings(
        data, url, ("nur für Tests, lang genug für jede Prüfung",), address, "Amt", "de", openid=openid
    )


@pytest.fixture(params=["scripts", "no scripts"])
def page(browser: Browser, office: Office, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = browser.new_context(
        base_url=office.address, locale="de-DE", java_script_enabled=request.param == "scripts"
    )
    yield context.new_page()
    context.close()


def press(page: Page) -> None:
    """Press the button for the official account."""
    page.get_by_role("button", name="Mit Dienstkonto anmelden").click()


def sign_in(page: Page, office: Office, account: str) -> None:
    """From our page to sign in to the provider, through its own pages, and back."""
    press(page)
    page.wait_for_url(f"{office.issuer}/interaction/*")
    page.locator("input[name=login]").fill(account)
    page.locator("input[name=password]").fill("egal")
    page.locator("button[type=submit]").click()
    page.locator("button[type=submit]", has_text="Continue").click()
    page.wait_for_url(f"{office.address}/**")


def test_an_official_account_signs_in_and_out_and_its_answer_is_used_once(page: Page, office: Office) -> None:
    answers: list[str] = []
    page.on("request", lambda one: answers.append(one.url) if "/dienstkonto/zurueck" in one.url else None)
    page.goto("/konto")
    sign_in(page, office, "konto-miriam")
    assert urlsplit(page.url).path == "/konto"
    expect(page.get_by_text("P-4711")).to_be_visible()
    expect(page.get_by_text("mit dem Dienstkonto")).to_be_visible()

    page.get_by_role("button", name="Abmelden", exact=True).click()
    page.wait_for_url(f"{office.issuer}/**")
    page.locator("button[type=submit]").first.click()
    page.wait_for_url(f"{office.address}/abgemeldet")
    page.goto("/konto")
    assert urlsplit(page.url).path == "/anmelden"
    assert len(answers) == 1
    page.goto(answers[0])
    expect(page.get_by_role("alert")).to_contain_text("abgelaufen oder schon benutzt")
    page.goto("/konto")
    assert urlsplit(page.url).path == "/anmelden"


def is_signed_in(page: Page) -> bool:
    page.goto("/konto")
    return urlsplit(page.url).path == "/konto"


def test_signing_out_at_the_provider_signs_out_here(page: Page, office: Office) -> None:
    page.goto("/konto")
    sign_in(page, office, "konto-miriam")
    assert is_signed_in(page)
    page.goto(f"{office.issuer}/session/end")
    page.locator("button[type=submit]").first.click()
    page.wait_for_url(f"{office.issuer}/session/end/success")
    assert not is_signed_in(page)


def test_what_was_typed_when_the_session_ended_is_sent_after_the_provider_has_signed_in(
    page: Page, office: Office
) -> None:
    page.goto("/konto/passwort")
    sign_in(page, office, "konto-tom")
    assert urlsplit(page.url).path == "/konto/passwort"
    for name in ("bisher", "kennwort", "wiederholung"):
        page.locator(f"[name={name}]").fill("Möwe <Umweg> & Teelicht")
    with Session(office.engine) as session:
        tom = select(Person.key).where(Person.hr_key == "P-4712").scalar_subquery()
        session.execute(update(SignedIn).where(SignedIn.person_key == tom).values(ended_at=clock.now()))
        session.commit()
    page.get_by_role("button", name="Passwort ändern").click()
    expect(page.get_by_text("Was Sie eingegeben haben, ist noch da")).to_be_visible()
    press(page)  # The provider still knows who is there, so this is all there is to do.
    expect(page.get_by_role("heading", name="Ihre Eingaben sind noch da")).to_be_visible()
    assert page.locator("[name=kennwort]").input_value() == "Möwe <Umweg> & Teelicht"
    page.get_by_role("button", name="Eingaben absenden").click()
    expect(page.get_by_role("alert")).to_contain_text("Das Passwort wurde nicht geändert")


def test_an_account_that_is_nobodys_here_reads_so_and_can_sign_in_otherwise(page: Page, office: Office) -> None:
    page.goto("/konto")
    sign_in(page, office, "konto-fremd")
    expect(page.get_by_role("alert")).to_contain_text("gibt es hier keine Person")
    page.get_by_text("Ohne Dienstkonto anmelden").click()
    expect(page.locator("[name=kennwort]")).to_be_visible()
    assert not is_signed_in(page)


@pytest.mark.parametrize("appearance", APPEARANCES)
def test_the_pages_on_the_way_are_accessible_and_valid(
    browser: Browser, office: Office, axe_source: str, appearance: str
) -> None:
    context = browser.new_context(base_url=office.address, locale="de-DE", reduced_motion="reduce")
    page = context.new_page()
    page.route(f"{office.issuer}/**", lambda route: route.fulfill(status=204))  # So the page that goes on stays.
    answers: list[Response] = []
    page.on("response", lambda response: answers.append(response))  # noqa: PLW0108  # no methods of lists as handlers
    try:
        for steps in (to_sign_in, to_refusal, to_elsewhere):
            steps(page)
            APPEARANCES[appearance](page)
            page.evaluate(axe_source)
            assert page.evaluate(AXE) == {"violations": [], "undecided": []}
            if appearance == "320 px":
                assert page.evaluate("document.documentElement.scrollWidth") == 320
            own = [one for one in answers if one.url.startswith(office.address) and is_page(one)]
            html5lib.HTMLParser(strict=True).parse(own[-1].text())
    finally:
        context.close()


def to_sign_in(page: Page) -> None:
    page.goto("/anmelden?weiter=/konto")


def to_refusal(page: Page) -> None:
    page.goto("/anmelden/dienstkonto/zurueck?state=geraten")
    expect(page.get_by_role("alert")).to_be_visible()


def to_elsewhere(page: Page) -> None:
    page.goto("/anmelden")
    press(page)
    expect(page.get_by_role("heading", name="Weiter zur Anmeldung")).to_be_visible()

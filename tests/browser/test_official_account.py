"""In a real browser against a real OpenID provider: in, out, back to where one was, nothing typed is lost."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from waitress.server import create_server

from learning.app import create_app
from learning.database import make_engine
from learning.schema import migrate
from learning.settings import OpenidSettings, ProductSettings
from tests import factories
from tests.provider.running import CLIENT_ID, CLIENT_SECRET, running_provider

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


def sign_in(page: Page, office: Office, account: str) -> None:
    """From our page to sign in to the provider, through its own pages, and back."""
    page.get_by_role("button", name="Mit Dienstkonto anmelden").click()
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

"""Makes docs/pictures: the demonstration in a browser, a picture for every kind of page, with few colours each.

With folders of drafts as arguments it also puts our page beside the draft that it was designed after; other arguments
name the pictures to make. Run by `./dev pictures`; needs Chromium (IMPULS_CHROMIUM).
"""

import os
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from waitress.server import create_server

from learning import clock
from learning.app import create_app
from learning.database import make_engine
from learning.demo.commands import SEED
from learning.demo.making import make_demonstration
from learning.demo.sign_ins import SignIn, sign_ins_place
from learning.schema import migrate
from learning.settings import ProductSettings

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
FREQUENT, COVERING = 72, 56
TALLEST = 2_200
HALF = 720
DESK: Mapping[str, Any] = {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light"}
DARK: Mapping[str, Any] = {**DESK, "color_scheme": "dark"}
PHONE: Mapping[str, Any] = {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"}
NARROW: Mapping[str, Any] = {"viewport": {"width": 320, "height": 720}, "color_scheme": "light"}
PAPER: Mapping[str, Any] = {"viewport": {"width": 794, "height": 1123}, "color_scheme": "light"}
PERSON, LEAD, HR = "Beschäftigte", "Führungskraft eines Bereichs", "Personalentwicklung, ganzes Haus"
COUNCIL, TEAM_LEAD = "Personalrat", "Führungskraft eines Teams"
PROCESS, DATA = "/kurse/prozesse-aufnehmen", "/kurse/datenschutz-im-alltag"
MODULE = f"{PROCESS}/terminvergabe-aufnehmen"


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as its reader (part of a sign-in, "" for nobody) sees it, after `steps`; `draft` names its draft."""

    address: str
    part: str = PERSON
    wear: Mapping[str, Any] = field(default_factory=lambda: DESK)
    steps: Callable[[Page], None] | None = None
    draft: str = ""
    of: str = ""


def open_test(page: Page) -> None:
    """Go on with the test that is begun."""
    page.locator("main form button[type=submit]").first.click()
    page.locator(".question").wait_for()


def go_offline(page: Page) -> None:
    """Answer a question while nothing can be reached."""
    open_test(page)
    page.context.set_offline(True)
    page.locator(".question .options label").last.click()
    page.locator("[data-kept].status--soon, [data-kept]:has-text('nicht verbunden')").first.wait_for()


def go_to_hand_in(page: Page) -> None:
    """See what is still open."""
    open_test(page)
    page.locator("aside button[value=abgabe]").click()
    page.get_by_role("button", name="Jetzt abgeben").first.wait_for()


def answer_two(page: Page) -> None:
    """One question right, one not."""
    for _ in range(2):
        # An answered question has no options any more, so the first one is the next.
        anchor = page.locator(".question:has(.options)").first.get_attribute("id")
        card = page.locator(f"#{anchor}")
        card.locator("label").first.click()
        card.locator("button[type=submit]").first.click()
        card.locator(".question__result").wait_for()


def open_result(page: Page) -> None:
    """The result of the last attempt."""
    page.get_by_role("link", name="Ergebnis von Versuch").first.click()
    page.locator(".result").wait_for()


def open_first_person(page: Page) -> None:
    """The record of the person who stands first."""
    page.locator("tbody th a").first.click()
    page.locator("dl").first.wait_for()


def run_dry(page: Page) -> None:
    """A yearly rule, as a dry run."""
    page.locator("[name=titel]").fill("Brandschutz und Räumung")
    page.locator("[name=kurs]").select_option(index=1)
    page.locator("label:has-text('von der letzten Frist an')").click()
    page.locator("button[value=probelauf]").click()
    page.locator("[role=status] strong").wait_for()


def refuse(page: Page) -> None:
    """A sign-in that does not work."""
    page.locator("[name=name]").fill("4004")
    page.locator("[name=kennwort]").fill("falsch")
    page.locator("main button[type=submit]").first.click()
    page.locator(".kern-alert").wait_for()


def speak_english(page: Page) -> None:
    """The same page in English, for this browser."""
    page.context.add_cookies([{"name": "sprache", "value": "en", "url": page.url}])
    page.reload()


def print_it(page: Page) -> None:
    """As it leaves the printer."""
    page.emulate_media(media="print")


SEARCH = "/suche?suche=Termin"
FILTERED = "/personal/liste?status=overdue"
ALL: dict[str, Picture] = {
    "sign-in": Picture("/anmelden", "", draft="anmelden-1280"),
    "sign-in-refused": Picture("/anmelden", "", NARROW, refuse),
    "start": Picture("/", draft="start-1280"),
    "start-dark": Picture("/", wear=DARK, draft="start-1280-dark"),
    "start-phone": Picture("/", wear=PHONE, draft="start-390"),
    "start-english": Picture("/", steps=speak_english),
    "catalogue": Picture("/katalog"),
    "search": Picture(SEARCH, draft="katalog-1280"),
    "search-nothing": Picture("/suche?suche=xyzzy", wear=NARROW),
    "course": Picture(PROCESS, draft="kurs-1280"),
    "module": Picture(MODULE, draft="modul-1280"),
    "module-dark": Picture(MODULE, wear=DARK, draft="modul-1280-dark"),
    "module-320": Picture(MODULE, wear=NARROW),
    "module-print": Picture(MODULE, wear=PAPER, steps=print_it),
    "question": Picture(MODULE, COUNCIL, steps=answer_two, of=".question:has(.answers) >> nth=0"),
    "job-aids": Picture("/arbeitshilfen", wear=PHONE),
    "test-rules": Picture(f"{PROCESS}/abschlusstest/test"),
    "test": Picture(f"{DATA}/test/test", steps=open_test, draft="test-1280"),
    "test-offline": Picture(f"{DATA}/test/test", steps=go_offline, draft="test-offline-1280"),
    "hand-in": Picture(f"{DATA}/test/test", steps=go_to_hand_in),
    "review": Picture(f"{PROCESS}/abschlusstest/test", TEAM_LEAD, steps=open_result, draft="ergebnis-1280"),
    "proofs": Picture("/nachweise"),
    "account": Picture("/konto", wear=PHONE),
    "my-data": Picture("/meine-daten", draft="meine-daten-1280-light"),
    "overview": Picture("/personal", HR, draft="personal-uebersicht-1280-light"),
    "overview-dark": Picture("/personal", HR, DARK, draft="personal-uebersicht-1280-dark"),
    "overview-phone": Picture("/personal", HR, PHONE, draft="personal-uebersicht-390-light"),
    "list": Picture("/personal/liste", HR, draft="personal-liste-1280-light"),
    "list-phone": Picture(FILTERED, HR, PHONE, draft="personal-liste-390-light"),
    "record": Picture("/personal/liste?suche=Demirci", HR, steps=open_first_person, draft="person-1280-light"),
    "rule": Picture("/personal/pflichtregeln/neu", HR, steps=run_dry, draft="pflichtregel-1280-light"),
    "rules": Picture("/personal/pflichtregeln", HR),
    "agreements": Picture("/personal/vereinbarungen", HR),
    "totals": Picture("/personal/summen", COUNCIL),
    "team": Picture("/team", LEAD, draft="team-1280-light"),
    "team-phone": Picture("/team", TEAM_LEAD, PHONE, draft="team-390-light"),
    "error": Picture("/gibt-es-nicht", wear=NARROW),
}


@contextmanager
def demonstration(folder: Path) -> Iterator[tuple[str, tuple[SignIn, ...]]]:
    """A fresh demonstration on a port of its own: its address, and who can sign in."""
    url = f"sqlite:///{folder / 'impuls.sqlite'}"
    engine = make_engine(url)
    migrate(engine)
    made = make_demonstration(engine, sign_ins_place(folder), seed=SEED, today=clock.today())
    engine.dispose()
    secret = "nur für Bilder, lang genug für jede Prüfung"  # noqa: S105  # nothing outlives the run
    app = create_app(
        ProductSettings(folder, url, (secret,), "http://127.0.0.1", authority="Jobcenter Musterkreis", language="de")
    )
    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{getattr(server, 'effective_port', 0)}", made.sign_ins
    server.close()
    thread.join(timeout=10)


def cookies_of(browser: Browser, address: str, sign_in: SignIn) -> list[Any]:
    """The cookies of somebody who has signed in."""
    context = browser.new_context(base_url=address)
    page = context.new_page()
    page.goto("/anmelden")
    page.locator("[name=name]").fill(sign_in.account)
    page.locator("[name=kennwort]").fill(sign_in.password)
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url(lambda url: "anmelden" not in url)
    cookies = context.cookies()
    context.close()
    return cookies


def take(browser: Browser, address: str, picture: Picture, cookies: list[Any]) -> Image.Image:
    """One picture, not taller than is good to look at."""
    context = browser.new_context(base_url=address, locale="de-DE", reduced_motion="reduce", **picture.wear)
    try:
        context.add_cookies(cookies)
        page = context.new_page()
        page.goto(picture.address)
        if picture.steps:
            picture.steps(page)
        page.evaluate("document.fonts.ready.then(() => true)")
        data = page.locator(picture.of).screenshot() if picture.of else page.screenshot(full_page=True)
    finally:
        context.close()
    whole = Image.open(BytesIO(data)).convert("RGB")
    return whole.crop((0, 0, whole.width, min(whole.height, TALLEST)))


def keep(image: Image.Image, place: Path) -> None:
    """Write it with few colours: the most frequent ones exactly, others so that small signs keep theirs."""
    place.parent.mkdir(parents=True, exist_ok=True)
    counted: Any = image.getcolors(image.width * image.height)
    frequent = [part for _count, colour in sorted(counted, reverse=True)[:FREQUENT] for part in colour]
    covering: Any = image.quantize(COVERING, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).getpalette()
    palette = Image.new("P", (1, 1))
    palette.putpalette([*frequent, *covering[: 3 * COVERING]])
    image.quantize(palette=palette, dither=Image.Dither.NONE).save(place, optimize=True)


def beside(draft: Image.Image, ours: Image.Image) -> Image.Image:
    """The draft on the left, ours on the right, both of one width."""
    width = min(HALF, draft.width, ours.width)
    halves = [
        one.convert("RGB").resize((width, round(one.height * width / one.width)), Image.Resampling.LANCZOS)
        for one in (draft, ours)
    ]
    both = Image.new("RGB", (2 * width + 24, min(TALLEST, max(one.height for one in halves))), "#8a8fa8")
    both.paste(halves[0], (0, 0))
    both.paste(halves[1], (width + 24, 0))
    return both


def main(drafts: list[Path], names: list[str]) -> int:
    """All pictures, or those named; answers the exit status."""
    wanted = {name: ALL[name] for name in names} or ALL
    parts = {picture.part for picture in wanted.values()}
    arguments = ["--disable-gpu", "--no-first-run", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with (
        tempfile.TemporaryDirectory() as folder,
        demonstration(Path(folder)) as (address, sign_ins),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=os.environ.get("IMPULS_CHROMIUM"), args=arguments)
        cookies = {one.part: cookies_of(browser, address, one) for one in sign_ins if one.part in parts}
        for name, picture in wanted.items():
            ours = take(browser, address, picture, cookies.get(picture.part, []))
            keep(ours, PICTURES / f"{name}.png")
            found = [place for place in (one / f"{picture.draft}.png" for one in drafts) if place.is_file()]
            if found:
                keep(beside(Image.open(found[0]), ours), PICTURES / "beside" / f"{name}.png")
            print(name, flush=True)
        browser.close()
    return 0


if __name__ == "__main__":
    folders = [Path(one) for one in sys.argv[1:] if Path(one).is_dir()]
    sys.exit(main(folders, [one for one in sys.argv[1:] if not Path(one).is_dir()]))

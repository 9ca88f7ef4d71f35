"""What HR, team leads and everybody with an account do on their pages, with nothing but the keyboard."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.authority import Authority, running
from tests.browser.furnishing import furnish_all
from tests.browser.keyboard import Keyboard, Stop


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    with running(tmp_path_factory.mktemp("authority"), furnish_all) as authority:
        yield authority


@pytest.fixture
def open_as(browser: Browser, authority: Authority) -> Iterator[Callable[[str, str], Keyboard]]:
    """The keyboard of a page that somebody has opened: `open_as("hr", "/personal")`."""
    context = browser.new_context(
        base_url=authority.address, locale="de-DE", reduced_motion="reduce", viewport={"width": 1280, "height": 900}
    )
    context.set_default_timeout(10_000)

    def open_page(who: str, address: str) -> Keyboard:
        context.add_cookies([{"name": "impuls", "value": authority.cookies[who], "url": authority.address}])
        page = context.new_page()
        page.goto(address)
        return Keyboard(page)

    yield open_page
    context.close()


# Fields of a rule that apply with some choices alone.
RULE_FIELDS = ("tage", "frist", "monate", "stichtag", "fenster", "abstand", "wiederholung")


def choose(keyboard: Keyboard, stop: Stop, words: str) -> None:
    """A line of the drop-down with the focus."""
    for _ in range(next(at for at, one in enumerate(stop.choices) if one.startswith(words)) - stop.at):
        keyboard.press("ArrowDown")


def test_hr_filters_the_list_and_opens_a_person(open_as: Callable[[str, str], Keyboard]) -> None:
    keyboard = open_as("hr", "/personal")
    keyboard.skip_to_content()
    keyboard.move_to("Pflichtenliste", tag="a")
    keyboard.press("Enter")
    expect(keyboard.page.locator("h1")).to_have_text("Pflichtenliste")
    keyboard.skip_to_content()
    choose(keyboard, keyboard.move_to("Status", tag="select"), "überfällig")
    keyboard.move_to("Anwenden")
    keyboard.press("Enter")
    expect(keyboard.page).to_have_url(re.compile(r"status=\w"))
    # The keyboard goes on at the result: what is filtered, then the people.
    assert keyboard.move().words.startswith("Filter entfernen:")
    person = keyboard.move()
    while not (person.tag == "a" and "/personal/personen/" in person.address):
        person = keyboard.move()
    keyboard.press("Enter")
    expect(keyboard.page.locator("h1")).to_contain_text(person.words.split(",")[0])


def test_hr_makes_a_rule_after_its_dry_run(open_as: Callable[[str, str], Keyboard]) -> None:
    keyboard = open_as("hr", "/personal/pflichtregeln/neu")
    page = keyboard.page
    keyboard.move_to("Probelauf rechnen")
    keyboard.press("Enter")
    expect(page.locator("#fehler")).to_be_focused()
    assert page.title().startswith("Fehler")
    keyboard.move_to("Geben Sie der Pflicht einen Namen")
    keyboard.press("Enter")
    assert keyboard.stop().words.startswith("Name der Pflicht")
    keyboard.type("Brandschutz und Räumung")
    keyboard.move_to("Kurs beim ersten Mal")
    keyboard.press("ArrowDown")
    keyboard.move_to("Probelauf rechnen")
    keyboard.press("Enter")
    expect(page.locator("#probelauf")).to_be_focused()
    assert keyboard.stop().is_outlined
    keyboard.move_to("Regel in Kraft setzen")
    keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Pflichtregeln")
    expect(page.locator("main")).to_contain_text("Brandschutz und Räumung")


def test_fields_of_a_rule_are_hidden_as_long_as_they_do_not_apply(open_as: Callable[[str, str], Keyboard]) -> None:
    page = open_as("hr", "/personal/pflichtregeln/neu").page
    field = {name: page.locator(f"[name={name}]") for name in RULE_FIELDS}

    def seen() -> set[str]:
        return {name for name, one in field.items() if one.is_visible()}

    assert seen() == {"tage"}
    page.get_by_text("jedes Jahr zum selben Tag").click()
    assert seen() == {"tage", "stichtag", "fenster", "abstand", "wiederholung"}
    field["stichtag"].fill("31.01.")
    page.get_by_text("vom letzten Abschluss an").click()
    page.get_by_text("ein fester Tag", exact=True).click()
    assert seen() == {"frist", "monate", "fenster", "abstand", "wiederholung"}
    page.get_by_text("jedes Jahr zum selben Tag").click()
    expect(field["stichtag"]).to_have_value("31.01.")
    expect(page.get_by_text("Nur wenn die Pflicht wiederkehrt:")).to_be_hidden()


def test_units_are_offered_when_single_ones_are_meant_and_ticked_ones_stay_seen(
    open_as: Callable[[str, str], Keyboard],
) -> None:
    keyboard = open_as("hr", "/personal/pflichtregeln/neu")
    unit = keyboard.page.locator("[name=einheiten]").first
    expect(unit).to_be_hidden()
    keyboard.move_to("Alle Beschäftigten")
    keyboard.press("ArrowDown")
    keyboard.move_to("Jobcenter", tag="input")
    keyboard.press("Space")
    assert keyboard.move("Shift+Tab").name == "zielgruppe"
    keyboard.press("ArrowUp")
    expect(unit).to_be_visible()  # Ticked beside "all employees" is a mistake, to be seen before it is sent.
    keyboard.move_to("Jobcenter", tag="input")
    keyboard.press("Space")
    expect(unit).to_be_focused()  # What has the focus does not vanish below it.
    keyboard.move("Shift+Tab")
    keyboard.press("ArrowDown")
    keyboard.press("ArrowUp")
    expect(unit).to_be_hidden()


def test_a_day_that_the_list_cannot_show_is_explained_where_the_keyboard_goes_on(
    open_as: Callable[[str, str], Keyboard],
) -> None:
    keyboard = open_as("hr", "/personal/liste")
    day = keyboard.page.locator("[name=stand]")
    day.fill("1999-01-01")
    keyboard.press("Enter")
    expect(keyboard.page.locator("#fehler")).to_be_focused()
    assert keyboard.stop().is_seen
    expect(keyboard.page.get_by_text("Als CSV exportieren")).to_have_count(0)  # There is nothing to take along.
    keyboard.move_to("Über diesen Tag gibt es keine Auskunft")
    keyboard.press("Enter")
    expect(day).to_be_focused()
    expect(day).to_have_value("1999-01-01")


def test_without_scripts_all_fields_of_a_rule_say_when_they_apply(browser: Browser, authority: Authority) -> None:
    context = browser.new_context(base_url=authority.address, locale="de-DE", java_script_enabled=False)
    context.add_cookies([{"name": "impuls", "value": authority.cookies["hr"], "url": authority.address}])
    page = context.new_page()
    page.goto("/personal/pflichtregeln/neu")
    assert [name for name in RULE_FIELDS if not page.locator(f"[name={name}]").is_visible()] == []
    for words in ("Nur wenn einzelne", "Nur bei einem festen Tag:", "Nur wenn die Pflicht wiederkehrt:"):
        expect(page.get_by_text(words)).to_be_visible()
    context.close()


def test_hr_looks_twice_before_an_agreement_ends(open_as: Callable[[str, str], Keyboard]) -> None:
    keyboard = open_as("hr", "/personal/vereinbarungen")
    page = keyboard.page
    keyboard.skip_to_content()
    keyboard.move_to("Beenden", tag="a")
    keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("beenden?")
    keyboard.skip_to_content()
    keyboard.move_to("Vereinbarung beenden")
    keyboard.press("Enter")
    expect(page.locator("#erledigt")).to_be_focused()
    expect(page.locator("#erledigt")).to_have_text("Die Vereinbarung ist beendet.")
    assert keyboard.stop().is_outlined
    expect(page.locator("main")).to_contain_text("beendet am")


def test_a_team_lead_reads_the_page_of_the_team(open_as: Callable[[str, str], Keyboard]) -> None:
    keyboard = open_as("team_lead", "/team")
    stops = keyboard.all_stops()
    assert any(stop.words.startswith("Wer sieht was?") for stop in stops)


def test_everybody_ends_their_other_sessions(open_as: Callable[[str, str], Keyboard]) -> None:
    keyboard = open_as("person", "/konto")
    keyboard.skip_to_content()
    keyboard.move_to("Überall sonst abmelden")
    keyboard.press("Enter")
    expect(keyboard.page.get_by_role("button", name="Überall sonst abmelden")).to_be_hidden()
    expect(keyboard.page.locator("main")).to_contain_text("Dieser Browser")

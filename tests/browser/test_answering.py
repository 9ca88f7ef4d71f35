"""A module read and every kind of question answered: with the keyboard alone, and again without JavaScript."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.walks import Site, press_until

pytestmark = pytest.mark.slow

QUESTIONS = "/kurse/bausteine/fragen"
KEYS = frozenset({"ArrowDown", "Space", "Tab"})

# What to press or type once the first field of a question has the focus, and what the page then says.
BY_KEYBOARD: dict[str, tuple[list[str], str]] = {
    "f-einfach": (["ArrowDown", "Space"], "Ihre Auswahl"),
    "f-mehrfach": (["Space", "Tab", "Space"], "Ihre Auswahl"),
    "f-text": (["Auslöser"], "Richtig"),
    "f-zahl": (["9,6"], "Stimmt, 576 durch 60"),
    "f-zuordnung": (["ArrowDown", "Tab", "ArrowDown", "Tab", "ArrowDown"], "Zuordnungen stimmen"),
    "f-folge": (
        [*["ArrowDown"], "Tab", *["ArrowDown"] * 2, "Tab", *["ArrowDown"] * 3, "Tab", *["ArrowDown"] * 4],
        "Übergängen stimmen",
    ),
    "f-luecken": (["Anlass", "Tab", "ArrowDown"], "Lücken sind richtig gefüllt"),
    "f-frei": (["Ich"], "Ich beobachte den Ablauf, nicht Sie."),
}


def card(page: Page, name: str) -> Locator:
    return page.locator(f"#frage-{name}")


@pytest.mark.parametrize("name", BY_KEYBOARD)
def test_every_kind_of_question_is_answered_with_the_keyboard_alone(page: Page, name: str) -> None:
    keys, said = BY_KEYBOARD[name]
    page.goto(QUESTIONS)
    press_until(page, "Tab", f"#frage-{name} :is(input, select, textarea)")
    for key in keys:
        if key in KEYS:
            page.keyboard.press(key)
        else:
            page.keyboard.type(key)
    press_until(page, "Tab", f"#frage-{name} button[type=submit]")
    page.keyboard.press("Enter")
    expect(card(page, name)).to_contain_text(said)
    # The verdict has the focus, and a live region says it too.
    expect(card(page, name).locator(".question__result")).to_be_focused()
    expect(page.locator("#ansage")).not_to_be_empty()
    assert page.url.endswith(QUESTIONS)


def test_trying_again_brings_the_question_back_in_its_place(page: Page) -> None:
    page.goto(QUESTIONS)
    card(page, "f-text").locator("input[type=text]").fill("Antrag")
    card(page, "f-text").get_by_role("button", name="Antwort prüfen").click()
    expect(card(page, "f-text")).to_contain_text("Gesucht ist der Oberbegriff")
    card(page, "f-text").get_by_role("link", name="Noch einmal versuchen").click()
    expect(card(page, "f-text").locator("fieldset")).to_be_focused()
    expect(card(page, "f-text").locator("input[type=text]")).to_have_value("")


def test_the_solution_is_fetched_only_when_asked_for(page: Page) -> None:
    page.goto(QUESTIONS)
    card(page, "f-text").locator("input[type=text]").fill("Antrag")
    card(page, "f-text").get_by_role("button", name="Antwort prüfen").click()
    expect(card(page, "f-text")).to_contain_text("Gesucht ist der Oberbegriff")
    assert "Startereignis" not in page.content()
    card(page, "f-text").get_by_role("button", name="Lösung zeigen").click()
    expect(card(page, "f-text").locator(".solution")).to_have_text("Auslöser")


def test_an_empty_answer_moves_the_focus_to_what_is_missing(page: Page) -> None:
    page.goto(QUESTIONS)
    card(page, "f-einfach").get_by_role("button", name="Antwort prüfen").click()
    expect(card(page, "f-einfach").locator(".kern-error")).to_be_focused()


def test_a_double_click_answers_once_and_stays_on_the_page(page: Page) -> None:
    page.goto(QUESTIONS)
    card(page, "f-frei").locator("textarea").fill("Noch nicht abgeschickt")
    card(page, "f-text").locator("input[type=text]").fill("Antrag")
    card(page, "f-text").get_by_role("button", name="Antwort prüfen").dblclick()
    expect(card(page, "f-text")).to_contain_text("Gesucht ist der Oberbegriff")
    assert page.url.endswith(QUESTIONS)
    expect(card(page, "f-frei").locator("textarea")).to_have_value("Noch nicht abgeschickt")


def test_without_a_connection_the_answer_stays_and_goes_through_later(page: Page) -> None:
    page.goto(QUESTIONS)
    field = card(page, "f-text").locator("input[type=text]")
    field.fill("Antrag")
    page.context.set_offline(True)
    try:
        card(page, "f-text").get_by_role("button", name="Antwort prüfen").click()
        expect(card(page, "f-text").get_by_role("alert")).to_contain_text("gerade nicht zu erreichen")
        expect(field).to_have_value("Antrag")
    finally:
        page.context.set_offline(False)
    card(page, "f-text").get_by_role("button", name="Antwort prüfen").click()
    expect(card(page, "f-text")).to_contain_text("Gesucht ist der Oberbegriff")


def test_a_word_where_a_number_belongs_is_asked_for_again_and_stays(page: Page) -> None:
    page.goto(QUESTIONS)
    card(page, "f-zahl").locator("input[type=text]").fill("viele")
    card(page, "f-zahl").get_by_role("button", name="Antwort prüfen").click()
    expect(card(page, "f-zahl").locator(".kern-error")).to_contain_text("Bitte geben Sie eine Zahl ein")
    expect(card(page, "f-zahl").locator("input[type=text]")).to_have_value("viele")


def choose_first(question: Locator) -> None:
    question.locator("label").first.click()


def choose_all(question: Locator) -> None:
    for label in question.locator(".options label").all():
        label.click()


def select_in_turn(question: Locator) -> None:
    for number, choice in enumerate(question.locator("select").all(), start=1):
        choice.select_option(index=number)


def fill_gaps(question: Locator) -> None:
    question.locator("input[type=text]").fill("Anlass")
    question.locator("select").select_option(label="Ergebnis")


WITHOUT_SCRIPTS: dict[str, tuple[Callable[[Locator], None], str]] = {
    "f-einfach": (choose_first, "Ihre Auswahl"),
    "f-mehrfach": (choose_all, "Nicht richtig · Ihre Auswahl"),
    "f-text": (lambda question: question.locator("input[type=text]").fill("Startereignis"), "Richtig"),
    "f-zahl": (lambda question: question.locator("input[type=text]").fill("576"), "Das sind die Minuten"),
    "f-zuordnung": (select_in_turn, "Zuordnungen stimmen"),
    "f-folge": (select_in_turn, "Übergängen stimmen"),
    "f-luecken": (fill_gaps, "2 von 2 Lücken sind richtig gefüllt"),
    "f-frei": (lambda question: question.locator("textarea").fill("Guten Tag"), "Ich beobachte den Ablauf"),
}


@pytest.mark.parametrize("name", WITHOUT_SCRIPTS)
def test_every_kind_of_question_is_answered_without_scripts(plain_page: Page, name: str) -> None:
    answer, said = WITHOUT_SCRIPTS[name]
    plain_page.goto(QUESTIONS)
    answer(card(plain_page, name))
    card(plain_page, name).locator("button[type=submit]").click()
    expect(card(plain_page, name)).to_contain_text(said)
    assert plain_page.url.endswith(f"/fragen/{name}#frage-{name}")
    card(plain_page, name).locator("a.kern-btn").click()
    expect(card(plain_page, name).locator("button[type=submit]")).to_be_visible()
    assert plain_page.url.endswith(f"{QUESTIONS}#frage-{name}")


def test_a_module_is_read_from_catalogue_to_recall_box_with_the_keyboard(page: Page) -> None:
    page.goto("/katalog")
    press_until(page, "Tab", "a[href='/kurse/bausteine']")
    page.keyboard.press("Enter")
    expect(page).to_have_url("/kurse/bausteine")
    press_until(page, "Tab", "a[href='/kurse/bausteine/text']")
    page.keyboard.press("Enter")
    expect(page).to_have_url("/kurse/bausteine/text")
    press_until(page, "Tab", ".recall summary")
    page.keyboard.press("Enter")
    expect(page.locator(".recall")).to_contain_text("Auslöser, Ergebnis, Beteiligte und Varianten.")


@pytest.mark.parametrize("kind", ["page", "plain_page"])
def test_a_test_is_taken_from_rules_to_review(kind: str, request: pytest.FixtureRequest) -> None:
    walker: Page = request.getfixturevalue(kind)
    walker.goto("/kurse/bausteine/test")
    walker.get_by_role("button", name="Test beginnen").click()
    expect(walker.locator(".question .eyebrow")).to_have_text("Frage 1 von 4")
    for _ in range(3):
        walker.locator(".question .actions").get_by_role("button", name="Weiter").click()
    walker.locator(".question .actions").get_by_role("button", name="Zur Abgabe").click()
    expect(walker.locator("h1")).to_have_text("Test abgeben")
    expect(walker.locator(".row--open")).to_have_count(4)
    walker.locator(".actions").get_by_role("button", name="Jetzt abgeben").click()
    expect(walker.locator("h1")).to_have_text("0 von 4 Fragen richtig")
    walker.get_by_role("button", name="Nur diese Fragen wiederholen").click()
    expect(walker.locator(".meta")).to_contain_text("Versuch 2 von 3")


@pytest.mark.parametrize("kind", ["page", "plain_page"])
def test_language_and_theme_change_with_and_without_scripts(kind: str, request: pytest.FixtureRequest) -> None:
    walker: Page = request.getfixturevalue(kind)
    walker.goto("/kurse/bausteine/text")
    walker.get_by_role("button", name="English").click()
    expect(walker.locator("html")).to_have_attribute("lang", "en")
    expect(walker).to_have_url("/kurse/bausteine/text")
    walker.locator(".menu summary").click()
    walker.get_by_role("button", name="Dark").click()
    expect(walker.locator("html")).to_have_attribute("data-kern-theme", "dark")


def test_the_contents_show_what_is_being_read(page: Page) -> None:
    page.goto("/kurse/bausteine/text")
    page.locator(".toc").get_by_role("link", name="Tabellen").click()
    expect(page.locator(".toc [aria-current=location]")).to_have_text("Tabellen")


def test_escape_closes_the_menu_and_gives_the_focus_back(page: Page) -> None:
    page.goto("/katalog")
    page.locator(".menu summary").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Dunkel")).to_be_hidden()
    expect(page.locator(".menu summary")).to_be_focused()


def changed(path: Path, old: str, new: str) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def test_a_page_shows_itself_anew_when_its_file_changes_and_stays_where_it_was(page: Page, site: Site) -> None:
    path = site.folder / "bausteine" / "01-text.md"
    page.goto("/kurse/bausteine/text")
    page.evaluate("scrollTo(0, 900)")
    changed(path, "Umwege und Notizzettel", "Umwege und Zettel")
    try:
        expect(page.locator("main")).to_contain_text("Umwege und Zettel", timeout=15_000)
        page.wait_for_function("scrollY > 800")
    finally:
        changed(path, "Umwege und Zettel", "Umwege und Notizzettel")


def test_the_page_of_a_test_only_says_that_its_file_changed(page: Page, site: Site) -> None:
    path = site.folder / "bausteine" / "90-test.md"
    page.goto("/kurse/bausteine/test")
    page.get_by_role("button", name="Test beginnen").click()
    changed(path, "Nehmen Sie sich etwa zehn Minuten.", "Nehmen Sie sich zehn Minuten.")
    try:
        expect(page.locator("[data-changed]")).to_be_visible(timeout=15_000)
        expect(page.locator(".question .eyebrow")).to_have_text("Frage 1 von 4")
    finally:
        changed(path, "Nehmen Sie sich zehn Minuten.", "Nehmen Sie sich etwa zehn Minuten.")


def test_without_scripts_the_preview_says_that_it_does_not_reload(plain_page: Page) -> None:
    plain_page.goto("/katalog")
    expect(plain_page.locator(".without-scripts")).to_be_visible()

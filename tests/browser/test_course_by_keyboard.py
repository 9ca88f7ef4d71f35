"""A whole course from signing in to its proof, with nothing but the keyboard, once with scripts and once without."""

import re
from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from courses.course import Module
from quizzes.questions import SingleChoice
from tests.browser.keyboard import Keyboard
from tests.browser.office import PASSWORD, Office, open_office
from tests.browser.right_answers import RightAnswer, TaughtCourse, words_of
from tests.conftest import ROOT

COURSE = ROOT / "content" / "prozesse-aufnehmen"
COURSE_PAGE = "/kurse/prozesse-aufnehmen"
NAMES = ("Mira Sander", "Jo Lindner", "Ada Wolf")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("office")
    with open_office(folder, f"sqlite:///{folder / 'impuls.sqlite'}", courses=(COURSE,), names=NAMES) as office:
        yield office


@pytest.fixture(scope="module")
def course() -> TaughtCourse:
    return TaughtCourse.of(COURSE)


def window(browser: Browser, office: Office, *, scripts: bool = True) -> BrowserContext:
    context = browser.new_context(
        base_url=office.address,
        locale="de-DE",
        java_script_enabled=scripts,
        reduced_motion="reduce",
        viewport={"width": 1280, "height": 900},
    )
    context.set_default_timeout(10_000)
    return context


def sign_in(keyboard: Keyboard, account: str) -> None:
    keyboard.page.goto("/")
    expect(keyboard.page.locator("h1")).to_have_text("Anmelden")
    assert keyboard.stop().name == "name"
    keyboard.type(account)
    assert keyboard.move().name == "kennwort"
    keyboard.type(PASSWORD)
    keyboard.press("Enter")
    expect(keyboard.page).not_to_have_title("Anmelden – Impuls")


def find_course(keyboard: Keyboard, course: TaughtCourse) -> None:
    """From the start page by the catalogue's search to the page of the course."""
    keyboard.move_to("Katalog", tag="a")
    keyboard.press("Enter")
    expect(keyboard.page).to_have_url("/katalog")
    keyboard.skip_to_content()
    keyboard.move_to("Kurse, Kurzinfos", tag="input")
    keyboard.type("Prozesse aufnehmen")
    keyboard.press("Enter")
    expect(keyboard.page).to_have_url(re.compile("suche="))
    # A search goes on at its hits.
    assert keyboard.move().words == course.title
    keyboard.press("Enter")
    expect(keyboard.page.locator("h1")).to_have_text(course.title)


def take_lesson(keyboard: Keyboard, course: TaughtCourse, lesson: Module) -> None:
    """Answer every question on the way down, look at the resolution, go on."""
    page, answers = keyboard.page, course.answers(lesson)
    expect(page.locator("h1")).to_have_text(lesson.title)
    keyboard.skip_to_content()
    for question in course.questions(lesson):
        stop = keyboard.fill_in(f"f-{question.id}", answers[question.id])
        while not stop.is_button:
            stop = keyboard.move()
        assert stop.form == f"frage-{question.id}"
        keyboard.press("Enter")
        told(keyboard, f"frage-{question.id}", "Danke" if question.attributes.is_before else "Richtig")
    keyboard.move_to("Auflösung zeigen")
    resolution = keyboard.stop().form
    keyboard.press("Enter")
    told(keyboard, resolution, "Auflösung")
    keyboard.move_to("Weiter")
    keyboard.press("Enter")


def told(keyboard: Keyboard, card: str, words: str) -> None:
    """The verdict is there; the keyboard is on it, or without scripts goes on from the question that was answered."""
    page = keyboard.page
    verdict = page.locator(f"#{card} .question__result")
    expect(verdict).to_contain_text(words)
    if page.evaluate("document.documentElement.dataset.scripts"):
        expect(verdict).to_be_focused()
        assert keyboard.stop().is_outlined
        expect(page.locator("#ansage")).not_to_be_empty()
    else:
        expect(page).to_have_url(re.compile(f"#{card}$"))


def take_test(keyboard: Keyboard, course: TaughtCourse) -> None:
    """From the rules of the test to its result, question by question."""
    page, answers = keyboard.page, course.answers(course.test)
    expect(page.locator("h1")).to_have_text(course.test.title)
    keyboard.skip_to_content()
    keyboard.move_to("Test beginnen")
    keyboard.press("Enter")
    for number in range(1, 11):
        expect(page.locator(".eyebrow").first).to_have_text(f"Frage {number} von 10")
        first = keyboard.move()  # The keyboard is at the question, whether the page is new or was only turned.
        name = next(one for one in answers if first.name in (f"f-{one}", f"f-{one}-0"))
        keyboard.fill_in(f"f-{name}", answers[name], first=first)
        words = "Weiter" if number < 10 else "Zur Abgabe"
        if keyboard.stop().words != words:
            keyboard.move_to(words)
        keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Test abgeben")
    expect(page.locator(".row--open")).to_have_count(0)
    keyboard.move_to("Jetzt abgeben")
    keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("10 von 10 Fragen richtig")


@pytest.mark.slow
@pytest.mark.parametrize(("scripts", "name"), [(True, NAMES[0]), (False, NAMES[1])], ids=["scripts", "no scripts"])
def test_an_employee_completes_a_course_by_keyboard(
    desktop_browser: Browser, office: Office, course: TaughtCourse, scripts: bool, name: str
) -> None:
    with closing(window(desktop_browser, office, scripts=scripts)) as context:
        complete_course(Keyboard(context.new_page()), office.accounts[name], course)


def complete_course(keyboard: Keyboard, account: str, course: TaughtCourse) -> None:
    page = keyboard.page
    sign_in(keyboard, account)
    find_course(keyboard, course)
    keyboard.skip_to_content()
    keyboard.move_to("Mit Modul 1 beginnen")
    keyboard.press("Enter")
    for lesson in course.lessons:
        take_lesson(keyboard, course, lesson)
    take_test(keyboard, course)
    keyboard.move_to("Zu Ihren Nachweisen")
    keyboard.press("Enter")
    expect(page).to_have_url("/nachweise")
    expect(page.locator(".row__title")).to_have_text(course.title)
    print(keyboard.presses)


LESSON, TEST = f"{COURSE_PAGE}/was-ist-ein-prozess", f"{COURSE_PAGE}/abschlusstest/test"
PAGES = ("/", "/katalog", COURSE_PAGE, LESSON, TEST, "/arbeitshilfen", "/nachweise", "/konto", "/meine-daten")


@pytest.mark.slow
def test_no_page_holds_the_keyboard(desktop_browser: Browser, office: Office) -> None:
    """With Tab to the end of each page and with Shift+Tab back, past the same stops, each in sight."""
    with closing(window(desktop_browser, office)) as context:
        keyboard = Keyboard(context.new_page())
        sign_in(keyboard, office.accounts[NAMES[2]])
        for address in PAGES:
            assert keyboard.page.goto(address).ok  # type: ignore[union-attr]  # a page was opened
            there = keyboard.all_stops()
            back = [stop for _ in range(len(there) + 1) if (stop := keyboard.move("Shift+Tab")).tag != "body"]
            words = [stop.words for stop in there]
            assert [stop.words for stop in reversed(back[: len(there)])] == words, address


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_wrong_answer_is_tried_again_by_keyboard(
    desktop_browser: Browser, office: Office, course: TaughtCourse, scripts: bool
) -> None:
    lesson = course.lessons[0]
    question = next(one for one in course.questions(lesson) if isinstance(one.answer, SingleChoice))
    card, field = f"frage-{question.id}", f"f-{question.id}"
    wrong = next(words_of(one.text) for one in question.answer.options if not one.is_right)
    with closing(window(desktop_browser, office, scripts=scripts)) as context:
        keyboard = Keyboard(context.new_page())
        sign_in(keyboard, office.accounts[NAMES[2]])
        keyboard.page.goto(f"{COURSE_PAGE}/{lesson.slug}/fragen/{question.id}#{card}")
        keyboard.fill_in(field, RightAnswer(ticked=frozenset({wrong})))
        keyboard.press("Enter")
        told(keyboard, card, "Noch nicht richtig")
        keyboard.move_to("Noch einmal versuchen")
        keyboard.press("Enter")
        expect(keyboard.page.locator(f"#{card} input[type=radio]").first).to_be_visible()
        keyboard.fill_in(field, course.answers(lesson)[question.id])
        keyboard.press("Enter")
        told(keyboard, card, "Richtig")

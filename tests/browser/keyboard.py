"""A person who uses nothing but the keyboard: moves on with Tab, reads where the focus is, presses what fits there.

Every stop is held to what a keyboard needs: the focus is seen, and what has it lies within the window.
"""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.right_answers import RightAnswer

MOST_PRESSES = 300
# What a person sees of the element with the focus: its own words, those beside it, whether and where it is outlined.
STOP = """() => {
    const element = document.activeElement, box = element.getBoundingClientRect();
    const words = (node) => node ? (node.innerText || node.textContent).replace(/\\s+/g, " ").trim() : "";
    const frames = [[element.closest(".row:has(a:focus-visible)") ?? element], [element, "::after"]];
    const styles = frames.map((frame) => getComputedStyle(...frame));
    const radios = [...element.form?.querySelectorAll("input[type=radio]") ?? []];
    const group = element.type === "radio" ? radios.filter((one) => one.name === element.name) : [];
    return {
        tag: element.tagName.toLowerCase(), type: element.type ?? "", name: element.name ?? "", id: element.id,
        words: words(element.labels?.[0] ?? element), form: element.form?.id ?? "", address: element.href ?? "",
        row: words(element.closest(".pair")?.querySelector(".pair__text")),
        group: group.map((one) => words(one.labels[0])),
        choices: [...element.options ?? []].map((one) => words(one)), at: element.selectedIndex ?? -1,
        is_checked: element.checked ?? false,
        is_outlined: styles.some((one) => parseFloat(one.outlineWidth) >= 2 && one.outlineStyle !== "none"),
        is_seen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    };
}"""


@dataclass(frozen=True)
class Stop:
    """What has the focus. `row` are the words beside a drop-down, `group` the labels of a name's radio buttons."""

    tag: str
    type: str
    name: str
    id: str
    words: str
    form: str
    address: str
    row: str
    group: list[str]
    choices: list[str]
    at: int
    is_checked: bool
    is_outlined: bool
    is_seen: bool

    @property
    def is_field(self) -> bool:
        return self.tag in ("input", "select", "textarea")

    @property
    def is_button(self) -> bool:
        return self.tag == "button"


class Keyboard:
    """The keyboard of a page. `presses` counts the keys."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.presses = 0
        self._is_new = True
        page.on("domcontentloaded", lambda _: self._meet())

    def _meet(self) -> None:
        self._is_new = True

    def _wait_for_page(self) -> None:
        """A person looks before pressing: the page is all there, and the focus is where the page wants it first."""
        self.page.wait_for_load_state("load")
        wanted = self.page.locator("[autofocus]")
        if self._is_new and "#" not in self.page.url and wanted.count():
            expect(wanted.first).to_be_focused()
        self._is_new = False

    def press(self, key: str) -> None:
        self._wait_for_page()
        self.presses += 1
        self.page.keyboard.press(key)

    def stop(self) -> Stop:
        self._wait_for_page()
        found: dict[str, Any] = self.page.evaluate(STOP)
        return Stop(**found)

    def move(self, key: str = "Tab") -> Stop:
        """One stop on, or back with Shift+Tab."""
        self.press(key)
        stop = self.stop()
        if stop.tag != "body":
            assert stop.is_outlined, f"the focus is not seen: {stop}"
            assert stop.is_seen, f"what has the focus is out of sight: {stop}"
        return stop

    def move_to(self, words: str, *, tag: str = "") -> Stop:
        """On until something has the focus that begins with these words."""
        passed = []
        for _ in range(MOST_PRESSES):
            stop = self.move()
            if stop.words.startswith(words) and tag in ("", stop.tag):
                return stop
            if stop.tag == "body":  # The end of the page; the next stop would be its first again.
                break
            passed.append(stop.words[:40])
        raise AssertionError(f"“{words}” is not reached with Tab, but: {passed}")

    def all_stops(self) -> list[Stop]:
        """Every stop of a page that was just opened, to its end."""
        stops: list[Stop] = []
        for _ in range(MOST_PRESSES):
            stop = self.move()
            # Behind the last stop a browser has its own buttons, or one without a window the first stop again.
            if stop.tag == "body" or stop == next(iter(stops), None):
                return stops
            stops.append(stop)
        raise AssertionError(f"no way out of the page: {[stop.words[:40] for stop in stops[-6:]]}")

    def skip_to_content(self) -> None:
        """The first stop of every page leads past the head of the page."""
        assert self.move().words == "Zum Inhalt springen"
        self.press("Enter")
        assert self.stop().id in ("inhalt", "modul")

    def type(self, text: str) -> None:
        self._wait_for_page()
        self.presses += len(text)
        self.page.keyboard.type(text)

    def answer(self, stop: Stop, right: RightAnswer, *, gap: int = 0) -> None:
        """Do what is right at one field of a question; `gap` counts the fields to write in or choose from so far."""
        match stop.type:
            case "radio":
                (wanted,) = right.ticked
                place = stop.group.index(wanted)
                for _ in range(place):
                    self.press("ArrowDown")
                if place == 0:
                    self.press("Space")
            case "checkbox":
                if (stop.words in right.ticked) != stop.is_checked:
                    self.press("Space")
            case "select-one":
                wanted = right.rows[stop.row] if stop.row else right.words[gap]
                for _ in range(stop.choices.index(wanted) - stop.at):
                    self.press("ArrowDown")
            case _:
                self.press("Control+a")
                self.type(right.words[gap])

    def fill_in(self, field: str, right: RightAnswer, *, first: Stop | None = None) -> Stop:
        """Answer the question whose fields are named `field`; the stop behind its last field."""
        stop = first or self.move_to_field(field)
        gap = 0
        while belongs(stop.name, field):
            self.answer(stop, right, gap=gap)
            gap += 1
            stop = self.move()
        return stop

    def move_to_field(self, field: str) -> Stop:
        """On until a field of the question has the focus."""
        for _ in range(MOST_PRESSES):
            stop = self.move()
            if belongs(stop.name, field):
                return stop
        raise AssertionError(f"no field of {field} is reached with Tab")


def belongs(name: str, field: str) -> bool:
    """Whether a form field is one of the question's, as `Display.field` names them."""
    return name == field or (name.startswith(f"{field}-") and name.removeprefix(f"{field}-").isdigit())


def wait_for_heading(page: Page, words: str) -> None:
    expect(page.locator("h1")).to_have_text(words)

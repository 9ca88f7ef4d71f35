"""How far a person is in a course, as pages say it: states of modules, where to go on, what is left.

Computed from the edition that the person reads and from what they did; nothing is loaded here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from courses.course import Course, Module
from learning.language import gettext as _
from learning.language import ngettext
from learning.library.addresses import CourseAddresses
from learning.library.course_pages import ModuleState, Progress
from learning.library.preparation import Edition
from learning.study.courses.state import CourseState
from learning.web.links import Link


@dataclass(frozen=True, slots=True)
class Resume:
    """Where a person goes on: the module with its number from 1, and the anchor where they read last."""

    module: Module
    number: int
    anchor: str


def resume(course: Course, *, done: frozenset[str], last_module: str, places: Mapping[str, str]) -> Resume | None:
    """The module read last if it is not done, else the first that is not; required ones before voluntary ones."""
    left = [(number, module) for number, module in enumerate(course.modules, start=1) if module.id not in done]
    required = [entry for entry in left if not entry[1].is_optional]
    last = [entry for entry in left if entry[1].id == last_module]
    for number, module in (*last, *required, *left):
        return Resume(module, number, places.get(module.id, ""))
    return None


def resume_address(course: Course, found: Resume) -> str:
    """The address at which a person goes on."""
    address = CourseAddresses(course.slug).module(found.module.slug)
    return f"{address}#{found.anchor}" if found.anchor else address


def module_states(course: Course, state: CourseState) -> dict[str, ModuleState]:
    """The state of each module by its id, in words."""
    return {module.id: _state_of(module, state) for module in course.modules}


def _state_of(module: Module, state: CourseState) -> ModuleState:
    if module.id in state.done:
        return ModuleState("ok", _("Abgeschlossen"), "success")
    if module.id in state.places or module.id in state.tests_begun:
        return ModuleState("now", _("In Bearbeitung"), "ring-half")
    return ModuleState("idle", _("Nicht begonnen"), "ring")


def course_progress(edition: Edition, state: CourseState) -> Progress | None:
    """The progress that the course's page shows; None where nothing was begun."""
    course = edition.course
    if state.enrolment is None:
        return None
    states = module_states(course, state)
    found = (
        None
        if state.is_completed
        else resume(course, done=state.done, last_module=state.last_module, places=state.places)
    )
    return Progress(
        states=states,
        current=found.module.id if found else "",
        start=_start_link(course, state, found) if found else None,
        note=done_text(course, state.done),
        minutes_note=_minutes_note(edition, state) if found else "",
    )


def _start_link(course: Course, state: CourseState, found: Resume) -> Link:
    has_begun = bool(state.done or state.places or state.tests_begun)
    pattern = _("Weiter mit Modul %(number)d") if has_begun else _("Mit Modul %(number)d beginnen")
    return Link(resume_address(course, found), pattern % {"number": found.number})


def done_text(course: Course, done: frozenset[str]) -> str:
    """How many modules are done, in words."""
    count = sum(module.id in done for module in course.modules)
    return ngettext(
        "%(done)d von %(num)d Modul abgeschlossen",
        "%(done)d von %(num)d Modulen abgeschlossen",
        len(course.modules),
        done=count,
    )


def minutes_left(edition: Edition, done: frozenset[str]) -> int:
    """How long the modules that are not done take together."""
    rendered = edition.rendered.modules
    return sum(rendered[module.slug].reading.minutes for module in edition.course.modules if module.id not in done)


def _minutes_note(edition: Edition, state: CourseState) -> str:
    whole, left = minutes_left(edition, frozenset()), minutes_left(edition, state.done)
    if left == whole:
        return _("%(minutes)d Minuten", minutes=whole)
    return _("%(minutes)d Minuten, noch etwa %(left)d", minutes=whole, left=left)


MOST_STEPS = 12


def track(course: Course, state: CourseState, *, current: str) -> tuple[str, ...]:
    """The steps of a short course as class names: done, now, to come."""
    steps = tuple(_steps(course, state.done, current))
    return steps if 1 < len(steps) <= MOST_STEPS else ()


def _steps(course: Course, done: frozenset[str], current: str) -> Iterator[str]:
    for module in course.modules:
        if module.id == current:
            yield "is-now"
        else:
            yield "is-done" if module.id in done else ""

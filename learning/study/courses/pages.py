"""How far a person is in a course, as pages say it: states of modules, where to go on, what is left.

Computed from the edition that the person reads and from what they did; nothing is loaded here.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from courses.course import Course, Module
from learning.language import gettext as _
from learning.language import ngettext
from learning.library.addresses import CourseAddresses
from learning.library.course_pages import ModuleState, Progress
from learning.library.preparation import Edition
from learning.web.links import Link

if TYPE_CHECKING:
    # The preview draws steps too, and starts without the library of the database.
    from learning.study.courses.state import CourseState


@dataclass(frozen=True, slots=True)
class Resume:
    """Where a person goes on: the module with its number from 1, and the anchor where they read last."""

    module: Module
    number: int
    anchor: str


class ListedModule(Protocol):
    """A module as far as the way through a course needs it."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def is_optional(self) -> bool:
        """Whether the course can be completed without it."""


AnyModule = TypeVar("AnyModule", bound=ListedModule)


def next_module(
    modules: Sequence[AnyModule], *, done: Collection[str], last_module: str
) -> tuple[int, AnyModule] | None:
    """The module to go on with, its number from 1 before it: the one read last if it is not done, else the first that
    is not; required ones before voluntary ones. None where all are done.
    """
    left = [(number, module) for number, module in enumerate(modules, start=1) if module.id not in done]
    last = [entry for entry in left if entry[1].id == last_module]
    required = [entry for entry in left if not entry[1].is_optional]
    return next(iter((*last, *required, *left)), None)


def resume(course: Course, state: "CourseState") -> Resume | None:
    """Where the person goes on; None where every module is done."""
    found = next_module(course.modules, done=state.done, last_module=state.last_module)
    return Resume(found[1], found[0], state.places.get(found[1].id, "")) if found else None


def resume_address(course: Course, found: Resume) -> str:
    """The address at which a person goes on."""
    address = CourseAddresses(course.slug).module(found.module.slug)
    return f"{address}#{found.anchor}" if found.anchor else address


def module_states(course: Course, state: "CourseState") -> dict[str, ModuleState]:
    """The state of each module by its id, in words."""
    return {module.id: _state_of(module, state) for module in course.modules}


def completed_state() -> ModuleState:
    """What is said of a module or a course that is done."""
    return ModuleState("ok", _("Abgeschlossen"), "success")


def begun_state() -> ModuleState:
    """What is said of a module or a course that somebody is at."""
    return ModuleState("now", _("In Bearbeitung"), "ring-half")


def _state_of(module: Module, state: "CourseState") -> ModuleState:
    if module.id in state.done:
        return completed_state()
    if module.id in state.places or module.id in state.tests_begun:
        return begun_state()
    return ModuleState("idle", _("Nicht begonnen"), "ring")


def course_progress(edition: Edition, state: "CourseState") -> Progress | None:
    """The progress that the course's page shows; None where nothing was begun."""
    course = edition.course
    if state.enrolment is None:
        return None
    states = module_states(course, state)
    found = None if state.is_completed else resume(course, state)
    return Progress(
        states=states,
        current=found.module.id if found else "",
        start=_start_link(course, state, found) if found else None,
        note=done_text(course, state.done),
        minutes_note=_minutes_note(edition, state) if found else "",
    )


def _start_link(course: Course, state: "CourseState", found: Resume) -> Link:
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


def _minutes_note(edition: Edition, state: "CourseState") -> str:
    whole, left = minutes_left(edition, frozenset()), minutes_left(edition, state.done)
    if left == whole:
        return _("%(minutes)d Minuten", minutes=whole)
    return _("%(minutes)d Minuten, noch etwa %(left)d", minutes=whole, left=left)


MOST_STEPS = 12


def track(modules: Sequence[str], *, done: Collection[str], current: str) -> tuple[str, ...]:
    """The steps of a short course as class names: done, now, to come. Modules are named by ids or by slugs, all alike.

    Empty for a course of one module and for one that is too long to be drawn.
    """
    if not 1 < len(modules) <= MOST_STEPS:
        return ()
    return tuple("is-now" if one == current else "is-done" if one in done else "" for one in modules)

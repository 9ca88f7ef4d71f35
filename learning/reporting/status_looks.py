"""How a status looks: its word, its sign, its colour in a drawing, and the segments of a bar of counted statuses."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

from learning.language import date_text
from learning.language import gettext as _
from learning.obligations.overviews import Count
from learning.obligations.queries import Duty
from learning.obligations.rules import Status
from learning.obligations.teams import TeamDuty

GAP = 0.35


@dataclass(frozen=True, slots=True)
class StatusLook:
    """A status for templates. `icon` is empty where a ring is drawn; `ring` is the kind of ring, empty for a plain one.

    `kind` names the colour of the word, `cell` that of a table's cell, empty for none.
    """

    text: str
    kind: str
    icon: str = ""
    ring: str = ""
    cell: str = ""


def status_look(status: Status) -> StatusLook:
    """The look of a status; never red but for overdue, and always with its word."""
    match status:
        case Status.OVERDUE:
            return StatusLook(_("Überfällig"), "late", "danger", cell="is-over")
        case Status.DUE_SOON:
            return StatusLook(_("Bald fällig"), "soon", "warning", cell="is-soon")
        case Status.OPEN:
            return StatusLook(_("Offen"), "open")
        case Status.UPCOMING:
            return StatusLook(_("Künftig"), "idle")
        case Status.SUSPENDED:
            return StatusLook(_("Ausgesetzt"), "idle", ring="pause")
        case Status.EXEMPT:
            return StatusLook(_("Befreit"), "idle", ring="none")
        case Status.FULFILLED:
            return StatusLook(_("Erfüllt"), "ok", "success")
        case Status.CLOSED:
            return StatusLook(_("Beendet"), "idle", ring="none")
        case _:
            assert_never(status)


def day_words(duty: Duty | TeamDuty) -> str:
    """The date that belongs to a duty's status: overdue since, due by, valid until, suspended until."""
    match duty.status:
        case Status.FULFILLED:
            return _("bis %(day)s", day=date_text(duty.valid_until)) if duty.valid_until else _("ohne Ablauf")
        case Status.SUSPENDED:
            return _("bis %(day)s", day=date_text(duty.suspended_until)) if duty.suspended_until else ""
        case Status.EXEMPT | Status.CLOSED:
            return ""
        case Status.OVERDUE:
            return _("seit %(day)s", day=date_text(duty.due_on)) if duty.due_on else ""
        case Status.OPEN | Status.DUE_SOON | Status.UPCOMING:
            return _("Frist %(day)s", day=date_text(duty.due_on)) if duty.due_on else ""
        case _:
            assert_never(duty.status)


# Worst first, as in all tables and drawings; what nobody can do anything about now is one group.
GROUPS: tuple[tuple[str, tuple[Status, ...]], ...] = (
    ("over", (Status.OVERDUE,)),
    ("soon", (Status.DUE_SOON,)),
    ("open", (Status.OPEN,)),
    ("susp", (Status.SUSPENDED, Status.EXEMPT, Status.UPCOMING)),
    ("ok", (Status.FULFILLED,)),
)


def group_words() -> dict[str, str]:
    """What the groups are called in tables and legends."""
    return {
        "over": _("überfällig"),
        "soon": _("bald fällig"),
        "open": _("offen"),
        "susp": _("ausgesetzt, befreit, künftig"),
        "ok": _("erfüllt"),
    }


def group_numbers(count: Count) -> dict[str, int]:
    """How many there are of each group."""
    return {name: sum(count[status] for status in statuses) for name, statuses in GROUPS}


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a bar; begin and width are percents of the bar, written as SVG takes them."""

    fill: str
    x: str
    width: str


def segments(count: Count) -> tuple[Segment, ...]:
    """The bar of a count, worst first, with gaps between the pieces so that colour is not all that parts them."""
    return tuple(_segments([(name, number) for name, number in group_numbers(count).items() if number]))


def _segments(parts: list[tuple[str, int]]) -> Iterator[Segment]:
    room = 100 - GAP * (len(parts) - 1)
    total = sum(number for _name, number in parts)
    begin = 0.0
    for name, number in parts:
        width = room * number / total
        yield Segment(name, f"{begin:.2f}%", f"{width:.2f}%")
        begin += width + GAP

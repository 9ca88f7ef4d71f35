"""What tables of duties are made of on every page: the cell of one duty of one person, the line of many counted."""

from collections.abc import Mapping
from dataclasses import dataclass

from learning.language import gettext as _
from learning.obligations.overviews import Count
from learning.obligations.queries import Duty
from learning.obligations.rules import Status
from learning.obligations.teams import TeamDuty
from learning.reporting.status_looks import Segment, StatusLook, day_words, group_numbers, segments, status_look


@dataclass(frozen=True, slots=True)
class DutyCell:
    """One duty of one person. `look` is None where the rule does not reach the person."""

    rule: str
    look: StatusLook | None
    day: str


def duty_cell(rule_title: str, duty: Duty | TeamDuty | None) -> DutyCell:
    """The cell of a duty in the column of its rule."""
    return DutyCell(rule_title, status_look(duty.status), day_words(duty)) if duty else DutyCell(rule_title, None, "")


@dataclass(frozen=True, slots=True)
class CountedLine:
    """A unit or a duty with its numbers. `people` is None where they are not counted."""

    name: str
    address: str
    people: int | None
    segments: tuple[Segment, ...]
    numbers: Mapping[str, int]
    share: str


def counted_line(name: str, count: Count, *, people: int | None = None, address: str = "") -> CountedLine:
    """The line of what was counted; `address` leads to the people behind it."""
    share = share_text(count[Status.FULFILLED], count.total)
    return CountedLine(name, address, people, segments(count), group_numbers(count), share)


def share_text(part: int, whole: int) -> str:
    """A share in whole percent; a dash where there is nothing to share."""
    return _("%(number)s %%", number=round(100 * part / whole)) if whole else "–"

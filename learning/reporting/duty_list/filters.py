"""What the list of people is narrowed to, as it stands in its address. Nothing is looked up here."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace

from learning.language import gettext as _
from learning.obligations.rules import Status
from learning.reporting import stands
from learning.web.forms import typed_line

LONGEST_TEXT = 100
MOST_PAGES = 100_000
TO_DO = "handeln"
STATUS_CHOICES: Mapping[str, frozenset[Status]] = {
    TO_DO: frozenset({Status.OVERDUE, Status.DUE_SOON}),
    **{status.value: frozenset({status}) for status in Status if status is not Status.CLOSED},
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of an address; `page` counts from 1. A status that no page offers is left out.

    `stand` is the day as it was typed, empty for today (`stands`).
    `unit` and `rule` are public ids as they were written; whether they exist is not known here.
    """

    text: str = ""
    unit: uuid.UUID | None = None
    rule: uuid.UUID | None = None
    status: str = ""
    stand: str = ""
    page: int = 1

    @property
    def statuses(self) -> frozenset[Status]:
        """The chosen statuses; none means all."""
        return STATUS_CHOICES.get(self.status, frozenset())

    @property
    def address(self) -> dict[str, str]:
        """The filters as parameters of an address, without those that are not set."""
        named = {
            "suche": self.text,
            "einheit": str(self.unit or ""),
            "pflicht": str(self.rule or ""),
            "status": self.status,
            stands.FIELD: self.stand,
            "seite": str(self.page) if self.page > 1 else "",
        }
        return {name: value for name, value in named.items() if value}

    def without(self, name: str) -> "Asked":
        """The same from the first page on, without the filter `name`."""
        first = replace(self, page=1)
        match name:
            case "suche":
                return replace(first, text="")
            case "einheit":
                return replace(first, unit=None)
            case "pflicht":
                return replace(first, rule=None)
            case stands.FIELD:
                return replace(first, stand="")
            case _:
                return replace(first, status="")


class NoSuchFilter(Exception):
    """A unit or a duty of the address cannot be an id at all."""


def asked(arguments: Mapping[str, str]) -> Asked:
    """Read the filters of an address. Raises NoSuchFilter."""
    status = arguments.get("status", "")
    page = arguments.get("seite", "")
    return Asked(
        text=typed_line(arguments, "suche", longest=LONGEST_TEXT),
        unit=_id(arguments.get("einheit", "")),
        rule=_id(arguments.get("pflicht", "")),
        status=status if status in STATUS_CHOICES else "",
        stand=typed_line(arguments, stands.FIELD, longest=stands.LONGEST),
        page=min(int(page), MOST_PAGES) if page.isascii() and page.isdigit() and len(page) < 9 and int(page) else 1,
    )


def _id(text: str) -> uuid.UUID | None:
    if not text:
        return None
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise NoSuchFilter from error


def status_choice_words() -> dict[str, str]:
    """The choices of the filter by status, in their order."""
    return {
        "": _("alle"),
        TO_DO: _("überfällig oder bald fällig"),
        Status.OVERDUE.value: _("überfällig"),
        Status.DUE_SOON.value: _("bald fällig"),
        Status.OPEN.value: _("offen"),
        Status.UPCOMING.value: _("künftig"),
        Status.SUSPENDED.value: _("ausgesetzt"),
        Status.EXEMPT.value: _("befreit"),
        Status.FULFILLED.value: _("erfüllt"),
    }

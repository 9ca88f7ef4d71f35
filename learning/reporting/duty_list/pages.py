"""The list of people with their duties as a page: filters that can be taken away again, one column a duty, paging."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace

from flask import url_for

from learning.language import date_text, ngettext, number_text
from learning.language import gettext as _
from learning.obligations.queries import Overview, PeopleList, PersonLine, RuleLine
from learning.obligations.rules import Status
from learning.reporting.addresses import address_with
from learning.reporting.duty_list.filters import Asked, status_choice_words
from learning.reporting.duty_tables import DutyCell, duty_cell
from learning.reporting.names import listed_name
from learning.web.links import Link, SelectChoice


@dataclass(frozen=True, slots=True)
class Row:
    """A person with a cell for each column."""

    name: str
    note: str
    address: str
    cells: tuple[DutyCell, ...]


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page of the list; `address` is empty for the one that is shown, `text` empty for a gap between pages."""

    text: str
    address: str


@dataclass(frozen=True, slots=True)
class ListPage:
    """All that the page shows. `chips` take one filter away each."""

    sentence: str
    stand: str
    text: str
    units: tuple[SelectChoice, ...]
    rules: tuple[SelectChoice, ...]
    statuses: tuple[SelectChoice, ...]
    chips: tuple[Link, ...]
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    range_text: str
    pages: tuple[PageLink, ...]
    next_address: str
    export_address: str


def list_page(wanted: Asked, overview: Overview, found: PeopleList, *, size: int, today: datetime.date) -> ListPage:
    """The page of what was found under the filters `wanted`; `overview` gives units and duties to choose from."""
    columns = [rule for rule, _count in overview.rules if wanted.rule in (None, rule.id)]
    return ListPage(
        sentence=_sentence(found),
        stand=_("Stand: %(day)s", day=date_text(today)),
        text=wanted.text,
        units=_choices(((str(unit.id), unit.name) for unit, _count in overview.units), str(wanted.unit or "")),
        rules=_choices(((str(rule.id), rule.title) for rule, _count in overview.rules), str(wanted.rule or "")),
        statuses=tuple(
            SelectChoice(value, text, value == wanted.status) for value, text in status_choice_words().items()
        ),
        chips=_chips(wanted, overview),
        columns=tuple(rule.title for rule in columns),
        rows=tuple(_row(line, columns) for line in found.lines),
        range_text=_range(found, size),
        pages=_pages(wanted, found),
        next_address=_address(replace(wanted, page=found.page + 1)) if found.page < found.pages else "",
        export_address=address_with("reporting.export_people", replace(wanted, page=1).address),
    )


def _sentence(found: PeopleList) -> str:
    if not found.people:
        return _("Zu diesen Filtern gibt es niemanden. Nehmen Sie einen Filter weg.")
    people = ngettext("%(num)d Person", "%(num)d Personen", found.people)
    return _(
        "%(people)s, %(overdue)s Pflichten überfällig, %(soon)s bald fällig",
        people=people,
        overdue=number_text(found.count[Status.OVERDUE]),
        soon=number_text(found.count[Status.DUE_SOON]),
    )


def _choices(offered: Iterable[tuple[str, str]], selected: str) -> tuple[SelectChoice, ...]:
    everything = SelectChoice("", _("alle"), not selected)
    return (everything, *(SelectChoice(value, text, value == selected) for value, text in offered))


def _chips(wanted: Asked, overview: Overview) -> tuple[Link, ...]:
    names = {
        "suche": _("Suche: %(words)s", words=wanted.text) if wanted.text else "",
        "einheit": next((unit.name for unit, _count in overview.units if unit.id == wanted.unit), ""),
        "pflicht": next((rule.title for rule, _count in overview.rules if rule.id == wanted.rule), ""),
        "status": status_choice_words()[wanted.status] if wanted.status else "",
    }
    return tuple(Link(_address(wanted.without(name)), text) for name, text in names.items() if text)


def _address(wanted: Asked) -> str:
    return address_with("reporting.people", wanted.address)


def _row(line: PersonLine, columns: list[RuleLine]) -> Row:
    return Row(
        name=listed_name(line.given_name, line.family_name),
        note=f"{line.hr_key} · {line.unit_name}",
        address=url_for("reporting.person", person_id=line.id),
        cells=tuple(duty_cell(rule.title, line.duties.get(rule.key)) for rule in columns),
    )


def _range(found: PeopleList, size: int) -> str:
    if not found.lines:
        return ""
    first = (found.page - 1) * size + 1
    return _(
        "%(first)s bis %(last)s von %(people)s Personen",
        first=number_text(first),
        last=number_text(first + len(found.lines) - 1),
        people=number_text(found.people),
    )


def _pages(wanted: Asked, found: PeopleList) -> tuple[PageLink, ...]:
    """First, last, and the pages around the one shown, with gaps between them; nothing for a single page."""
    if found.pages < 2:
        return ()
    shown = sorted({1, found.pages, *range(max(1, found.page - 2), min(found.pages, found.page + 2) + 1)})
    links: list[PageLink] = []
    before = 0
    for number in shown:
        if number > before + 1:
            links.append(PageLink("", ""))
        links.append(PageLink(str(number), "" if number == found.page else _address(replace(wanted, page=number))))
        before = number
    return tuple(links)

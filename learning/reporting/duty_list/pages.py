"""The list of people with their duties as a page: filters that can be taken away again, one column a duty, paging."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from flask import url_for

from learning.language import gettext as _
from learning.language import ngettext, number_text
from learning.obligations.overviews import Choices, Count, RuleLine
from learning.obligations.queries import PeopleList, PersonLine
from learning.obligations.rules import Status
from learning.reporting import stands
from learning.reporting.addresses import address_with, with_query
from learning.reporting.duty_list.filters import Asked, status_choice_words
from learning.reporting.duty_tables import DutyCell, duty_cell
from learning.reporting.names import listed_name
from learning.reporting.stands import Stand
from learning.web.forms import TextField
from learning.web.links import Link, SelectChoice

NOBODY = PeopleList((), 0, Count({}), 1, 1)


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
    """All that the page shows. `chips` take one filter away each; `reach` says how far back it can answer."""

    sentence: str
    stand: str
    reach: str
    day: TextField
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


def list_page(wanted: Asked, choices: Choices, found: PeopleList, *, size: int, stand: Stand) -> ListPage:
    """The page of what was found under the filters `wanted`; `choices` gives units and duties to choose from.

    With a mistake in the day it is that of `NOBODY`.
    """
    columns = [rule for rule in choices.rules if wanted.rule in (None, rule.id)]
    chips = _chips(wanted, choices, stand)
    return ListPage(
        sentence=_("Wählen Sie einen anderen Tag.") if stand.mistake else _sentence(found, has_filters=bool(chips)),
        stand=stand.words,
        reach=stands.reach_words(choices.first_day),
        day=stand.field,
        text=wanted.text,
        units=_choices(((str(unit.id), unit.name) for unit in choices.units), str(wanted.unit or "")),
        rules=_choices(((str(rule.id), rule.title) for rule in choices.rules), str(wanted.rule or "")),
        statuses=tuple(
            SelectChoice(value, text, value == wanted.status) for value, text in status_choice_words().items()
        ),
        chips=chips,
        columns=tuple(rule.title for rule in columns),
        rows=tuple(_row(line, columns, stand) for line in found.lines),
        range_text=_range(found, size),
        pages=_pages(wanted, found),
        next_address=_address(replace(wanted, page=found.page + 1)) if found.page < found.pages else "",
        export_address=address_with("reporting.export_people", replace(wanted, page=1).address),
    )


def _sentence(found: PeopleList, *, has_filters: bool) -> str:
    if not found.people and not has_filters:
        return _("In Ihren Organisationseinheiten gilt zurzeit für niemanden eine Pflicht.")
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


def _chips(wanted: Asked, choices: Choices, stand: Stand) -> tuple[Link, ...]:
    units = {unit.id: unit.name for unit in choices.units}
    rules = {rule.id: rule.title for rule in choices.rules}
    names = {
        "suche": _("Suche: %(words)s", words=wanted.text) if wanted.text else "",
        "einheit": units.get(wanted.unit, _("Einheit ohne Pflichten an diesem Tag")) if wanted.unit else "",
        "pflicht": rules.get(wanted.rule, _("Pflicht, die an diesem Tag niemand hatte")) if wanted.rule else "",
        "status": status_choice_words()[wanted.status] if wanted.status else "",
        stands.FIELD: stand.short_words if stand.is_past else "",
    }
    return tuple(Link(_address(wanted.without(name)), text) for name, text in names.items() if text)


def _address(wanted: Asked) -> str:
    return address_with("reporting.people", wanted.address)


def _row(line: PersonLine, columns: list[RuleLine], stand: Stand) -> Row:
    return Row(
        name=listed_name(line.given_name, line.family_name),
        note=f"{line.hr_key} · {line.unit_name}",
        address=with_query(url_for("reporting.person", person_id=line.id), stand.address),
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

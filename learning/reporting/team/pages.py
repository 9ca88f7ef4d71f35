"""A team lead's page: status and the day that belongs to it, who needs something first; never a day of completion."""

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from learning.language import date_text, ngettext
from learning.language import gettext as _
from learning.obligations.overviews import Count
from learning.obligations.rules import Status
from learning.obligations.teams import TeamMember
from learning.reporting.duty_tables import CountedLine, DutyCell, counted_line, duty_cell
from learning.reporting.names import listed_name


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A person with a cell for each duty."""

    name: str
    unit: str
    cells: tuple[DutyCell, ...]


@dataclass(frozen=True, slots=True)
class TeamPage:
    """All that the page shows."""

    sentence: str
    stand: str
    columns: tuple[str, ...]
    rows: tuple[TeamRow, ...]
    rules: tuple[CountedLine, ...]


def team_page(team: Sequence[TeamMember], *, today: datetime.date) -> TeamPage:
    """The page of the people whom the viewer leads."""
    titles = {key: duty.rule_title for member in team for key, duty in member.duties.items()}
    columns = sorted(titles, key=lambda key: (titles[key], key))
    people = ngettext("%(num)d Person mit Pflichten", "%(num)d Personen mit Pflichten", len(team))
    return TeamPage(
        sentence=_sentence(team),
        stand=" · ".join((people, _("Stand: %(day)s", day=date_text(today)))),
        columns=tuple(titles[key] for key in columns),
        rows=tuple(_row(member, columns, titles) for member in team),
        rules=tuple(_line(key, titles[key], team) for key in columns),
    )


def _sentence(team: Sequence[TeamMember]) -> str:
    if not team:
        return _("In Ihrem Team hat niemand eine Pflicht.")
    overdue = [member for member in team if _has(member, Status.OVERDUE)]
    soon = [member for member in team if _has(member, Status.DUE_SOON) and member not in overdue]
    if not overdue and not soon:
        return _("In Ihrem Team ist nichts überfällig und nichts bald fällig.")
    late = ngettext(
        "Bei %(num)d Person ist etwas überfällig.", "Bei %(num)d Personen ist etwas überfällig.", len(overdue)
    )
    near = ngettext(
        "Bei %(num)d weiteren wird etwas bald fällig.", "Bei %(num)d weiteren wird etwas bald fällig.", len(soon)
    )
    return " ".join(part for part, people in ((late, overdue), (near, soon)) if people)


def _has(member: TeamMember, status: Status) -> bool:
    return any(duty.status is status for duty in member.duties.values())


def _row(member: TeamMember, columns: list[int], titles: dict[int, str]) -> TeamRow:
    cells = tuple(duty_cell(titles[key], member.duties.get(key)) for key in columns)
    name = listed_name(member.given_name, member.family_name)
    return TeamRow(name, member.unit_name, cells)


def _line(key: int, title: str, team: Sequence[TeamMember]) -> CountedLine:
    found = Counter(member.duties[key].status for member in team if key in member.duties)
    return counted_line(title, Count(dict(found)))

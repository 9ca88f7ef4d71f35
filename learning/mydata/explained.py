"""The data catalogue and the visibility matrix in words: the same rows for one's own data and for the privacy page."""

from collections.abc import Iterable
from dataclasses import dataclass

from learning.language import current_language
from learning.language import gettext as _
from learning.people.pages import role_text
from learning.people.roles import Role
from learning.people.visibility import Datum, Sight, StoredData

ROLES = (
    Role.TEAM_LEAD,
    Role.HR,
    Role.TRAINER,
    Role.WORKS_COUNCIL,
    Role.DATA_PROTECTION,
    Role.ADMINISTRATOR,
)


@dataclass(frozen=True, slots=True)
class StoredRow:
    """A kind of data with what it is for, how long it is kept and on what legal basis."""

    name: str
    purposes: tuple[str, ...]
    retention: str
    bases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SightCell:
    """What a role sees; `kind` is all, part or never."""

    role: str
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class RightsRow:
    """A datum with a cell for each role, the person first."""

    name: str
    note: str
    cells: tuple[SightCell, ...]


def stored_rows(data: Iterable[StoredData], matrix: Iterable[Datum]) -> tuple[StoredRow, ...]:
    """Kinds of data in the order of the catalogue, each with its purposes and legal bases once."""
    language = current_language()
    names = {datum.code: datum.name.in_language(language) for datum in matrix}
    purposes: dict[tuple[str, str], list[str]] = {}
    bases: dict[tuple[str, str], dict[str, None]] = {}
    for row in data:
        place = (row.datum, row.retention)
        known = purposes.setdefault(place, [])
        if (purpose := row.purpose.in_language(language)) not in known:
            known.append(purpose)
        bases.setdefault(place, {})[row.basis] = None
    return tuple(
        StoredRow(names[datum], tuple(found), retention_text(retention), tuple(bases[datum, retention]))
        for (datum, retention), found in purposes.items()
    )


def retention_text(retention: str) -> str:
    """How long data are kept, from the code of the data catalogue."""
    return {
        "person": _("bis 30 Tage nach dem Ausscheiden"),
        "proof": _("bis 2 Jahre nach dem nächsten Nachweis oder dem Ausscheiden, freiwillige bis 90 Tage danach"),
        "progress": _("bis 12 Monate ohne Nutzung"),
        "course": _("bis 12 Monate ohne Nutzung, mit Nachweis so lange wie dieser"),
        "answers": _("bis 30 Tage nach der Abgabe oder letzten Änderung"),
        "audit": _("12 Monate"),
        "session": _("bis 1 Tag nach dem Ende der Sitzung"),
        "hour": _("1 Stunde"),
    }[retention]


def role_names() -> tuple[str, ...]:
    """The columns of the matrix as people call them."""
    return (_("Sie selbst"), *(role_text(role) for role in ROLES))


def rights_rows(matrix: Iterable[Datum]) -> tuple[RightsRow, ...]:
    """Every datum with what each role sees of it."""
    return tuple(_rights_row(datum, current_language()) for datum in matrix)


def _rights_row(datum: Datum, language: str) -> RightsRow:
    cells = [_sight_cell(_("Sie selbst"), datum.by_self)]
    cells += [_sight_cell(role_text(role), datum.by_role[role]) for role in ROLES]
    return RightsRow(datum.name.in_language(language), datum.note.in_language(language), tuple(cells))


def _sight_cell(role: str, sight: Sight) -> SightCell:
    words = {
        Sight.FULL: _("alles"),
        Sight.TEAM: _("eigenes Team"),
        Sight.UNITS: _("zuständige Einheiten"),
        Sight.TOTAL: _("nur Summen"),
        Sight.OWN: _("nur eigenes Handeln"),
        Sight.ASKED: _("nur wenn nötig"),
        Sight.NONE: _("nie"),
    }
    kind = {Sight.FULL: "all", Sight.NONE: "never"}.get(sight, "part")
    return SightCell(role, words[sight], kind)

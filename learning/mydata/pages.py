"""The page "Meine Daten": stored data from the data catalogue, rights from the matrix, looks from the log."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from learning import clock
from learning.language import date_text, moment_text, ngettext
from learning.language import gettext as _
from learning.mydata.queries import Holdings, Look, OwnAgreement
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
    """A kind of data with what it is for and how long it is kept."""

    name: str
    purposes: tuple[str, ...]
    retention: str


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


@dataclass(frozen=True, slots=True)
class LookRow:
    """Who did what when, and what for."""

    day: str
    who: str
    what: str
    purpose: str


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """An agreement with what the person can do about it."""

    id: uuid.UUID
    course: str
    state: str
    may_confirm: bool
    may_end: bool


@dataclass(frozen=True, slots=True)
class MyDataPage:
    """All that the page shows."""

    sentence: str
    stored: tuple[StoredRow, ...]
    roles: tuple[str, ...]
    rights: tuple[RightsRow, ...]
    agreements: tuple[AgreementRow, ...]
    looks: tuple[LookRow, ...]


def my_data_page(
    held: Holdings,
    data: Iterable[StoredData],
    matrix: Sequence[Datum],
    agreements: Iterable[OwnAgreement],
    looks: Iterable[Look],
) -> MyDataPage:
    """The page of the person who looks."""
    names = {datum.code: datum.name for datum in matrix}
    return MyDataPage(
        sentence=_sentence(held),
        stored=_stored(data, names),
        roles=(_("Sie selbst"), *(role_text(role) for role in ROLES)),
        rights=tuple(_rights_row(datum) for datum in matrix),
        agreements=tuple(_agreement_row(agreement) for agreement in agreements),
        looks=tuple(_look_row(look) for look in looks),
    )


def _sentence(held: Holdings) -> str:
    parts = (
        ngettext("%(num)d Pflicht", "%(num)d Pflichten", held.duties),
        ngettext("%(num)d Nachweis", "%(num)d Nachweise", held.proofs),
        ngettext("%(num)d begonnener Kurs", "%(num)d begonnene Kurse", held.courses),
    )
    return _("Über Sie gespeichert: %(parts)s.", parts=", ".join(parts))


def _stored(data: Iterable[StoredData], names: dict[str, str]) -> tuple[StoredRow, ...]:
    purposes: dict[tuple[str, str], list[str]] = {}
    for row in data:
        known = purposes.setdefault((row.datum, row.retention), [])
        if row.purpose not in known:
            known.append(row.purpose)
    return tuple(
        StoredRow(names[datum], tuple(found), retention_text(retention))
        for (datum, retention), found in purposes.items()
    )


def retention_text(retention: str) -> str:
    """How long data are kept, from the code of the data catalogue."""
    return {
        "person": _("bis 30 Tage nach dem Ausscheiden"),
        "proof": _("bis 2 Jahre nach dem nächsten Nachweis oder dem Ausscheiden"),
        "progress": _("bis 12 Monate ohne Nutzung"),
        "answers": _("bis 30 Tage nach der Abgabe oder letzten Änderung"),
        "audit": _("12 Monate"),
        "session": _("bis 1 Tag nach dem Ende der Sitzung"),
        "hour": _("1 Stunde"),
    }[retention]


def _rights_row(datum: Datum) -> RightsRow:
    cells = [_sight_cell(_("Sie selbst"), datum.by_self)]
    cells += [_sight_cell(role_text(role), datum.by_role[role]) for role in ROLES]
    return RightsRow(datum.name, datum.note, tuple(cells))


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


def _agreement_row(agreement: OwnAgreement) -> AgreementRow:
    is_open = agreement.ended_at is None
    return AgreementRow(
        id=agreement.id,
        course=agreement.course,
        state=_agreement_state(agreement),
        may_confirm=is_open and agreement.confirmed_by_person_at is None,
        may_end=is_open,
    )


def _agreement_state(agreement: OwnAgreement) -> str:
    if agreement.ended_at:
        return _("beendet am %(moment)s", moment=moment_text(agreement.ended_at))
    if agreement.in_force_on:
        return _(
            "gilt seit %(day)s: Die Personalentwicklung sieht den Abschluss.", day=date_text(agreement.in_force_on)
        )
    if agreement.confirmed_by_person_at is None:
        return _("Vorschlag der Personalentwicklung: Sie entscheiden.")
    return _("wartet auf die Personalentwicklung")


def _look_row(look: Look) -> LookRow:
    try:
        role = role_text(Role(look.role))
    except ValueError:
        role = _("Impuls")
    is_change = not look.action.endswith((".see", ".export"))
    return LookRow(
        day=date_text(look.at.astimezone(clock.LOCAL).date()),
        who=f"{look.name}, {role}" if is_change and look.name else role,
        what=action_text(look.action, look.count),
        purpose=purpose_text(look.purpose),
    )


def action_text(action: str, count: int) -> str:
    """What somebody did, in words."""
    known = {
        "duties.see": _("sah Ihre Pflichten in einer Liste"),
        "duties.export": _("nahm Ihre Pflichten in einer Tabelle mit (%(count)s Personen)", count=count),
        "record.see": _("sah Ihre Pflichten und Nachweise"),
        "team.see": _("sah die Teamübersicht"),
        "agreement.propose": _("schlug Ihnen eine Qualifizierung vor"),
        "agreement.confirm": _("bestätigte eine Qualifizierung mit Ihnen"),
        "agreement.end": _("beendete eine Vereinbarung mit Ihnen"),
    }
    return known.get(action, _("änderte etwas an Ihren Daten"))


def purpose_text(purpose: str) -> str:
    """What for, in words; empty where none was given."""
    known = {
        "deadlines": _("Fristen überwachen"),
        "team": _("Stand des Teams"),
        "qualification": _("Qualifizierung vereinbaren"),
        "duties": _("Pflichten regeln"),
    }
    return known.get(purpose, "")

"""The page "Meine Daten": stored data from the data catalogue, rights from the matrix, looks from the log."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from learning import clock
from learning.language import date_text, decimal_text, ngettext
from learning.language import gettext as _
from learning.mydata.explained import RightsRow, StoredRow, rights_rows, role_names, stored_rows
from learning.mydata.queries import Holdings, Look
from learning.people.pages import role_text
from learning.people.roles import COMMAND_LINE, Role
from learning.people.visibility import Datum, StoredData
from learning.study.attempts.extra_time import OwnExtraTime
from learning.study.proofs.pages import AgreementRow, agreement_row
from learning.study.proofs.queries import OwnAgreement


@dataclass(frozen=True, slots=True)
class LookRow:
    """Who did what when, and what for."""

    day: str
    who: str
    what: str
    purpose: str


@dataclass(frozen=True, slots=True)
class MyDataPage:
    """All that the page shows."""

    sentence: str
    stored: tuple[StoredRow, ...]
    roles: tuple[str, ...]
    rights: tuple[RightsRow, ...]
    agreements: tuple[AgreementRow, ...]
    looks: tuple[LookRow, ...]
    extra_times: tuple[str, ...]


def my_data_page(
    held: Holdings,
    data: Iterable[StoredData],
    matrix: Sequence[Datum],
    agreements: Iterable[OwnAgreement],
    looks: Iterable[Look],
    extra_times: Sequence[OwnExtraTime],
) -> MyDataPage:
    """The page of the person who looks."""
    return MyDataPage(
        sentence=_sentence(held),
        stored=stored_rows(data, matrix),
        roles=role_names(),
        rights=rights_rows(matrix),
        agreements=tuple(agreement_row(agreement) for agreement in agreements),
        looks=tuple(_look_row(look) for look in looks),
        extra_times=extra_time_texts(extra_times),
    )


def extra_time_texts(extra_times: Iterable[OwnExtraTime]) -> tuple[str, ...]:
    """All that is arranged with the person, each as a sentence."""
    return tuple(_extra_time_text(one) for one in extra_times)


def _extra_time_text(own: OwnExtraTime) -> str:
    return _(
        "%(factor)s-fache Zeit in Tests mit Zeitbegrenzung, seit %(day)s. "
        "Das sehen nur Sie und wer es in der Personalentwicklung eingetragen hat.",
        factor=decimal_text(own.factor),
        day=date_text(own.set_at.astimezone(clock.LOCAL).date()),
    )


def _sentence(held: Holdings) -> str:
    parts = (
        ngettext("%(num)d Pflicht", "%(num)d Pflichten", held.duties),
        ngettext("%(num)d Nachweis", "%(num)d Nachweise", held.proofs),
        ngettext("%(num)d begonnener Kurs", "%(num)d begonnene Kurse", held.courses),
    )
    return _("Über Sie gespeichert: %(parts)s.", parts=", ".join(parts))


def _look_row(look: Look) -> LookRow:
    role = _actor_text(look.role)
    is_change = not look.action.endswith((".see", ".export"))
    return LookRow(
        day=date_text(look.at.astimezone(clock.LOCAL).date()),
        who=f"{look.name}, {role}" if is_change and look.name else role,
        what=action_text(look.action, look.count),
        purpose=purpose_text(look.purpose),
    )


def _actor_text(role: str) -> str:
    """Who acted, as people call it: a role, whoever runs Impuls by command, or the program itself."""
    if role in set(Role):
        return role_text(Role(role))
    return _("Administration, mit einem Befehl") if role == COMMAND_LINE else _("Impuls")


def action_text(action: str, count: int) -> str:
    """What somebody did, in words."""
    known = {
        "duties.see": _("sah Ihre Pflichten in einer Liste"),
        "duties.export": _("nahm Ihre Pflichten in einer Tabelle mit (%(count)s Personen)", count=count),
        "record.see": _("sah Ihre Pflichten und Nachweise"),
        "team.see": _("sah die Teamübersicht"),
        "agreement.propose": _("schlug Ihnen eine Qualifizierung vor"),
        "agreement.confirm": _("bestätigte eine Qualifizierung mit Ihnen"),
        "person.add": _("legte Ihr Konto an"),
        "person.invitation": _("schickte oder druckte Ihnen eine Einladung"),
        "person.reset": _("schickte oder druckte Ihnen einen Link für ein neues Passwort"),
        "person.deactivate": _("beendete Ihren Zugang"),
        "person.reactivate": _("öffnete Ihren Zugang wieder"),
        "role.grant": _("gab Ihnen eine Rolle"),
        "role.revoke": _("nahm Ihnen eine Rolle"),
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

"""Agreements as a page: the list with what HR may do with each, and the fields to propose one."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import url_for

from learning.language import date_text
from learning.language import gettext as _
from learning.obligations.models import Agreement
from learning.obligations.rules import local_day
from learning.reporting.agreements.queries import AgreementLine
from learning.reporting.fields import ChoiceField
from learning.reporting.lookups import CourseChoice
from learning.reporting.names import listed_name
from learning.web.forms import TextField
from learning.web.links import SelectChoice


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """An agreement in the list. `may_confirm`: HR's side is missing; `end` is the word for ending it, if any.

    `is_in_force`: it lasts, so that ending it is asked once more.
    """

    id: uuid.UUID
    name: str
    unit: str
    address: str
    course: str
    proposed: str
    state: str
    may_confirm: bool
    end: str
    is_in_force: bool


def proposal_fields(
    courses: Sequence[CourseChoice], typed: Mapping[str, str], mistakes: Mapping[str, str]
) -> tuple[TextField, ChoiceField]:
    """The number of a person and the course that is proposed to them."""
    chosen = typed.get("kurs", "")
    choices = [SelectChoice("", _("Bitte wählen"), not chosen)]
    choices += [SelectChoice(one.id, one.title, one.id == chosen) for one in courses]
    number = TextField(
        "personalnummer",
        _("Personalnummer"),
        value=typed.get("personalnummer", ""),
        mistake=mistakes.get("personalnummer", ""),
        longest=64,
    )
    return number, ChoiceField("kurs", _("Kurs"), tuple(choices), mistakes.get("kurs", ""))


def agreement_row(line: AgreementLine) -> AgreementRow:
    """The row of an agreement."""
    return AgreementRow(
        id=line.id,
        name=listed_name(line.given_name, line.family_name),
        unit=line.unit_name,
        address=url_for("reporting.person", person_id=line.person_id),
        course=line.course_title or line.course_id,
        proposed=date_text(local_day(line.proposed_at)),
        state=_state(line),
        may_confirm=line.ended_at is None and line.confirmed_by_hr_at is None,
        end=_end(line),
        is_in_force=line.in_force_on is not None and line.ended_at is None,
    )


def state_now(agreement: Agreement) -> str:
    """How it stands after what HR has just done, also where that changed nothing any more."""
    if agreement.ended_at:
        return (
            _("Die Vereinbarung ist beendet.")
            if agreement.in_force_on
            else _("Der Vorschlag gilt nicht mehr; vereinbart ist nichts.")
        )
    if agreement.in_force_on:
        return _("Die Qualifizierung ist vereinbart: Schließt die Person den Kurs ab, sehen Sie das.")
    if agreement.confirmed_by_hr_at is None:
        return _("Für diesen Kurs wartet schon ein Vorschlag auf Ihre Zustimmung.")
    return _("Der Vorschlag ist gespeichert. Die Person sieht ihn unter „Nachweise“ und entscheidet.")


def _end(line: AgreementLine) -> str:
    if line.ended_at:
        return ""
    if line.in_force_on:
        return _("Beenden")
    return _("Ablehnen") if line.confirmed_by_hr_at is None else _("Zurückziehen")


def _state(line: AgreementLine) -> str:
    if line.ended_at:
        day = date_text(local_day(line.ended_at))
        # Who ended a proposal is nowhere stored.
        if line.in_force_on is None:
            return _("nicht vereinbart; der Vorschlag endete am %(day)s", day=day)
        return _("beendet am %(day)s", day=day)
    if line.in_force_on:
        return _("gilt seit %(day)s", day=date_text(line.in_force_on))
    if line.confirmed_by_hr_at is None:
        return _("wartet auf Ihre Zustimmung")
    return _("wartet auf die Zustimmung der Person")

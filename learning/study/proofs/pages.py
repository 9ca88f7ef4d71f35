"""The page of one's own proofs and agreements, computed: what there is, and who else sees it."""

import datetime
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from learning.clock import LOCAL
from learning.language import date_text
from learning.language import gettext as _
from learning.library.course_pages import ModuleState
from learning.obligations.models import Agreement
from learning.obligations.proofs import Mode, Understanding
from learning.study.proofs.queries import OwnAgreement, OwnProof


@dataclass(frozen=True, slots=True)
class ProofRow:
    """One proof. `can_release` and `can_take_back` say which button it has; most have none."""

    id: uuid.UUID
    title: str
    facts: tuple[str, ...]
    seen_by: str
    can_release: bool
    can_take_back: bool


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """One agreement with its state; the person may confirm it while it waits for them, and end it while it lasts.

    `is_in_force`: both sides have confirmed it and it lasts, so that ending it is asked once more.
    """

    id: uuid.UUID
    title: str
    facts: tuple[str, ...]
    state: ModuleState
    can_confirm: bool
    can_end: bool
    is_in_force: bool


@dataclass(frozen=True, slots=True)
class ProofsPage:
    """All that templates/study/proofs.html prints."""

    proofs: tuple[ProofRow, ...]
    agreements: tuple[AgreementRow, ...]


def proofs_page(proofs: Sequence[OwnProof], agreements: Sequence[OwnAgreement]) -> ProofsPage:
    """The page."""
    return ProofsPage(
        proofs=tuple(_proof_row(one) for one in proofs),
        agreements=tuple(agreement_row(one) for one in agreements),
    )


def state_now(agreement: Agreement) -> str:
    """How it stands after what the person has just done, also where that changed nothing any more."""
    if agreement.ended_at and agreement.in_force_on:
        return _("Die Vereinbarung ist beendet.")
    if agreement.ended_at:
        return _("Der Vorschlag gilt nicht mehr; vereinbart ist nichts.")
    if agreement.in_force_on:
        return _("Die Qualifizierung ist vereinbart: Schließen Sie den Kurs ab, sieht die Personalentwicklung den Tag.")
    return _("Ihre Zustimmung ist gespeichert. Jetzt fehlt noch die der Personalentwicklung.")


def _proof_row(proof: OwnProof) -> ProofRow:
    is_known_anyway = proof.is_mandatory or proof.is_agreed
    is_private = not proof.is_corrected and not is_known_anyway
    return ProofRow(
        id=proof.id,
        title=proof.course_title,
        facts=tuple(_proof_facts(proof)),
        seen_by=_seen_by(proof),
        can_release=is_private and not proof.is_released,
        can_take_back=is_private and proof.is_released,
    )


def _proof_facts(proof: OwnProof) -> Iterator[str]:
    yield _("abgeschlossen am %(date)s", date=date_text(proof.completed_on))
    if proof.edition_number:
        yield _("Fassung %(number)d", number=proof.edition_number)
    if proof.mode == Mode.ONLINE and proof.understanding == Understanding.PASSED:
        yield _("Test bestanden")
    if proof.mode in (Mode.MANUAL, Mode.IMPORTED, Mode.RECOGNISED):
        yield _("von der Personalentwicklung eingetragen")
    if proof.is_corrected:
        yield _("berichtigt, gilt nicht mehr")


def _seen_by(proof: OwnProof) -> str:
    if proof.is_mandatory:
        return _("Die Personalentwicklung sieht diesen Nachweis, weil er zu einer Pflichtschulung gehört.")
    if proof.is_agreed:
        return _("Die Personalentwicklung sieht diesen Nachweis, weil Sie die Qualifizierung vereinbart haben.")
    if proof.is_released:
        return _("Sie zeigen diesen Nachweis der Personalentwicklung.")
    return _("Diesen Nachweis sehen nur Sie.")


def agreement_row(agreement: OwnAgreement) -> AgreementRow:
    """The row of an agreement."""
    is_open = agreement.ended_at is None
    waits_for_person = is_open and agreement.confirmed_by_person_at is None
    return AgreementRow(
        id=agreement.id,
        title=agreement.course_title,
        facts=tuple(_agreement_facts(agreement)),
        state=_agreement_state(agreement),
        can_confirm=waits_for_person,
        can_end=is_open,
        is_in_force=is_open and agreement.was_agreed,
    )


def _agreement_facts(agreement: OwnAgreement) -> Iterator[str]:
    yield _("vorgeschlagen am %(date)s", date=_day_text(agreement.proposed_at))
    if agreement.in_force_on is not None:
        yield _("vereinbart am %(date)s", date=date_text(agreement.in_force_on))
    if agreement.ended_at is not None:
        day = _day_text(agreement.ended_at)
        if agreement.was_agreed:
            yield _("beendet am %(date)s", date=day)
        else:
            yield _("Vorschlag endete am %(date)s", date=day)


def _day_text(moment: datetime.datetime) -> str:
    return date_text(moment.astimezone(LOCAL).date())


def _agreement_state(agreement: OwnAgreement) -> ModuleState:
    if agreement.ended_at is not None:
        if not agreement.was_agreed:
            return ModuleState("idle", _("Nicht vereinbart"), "close")
        return ModuleState("idle", _("Beendet"), "check")
    if agreement.confirmed_by_person_at is None:
        return ModuleState("now", _("Wartet auf Sie"), "ring-half")
    if agreement.confirmed_by_hr_at is None:
        return ModuleState("idle", _("Wartet auf die Personalentwicklung"), "ring")
    return ModuleState("ok", _("Vereinbart"), "success")

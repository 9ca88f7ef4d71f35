"""One person's record as HR may see it, as a page: duties with their validity drawn in the row, proofs, agreements."""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace

from learning.language import date_text, moment_text
from learning.language import gettext as _
from learning.obligations.proofs import Mode, Understanding
from learning.obligations.records import PersonRecord, RecordedAgreement, RecordedCycle, RecordedProof
from learning.obligations.rules import Status
from learning.reporting import stands
from learning.reporting.addresses import address_with
from learning.reporting.lanes import Span, Stretch
from learning.reporting.names import listed_name
from learning.reporting.stands import Stand
from learning.reporting.status_looks import StatusLook, status_look
from learning.web.forms import TextField
from learning.web.links import NamedFact

DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A duty with its history as a drawing; the same days stand in the table of proofs."""

    title: str
    look: StatusLook
    label: str
    day: str
    stretches: tuple[Stretch, ...]
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProofRow:
    """A proof in a table."""

    day: str
    title: str
    note: str
    form: str
    understanding: str
    checksum: str


@dataclass(frozen=True, slots=True)
class AgreementCard:
    """An agreed qualification with what both sides said."""

    title: str
    facts: tuple[NamedFact, ...]


@dataclass(frozen=True, slots=True)
class PersonPage:
    """All that the page shows. `years` are the lines of the drawing: percent and year.

    `stand` and `reach` say of which day it is and how far back it can answer; with a mistake in `day` nothing is shown.
    """

    id: uuid.UUID
    name: str
    stand: str
    reach: str
    day: TextField
    list_address: str
    facts: tuple[NamedFact, ...]
    logged: str
    sentence: str
    years: tuple[tuple[str, str], ...]
    today_x: str
    today_name: str
    duties: tuple[DutyRow, ...]
    proofs: tuple[ProofRow, ...]
    agreements: tuple[AgreementCard, ...]


def person_page(record: PersonRecord, *, stand: Stand, today: datetime.date) -> PersonPage:
    """The page of a record, read as of the day of `stand`; it is looked at today."""
    if stand.mistake:
        record = replace(record, cycles=(), proofs=(), agreements=())
    span = _span(record.cycles, stand.day)
    facts = [NamedFact(_("Organisationseinheit"), record.unit_name)]
    if record.joined_on:
        facts.append(NamedFact(_("Eintritt"), date_text(record.joined_on)))
    facts.append(NamedFact(_("Personalnummer"), record.hr_key))
    name = f"{record.given_name} {record.family_name}".strip()
    return PersonPage(
        id=record.id,
        name=listed_name(record.given_name, record.family_name),
        stand=stand.words,
        reach=stands.reach_words(record.first_day),
        day=stand.field,
        list_address=address_with("reporting.people", stand.address if stand.is_past else {}),
        facts=tuple(facts),
        logged=_(
            "Dieser Aufruf ist protokolliert (Zweck: Fristen überwachen). %(name)s sieht, dass die "
            "Personalentwicklung am %(day)s nachgesehen hat.",
            name=name,
            day=date_text(today),
        ),
        sentence=_sentence(record.current),
        years=span.years,
        today_x=span.mark(stand.day),
        today_name=stand.short_words if stand.is_past else _("heute"),
        duties=tuple(_duty_row(cycle, record.cycles, span, stand.day) for cycle in record.current),
        proofs=tuple(_proof_row(proof) for proof in record.proofs),
        agreements=tuple(_agreement_card(agreement) for agreement in record.agreements),
    )


def _span(cycles: Iterable[RecordedCycle], today: datetime.date) -> Span:
    """Whole years around all days that are drawn; at least this year and the next one."""
    days = [today]
    for cycle in cycles:
        days += [day for day in (cycle.opens_on, cycle.due_on, cycle.fulfilled_on, cycle.valid_until) if day]
    first = max(min(days).year, today.year - 4)
    last = min(max(max(days).year, today.year + 1), today.year + 4)
    return Span(datetime.date(first, 1, 1), datetime.date(last, 12, 31))


def _sentence(cycles: tuple[RecordedCycle, ...]) -> str:
    if not cycles:
        return _("Für diese Person gilt zurzeit keine Pflicht.")
    counts: dict[Status, int] = {}
    for cycle in cycles:
        counts[cycle.status] = counts.get(cycle.status, 0) + 1
    return ", ".join(f"{number} {status_look(status).text.lower()}" for status, number in counts.items())


def _duty_row(current: RecordedCycle, cycles: Iterable[RecordedCycle], span: Span, today: datetime.date) -> DutyRow:
    of_rule = [cycle for cycle in cycles if cycle.rule_id == current.rule_id]
    stretches, marks = [], []
    for cycle in of_rule:
        if cycle.fulfilled_on:
            stretches.append(span.stretch("valid", cycle.fulfilled_on, cycle.valid_until or span.last))
            marks.append(span.mark(cycle.fulfilled_on))
        elif cycle.status is Status.OVERDUE:
            stretches.append(span.stretch("over", cycle.due_on, today))
        elif cycle.is_current and cycle.status in (Status.OPEN, Status.DUE_SOON):
            stretches.append(span.stretch("window", cycle.opens_on, cycle.due_on))
    label, day = _day_of(current)
    return DutyRow(current.rule_title, status_look(current.status), label, day, tuple(stretches), tuple(marks))


def _day_of(cycle: RecordedCycle) -> tuple[str, str]:
    if cycle.status is Status.FULFILLED:
        return (_("gültig bis"), date_text(cycle.valid_until)) if cycle.valid_until else (_("gültig"), _("ohne Ablauf"))
    if cycle.status is Status.EXEMPT:
        return _("befreit bis"), date_text(cycle.exempt_until) if cycle.exempt_until else _("auf Weiteres")
    label = _("fällig war") if cycle.status is Status.OVERDUE else _("fällig am")
    return label, date_text(cycle.due_on)


def _proof_row(proof: RecordedProof) -> ProofRow:
    number = proof.edition_number
    notes = [_("Fassung %(number)s", number=number) if number is not None else _("ohne Fassung")]
    if proof.is_released:
        notes.append(_("von der Person freigegeben"))
    if proof.is_corrected:
        notes.append(_("berichtigt, zählt nicht mehr"))
    return ProofRow(
        day=date_text(proof.completed_on),
        title=proof.course_title,
        note=" · ".join(notes),
        form=mode_text(proof.mode),
        understanding=_understanding(proof),
        checksum=f"{proof.hash[:4]} {proof.hash[4:8]}",
    )


def mode_text(mode: str) -> str:
    """How a course was completed, in words."""
    return {
        Mode.ONLINE.value: _("online"),
        Mode.HYBRID.value: _("Unterweisung mit Gespräch"),
        Mode.PRESENCE.value: _("in Präsenz"),
        Mode.MANUAL.value: _("von der Personalentwicklung erfasst"),
        Mode.IMPORTED.value: _("eingelesen"),
        Mode.RECOGNISED.value: _("anerkannt"),
    }[mode]


def _understanding(proof: RecordedProof) -> str:
    if proof.conversation_on:
        day = date_text(proof.conversation_on)
        if proof.instructor:
            return _("Gespräch am %(day)s, %(name)s", day=day, name=proof.instructor)
        return _("Gespräch am %(day)s", day=day)
    return _("Test bestanden") if proof.understanding == Understanding.PASSED.value else _("bestätigt")


def _agreement_card(agreement: RecordedAgreement) -> AgreementCard:
    facts = [NamedFact(_("Status"), _agreement_state(agreement))]
    facts.append(NamedFact(_("Vorgeschlagen"), moment_text(agreement.proposed_at)))
    for name, moment in (
        (_("Zustimmung der Person"), agreement.confirmed_by_person_at),
        (_("Zustimmung der Personalentwicklung"), agreement.confirmed_by_hr_at),
        (_("Beendet") if _was_agreed(agreement) else _("Vorschlag beendet"), agreement.ended_at),
    ):
        if moment:
            facts.append(NamedFact(name, moment_text(moment)))
    return AgreementCard(agreement.course_title or agreement.course_id, tuple(facts))


def _agreement_state(agreement: RecordedAgreement) -> str:
    if agreement.ended_at:
        return _("beendet") if _was_agreed(agreement) else _("nicht vereinbart")
    if agreement.confirmed_by_hr_at is None:
        return _("wartet auf Ihre Zustimmung")
    return _("vereinbart") if agreement.confirmed_by_person_at else _("wartet auf die Zustimmung der Person")


def _was_agreed(agreement: RecordedAgreement) -> bool:
    return agreement.confirmed_by_hr_at is not None and agreement.confirmed_by_person_at is not None

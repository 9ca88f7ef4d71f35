"""The start page, computed: one thing to continue, what is due, notices; the rest stays calm."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from courses.course import CourseKind
from learning.clock import LOCAL
from learning.language import date_text
from learning.language import gettext as _
from learning.library.addresses import CourseAddresses
from learning.library.course_pages import ModuleState, kind_text
from learning.library.stored_catalogue import Notice
from learning.obligations.queries import Duty
from learning.obligations.rules import Status
from learning.study.courses.pages import next_module, track
from learning.study.start.queries import BegunCourse, NamedCourse
from learning.web.links import Link

MOST_NOTICES = 4
MOST_OTHERS = 3
NEW_DAYS = 7
TO_DO = frozenset({Status.OVERDUE, Status.DUE_SOON, Status.OPEN})
NOT_SHOWN = frozenset({Status.UPCOMING, Status.CLOSED})


@dataclass(frozen=True, slots=True)
class ContinueCard:
    """The one thing to continue."""

    title: str
    language: str
    address: str
    facts: tuple[str, ...]
    track: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DutyRow:
    """A duty with its state and the day that belongs to it; without an address its course is not there."""

    title: str
    language: str
    address: str
    facts: tuple[str, ...]
    state: ModuleState
    date: str


@dataclass(frozen=True, slots=True)
class ListedLink:
    """A line with a link and some facts."""

    title: str
    language: str
    address: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StartPage:
    """All that templates/study/start.html prints. `all_notices` leads to the rest of them.

    Who has begun nothing is offered `first`: the duty that comes first, else the catalogue.
    """

    greeting: str
    lead: str
    card: ContinueCard | None
    first: Link
    first_text: str
    others: tuple[ListedLink, ...]
    duties: tuple[DutyRow, ...]
    notices: tuple[ListedLink, ...]
    all_notices: Link | None


@dataclass(frozen=True, slots=True)
class StartFacts:
    """What the start page is made from. `courses` are those of the duties, by id."""

    name: str
    begun: Sequence[BegunCourse]
    duties: Sequence[Duty]
    courses: Mapping[str, NamedCourse]
    notices: Sequence[Notice]


def study_start_page(facts: StartFacts, *, catalogue: str, notices_address: str, now: datetime.datetime) -> StartPage:
    """The page at a moment; `catalogue` lists everything, `notices_address` all notices."""
    shown = [duty for duty in facts.duties if duty.status not in NOT_SHOWN]
    today = now.astimezone(LOCAL).date()
    cards = [(course, card) for course in facts.begun if (card := _card(course))]
    rows = tuple(_duty_row(duty, facts.courses.get(duty.course_id)) for duty in shown)
    first = next((row for row, duty in zip(rows, shown, strict=True) if row.address and duty.status in TO_DO), None)
    return StartPage(
        greeting=_greeting(facts.name, now),
        lead=_lead(shown, has_begun=bool(cards)),
        card=cards[0][1] if cards else None,
        first=Link(first.address, _("Kurs öffnen")) if first else Link(catalogue, _("Zum Katalog")),
        first_text=_("Am besten mit dem, was für Sie vorgesehen ist: %(course)s.", course=first.title)
        if first
        else _("Im Katalog finden Sie alle Kurse. Was Sie anfangen, steht danach hier."),
        others=tuple(_other(course, card) for course, card in cards[1 : 1 + MOST_OTHERS]),
        duties=rows,
        notices=tuple(_notice_row(one, today) for one in facts.notices[:MOST_NOTICES]),
        all_notices=Link(notices_address, _("Alle %(count)d", count=len(facts.notices)))
        if len(facts.notices) > MOST_NOTICES
        else None,
    )


def _greeting(name: str, now: datetime.datetime) -> str:
    hour = now.astimezone(LOCAL).hour
    if hour < 11:
        return _("Guten Morgen, %(name)s", name=name)
    if hour < 18:
        return _("Guten Tag, %(name)s", name=name)
    return _("Guten Abend, %(name)s", name=name)


def _lead(duties: Sequence[Duty], *, has_begun: bool) -> str:
    """What needs doing, in one or two sentences; nothing alarming where nothing is due."""
    overdue = sum(duty.status is Status.OVERDUE for duty in duties)
    soon = sum(duty.status is Status.DUE_SOON for duty in duties)
    sentences = []
    if overdue:
        one, many = _("Eine Pflichtschulung ist überfällig."), _("%(number)d Pflichtschulungen sind überfällig.")
        sentences.append(one if overdue == 1 else many % {"number": overdue})
    if soon:
        one, many = _("Eine Pflichtschulung ist bald fällig."), _("%(number)d Pflichtschulungen sind bald fällig.")
        sentences.append(one if soon == 1 else many % {"number": soon})
    if sentences:
        return " ".join([*sentences, _("Alles andere hat Zeit.")])
    if has_begun:
        return _("Heute ist nichts fällig. Sie können dort weiterlernen, wo Sie aufgehört haben.")
    return _("Heute ist nichts fällig.")


def _card(course: BegunCourse) -> ContinueCard | None:
    found = next_module(course.modules, done=course.done, last_module=course.last_module)
    if found is None:
        return None
    number, module = found
    address = CourseAddresses(course.slug).module(module.slug)
    place = f"#{course.place}" if course.place and module.id == course.last_module else ""
    left = sum(one.minutes for one in course.modules if one.id not in course.done)
    return ContinueCard(
        title=module.title,
        language=course.language,
        address=f"{address}{place}",
        facts=(
            course.title,
            _("Modul %(number)d von %(count)d", number=number, count=len(course.modules)),
            _("noch etwa %(minutes)d Minuten im Kurs", minutes=left),
        ),
        track=track([one.id for one in course.modules], done=course.done, current=module.id),
    )


def _other(course: BegunCourse, card: ContinueCard) -> ListedLink:
    return ListedLink(course.title, course.language, card.address, card.facts[1:2])


def _duty_row(duty: Duty, course: NamedCourse | None) -> DutyRow:
    return DutyRow(
        title=course.title if course else duty.rule_title,
        language=course.language if course else "",
        address=CourseAddresses(duty.slug).course() if duty.slug else "",
        facts=tuple(_duty_facts(course)),
        state=duty_state(duty.status),
        date=_duty_date(duty),
    )


def _duty_facts(course: NamedCourse | None) -> Iterator[str]:
    if course is None:
        yield _("Dieser Kurs ist noch nicht da.")
        return
    # What a rule asks for is mandatory, whatever its course is to others.
    yield _("Pflichtschulung") if course.kind is CourseKind.VOLUNTARY else kind_text(course.kind)
    yield _("%(minutes)d Minuten", minutes=course.minutes)


def duty_state(status: Status) -> ModuleState:
    """The status of a duty in words, colour and icon."""
    match status:
        case Status.OVERDUE:
            return ModuleState("late", _("Überfällig"), "danger")
        case Status.DUE_SOON:
            return ModuleState("soon", _("Bald fällig"), "warning")
        case Status.OPEN:
            return ModuleState("idle", _("Offen"), "ring")
        case Status.UPCOMING:
            return ModuleState("idle", _("Künftig"), "ring")
        case Status.FULFILLED:
            return ModuleState("ok", _("Erfüllt"), "success")
        case Status.SUSPENDED:
            return ModuleState("idle", _("Ausgesetzt"), "calendar-today")
        case Status.EXEMPT:
            return ModuleState("idle", _("Befreit"), "check")
        case Status.CLOSED:
            return ModuleState("idle", _("Beendet"), "check")
        case _:
            assert_never(status)


def _duty_date(duty: Duty) -> str:
    if duty.status is Status.FULFILLED:
        return _("gültig bis %(date)s", date=date_text(duty.valid_until)) if duty.valid_until else ""
    if duty.status is Status.SUSPENDED:
        return _("ausgesetzt bis %(date)s", date=date_text(duty.suspended_until)) if duty.suspended_until else ""
    if duty.status is Status.EXEMPT:
        return ""
    return _("fällig am %(date)s", date=date_text(duty.due_on))


def _notice_row(notice: Notice, today: datetime.date) -> ListedLink:
    facts = []
    if notice.valid_from:
        if (today - notice.valid_from).days <= NEW_DAYS:
            facts.append(_("Neu"))
        facts.append(date_text(notice.valid_from))
    return ListedLink(notice.title, notice.language, notice.address, tuple(facts))

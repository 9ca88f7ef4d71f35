"""The page of a course and of a job aid, computed."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from courses.course import Area, Course, CourseKind, Level, Module, ModuleType
from courses.segments import JobAid
from learning.language import date_text, language_note, month_text, ngettext
from learning.language import gettext as _
from learning.library.addresses import CourseAddresses
from learning.library.pieces import TextPiece, text_pieces
from learning.library.preparation import Edition, PreparedCourse
from learning.web.links import Link, NamedFact

JOB_AID_WORDS = frozenset({"arbeitshilfe", "job aid"})


@dataclass(frozen=True, slots=True)
class ModuleRow:
    """One module in the list of a course. Without an address it cannot be opened."""

    number: int
    title: str
    address: str
    minutes: str
    path: str
    facts: tuple[str, ...] = ()
    is_current: bool = False
    state: "ModuleState | None" = None


@dataclass(frozen=True, slots=True)
class ModuleState:
    """How far a reader is with a module, in words with colour and icon. `kind`: ok, now, soon, late, idle."""

    kind: str
    text: str
    icon: str


@dataclass(frozen=True, slots=True)
class Progress:
    """What a reader has done in a course: `states` by module id, where to go on, what is left."""

    states: Mapping[str, ModuleState]
    current: str
    start: Link | None
    note: str
    minutes_note: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """Who answers questions on the content of a course in this authority."""

    name: str
    unit: str
    mail: str
    phone: str


@dataclass(frozen=True, slots=True)
class JobAidRow:
    """One job aid in the list of a course."""

    title: str
    address: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CoursePage:
    """All that templates/library/course.html prints."""

    title: str
    kind: str
    language: str
    language_note: str
    crumbs: tuple[Link, ...]
    lead: str
    start: Link | None
    start_note: str
    objectives: tuple[str, ...]
    description: tuple[TextPiece, ...]
    minutes: str
    modules: tuple[ModuleRow, ...]
    job_aids: tuple[JobAidRow, ...]
    facts: tuple[NamedFact, ...]
    contact: Contact | None = None
    editions: Link | None = None
    notice: str = ""
    newest: Link | None = None


def course_page(
    edition: Edition, *, catalogue: str, description: tuple[TextPiece, ...], progress: Progress | None = None
) -> CoursePage:
    """The page of an edition. `catalogue` is the address of the catalogue, `description` the course's own text."""
    course = edition.course
    address = CourseAddresses(course.slug)
    rows = tuple(_module_rows(edition, progress))
    minutes = _("%(minutes)d Minuten", minutes=course_minutes(edition)) if rows else ""
    crumbs = [Link(catalogue, _("Katalog"))]
    if course.area:
        crumbs.append(Link(f"{catalogue}?thema={course.area.value}", area_text(course.area)))
    return CoursePage(
        title=course.title,
        kind="" if course.kind is CourseKind.VOLUNTARY else kind_text(course.kind),
        language=course.language,
        language_note=language_note(course.language),
        crumbs=tuple(crumbs),
        lead=course.summary,
        start=progress.start if progress else Link(rows[0].address, _("Mit Modul 1 beginnen")) if rows else None,
        start_note=progress.note if progress else "",
        objectives=course.objectives,
        description=description,
        minutes=(progress.minutes_note if progress else "") or minutes,
        modules=rows,
        job_aids=tuple(
            JobAidRow(job_aid_title(aid), address.job_aid(module.slug, aid.anchor), tuple(_job_aid_facts(module)))
            for module, aid in job_aids(edition)
        ),
        facts=tuple(_facts(course)),
    )


@dataclass(frozen=True, slots=True)
class JobAidPage:
    """All that templates/library/job_aid.html prints. `source` stands at the foot of the printed sheet."""

    title: str
    language: str
    module: Link
    facts: tuple[str, ...]
    segments: tuple[TextPiece, ...]
    source: str


def job_aid_page(edition: Edition, module: Module, aid: JobAid, *, prepared: PreparedCourse) -> JobAidPage:
    """A job aid as a sheet of its own."""
    address = CourseAddresses(edition.course.slug)
    facts = [edition.course.title]
    if module.reviewed:
        facts.append(_("Stand %(month)s", month=month_text(module.reviewed)))
    return JobAidPage(
        title=job_aid_title(aid),
        language=module.language,
        module=Link(address.module(module.slug), module.title),
        facts=tuple(facts),
        segments=text_pieces(aid.segments, prepared),
        source=_(
            "Aus dem Modul „%(module)s“ des Kurses „%(course)s“", module=module.title, course=edition.course.title
        ),
    )


def job_aid_title(aid: JobAid) -> str:
    """The title of a job aid where its kind is said beside it: "Arbeitshilfe: Steckbrief" is a "Steckbrief"."""
    opening, colon, rest = aid.title.partition(":")
    is_named = opening.strip().casefold() in JOB_AID_WORDS and bool(colon and rest.strip())
    return rest.strip() if is_named else aid.title


def course_minutes(edition: Edition) -> int:
    """How long all modules take together."""
    return sum(module.reading.minutes for module in edition.rendered.modules.values())


def job_aids(edition: Edition) -> Iterator[tuple[Module, JobAid]]:
    """The job aids of a course with their modules."""
    for module in edition.course.modules:
        for aid in edition.rendered.modules[module.slug].job_aids:
            yield module, aid


def _module_rows(edition: Edition, progress: Progress | None) -> Iterator[ModuleRow]:
    address = CourseAddresses(edition.course.slug)
    for number, module in enumerate(edition.course.modules, start=1):
        minutes = edition.rendered.modules[module.slug].reading.minutes
        yield ModuleRow(
            number=number,
            title=module.title,
            address=address.module(module.slug),
            minutes=_("%(minutes)d Minuten", minutes=minutes),
            path=module.path,
            facts=tuple(_row_facts(edition, module)),
            is_current=progress is not None and module.id == progress.current,
            state=progress.states.get(module.id) if progress else None,
        )


def _row_facts(edition: Edition, module: Module) -> Iterator[str]:
    if module.type is ModuleType.TEST and module.rules:
        count = edition.rendered.modules[module.slug].reading.questions
        yield ngettext("%(num)d Frage", "%(num)d Fragen", count)
        if module.rules.attempts:
            yield ngettext("%(num)d Versuch", "%(num)d Versuche", module.rules.attempts)
        if not module.rules.minutes:
            yield _("ohne Zeitbegrenzung")
    if module.is_optional:
        yield _("freiwillig")


def _job_aid_facts(module: Module) -> Iterator[str]:
    yield _("Zum Drucken")
    if module.reviewed:
        yield _("Stand %(month)s", month=month_text(module.reviewed))


def _state_of_review(course: Course, reviewed: datetime.date) -> str:
    """Of when a course is. It counts as reviewed only when no module still waits for a release by an expert."""
    month = month_text(reviewed)
    if any(module.expert_release and module.expert_release.is_open for module in course.modules):
        return _("%(month)s, fachliche Freigabe steht noch aus", month=month)
    return _("%(month)s, fachlich geprüft am %(date)s", month=month, date=date_text(reviewed))


def _facts(course: Course) -> Iterator[NamedFact]:
    if course.reviewed:
        yield NamedFact(_("Stand"), _state_of_review(course, course.reviewed))
    if course.valid_from:
        yield NamedFact(_("Gültig ab"), date_text(course.valid_from))
    if course.valid_until:
        yield NamedFact(_("Gültig bis"), date_text(course.valid_until))
    if course.level:
        yield NamedFact(_("Niveau"), level_text(course.level))
    if course.audience:
        yield NamedFact(_("Gedacht für"), ", ".join(course.audience))
    if course.requires:
        yield NamedFact(_("Vorwissen"), ", ".join(course.requires))
    if course.authors:
        yield NamedFact(_("Erstellt von"), ", ".join(course.authors))
    if course.license:
        yield NamedFact(_("Lizenz"), course.license)


def area_text(area: Area) -> str:
    """An area of the skill framework in words."""
    return {
        Area.PROCESS: _("Prozesse"),
        Area.PROJECT: _("Projekte"),
        Area.DIGITAL: _("Digitales"),
        Area.PARTICIPATION: _("Beteiligung"),
        Area.LEARNING: _("Lernen"),
    }[area]


def level_text(level: Level) -> str:
    """How far a course goes in words."""
    return {Level.BASICS: _("Grundlagen"), Level.ADVANCED: _("Aufbau"), Level.IN_DEPTH: _("Vertiefung")}[level]


def kind_text(kind: CourseKind) -> str:
    """What a course is to the people who meet it."""
    return {
        CourseKind.VOLUNTARY: _("Kurs"),
        CourseKind.MANDATORY: _("Pflichtschulung"),
        CourseKind.INSTRUCTION: _("Unterweisung"),
        CourseKind.NOTICE: _("Kurzinfo"),
    }[kind]

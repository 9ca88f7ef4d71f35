"""The pages of older editions: what changed, and what exactly was taught."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from courses.course import CourseKind
from learning.clock import LOCAL
from learning.language import date_text
from learning.language import gettext as _
from learning.library.addresses import CourseAddresses
from learning.library.course_pages import CoursePage
from learning.library.pieces import TextPiece, text_pieces
from learning.library.publishing import Change
from learning.library.queries import EditionLine
from learning.library.stored_editions import StoredEdition, StoredModule
from learning.web.links import Link, NamedFact


@dataclass(frozen=True, slots=True)
class EditionRow:
    """One edition in the list; without an address the reader may not open it."""

    title: str
    address: str
    change: str
    published: str
    note: str


@dataclass(frozen=True, slots=True)
class EditionsPage:
    """All that templates/library/editions.html prints."""

    title: str
    course: Link
    editions: tuple[EditionRow, ...]


@dataclass(frozen=True, slots=True)
class OldModulePage:
    """All that templates/library/old_module.html prints."""

    title: str
    language: str
    edition: Link
    notice: str
    segments: tuple[TextPiece, ...]


def editions_page(stored: StoredEdition, lines: Sequence[EditionLine], *, readable: Collection[int]) -> EditionsPage:
    """The history of a course; `readable` are keys of the older editions that the reader may open."""
    address = CourseAddresses(stored.course.slug)
    rows = []
    for line in lines:
        own = address.edition(line.number) if line.key in readable else ""
        rows.append(
            EditionRow(
                title=edition_text(line.number),
                address=address.course() if line.key == stored.key else own,
                change=change_text(Change(line.change)) if line.number > 1 else _("Erste Fassung"),
                published=_("veröffentlicht am %(date)s", date=date_text(line.published_at.astimezone(LOCAL).date())),
                note=line.note,
            )
        )
    return EditionsPage(stored.course.title, Link(address.course(), stored.course.title), tuple(rows))


def edition_text(number: int) -> str:
    """The name of an edition."""
    return _("Fassung %(number)d", number=number)


def change_text(change: Change) -> str:
    """What an edition changed, in words."""
    return {
        Change.CORRECTION: _("Korrektur"),
        Change.REVISION: _("Überarbeitung"),
        Change.RENEWAL: _("Aktualisierung mit Pflicht zur Erneuerung"),
    }[change]


def with_edition(page: CoursePage, stored: StoredEdition) -> CoursePage:
    """A course's page with its edition among the facts and the way to what changed."""
    date = date_text(stored.published_at.astimezone(LOCAL).date())
    text = _("%(number)d, veröffentlicht am %(date)s", number=stored.number, date=date)
    facts = [*page.facts[:1], NamedFact(_("Fassung"), text), *page.facts[1:]]
    if not stored.course.reviewed:
        facts = [NamedFact(_("Fassung"), text), *page.facts]
    tests = [module for module in stored.course.modules if module.rules]
    if stored.course.kind is not CourseKind.NOTICE and tests:
        is_asked = any(not test.is_optional for test in tests)
        text = _("Teilnahmebestätigung nach dem Test") if is_asked else _("Teilnahmebestätigung nach dem Abschluss")
        facts.append(NamedFact(_("Nachweis"), text))
    history = Link(f"{CourseAddresses(stored.course.slug).course()}/fassungen", _("Was sich geändert hat"))
    return replace(page, facts=tuple(facts), editions=history)


def old_course_page(page: CoursePage, stored: StoredEdition) -> CoursePage:
    """The page of an older edition: to read, not to take."""
    base = CourseAddresses(stored.course.slug).edition(stored.number)
    modules = tuple(
        replace(row, address=f"{base}/{module.slug}")
        for row, module in zip(page.modules, stored.course.modules, strict=True)
    )
    newest = Link(CourseAddresses(stored.course.slug).course(), _("Zum Kurs"))
    return replace(page, modules=modules, start=None, job_aids=(), notice=old_notice(stored), newest=newest)


def old_notice(stored: StoredEdition) -> str:
    """That something is no longer the newest."""
    return _(
        "Sie lesen Fassung %(number)d. Inzwischen gilt Fassung %(newest)d.",
        number=stored.number,
        newest=stored.newest_number,
    )


def old_module_page(module: StoredModule) -> OldModulePage:
    """The text of a module as it was taught; its questions are left out, they belong to attempts."""
    stored = module.stored
    base = CourseAddresses(stored.course.slug).edition(stored.number)
    text = _("%(course)s, Fassung %(number)d", course=stored.course.title, number=stored.number)
    return OldModulePage(
        title=module.module.title,
        language=module.module.language,
        edition=Link(base, text),
        notice=old_notice(stored) + " " + _("Die Fragen des Moduls stehen hier nicht."),
        segments=text_pieces(module.rendered.segments, stored.prepared),
    )

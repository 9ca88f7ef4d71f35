"""What the pages of the preview have beside those of the product: its bar, its own lists of findings."""

from dataclasses import dataclass

from learning.language import gettext as _
from learning.library.preparation import PreparedCourse
from learning.preview.findings import Counts, FileFindings
from learning.web.links import Link
from quizzes.problems import Severity


@dataclass(frozen=True, slots=True)
class Watch:
    """What the page watches for changes. `reloads`: it can be loaded again, which the answer to a form cannot."""

    address: str
    state: str
    reloads: bool


@dataclass(frozen=True, slots=True)
class FindingsPage:
    """All findings of a course, or of the folder, by file."""

    title: str
    lead: str
    course: Link | None
    counts: Counts
    files: tuple[FileFindings, ...]


@dataclass(frozen=True, slots=True)
class CourseFindings:
    """One course in the list of findings."""

    title: str
    slug: str
    address: str
    findings_address: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class AllFindingsPage:
    """The findings of all courses and of the registers beside them."""

    courses: tuple[CourseFindings, ...]
    files: tuple[FileFindings, ...]


def texts_of(prepared: PreparedCourse) -> dict[str, str]:
    """The files of a course by path, as far as they could be read."""
    documents = (
        document
        for edition in prepared.editions.values()
        for document in (edition.course.description, *(module.document for module in edition.course.modules))
    )
    return {document.path: document.text for document in documents}


def unreadable_files(prepared: PreparedCourse) -> tuple[str, ...]:
    """Texts with errors that became no page: refused, or unreadable from the start."""
    shown = texts_of(prepared)
    with_errors = {problem.path for problem in prepared.problems if problem.severity is Severity.ERROR}
    return tuple(sorted(path for path in with_errors if path.endswith(".md") and path not in shown))


def service_text() -> str:
    """The footer: what this program is right now."""
    return _("Impuls · Vorschau. Nichts, was Sie hier eingeben, wird gespeichert.")

"""The list of all job aids, course by course."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from learning.library.catalogue_pages import Entry
from learning.library.catalogue_queries import EntryKind


@dataclass(frozen=True, slots=True)
class JobAidLine:
    """One job aid in the list."""

    title: str
    address: str
    language: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JobAidCourse:
    """The job aids of one course."""

    slug: str
    title: str
    job_aids: tuple[JobAidLine, ...]


@dataclass(frozen=True, slots=True)
class JobAidsPage:
    """All that templates/library/job_aids.html prints."""

    courses: tuple[JobAidCourse, ...]


def job_aids_page(entries: Sequence[Entry]) -> JobAidsPage:
    """The job aids among the entries of the catalogue, courses by title."""
    return JobAidsPage(tuple(sorted(_courses(entries), key=lambda course: (course.title.casefold(), course.slug))))


def _courses(entries: Sequence[Entry]) -> Iterator[JobAidCourse]:
    titles = {entry.slug: entry.title for entry in entries if entry.kind is not EntryKind.JOB_AID}
    for slug, title in titles.items():
        own = tuple(
            # The course stands above its cards, so it is not repeated on each of them.
            JobAidLine(entry.title, entry.address, entry.language, tuple(one for one in entry.facts() if one != title))
            for entry in entries
            if entry.kind is EntryKind.JOB_AID and entry.slug == slug
        )
        if own:
            yield JobAidCourse(slug, title, own)

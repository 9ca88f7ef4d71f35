"""The addresses of a course's pages as paths, for child processes that know no routes. A test compares the two."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import quote

CATALOGUE = "/katalog"


@dataclass(frozen=True, slots=True)
class CourseAddresses:
    """The addresses of the course `slug`, as `courses.rendering.render` asks for them."""

    slug: str

    def course(self) -> str:
        """The page of the course."""
        return f"/kurse/{quote(self.slug)}"

    def edition(self, number: int) -> str:
        """The page of an older edition."""
        return f"{self.course()}/fassungen/{number}"

    def module(self, slug: str) -> str:
        """The page of a module."""
        return f"{self.course()}/{quote(slug)}"

    def job_aid(self, slug: str, anchor: str) -> str:
        """The page of a job aid."""
        return f"{self.module(slug)}/arbeitshilfe/{quote(anchor)}"

    def media(self, path: str) -> str:
        """A file of the course; `path` counts from the course folder."""
        return f"{self.course()}/medien/{quote(path)}"


def media_address(digest: str, path: str) -> str:
    """A file by its content: whatever stands at this address never changes."""
    return f"/medien/{digest}/{quote(PurePosixPath(path).name)}"


@dataclass(frozen=True, slots=True)
class PublishedAddresses(CourseAddresses):
    """The addresses that published texts carry: files by their content; `digests` are by path."""

    digests: Mapping[str, str]

    def media(self, path: str) -> str:
        """A file of the course under an address of its content."""
        return media_address(self.digests[path], path)

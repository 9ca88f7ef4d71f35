"""The addresses of a course's pages as paths, for child processes that know no routes. A test compares the two."""

from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class CourseAddresses:
    """The addresses of the course `slug`, as `courses.rendering.render` asks for them."""

    slug: str

    def course(self) -> str:
        """The page of the course."""
        return f"/kurse/{quote(self.slug)}"

    def module(self, slug: str) -> str:
        """The page of a module."""
        return f"{self.course()}/{quote(slug)}"

    def job_aid(self, slug: str, anchor: str) -> str:
        """The page of a job aid."""
        return f"{self.module(slug)}/arbeitshilfe/{quote(anchor)}"

    def media(self, path: str) -> str:
        """A file of the course; `path` counts from the course folder."""
        return f"{self.course()}/medien/{quote(path)}"

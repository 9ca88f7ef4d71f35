"""Where a link or a media reference of an author leads: to a section, another module, a file of the course, or outside.

Addresses of pages come from the caller, files from the bundle; nothing here touches the network or a disk.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from posixpath import normpath
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from courses.markdown.anchors import question_id, section_id

OUTSIDE_SCHEMES = frozenset({"https", "mailto", "tel"})


class Addresses(Protocol):
    """The addresses of one course in the product; each answer is a path such as `/kurse/fristen/grundlagen`."""

    def course(self) -> str:
        """The page of the course."""

    def module(self, slug: str) -> str:
        """The page of a module."""

    def job_aid(self, slug: str, anchor: str) -> str:
        """The page of a job aid."""

    def media(self, path: str) -> str:
        """A file of the course; `path` counts from the course folder, language folder included."""


class Files(Protocol):
    """What rendering needs of a bundle: which files there are, how large, and their bytes."""

    @property
    def paths(self) -> Collection[str]:
        """All paths inside the course folder."""

    def size(self, path: str) -> int:
        """The size in bytes."""

    def read(self, path: str) -> bytes:
        """The content."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a link leads. An empty address leads nowhere; `path` is set when it is a file of the course."""

    address: str
    is_external: bool = False
    path: str = ""


_NOWHERE = Target("")


@dataclass(frozen=True, slots=True)
class Links:
    """Resolves references of the document `document` (its path inside the course folder).

    `modules` maps file names of modules to slugs. `questions` are the ids of all questions of the course.
    """

    document: str
    modules: Mapping[str, str]
    address: Addresses
    files: Files
    questions: frozenset[str] = field(default_factory=frozenset)

    def file(self, reference: str) -> str | None:
        """The path of a file of the course: in the document's own folder first, then in the course root."""
        parts = _split(reference)
        if parts.scheme or parts.netloc or not parts.path or parts.path.startswith("/"):
            return None
        wanted = unquote(parts.path)
        folder = PurePosixPath(self.document).parent.as_posix()
        for candidate in (normpath(f"{folder}/{wanted}"), normpath(wanted)):
            if not candidate.startswith("..") and candidate in self.files.paths:
                return candidate
        return None

    def target(self, reference: str) -> Target:
        """Where the link `reference` leads."""
        parts = _split(reference)
        if parts.scheme or parts.netloc:
            is_allowed = parts.scheme in OUTSIDE_SCHEMES
            return Target(reference, is_external=parts.scheme == "https") if is_allowed else _NOWHERE
        if not parts.path:
            return Target(f"#{self._fragment(parts.fragment)}") if parts.fragment else _NOWHERE
        return self._inside(reference, unquote(parts.path), parts.fragment)

    def _inside(self, reference: str, path: str, fragment: str) -> Target:
        name = PurePosixPath(path).name
        if "/" not in path.removeprefix("./").removeprefix("../") and name in self.modules:
            place = f"#{self._fragment(fragment)}" if fragment else ""
            return Target(self.address.module(self.modules[name]) + place)
        if name == "course.md":
            return Target(self.address.course())
        file = self.file(reference)
        return Target(self.address.media(file), path=file) if file and not file.endswith(".md") else _NOWHERE

    def _fragment(self, fragment: str) -> str:
        return question_id(fragment) if fragment in self.questions else section_id(fragment)


def _split(reference: str) -> SplitResult:
    """The parts of a reference; what is no address at all (`https://[x`) has none."""
    try:
        return urlsplit(reference)
    except ValueError:
        return urlsplit("")

"""What a bundle is, however it is stored, and how much it may hold."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from quizzes.problems import Problem

MEGABYTE = 1024 * 1024
ENTRY_LIMIT = 2_000
TOTAL_LIMIT = 500 * MEGABYTE
READ_LIMIT = 16 * MEGABYTE
CHUNK = 256 * 1024


class FileTooLarge(OSError):
    """The file is larger than `READ_LIMIT`; ask for its `chunks` instead."""


class BundleChanged(OSError):
    """The file is no longer what it was when the bundle was opened."""


class Bundle(ABC):
    """The files of a course by their path inside it: `/` between the parts, NFC, sorted, hidden files left out.

    Every method that takes a path raises KeyError for one that is not in `paths`, and OSError when the storage fails.
    """

    def __init__(self, slug: str, sizes: dict[str, int]) -> None:
        """`sizes` maps every path to its size in bytes."""
        self.slug = slug
        self.paths = tuple(sorted(sizes))
        self._sizes = sizes

    def __contains__(self, path: object) -> bool:
        """Whether there is a file of exactly this path, upper and lower case included."""
        return path in self._sizes

    def size(self, path: str) -> int:
        """Bytes of the file when the bundle was opened."""
        return self._sizes[path]

    @abstractmethod
    def chunks(self, path: str) -> Iterator[bytes]:
        """The file's bytes in pieces of at most 256 KB."""

    @abstractmethod
    def file_digest(self, path: str) -> str:
        """The SHA-256 of the file's bytes, in hex."""

    def location(self, path: str) -> Path | None:
        """Where the file lies on disk, or None when it lies inside a ZIP."""
        del path
        return None

    def read(self, path: str) -> bytes:
        """The whole file. Raises FileTooLarge above 16 MB: films are passed on in `chunks`."""
        pieces: list[bytes] = []
        size = 0
        if self.size(path) > READ_LIMIT:
            raise FileTooLarge(path)
        for piece in self.chunks(path):
            size += len(piece)
            if size > READ_LIMIT:
                raise FileTooLarge(path)
            pieces.append(piece)
        return b"".join(pieces)

    @cached_property
    def digest(self) -> str:
        """The SHA-256 over all paths and their contents, in hex; the same for a folder and a ZIP of it."""
        whole = hashlib.sha256()
        for path in self.paths:
            whole.update(f"{path}\0{self.file_digest(path)}\n".encode())
        return whole.hexdigest()


@dataclass(frozen=True, slots=True)
class OpenedBundle:
    """What came of opening: `bundle` is None when it was refused, and `problems` say why."""

    bundle: Bundle | None
    problems: tuple[Problem, ...] = ()

"""A course as a folder on disk. Symbolic links are never followed; what is hidden is no part of the course."""

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from courses.bundle.files import CHUNK, ENTRY_LIMIT, MEGABYTE, TOTAL_LIMIT, Bundle, OpenedBundle
from courses.bundle.names import NameCollisions, is_archive, is_hidden, normal_path, printable, unsafe_part
from quizzes.problems import Problem


class FolderBundle(Bundle):
    """Reads its files when asked, so that an author's next keystroke is seen."""

    def __init__(self, root: Path, files: dict[str, tuple[Path, int]]) -> None:
        """`files` maps a path inside the course to its place on disk and its size."""
        super().__init__(normal_path(root.resolve().name), {path: size for path, (_, size) in files.items()})
        self._places = {path: place for path, (place, _) in files.items()}

    def location(self, path: str) -> Path | None:
        """Where the file lies on disk."""
        return self._places[path]

    def chunks(self, path: str) -> Iterator[bytes]:
        """The file's bytes; OSError when it has become a link, a device or unreadable meanwhile."""
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(self._places[path], flags), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise OSError(f"{path} is no longer a regular file")
            while piece := file.read(CHUNK):
                yield piece

    def file_digest(self, path: str) -> str:
        """The SHA-256 of the file as it is now."""
        digest = hashlib.sha256()
        for piece in self.chunks(path):
            digest.update(piece)
        return digest.hexdigest()


class FolderScan:
    """One walk over a folder: collects its files and everything that is wrong with them."""

    def __init__(self, root: Path) -> None:
        """Nothing is read before `walk`."""
        self.root = root
        self.files: dict[str, tuple[Path, int]] = {}
        self.problems: list[Problem] = []
        self.total = 0
        self._entries = 0
        self._collisions = NameCollisions()

    @property
    def is_too_much(self) -> bool:
        """Whether the limits are passed, so that going on would only cost time."""
        return self._entries > ENTRY_LIMIT or self.total > TOTAL_LIMIT

    def walk(self, folder: Path, *, prefix: str = "") -> None:
        """Takes in one folder and those below it."""
        try:
            with os.scandir(folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError:
            self._refuse("E126", prefix or ".")
            return
        for entry in entries:
            path = prefix + entry.name
            if is_hidden(path):
                continue
            self._entries += 1
            if self.is_too_much:
                return
            self._take(entry, path)

    def _take(self, entry: "os.DirEntry[str]", path: str) -> None:
        if reason := unsafe_part(path):
            self._refuse("E133", path, reason=reason)
        elif entry.is_symlink():
            self._refuse("E135", path)
        elif entry.is_dir(follow_symlinks=False):
            self.walk(Path(entry.path), prefix=f"{path}/")
        elif entry.is_file(follow_symlinks=False):
            self._take_file(entry, path)
        else:
            self._refuse("E135", path)

    def _take_file(self, entry: "os.DirEntry[str]", path: str) -> None:
        try:
            size = entry.stat(follow_symlinks=False).st_size
            with Path(entry.path).open("rb") as file:
                start = file.read(512)
        except OSError:
            self._refuse("E126", path)
            return
        self.total += size
        if is_archive(path, start):
            self._refuse("E136", path)
        elif collisions := list(self._collisions.add(path)):
            self.problems += collisions
        else:
            self.files[normal_path(path)] = (Path(entry.path), size)

    def _refuse(self, code: str, path: str, *, reason: str = "") -> None:
        shown = printable(path)
        parameters = {"name": shown, "reason": reason} if reason else {"name": shown}
        self.problems.append(Problem(code, 1, parameters=parameters, path=shown))

    def limits_passed(self) -> list[Problem]:
        """The limits of a whole course that this folder exceeds."""
        passed = []
        if self._entries > ENTRY_LIMIT:
            passed.append(Problem("E137", 1, parameters={"limit": ENTRY_LIMIT}))
        if self.total > TOTAL_LIMIT:
            passed.append(Problem("E138", 1, parameters={"limit": TOTAL_LIMIT // MEGABYTE}))
        return passed


def open_folder(root: Path) -> OpenedBundle:
    """The course in the folder `root`. A refused file is left out and reported; passed limits refuse all of it."""
    scan = FolderScan(root)
    scan.walk(root)
    if passed := scan.limits_passed():
        return OpenedBundle(None, (*scan.problems, *passed))
    return OpenedBundle(FolderBundle(root, scan.files), tuple(scan.problems))

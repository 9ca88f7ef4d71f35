"""Opens whatever an author points at: a folder or a ZIP file."""

from pathlib import Path

from courses.bundle.archive import open_archive
from courses.bundle.files import OpenedBundle
from courses.bundle.folder import open_folder
from quizzes.problems import Problem


def open_bundle(path: Path) -> OpenedBundle:
    """The course at `path`. Anything but a folder or a file is reported as E127."""
    if path.is_dir():
        return open_folder(path)
    if path.is_file():
        return open_archive(path)
    return OpenedBundle(None, (Problem("E127", 1, parameters={"name": str(path)}),))

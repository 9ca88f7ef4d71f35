"""The files of one course, from a folder or a ZIP: every refusal with its reason, nothing read that nobody asks for."""

from courses.bundle.files import Bundle, FileTooLarge, OpenedBundle
from courses.bundle.opening import open_bundle

__all__ = ["Bundle", "FileTooLarge", "OpenedBundle", "open_bundle"]

"""Which file names a course may use, so that it means the same on every machine it is copied to."""

import re
import unicodedata
from collections.abc import Iterator

from quizzes.problems import Problem

ARCHIVE_NAME = re.compile(
    r".*\.(zipx?|tar|t[gbx]z2?|[gx]z|bz2|zst|lz|lzma|lzh|7z|rar|[jw]ar|ear|apk|cab|iso|dmg|ar|deb|rpm|cpio|arj|lha|z|ace)",
    re.IGNORECASE,
)
# Office files are ZIPs by nature. They are handed on as downloads and never unpacked here.
OFFICE_NAME = re.compile(
    r".*\.(docx|docm|dotx|xlsx|xlsm|xltx|pptx|pptm|potx|ppsx|od[tspgf]|ot[tsp]|vsdx|epub)", re.IGNORECASE
)
ARCHIVE_STARTS = (
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"7z\xbc\xaf\x27\x1c",
    b"Rar!\x1a\x07",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ\x00",
)
TAR_MARK = (257, b"ustar")
SHOWN_LENGTH = 100
DIRECTION_CONTROLS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
# Folders in folders; a course needs three levels.
DEPTH_LIMIT = 16
HIDDEN_FOLDERS = frozenset({"__MACOSX"})
HIDDEN_FILES = frozenset({"thumbs.db", "desktop.ini"})


def normal_path(path: str) -> str:
    """Accents composed, because macOS stores them apart and Markdown writes them together."""
    return unicodedata.normalize("NFC", path)


def printable(path: str) -> str:
    """The path for a message: signs that no terminal should see written out, cut where nobody reads on."""
    shown = path if path.isprintable() else path.encode("unicode_escape").decode()
    return shown if len(shown) <= SHOWN_LENGTH else f"{shown[: SHOWN_LENGTH - 1]}…"


def unsafe_part(path: str) -> str | None:
    """Why this path must not be used, as one word of the wording's table `reason`; None when it may."""
    parts = path.removesuffix("/").split("/")
    if "\0" in path:
        return "nul"
    if any(_is_control(character) for character in path):
        return "control"
    if "\\" in path:
        return "backslash"
    if path.startswith("/"):
        return "absolute"
    if re.match(r"[A-Za-z]:", path):
        return "drive"
    if ".." in parts:
        return "parent"
    if len(parts) > DEPTH_LIMIT:
        return "deep"
    if "" in parts or "." in parts:
        return "empty"
    if ":" in path or any(part.endswith((" ", ".")) for part in parts):
        return "windows"
    return None


def _is_control(character: str) -> bool:
    """Signs that no name needs: controls, halves of signs, and those that turn the direction of reading around."""
    turns_direction = unicodedata.bidirectional(character) in DIRECTION_CONTROLS
    return turns_direction or unicodedata.category(character) in ("Cc", "Cs")


def is_hidden(path: str) -> bool:
    """Files that systems leave behind, and everything in folders whose name begins with a dot."""
    parts = path.split("/")
    return (
        any(part.startswith(".") for part in parts)
        or bool(HIDDEN_FOLDERS.intersection(parts))
        or parts[-1].lower() in HIDDEN_FILES
    )


def is_archive(path: str, start: bytes) -> bool:
    """Whether a file, by its ending or its first 512 bytes, is an archive and no office file."""
    if OFFICE_NAME.fullmatch(path):
        return False
    place, mark = TAR_MARK
    is_named_so = ARCHIVE_NAME.fullmatch(path) is not None
    return is_named_so or start.startswith(ARCHIVE_STARTS) or start[place:].startswith(mark)


class NameCollisions:
    """Remembers paths and says which meet: the same twice, only upper and lower case apart, a file used as a folder."""

    def __init__(self) -> None:
        """Nothing has been seen yet."""
        self._files: dict[str, str] = {}
        self._folders: dict[str, str] = {}

    def add(self, path: str) -> Iterator[Problem]:
        """Takes one path (a folder ends with `/`) and yields what is wrong with it beside the earlier ones."""
        *folders, name = normal_path(path).split("/")
        prefix = ""
        for folder in folders:
            prefix = f"{prefix}{folder}/"
            other = self._folders.setdefault(prefix.casefold(), prefix)
            if other != prefix or prefix.casefold().removesuffix("/") in self._files:
                yield _collision(path, other)
                return
        if not name:
            return
        whole = prefix + name
        known = self._files.setdefault(whole.casefold(), whole)
        # The identity tells the first sight of a name from its second.
        if known is not whole or f"{whole.casefold()}/" in self._folders:
            yield _collision(path, known)


def _collision(path: str, other: str) -> Problem:
    shown = printable(path)
    return Problem("E134", 1, parameters={"name": shown, "other": printable(other)}, path=shown)

"""A course as a ZIP file. What its directory claims is checked before a byte is unpacked, then every byte is counted.

Nothing is ever written to disk, and nothing inside is trusted: sizes, names and offsets are claims of a stranger.
"""

import hashlib
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from courses.bundle.files import CHUNK, ENTRY_LIMIT, MEGABYTE, TOTAL_LIMIT, Bundle, BundleChanged, OpenedBundle
from courses.bundle.names import NameCollisions, is_archive, is_hidden, normal_path, printable, unsafe_part
from quizzes.problems import ParameterValue, Problem

RATIO_LIMIT = 100
# 2,000 entries with names and extra fields of ordinary length; a directory beyond it is not worth parsing.
DIRECTORY_LIMIT = 4 * MEGABYTE
END_RECORD = struct.Struct("<4s4H2LH")
END_MARK = b"PK\x05\x06"
ZIP64_LOCATOR_MARK = b"PK\x06\x07"
ZIP64_LOCATOR_SIZE = 20
COMMENT_LIMIT = 65_535
LOCAL_HEADER = struct.Struct("<4s5H3L2H")
LOCAL_MARK = b"PK\x03\x04"
ENCRYPTED = 0x1
# What reading a damaged directory raises, found by mutating good archives.
DIRECTORY_ERRORS = (
    zipfile.BadZipFile,
    NotImplementedError,
    struct.error,
    ValueError,
    OSError,
    OverflowError,
    IndexError,
)


class WrongContent(Exception):
    """The bytes of an entry are not what the directory says: more, fewer, damaged."""


@dataclass(frozen=True, slots=True)
class Member:
    """One file inside the archive: where its packed bytes lie, what they unpack to, and their digest once read."""

    name: str
    header: int
    start: int
    packed_size: int
    size: int
    checksum: int
    is_packed: bool
    digest: str = ""

    def unpacked(self, file: BinaryIO) -> Iterator[bytes]:
        """The real bytes, piece by piece. Raises WrongContent as soon as they differ from what was announced."""
        count = checksum = 0
        pieces = self._inflated(file) if self.is_packed else self._stored(file)
        try:
            for piece in pieces:
                count += len(piece)
                if count > self.size:
                    raise WrongContent(self.name)
                checksum = zlib.crc32(piece, checksum)
                yield piece
        except zlib.error as error:
            raise WrongContent(self.name) from error
        if count != self.size or checksum != self.checksum:
            raise WrongContent(self.name)

    def _stored(self, file: BinaryIO) -> Iterator[bytes]:
        file.seek(self.start)
        left = self.packed_size
        while left > 0 and (piece := file.read(min(CHUNK, left))):
            left -= len(piece)
            yield piece

    def _inflated(self, file: BinaryIO) -> Iterator[bytes]:
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        for packed in self._stored(file):
            piece = unpacker.decompress(packed, CHUNK)
            while piece:
                yield piece
                piece = unpacker.decompress(unpacker.unconsumed_tail, CHUNK)
        if not unpacker.eof or unpacker.unused_data:
            raise WrongContent(self.name)


class ArchiveBundle(Bundle):
    """Opens the ZIP anew for each file it reads and refuses what has changed since it was checked."""

    def __init__(self, place: Path, slug: str, members: dict[str, Member]) -> None:
        """`members` maps a path inside the course to the member of the archive, digest included."""
        super().__init__(slug, {path: member.size for path, member in members.items()})
        self._place = place
        self._members = members

    def chunks(self, path: str) -> Iterator[bytes]:
        """The file's bytes; BundleChanged at the latest after the last one when the ZIP was exchanged."""
        member = self._members[path]
        digest = hashlib.sha256()
        with self._place.open("rb") as file:
            try:
                for piece in member.unpacked(file):
                    digest.update(piece)
                    yield piece
            except WrongContent as error:
                raise BundleChanged(path) from error
        if digest.hexdigest() != member.digest:
            raise BundleChanged(path)

    def file_digest(self, path: str) -> str:
        """The digest taken when the archive was opened."""
        return self._members[path].digest


def problem(code: str, name: str, **parameters: ParameterValue) -> Problem:
    """A problem of one entry; its name, made printable and short enough to read, is the path."""
    shown = printable(name)
    return Problem(code, 1, parameters={"name": shown, **parameters}, path=shown)


def open_archive(place: Path) -> OpenedBundle:
    """The course in the ZIP file `place`. One refused entry refuses the archive; all reasons are listed."""
    try:
        with place.open("rb") as file:
            return _opened(place, file)
    except OSError:
        return OpenedBundle(None, (Problem("E126", 1, parameters={"name": place.name}),))


def _opened(place: Path, file: BinaryIO) -> OpenedBundle:
    entries, problems = _directory(file)
    if not problems:
        problems = [*_names(entries), *_claims(entries)]
    members, damages = _members(file, entries) if not problems else ([], [])
    problems += damages
    problems += _overlaps(members) if not problems else []
    read, wrong = _read_all(file, members) if not problems else ([], [])
    problems += wrong
    if problems:
        return OpenedBundle(None, tuple(problems))
    slug, files = _without_top_folder(place.stem, read)
    return OpenedBundle(ArchiveBundle(place, slug, files))


def _directory(file: BinaryIO) -> tuple[list[zipfile.ZipInfo], list[Problem]]:
    """The entries as the central directory lists them, after looking at how many there are."""
    refused = _end_record_problems(file)
    if refused:
        return [], refused
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except DIRECTORY_ERRORS:
        return [], [Problem("E132", 1)]
    if len(entries) > ENTRY_LIMIT:
        return [], [Problem("E137", 1, parameters={"limit": ENTRY_LIMIT})]
    return entries, []


def _end_record_problems(file: BinaryIO) -> list[Problem]:
    """What the archive's last record says of its directory; an absurd one must not even be parsed."""
    length = file.seek(0, 2)
    file.seek(max(0, length - COMMENT_LIMIT - END_RECORD.size))
    tail = file.read()
    place = tail.rfind(END_MARK)
    if place < 0 or len(tail) < place + END_RECORD.size:
        return [Problem("E132", 1)]
    _, _, _, _, entries, directory_size, _, _ = END_RECORD.unpack_from(tail, place)
    locator = tail[max(0, place - ZIP64_LOCATOR_SIZE) : place]
    if entries > ENTRY_LIMIT or directory_size > DIRECTORY_LIMIT or locator.startswith(ZIP64_LOCATOR_MARK):
        return [Problem("E137", 1, parameters={"limit": ENTRY_LIMIT})]
    if length > TOTAL_LIMIT:
        return [Problem("E138", 1, parameters={"limit": TOTAL_LIMIT // MEGABYTE})]
    return []


def _names(entries: list[zipfile.ZipInfo]) -> Iterator[Problem]:
    """What is wrong with the names and kinds of the entries."""
    collisions = NameCollisions()
    for entry in entries:
        # Not `filename`: the library cuts that one at a NUL.
        name = entry.orig_filename
        if reason := unsafe_part(name):
            yield problem("E133", name, reason=reason)
            continue
        kind = stat.S_IFMT(entry.external_attr >> 16)
        expected = stat.S_IFDIR if name.endswith("/") else stat.S_IFREG
        if kind not in (0, expected):
            yield problem("E135", name)
        yield from collisions.add(name)


def _claims(entries: list[zipfile.ZipInfo]) -> Iterator[Problem]:
    """What the directory itself admits: encryption, unknown packing, sizes beyond the limits."""
    for entry in entries:
        name = entry.orig_filename
        if entry.flag_bits & ENCRYPTED:
            yield problem("E124", name)
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            yield problem("E125", name)
        if entry.file_size > RATIO_LIMIT * max(entry.compress_size, 1):
            yield problem("E139", name, limit=RATIO_LIMIT)
    if sum(entry.file_size for entry in entries) > TOTAL_LIMIT:
        yield Problem("E138", 1, parameters={"limit": TOTAL_LIMIT // MEGABYTE})


def _members(file: BinaryIO, entries: list[zipfile.ZipInfo]) -> tuple[list[Member], list[Problem]]:
    """The entries with the place of their bytes, read from their local headers, which must agree with the directory."""
    members: list[Member] = []
    problems: list[Problem] = []
    for entry in entries:
        start = _data_start(file, entry)
        if start is None:
            problems.append(problem("E126", entry.orig_filename))
            continue
        members.append(
            Member(
                name=entry.orig_filename,
                header=entry.header_offset,
                start=start,
                packed_size=entry.compress_size,
                size=entry.file_size,
                checksum=entry.CRC,
                is_packed=entry.compress_type == zipfile.ZIP_DEFLATED,
            )
        )
    return members, problems


def _data_start(file: BinaryIO, entry: zipfile.ZipInfo) -> int | None:
    """Where the entry's bytes begin; None when its local header is missing, cut off or names another file."""
    if entry.header_offset < 0:
        return None
    file.seek(entry.header_offset)
    header = file.read(LOCAL_HEADER.size)
    if len(header) < LOCAL_HEADER.size or not header.startswith(LOCAL_MARK):
        return None
    fields: tuple[int, ...] = LOCAL_HEADER.unpack(header)[2:]
    flags, method, *_, name_length, extra_length = fields
    encoding = "utf-8" if flags & 0x800 else "cp437"
    name = file.read(name_length).decode(encoding, "replace")
    if name != entry.orig_filename or method != entry.compress_type or flags & ENCRYPTED:
        return None
    return entry.header_offset + LOCAL_HEADER.size + name_length + extra_length


def _overlaps(members: list[Member]) -> list[Problem]:
    """Entries that share bytes, the trick of bombs whose every entry quotes the same block."""
    problems = []
    previous: Member | None = None
    for member in sorted(members, key=lambda member: member.header):
        if previous and member.header < previous.start + previous.packed_size:
            problems.append(problem("E122", member.name, other=printable(previous.name)))
        previous = member
    return problems


def _read_all(file: BinaryIO, members: list[Member]) -> tuple[list[Member], list[Problem]]:
    """Unpacks every file once without keeping it: its real size, whether it is an archive itself, its digest."""
    read: list[Member] = []
    problems: list[Problem] = []
    for member in members:
        if member.name.endswith("/"):
            continue
        digest = hashlib.sha256()
        start = b""
        try:
            for piece in member.unpacked(file):
                start = start or piece[:512]
                digest.update(piece)
        except WrongContent:
            problems.append(problem("E123", member.name))
            continue
        if is_archive(member.name, start) and not is_hidden(member.name):
            problems.append(problem("E136", member.name))
        read.append(replace(member, digest=digest.hexdigest()))
    return read, problems


def _without_top_folder(stem: str, members: list[Member]) -> tuple[str, dict[str, Member]]:
    """The slug and the files: a ZIP holds either the course's files or its folder."""
    shown = {normal_path(member.name): member for member in members if not is_hidden(member.name)}
    tops = {path.split("/")[0] for path in shown}
    if len(tops) != 1 or any("/" not in path for path in shown):
        return normal_path(stem), shown
    top = tops.pop()
    return top, {path.removeprefix(f"{top}/"): member for path, member in shown.items()}

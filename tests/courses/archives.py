"""Builds ZIP files byte by byte, so that tests can write what no honest program writes."""

import dataclasses
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

COURSE = b"---\nid: widerspruch\ntitle: Widerspruch\nlang: de\n---\n\nText.\n"
MODULE = b"---\nid: fristen\ntitle: Fristen\n---\n\n## Fristen\n\nEine Frist.\n"
UTF8_NAME = 0x800


@dataclass(frozen=True)
class Packed:
    """One entry. What is None is computed honestly from `data`."""

    name: str
    data: bytes = b"x"
    method: int = 8
    packed: bytes | None = None
    size: int | None = None
    packed_size: int | None = None
    checksum: int | None = None
    flags: int = UTF8_NAME
    mode: int = 0
    local_name: str | None = None
    header_of: int | None = None
    offset: int | None = None


def archive(*entries: Packed, comment: bytes = b"", count: int | None = None, prefix: bytes = b"") -> bytes:
    """The bytes of a ZIP. `header_of` lets an entry point at the bytes of an earlier one."""
    body = bytearray(prefix)
    directory = bytearray()
    offsets: list[int] = []
    for entry in entries:
        honest = entry.data if entry.method == 0 else _deflated(entry.data)
        packed = honest if entry.packed is None else entry.packed
        size = len(entry.data) if entry.size is None else entry.size
        packed_size = len(packed) if entry.packed_size is None else entry.packed_size
        checksum = zlib.crc32(entry.data) if entry.checksum is None else entry.checksum
        offset = len(body) if entry.header_of is None else offsets[entry.header_of]
        offset = offset if entry.offset is None else entry.offset
        offsets.append(offset)
        local = (entry.name if entry.local_name is None else entry.local_name).encode()
        name = entry.name.encode()
        facts = (entry.flags, entry.method, 0, 0x21, checksum, packed_size, size)
        if entry.header_of is None:
            body += struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, *facts, len(local), 0) + local + packed
        directory += struct.pack(
            "<4s6H3L5H2L", b"PK\x01\x02", 0x0314, 20, *facts, len(name), 0, 0, 0, 0, entry.mode << 16, offset
        )
        directory += name
    number = len(entries) if count is None else count
    end = struct.pack(
        "<4s4H2LH", b"PK\x05\x06", 0, 0, number & 0xFFFF, number & 0xFFFF, len(directory), len(body), len(comment)
    )
    return bytes(body + directory + end + comment)


def _deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def course_archive(*more: Packed, top: str = "") -> bytes:
    """A good course of one module, with `more` beside it, all of it inside the folder `top` (`name/`)."""
    inside = [dataclasses.replace(entry, name=top + entry.name) for entry in more]
    return archive(Packed(f"{top}course.md", COURSE), Packed(f"{top}01-fristen.md", MODULE), *inside)


def write(folder: Path, data: bytes, *, name: str = "kurs.zip") -> Path:
    """The ZIP as a file."""
    place = folder / name
    place.write_bytes(data)
    return place

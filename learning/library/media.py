"""Files of courses in the database: stored by their content in pieces, read back in pieces or ranges of bytes."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Engine, exists, insert, select
from sqlalchemy.orm import Session

from courses.bundle import Bundle
from learning.database import work
from learning.library.models import EditionMedia, MediaFile, MediaPiece
from learning.library.publishing import insert_missing

PIECE_BYTES = 512 * 1024


class ChangedMeanwhile(Exception):
    """Raised when a file is not what it was when the course was prepared: somebody is still working on it."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file that some edition knows under this name."""

    digest: str
    size: int


def store_media(engine: Engine, bundle: Bundle, digests: Mapping[str, str]) -> None:
    """Store the files that are not there yet, each in a transaction of its own, before any edition names them.

    Raises ChangedMeanwhile when the bytes are not those of the digest.
    """
    for digest, path in sorted({digest: path for path, digest in digests.items()}.items()):
        work(engine, lambda session, path=path, digest=digest: _store(session, bundle, path, digest))  # type: ignore[misc]


def _store(session: Session, bundle: Bundle, path: str, digest: str) -> None:
    if session.get(MediaFile, digest):
        return
    insert_missing(session, MediaFile, [{"digest": digest, "size": bundle.size(path)}])
    if session.scalar(select(exists().where(MediaPiece.digest == digest))):
        return  # Somebody else was faster; their transaction has ended by now.
    whole = hashlib.sha256()
    for position, piece in enumerate(_pieces(bundle.chunks(path))):
        whole.update(piece)
        session.execute(insert(MediaPiece).values(digest=digest, position=position, content=piece))
    if whole.hexdigest() != digest:
        raise ChangedMeanwhile(path)


def _pieces(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of PIECE_BYTES, the last one shorter."""
    kept = bytearray()
    for chunk in chunks:
        kept += chunk
        while len(kept) >= PIECE_BYTES:
            yield bytes(kept[:PIECE_BYTES])
            del kept[:PIECE_BYTES]
    if kept:
        yield bytes(kept)


def stored_file(session: Session, digest: str, *, name: str) -> StoredFile | None:
    """The file of this content, if an edition has it under this name."""
    is_known = exists().where(EditionMedia.digest == digest, EditionMedia.name == name)
    size = session.scalar(select(MediaFile.size).where(MediaFile.digest == digest, is_known))
    return None if size is None else StoredFile(digest, size)


def read_bytes(session: Session, digest: str, *, start: int, end: int) -> Iterator[bytes]:
    """The bytes from `start` to before `end`, piece by piece; one short query each, no transaction in between."""
    for position in range(start // PIECE_BYTES, -(-end // PIECE_BYTES)):
        found = select(MediaPiece.content).where(MediaPiece.digest == digest, MediaPiece.position == position)
        piece = session.execute(found).scalar_one()
        first = position * PIECE_BYTES
        yield piece[max(start - first, 0) : end - first]

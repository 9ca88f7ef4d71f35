"""Digests that tell whether something changed: of a course, of the text of one file, of each of its media."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from courses.bundle import Bundle
from courses.course import Course, Document

REVISION_LENGTH = 12
# What readers see of the front matter. A later `review_by` makes no translation old and resets nobody's progress.
READ_KEYS = ("title", "summary", "objectives")


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """`digest` covers every file (64 hex digits). `revisions` of the texts by path, `media` digests by path."""

    digest: str
    revisions: Mapping[str, str]
    media: Mapping[str, str]


def revision(document: Document) -> str:
    """The `rev` of a file, 12 hex digits: of its body and of what its front matter shows to readers.

    Line ends, a byte order mark and empty lines at the end do not count.
    """
    body = "\n".join(document.text.split("\n")[document.body_line - 1 :]).strip("\n")
    shown = {key: document.front_matter[key] for key in READ_KEYS if document.front_matter.get(key)}
    text = json.dumps([shown, body], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:REVISION_LENGTH]


def documents_of(course: Course) -> list[Document]:
    """All texts of a course, those of its translations included."""
    documents = [course.description, *(module.document for module in course.modules)]
    for translation in course.translations.values():
        documents += translation.documents.values()
    return documents


def media_digests(bundle: Bundle) -> dict[str, str]:
    """The SHA-256 of every file in a `media` folder, those of translations included."""
    return {path: bundle.file_digest(path) for path in bundle.paths if "media" in path.split("/")[:-1]}


def fingerprint(course: Course, bundle: Bundle) -> Fingerprint:
    """All digests of a course. Reads every file of `bundle` once; OSError when its storage fails."""
    return Fingerprint(
        digest=bundle.digest,
        revisions={document.path: revision(document) for document in documents_of(course)},
        media=media_digests(bundle),
    )

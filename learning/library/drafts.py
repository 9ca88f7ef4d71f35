"""A prepared course as the rows that an edition will be, computed before any lock is taken. Nothing is written here."""

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import PurePosixPath
from typing import Any

from courses.course import Course, CourseKind, Module
from courses.search_terms import folded
from learning.library.course_pages import course_minutes, job_aid_title
from learning.library.preparation import Edition, PreparedCourse
from learning.library.search_places import LONGEST_TERM, LONGEST_TITLE, Place, Terms, places_of, words_of
from learning.library.stored_texts import (
    Pieces,
    alone_json,
    contents_json,
    date_json,
    pools_json,
    reading_json,
    release_json,
    rules_json,
    segments_json,
)
from quizzes.canonical import key_revision, revision, to_json
from quizzes.problems import Problem, Severity
from quizzes.questions import Question

# Without ids that stay, answers and reading places of learners would lose what they belong to.
IDS_MISSING = frozenset({"W141", "W201"})
LONGEST_NAME = 200
_ENTRY = re.compile(r"\[\[(local|fact):([a-z0-9-]+)\]\]")
Row = dict[str, Any]


class Unpublishable(Exception):
    """Raised before anything is written: what is wrong with the course, all of it."""

    def __init__(self, slug: str, problems: tuple[Problem, ...]) -> None:
        super().__init__(f"{slug}: {len(problems)} problems")
        self.slug = slug
        self.problems = problems


@dataclass(frozen=True, slots=True)
class DraftModule:
    """A module's own row, its texts by language, its blocks, and the revisions of its questions by language."""

    row: Row
    texts: tuple[Row, ...]
    blocks: Mapping[str, list[str]]
    questions: Mapping[str, tuple[Row, ...]]


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything an edition will consist of but its number. `words` may be parts of compounds from now on.

    `places` come with their weighted terms, `lines` are file and line of each question. Rows lack the keys that the
    database gives.
    """

    course_id: str
    slug: str
    digest: str
    language: str
    edition: Row
    texts: tuple[Row, ...]
    modules: tuple[DraftModule, ...]
    media: tuple[Row, ...]
    job_aids: tuple[Row, ...]
    places: tuple[tuple[Row, Mapping[str, int]], ...]
    words: frozenset[str]
    lines: Mapping[str, tuple[str, int]]


def blocking_problems(prepared: PreparedCourse) -> tuple[Problem, ...]:
    """What forbids publishing: every error, and questions or modules without an id of their own."""
    return tuple(
        problem
        for problem in prepared.problems
        if problem.severity is Severity.ERROR
        or (problem.code in IDS_MISSING and not (problem.code == "W141" and _is_notice(prepared)))
    )


def _is_notice(prepared: PreparedCourse) -> bool:
    return any(edition.course.kind is CourseKind.NOTICE for edition in prepared.editions.values())


def draft_of(prepared: PreparedCourse, *, source: str = "", known: Collection[str] = frozenset()) -> Draft:
    """The draft of a course. Raises Unpublishable.

    `source` is a digest of the files it was made of; `known` are words of the library that may be parts of compounds.
    """
    problems = blocking_problems(prepared)
    if problems or not prepared.editions or not prepared.digest:
        raise Unpublishable(prepared.slug, problems or prepared.problems)
    editions = dict(prepared.editions)
    own = next(iter(editions.values()))
    places = {language: tuple(places_of(edition)) for language, edition in editions.items()}
    words = frozenset(word for word in words_of(chain.from_iterable(places.values())) if len(word) <= LONGEST_TERM)
    return Draft(
        course_id=own.course.id,
        slug=prepared.slug,
        digest=prepared.digest,
        language=own.course.language,
        edition=_edition_row(prepared, own) | {"source": source},
        texts=tuple(_text_row(edition, language) for language, edition in editions.items()),
        modules=tuple(_draft_module(editions, position) for position in range(len(own.course.modules))),
        media=tuple(
            {"path": path, "name": PurePosixPath(path).name, "digest": digest}
            for path, digest in prepared.media.items()
        ),
        job_aids=tuple(chain.from_iterable(_job_aid_rows(edition, language) for language, edition in editions.items())),
        places=tuple(
            chain.from_iterable(_place_rows(found, language, words | set(known)) for language, found in places.items())
        ),
        words=words,
        lines={
            question.id: (module.path, question.first_line)
            for module in own.course.modules
            for question in module.document.questions.questions
        },
    )


def _edition_row(prepared: PreparedCourse, edition: Edition) -> Row:
    course = edition.course
    entries = _entries(prepared)
    local_keys = sorted(key for kind, key in entries if kind == "local")
    return {
        "digest": prepared.digest,
        "title": course.title[:LONGEST_NAME],
        "title_key": folded(course.title)[:LONGEST_NAME],
        "kind": course.kind.value,
        "area": course.area.value if course.area else "",
        "level": course.level.value if course.level else "",
        "language": course.language,
        "languages": "," + ",".join(prepared.editions) + ",",
        "minutes": course_minutes(edition),
        "module_count": len(course.modules),
        "reviewed": course.reviewed,
        "valid_from": course.valid_from,
        "valid_until": course.valid_until,
        "skills": {
            key: {"level": level, "names": dict(prepared.skills[key].names) if key in prepared.skills else {}}
            for key, level in course.skills.items()
        },
        "facts": {
            **_course_facts(course),
            "facts": {
                key: {
                    "texts": dict(fact.texts),
                    "source": fact.source,
                    "as_of": date_json(fact.as_of),
                    "review_by": date_json(fact.review_by),
                    "owner": fact.owner,
                }
                for key, fact in prepared.facts.items()
                if ("fact", key) in entries
            },
            "local_keys": local_keys,
            "local_entries": {
                key: dict(label.names) for key, label in prepared.local_entries.items() if key in local_keys
            },
        },
    }


def _entries(prepared: PreparedCourse) -> frozenset[tuple[str, str]]:
    """Kind and key of all facts and local entries that the texts name, in any language."""
    documents = (
        document
        for edition in prepared.editions.values()
        for document in (edition.course.description, *(module.document for module in edition.course.modules))
    )
    return frozenset(found for document in documents for found in _ENTRY.findall(document.text))


def _course_facts(course: Course) -> Row:
    return {
        "authors": list(course.authors),
        "audience": list(course.audience),
        "requires": list(course.requires),
        "valid": course.valid,
        "review_by": date_json(course.review_by),
        "license": course.license,
        "repeat": course.repeat,
        "legal_basis": list(course.legal_basis),
        "is_acknowledged": course.is_acknowledged,
    }


def _text_row(edition: Edition, language: str) -> Row:
    course = edition.course
    return {
        "language": language,
        "title": course.title[:LONGEST_NAME],
        "title_key": folded(course.title)[:LONGEST_NAME],
        "summary": course.summary[:400],
        "objectives": list(course.objectives),
        "description": alone_json(edition.rendered.description.segments),
        "outline": [_outline(edition, module) for module in course.modules],
    }


def _outline(edition: Edition, module: Module) -> Row:
    rendered = edition.rendered.modules[module.slug]
    return {
        "id": module.id,
        "slug": module.slug,
        "number": module.number,
        "title": module.title,
        "type": module.type.value,
        "optional": module.is_optional,
        "language": module.language,
        "objectives": list(module.objectives),
        "rules": rules_json(module.rules),
        "reading": reading_json(rendered.reading),
        "reviewed": date_json(module.reviewed),
        "review_by": date_json(module.review_by),
        "release": release_json(module.expert_release),
        "requires": list(module.requires),
        "job_aids": [[aid.anchor, aid.title] for aid in rendered.job_aids],
        "questions": [question.id for question in rendered.questions],
    }


def _draft_module(editions: Mapping[str, Edition], position: int) -> DraftModule:
    source = next(iter(editions.values()))
    module = source.course.modules[position]
    rendered = source.rendered.modules[module.slug]
    texts, blocks = [], {}
    for language, edition in editions.items():
        text, block = _module_text(edition, edition.course.modules[position], language)
        texts.append(text)
        blocks[text["block_digest"]] = block
    return DraftModule(
        row={
            "position": position,
            "module_id": module.id,
            "slug": module.slug,
            "title": module.title[:LONGEST_NAME],
            "type": module.type.value,
            "minutes": rendered.reading.minutes,
            "is_optional": module.is_optional,
            "rules": rules_json(module.rules),
            "pools": pools_json(module.document.questions.pools),
        },
        texts=tuple(texts),
        blocks=blocks,
        questions={language: _question_rows(edition, position) for language, edition in editions.items()},
    )


def _module_text(edition: Edition, module: Module, language: str) -> tuple[Row, list[str]]:
    rendered = edition.rendered.modules[module.slug]
    pieces = Pieces()
    segments = segments_json(rendered.segments, pieces)
    facts = {
        "contents": contents_json(rendered.contents),
        "job_aids": [[aid.anchor, aid.title] for aid in rendered.job_aids],
        "reading": reading_json(rendered.reading),
        "language": rendered.language,
    }
    row = {
        "language": language,
        "text_language": rendered.language,
        "title": module.title[:LONGEST_NAME],
        "segments": segments,
        "facts": facts,
        "block_digest": digest_of(pieces.texts),
    }
    return row, pieces.texts


def _question_rows(edition: Edition, position: int) -> tuple[Row, ...]:
    rendered = edition.rendered.modules[edition.course.modules[position].slug]
    return tuple(question_row(question) for question in rendered.questions)


def question_row(question: Question) -> Row:
    """A question as a row of `question_revision`, without its course."""
    data = to_json(question)
    return {
        "question_id": question.id,
        "revision": revision(question),
        "key_revision": key_revision(question),
        "data_digest": digest_of(data),
        "data": data,
    }


def digest_of(value: object) -> str:
    """The SHA-256 of a JSON value in one spelling."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _job_aid_rows(edition: Edition, language: str) -> Iterator[Row]:
    for module in edition.course.modules:
        for aid in edition.rendered.modules[module.slug].job_aids:
            yield {
                "module_slug": module.slug,
                "language": language,
                "text_language": module.language,
                "anchor": aid.anchor,
                "title": job_aid_title(aid)[:LONGEST_NAME],
                "module_title": module.title[:LONGEST_NAME],
                "reviewed": module.reviewed,
                "segments": alone_json(aid.segments),
            }


def _place_rows(
    places: Iterable[Place], language: str, known: Collection[str]
) -> Iterator[tuple[Row, Mapping[str, int]]]:
    terms = Terms(language, known)
    for position, place in enumerate(places):
        row = {
            "language": language,
            "position": position,
            "kind": place.kind.value,
            "module_slug": place.module_slug,
            "module_number": place.module_number,
            "anchor": place.anchor,
            "title": place.title[:LONGEST_TITLE],
            "text": place.text,
        }
        yield row, terms.of(place.kind, place.title, place.text)

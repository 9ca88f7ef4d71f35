"""Published courses read back as the values that pages are made of: a course in one query, a module in one more row.

What comes out is the same as after preparing a folder (`preparation`), so the preview's pages show stored editions too.
"""

import datetime
import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import (
    Row,
    select,
)
from sqlalchemy.orm import Session

from courses.course import Area, Course, CourseKind, Document, Fact, Level, Module, ModuleType
from courses.reading.registers import LocalLabel
from courses.rendering.render import RenderedCourse
from courses.segments import RenderedModule, RenderedText
from learning.language import SOURCE_LANGUAGE
from learning.library.edition_statements import editions, modules, parts, which
from learning.library.models import (
    LocalText,
)
from learning.library.preparation import Edition as CourseEdition
from learning.library.preparation import PreparedCourse
from learning.library.stored_texts import (
    Json,
    read_alone,
    read_date,
    read_job_aids,
    read_pools,
    read_reading,
    read_release,
    read_rendered,
    read_rules,
)
from quizzes.canonical import from_json
from quizzes.questions import Question, QuestionSet

NO_QUESTIONS = QuestionSet()


@dataclass(frozen=True, slots=True)
class StoredEdition:
    """An edition in one language. `prepared` and `edition` are what the pages of `course_pages` take."""

    key: int
    course_key: int
    number: int
    newest_number: int
    change: str
    note: str
    published_at: datetime.datetime
    language: str
    prepared: PreparedCourse
    edition: CourseEdition

    @property
    def course(self) -> Course:
        """The course as its front matter said it; its modules carry no text."""
        return self.edition.course

    @property
    def is_newest(self) -> bool:
        """True unless a newer edition was published."""
        return self.number == self.newest_number


@dataclass(frozen=True, slots=True)
class StoredQuestion:
    """A question at its place; `source_key` is the revision in the course's own language, to count and to pin."""

    position: int
    revision_key: int
    source_key: int
    question: Question


@dataclass(frozen=True, slots=True)
class StoredModule:
    """A module of an edition with its text and questions; `module_key` is that of `edition_module`."""

    module_key: int
    stored: StoredEdition
    module: Module
    questions: tuple[StoredQuestion, ...] = field(default=())

    @property
    def rendered(self) -> RenderedModule:
        """The module's text."""
        return self.stored.edition.rendered.modules[self.module.slug]


def course_edition(
    session: Session, slug: str, *, language: str, number: int | None = None, edition_key: int | None = None
) -> StoredEdition | None:
    """The newest edition of a course, or the one of this number or key; one query."""
    asked = {"course_slug": slug, "edition_number": number, "edition_key": edition_key}
    found = session.execute(editions(language, which(number, edition_key)), asked).one_or_none()
    return _stored(found) if found else None


def course_module(
    session: Session,
    slug: str,
    module_slug: str,
    *,
    language: str,
    number: int | None = None,
    edition_key: int | None = None,
) -> StoredModule | None:
    """A module with its HTML, in one query of one row; `filled_in` adds questions and local texts in another."""
    asked = {"course_slug": slug, "module_slug": module_slug, "edition_number": number, "edition_key": edition_key}
    row = session.execute(modules(language, which(number, edition_key)), asked).one_or_none()
    return _module(row, module_slug) if row else None


# What was read is kept by everything that the row says, so it cannot be old: another row is another entry.
@functools.lru_cache(maxsize=256)
def _module(row: Row[Any], slug: str) -> StoredModule:
    stored = _stored(row)
    rendered = read_rendered(json.loads(row.segments), json.loads(row.text_facts), pieces=json.loads(row.pieces))
    own = next(module for module in stored.course.modules if module.slug == slug)
    module = replace(own, document=_document(QuestionSet((), read_pools(json.loads(row.pools)))))
    return StoredModule(row.module_key, _with_module(stored, module, rendered), module)


def filled_in(session: Session, module: StoredModule) -> StoredModule:
    """The module with its questions and with what this authority wrote for local entries; one query."""
    questions, texts = _parts(session, module)
    asked = tuple(one.question for one in questions)
    document = _document(QuestionSet(asked, module.module.document.questions.pools))
    own = replace(module.module, document=document)
    stored = _with_module(module.stored, own, replace(module.rendered, questions=asked))
    stored = replace(stored, prepared=replace(stored.prepared, local_texts=texts))
    return StoredModule(module.module_key, stored, own, questions)


def _parts(session: Session, module: StoredModule) -> tuple[tuple[StoredQuestion, ...], dict[str, str]]:
    """Questions and local texts come as rows of one query, because a page has few queries to spend."""
    stored = module.stored
    questions: list[StoredQuestion] = []
    texts: dict[str, dict[str, str]] = {}
    asked = {"own_module": module.module_key, "spoken": stored.language}
    keys = sorted(stored.prepared.local_keys)
    for row in session.execute(parts(bool(keys)), asked | {"entries": keys} if keys else asked):
        if row.entry is None:
            questions.append(StoredQuestion(row.position, row.revision_key, row.source_key, read_question(row.data)))
        else:
            texts.setdefault(row.entry, {})[row.language] = row.data
    questions.sort(key=lambda one: one.position)
    return tuple(questions), {key: own for key, by in texts.items() if (own := chosen_text(by, stored.language))}


@functools.lru_cache(maxsize=4096)
def read_question(data: str) -> Question:
    """A question from its canonical JSON, which is what the answer is kept by."""
    return from_json(json.loads(data))


def local_texts(session: Session, stored: StoredEdition) -> StoredEdition:
    """The edition with what this authority wrote for its local entries; one query, none where it has no such entry."""
    texts: dict[str, dict[str, str]] = {}
    if stored.prepared.local_keys:
        found = select(LocalText).where(LocalText.entry.in_(sorted(stored.prepared.local_keys)))
        for one in session.scalars(found):
            texts.setdefault(one.entry, {})[one.language] = one.text
    own = {key: text for key, by in texts.items() if (text := chosen_text(by, stored.language))}
    return replace(stored, prepared=replace(stored.prepared, local_texts=own))


def chosen_text(texts: Mapping[str, str], language: str) -> str:
    """The text in `language`, else in German, else in whatever language there is."""
    return texts.get(language) or texts.get(SOURCE_LANGUAGE) or next(iter(texts.values()), "")


def _with_module(stored: StoredEdition, module: Module, rendered: RenderedModule) -> StoredEdition:
    """The edition with one of its modules in full."""
    edition = stored.edition
    course = replace(
        edition.course, modules=tuple(module if one.slug == module.slug else one for one in edition.course.modules)
    )
    modules = {**edition.rendered.modules, module.slug: rendered}
    own = CourseEdition(course, replace(edition.rendered, modules=modules))
    return replace(stored, edition=own, prepared=replace(stored.prepared, editions={course.language: own}))


@functools.lru_cache(maxsize=256)
def _stored(row: Row[Any]) -> StoredEdition:
    facts, outlines = json.loads(row.facts), json.loads(row.outline)
    course = _course(row, facts, outlines)
    modules = {outline["slug"]: _outlined(outline) for outline in outlines}
    description = RenderedText(read_alone(json.loads(row.description)), (), (), "", row.language)
    edition = CourseEdition(course, RenderedCourse(description, modules))
    return StoredEdition(
        key=row.edition_key,
        course_key=row.course_key,
        number=row.number,
        newest_number=row.last_number,
        change=row.change,
        note=row.note,
        published_at=row.published_at,
        language=row.language,
        prepared=_prepared(facts, course, edition),
        edition=edition,
    )


def _prepared(facts: Mapping[str, Json], course: Course, edition: CourseEdition) -> PreparedCourse:
    return PreparedCourse(
        slug=course.slug,
        title=course.title,
        problems=(),
        editions={course.language: edition},
        facts={key: _fact(key, value) for key, value in facts["facts"].items()},
        local_entries={key: LocalLabel(key, names) for key, names in facts["local_entries"].items()},
        local_keys=frozenset(facts["local_keys"]),
        id=course.id,
    )


def _fact(key: str, value: Mapping[str, Json]) -> Fact:
    return Fact(
        key=key,
        texts=value["texts"],
        source=value["source"],
        as_of=read_date(value["as_of"]) or datetime.date.min,
        review_by=read_date(value["review_by"]),
        owner=value["owner"],
    )


def _course(row: Row[Any], facts: Mapping[str, Json], outlines: Sequence[Mapping[str, Json]]) -> Course:
    return Course(
        slug=row.course_slug,
        id=row.course_id,
        title=row.title,
        language=row.language,
        description=_document(NO_QUESTIONS),
        modules=tuple(_outlined_module(outline) for outline in outlines),
        summary=row.summary,
        authors=tuple(facts["authors"]),
        audience=tuple(facts["audience"]),
        requires=tuple(facts["requires"]),
        level=Level(row.level) if row.level else None,
        objectives=tuple(json.loads(row.objectives)),
        valid=facts["valid"],
        reviewed=row.reviewed,
        review_by=read_date(facts["review_by"]),
        license=facts["license"],
        skills={key: skill["level"] for key, skill in json.loads(row.skills).items()},
        area=Area(row.area) if row.area else None,
        kind=CourseKind(row.kind),
        repeat=facts["repeat"],
        legal_basis=tuple(facts["legal_basis"]),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        is_acknowledged=facts["is_acknowledged"],
    )


def _outlined_module(outline: Mapping[str, Json]) -> Module:
    return Module(
        id=outline["id"],
        slug=outline["slug"],
        number=outline["number"],
        title=outline["title"],
        type=ModuleType(outline["type"]),
        document=_document(NO_QUESTIONS),
        objectives=tuple(outline["objectives"]),
        is_optional=outline["optional"],
        rules=read_rules(outline["rules"]),
        requires=tuple(outline["requires"]),
        reviewed=read_date(outline["reviewed"]),
        review_by=read_date(outline["review_by"]),
        expert_release=read_release(outline["release"]),
        language=outline["language"],
    )


def _outlined(outline: Mapping[str, Json]) -> RenderedModule:
    """A module as lists need it: how long it is and which job aids it has, without its text."""
    return RenderedModule(
        segments=(),
        contents=(),
        questions=(),
        job_aids=read_job_aids(outline["job_aids"]),
        reading=read_reading(outline["reading"]),
        search_text="",
        language=outline["language"],
    )


def _document(questions: QuestionSet) -> Document:
    """A document without its source: what is published is its rendered text."""
    return Document("", "", {}, {}, 1, (), {}, questions)

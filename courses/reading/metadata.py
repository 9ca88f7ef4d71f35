"""What the front matter of courses, modules and translations may say, as values. Files are the business of `read`."""

import re
from dataclasses import dataclass

from courses.course import (
    Area,
    Course,
    CourseKind,
    Document,
    ExpertRelease,
    Level,
    Module,
    ModuleType,
)
from courses.reading.fields import Fields, alternatives
from courses.reading.frontmatter import Scalar
from quizzes.attempts import Show, TestRules

COURSE_ID = re.compile(r"[a-z0-9-]{3,64}")
MODULE_ID = re.compile(r"[a-z0-9-]{1,40}")
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
SUMMARY_LIMIT = 200
SKILL_LEVELS = (1, 4)
TEST_KEYS = ("pass", "attempts", "time", "draw", "show")


@dataclass(frozen=True, slots=True)
class TranslatedFields:
    """The texts that a translated file may carry in its front matter; `source` is the `rev` it was made from."""

    title: str
    summary: str
    objectives: tuple[str, ...]
    source: str


def read_course_fields(fields: Fields, document: Document, *, slug: str, skills: frozenset[str]) -> Course:
    """The course as its front matter describes it, still without modules. Problems gather in `fields`."""
    fields.require("id", "title", "lang")
    course = Course(
        slug=slug,
        id=_course_id(fields) or slug,
        title=fields.text("title") or slug,
        language=fields.name("lang", LANGUAGE, "language") or "de",
        description=document,
        modules=(),
        summary=fields.text("summary", limit=SUMMARY_LIMIT),
        authors=fields.texts("authors"),
        audience=fields.texts("audience"),
        requires=fields.texts("requires"),
        level=fields.choice("level", Level, None),
        objectives=fields.texts("objectives"),
        valid=fields.months("valid"),
        reviewed=fields.date("reviewed"),
        review_by=fields.date("review_by"),
        license=fields.text("license"),
        skills=_skills(fields, known=skills),
        area=fields.choice("area", Area, None),
        kind=fields.choice("kind", CourseKind, None) or CourseKind.VOLUNTARY,
        repeat=fields.name("repeat", COURSE_ID, "course_id"),
        legal_basis=fields.texts("legal_basis"),
        valid_from=fields.date("valid_from"),
        valid_until=fields.date("valid_until"),
        is_acknowledged=fields.flag("acknowledge"),
    )
    fields.report_unknown()
    return course


def read_module_fields(fields: Fields, document: Document, *, number: int, slug: str, language: str) -> Module:
    """The module as its front matter describes it. Without an id the file's name serves as one until it has one."""
    fields.require("title")
    module_type = fields.choice("type", ModuleType, None) or ModuleType.LESSON
    written_id = fields.name("id", MODULE_ID, "id")
    if "id" not in fields:
        fields.report("W141", "id", suggestion=slug)
    module = Module(
        id=written_id or slug,
        slug=slug,
        number=number,
        title=fields.text("title") or slug,
        type=module_type,
        document=document,
        objectives=fields.texts("objectives"),
        task_minutes=fields.number("task_minutes", low=0, high=600, default=0),
        is_optional=fields.flag("optional"),
        rules=_test_rules(fields, is_test=module_type is ModuleType.TEST),
        requires=fields.texts("requires"),
        reviewed=fields.date("reviewed"),
        review_by=fields.date("review_by"),
        expert_release=_expert_release(fields),
        language=language,
    )
    fields.report_unknown()
    return module


def read_translated_fields(fields: Fields) -> TranslatedFields:
    """The texts of a translated file. Everything else comes from the source, so it is unknown here."""
    fields.require("title")
    translated = TranslatedFields(
        title=fields.text("title"),
        summary=fields.text("summary", limit=SUMMARY_LIMIT),
        objectives=fields.texts("objectives"),
        source=fields.name("source", re.compile(r"[0-9a-f]{12}"), "revision"),
    )
    fields.report_unknown()
    return translated


def _course_id(fields: Fields) -> str:
    value = fields.scalar("id", "id") or ""
    if value and not COURSE_ID.fullmatch(value):
        fields.report("E103", "id", value=value)
        return ""
    return value


def _skills(fields: Fields, *, known: frozenset[str]) -> dict[str, int]:
    """`skills: {prozesse-aufnehmen: 2}`; against the register of skills only where there is one."""
    inner = fields.inner("skills", "skills")
    if inner is None:
        return {}
    low, high = SKILL_LEVELS
    levels = {}
    for name in inner.names():
        level = inner.number(name, low=low, high=high, default=0)
        if known and name not in known:
            inner.report("E107", name, suggestion=alternatives(name, known))
        elif level:
            levels[name] = level
    fields.problems += inner.problems
    return levels


def _test_rules(fields: Fields, *, is_test: bool) -> TestRules | None:
    """The rules of a test; in a lesson each of its keys is reported, because it would silently do nothing."""
    rules = TestRules(
        pass_percent=fields.number("pass", low=1, high=100, default=80, code="E404"),
        attempts=fields.number("attempts", low=0, high=100, default=0),
        minutes=fields.minutes("time"),
        draw=fields.number("draw", low=1, high=1000, default=0) or None,
        show=fields.choice("show", Show, None) or Show.AFTER,
    )
    if is_test:
        return rules
    for key in TEST_KEYS:
        if key in fields:
            fields.report("W108", key)
    return None


def _expert_release(fields: Fields) -> ExpertRelease | None:
    """`open`, or who released the module, when, and for what."""
    node = fields.node("expert_release")
    if node is None:
        return None
    if isinstance(node, Scalar) and node.text.strip() == "open":
        return ExpertRelease()
    inner = fields.inner("expert_release", "release")
    if inner is None:
        return None
    inner.require("by", "on")
    release = ExpertRelease(inner.text("by"), inner.date("on"), inner.text("scope"))
    inner.report_unknown()
    fields.problems += inner.problems
    return release

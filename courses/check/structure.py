"""Whether a course holds together: ids across files, anchors, tests and pools, entries from registers, dates of review.

What a single file or question gets wrong by itself is found where it is read (`courses.reading.read`, `quizzes`).
"""

import datetime
from collections.abc import Collection, Iterator, Mapping
from itertools import chain

from courses.check.manuscript import Manuscript
from courses.check.references import references
from courses.comparing.question_differences import question_differences
from courses.course import Course, CourseKind, Document, Fact, Module, ModuleType
from courses.markdown.anchors import anchors_of
from quizzes.problems import ParameterValue, Problem
from quizzes.questions import QuestionSet

_OBLIGATORY = frozenset({CourseKind.MANDATORY, CourseKind.INSTRUCTION})


def check_course_structure(course: Course, *, today: datetime.date, published: Course | None) -> Iterator[Problem]:
    """What concerns the course as a whole. `published` is its edition that learners see now, if there is one."""
    yield from _repeated_ids(course)
    yield from _review_date(course.description, course.review_by, today=today)
    if published is not None:
        yield from _changed_course_id(course, published)
        yield from _renamed_questions(course, published)


def check_module_structure(
    manuscript: Manuscript,
    course: Course,
    module: Module,
    *,
    today: datetime.date,
    local_keys: Collection[str],
    facts: Mapping[str, Fact],
) -> Iterator[Problem]:
    """What concerns one module. Empty `local_keys` or `facts` mean that there is no register to check against."""
    if module.document is not course.description:
        yield from _review_date(module.document, module.review_by, today=today)
    yield from _anchors(manuscript, course)
    yield from _entries(manuscript, today=today, local_keys=local_keys, facts=facts)
    if module.type is ModuleType.TEST:
        yield from _test(manuscript, course, module)


# --- ids and anchors ---


def _repeated_ids(course: Course) -> Iterator[Problem]:
    """E202 at the second place of a question id, naming the first, wherever in the course that is."""
    first: dict[str, tuple[str, int]] = {}
    for module in course.modules:
        for question in module.document.questions.questions:
            place = (module.path, question.first_line)
            other, line = first.setdefault(question.id, place) if question.id else place
            if (other, line) != place:
                text = module.document.text.split("\n")[question.first_line - 1]
                parameters: dict[str, ParameterValue] = {"id": question.id, "other": other, "other_line": line}
                yield Problem("E202", question.first_line, text.find("{#") + 1 or 1, parameters, module.path)


def _anchors(manuscript: Manuscript, course: Course) -> Iterator[Problem]:
    document = manuscript.document
    anchors = dict(anchors_of(document.tokens))
    lines = {question.id: question.first_line for question in document.questions.questions if question.id}
    for anchor, line in anchors.items():
        if anchor in lines:
            other = lines[anchor]
            yield manuscript.problem("E129", line, at="{#", id=anchor, other=document.path, other_line=other)
    for question in document.questions.questions:
        about = question.attributes.about.removeprefix("#")
        if about and about not in anchors:
            yield manuscript.problem("W209", question.first_line, at="about=", anchor=about)
    yield from _jumps(manuscript, course, own={*anchors, *lines})


def _jumps(manuscript: Manuscript, course: Course, *, own: Collection[str]) -> Iterator[Problem]:
    """Links to a section that does not exist, in this file or in another module."""
    modules = {module.path: module.document for module in course.modules}
    for reference in references(manuscript):
        path, _, anchor = reference.target.partition("#")
        if reference.kind != "link" or not anchor or ":" in path:
            continue
        target = modules.get(path.removeprefix("./").removeprefix("../"))
        known = own if not path else _names(target) if target is not None else None
        if known is not None and anchor not in known:
            shown = path or manuscript.document.path
            yield manuscript.problem("W146", reference.line, at=f"#{anchor}", anchor=anchor, target=shown)


def _names(document: Document) -> set[str]:
    anchors = {anchor for anchor, _ in anchors_of(document.tokens)}
    return anchors | {question.id for question in document.questions.questions}


# --- tests and pools ---


def _test(manuscript: Manuscript, course: Course, module: Module) -> Iterator[Problem]:
    document, rules = manuscript.document, module.rules
    scored = [question for question in document.questions.questions if question.points > 0]
    if not scored:
        yield manuscript.problem("E402", document.body_line)
    if rules is None:
        return
    size = _available(document.questions)
    if rules.draw is not None and rules.draw > size and scored:
        yield manuscript.problem("E403", document.key_lines.get("draw", 1), at="draw", draw=rules.draw, size=size)
    if course.kind in _OBLIGATORY:
        for field, limit in (("time", rules.minutes), ("attempts", rules.attempts)):
            if limit:
                yield manuscript.problem("E408", document.key_lines.get(field, 1), at=field, field=field)


def _available(questions: QuestionSet) -> int:
    """How many questions a draw can take: a pool gives no more than it draws itself."""
    pooled = set(chain.from_iterable(pool.members for pool in questions.pools))
    given = sum(
        len(pool.members) if pool.draw is None else min(pool.draw, len(pool.members)) for pool in questions.pools
    )
    return len(questions.questions) - len(pooled) + given


# --- registers and dates ---


def _entries(
    manuscript: Manuscript, *, today: datetime.date, local_keys: Collection[str], facts: Mapping[str, Fact]
) -> Iterator[Problem]:
    for entry in references(manuscript):
        key, line, at = entry.target, entry.line, f"[[{entry.kind}:{entry.target}"
        if entry.kind == "local" and local_keys and key not in local_keys:
            yield manuscript.problem("W128", line, at=at, key=key, suggestion=_similar(key, local_keys))
        elif entry.kind == "fact" and key not in facts:
            yield manuscript.problem("E148", line, at=at, key=key)
        elif entry.kind == "fact":
            due = facts[key].review_by
            if due is not None and due < today:
                yield manuscript.problem("W149", line, at=at, key=key, date=due.strftime("%d.%m.%Y"))


def _similar(key: str, keys: Collection[str]) -> str:
    # Only needed where something is wrong, so that a clean check does not pay for it.
    from difflib import get_close_matches

    return ", ".join(get_close_matches(key, sorted(keys), n=3, cutoff=0.5) or sorted(keys)[:5])


def _review_date(document: Document, due: datetime.date | None, *, today: datetime.date) -> Iterator[Problem]:
    if due is not None and due < today:
        line = document.key_lines.get("review_by", 1)
        yield Problem("W130", line, 1, {"date": due.strftime("%d.%m.%Y")}, document.path)


# --- against the published edition ---


def _changed_course_id(course: Course, published: Course) -> Iterator[Problem]:
    if course.id != published.id:
        line = course.description.key_lines.get("id", 1)
        yield Problem("E103", line, 1, {"field": "id", "id": course.id}, course.description.path)


def _renamed_questions(course: Course, published: Course) -> Iterator[Problem]:
    """W207 for ids that went and came with nearly the same question."""
    return (problem for problem in question_differences(published, course) if problem.code == "W207")

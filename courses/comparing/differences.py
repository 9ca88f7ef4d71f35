"""The differences between two states of a course, so that they can be told in words before publishing.

Each is coded like a problem (codes D…), with the values that its wording needs; a difference is no fault.
"""

import datetime
import difflib
from collections.abc import Iterator, Mapping
from enum import StrEnum

from courses.comparing.fingerprint import revision
from courses.comparing.question_differences import question_differences
from courses.comparing.section_differences import section_differences
from courses.course import Course, ExpertRelease, Module
from quizzes.attempts import TestRules
from quizzes.problems import Problem

# Attributes by the key under which authors know them.
COURSE_KEYS = {
    "title": "title",
    "language": "lang",
    "summary": "summary",
    "authors": "authors",
    "audience": "audience",
    "requires": "requires",
    "level": "level",
    "objectives": "objectives",
    "valid": "valid",
    "reviewed": "reviewed",
    "review_by": "review_by",
    "license": "license",
    "skills": "skills",
    "area": "area",
    "kind": "kind",
    "repeat": "repeat",
    "legal_basis": "legal_basis",
    "valid_from": "valid_from",
    "valid_until": "valid_until",
    "is_acknowledged": "acknowledge",
}
MODULE_KEYS = {
    "type": "type",
    "objectives": "objectives",
    "task_minutes": "task_minutes",
    "is_optional": "optional",
    "requires": "requires",
    "reviewed": "reviewed",
    "review_by": "review_by",
    "expert_release": "expert_release",
}
RULE_KEYS = {"pass_percent": "pass", "attempts": "attempts", "minutes": "time", "draw": "draw", "show": "show"}


def differences(
    before: Course, after: Course, *, media_before: Mapping[str, str], media_after: Mapping[str, str]
) -> tuple[Problem, ...]:
    """Everything that changed, in the order: course, modules, questions, text, media, languages.

    The media are the digests by path of `courses.comparing.fingerprint.media_digests`.
    """
    return (
        *_course_differences(before, after),
        *_module_differences(before, after),
        *question_differences(before, after),
        *_text_differences(before, after),
        *_term_differences(before, after),
        *_media_differences(media_before, media_after),
        *_language_differences(before, after),
    )


def _course_differences(before: Course, after: Course) -> Iterator[Problem]:
    path, lines = after.description.path, after.description.key_lines
    if before.id != after.id:
        yield Problem("E103", lines.get("id", 1), parameters={"value": after.id, "published": before.id}, path=path)
    for key, old, new in _changed(before, after, COURSE_KEYS):
        yield Problem("D401", lines.get(key, 1), parameters={"field": key, "before": old, "after": new}, path=path)


def _module_differences(before: Course, after: Course) -> Iterator[Problem]:
    old = {module.id: module for module in before.modules}
    new = {module.id: module for module in after.modules}
    moved = _moved([name for name in old if name in new], [name for name in new if name in old])
    for position, (name, module) in enumerate(new.items(), 1):
        if name not in old:
            yield Problem("D101", 1, parameters={"module": module.title}, path=module.path)
            continue
        if name in moved:
            place = list(old).index(name) + 1
            yield Problem(
                "D104", 1, parameters={"module": module.title, "before": place, "after": position}, path=module.path
            )
        yield from _one_module(old[name], module)
    for name, module in old.items():
        if name not in new:
            yield Problem("D102", 1, parameters={"module": module.title}, path=module.path)


def _moved(before: list[str], after: list[str]) -> set[str]:
    """The fewest modules, roughly, that have to be moved to turn one order into the other."""
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    kept = {name for block in matcher.get_matching_blocks() for name in before[block.a : block.a + block.size]}
    return set(before) - kept


def _one_module(before: Module, after: Module) -> Iterator[Problem]:
    lines = after.document.key_lines
    if before.title != after.title:
        parameters = {"before": before.title, "after": after.title}
        yield Problem("D103", lines.get("title", 1), parameters=parameters, path=after.path)
    changed = [*_changed(before, after, MODULE_KEYS)]
    if before.rules or after.rules:
        changed += _changed(before.rules or TestRules(), after.rules or TestRules(), RULE_KEYS)
    for key, old, new in changed:
        shown = {"module": after.title, "field": key, "before": old, "after": new}
        yield Problem("D105", lines.get(key, 1), parameters=shown, path=after.path)


def _text_differences(before: Course, after: Course) -> Iterator[Problem]:
    old = {module.id: module for module in before.modules}
    pairs = [(before.description, after.description, after.title)]
    pairs += [(old[m.id].document, m.document, m.title) for m in after.modules if m.id in old]
    told = set()
    for one, other, title in pairs:
        # The one module of a notice is its course.md.
        if other.path not in told:
            told.add(other.path)
            yield from section_differences(one, other, module=title)


def _term_differences(before: Course, after: Course) -> Iterator[Problem]:
    old = {term.name: term for term in before.glossary}
    new = {term.name: term for term in after.glossary}
    for name, term in new.items():
        if name not in old:
            yield Problem("D311", term.line, parameters={"term": name}, path="glossary.md")
        elif term.explanation != old[name].explanation:
            yield Problem("D313", term.line, parameters={"term": name}, path="glossary.md")
    for name, term in old.items():
        if name not in new:
            yield Problem("D312", term.line, parameters={"term": name}, path="glossary.md")


def _media_differences(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Problem]:
    for path in sorted({*before, *after}):
        if path not in before:
            yield Problem("D411", 1, parameters={"file": path}, path=path)
        elif path not in after:
            yield Problem("D412", 1, parameters={"file": path}, path=path)
        elif before[path] != after[path]:
            yield Problem("D413", 1, parameters={"file": path}, path=path)


def _language_differences(before: Course, after: Course) -> Iterator[Problem]:
    for language in sorted({*before.translations, *after.translations}):
        old, new = before.translations.get(language), after.translations.get(language)
        if old is None:
            yield Problem("D501", 1, parameters={"language": language}, path=f"{language}/")
        elif new is None:
            yield Problem("D502", 1, parameters={"language": language}, path=f"{language}/")
        else:
            old_texts = {name: revision(document) for name, document in old.documents.items()}
            new_texts = {name: revision(document) for name, document in new.documents.items()}
            for name in sorted({*old_texts, *new_texts}):
                if old_texts.get(name) != new_texts.get(name):
                    path = f"{language}/{name}"
                    yield Problem("D503", 1, parameters={"language": language, "file": name}, path=path)


def _changed(before: object, after: object, keys: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Key, old and new value of the attributes that differ, as texts."""
    for attribute, key in keys.items():
        old, new = getattr(before, attribute), getattr(after, attribute)
        if old != new:
            yield key, _shown(old), _shown(new)


def _shown(value: object) -> str:
    """A value as an author writes it in front matter; "–" where there is none."""
    match value:
        case None | "" | ():
            return "–"
        case bool():
            return "true" if value else "false"
        case StrEnum():
            return value.value
        case datetime.date():
            return value.isoformat()
        case tuple():
            return ", ".join(str(item) for item in value)
        case Mapping():
            return ", ".join(f"{key}: {level}" for key, level in value.items()) or "–"
        case ExpertRelease():
            return "open" if value.is_open else f"{value.by}, {_shown(value.on)}"
        case _:
            return str(value)

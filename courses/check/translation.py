"""Checks of translations: do they ask the same questions, are they as new as their source, are they complete."""

from collections.abc import Iterator

from courses.comparing.fingerprint import revision
from courses.course import Course, Document, Translation
from courses.translation_fit import translation_faults
from quizzes.problems import Problem

GLOSSARY_FILE = "glossary.md"


def check_translations(course: Course) -> Iterator[Problem]:
    """E501, E502, E503, W504 and W505 of all languages of a course. Paths are paths inside the course."""
    for translation in course.translations.values():
        yield from _check(course, translation)


def _check(course: Course, translation: Translation) -> Iterator[Problem]:
    # The one module of a notice is its course.md; a dictionary keeps it from being told twice.
    sources = {document.path: document for document in (course.description, *(m.document for m in course.modules))}
    for path, source in sources.items():
        document = translation.documents.get(path)
        if document is None:
            yield _untranslated(translation, path)
        else:
            yield from translation_faults(source, document)
            yield from _age(source, document)
    if course.glossary and not translation.glossary:
        yield _untranslated(translation, GLOSSARY_FILE)


def _untranslated(translation: Translation, path: str) -> Problem:
    parameters = {"language": translation.language, "source": path}
    return Problem("W505", 1, parameters=parameters, path=f"{translation.language}/{path}")


def _age(source: Document, document: Document) -> Iterator[Problem]:
    """W504 where the translation names another revision of its source than today's, or none at all."""
    current = revision(source)
    named = document.front_matter.get("source")
    if named != current:
        line = document.key_lines.get("source", 1)
        parameters = {"source": source.path, "revision": current}
        yield Problem("W504", line, parameters=parameters, path=document.path)

"""The blueprint that all views of the preview hang on, and how a request finds its course."""

import re

from flask import Blueprint, abort, current_app

from courses.course import Module
from learning.language import current_language
from learning.library.preparation import Edition
from learning.preview.shelf import Shelf, ShelfCourse
from learning.study.lessons.pages import Lesson
from learning.web.preferences import remember_after_forms

# Fields that answer questions. In a course under work a question may have an id that publishing will refuse.
ANY_ANSWER = re.compile(r"f-.*", re.DOTALL)
preview = Blueprint("preview", __name__)
preview.after_request(remember_after_forms)


def shelf() -> Shelf:
    """The courses of this preview."""
    found = current_app.extensions["impuls-shelf"]
    assert isinstance(found, Shelf)
    return found


def course_for(slug: str) -> ShelfCourse:
    """The course of an address, or 404."""
    return shelf().course(slug) or abort(404)


def edition_for(slug: str) -> tuple[ShelfCourse, Edition]:
    """The course of an address in the language of the request, as far as it is translated, or 404."""
    course = course_for(slug)
    return course, course.prepared.edition(current_language()) or abort(404)


def lesson_for(slug: str, module_slug: str) -> Lesson:
    """The module of an address, or 404."""
    course, edition = edition_for(slug)
    module: Module | None = next((one for one in edition.course.modules if one.slug == module_slug), None)
    return Lesson(course.prepared, edition, module or abort(404), seed=edition.course.id)

"""The preview's pages for reading: catalogue, course, module, job aid, and the files of a course."""

from pathlib import PurePosixPath

from flask import Response, abort, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as BaseResponse

from courses.bundle import Bundle
from courses.course import CourseKind, ModuleType
from learning.access import public
from learning.language import current_language
from learning.library.addresses import CourseAddresses
from learning.library.catalogue_pages import catalogue_page, entries_of
from learning.library.catalogue_queries import read_query
from learning.library.course_pages import course_page, job_aid_page, job_aids
from learning.library.file_answers import guard_file, kind_of
from learning.library.pieces import text_pieces
from learning.preview.blueprint import course_for, edition_for, lesson_for, preview, shelf
from learning.preview.findings import FileFindings, beside_runs, counts_of, findings_of_files
from learning.preview.pages import texts_of, unreadable_files
from learning.study.attempts.pages import start_page
from learning.study.lessons.pages import Lesson, lesson_page
from learning.study.lessons.practice_pages import QuestionCard

COURSE_FILES = "media"


@preview.get("/katalog")
@public
def catalogue() -> str:
    """All courses of the folder, with search and facets."""
    courses = shelf().courses()
    editions = [edition for one in courses if (edition := one.prepared.edition(current_language()))]
    query = read_query(request.args.to_dict(flat=False))
    return render_template(
        "preview/catalogue.html",
        page=catalogue_page(tuple(entries_of(editions)), query, address=url_for("preview.catalogue")),
        counts={one.prepared.slug: counts_of(one.prepared.problems) for one in courses},
        broken=[one for one in courses if not one.prepared.editions],
        folder=shelf().folder,
    )


@preview.get("/kurse/<slug>")
@public
def course(slug: str) -> str | BaseResponse:
    """One course; a notice goes straight to its text, a course that cannot be read to what is wrong with it."""
    found = course_for(slug)
    edition = found.prepared.edition(current_language())
    if edition is None:
        return redirect(url_for("preview.course_findings", slug=slug))
    if edition.course.kind is CourseKind.NOTICE and edition.course.modules:
        return redirect(CourseAddresses(slug).module(edition.course.modules[0].slug))
    problems = found.prepared.problems
    page = course_page(
        edition,
        catalogue=url_for("preview.catalogue"),
        description=text_pieces(edition.rendered.description.segments, found.prepared),
    )
    return render_template(
        "preview/course.html",
        page=page,
        slug=slug,
        counts={path: counts_of(one for one in problems if one.path == path) for path in texts_of(found.prepared)},
        all_counts=counts_of(problems),
        unreadable=unreadable_files(found.prepared),
    )


@preview.get("/kurse/<slug>/<module_slug>")
@public
def module(slug: str, module_slug: str) -> str:
    """A lesson to read, or the rules of a test."""
    lesson = lesson_for(slug, module_slug)
    if lesson.module.type is ModuleType.TEST and lesson.module.rules:
        page = start_page(lesson, lesson.module.rules)
        return render_template("preview/test.html", page=page, findings=module_findings(lesson), slug=slug)
    return lesson_answer(lesson)


def lesson_answer(lesson: Lesson, *, card: QuestionCard | None = None) -> str:
    """The page of a lesson, with one of its questions answered where `card` says so."""
    page = lesson_page(lesson, card=card)
    document = lesson.module.document
    problems = [problem for problem in lesson.prepared.problems if problem.path == document.path]
    return render_template(
        "preview/module.html",
        page=page,
        slug=lesson.course.slug,
        findings=module_findings(lesson),
        notes=beside_runs(problems, page.runs, body_line=document.body_line, text=document.text),
    )


def module_findings(lesson: Lesson) -> FileFindings:
    """The findings of a module's file."""
    document = lesson.module.document
    problems = [problem for problem in lesson.prepared.problems if problem.path == document.path]
    return findings_of_files(problems, {document.path: document.text})


@preview.get("/kurse/<slug>/<module_slug>/arbeitshilfe/<anchor>")
@public
def job_aid(slug: str, module_slug: str, anchor: str) -> str:
    """A job aid, to be read and printed without its module."""
    found, edition = edition_for(slug)
    aids = {(own_module.slug, aid.anchor): (own_module, aid) for own_module, aid in job_aids(edition)}
    own_module, aid = aids.get((module_slug, anchor)) or abort(404)
    page = job_aid_page(edition, own_module, aid, prepared=found.prepared)
    return render_template("preview/job_aid.html", page=page, slug=slug)


@preview.get("/kurse/<slug>/medien/<path:path>")
@public
def media(slug: str, path: str) -> BaseResponse:
    """A picture, film, sound or download of a course; only what lies in its media folders."""
    bundle = shelf().bundle(slug)
    if bundle is None or path not in bundle or COURSE_FILES not in PurePosixPath(path).parts[:2]:
        abort(404)
    response = _file(bundle, path, kind=kind_of(path))
    response.headers["Cache-Control"] = "private, no-cache"
    guard_file(response, PurePosixPath(path).name)
    return response


def _file(bundle: Bundle, path: str, *, kind: str) -> Response:
    """The file, with ranges and ETag where it lies on disk, so that films can be wound."""
    location = bundle.location(path)
    if location is not None:
        return send_file(location, mimetype=kind, conditional=True)
    response = Response(bundle.chunks(path), mimetype=kind)
    response.content_length = bundle.size(path)
    return response

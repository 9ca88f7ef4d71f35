"""The library's pages in the product: catalogue, search, course, older editions, job aids, files of courses."""

from flask import Blueprint, Flask, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from learning import clock
from learning.access import requires
from learning.database import db
from learning.language import current_language
from learning.library.addresses import CourseAddresses
from learning.library.catalogue_pages import Entry, catalogue_page
from learning.library.catalogue_queries import read_query
from learning.library.course_pages import CoursePage, course_page, job_aid_page
from learning.library.edition_pages import edition_text, editions_page, old_course_page, old_module_page, with_edition
from learning.library.file_answers import file_answer
from learning.library.job_aid_pages import job_aids_page
from learning.library.media import read_bytes, stored_file
from learning.library.pieces import text_pieces
from learning.library.queries import course_editions, course_job_aid
from learning.library.readers import EXTENSION, Readers, readers
from learning.library.stored_catalogue import catalogue_entries
from learning.library.stored_editions import StoredEdition, course_edition, course_module, filled_in, local_texts
from learning.library.stored_search import find
from learning.people.permissions import Action
from learning.people.web import current_viewer

library = Blueprint("library", __name__)


def add_library(app: Flask, *, known: Readers | None = None) -> None:
    """Register the library's pages; `known` answers what features above know about a reader."""
    app.extensions[EXTENSION] = known or Readers()
    app.register_blueprint(library)


@library.before_app_request
def refuse_nul() -> None:
    """No name of ours holds a NUL character, which one of the databases would not even take as a question."""
    if "\0" in request.path:
        abort(404)


@library.get("/katalog")
@requires(Action.LIBRARY_READ)
def catalogue() -> str:
    """Everything there is to learn, with facets and pages; with words it is the same as a search."""
    return catalogue_answer(url_for("library.catalogue"))


@library.get("/suche")
@requires(Action.LIBRARY_READ)
def search() -> str | BaseResponse:
    """What was found for some words; without words there is only the catalogue."""
    if not read_query(request.args.to_dict(flat=False)).words:
        return redirect(url_for("library.catalogue"))
    return catalogue_answer(url_for("library.search"))


def catalogue_answer(address: str) -> str:
    """The catalogue for the query in the address of this request."""
    query = read_query(request.args.to_dict(flat=False))
    entries = listed_entries()
    page = catalogue_page(
        entries,
        query,
        address=address,
        finder=find(db.session, query.words, entries),
        search_address=url_for("library.search"),
    )
    slugs = {row.slug for row in page.rows if row.is_course}
    states = readers().states(db.session, current_viewer().key, slugs)
    return render_template("library/published_catalogue.html", page=page, states=states)


def listed_entries() -> tuple[Entry, ...]:
    """What there is today, for a reader of the language of this request."""
    return catalogue_entries(db.session, language=current_language(), today=clock.today())


@library.get("/arbeitshilfen")
@requires(Action.LIBRARY_READ)
def job_aids() -> str:
    """All job aids, course by course."""
    return render_template("library/job_aids.html", page=job_aids_page(listed_entries()))


@library.get("/kurse/<slug>/fassungen")
@requires(Action.LIBRARY_READ)
def editions(slug: str) -> str:
    """What changed from edition to edition."""
    stored = course_edition(db.session, slug, language=current_language()) or abort(404)
    lines = course_editions(db.session, stored.course_key)
    learnt = readers().learnt(db.session, current_viewer().key, stored.course_key)
    return render_template("library/editions.html", page=editions_page(stored, lines, readable=learnt))


@library.get("/kurse/<slug>/fassungen/<int:number>")
@requires(Action.LIBRARY_READ)
def edition(slug: str, number: int) -> str | BaseResponse:
    """An older edition, for who learnt from it; the newest one is the course itself."""
    stored = course_edition(db.session, slug, language=current_language(), number=number) or abort(404)
    if stored.is_newest:
        return redirect(CourseAddresses(slug).course())
    refuse_strangers(stored)
    stored = local_texts(db.session, stored)
    page = old_course_page(read_page(stored), stored)
    return render_template("library/old_course.html", page=page, edition=edition_text(number))


def read_page(stored: StoredEdition) -> CoursePage:
    """The page of an edition that is only read."""
    page = course_page(
        stored.edition,
        catalogue=url_for("library.catalogue"),
        description=text_pieces(stored.edition.rendered.description.segments, stored.prepared),
    )
    return with_edition(page, stored)


def refuse_strangers(stored: StoredEdition) -> None:
    """An older edition is there only for the people who learnt from it: 404 for all others."""
    if stored.key not in readers().learnt(db.session, current_viewer().key, stored.course_key):
        abort(404)


@library.get("/kurse/<slug>/fassungen/<int:number>/<module_slug>")
@requires(Action.LIBRARY_READ)
def edition_module(slug: str, number: int, module_slug: str) -> str | BaseResponse:
    """A module of an older edition as it was taught."""
    found = course_module(db.session, slug, module_slug, language=current_language(), number=number) or abort(404)
    if found.stored.is_newest:
        return redirect(CourseAddresses(slug).module(module_slug))
    refuse_strangers(found.stored)
    return render_template("library/old_module.html", page=old_module_page(filled_in(db.session, found)))


@library.get("/kurse/<slug>/<module_slug>/arbeitshilfe/<anchor>")
@requires(Action.LIBRARY_READ)
def job_aid(slug: str, module_slug: str, anchor: str) -> str:
    """A job aid, to be read and printed without its module."""
    stored, aid = course_job_aid(db.session, slug, module_slug, anchor, language=current_language()) or abort(404)
    stored = local_texts(db.session, stored)
    module = next(one for one in stored.course.modules if one.slug == module_slug)
    page = job_aid_page(stored.edition, module, aid, prepared=stored.prepared)
    return render_template("library/job_aid.html", page=page)


@library.get("/medien/<digest>/<name>")
@requires(Action.LIBRARY_READ)
def media(digest: str, name: str) -> Response:
    """A file under the address of its content, which never changes."""
    file = stored_file(db.session, digest, name=name) or abort(404)
    return file_answer(
        name,
        digest=file.digest,
        size=file.size,
        read=lambda start, end: read_bytes(db.session, file.digest, start=start, end=end),
    )

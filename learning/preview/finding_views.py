"""The checker's findings as pages: those of one course by file, and an overview of all courses."""

from flask import render_template, url_for

from learning.access import public
from learning.language import gettext as _
from learning.library.addresses import CourseAddresses
from learning.preview.blueprint import course_for, preview, shelf
from learning.preview.findings import by_file, counts_of
from learning.preview.pages import AllFindingsPage, CourseFindings, FindingsPage, texts_of
from learning.web.links import Link


@preview.get("/befunde")
@public
def findings() -> str:
    """How each course of the folder stands, and what is wrong with the registers beside them."""
    courses = tuple(
        CourseFindings(
            title=one.prepared.title,
            slug=one.prepared.slug,
            address=CourseAddresses(one.prepared.slug).course() if one.prepared.editions else "",
            findings_address=url_for("preview.course_findings", slug=one.prepared.slug),
            counts=counts_of(one.prepared.problems),
        )
        for one in shelf().courses()
    )
    page = AllFindingsPage(courses, tuple(by_file(shelf().register_problems(), {})))
    return render_template("preview/findings.html", page=page)


@preview.get("/befunde/<slug>")
@public
def course_findings(slug: str) -> str:
    """All findings of a course by file."""
    prepared = course_for(slug).prepared
    is_shown = bool(prepared.editions)
    page = FindingsPage(
        title=_("Befunde: %(course)s", course=prepared.title),
        lead=_lead(is_shown=is_shown, is_clean=not prepared.problems),
        course=Link(CourseAddresses(slug).course(), prepared.title) if is_shown else None,
        counts=counts_of(prepared.problems),
        files=tuple(by_file(prepared.problems, texts_of(prepared))),
    )
    return render_template("preview/course_findings.html", page=page, slug=slug)


def _lead(*, is_shown: bool, is_clean: bool) -> str:
    if is_clean:
        return _("Die Prüfung hat nichts gefunden.")
    if is_shown:
        return _("Fehler müssen vor der Veröffentlichung behoben sein, Hinweise sollten Sie ansehen.")
    return _("Dieser Kurs lässt sich noch nicht zeigen. Beheben Sie zuerst die Fehler.")

"""The segments of a text as a page prints them: finished HTML, local entries, facts. Questions are drawn by `study`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeAlias, assert_never

from markupsafe import Markup, escape

from courses.course import Fact
from courses.segments import FactEntry, Html, LocalEntry, QuestionSlot, Resolution, SectionEnd, Segment
from learning.language import current_language, date_text
from learning.language import gettext as _
from learning.library.preparation import PreparedCourse
from learning.web.rendering import finished_html, open_entry


@dataclass(frozen=True, slots=True)
class HtmlPiece:
    """Finished HTML, not always balanced by itself."""

    kind: ClassVar[str] = "html"
    html: Markup


@dataclass(frozen=True, slots=True)
class LocalPiece:
    """What each authority fills in. `text` is empty while nobody has; then `key` names what is missing."""

    kind: ClassVar[str] = "local"
    key: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class FactPiece:
    """A dated fact with its source; `text` is empty where the register lacks it."""

    kind: ClassVar[str] = "fact"
    key: str
    text: str = ""
    source: str = ""


TextPiece: TypeAlias = HtmlPiece | LocalPiece | FactPiece


def local_words(prepared: PreparedCourse, key: str) -> Markup:
    """A local entry inside a question; where nobody has filled it in, it says what is missing."""
    if text := prepared.local_texts.get(key):
        return escape(text)
    return open_entry(_("bitte ergänzen: %(key)s", key=local_name(prepared, key)))


def local_name(prepared: PreparedCourse, key: str) -> str:
    """What a local entry is called in the language of the interface; its key where no register names it."""
    label = prepared.local_entries.get(key)
    return label.names.get(current_language(), label.names.get("de", key)) if label else key


def fact_words(prepared: PreparedCourse, key: str) -> Markup:
    """A fact inside a question, with its source and date."""
    fact = prepared.facts.get(key)
    if fact is None:
        return open_entry(_("Angabe fehlt: %(key)s", key=key))
    return escape(f"{fact.text_in(current_language())} ({fact_source(fact)})")


def fact_source(fact: Fact) -> str:
    """Where a fact comes from and of when it is."""
    return _("%(source)s, Stand %(date)s", source=fact.source, date=date_text(fact.as_of))


def text_piece(segment: Segment, prepared: PreparedCourse) -> TextPiece | None:
    """What a page prints for a segment; nothing for questions and for the end of a section."""
    match segment:
        case Html(html):
            return HtmlPiece(finished_html(html))
        case LocalEntry(key):
            return LocalPiece(local_name(prepared, key), prepared.local_texts.get(key, ""))
        case FactEntry(key):
            fact = prepared.facts.get(key)
            return FactPiece(key, fact.text_in(current_language()), fact_source(fact)) if fact else FactPiece(key)
        case QuestionSlot() | Resolution() | SectionEnd():
            return None
        case _:
            assert_never(segment)


def text_pieces(segments: Sequence[Segment], prepared: PreparedCourse) -> tuple[TextPiece, ...]:
    """The segments of a text that shows no questions: a description, a job aid, the opening words of a test."""
    pieces = (text_piece(segment, prepared) for segment in segments)
    return tuple(piece for piece in pieces if piece is not None)

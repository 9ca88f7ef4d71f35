"""One document on its way to segments: headings, sections, questions in their places, job aids, what stands at the end.

The order at the end of a page: the last section ends, the opening questions are resolved, the footnotes follow.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

from courses.course import Document
from courses.markdown.anchors import section_id
from courses.markdown.sections import SectionRole, role_of
from courses.rendering.footnotes import write_footnotes
from courses.rendering.pages import assembled, cuts_of
from courses.rendering.prose import Cut, Page, Prose
from courses.segments import (
    FactEntry,
    Heading,
    Html,
    JobAid,
    LocalEntry,
    QuestionSlot,
    Resolution,
    SectionEnd,
    Segment,
)
from quizzes.questions import Question

CONTENTS_LEVELS = frozenset({"h2", "h3"})

_FOOTNOTE_PLACE = re.compile(r'id="(fussnote-[0-9]+-stelle(?:-[0-9]+)?)"')


@dataclass(frozen=True, slots=True)
class Composition:
    """A document as segments, with its contents and job aids."""

    segments: tuple[Segment, ...]
    contents: tuple[Heading, ...]
    job_aids: tuple[JobAid, ...]


@dataclass(frozen=True, slots=True)
class _JobAidBegins:
    """Stands behind the heading of a job aid while the page is being written."""

    anchor: str
    title: str


@dataclass(frozen=True, slots=True)
class _JobAidEnds:
    """Stands behind the last block of a job aid."""


@dataclass(frozen=True, slots=True)
class _Run:
    """The lines of a block that touches the pieces from `first_piece` to `last_piece`."""

    first_piece: int
    last_piece: int
    first_line: int
    last_line: int


def composed(document: Document, page: Page) -> Composition:
    """The segments of `document`, drawn with what `page` knows."""
    writing = _Writing(Prose(page), document.questions.questions)
    writing.write(document)
    segments, job_aids = _taken_apart(writing)
    notes = _footnote_block(document.tokens)
    return Composition(segments, tuple(writing.contents), tuple(_with_footnotes(one, page, notes) for one in job_aids))


@dataclass(slots=True)
class _Writing:
    """A document being written: its parts, and what is open at the moment. `cuts` counts those written so far."""

    prose: Prose
    questions: Sequence[Question]
    contents: list[Heading] = field(default_factory=list)
    runs: list[_Run] = field(default_factory=list)
    cuts: int = 0
    section: str = ""
    job_aid_tag: str = ""

    def write(self, document: Document) -> None:
        """Write the whole document."""
        tokens = document.tokens
        notes = _footnote_block(tokens)
        body = tokens[: len(tokens) - len(notes)]
        index = 0
        while index < len(body):
            written = len(self.prose.parts)
            after = self._block(body, index)
            self._note_lines(body[index], written)
            index = after
        self._close_job_aid("h1")
        self._close_section(document.text.rstrip("\n").count("\n") + 1)
        for position, question in enumerate(self.questions):
            if question.attributes.is_before:
                self.prose.cut(Resolution(position, question.first_line, question.end_line - 1))
        write_footnotes(self.prose, notes)

    def _block(self, tokens: Sequence[Token], index: int) -> int:
        """Write the block at `index`; the index behind it."""
        token = tokens[index]
        if token.type == "heading_open" and "anchor" in token.meta:
            self._heading(token, tokens[index + 1])
            return index + 3
        if token.type == "heading_open" and "pool" in token.meta:
            # A pool is a box of questions for authors; learners meet only the questions.
            self._close_job_aid(token.tag)
            if token.tag == "h2":
                self._close_section((token.map or [0])[0])
            return index + 3
        if token.type in ("question", "broken_question"):
            if token.type == "question":
                self._question(token)
            # A line that only ends a question is no line on the page.
            return index + 2 if index + 1 < len(tokens) and tokens[index + 1].type == "hr" else index + 1
        return self.prose.block(tokens, index)

    def _question(self, token: Token) -> None:
        """The place of a question. Its heading ends a job aid like any other heading."""
        position = int(token.meta["position"])
        first, end = token.map or [0, 1]
        self._close_job_aid(f"h{self.questions[position].level}")
        self.prose.cut(QuestionSlot(position, first + 1, end))

    def _heading(self, token: Token, inline: Token) -> None:
        """A heading of the page. The title of the module is its only h1, so a second one steps down."""
        tag = "h2" if token.tag == "h1" else token.tag
        anchor, title = str(token.meta["anchor"]), str(token.meta["title"])
        line = token.map[0] + 1 if token.map else 0
        self._close_job_aid(tag)
        if tag == "h2":
            self._close_section(line - 1)
            self.section = anchor
        self.prose.line = line
        self.prose.html(f'<{tag} id="{section_id(anchor)}">')
        self.prose.plain_phrases(inline.children or ())
        self.prose.html(f"</{tag}>\n")
        if tag in CONTENTS_LEVELS:
            self.contents.append(Heading(anchor, title, int(tag[1]), line))
        if not self.job_aid_tag and role_of(title) is SectionRole.JOB_AID:
            self.job_aid_tag = tag
            self.prose.cut(_JobAidBegins(anchor, title))

    def _close_job_aid(self, tag: str) -> None:
        if self.job_aid_tag and tag <= self.job_aid_tag:
            self.prose.cut(_JobAidEnds())
            self.job_aid_tag = ""

    def _close_section(self, line: int) -> None:
        if self.section:
            self.prose.cut(SectionEnd(self.section, line))
            self.section = ""

    def _note_lines(self, token: Token, written: int) -> None:
        """Remember which pieces hold HTML of the block `token`, whose parts begin at `written`."""
        touched: list[int] = []
        for part in self.prose.parts[written:]:
            if isinstance(part, Cut):
                self.cuts += 1
            else:
                touched.append(self.cuts)
        if token.map and touched:
            self.runs.append(_Run(touched[0], touched[-1], token.map[0] + 1, token.map[1]))


def _footnote_block(tokens: Sequence[Token]) -> Sequence[Token]:
    """The footnotes that the parser put at the end."""
    start = next((index for index, token in enumerate(tokens) if token.type == "footnote_block_open"), len(tokens))
    return tokens[start:]


def _taken_apart(writing: _Writing) -> tuple[tuple[Segment, ...], list[JobAid]]:
    """The segments of the page, and the job aids with those segments that stand between their marks."""
    pieces = assembled(writing.prose)
    places = _lines_of_pieces(writing.runs, len(pieces))
    segments: list[Segment] = []
    job_aids: list[JobAid] = []
    began, beginning = 0, _JobAidBegins("", "")
    # The last piece has nothing behind it.
    for piece, place, cut in zip(pieces, places, [*cuts_of(writing.prose), None], strict=True):
        if piece.strip():
            segments.append(Html(piece, *place))
        match cut:
            case _JobAidBegins():
                began, beginning = len(segments), cut
            case _JobAidEnds():
                own = tuple(one for one in segments[began:] if isinstance(one, Html | LocalEntry | FactEntry))
                job_aids.append(JobAid(beginning.anchor, beginning.title, own))
            case QuestionSlot() | LocalEntry() | FactEntry() | SectionEnd() | Resolution():
                segments.append(cut)
            case _:
                pass
    return tuple(segments), job_aids


def _lines_of_pieces(runs: Sequence[_Run], count: int) -> list[tuple[int, int]]:
    """First and last line of each piece. A piece that no block touches (added at the end) takes the last line known."""
    places: list[tuple[int, int]] = [(0, 0)] * count
    for run in runs:
        for piece in range(run.first_piece, run.last_piece + 1):
            first, last = places[piece]
            places[piece] = (min(first, run.first_line) if first else run.first_line, max(last, run.last_line))
    end = max((run.last_line for run in runs), default=1)
    return [place if place[0] else (end, end) for place in places]


def _with_footnotes(job_aid: JobAid, page: Page, notes: Sequence[Token]) -> JobAid:
    """A job aid stands alone on paper, so it brings the footnotes that it refers to."""
    places = {place for one in job_aid.segments if isinstance(one, Html) for place in _FOOTNOTE_PLACE.findall(one.html)}
    if not places:
        return job_aid
    prose = Prose(page)
    write_footnotes(prose, notes, only=frozenset(places))
    line = max(one.last_line for one in job_aid.segments if isinstance(one, Html))
    return JobAid(job_aid.anchor, job_aid.title, (*job_aid.segments, Html("".join(assembled(prose)), line, line)))

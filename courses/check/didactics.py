"""How a module is built (rules M2 to M6, M11, M14): its length, its parts and their order, its recall and its sources.

The parts of a lesson are known by their headings and boxes (`courses.markdown.outline`). A test has none of them, and a
notice (Kurzinfo) only a length; both get what applies to them and nothing else.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence

from courses.check.law import Citation, citations
from courses.check.manuscript import Extract, Manuscript, Origin, beginning
from courses.course import Course, CourseKind, Module, ModuleType
from courses.markdown.outline import Box, BoxRole, boxes
from courses.markdown.sections import SectionRole
from courses.markdown.sentences import Place, blocks
from quizzes.problems import Problem

RECOMMENDED_WORDS = (700, 1000)
POSSIBLE_WORDS = (500, 1200)
NOTICE_WORDS = (50, 300)
CONTENT_SECTIONS = (3, 5)
SECTION_WORDS = 250
RECALLS = (2, 3)
SOURCES = (3, 6)
TRANSFER_MINUTES = 60
_TYPED_DURATIONS = frozenset(
    {"duration", "dauer", "minutes", "minuten", "bearbeitungszeit", "estimated_time", "time_required"}
)

# M4: the parts in their order. `before` and `mistake` are no sections: a question and a box.
_ORDER = (
    "case",
    "before",
    "goal",
    "content",
    "example",
    "mistake",
    "exercise",
    "transfer",
    "job_aid",
    "sources",
    "questions",
)
_RANK = {part: rank for rank, part in enumerate(_ORDER)}


def check_didactics(manuscript: Manuscript, course: Course, module: Module) -> Iterator[Problem]:
    """All findings about the build of one module; its questions are judged by `courses.check.questions`."""
    yield from _typed_duration(manuscript)
    if course.kind is CourseKind.NOTICE:
        yield from _notice(manuscript)
    elif module.type is ModuleType.LESSON:
        named = list(boxes(manuscript.document.tokens))
        yield from _length(manuscript)
        yield from _content_sections(manuscript)
        yield from _task_minutes(manuscript, module)
        yield from _parts(manuscript, named)
        yield from _order(manuscript, named)
        yield from _recalls(manuscript, named)
        yield from _transfer(manuscript)
        yield from _sources(manuscript)
    yield from _norms(manuscript)


def _body(manuscript: Manuscript) -> int:
    return manuscript.document.body_line


# --- M2: length ---


def _length(manuscript: Manuscript) -> Iterator[Problem]:
    words = manuscript.running_words
    if not POSSIBLE_WORDS[0] <= words <= POSSIBLE_WORDS[1]:
        least, most = POSSIBLE_WORDS
        yield manuscript.problem("W602", _body(manuscript), words=words, least=least, most=most)
    elif not RECOMMENDED_WORDS[0] <= words <= RECOMMENDED_WORDS[1]:
        least, most = RECOMMENDED_WORDS
        yield manuscript.problem("W601", _body(manuscript), words=words, least=least, most=most)


def _notice(manuscript: Manuscript) -> Iterator[Problem]:
    words, (least, most) = manuscript.running_words, NOTICE_WORDS
    if not least <= words <= most:
        yield manuscript.problem("W641", _body(manuscript), words=words, least=least, most=most)
    questions = len(manuscript.document.questions.questions)
    if questions > 2:
        line = manuscript.document.questions.questions[2].first_line
        yield manuscript.problem("W642", line, count=questions, most=2)


def _content_sections(manuscript: Manuscript) -> Iterator[Problem]:
    content = [section for section in manuscript.sections if section.role is SectionRole.CONTENT]
    least, most = CONTENT_SECTIONS
    if not least <= len(content) <= most:
        yield manuscript.problem("W603", _body(manuscript), count=len(content), least=least, most=most)
    words_under = _words_by_heading(manuscript)
    for section in content:
        words = words_under[section.line]
        if words > SECTION_WORDS:
            yield manuscript.problem(
                "W604", section.line, at=section.title, title=section.title, words=words, limit=SECTION_WORDS
            )


def _words_by_heading(manuscript: Manuscript) -> Counter[int]:
    """Words of running text by the line of the section's heading that they stand under; one pass for all sections."""
    headings = sorted(section.line for section in manuscript.sections)
    words: Counter[int] = Counter()
    for extract in manuscript.extracts:
        place = bisect_left(headings, extract.block.line) - 1
        if extract.is_running_text and place >= 0:
            words[headings[place]] += sum(sentence.words for sentence in extract.sentences)
    return words


# --- M3: duration ---


def _typed_duration(manuscript: Manuscript) -> Iterator[Problem]:
    for key, line in manuscript.document.key_lines.items():
        if key.casefold() in _TYPED_DURATIONS:
            yield manuscript.problem("W605", line, at=key, field=key)


def _task_minutes(manuscript: Manuscript, module: Module) -> Iterator[Problem]:
    if not module.task_minutes:
        for section in manuscript.sections:
            if section.role is SectionRole.EXERCISE:
                yield manuscript.problem("W606", section.line, at=section.title)
                return


# --- M4: parts and their order ---


def _parts(manuscript: Manuscript, named: Sequence[Box]) -> Iterator[Problem]:
    # A box may stand for a section. How many sections of content there are is W603's business.
    present = {"content", *(section.role or "" for section in manuscript.sections), *(box.role for box in named)}
    for question in manuscript.document.questions.questions:
        present.add("before" if question.attributes.is_before else "questions")
    for part in _ORDER:
        if part not in present:
            yield manuscript.problem("W607", _body(manuscript), part=part, example=part)


def _order(manuscript: Manuscript, named: Sequence[Box]) -> Iterator[Problem]:
    """Each part that stands after one that should follow it, at its own line, naming that one."""
    places = sorted(_places(manuscript, named))
    has_goal = any(part == "goal" for _, part in places)
    latest = ""
    for line, part in places:
        if part == "content":
            # Sections of content may go on after the example and the exercise, but not before goal or after transfer.
            is_late = latest and _RANK[latest] >= _RANK["transfer"]
            is_early = has_goal and (not latest or _RANK[latest] < _RANK["goal"])
            if is_late:
                yield _misplaced(manuscript, line, part=part, after=latest)
            elif is_early:
                goal = next(place for place, other in places if other == "goal")
                yield _misplaced(manuscript, goal, part="goal", after="content")
                has_goal = False
            continue
        if latest and _RANK[part] < _RANK[latest]:
            yield _misplaced(manuscript, line, part=part, after=latest)
        else:
            latest = part


def _misplaced(manuscript: Manuscript, line: int, *, part: str, after: str) -> Problem:
    return manuscript.problem("W608", line, part=part, after=after)


def _places(manuscript: Manuscript, named: Sequence[Box]) -> Iterator[tuple[int, str]]:
    """The line and the name of every part; a second part of the same kind counts where the first one stands."""
    seen: set[str] = set()
    for section in manuscript.sections:
        if section.role is not None and (section.role is SectionRole.CONTENT or section.role not in seen):
            seen.add(section.role)
            yield section.line, section.role.value
    for question in manuscript.document.questions.questions:
        if question.attributes.is_before and "before" not in seen:
            seen.add("before")
            yield question.first_line, "before"
    mistake = next((box.line for box in named if box.role is BoxRole.MISTAKE), None)
    if mistake is not None:
        yield mistake, "mistake"


def _recalls(manuscript: Manuscript, named: Sequence[Box]) -> Iterator[Problem]:
    count, (least, most) = sum(1 for box in named if box.role is BoxRole.RECALL), RECALLS
    if not least <= count <= most:
        yield manuscript.problem("W609", _body(manuscript), count=count, least=least, most=most)


_MINUTES = re.compile(r"(\d+)\s*(?:Min|min)")


def _transfer(manuscript: Manuscript) -> Iterator[Problem]:
    for section in manuscript.sections:
        if section.role is SectionRole.TRANSFER:
            minutes = _MINUTES.search(section.title)
            if minutes is None or int(minutes[1]) > TRANSFER_MINUTES:
                yield manuscript.problem("W636", section.line, at=section.title, limit=TRANSFER_MINUTES)


# --- M14: sources ---

_KINDS = re.compile(
    r"gesetz|verordnung|richtlinie|recht\b|standard|norm\b|studie|forschung|praxisbeispiel|praxisleitfaden|leitfaden|handbuch|"
    r"\blaw|\bact\b|standard|study|research|practice|regulation|guide|handbook",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_WITH_DATE = re.compile(r"\bStand\b.*\b(?:19|20)\d\d\b|\bas of\b.*\b(?:19|20)\d\d\b", re.IGNORECASE | re.DOTALL)


def _sources(manuscript: Manuscript) -> Iterator[Problem]:
    for section in manuscript.sections:
        if section.role is not SectionRole.SOURCES:
            continue
        found = list(blocks(section.tokens, first_line=section.line))
        entries = [block for block in found if block.place is Place.ITEM]
        least, most = SOURCES
        if not least <= len(entries) <= most:
            yield manuscript.problem("W633", section.line, at=section.title, count=len(entries), least=least, most=most)
        # One date below the list may hold for all entries.
        is_dated = any(_WITH_DATE.search(block.text) for block in found if block.place is not Place.ITEM)
        for entry in entries:
            name = beginning(entry.text)
            if _KINDS.search(entry.text) is None:
                yield manuscript.problem("W634", entry.line, at=entry.text[:20], source=name)
            if not is_dated and _YEAR.search(entry.text) is None:
                yield manuscript.problem("W635", entry.line, at=entry.text[:20], source=name)


# --- M11: law ---

_IN_FORCE = re.compile(
    r"geltende[nr]? Fassung|jeweils geltend|\bStand\b[^.;]*\b\d{4}\b|as amended|in force|\bas of\b[^.;]*\b\d{4}\b",
    re.IGNORECASE,
)


def _norms(manuscript: Manuscript) -> Iterator[Problem]:
    """Norms of the running text that no source entry names, and a module that never says which version it means."""
    cited = [
        (extract, citation)
        for extract in manuscript.extracts
        if extract.origin is Origin.TEXT and extract.role is not SectionRole.SOURCES
        for citation in citations(extract.block.text)
    ]
    if not cited:
        return
    first, citation = cited[0]
    told = (extract.block for extract in manuscript.extracts if extract.origin is Origin.TEXT)
    if not any(_IN_FORCE.search(block.text) for block in told if block.place is not Place.HEADING):
        yield manuscript.problem("W632", first.block.line_at(citation.start), at=citation.text)
    if any(section.role is SectionRole.SOURCES for section in manuscript.sections):
        yield from _unsourced(manuscript, cited)


def _unsourced(manuscript: Manuscript, cited: Sequence[tuple[Extract, Citation]]) -> Iterator[Problem]:
    sources = " ".join(extract.block.text for extract in manuscript.extracts if extract.role is SectionRole.SOURCES)
    checked = {""}
    for extract, citation in cited:
        if citation.act not in checked:
            checked.add(citation.act)
            # "SGB I" is not named by "SGB II".
            if re.search(rf"(?<!\w){re.escape(citation.act)}(?!\w)", sources) is None:
                line = extract.block.line_at(citation.start)
                yield manuscript.problem("W631", line, at=citation.text, citation=citation.text, act=citation.act)

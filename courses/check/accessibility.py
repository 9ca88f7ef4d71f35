"""Whether everybody can use a module (rule M13, A11Y-13 to A11Y-16): pictures, films, tables, headings, links.

A warning or an error here is about the text of the author; the pages around it are tested elsewhere.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import PurePosixPath

from markdown_it.token import Token

from courses.bundle import Bundle
from courses.check.manuscript import Manuscript
from courses.check.markup import check_markup
from courses.check.references import (
    FILM,
    SOUND,
    Reference,
    all_tokens,
    found_file,
    host_of,
    is_outside,
    references,
    similar_path,
)
from courses.markdown.sections import SectionRole
from quizzes.problems import Problem

LONGEST_ALTERNATIVE = 200
MOST_COLUMNS = 6
LARGEST_FILE = 50 * 1024 * 1024
_EMPTY_WORDS = frozenset(
    {
        "hier",
        "klicken",
        "hier klicken",
        "klicken sie hier",
        "mehr",
        "mehr erfahren",
        "weiter",
        "weiterlesen",
        "link",
        "dieser link",
    }
    | {"here", "click", "click here", "more", "read more", "learn more", "this link", "this"}
)
_FILE_NAME = re.compile(r"\S+\.(?:png|jpe?g|gif|svg|webp|bmp|tiff?)", re.IGNORECASE)
_SCHEMES = ("https:", "mailto:", "tel:")


def check_accessibility(manuscript: Manuscript, *, paths: frozenset[str], source_language: str) -> Iterator[Problem]:
    """All findings of one document; `paths` are the files of the course, `source_language` is the course's own."""
    hosts: set[str] = set()
    sources = _lines_of_sources(manuscript)
    for reference in references(manuscript):
        match reference.kind:
            case "image":
                yield from _image(manuscript, reference, paths=paths, hosts=hosts)
            case "link":
                yield from _link(manuscript, reference, paths=paths, hosts=hosts, is_source=reference.line in sources)
                yield from _captions(manuscript, reference, paths=paths, source_language=source_language)
            case _:
                pass
    yield from _headings(manuscript)
    yield from _tables(manuscript)
    yield from _diagrams(manuscript)
    yield from _colours(manuscript)
    yield from check_markup(manuscript)


def check_files(bundle: Bundle) -> Iterator[Problem]:
    """Files of the course that are too large to be loaded at a desk."""
    for path in bundle.paths:
        size = bundle.size(path)
        if size > LARGEST_FILE:
            limit = LARGEST_FILE // 1024 // 1024
            yield Problem("W121", 1, 1, {"target": path, "size": size // 1024 // 1024, "limit": limit}, path)


# --- pictures and files ---


def _image(
    manuscript: Manuscript, reference: Reference, *, paths: frozenset[str], hosts: set[str]
) -> Iterator[Problem]:
    is_decorative = "decorative" in str(reference.token.attrs.get("class", "")).split()
    text = reference.text.strip()
    if not text and not is_decorative:
        yield manuscript.problem("E110", reference.line, at="![")
    elif len(text) > LONGEST_ALTERNATIVE or _FILE_NAME.fullmatch(text):
        yield manuscript.problem("W114", reference.line, at="![", limit=LONGEST_ALTERNATIVE)
    yield from _target(manuscript, reference, paths=paths, hosts=hosts, is_source=False)


def _link(
    manuscript: Manuscript, reference: Reference, *, paths: frozenset[str], hosts: set[str], is_source: bool
) -> Iterator[Problem]:
    words = " ".join(re.findall(r"\w+", reference.text.casefold()))
    if words in _EMPTY_WORDS:
        yield manuscript.problem("W118", reference.line, at=reference.text, text=reference.text)
    yield from _target(manuscript, reference, paths=paths, hosts=hosts, is_source=is_source)


def _target(
    manuscript: Manuscript, reference: Reference, *, paths: frozenset[str], hosts: set[str], is_source: bool
) -> Iterator[Problem]:
    target = reference.target
    if is_outside(target):
        host = host_of(target)
        if not target.startswith(_SCHEMES):
            yield manuscript.problem("W150", reference.line, at=target, target=target)
        elif host and not is_source and host not in hosts:
            hosts.add(host)
            yield manuscript.problem("W119", reference.line, at=host, host=host)
    elif target and not target.startswith("#"):
        document = manuscript.document.path
        if found_file(target, document=document, paths=paths) is None:
            suggestion = similar_path(target, paths)
            at = PurePosixPath(target).name
            yield manuscript.problem("E111", reference.line, at=at, target=target, suggestion=suggestion or "–")


def _captions(
    manuscript: Manuscript, reference: Reference, *, paths: frozenset[str], source_language: str
) -> Iterator[Problem]:
    file = None
    if not is_outside(reference.target):
        file = found_file(reference.target, document=manuscript.document.path, paths=paths)
    if file is None:
        return
    place = PurePosixPath(file)
    # A translation may show the film with the captions of its source.
    languages = dict.fromkeys((manuscript.language, source_language))
    if place.suffix.lower() in FILM and not _has(paths, place, languages, ".vtt"):
        expected = str(place.with_suffix(f".{manuscript.language}.vtt"))
        yield manuscript.problem("E112", reference.line, at=place.name, target=file, expected=expected)
    if place.suffix.lower() in FILM | SOUND and not _has(paths, place, languages, ".md"):
        expected = str(place.with_suffix(f".{manuscript.language}.md"))
        yield manuscript.problem("W113", reference.line, at=place.name, target=file, expected=expected)


def _has(paths: frozenset[str], place: PurePosixPath, languages: Iterable[str], suffix: str) -> bool:
    return any(str(place.with_suffix(f".{language}{suffix}")) in paths for language in languages)


def _lines_of_sources(manuscript: Manuscript) -> frozenset[int]:
    """The lines of the list of sources, where links out of the course belong."""
    lines: set[int] = set()
    starts = [section.line for section in manuscript.sections] + [len(manuscript.lines) + 1]
    for section, end in zip(manuscript.sections, starts[1:], strict=True):
        if section.role is SectionRole.SOURCES:
            lines.update(range(section.line, end))
    return frozenset(lines)


# --- headings, tables, diagrams ---


def _headings(manuscript: Manuscript) -> Iterator[Problem]:
    """Jumps in the levels. The title of the module is the one heading of level 1."""
    before = 1
    for token in manuscript.document.tokens:
        if token.level or token.type not in ("heading_open", "question"):
            continue
        level, line = _level_and_line(manuscript, token)
        if level == 1 or level > before + 1:
            yield manuscript.problem("W117", line, before=before, level=level)
        before = level


def _level_and_line(manuscript: Manuscript, token: Token) -> tuple[int, int]:
    if token.type == "question":
        question = manuscript.document.questions.questions[token.meta["position"]]
        return question.level, question.first_line
    return int(token.tag[1:]), token.map[0] + 1 if token.map else 1


def _tables(manuscript: Manuscript) -> Iterator[Problem]:
    line, cells = 1, list[bool]()
    in_head = False
    for token in all_tokens(manuscript):
        match token.type:
            case "thead_open":
                line, cells, in_head = (token.map[0] + 1 if token.map else line), [], True
            case "inline" if in_head:
                cells.append(bool(token.content.strip()))
            case "thead_close":
                in_head = False
                # The first cell may be empty above a column of row headings.
                if not all(cells[1:]) or not any(cells):
                    yield manuscript.problem("W120", line)
                if len(cells) > MOST_COLUMNS:
                    yield manuscript.problem("W143", line, columns=len(cells), limit=MOST_COLUMNS)
            case _:
                pass


def _diagrams(manuscript: Manuscript) -> Iterator[Problem]:
    for token in all_tokens(manuscript):
        if token.type == "fence" and token.info.split()[:1] == ["mermaid"] and len(token.info.split()) == 1:
            yield manuscript.problem("E115", token.map[0] + 1 if token.map else 1, at="mermaid")
    for section in manuscript.sections:
        kinds = {token.type for token in section.tokens}
        if kinds & {"table_open", "bullet_list_open", "ordered_list_open", "dl_open"}:
            continue
        for token in section.tokens:
            if token.type == "inline" and (image := _lone_diagram(token.children or [])) and token.map:
                yield manuscript.problem("W145", token.map[0] + 1, at=image.content)


def _lone_diagram(children: list[Token]) -> Token | None:
    """The drawing that stands alone in its paragraph and is no decoration."""
    rest = [child for child in children if child.type != "text" or child.content.strip()]
    if len(rest) != 1 or rest[0].type != "image" or not rest[0].content.strip():
        return None
    return rest[0] if str(rest[0].attrs.get("src", "")).lower().endswith(".svg") else None


# --- colour ---

# Each pattern begins with a set of letters, which is what makes the search fast.
_GERMAN_COLOURS = re.compile(
    r"[RrGgBbOoVvLl](?<!\w.)(?:ot|rün|elb|lau|range|rau|iolett|ila|osa)(?:e[nmrs]?)? "
    r"(?:(?:markier|hinterleg|dargestell|gekennzeichne|eingefärb|umrande)t|geschrieben|"
    r"Feld|Kästchen|Kasten|Pfeil|Linie|Zeile|Spalte|Fläche|Punkt|Kreis|Balken|Markierung|Schrift)\w*"
)
_ENGLISH_COLOURS = re.compile(
    r"[MmSsHh](?<!\w.)(?:arked|hown|ighlighted) in (?:red|green|yellow|blue|orange|grey)\b|"
    r"[RrGgYyBbOo](?<!\w.)(?:ed|reen|ellow|lue|range|rey) (?:boxe?|arrow|line|row|cell|dot|bar)s?\b"
)


def _colours(manuscript: Manuscript) -> Iterator[Problem]:
    for block in (extract.block for extract in manuscript.extracts):
        for match in chain(_GERMAN_COLOURS.finditer(block.text), _ENGLISH_COLOURS.finditer(block.text)):
            yield manuscript.problem("W144", block.line_at(match.start()), at=match[0], excerpt=match[0])

"""Film, sound and files to take away: a link alone in its paragraph that leads to such a file of the course."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from markdown_it.token import Token

from courses.markdown.limits import LARGEST_TEXT, too_much
from courses.markdown.parser import prose_markdown
from courses.markdown.plain_text import end_of, plain_text
from courses.rendering.escape import escape_attribute, escape_text
from courses.rendering.links import Files
from courses.rendering.prose import ParagraphRule, Prose

FILM = frozenset({".mp4", ".webm"})
SOUND = frozenset({".mp3", ".ogg"})
NO_DOWNLOAD = frozenset({".md", ".vtt"})

_FRONT_MATTER = re.compile(r"\A---\n.*?^---\n", re.DOTALL | re.MULTILINE)
_LANGUAGE_NAMES = {
    "ar": "العربية",
    "de": "Deutsch",
    "en": "English",
    "es": "Español",
    "fr": "Français",
    "pl": "Polski",
    "ru": "Русский",
    "tr": "Türkçe",
    "uk": "Українська",
}


@dataclass(frozen=True, slots=True)
class Companion:
    """A file that belongs to a film or a recording by its name: `gespraech.de.vtt` to `gespraech.mp4`."""

    path: str
    language: str


def companions(path: str, paths: Collection[str], *, suffix: str) -> tuple[Companion, ...]:
    """All captions (`.vtt`) or transcripts (`.md`) of the media file `path`, by language."""
    stem = path[: -len(PurePosixPath(path).suffix)] + "."
    found = (
        Companion(other, other[len(stem) : -len(suffix)])
        for other in paths
        if other.startswith(stem) and other.endswith(suffix) and "/" not in other[len(stem) :]
    )
    return tuple(
        sorted((one for one in found if one.language and "." not in one.language), key=lambda one: one.language)
    )


def lone_link(children: Sequence[Token]) -> Token | None:
    """The opening token of the link, when the paragraph holds nothing else."""
    rest = [child for child in children if child.type != "text" or child.content.strip()]
    if len(rest) < 2 or rest[0].type != "link_open" or end_of(rest, 0) != len(rest) - 1:
        return None
    return rest[0]


def size_in_words(size: int, decimal: str) -> str:
    """A file size as people write it: `3 kB`, `1,4 MB` (powers of ten)."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))}\u00a0kB"
    return f"{size / 1_000_000:.1f}".replace(".", decimal) + "\u00a0MB"


def _media(prose: Prose, tokens: Sequence[Token], start: int) -> int | None:
    children = tokens[start + 1].children or []
    link = lone_link(children)
    path = prose.page.links.file(str(link.attrs.get("href", ""))) if link is not None else None
    if path is None:
        return None
    title = plain_text(children)
    suffix = PurePosixPath(path).suffix.lower()
    if suffix in NO_DOWNLOAD:
        return None
    if suffix in FILM or suffix in SOUND:
        _player(prose, path, title=title, tag="video" if suffix in FILM else "audio")
    else:
        _download(prose, path, title=title)
    return start + 3


def _player(prose: Prose, path: str, *, title: str, tag: str) -> None:
    page = prose.page
    address = escape_attribute(page.links.address.media(path))
    prose.html(f'<figure class="media"><{tag} controls="" preload="metadata" src="{address}"')
    prose.html(f' aria-label="{escape_attribute(title)}">')
    for caption in companions(path, page.links.files.paths, suffix=".vtt"):
        prose.html(_track(prose, caption))
    prose.html(f"</{tag}><figcaption>{escape_text(title)}</figcaption></figure>\n")
    _transcript(prose, path)


def _track(prose: Prose, caption: Companion) -> str:
    label = _LANGUAGE_NAMES.get(caption.language, caption.language)
    default = ' default=""' if caption.language == prose.page.language else ""
    address = escape_attribute(prose.page.links.address.media(caption.path))
    return (
        f'<track kind="captions" srclang="{escape_attribute(caption.language)}" label="{escape_attribute(label)}"'
        f' src="{address}"{default}>'
    )


def _transcript(prose: Prose, path: str) -> None:
    """The text version, folded; in the page's language where there is one, else in the first, marked as such.

    A text version that is too long to be read safely is left out.
    """
    page = prose.page
    found = companions(path, page.links.files.paths, suffix=".md")
    if not found:
        return
    chosen = next((one for one in found if one.language == page.language), found[0])
    text = _text_of(page.links.files, chosen.path)
    if text is None:
        return
    # Its own words keep the language of the page.
    own, inner = _language_marks(page.language, chosen.language)
    prose.html(f'<details class="reveal"{inner}><summary{own}>{escape_text(page.phrases.transcript)}</summary>')
    line = prose.line
    prose.blocks(list(_without_headings(prose_markdown().parse(text))))
    prose.line = line
    prose.html("</details>\n")


def _text_of(files: Files, path: str) -> str | None:
    """The text of a file without its front matter; None when it is beyond the limits of one file."""
    if files.size(path) > LARGEST_TEXT:
        return None
    text = files.read(path).decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
    return None if too_much(text) else _FRONT_MATTER.sub("", text)


def _language_marks(own: str, inner: str) -> tuple[str, str]:
    """`lang` attributes for the frame and for what it holds; empty where both speak the same."""
    return ("", "") if own == inner else (f' lang="{escape_attribute(own)}"', f' lang="{escape_attribute(inner)}"')


def _without_headings(tokens: Sequence[Token]) -> Iterator[Token]:
    """A transcript has no place in the outline of the module: its headings become bold paragraphs.

    Its tokens lose their lines, which are those of another file.
    """
    is_heading = False
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            is_heading = token.nesting == 1
            yield Token(token.type.replace("heading", "paragraph"), "p", token.nesting, block=True)
        elif is_heading:
            bold = [Token("strong_open", "strong", 1), *(token.children or ()), Token("strong_close", "strong", -1)]
            yield token.copy(children=bold, map=None)
        else:
            yield token.copy(map=None)


def _download(prose: Prose, path: str, *, title: str) -> None:
    links = prose.page.links
    kind = PurePosixPath(path).suffix.removeprefix(".").upper()
    size = size_in_words(links.files.size(path), prose.page.phrases.decimal)
    prose.html('<p class="download"><span class="kern-icon kern-icon--download" aria-hidden="true"></span>')
    prose.html(f'<a href="{escape_attribute(links.address.media(path))}">{escape_text(title)} ')
    prose.html(f'<span class="download__facts">({escape_text(kind)}, {escape_text(size)})</span></a></p>\n')


PARAGRAPH_RULES: tuple[ParagraphRule, ...] = (_media,)

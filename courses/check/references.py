"""What a text points at: pictures, links, registered entries, each with its line; and whether there is such a file.

Addresses are resolved as rendering does it (`courses.rendering.links`): in the document's own folder first, then in
the course.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from posixpath import dirname, normpath
from urllib.parse import unquote, urlsplit

from markdown_it.token import Token

from courses.check.manuscript import Manuscript, passages

FILM = frozenset({".mp4", ".webm"})
SOUND = frozenset({".mp3", ".ogg"})


@dataclass(frozen=True, slots=True)
class Reference:
    """A picture, a link or an entry. `text` is its alternative text, its link text, or nothing; `token` opens it."""

    kind: str
    target: str
    text: str
    line: int
    token: Token


def all_tokens(manuscript: Manuscript) -> Iterator[Token]:
    """The block tokens of a document, those inside its questions included."""
    for token in manuscript.document.tokens:
        if token.type == "question":
            question = manuscript.document.questions.questions[token.meta["position"]]
            for _, passage in passages(question):
                yield from passage.tokens
        else:
            yield token


def references(manuscript: Manuscript) -> Iterator[Reference]:
    """Every picture, link and `[[local:…]]` or `[[fact:…]]` of a document in the order of its tokens."""
    line = manuscript.document.body_line
    for token in all_tokens(manuscript):
        if token.map:
            line = token.map[0] + 1
        if token.type == "inline" and token.children:
            yield from _inline(token.children, line)


def _inline(children: list[Token], line: int) -> Iterator[Reference]:
    for index, child in enumerate(children):
        match child.type:
            case "softbreak" | "hardbreak":
                line += 1
            case "image":
                yield Reference("image", str(child.attrs.get("src", "")), child.content, line, child)
            case "link_open":
                yield Reference("link", str(child.attrs.get("href", "")), _link_text(children, index), line, child)
            case "local" | "fact":
                yield Reference(child.type, str(child.meta["key"]), "", line, child)
            case _:
                pass


def _link_text(children: list[Token], opening: int) -> str:
    words: list[str] = []
    for child in children[opening + 1 :]:
        if child.type == "link_close":
            break
        words.append(" " if child.type in ("softbreak", "hardbreak") else child.content)
    return "".join(words).strip()


def is_outside(target: str) -> bool:
    """True for an address with a scheme or a host."""
    return "//" in target[:12] or ":" in target.partition("/")[0]


def host_of(target: str) -> str:
    """The host of an outside address; empty for `mailto:`, `tel:` and what cannot be read."""
    try:
        return urlsplit(target).hostname or ""
    except ValueError:
        return ""


def _path_of(target: str) -> str:
    """An address without its question and its anchor."""
    return target.partition("#")[0].partition("?")[0]


def found_file(target: str, *, document: str, paths: Collection[str]) -> str | None:
    """The path of the file that `target` means, seen from the file `document`; None when the course has none."""
    wanted = unquote(_path_of(target))
    if wanted.startswith("/"):
        return None
    for candidate in (normpath(f"{dirname(document)}/{wanted}".lstrip("/")), normpath(wanted)):
        if not candidate.startswith(("..", "/")) and candidate in paths:
            return candidate
    return None


def similar_path(target: str, paths: Collection[str]) -> str:
    """The path that was probably meant: the same in other case, or nearly the same; empty when nothing comes near."""
    # Only needed where something is wrong, so that a clean check does not pay for it.
    from difflib import get_close_matches

    wanted = normpath(unquote(_path_of(target)))
    folded = next((path for path in paths if path.casefold() == wanted.casefold()), "")
    return folded or next(iter(get_close_matches(wanted, sorted(paths), n=1, cutoff=0.7)), "")

"""Pieces of Markdown cut out of a document: their source without the surrounding containers, their canonical text.

A passage's source stands for itself: parsed alone it means what it meant in its place.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from markdown_it.token import Token

from quizzes.dialect import passage_environment, passage_markdown
from quizzes.problems import ParameterValue, Problem
from quizzes.questions import Passage

_MARKER: Final = re.compile(r"[ \t]*(?:[-+*]|\d{1,9}[.)])")
_QUOTE: Final = re.compile(r"[ \t]*>")
_ALERT: Final = re.compile(r"\[!(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*(?:\n|$)", re.IGNORECASE)
_MAY_OPEN_A_BLOCK: Final = frozenset("#>-+*0123456789~`_[<|=:")
# A cheap look before the block parser is asked: every text that may begin a block other than a paragraph.
_OPENS_A_BLOCK: Final = re.compile(
    r"\#{1,6}(?:\s|$)|[>|]|[-+*](?:\s|$)|\d{1,9}[.)](?:\s|$)|(?:[-*_][ \t]*){3,}(?:\n|$)"
    r"|`{3}|~{3}|\[[^\]]*\]:|<!--|:\s"
)
_LIST_OR_FENCE: Final = re.compile(r"[*](?:\s|$)|`{3,}|~{3,}")
_FOREIGN_BLOCK: Final = re.compile(r"<!--|\[\^[^\]]+\]:|:\s")


@dataclass(slots=True)
class Page:
    """The text being read, line by line, and what has been found wrong with it.

    Lines inside are counted from 0 as in token maps; `first_line` is the number of the first one in the file.
    """

    lines: list[str]
    language: str = "de"
    first_line: int = 1
    problems: list[Problem] = field(default_factory=list)

    def number(self, line: int) -> int:
        """The line's number in the file."""
        return line + self.first_line

    def column(self, line: int, text: str) -> int:
        """The column, from 1, at which the first line of `text` stands in that line; 1 when it is not found."""
        found = self.lines[line].find(text.partition("\n")[0]) if 0 <= line < len(self.lines) and text else -1
        return found + 1 if found >= 0 else 1

    def report(
        self, code: str, line: int, *, column: int = 1, parameters: Mapping[str, ParameterValue] | None = None
    ) -> None:
        """Note a problem at a line counted from 0."""
        self.problems.append(Problem(code, self.number(line), column, parameters or {}))


def shortened(text: str, *, length: int = 40) -> str:
    """One line of at most `length` characters, for messages."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def _columns(text: str, start: int = 0) -> int:
    """The column that the white space and text of `text` reaches, tabs going to the next multiple of four."""
    column = start
    for character in text:
        column += 4 - column % 4 if character == "\t" else 1
    return column


def _without_columns(line: str, count: int, *, start: int = 0) -> str:
    """`line`, which begins at column `start`, without up to `count` columns of leading white space."""
    column, goal, index = start, start + count, 0
    while index < len(line) and column < goal and line[index] in " \t":
        column = _columns(line[index], column)
        index += 1
    return " " * max(0, column - goal) + line[index:]


def _indent(line: str) -> int:
    return _columns(line[: len(line) - len(line.lstrip(" \t"))])


def _lazy(line: str) -> str:
    """A line that continues a paragraph without its container's indent: never to be taken for the start of a block."""
    text = line.lstrip(" \t")
    if text[:1] not in _MAY_OPEN_A_BLOCK:
        return text
    is_emphasis_or_link = text[0] in "*_`~<[" and _LIST_OR_FENCE.match(text) is None
    return f"    {text}" if is_emphasis_or_link else _escaped_start(text)


def _escaped_start(text: str) -> str:
    """`text` with a backslash where it would begin a block."""
    number = re.match(r"\d{1,9}(?=[.)])", text)
    label = re.match(r"\[[^\]]*\](?=:)", text)
    fence = re.match(r"`{3,}|~{3,}", text)
    found = number or label
    if found:
        end = found.end()
        return text[:end] + "\\" + text[end:]
    if fence:
        return re.sub(r"(.)", r"\\\1", fence[0]) + text[fence.end() :]
    return text if text[0].isdigit() else "\\" + text


def item_lines(lines: Sequence[str]) -> list[str]:
    """The content of a top-level list item without marker and indent; as many lines as before."""
    marker = _MARKER.match(lines[0])
    assert marker is not None, lines[0]
    edge = _columns(marker[0])
    rest = lines[0][marker.end() :]
    spaces = _columns(rest[: len(rest) - len(rest.lstrip(" \t"))], edge) - edge
    width = 1 if not rest.strip(" \t") or spaces > 4 else spaces
    indent = edge + width
    content = [_without_columns(rest, width, start=edge)]
    for line in lines[1:]:
        is_lazy = line.strip(" \t") != "" and _indent(line) < indent
        content.append(_lazy(line) if is_lazy else _without_columns(line, indent))
    return content


def quote_lines(lines: Iterable[str]) -> list[str]:
    """The content of a quote without its `>`; as many lines as before."""
    content = []
    for line in lines:
        marker = _QUOTE.match(line)
        if marker is None:
            content.append(_lazy(line))
        else:
            content.append(_without_columns(line[marker.end() :], 1, start=marker.end()))
    return content


def trimmed(lines: Iterable[str]) -> str:
    """The lines as one text without blank lines around it and without trailing white space."""
    kept = list(lines)
    while kept and not kept[0].strip(" \t"):
        kept.pop(0)
    return "\n".join(kept).rstrip(" \t\n")


def _block_tokens(source: str) -> list[Token]:
    tokens: list[Token] = []
    md = passage_markdown()
    md.block.parse(source, md, passage_environment(), tokens)
    return tokens


def last_list_marker(source: str) -> str:
    """The bullet or number mark of a list that `source` ends with, empty when it does not end with one."""
    tokens = _block_tokens(source)
    is_list = bool(tokens) and tokens[-1].type in {"bullet_list_close", "ordered_list_close"}
    return tokens[-1].markup if is_list else ""


def may_be_ordered(source: str) -> bool:
    """True when a numbered list stands at the top level of `source`, and no field to write in that would outdo it."""
    tokens = [token for token in _block_tokens(source) if token.level == 0]
    has_writing_line = any(token.type == "hr" and token.markup.startswith("_") for token in tokens)
    return not has_writing_line and any(token.type == "ordered_list_open" for token in tokens)


def starts_paragraph(source: str) -> bool:
    """True when a paragraph begins at the first character of `source`: it may stand behind a sign on its line."""
    if source[:1] in {" ", "\t", ""}:
        return False
    if source[0] not in _MAY_OPEN_A_BLOCK and "\n" not in source:
        return True
    tokens = _block_tokens(source)
    return bool(tokens) and tokens[0].type == "paragraph_open" and _FOREIGN_BLOCK.match(source) is None


def as_paragraph(text: str) -> str:
    """`text`, which is a paragraph where it stands, so escaped that it stays one when it stands alone."""
    if not _OPENS_A_BLOCK.match(text) or starts_paragraph(text):
        return text
    escaped = _escaped_start(text)
    return escaped if starts_paragraph(escaped) else " ".join(escaped.split("\n"))


def as_one_paragraph(text: str) -> str:
    """A whole paragraph, cut out of its lines, so escaped that no line of it begins a block when it stands alone."""
    text = as_paragraph(text)
    if "\n" not in text or [token.type for token in _block_tokens(text)][::2] == ["paragraph_open", "paragraph_close"]:
        return text
    first, *more = text.split("\n")
    return "\n".join([first, *map(_lazy, more)])


def as_quoted(text: str) -> str:
    """The content of a plain quote, so escaped that it cannot be taken for an alert."""
    return "\\" + text if _ALERT.match(text) else text


def passage(source: str, tokens: Sequence[Token], *, line: int = 0, column: int = 1) -> Passage:
    """A passage of the file's line `line` with its tokens as they stand in the document.

    A code fence that only the end of its container closed is closed in the source: it must not swallow what follows.
    """
    if tokens and tokens[-1].type == "fence" and _block_tokens(f"{source}\n\nText")[-1].type == "fence":
        source = f"{source}\n{tokens[-1].markup}"
    return Passage(source, canonical_text(tokens), tuple(tokens), line=line, column=column)


def canonical_of(text: Passage) -> str:
    """The canonical text of a passage, also of one that was not read from a document."""
    if text.canonical or not text.source:
        return text.canonical
    return canonical_text(passage_markdown().parse(text.source, passage_environment()))


def canonical_inline(source: str) -> str:
    """The canonical text of a heading that was not read from a document."""
    return canonical_text(passage_markdown().parseInline(source, passage_environment()))


def canonical_text(tokens: Sequence[Token]) -> str:
    """What the tokens mean, without what does not change it: white space, bullet style, how emphasis is written."""
    parts: list[str] = []
    for token in tokens:
        if token.type == "inline":
            text = "".join(map(_canonical_inline, token.children or ()))
            parts.append(_SPACES.sub(" ", text).strip(" "))
        elif token.type in {"fence", "code_block"}:
            parts.append(f"<pre {token.info.strip()}>{_escaped(token.content.rstrip())}</pre>")
        elif token.type == "paragraph_open":
            parts.append("<p>")
        elif token.nesting < 0:
            parts.append(f"</{token.tag}>")
        else:
            parts.append(f"<{token.tag or token.type}{_canonical_attributes(token)}>")
    return "".join(parts)


_SPACES: Final = re.compile(r"[ \t\n]+")
_QUOTATION_MARKS: Final = str.maketrans("„“”‟‚‘’‛", "\"\"\"\"''''")


def _canonical_inline(token: Token) -> str:
    match token.type:
        case "text" | "text_special" | "arrow" | "gap_fault":
            return _escaped(token.content).translate(_QUOTATION_MARKS)
        case "softbreak":
            return " "
        case "code_inline":
            return f"<code>{_escaped(token.content)}</code>"
        case "gap":
            return "<gap>"
        case "image":
            alternative = "".join(map(_canonical_inline, token.children or ()))
            return f"<img{_canonical_attributes(token)}>{alternative}</img>"
        case _ if token.nesting < 0:
            return f"</{token.tag}>"
        case _:
            return f"<{token.tag or token.type}{_canonical_attributes(token)}>" + _escaped(token.content)


def _canonical_attributes(token: Token) -> str:
    return "".join(f' {name}="{_escaped(str(value))}"' for name, value in sorted(token.attrs.items()) if value != "")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")

"""Gaps `[[…]]`: from the text between the brackets to `TextGap` and `ChoiceGap`, and back."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from markdown_it.common.utils import unescapeAll
from markdown_it.token import Token

from quizzes.keys import escaped_key, read_key, reads_as_number, write_key
from quizzes.numbers import number_fault
from quizzes.passages import Page, shortened
from quizzes.questions import ChoiceGap, Gap, NumberRange, TextGap, TextPattern

_ESCAPE_OR_BAR: Final = re.compile(r"\\.|\|", re.DOTALL)


@dataclass(frozen=True, slots=True)
class FoundGap:
    """A gap token with its place. `inside` names the element that it must not stand in, or is empty."""

    token: Token
    line: int
    column: int
    inside: str = ""


def find_gaps(page: Page, tokens: Sequence[Token]) -> Iterator[FoundGap]:
    """All gaps and gap faults among block tokens, in reading order."""
    first = 0
    for token in tokens:
        if token.map is not None:
            first = token.map[0]
        if token.type == "inline" and "[[" in token.content:
            yield from _in_inline(page, token, first=first)


def _in_inline(page: Page, inline: Token, *, first: int) -> Iterator[FoundGap]:
    children = inline.children or []
    found = [child for child in children if child.type in {"gap", "gap_fault"}]
    blanked = _without_gaps(inline.content, found)
    places = _places(page, inline.content, [child.meta["at"] for child in found], first=first)
    for child, (line, column) in zip(found, places, strict=True):
        yield FoundGap(child, line, column, "link" if _stands_in_link(blanked, child.meta["at"]) else "")
    for image in children:
        for inner in image.children or ():
            if inner.type in {"gap", "gap_fault"}:
                yield FoundGap(inner, first, page.column(first, "[["), "image")


def _without_gaps(content: str, gaps: Sequence[Token]) -> str:
    """The content with blanks in the place of gaps."""
    characters = list(content)
    for each in gaps:
        start, length = each.meta["at"], len(each.content)
        characters[start : start + length] = " " * length
    return "".join(characters)


def _stands_in_link(blanked: str, at: int) -> bool:
    """True for `[text [[gap]] text](address)`: the gap keeps it from being a link, but its author meant one."""
    opening, closing = blanked.rfind("[", 0, at), blanked.find("]", at)
    is_open = opening > blanked.rfind("]", 0, at) and blanked[opening - 1 : opening] != "\\"
    is_closed = blanked.startswith("](", closing) and blanked.find("[", at, closing) < 0
    return is_open and closing >= 0 and is_closed


def _places(page: Page, content: str, offsets: Sequence[int], *, first: int) -> Iterator[tuple[int, int]]:
    """Line and column of rising offsets in an inline's content, which begins in the line `first` of the file."""
    start = 0
    for number, text in enumerate(content.split("\n"), first):
        here = [at - start for at in offsets if start <= at <= start + len(text)]
        bare = text.strip(" \t")
        base = page.lines[number].find(bare) if here and number < len(page.lines) else -1
        indent = len(text) - len(text.lstrip(" \t"))
        for at in here:
            yield number, (base + 1 + at - indent if base >= 0 else page.column(number, "[["))
        start += len(text) + 1


def split_alternatives(text: str) -> list[str]:
    """The parts between unescaped `|`, trimmed, escapes still in them."""
    bars = [found.start() for found in _ESCAPE_OR_BAR.finditer(text) if found[0] == "|"]
    starts = [0, *(bar + 1 for bar in bars)]
    return [text[start:end].strip() for start, end in zip(starts, [*bars, len(text)], strict=True)]


def is_bracketed(part: str) -> bool:
    """True for `(…)` where the first bracket closes with the last one; escaped brackets do not count."""
    if not part.startswith("("):
        return False
    depth = 0
    for found in re.finditer(r"\\.|[()]", part, re.DOTALL):
        depth += {"(": 1, ")": -1}.get(found[0], 0)
        if depth == 0 and found[0] == ")":
            return found.end() == len(part)
    return False


def read_gap(page: Page, found: FoundGap) -> Gap | None:
    """The gap, or None after reporting what is wrong with it."""
    reason = _fault(found)
    if reason:
        text = shortened(found.token.content)
        page.report("E309", found.line, column=found.column, parameters={"gap": text, "reason": reason})
        return None
    parts = split_alternatives(found.token.meta["text"])
    line = page.number(found.line)
    if any(map(is_bracketed, parts)):
        right = next(position for position, part in enumerate(parts) if is_bracketed(part))
        choices = tuple(_choice(part[1:-1] if position == right else part) for position, part in enumerate(parts))
        return ChoiceGap(choices, right, line)
    keys = [read_key(part) for part in parts]
    read = [key.number(page.language) for key in keys]
    numbers = tuple(number for number in read if number is not None)
    if len(numbers) < len(keys):
        return TextGap(tuple(key.pattern for key in keys), line)
    for number in numbers:
        if reason := number_fault(number):
            parameters = {"number": shortened(number.written), "reason": reason}
            page.report("E315", found.line, column=found.column, parameters=parameters)
    return None if any(map(number_fault, numbers)) else TextGap(numbers, line)


def _fault(found: FoundGap) -> str:
    """Why this is no gap, in one word; empty when it is one."""
    if found.inside:
        return found.inside
    if found.token.type == "gap_fault":
        return str(found.token.meta["reason"])
    parts = split_alternatives(found.token.meta["text"])
    bracketed = sum(map(is_bracketed, parts))
    if bracketed > 1:
        return "several"
    if bracketed == 1 and len(parts) == 1:
        return "lonely"
    is_empty = any(not (_choice(part[1:-1]) if is_bracketed(part) else read_key(part).text) for part in parts)
    return "empty" if is_empty else ""


def _choice(part: str) -> str:
    return " ".join(unescapeAll(part).split())


def is_numeric(gap: Gap) -> bool:
    """True for a gap that expects numbers."""
    match gap:
        case TextGap(accepted):
            return isinstance(accepted[0], NumberRange)
        case ChoiceGap():
            return False


def write_gap(gap: Gap) -> str:
    """The source of a gap, for a stem that is put together from parts."""
    match gap:
        case ChoiceGap(choices, right):
            parts = [_write_choice(text, is_right=position == right) for position, text in enumerate(choices)]
        case TextGap(accepted):
            would_be_numbers = all(isinstance(each, TextPattern) and reads_as_number(each.text) for each in accepted)
            parts = [_write_alternative(pattern, must_be_text=would_be_numbers) for pattern in accepted]
    return "[[" + "|".join(parts) + "]]"


def _write_choice(text: str, *, is_right: bool) -> str:
    source = _without_bars(escaped_key(text))
    if is_right:
        return "(" + re.sub(r"[()]", r"\\\g<0>", source) + ")" if not is_bracketed(f"({source})") else f"({source})"
    return "\\" + source if is_bracketed(source) else source


def _write_alternative(pattern: TextPattern | NumberRange, *, must_be_text: bool) -> str:
    source = _without_bars(write_key(pattern, must_be_text=must_be_text))
    return "\\" + source if is_bracketed(source) else source


def _without_bars(source: str) -> str:
    """Brackets and bars escaped, so that nothing ends the gap or splits it."""
    return re.sub(r"\\.|[|\[\]]", lambda found: found[0] if found[0][0] == "\\" else "\\" + found[0], source)

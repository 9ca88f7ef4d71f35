"""What stands behind `- =`, `- !` and inside `[[…]]`: accepted and expected answers as plain text or numbers.

Keys are read from the source with escapes resolved, never from typeset text. Reads and writes single keys only.
"""

import re
from dataclasses import dataclass
from typing import Final

from markdown_it.common.utils import unescapeAll

from quizzes.numbers import read_number_line, write_number
from quizzes.questions import NumberRange, Precedence, TextPattern
from quizzes.words import BEFORE_WORDS, OTHERWISE_WORDS, RIGHT_WORDS, spoken

_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)*)"|„([^„“”"]*)[“”"]|“([^“”]*)”', re.DOTALL)
_ENTITY: Final = re.compile(r"&(?=#?\w+;)")
_OPENING_QUOTES: Final = {'"': '\\"', "„": "&bdquo;", "“": "&ldquo;"}
_ESCAPE_OR_QUOTE: Final = re.compile(r'\\.|"')
_GAP_OPENING: Final = re.compile(r"\[(?=\[)")
_GAP_PREFIX: Final = re.compile(r"(\d{1,3})\s*:\s+(?=\S)|(\d{1,3})\s*:$")


@dataclass(frozen=True, slots=True)
class Key:
    """One key as text. `is_quoted` when quotes keep it from being anything but text."""

    text: str
    is_quoted: bool

    @property
    def pattern(self) -> TextPattern:
        """The key as a text to compare with."""
        return TextPattern(self.text, self.is_quoted)

    def number(self, language: str) -> NumberRange | None:
        """The key as numbers, unless quotes forbid it."""
        return None if self.is_quoted else read_number_line(self.text, language=language)


def read_key(source: str) -> Key:
    """Resolve escapes and quotes of one key."""
    source = " ".join(source.split())
    quoted = _QUOTED.fullmatch(source)
    inside = next((each for each in quoted.groups() if each is not None), "") if quoted else source
    text = " ".join(unescapeAll(inside).split())
    return Key(text, is_quoted=True) if quoted else Key(text.replace("…", "..."), is_quoted=False)


def is_right_word(key: Key, language: str) -> bool:
    """True for `richtig`: the remark for every right answer."""
    return not key.is_quoted and key.text.casefold() in spoken(RIGHT_WORDS, language)


def is_otherwise_word(key: Key, language: str) -> bool:
    """True for `sonst`: the remark for everything that is not named otherwise."""
    return not key.is_quoted and key.text.casefold() in spoken(OTHERWISE_WORDS, language)


def read_precedence(key: Key, language: str) -> Precedence | None:
    """`4 vor 2`, positions from 0; None when the key is anything else."""
    words = "|".join(map(re.escape, spoken(BEFORE_WORDS, language)))
    found = re.fullmatch(rf"(\d{{1,3}})\.?\s+(?:{words})\s+(\d{{1,3}})\.?", key.text, re.IGNORECASE)
    if found is None or key.is_quoted:
        return None
    return Precedence(int(found[1]) - 1, int(found[2]) - 1)


def split_gap_number(source: str) -> tuple[int | None, str]:
    """The gap, from 1, that an expected mistake names (`2: Termin`), and the rest."""
    found = _GAP_PREFIX.match(source)
    if found is None:
        return None, source
    return int(found[1] or found[2]), source[found.end() :]


def escaped_key(text: str) -> str:
    """Plain text as key source: what would be an escape, an entity, a gap or an opening quote stays as it is."""
    source = _GAP_OPENING.sub(r"\\[", text.replace("\\", "\\\\"))
    source = _ENTITY.sub(r"\\&", source)
    return _OPENING_QUOTES.get(source[:1], source[:1]) + source[1:]


def write_key(pattern: TextPattern | NumberRange, *, must_be_text: bool = False) -> str:
    """The source of a key; in quotes where the author wrote some, or where it would be read as something else."""
    if isinstance(pattern, NumberRange):
        return write_number(pattern)
    source = escaped_key(pattern.text)
    if not pattern.is_quoted and not must_be_text:
        return source
    inside = _ESCAPE_OR_QUOTE.sub(lambda found: '\\"' if found[0] == '"' else found[0], source)
    return f'"{inside}"'


def write_gap_key(gap: int | None, key: str) -> str:
    """An expected mistake of the gap at position `gap`, or of any gap: there `2:` at its beginning is text."""
    if gap is not None:
        return f"{gap + 1}: {key}"
    return re.sub(r"^(\d{1,3}\s*):", r"\1\\:", key)


def reads_as_number(text: str) -> bool:
    """True when some language reads the text as a number line."""
    return any(read_number_line(text, language=language) is not None for language in ("de", "en"))

"""Answer signs at the start of a list item, and what merely looks like one.

Knows single lines only; which list is the answer list is decided in `quizzes.structure`.
"""

import re
from enum import StrEnum
from typing import Final


class Sign(StrEnum):
    """What an item of an answer list begins with."""

    RADIO = "( )"
    RADIO_RIGHT = "(x)"
    BOX = "[ ]"
    BOX_RIGHT = "[x]"
    ACCEPTED = "="
    MISTAKE = "!"


class Family(StrEnum):
    """Signs that may stand together in one list."""

    RADIO = "radio"
    BOX = "box"
    TYPED = "typed"


FAMILY_OF: Final = {
    Sign.RADIO: Family.RADIO,
    Sign.RADIO_RIGHT: Family.RADIO,
    Sign.BOX: Family.BOX,
    Sign.BOX_RIGHT: Family.BOX,
    Sign.ACCEPTED: Family.TYPED,
    Sign.MISTAKE: Family.TYPED,
}

_SIGN: Final = re.compile(r"(\( \)|\([xX]\)|\[ \]|\[[xX]\]|=|!)(?:[ \t\n]+|$)")

# White space that the eye takes for a space: no-break, narrow, zero-width, soft hyphen, byte order mark.
_BLANK: Final = "[\\s\u00ad\u200b-\u200f\u2060\ufeff]*"
_TICK: Final = "[xXхХχΧ×✕✖✗✘✓✔☑☒]"
_BRACKETS: Final = rf"[(\[（［﹙⦅]{_BLANK}{_TICK}?{_BLANK}[)\]）］﹚⦆]"
_BULLET: Final = r"[-+*‐‑‒–—―−•·◦▪‣∙●]"
_BOXES: Final = "[☐☑☒□■▢◯○◉✓✔✗✘]"

_NEAR_ITEM: Final = re.compile(
    rf"{_BLANK}(?:[*_]{{1,3}})?{_BRACKETS}(?!\[|\(\S|:)(?:[*_]{{1,3}})?"
    rf"|{_BLANK}{_BOXES}(?:\s|$)"
    rf"|{_BLANK}[=＝][^\s=>]"
    rf"|{_BLANK}＝"
    rf"|[\s\u200b\ufeff]+[=!]\s"
)
_NEAR_MISTAKE: Final = re.compile(rf"{_BLANK}(?:![^\s!\[]|！)")
_NEAR_LINE: Final = re.compile(
    rf"{_BLANK}(?:{_BULLET}|\d{{1,9}}[.)]){_BLANK}(?:{_BRACKETS}(?!\[|\(\S|:)|{_BOXES}\s|[=＝]\s|!\s)"
    rf"|{_BLANK}[‐‑‒–—―−•·◦▪‣∙●]\s+\S.*\s(?:->|→)(?:\s|$)"
)
_NEAR_BARE_LINE: Final = re.compile(rf"{_BLANK}(?:{_BRACKETS}(?:\s|$)(?!\s*[\[(]))")
_NEAR_ARROW: Final = re.compile(
    r"(?:^|\s)(?:[–—−]+>|-{2,}>|=>|⇒|➔|➜|➝|⟶|-&gt;|-\s>)(?:\s|$)|[^\s<-]->\S|\S->(?:\s|$)|(?:^|\s)->\S|\u00a0->|->\u00a0|\S→\S"
)


def read_sign(content: str) -> tuple[Sign, int] | None:
    """The sign that `content` starts with and the length of sign and white space, or None."""
    found = _SIGN.match(content)
    if found is None:
        return None
    return Sign(found[1].replace("X", "x")), found.end()


def is_near_sign(content: str) -> bool:
    """True for an item without a sign that its author surely meant to have one: `()`, `[]`, `( x)`, `(x)Wort`."""
    return _NEAR_ITEM.match(content) is not None


def is_near_mistake(content: str) -> bool:
    """True for `!576`. Only asked beside other typed answers, for prose may begin with an exclamation mark."""
    return _NEAR_MISTAKE.match(content) is not None


def is_near_line(line: str) -> bool:
    """True for a line of prose that looks like a whole answer line: `-(x) ja`, `– (x) ja`, `• [ ] ja`."""
    return _NEAR_LINE.match(line) is not None


def is_near_bare_line(line: str) -> bool:
    """True for a line of prose that begins with a sign, its bullet forgotten: `(x) ja`."""
    return _NEAR_BARE_LINE.match(line) is not None


def is_near_pair(content: str) -> bool:
    """True for an item whose arrow is not one: `a –> b`, `a => b`, `a->b`."""
    return _NEAR_ARROW.search(content) is not None

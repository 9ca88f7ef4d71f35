"""The running text of a document: blocks with their lines, sentences, words. It measures; it does not judge.

German sentences are split with an eye on abbreviations ("z. B.", "§ 84 Abs. 1") and ordinals ("der 2. Schritt").
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from markdown_it.token import Token

# Stands for code, addresses and gaps: one word that says nothing, so that no check of prose can stumble over it.
PLACEHOLDER = "\ufffc"

_WORD = re.compile(rf"[\w{PLACEHOLDER}]\S*")


class Place(StrEnum):
    """Where a block of text stands."""

    PARAGRAPH = "paragraph"
    ITEM = "item"
    HEADING = "heading"
    CELL = "cell"


@dataclass(frozen=True, slots=True)
class Block:
    """The visible text of one inline token. `line` is its first line in the file (from 1).

    `breaks` are the offsets in `text` at which a further source line begins. `is_quoted` tells that it stands in a
    quote or box. `is_list_item` that it stands in a list, at whatever depth.
    """

    place: Place
    text: str
    line: int
    breaks: tuple[int, ...] = ()

    def line_at(self, offset: int) -> int:
        """The line in the file of the character at `offset`."""
        return self.line + sum(1 for start in self.breaks if start <= offset)

    @property
    def words(self) -> int:
        """How many words a reader reads here."""
        return count_words(self.text)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a block; `start` is its offset there, `words` how many words a reader reads."""

    text: str
    start: int
    block: Block
    words: int

    @property
    def line(self) -> int:
        """The line in the file on which the sentence begins."""
        return self.block.line_at(self.start)


def count_words(text: str) -> int:
    """Words as a reader counts them: "Wenn-dann-Plan" is one, "1.006,00" is one, "§" is none."""
    return len(_WORD.findall(text))


def blocks(tokens: Sequence[Token], *, first_line: int = 1) -> Iterator[Block]:
    """The text of every inline token in `tokens`; `first_line` helps where tokens carry no map of their own."""
    line = first_line
    place = Place.PARAGRAPH
    depth_of_lists = 0
    for token in tokens:
        if token.map:
            line = token.map[0] + 1
        match token.type:
            case "list_item_open":
                depth_of_lists += 1
            case "list_item_close":
                depth_of_lists -= 1
            case "heading_open":
                place = Place.HEADING
            case "th_open" | "td_open" | "dt_open":
                place = Place.CELL
            case "heading_close" | "th_close" | "td_close" | "dt_close":
                place = Place.PARAGRAPH
            case "inline":
                here = Place.ITEM if depth_of_lists and place is Place.PARAGRAPH else place
                text, breaks = visible_text(token)
                if text.strip():
                    yield Block(here, text, line, breaks)
            case _:
                pass


def visible_text(inline: Token) -> tuple[str, tuple[int, ...]]:
    """The text of an inline token as a reader sees it, with the offsets of its further source lines.

    Code, bare addresses, gaps and entries from registers become a placeholder; pictures and footnote marks nothing.
    """
    parts: list[str] = []
    breaks: list[int] = []
    length = 0
    in_address = False
    for child in inline.children or ():
        match child.type:
            case "text" | "text_special" | "arrow":
                piece = "" if in_address else child.content
            case "softbreak" | "hardbreak":
                piece = " "
                breaks.append(length + 1)
            case "link_open":
                in_address = child.info == "auto" or child.markup in (
                    "autolink",
                    "linkify",
                )
                piece = PLACEHOLDER if in_address else ""
            case "link_close":
                in_address, piece = False, ""
            case "code_inline" | "local" | "fact" | "gap":
                piece = PLACEHOLDER
            case _:
                piece = ""
        parts.append(piece)
        length += len(piece)
    return _ADDRESS.sub(_blank, "".join(parts)), tuple(breaks)


_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\w+")


def _blank(match: re.Match[str]) -> str:
    """As many placeholders as characters, so that the offsets of line breaks stay true."""
    return PLACEHOLDER * len(match[0])


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Abbreviations after which a sentence goes on, whatever follows. Compared in lower case, without the final full stop.
_ABBREVIATIONS = _words(
    """abb allg aufl az begr betr bez bspw buchst bzgl bzw ca co dgl dipl dr ebd einschl engl entspr evtl exkl fa ff frz
    geb gem ggf ggfs ggü hrsg inkl insb jh kfm lfd lt max mind mio mr mrd mrs ms mwst od parl prof sog spez str tel tsd
    u usf usw vgl vs wg zzgl ziff e.g i.e cf dept est approx inc"""
)
# These are abbreviations only before a number: "Art. 6", but "auf diese Art. Danach …".
_BEFORE_NUMBERS = _words(
    "abb abs art bd fig hs kap lit min nr nrn no para pos rd rn rz s sec st std tab vol zif ziff § §§"
)
_MAY_END = _words("usw etc dgl ff usf")
_DETERMINERS = _words(
    """am ab bis das dem den der des die dieser diesem diesen dieses ein eine einem einen einer eines im ins ihr ihre
    ihrem ihren ihrer jede jedem jeden jeder jedes mein nach seit sein seine seinem seinen seiner unser unserem vom vor
    zu zum zur zwischen und oder"""
)
_MONTHS = _words(
    """januar jänner februar märz april mai juni juli august september oktober november dezember jan feb apr aug sept
    okt nov dez"""
)
_END = re.compile(r"[.!?…]+[\"“”»«‘’')\]]*(?=\s+(\S+))")
# No word is longer, so that a look back stays short in a text without spaces.
_FARTHEST_BACK = 80
_OPENING_MARKS = "\"„“‚‘»«'([/"


def sentences(block: Block, *, language: str = "de") -> tuple[Sentence, ...]:
    """The sentences of a block. A colon or semicolon ends none; a quotation ends one like any other text."""
    found: list[Sentence] = []
    start = 0
    for match in _END.finditer(block.text):
        if _ends_sentence(block.text, match, language=language):
            found.append(_sentence(block, start, match.end()))
            start = match.end()
    found.append(_sentence(block, start, len(block.text)))
    return tuple(sentence for sentence in found if sentence.text)


def _sentence(block: Block, start: int, end: int) -> Sentence:
    raw = block.text[start:end]
    text = raw.strip()
    return Sentence(text, start + len(raw) - len(raw.lstrip()), block, count_words(text))


def _ends_sentence(text: str, match: re.Match[str], *, language: str) -> bool:
    following = match[1].lstrip(_OPENING_MARKS)
    if following[:1].islower():
        return False
    if match[0][0] != "." or match[0].startswith(".."):
        return True
    previous, word = _words_before(text, match.start())
    if word.isdecimal() and language.startswith("de"):
        return not _is_ordinal(word, previous, following)
    if all(len(letter) == 1 and letter.isalpha() for letter in word.split(".")):
        return False
    if word in _MAY_END:
        return True
    if word in _BEFORE_NUMBERS:
        return not following[:1].isdigit()
    return word not in _ABBREVIATIONS


def _words_before(text: str, end: int) -> tuple[str, str]:
    """The last two words before `end` in lower case, without opening marks; empty where there are none."""
    parts = text[max(0, end - _FARTHEST_BACK) : end].rsplit(None, 2)
    words = ["", "", *(part.strip(_OPENING_MARKS).casefold() for part in parts[-2:])]
    return words[-2], words[-1]


def _is_ordinal(number: str, previous: str, following: str) -> bool:
    """So are "am 3. Tag", "1. November" and a number that opens the text; not "in Schritt 3. Danach …"."""
    if following.rstrip(".,;:)").casefold() in _MONTHS or following[:1].isdigit():
        return True
    return len(number) <= 2 and (not previous or previous.rstrip(".") in _DETERMINERS or previous.isdecimal())

"""Legal citations in prose ("§ 84 Abs. 1 SGG", "SGB II §§ 32, 59"): where they stand and which act they name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_ACT = (
    r"(?:[A-ZÄÖÜ][\wÄÖÜäöüß-]*[A-ZÄÖÜ][\w-]*|GG|Grundgesetz\w*|\w+(?:gesetz|ordnung|verordnung)\w*)"
    r"(?:\s(?:[IVX]+|\d{1,2})\b)?"
)
_PART = (
    r"(?:Abs(?:\.|atz)|Unterabs(?:\.|atz)|S(?:\.|atz)|Nr(?:\.|n\.)|Nummer|Halbs(?:\.|atz)|Hs\.|"
    r"Buchst(?:\.|abe)|lit\.|Var\.|Alt\.)"
)
_NUMBER = r"\d+[a-z]?\b(?:\s?ff?\.)?"
_DETAIL = rf"(?:\s{_PART}\s?(?:\d+[a-z]?|[a-z])\b)*(?:\s\(\d+\))*"
_LIST = rf"{_NUMBER}{_DETAIL}(?:(?:,|\s?und|\s?bis|\s?sowie|\s?[–-]|\s?and|\s?to)\s?{_NUMBER}{_DETAIL})*"
_SIGN = r"(?:§§?|Art(?:\.|ikeln?)|Articles?|Sections?)"
_CITATION = re.compile(
    rf"(?P<act_before>{_ACT})\s{_SIGN}\s?{_LIST}|"
    rf"{_SIGN}\s?{_LIST}(?:(?:\s(?:des|der|of the))?(?:\s[A-ZÄÖÜ]\w+en)?\s(?P<act_after>{_ACT}))?"
)
_SIGNS = ("§", "Art", "Section")


@dataclass(frozen=True, slots=True)
class Citation:
    """One citation in a text; `act` is its short name ("SGB II"), empty where the text names none with it."""

    text: str
    act: str
    start: int
    end: int


def citations(text: str) -> Iterator[Citation]:
    """All citations of a text in their order."""
    if not any(sign in text for sign in _SIGNS):
        return  # Most sentences cite nothing, and the pattern is a costly one.
    for match in _CITATION.finditer(text):
        act = match["act_before"] or match["act_after"] or ""
        yield Citation(match[0], " ".join(act.split()), match.start(), match.end())


def without_citations(text: str, *, filler: str) -> str:
    """The text with every character of a citation replaced by `filler`, so that places stay the same."""
    for citation in citations(text):
        text = text[: citation.start] + filler * (citation.end - citation.start) + text[citation.end :]
    return text

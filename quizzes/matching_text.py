"""When a typed text counts as an accepted one: equal after normalising, or fitting a pattern with `...`.

Normalising: Unicode NFC, outer white space dropped and inner runs collapsed, ß as ss, case folded unless case counts,
typographic quotes as straight ones, final `.`, `!` and `?` dropped.
"""

import unicodedata

from quizzes.questions import TextPattern

WILDCARD = "..."
_QUOTES = str.maketrans(
    {"„": '"', "“": '"', "”": '"', "«": '"', "»": '"', "‚": "'", "‘": "'", "’": "'", "‹": "'", "›": "'"}
)
_FINAL_MARKS = ".!?"


def normalised(text: str, *, keep_case: bool) -> str:
    """The text as it is compared. `keep_case` is the attribute `case=yes`."""
    return _without_final_marks(_folded(text, keep_case=keep_case))


def fits(pattern: TextPattern, text: str, *, keep_case: bool) -> bool:
    """True when `text` counts as `pattern`. `...` stands for any text, also none; in quotes it is literal."""
    typed = _folded(text, keep_case=keep_case)
    pieces = [pattern.text] if pattern.is_quoted else pattern.text.replace("…", WILDCARD).split(WILDCARD)
    wanted = [_folded(piece, keep_case=keep_case) for piece in pieces]
    if len(wanted) == 1:
        return _without_final_marks(typed) == _without_final_marks(wanted[0])
    if wanted[-1]:
        wanted[-1] = _without_final_marks(wanted[-1])
        typed = _without_final_marks(typed)
    return _contains_in_order(typed, first=wanted[0], middle=wanted[1:-1], last=wanted[-1])


def _folded(text: str, *, keep_case: bool) -> str:
    one_line = " ".join(unicodedata.normalize("NFC", text).split()).translate(_QUOTES)
    folded = one_line.replace("ß", "ss").replace("ẞ", "SS") if keep_case else one_line.casefold()
    # Folding can take a composed letter apart again ("İ"), so the normal form is restored.
    return unicodedata.normalize("NFC", folded)


def _without_final_marks(text: str) -> str:
    return text.rstrip(_FINAL_MARKS + " ") or text


def _contains_in_order(text: str, *, first: str, middle: list[str], last: str) -> bool:
    if len(first) + len(last) > len(text) or not text.startswith(first) or not text.endswith(last):
        return False
    start, end = len(first), len(text) - len(last)
    for piece in middle:
        found = text.find(piece, start, end)
        if found < 0:
            return False
        start = found + len(piece)
    return True

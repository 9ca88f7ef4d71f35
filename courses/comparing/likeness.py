"""How much two texts resemble each other, for telling a changed text from another one."""

import difflib
import re
from collections.abc import Iterable, Iterator

SAME = 0.8
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def is_alike(before: str, after: str) -> bool:
    """Whether at least 80 % of two texts are equal, white space and case aside."""
    one, other = " ".join(before.casefold().split()), " ".join(after.casefold().split())
    if one == other:
        return True
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    # The first two are upper bounds and cheap, the third one counts.
    return matcher.real_quick_ratio() >= SAME and matcher.quick_ratio() >= SAME and matcher.ratio() >= SAME


def says_the_same(before: str, after: str) -> bool:
    """Whether two answers are alike and name the same numbers: another number is another answer."""
    return _NUMBER.findall(before) == _NUMBER.findall(after) and is_alike(before, after)


def alike_pairs(removed: Iterable[tuple[str, str]], added: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Of `(name, text)` that went and that came: the names whose texts are alike, each name once."""
    left = dict(added)
    for name, text in removed:
        match = next((other for other, its_text in left.items() if is_alike(text, its_text)), None)
        if match is not None:
            del left[match]
            yield name, match

"""Puts written parts together: the page as one piece through the sanitiser, then apart again at its cuts.

Sanitising the whole is what allows a cut in the middle of a paragraph: each piece alone would be repaired.
"""

import re

from courses.rendering.escape import CUT_CLOSES, CUT_OPENS
from courses.rendering.prose import Cut, Prose
from courses.rendering.sanitize import sanitized

_CUT = re.compile(f"{CUT_OPENS}[0-9]+{CUT_CLOSES}")


class BrokenPage(Exception):
    """Sanitising moved or swallowed a cut. Rendering wrote something that is not HTML: a mistake in this program."""


def assembled(prose: Prose) -> tuple[str, ...]:
    """The sanitised HTML between the cuts: one piece more than there are cuts, in their order."""
    parts: list[str] = []
    cuts = 0
    for part in prose.parts:
        if isinstance(part, Cut):
            parts.append(f"{CUT_OPENS}{cuts}{CUT_CLOSES}")
            cuts += 1
        else:
            parts.append(part)
    html = sanitized("".join(parts))
    pieces = tuple(_CUT.split(html))
    if len(pieces) != cuts + 1:
        raise BrokenPage(f"{cuts} cuts became {len(pieces) - 1}")
    return pieces


def cuts_of(prose: Prose) -> list[object]:
    """What stands at the cuts, in order."""
    return [part.content for part in prose.parts if isinstance(part, Cut)]

"""The one place that tells templates which text is finished HTML. Everything else that a page prints is escaped."""

import re

from markupsafe import Markup

TAG = re.compile(r"<[^>]*>")
ALTERNATIVE_TEXT = re.compile(r"""<img\b[^>]*\balt="([^"]*)"[^>]*>""")


def finished_html(html: str) -> Markup:
    """HTML that `courses.render` has sanitised, to be printed as it is. Never give it anything else."""
    return Markup(html)


def plain_text(html: str) -> str:
    """The words of finished HTML, for places that hold text only, such as the choices of a drop-down."""
    words = TAG.sub("", ALTERNATIVE_TEXT.sub(r" \1 ", html))
    return " ".join(Markup(words).unescape().split())

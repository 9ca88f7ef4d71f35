"""Words of the command line that are kept: read like the lines of forms, and refused where they do not fit."""

import click

from learning.web.forms import typed_line


class Line(click.ParamType[str]):
    """A text of one line without control characters, of `longest` signs at most; an empty one only if it may be."""

    name = "text"

    def __init__(self, longest: int, *, may_be_empty: bool = False) -> None:
        self.longest, self.may_be_empty = longest, may_be_empty

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text as it is kept."""
        typed = str(value)
        text = typed_line({"typed": typed}, "typed", longest=len(typed))
        if not text and not self.may_be_empty:
            self.fail("Hier fehlt ein Text.", param, ctx)
        if len(text) > self.longest:
            self.fail(f"Das sind {len(text)} Zeichen; Platz ist für {self.longest}.", param, ctx)
        return text


HR_KEY = Line(64)
NAME = Line(200)
MAIL = Line(254)

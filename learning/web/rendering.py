"""The one place that tells templates which text is finished HTML. Everything else that a page prints is escaped."""

import re
from collections.abc import Iterable

from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup, escape

from learning.language import translations

CODE = re.compile(r"`([^`]+)`")
TAG = re.compile(r"<[^>]*>")
ALTERNATIVE_TEXT = re.compile(r"""<img\b[^>]*\balt="([^"]*)"[^>]*>""")


def finished_html(html: str) -> Markup:
    """HTML that `courses.rendering.render` has sanitised, to be printed as it is. Never give it anything else."""
    return Markup(html)


def plain_text(html: str) -> str:
    """The words of finished HTML, for places that hold text only, such as the choices of a drop-down."""
    words = TAG.sub("", ALTERNATIVE_TEXT.sub(r" \1 ", html))
    return " ".join(finished_html(words).unescape().split())


def joined(parts: Iterable[Markup | str]) -> Markup:
    """The parts one behind the other; those that are not finished are escaped."""
    return Markup("").join(parts)


def sentence(pattern: str, **values: Markup | str) -> Markup:
    """A sentence of ours whose `%(name)s` become `values`, finished HTML as it is and all else escaped."""
    return escape(pattern) % {name: escape(value) for name, value in values.items()}


@pass_eval_context
def text_in_template(where: EvalContext, text: str, **values: object) -> str:
    """`_(…)` of templates: a text of ours in the language of the request, its values escaped.

    Like Jinja's own, which asks for the whole context and so lets each macro that says something copy all of it.
    """
    found = translations().gettext(text)
    return (Markup(found) if where.autoescape else found) % values


@pass_eval_context
def counted_text_in_template(where: EvalContext, singular: str, plural: str, num: int, **values: object) -> str:
    """`ngettext(…)` of templates: the form for `num` things, which is also the value `%(num)d`."""
    found = translations().ngettext(singular, plural, num)
    return (Markup(found) if where.autoescape else found) % {"num": num, **values}


def mark(word: str) -> Markup:
    """A word that was searched for."""
    return Markup("<mark>{}</mark>").format(word)


def open_entry(text: str) -> Markup:
    """What still has to be filled in, inside running text."""
    return Markup('<span class="local local--open">[{}]</span>').format(text)


def gap_number(number: int) -> Markup:
    """The place of a gap in a text that is only read."""
    return Markup('<span class="gap-number">{}</span>').format(number)


def with_code(text: str) -> Markup:
    """A message of ours in which `…` marks what is written exactly like that."""
    return finished_html(CODE.sub(r"<code>\1</code>", str(escape(text))))

"""Task lists outside questions: something to tick on paper, never a form field on the screen."""

from collections.abc import Sequence

from markdown_it.token import Token

from courses.markdown.plain_text import end_of
from courses.rendering.escape import escape_attribute, escape_text
from courses.rendering.prose import BLOCK_RULES, BlockRule, Prose


def is_checklist(list_open: Token) -> bool:
    """True when at least one item of the list begins with `[ ]` or `[x]`."""
    return "contains-task-list" in str(list_open.attrs.get("class", ""))


def _list(prose: Prose, tokens: Sequence[Token], start: int) -> int:
    opening = tokens[start]
    if not is_checklist(opening):
        return BLOCK_RULES[opening.type](prose, tokens, start)
    end = end_of(tokens, start)
    label = escape_attribute(prose.page.phrases.checklist)
    prose.html(f'<{opening.tag} class="checklist" aria-label="{label}">')
    prose.blocks(tokens[start + 1 : end])
    prose.html(f"</{opening.tag}>\n")
    return end + 1


def _item(prose: Prose, tokens: Sequence[Token], start: int) -> int:
    checked = tokens[start].meta.get("checked") if tokens[start].meta else None
    if checked is None:
        return BLOCK_RULES["list_item_open"](prose, tokens, start)
    end = end_of(tokens, start)
    box = "checklist__box checklist__box--done" if checked else "checklist__box"
    prose.html(f'<li class="checklist__item"><span class="{box}" aria-hidden="true"></span><div>')
    if checked:
        prose.html(f'<span class="for-ear">{escape_text(prose.page.phrases.done)} </span>')
    prose.blocks(tokens[start + 1 : end])
    prose.html("</div></li>\n")
    return end + 1


RULES: dict[str, BlockRule] = {"bullet_list_open": _list, "ordered_list_open": _list, "list_item_open": _item}

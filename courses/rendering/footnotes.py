"""Footnotes: a number in the text, the note at the end of the page, and the way back.

Numbers follow the order of reading. A note that only a question refers to is left out: it would print the solution.
"""

from collections.abc import Collection, Sequence

from markdown_it.token import Token

from courses.markdown.plain_text import end_of
from courses.rendering.escape import escape_attribute, escape_text
from courses.rendering.prose import FootnoteUse, PhraseRule, Prose


def write_footnotes(prose: Prose, tokens: Sequence[Token], *, only: Collection[str] | None = None) -> None:
    """Write the notes that the page refers to; nothing when there are none.

    `only` names the places of references (their ids) that count: those of one job aid.
    """
    notes = _notes(tokens)
    written: list[int] = []
    before = len(prose.parts)
    # A note may refer to another note, so the list can grow while it is written.
    while waiting := [key for key, use in prose.page.footnotes.items() if key not in written and _places(use, only)]:
        for key in waiting:
            written.append(key)
            _note(prose, notes.get(key, ()), key=key, only=only)
    if written:
        label = escape_attribute(prose.page.phrases.footnotes)
        prose.parts.insert(before, f'<section class="footnotes" aria-label="{label}"><ol>\n')
        prose.html("</ol></section>\n")


def _places(use: FootnoteUse, only: Collection[str] | None) -> list[str]:
    """The ids of the places that refer to a note."""
    places = (_place(use.number, reference) for reference in range(1, use.references + 1))
    return [place for place in places if only is None or place in only]


def _notes(tokens: Sequence[Token]) -> dict[int, Sequence[Token]]:
    """The content of each note by the parser's own number, without the parser's ways back."""
    return {
        int(token.meta["id"]): [
            one for one in tokens[index + 1 : end_of(tokens, index)] if one.type != "footnote_anchor"
        ]
        for index, token in enumerate(tokens)
        if token.type == "footnote_open"
    }


def _note(prose: Prose, content: Sequence[Token], *, key: int, only: Collection[str] | None) -> None:
    number = prose.page.footnotes[key].number
    prose.html(f'<li id="fussnote-{number}" value="{number}">')
    back = Token("footnote_back", "", 0, meta={"key": key, "only": only})
    if len(content) >= 3 and content[-1].type == "paragraph_close":
        last = content[-2].copy(children=[*(content[-2].children or ()), back])
        prose.blocks([*content[:-2], last, content[-1]])
    else:
        prose.blocks(content)
        prose.html("<p>")
        prose.phrases([back])
        prose.html("</p>")
    prose.html("</li>\n")


def _reference(prose: Prose, token: Token) -> None:
    if prose.is_question:
        return
    uses = prose.page.footnotes
    use = uses.setdefault(int(token.meta["id"]), FootnoteUse(len(uses) + 1))
    use.references += 1
    place = _place(use.number, use.references)
    name = escape_attribute(f"{prose.page.phrases.footnote} {use.number}")
    prose.html(f'<sup><a href="#fussnote-{use.number}" id="{place}" aria-label="{name}">{use.number}</a></sup>')


def _back(prose: Prose, token: Token) -> None:
    use = prose.page.footnotes[token.meta["key"]]
    places = _places(use, token.meta["only"])
    for number, place in enumerate(places, 1):
        words = prose.page.phrases.back_to_text + (f" ({number})" if len(places) > 1 else "")
        prose.html(f' <a href="#{place}">{escape_text(words)}</a>')


def _place(number: int, reference: int) -> str:
    return f"fussnote-{number}-stelle" if reference == 1 else f"fussnote-{number}-stelle-{reference}"


PHRASE_RULES: dict[str, PhraseRule] = {"footnote_ref": _reference, "footnote_back": _back}

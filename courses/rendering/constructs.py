"""All constructs of the course format in one place: which rule writes which token. A new construct is added here."""

from markdown_it.token import Token

from courses.rendering import boxes, checklists, entries, figures, footnotes, media, prose, tables
from courses.rendering.prose import Prose, Rules

GAP = object()


def _gap(page: Prose, _token: Token) -> None:
    page.cut(GAP)


RULES = Rules(
    blocks=prose.BLOCK_RULES | checklists.RULES | boxes.RULES | tables.RULES | figures.RULES,
    phrases=prose.PHRASE_RULES | figures.PHRASE_RULES | footnotes.PHRASE_RULES | entries.PHRASE_RULES | {"gap": _gap},
    paragraphs=(*figures.PARAGRAPH_RULES, *media.PARAGRAPH_RULES, *tables.PARAGRAPH_RULES),
)

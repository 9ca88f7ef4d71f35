"""Pictures: an image alone in its paragraph is a figure, its title the caption; a diagram as text keeps its text."""

from collections.abc import Sequence

from markdown_it.token import Token

from courses.markdown.plain_text import plain_text
from courses.rendering.escape import escape_attribute, escape_text
from courses.rendering.prose import BLOCK_RULES, BlockRule, ParagraphRule, PhraseRule, Prose

DECORATIVE = "decorative"
MERMAID = "mermaid"


def lone_image(children: Sequence[Token]) -> Token | None:
    """The image, when the paragraph holds nothing else."""
    rest = [child for child in children if child.type != "text" or child.content.strip()]
    return rest[0] if len(rest) == 1 and rest[0].type == "image" else None


def is_decorative(image: Token) -> bool:
    """True when the author wrote `{.decorative}` behind the image."""
    return DECORATIVE in str(image.attrs.get("class", "")).split()


def diagram_text(fence: Token) -> str | None:
    """The text alternative of a `mermaid` fence, empty when it is missing; None for every other fence."""
    language, _, text = fence.info.strip().partition(" ")
    return text.strip() if language == MERMAID else None


def _figure(prose: Prose, tokens: Sequence[Token], start: int) -> int | None:
    image = lone_image(tokens[start + 1].children or ())
    if image is None:
        return None
    if is_decorative(image):
        prose.html("<p>")
        _image(prose, image)
        prose.html("</p>\n")
        return start + 3
    prose.html("<figure>")
    _image(prose, image)
    caption = str(image.attrs.get("title", ""))
    if caption:
        prose.html(f"<figcaption>{escape_text(caption)}</figcaption>")
    prose.html("</figure>\n")
    return start + 3


def _image(prose: Prose, image: Token) -> None:
    text = "" if is_decorative(image) else plain_text(image.children or ())
    links = prose.page.links
    path = links.file(str(image.attrs.get("src", "")))
    if path is None:
        prose.html(f'<span class="missing">{escape_text(f"{prose.page.phrases.missing_image} {text}".strip())}</span>')
        return
    prose.html(f'<img src="{escape_attribute(links.address.media(path))}" alt="{escape_attribute(text)}">')


def _fence(prose: Prose, tokens: Sequence[Token], start: int) -> int:
    text = diagram_text(tokens[start])
    if text is None:
        return BLOCK_RULES["fence"](prose, tokens, start)
    prose.html("<figure>")
    BLOCK_RULES["fence"](prose, tokens, start)
    prose.html(f"<figcaption>{escape_text(text)}</figcaption></figure>\n" if text else "</figure>\n")
    return start + 1


PARAGRAPH_RULES: tuple[ParagraphRule, ...] = (_figure,)
PHRASE_RULES: dict[str, PhraseRule] = {"image": _image}
RULES: dict[str, BlockRule] = {"fence": _fence}

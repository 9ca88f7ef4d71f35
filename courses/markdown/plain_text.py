"""What a run of tokens says without its mark-up: for tables of contents, labels, counting words and search."""

from collections.abc import Iterable, Sequence

from markdown_it.token import Token

# A table cell or a paragraph ends a word, a change of emphasis does not.
_BREAKS = frozenset({"softbreak", "hardbreak"})
_SPOKEN = frozenset({"text", "code_inline"})
_BLOCKS_OF_CODE = frozenset({"fence", "code_block"})


def plain_text(children: Iterable[Token]) -> str:
    """The text of inline tokens; an image counts with its alternative text."""
    return "".join(_pieces(children)).strip()


def block_text(tokens: Sequence[Token]) -> str:
    """The text of block tokens, one line a block."""
    lines: list[str] = []
    for token in tokens:
        if token.type == "inline":
            lines.append(plain_text(token.children or ()))
        elif token.type in _BLOCKS_OF_CODE:
            lines.append(token.content.strip())
    return "\n".join(line for line in lines if line)


def _pieces(children: Iterable[Token]) -> Iterable[str]:
    for token in children:
        if token.type in _SPOKEN:
            yield token.content
        elif token.type in _BREAKS:
            yield " "
        elif token.type == "image":
            yield plain_text(token.children or ())


def end_of(tokens: Sequence[Token], start: int) -> int:
    """The index of the token that closes the one at `start` (itself when it opens nothing)."""
    end = start
    depth: int = tokens[start].nesting
    while depth > 0:
        end += 1
        depth += tokens[end].nesting
    return end

"""The glossary of a course or of a library: what its definition lists say."""

from collections.abc import Sequence

from markdown_it.token import Token

from courses.course import Term
from courses.markdown.plain_text import block_text, plain_text


def read_terms(tokens: Sequence[Token]) -> tuple[Term, ...]:
    """The entries of all definition lists of a glossary file; several definitions of a term become one text."""
    terms: list[Term] = []
    name, line = "", 0
    for index, token in enumerate(tokens):
        if token.type == "dt_open":
            name, line = plain_text(tokens[index + 1].children or ()), (token.map[0] + 1 if token.map else 0)
        elif token.type == "dd_open" and name:
            explanation = block_text(_until(tokens[index:], "dd_close"))
            if terms and (terms[-1].name, terms[-1].line) == (name, line):
                terms[-1] = Term(name, f"{terms[-1].explanation} {explanation}", line)
            else:
                terms.append(Term(name, explanation, line))
    return tuple(terms)


def _until(tokens: Sequence[Token], closing: str) -> Sequence[Token]:
    end = next((index for index, token in enumerate(tokens) if token.type == closing), len(tokens))
    return tokens[:end]

"""The question notation as a plugin of markdown-it: headings open questions and pools, their tokens become one token.

After parsing, `env["questions"]` is the `QuestionSet` of the document and `env["problems"]` the list of problems.
Each question is one token of type `question` with `meta["position"]`; what could not be understood is a token
`broken_question`, so that no solution ever shows. Optional in `env`: `language` (of the words in answers) and
`first_line` (the number of the text's first line).
"""

from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from quizzes.attributes import split_heading
from quizzes.dialect import GERMAN_QUOTES, Scope, base_markdown
from quizzes.outline import replace_questions
from quizzes.signs import read_sign
from quizzes.words import POOL_HEADING, QUESTION_HEADING

__all__ = ["GERMAN_QUOTES", "base_markdown", "question_markdown", "questions_plugin"]


def questions_plugin(md: MarkdownIt) -> None:
    """Read questions. Use this plugin last: the rule has to see what all others made of the text."""
    md.core.ruler.at("inline", _inline)
    md.core.ruler.push("questions", replace_questions)
    md.add_render_rule("question", _render_nothing)
    md.add_render_rule("broken_question", _render_nothing)


@cache
def question_markdown() -> MarkdownIt:
    """A shared parser of prose and questions, without what only courses know."""
    md = base_markdown()
    md.use(questions_plugin)
    return md


def _render_nothing(_self: object, _tokens: object, _index: int, _options: object, _env: object) -> str:
    """Questions are drawn by templates."""
    return ""


def _inline(state: StateCore) -> None:
    """Parse inlines, as markdown-it does, knowing for each whether it stands in a question."""
    scope = state.env["scope"] = Scope()
    tokens = state.tokens
    for position, token in enumerate(tokens):
        if token.level == 0 and token.type == "heading_open":
            scope.in_question = _open_section(token, tokens[position + 1])
        elif token.level == 0 and ends_question(token):
            scope.in_question = False
        elif token.type == "inline":
            scope.in_item = scope.in_question and _opens_item(tokens, position)
            token.children = token.children if token.children is not None else []
            state.md.inline.parse(token.content, state.md, state.env, token.children)
    scope.in_question = scope.in_item = False


def ends_question(token: Token) -> bool:
    """True for `---` and its like, but not for the writing line `___`."""
    return token.type == "hr" and not token.markup.startswith("_")


def _open_section(heading: Token, inline: Token) -> bool:
    """Cut keyword and braces off the heading of a question or pool, keeping them; True for a question."""
    question = QUESTION_HEADING.match(inline.content)
    found = question or POOL_HEADING.match(inline.content)
    if found is None:
        return False
    split = split_heading(inline.content[found.end() :])
    heading.meta["question" if question else "pool"] = (" ".join(found[1].split()), split)
    inline.content = split.text
    return question is not None


def _opens_item(tokens: list[Token], position: int) -> bool:
    """True for the first paragraph of an item of a top-level list; an answer sign there is cut off and kept."""
    if position < 2 or tokens[position - 1].type != "paragraph_open":
        return False
    item = tokens[position - 2]
    if item.type != "list_item_open" or item.level != 1:
        return False
    found = read_sign(tokens[position].content) if "checked" not in item.meta else None
    if found is not None:
        item.meta["sign"] = found[0]
        tokens[position].content = tokens[position].content[found[1] :]
    return True

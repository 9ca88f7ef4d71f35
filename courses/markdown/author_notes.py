"""Notes of authors to each other: `<!-- … -->` alone on its lines is no part of the text.

Only this one shape of raw HTML means something; everything else stays text.
"""

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock

_OPENING = "<!--"
_CLOSING = "-->"
# For each surrounding block (its indent and end): the line up to which every opening is known to stay unclosed. Without
# it a file of nothing but openings would be searched to its end once for each of them.
_HOPELESS = "author_notes_hopeless"


def author_notes_plugin(md: MarkdownIt) -> None:
    """Drop author notes before anything else looks at their lines; a note may end a paragraph or a list."""
    ends = ["paragraph", "reference", "blockquote", "list", "table", "footnote_def"]
    md.block.ruler.before("fence", "author_note", _author_note, {"alt": ends})


def _author_note(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:  # noqa: FBT001 the parser prescribes it
    if state.is_code_block(start_line) or not _line(state, start_line).startswith(_OPENING):
        return False
    last_line = _last_line_of_note(state, start_line, end_line)
    if last_line is None:
        return False
    if not silent:
        state.line = last_line + 1
    return True


def _last_line_of_note(state: StateBlock, start_line: int, end_line: int) -> int | None:
    """The line on which the note closes, with nothing behind it; None when it is no note of this shape."""
    hopeless: dict[tuple[int, int], int] = state.env.setdefault(_HOPELESS, {})
    block = (state.blkIndent, end_line)
    if start_line <= hopeless.get(block, -1):
        return None
    last_line, is_closed = _search(state, start_line, end_line)
    if is_closed:
        return last_line
    hopeless[block] = last_line
    return None


def _search(state: StateBlock, start_line: int, end_line: int) -> tuple[int, bool]:
    """The line at which the search for the closing mark ends, and whether the note closes there."""
    for line in range(start_line, end_line):
        # Inside a list item or a quote a note must not run out of it.
        if line > start_line and state.sCount[line] < state.blkIndent and not state.isEmpty(line):
            return line - 1, False
        text = _line(state, line)
        found = text.find(_CLOSING, len(_OPENING) if line == start_line else 0)
        if found >= 0:
            return line, not text[found + len(_CLOSING) :].strip()
    return end_line - 1, False


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]

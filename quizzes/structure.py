"""Which list of a question is the answer list, which is feedback, and what is the stem. Reports E304, E310, E322, W305.

Decides by signs and places only; what the items mean is read in `quizzes.answers`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from quizzes.answers import is_about_order, is_remark
from quizzes.blocks import Block, Item, joined, quote_passage, read_item, split_blocks
from quizzes.passages import Page
from quizzes.signs import FAMILY_OF, Family, Sign


class Role(StrEnum):
    """What a list may be to its question, judged by itself."""

    MARKED = "marked"
    PAIRS = "pairs"
    ORDERED = "ordered"
    PLAIN = "plain"


@dataclass(slots=True)
class AnswerList:
    """One list, or several that only quotes without indent had split. `first` and `last` are positions of blocks."""

    items: list[Item]
    first: int
    last: int
    role: Role
    families: frozenset[Family]
    line: int

    def has_only_mistakes(self, language: str) -> bool:
        """True for a list that may stand beside gaps as feedback."""
        return self.role is Role.MARKED and all(
            item.sign is Sign.MISTAKE or is_remark(item, language) for item in self.items
        )

    def is_only_about_order(self, language: str) -> bool:
        """True for a list that may stand beside an ordering as feedback."""
        return self.role is Role.MARKED and all(
            is_remark(item, language) or is_about_order(item, language) for item in self.items
        )

    def names_order(self, language: str) -> bool:
        """True for a list with a line about order, not only with remarks."""
        return any(is_about_order(item, language) for item in self.items)

    def has_only_remarks(self, language: str) -> bool:
        """True for a list that may stand beside pairs as feedback."""
        return self.role is Role.MARKED and all(is_remark(item, language) for item in self.items)


@dataclass(slots=True)
class Structure:
    """A question's blocks by their part. `role` None means: no answer list (gaps, or a field to write in).

    `stem` and `after` are positions of blocks; blocks of `answer` and `feedback` are in neither.
    """

    blocks: list[Block]
    answer: AnswerList | None = None
    role: Role | None = None
    feedback: list[Item] = field(default_factory=list)
    stem: list[int] = field(default_factory=list)
    after: list[int] = field(default_factory=list)
    has_gaps: bool = False


def read_lists(page: Page, blocks: Sequence[Block]) -> list[AnswerList]:
    """All top-level lists, those split by a quote without indent put together again."""
    lists: list[AnswerList] = []
    for position, block in enumerate(blocks):
        if block.type in {"bullet_list_open", "ordered_list_open"}:
            found = _read_list(page, block, position)
            if lists and _belongs_to(found, lists[-1], blocks):
                _take_in(page, lists[-1], found, blocks)
            else:
                lists.append(found)
    for each in lists:
        _take_quote_below(page, each, blocks)
    return lists


def _read_list(page: Page, block: Block, position: int) -> AnswerList:
    items = [read_item(page, each) for each in split_blocks(block.content)]
    signed = [item for item in items if item.sign is not None]
    families = frozenset(FAMILY_OF[item.sign] for item in signed if item.sign is not None)
    arrows = [item.arrow is not None for item in items if item.sign is None]
    # A step of an ordering may well mention an arrow; numbered pairs have one each.
    has_pairs = any(arrows) if block.type == "bullet_list_open" else bool(arrows) and all(arrows)
    if has_pairs and all(is_remark(item, page.language) for item in signed):
        role = Role.PAIRS
    elif signed:
        role = Role.MARKED
    else:
        role = Role.ORDERED if block.type == "ordered_list_open" else Role.PLAIN
    return AnswerList(items, position, position, role, families, block.first)


def _belongs_to(later: AnswerList, earlier: AnswerList, blocks: Sequence[Block]) -> bool:
    """True when only a quote (or nothing but an author's note) stands between two lists with the same signs."""
    between = blocks[earlier.last + 1 : later.first]
    is_near = len(between) <= 1 and all(block.type == "blockquote_open" for block in between)
    is_alike = later.role is earlier.role and later.role in {Role.MARKED, Role.PAIRS}
    return is_near and is_alike and (later.role is Role.PAIRS or later.families == earlier.families)


def _take_in(page: Page, earlier: AnswerList, later: AnswerList, blocks: Sequence[Block]) -> None:
    for block in blocks[earlier.last + 1 : later.first]:
        _take_quote(page, earlier.items[-1], block)
    earlier.items += later.items
    earlier.last = later.last


def _take_quote_below(page: Page, found: AnswerList, blocks: Sequence[Block]) -> None:
    """A quote directly below the last option, without a blank line, is its feedback."""
    position = found.last + 1
    if found.role not in {Role.MARKED, Role.PAIRS} or position >= len(blocks):
        return
    block = blocks[position]
    if block.type == "blockquote_open" and page.lines[block.first - 1].strip():
        _take_quote(page, found.items[-1], block)
        found.last = position


def _take_quote(page: Page, item: Item, block: Block) -> None:
    page.report("W305", block.first, column=page.column(block.first, ">"))
    item.feedback = joined(item.feedback, quote_passage(page, block))
    item.feedback_blocks.append(block)


def read_structure(page: Page, blocks: list[Block], *, gap_blocks: Sequence[int], heading: int) -> Structure | None:
    """Find the answer list and what stands around it; None after reporting that there is none or too many.

    `gap_blocks` are the positions of the blocks that hold gaps, `heading` the line of the question's heading.
    """
    lists = read_lists(page, blocks)
    writing_line = next((position for position, block in enumerate(blocks) if block.is_writing_line), None)
    may_be_ordering = not gap_blocks and writing_line is None and any(each.role is Role.ORDERED for each in lists)
    feedback = _feedback_lists(page, lists, has_gaps=bool(gap_blocks), may_be_ordering=may_be_ordering)
    marked = [each for each in lists if each.role is Role.MARKED and each not in feedback]
    is_ordering = may_be_ordering and any(each.names_order(page.language) for each in feedback)
    if not marked and not is_ordering:
        marked = [each for each in lists if each.role is Role.PAIRS]
    for each in marked[1:]:
        page.report("E322", each.line, parameters={"first": page.number(marked[0].line)})
    if marked and gap_blocks:
        page.report("E310", marked[0].line, parameters={"gap": page.number(blocks[gap_blocks[0]].first)})
    if len(marked) > 1 or (marked and gap_blocks):
        return None
    answer = marked[0] if marked else None
    if answer is None and may_be_ordering:
        answer = next((each for each in reversed(lists) if each.role is Role.ORDERED), None)
    if answer is None and not gap_blocks and writing_line is None:
        page.report("E304", heading)
        return None
    structure = Structure(blocks, answer, answer.role if answer else None, has_gaps=bool(gap_blocks))
    structure.feedback = [item for each in feedback for item in each.items]
    taken = {position for each in feedback for position in range(each.first, each.last + 1)}
    _divide(structure, taken, gap_blocks=gap_blocks, writing_line=writing_line)
    return structure


def _feedback_lists(
    page: Page, lists: Sequence[AnswerList], *, has_gaps: bool, may_be_ordering: bool
) -> list[AnswerList]:
    """Lists that only explain mistakes: beside gaps, beside an ordering, beside pairs."""
    language = page.language
    if has_gaps:
        return [each for each in lists if each.has_only_mistakes(language)]
    about_order = [each for each in lists if may_be_ordering and each.is_only_about_order(language)]
    if any(each.names_order(language) for each in about_order) or not any(each.role is Role.PAIRS for each in lists):
        candidates = about_order
    else:
        candidates = [each for each in lists if each.has_only_remarks(language)]
    is_alone = all(each in candidates for each in lists if each.role is Role.MARKED)
    return candidates if is_alone else []


def _divide(structure: Structure, taken: set[int], *, gap_blocks: Sequence[int], writing_line: int | None) -> None:
    """Put every block that is neither answer nor feedback before or after."""
    if structure.answer is not None:
        start, end = structure.answer.first, structure.answer.last + 1
    elif gap_blocks:
        in_text = [each for each in gap_blocks if each not in taken and not structure.blocks[each].is_hint]
        start = end = _end_of_cloze(structure.blocks, taken, last_gap=max(in_text, default=-1))
    else:
        assert writing_line is not None
        start, end = writing_line, writing_line + 1
    structure.stem = [position for position in range(start) if position not in taken]
    structure.after = [position for position in range(end, len(structure.blocks)) if position not in taken]


def _end_of_cloze(blocks: Sequence[Block], taken: set[int], *, last_gap: int) -> int:
    """The first block after the last gap that is a quote, a hint or feedback: there the text with gaps is over."""
    for position in range(last_gap + 1, len(blocks)):
        if position in taken or blocks[position].type == "blockquote_open" or blocks[position].is_hint:
            return position
    return len(blocks)

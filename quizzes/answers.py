"""The answer list of a question: from list items to what is right. One function a kind; E3xx codes of lists."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from markdown_it.token import Token

from quizzes.blocks import Item, joined
from quizzes.gaps import is_numeric
from quizzes.keys import Key, is_otherwise_word, is_right_word, read_key, read_precedence, split_gap_number
from quizzes.numbers import looks_numeric, number_fault
from quizzes.passages import Page, as_one_paragraph, as_paragraph, as_quoted, passage, shortened
from quizzes.questions import (
    Accepted,
    Answer,
    Cloze,
    Gap,
    GapMistake,
    Matching,
    Mistake,
    MultipleChoice,
    NumberInput,
    NumberRange,
    Option,
    Ordering,
    Pair,
    Passage,
    Precedence,
    Remarks,
    ShortText,
    SingleChoice,
    TextPattern,
)
from quizzes.signs import FAMILY_OF, Family, Sign


@dataclass(frozen=True, slots=True)
class Line:
    """An item behind `=` or `!`, its key read."""

    item: Item
    key: Key
    source: str

    @property
    def feedback(self) -> Passage | None:
        """The feedback below it."""
        return self.item.feedback

    @property
    def is_accepted(self) -> bool:
        """True behind `=`, False behind `!`."""
        return self.item.sign is Sign.ACCEPTED


def is_remark(item: Item, language: str) -> bool:
    """True for `- = richtig` and `- ! sonst` with feedback."""
    if item.feedback is None:
        return False
    key = read_key(item.key)
    is_accepted = item.sign is Sign.ACCEPTED and is_right_word(key, language)
    return is_accepted or (item.sign is Sign.MISTAKE and is_otherwise_word(key, language))


def is_about_order(item: Item, language: str) -> bool:
    """True for `- ! 4 vor 2` and `- = 4 vor 3`."""
    is_typed = item.sign in {Sign.ACCEPTED, Sign.MISTAKE}
    return is_typed and read_precedence(read_key(item.key), language) is not None


def read_choices(page: Page, items: Sequence[Item], heading_line: int) -> Answer | None:
    """Options behind round or square brackets."""
    is_single = FAMILY_OF[items[0].sign or Sign.RADIO] is Family.RADIO
    right_signs = {Sign.RADIO_RIGHT, Sign.BOX_RIGHT}
    options = tuple(Option(item.text, item.sign in right_signs, item.feedback) for item in items)
    empty = [item for item in items if not item.text.source]
    for item in empty:
        page.report("E306", item.line, column=item.text.column)
    right = [item for item in items if item.sign in right_signs]
    if not right:
        page.report("E302", heading_line)
    if is_single:
        for item in right[1:]:
            page.report("E303", item.line, column=item.text.column, parameters={"first": page.number(right[0].line)})
    if empty or not right or (is_single and len(right) > 1):
        return None
    return SingleChoice(options) if is_single else MultipleChoice(options)


def read_lines(page: Page, items: Sequence[Item]) -> list[Line]:
    """The items behind `=` and `!`. Blocks below one that are not quotes are taken for feedback, with a warning."""
    lines = []
    for item in items:
        for block in item.extra:
            page.report("W323", block.first, column=page.column(block.first, page.lines[block.first].strip()))
        if item.extra:
            tokens = [token for block in item.extra for token in block.tokens]
            extra = passage(as_quoted(item.rest), tokens, line=page.number(item.extra[0].first))
            item.feedback = joined(item.feedback, extra)
        lines.append(Line(item, read_key(item.key), item.key))
    return lines


def split_remarks(page: Page, lines: Sequence[Line]) -> tuple[list[Line], Remarks]:
    """The lines that are no remarks, and the remarks."""
    rest = [line for line in lines if not is_remark(line.item, page.language)]
    remarks = [line for line in lines if is_remark(line.item, page.language)]
    right = joined(*(line.feedback for line in remarks if line.is_accepted))
    return rest, Remarks(right, joined(*(line.feedback for line in remarks if not line.is_accepted)))


def report_empty(page: Page, lines: Sequence[Line]) -> bool:
    """Report lines without a key; True if there are some."""
    empty = [line.item for line in lines if not line.key.text]
    for item in empty:
        page.report("E306", item.line, column=item.text.column)
    return bool(empty)


def read_typed(page: Page, items: Sequence[Item], heading_line: int) -> Answer | None:
    """Accepted answers and expected mistakes: a number question if every accepted line is a number."""
    lines = read_lines(page, items)
    rest, remarks = split_remarks(page, lines)
    accepted = [line for line in rest if line.is_accepted]
    if not accepted:
        # A lone `richtig` with feedback is the answer itself, as if it stood in quotes.
        accepted = [replace(line, key=replace(line.key, is_quoted=True)) for line in lines if line.is_accepted]
        remarks = replace(remarks, right=None)
    mistakes = [line for line in rest if not line.is_accepted]
    is_broken = report_empty(page, [*accepted, *mistakes])
    if not accepted:
        page.report("E302", heading_line)
    if is_broken or not accepted:
        return None
    numbers = [line.key.number(page.language) for line in accepted]
    if all(number is not None for number in numbers):
        return _read_numbers(page, accepted, mistakes, remarks=remarks)
    if report_unreadable(page, [line for line, number in zip(accepted, numbers, strict=True) if number is None]):
        return None
    return ShortText(
        tuple(Accepted(line.key.pattern, line.feedback, page.number(line.item.line)) for line in accepted),
        tuple(Mistake(line.key.pattern, line.feedback, page.number(line.item.line)) for line in mistakes),
        remarks,
    )


def report_unreadable(page: Page, lines: Sequence[Line]) -> bool:
    """Report keys that were surely meant as numbers but cannot be read as such; True if there are some."""
    unreadable = [line for line in lines if not line.key.is_quoted and looks_numeric(line.key.text)]
    for line in unreadable:
        _report_number(page, line, reason="unreadable")
    return bool(unreadable)


def _report_number(page: Page, line: Line, *, reason: str) -> None:
    parameters = {"number": shortened(line.key.text), "reason": reason}
    page.report("E315", line.item.line, column=line.item.text.column, parameters=parameters)


def _read_numbers(
    page: Page, accepted: Sequence[Line], mistakes: Sequence[Line], *, remarks: Remarks
) -> NumberInput | None:
    right = [(line, _checked_number(page, line)) for line in accepted]
    wrong = [(line, _checked_number(page, line)) for line in mistakes]
    if any(number is None for _, number in [*right, *wrong]):
        return None
    return NumberInput(
        tuple(Accepted(number, line.feedback, page.number(line.item.line)) for line, number in right if number),
        tuple(Mistake(number, line.feedback, page.number(line.item.line)) for line, number in wrong if number),
        remarks,
    )


def _checked_number(page: Page, line: Line) -> NumberRange | None:
    """The line's numbers; None after reporting that there are none."""
    number = line.key.number(page.language)
    if number is None:
        _report_number(page, line, reason="unreadable")
        return None
    reason = number_fault(number)
    if reason:
        _report_number(page, line, reason=reason)
        return None
    return number


def read_matching(page: Page, items: Sequence[Item]) -> Matching | None:
    """Pairs and further right sides; remarks may stand in the same list."""
    rest, remarks = split_remarks(page, read_lines(page, [item for item in items if item.sign is not None]))
    assert not rest, "only remarks are signed in a list of pairs"
    pairs: list[Pair] = []
    distractors: list[Passage] = []
    is_broken = False
    for item in items:
        if item.sign is not None:
            continue
        left, right = split_pair(item)
        if not right.source:
            page.report("E306", item.line, column=item.text.column)
            is_broken = True
        elif left.source:
            pairs.append(Pair(left, right, item.feedback))
        else:
            distractors.append(right)
            _report_feedback(page, item)
    return None if is_broken else Matching(tuple(pairs), tuple(distractors), remarks)


def _report_feedback(page: Page, item: Item) -> None:
    """A quote below what can have no feedback of its own would be lost."""
    for block in item.feedback_blocks:
        page.report("W323", block.first, column=page.column(block.first, ">"))


def split_pair(item: Item) -> tuple[Passage, Passage]:
    """Left and right side of an item with an arrow."""
    assert item.inline is not None
    assert item.arrow is not None
    children = item.inline.children or []
    arrow = children[item.arrow]
    at = arrow.meta["at"]
    left_source = " ".join(item.inline.content[:at].split())
    right_source = item.inline.content[at + len(arrow.content) :].strip()
    opening, _, closing = item.text.tokens[0], item.inline, item.text.tokens[2]
    left_inline = item.inline.copy(children=_edges_stripped(children[: item.arrow]), content=left_source)
    right_inline = item.inline.copy(children=_edges_stripped(children[item.arrow + 1 :]), content=right_source)
    right_tokens = [opening, right_inline, closing, *item.text.tokens[3:]]
    left = passage(as_paragraph(left_source), [opening, left_inline, closing], line=item.text.line)
    source = "\n\n".join(part for part in (as_one_paragraph(right_source), item.rest) if part)
    right = passage(source, right_tokens if right_source else right_tokens[3:], line=item.text.line)
    return left, right


def _edges_stripped(children: Sequence[Token]) -> list[Token]:
    tokens = [child.copy() for child in children]
    while tokens and tokens[0].type == "softbreak":
        tokens.pop(0)
    while tokens and tokens[-1].type == "softbreak":
        tokens.pop()
    if tokens and tokens[0].type == "text":
        tokens[0].content = tokens[0].content.lstrip()
    if tokens and tokens[-1].type == "text":
        tokens[-1].content = tokens[-1].content.rstrip()
    return tokens


def read_ordering(page: Page, items: Sequence[Item], feedback: Sequence[Item]) -> Ordering | None:
    """Items in their right order, with what is allowed and what explains itself."""
    lines, remarks = split_remarks(page, read_lines(page, feedback))
    is_broken = False
    for item in items:
        if not item.text.source and item.feedback is None:
            page.report("E306", item.line, column=item.text.column)
            is_broken = True
        _report_feedback(page, item)
    allowed: list[Accepted[Precedence]] = []
    mistakes: list[Mistake[Precedence]] = []
    for line in lines:
        order = read_precedence(line.key, page.language)
        assert order is not None, "only lists of such lines are feedback"
        if not 0 <= order.second < order.first < len(items):
            _report_number(page, line, reason="order")
            is_broken = True
        elif line.is_accepted:
            allowed.append(Accepted(order, line.feedback, page.number(line.item.line)))
        else:
            mistakes.append(Mistake(order, line.feedback, page.number(line.item.line)))
    if is_broken:
        return None
    return Ordering(tuple(item.text for item in items), tuple(allowed), tuple(mistakes), remarks)


def read_cloze(page: Page, gaps: Sequence[Gap], feedback: Sequence[Item]) -> Cloze | None:
    """Gaps and the expected mistakes beside them."""
    lines, remarks = split_remarks(page, read_lines(page, feedback))
    numbers = [split_gap_number(line.source)[0] for line in lines]
    lines = [replace(line, key=read_key(split_gap_number(line.source)[1])) for line in lines]
    is_broken = report_empty(page, lines)
    mistakes: list[GapMistake] = []
    for number, line in zip(numbers, lines, strict=True):
        if number is not None and not 1 <= number <= len(gaps):
            _report_number(page, line, reason="gap")
            is_broken = True
            continue
        gap = None if number is None else number - 1
        pattern = _mistake_pattern(page, line.key, gaps if gap is None else [gaps[gap]])
        mistakes.append(GapMistake(gap, pattern, line.feedback, page.number(line.item.line)))
    return None if is_broken else Cloze(tuple(gaps), tuple(mistakes), remarks)


def _mistake_pattern(page: Page, key: Key, gaps: Sequence[Gap]) -> TextPattern | NumberRange:
    """A number where all the gaps it may be typed into expect numbers, else a text."""
    number = key.number(page.language)
    if number is not None and all(is_numeric(gap) for gap in gaps):
        return number
    return key.pattern

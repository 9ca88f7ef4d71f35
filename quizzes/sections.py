"""One section becomes one `Question`: puts heading, stem, answers, hints and explanation together.

Where sections begin and end is decided in `quizzes.outline`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from quizzes.answers import read_choices, read_cloze, read_matching, read_ordering, read_typed
from quizzes.attributes import QUESTION_KEYS, ReadAttributes, SplitHeading, read_attributes, split_heading
from quizzes.blocks import alert_passage, joined, quote_passage, source_of, split_blocks
from quizzes.gaps import FoundGap, find_gaps, read_gap
from quizzes.passages import Page, passage, shortened, trimmed
from quizzes.questions import Answer, FreeText, Passage, Question
from quizzes.signs import FAMILY_OF, Family
from quizzes.structure import AnswerList, Role, Structure, read_structure
from quizzes.suspicion import report_near_misses, report_nested_signs


@dataclass(frozen=True, slots=True)
class Section:
    """The tokens of one question: `heading` are its three, `body` the rest. Lines from 0, end excluded."""

    keyword: str
    split: SplitHeading
    heading: Sequence[Token]
    body: Sequence[Token]
    first: int
    end: int

    @property
    def level(self) -> int:
        """The heading's level."""
        return int(self.heading[0].tag[1])


def read_heading_attributes(page: Page, split: SplitHeading, *, line: int, keys: tuple[str, ...]) -> ReadAttributes:
    """The attributes in a heading's braces, everything wrong with them reported."""
    text = page.lines[line]
    start = text.rfind("{") + 1
    read = read_attributes(split.braces, keys=keys)
    if split.is_unreadable:
        page.report("E208", line, column=text.find("{") + 1, parameters={"text": split.text[split.text.find("{") :]})
    for fault in read.faults:
        page.report(fault.code, line, column=start + fault.at + 1, parameters=fault.parameters)
    return read


def read_question(page: Page, section: Section) -> Question | None:
    """The question of a section; None when it cannot be understood, after reporting every reason."""
    attributes = read_heading_attributes(page, section.split, line=section.first, keys=QUESTION_KEYS).attributes
    blocks = list(split_blocks(section.body))
    is_suspicious = report_near_misses(page, blocks) | report_nested_signs(page, blocks)
    heading_gaps = list(find_gaps(page, section.heading))
    for found in heading_gaps:
        parameters = {"gap": shortened(found.token.content), "reason": "heading"}
        page.report("E309", found.line, column=found.column, parameters=parameters)
    if is_suspicious or heading_gaps:
        return None
    gaps = {position: list(find_gaps(page, block.tokens)) for position, block in enumerate(blocks)}
    gap_blocks = [position for position, found in gaps.items() if found]
    structure = read_structure(page, blocks, gap_blocks=gap_blocks, heading=section.first)
    if structure is None:
        return None
    answer = _read_answer(page, structure, gaps=gaps, section=section)
    hints, explanation = _read_after(page, structure)
    _release_arrows(section.body)
    if answer is None:
        return None
    return Question(
        _heading_passage(page, section),
        _read_stem(page, structure, section),
        answer,
        attributes,
        hints,
        explanation,
        section.keyword,
        section.level,
        page.number(section.first),
        page.number(section.end),
    )


def _heading_passage(page: Page, section: Section) -> Passage:
    inline = section.heading[1]
    source = heading_source(section.split.text)
    return passage(source, [inline], line=page.number(section.first), column=page.column(section.first, inline.content))


def heading_source(text: str) -> str:
    """A heading's text on one line, so escaped that braces or number signs at its end stay text."""
    text = " ".join(text.split("\n")).strip()
    if split_heading(text).at >= 0:
        start = text.rindex("{")
        text = f"{text[:start]}\\{text[start:]}"
    if text.endswith("#") and text.rstrip("#")[-1:] in {"", " ", "\t"}:
        text = text[:-1] + "\\#"
    return text


def _read_stem(page: Page, structure: Structure, section: Section) -> Passage:
    """Everything before the answers, as it stands; lists of feedback in between are left out."""
    positions = structure.stem
    blocks = structure.blocks
    tokens = [token for position in positions for token in blocks[position].tokens]
    first = section.heading[0].map[1] if section.heading[0].map else section.first + 1
    sources: list[str] = []
    start = first
    for position, block in enumerate(blocks):
        if position not in positions:
            sources.append(trimmed(page.lines[start : block.first]))
            start = block.end
            if position > max(positions, default=-1):
                break
    else:
        sources.append(trimmed(page.lines[start : section.end]))
    line = page.number(blocks[positions[0]].first) if positions else 0
    return passage("\n\n".join(filter(None, sources)), tokens, line=line)


def _read_after(page: Page, structure: Structure) -> tuple[tuple[Passage, ...], Passage | None]:
    """Hints and explanation.

    Anything else there is taken for explanation too, with a warning: nothing is lost, no solution shows early.
    """
    hints: list[Passage] = []
    explanation: list[Passage] = []
    for block in (structure.blocks[position] for position in structure.after):
        if block.is_hint:
            hints.append(alert_passage(page, block))
        elif block.type == "blockquote_open":
            explanation.append(quote_passage(page, block))
        else:
            line = page.lines[block.first]
            page.report("W323", block.first, column=len(line) - len(line.lstrip()) + 1)
            explanation.append(passage(source_of(page, block), block.tokens, line=page.number(block.first)))
    return tuple(hint for hint in hints if hint.source), joined(*explanation)


def _read_answer(
    page: Page, structure: Structure, *, gaps: dict[int, list[FoundGap]], section: Section
) -> Answer | None:
    answer = structure.answer
    if answer is not None:
        return _read_list(page, answer, structure, heading=section.first)
    if not structure.has_gaps:
        return FreeText()
    found = [gap for position in structure.stem for gap in gaps[position]]
    outside = [gap for position, each in gaps.items() if position not in structure.stem for gap in each]
    for gap in outside:
        parameters = {"gap": shortened(gap.token.content), "reason": "feedback"}
        page.report("E309", gap.line, column=gap.column, parameters=parameters)
    read = [read_gap(page, gap) for gap in found]
    whole = [gap for gap in read if gap is not None]
    if outside or len(whole) < len(read):
        return None
    for position, gap in enumerate(found):
        gap.token.meta["position"] = position
    return read_cloze(page, whole, structure.feedback)


def _read_list(page: Page, answer: AnswerList, structure: Structure, *, heading: int) -> Answer | None:
    if _report_mixed(page, answer):
        return None
    match structure.role:
        case Role.PAIRS:
            return read_matching(page, [*answer.items, *structure.feedback])
        case Role.ORDERED:
            return read_ordering(page, answer.items, structure.feedback)
        case _ if answer.families == {Family.TYPED}:
            return read_typed(page, answer.items, heading)
        case _:
            return read_choices(page, answer.items, heading)


def _report_mixed(page: Page, answer: AnswerList) -> bool:
    """Report every item that does not go with the first one of its list; True if there are some."""
    if answer.role is Role.ORDERED:
        return False
    if answer.role is Role.PAIRS:
        strangers = [item for item in answer.items if item.sign is None and item.arrow is None]
    else:
        first = next(FAMILY_OF[item.sign] for item in answer.items if item.sign is not None)
        strangers = [item for item in answer.items if item.sign is None or FAMILY_OF[item.sign] is not first]
    for item in strangers:
        parameters = {"sign": item.sign.value if item.sign is not None else ""}
        page.report("E301", item.line, column=item.text.column, parameters=parameters)
    return bool(strangers)


def _release_arrows(tokens: Sequence[Token]) -> None:
    """Arrows that split no pair are text."""
    for token in tokens:
        for child in token.children or ():
            if child.type == "arrow":
                child.type = "text"

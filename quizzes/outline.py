"""The top level of a document: where questions and pools begin and end. Reports what stands in the wrong place."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from quizzes.attributes import POOL_KEYS, SplitHeading
from quizzes.blocks import Block, split_blocks
from quizzes.gaps import find_gaps
from quizzes.passages import Page, shortened
from quizzes.problems import ParameterValue
from quizzes.questions import Pool, Question, QuestionSet
from quizzes.sections import Section, heading_source, read_heading_attributes, read_question
from quizzes.suspicion import report_signs_in_prose
from quizzes.words import NEARLY_A_QUESTION_HEADING, NEARLY_A_QUESTION_PARAGRAPH


@dataclass(slots=True)
class _OpenPool:
    keyword: str
    title: str
    level: int
    line: int
    id: str
    draw: int | None
    written: tuple[str, ...]
    members: list[int] = field(default_factory=list)
    size: int = 0

    def closed(self, page: Page) -> Pool:
        return Pool(
            self.id,
            self.title,
            self.draw,
            tuple(self.members),
            page.number(self.line),
            self.keyword,
            self.level,
            self.written,
        )


def replace_questions(state: StateCore) -> None:
    """The core rule: tokens of questions become one token each; the questions go into the environment."""
    env = state.env
    page = Page(state.src.split("\n"), str(env.get("language", "de")), int(env.get("first_line", 1)))
    walk = _Walk(page, state.tokens)
    walk.run()
    state.tokens = walk.kept
    env["questions"] = QuestionSet(tuple(walk.questions), tuple(pool.closed(page) for pool in walk.pools))
    env.setdefault("problems", []).extend(sorted(page.problems, key=lambda problem: problem.place))


class _Walk:
    """One pass over the top-level blocks of a document."""

    def __init__(self, page: Page, tokens: Sequence[Token]) -> None:
        self.page = page
        self.tokens = tokens
        self.kept: list[Token] = []
        self.questions: list[Question] = []
        self.pools: list[_OpenPool] = []
        self.open_pools: list[_OpenPool] = []

    def run(self) -> None:
        blocks = list(split_blocks(self.tokens))
        position = 0
        while position < len(blocks):
            block = blocks[position]
            opening = block.tokens[0]
            if opening.type == "heading_open":
                self._close_pools(int(opening.tag[1]))
            if "question" in opening.meta:
                end = _end_of_section(blocks, position)
                self._read_question(blocks[position:end], end_line=self._end_line(blocks, end))
                position = end
                continue
            if "pool" in opening.meta:
                self._open_pool(block)
            else:
                self._read_prose(block)
            self.kept.extend(block.tokens)
            position += 1
        self._close_pools(0)

    def _end_line(self, blocks: Sequence[Block], end: int) -> int:
        """The line after the last one of a section that is not blank."""
        lines = self.page.lines
        line = blocks[end].first if end < len(blocks) and blocks[end].tokens[0].map else len(lines)
        while line > 0 and not lines[line - 1].strip(" \t"):
            line -= 1
        return line

    def _read_question(self, blocks: Sequence[Block], *, end_line: int) -> None:
        heading = blocks[0]
        keyword, split = heading.tokens[0].meta["question"]
        body = [token for block in blocks[1:] for token in block.tokens]
        if heading.tokens[0].markup in {"-", "="}:
            self.page.report("W327", heading.first, parameters={"heading": shortened(split.text)})
        for block in blocks[1:]:
            self._report_near_question(block)
        question = read_question(self.page, Section(keyword, split, heading.tokens, body, heading.first, end_line))
        token = Token("question" if question is not None else "broken_question", "", 0, block=True)
        token.map = [heading.first, end_line]
        if question is not None:
            token.meta = {"position": len(self.questions)}
            self.questions.append(question)
        if self.open_pools:
            self.open_pools[-1].size += 1
            if question is not None:
                self.open_pools[-1].members.append(token.meta["position"])
        self.kept.append(token)

    def _open_pool(self, block: Block) -> None:
        keyword, split = block.tokens[0].meta["pool"]
        assert isinstance(split, SplitHeading)
        read = read_heading_attributes(self.page, split, line=block.first, keys=POOL_KEYS)
        title = heading_source(split.text)
        level = int(block.tokens[0].tag[1])
        attributes = read.attributes
        pool = _OpenPool(keyword, title, level, block.first, attributes.id, read.draw, attributes.written)
        block.tokens[0].meta["pool"] = len(self.pools)
        self.pools.append(pool)
        self.open_pools.append(pool)

    def _close_pools(self, level: int) -> None:
        """A pool ends at a heading of its own level or a higher one."""
        while self.open_pools and self.open_pools[-1].level >= level:
            pool = self.open_pools.pop()
            if pool.size == 0:
                self.page.report("E406", pool.line, parameters={"pool": pool.title})
            elif pool.draw is not None and pool.draw > pool.size:
                self._report_draw(pool, pool.draw)

    def _report_draw(self, pool: _OpenPool, draw: int) -> None:
        parameters: dict[str, ParameterValue] = {"draw": draw, "questions": pool.size, "pool": pool.title}
        self.page.report("E401", pool.line, parameters=parameters)

    def _read_prose(self, block: Block) -> None:
        self._report_near_question(block)
        if block.type in {"bullet_list_open", "ordered_list_open"}:
            report_signs_in_prose(self.page, block)
        for found in find_gaps(self.page, block.tokens):
            # Only footnotes that were written inside a question come here.
            parameters = {"gap": shortened(found.token.content), "reason": "footnote"}
            self.page.report("E309", found.line, column=found.column, parameters=parameters)
        if self.open_pools and block.type not in {"hr", "footnote_block_open"}:
            self.page.report("W407", block.first, parameters={"pool": self.open_pools[-1].title})

    def _report_near_question(self, block: Block) -> None:
        if block.type == "heading_open":
            text = block.tokens[1].content
            if NEARLY_A_QUESTION_HEADING.match(text):
                self._report_heading(block.first, text)
        elif block.type == "paragraph_open":
            for offset, text in enumerate(block.tokens[1].content.split("\n")):
                if NEARLY_A_QUESTION_PARAGRAPH.match(text):
                    self._report_heading(block.first + offset, text)

    def _report_heading(self, line: int, text: str) -> None:
        self.page.report("W325", line, column=self.page.column(line, text), parameters={"text": shortened(text)})


def _end_of_section(blocks: Sequence[Block], start: int) -> int:
    """The position of the block that ends the question opened at `start`."""
    for position in range(start + 1, len(blocks)):
        opening = blocks[position].tokens[0]
        is_rule = opening.type == "hr" and not opening.markup.startswith("_")
        if opening.type in {"heading_open", "footnote_block_open"} or is_rule:
            return position
    return len(blocks)

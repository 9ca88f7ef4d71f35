"""Generated question sets that cover every kind and attribute, as values that the notation can express."""

import random
import re
from collections.abc import Sequence
from decimal import Decimal
from functools import cache

from hypothesis import strategies as st

from quizzes.gaps import is_numeric, write_gap
from quizzes.keys import reads_as_number
from quizzes.numbers import looks_numeric, number_with_tolerance
from quizzes.passages import as_paragraph
from quizzes.questions import (
    Accepted,
    Answer,
    Attributes,
    ChoiceGap,
    Cloze,
    FreeText,
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
    Pool,
    Precedence,
    Question,
    QuestionSet,
    Remarks,
    ShortText,
    SingleChoice,
    TextGap,
    TextPattern,
)

WORDS = (
    *("Antrag", "Bescheid", "Widerspruch", "Frist", "Anhörung", "§", "84", "(SGG)", "z.B.", "Größe", "31", "3.000,50"),
    *("€", "–", "…", "“", "„Zitat“", "'so'", '"so"', "**fett**", "*kursiv*", "`code`", "~~alt~~", "\\*", "\\[x]"),
    *("[Link](https://beispiel.de/a_b)", "<https://beispiel.de>", "&amp;", "&nbsp;", "[[local:personalrat]]"),
    *("[[fact:regelbedarf-1]]", "![Bild](media/a.svg)", "![](media/l.svg){.decorative}", "a_b_c", "5<6", "{x}"),
    *("#eins", "|a|", "\\|", "1.", "-", "+", "*", ">", "=", "!", "(x)", "[x]", "Frage:", "C:\\neu", "ا", "سؤال"),
    *("https://x.de/?a=1&b=2", "😀", "x²", "`a -> b`", "[a -> b](https://beispiel.de)"),
)
SAFE_STARTS = ("Antrag", "Bescheid", "Größe", "„Zitat“", "**fett**", "`code`", "§", "ا", "😀", "[[local:personalrat]]")
RISKY_STARTS = (
    *("#", "##", ">", "-", "+", "*", "1.", "2)", "```", "~~~", "***", "___", "---", "===", "[a]:", "<!--", "|", ":"),
    *("~", "=", "!", "(x)", "[^1]:", "[!TIP]"),
)
TRICKY_KEYS = (
    *("richtig", "sonst", "4 vor 2", "2: Termin", '"', '"a"', "„a“", "a\\", "\\*", "&amp;", "&", "31a", "09111"),
    *("...", "...anhörung...", "(a)", "(a) oder (b)", "[[a]]", "]]", "|", "a|b", "->", "a -> b", "= x", "( ) x", "`a`"),
    *("28 bis 31", "1.006,00 €", "24 SGB X", "31 Tage", "-(x) ja", "\u00ad", "# x", "> x", "***"),
)
BLOCKS = (
    "```python\nx = [[1]]\n- ( ) kein Zeichen\n\n## Frage: keine\n```",
    "    eingerückter Code\n      mehr",
    "| A | B |\n|---|:-:|\n| 1 \\| 2 | 3 |",
    "- eins\n- zwei\n  - tief",
    "* eins\n\n* zwei",
    "1. eins\n2. zwei",
    "3) drei\n4) vier",
    '![Bild](media/a.svg "Unterschrift")',
    "## Überschrift im Kasten",
    "***",
    "Zeile  \nmit Umbruch\\\nund noch einem",
)


# Texts are put together once, by chance but always the same, because drawing every word would take most of the time.
_CHANCE = random.Random(2026)


def _line(starts: Sequence[str]) -> str:
    return " ".join([_CHANCE.choice(starts), *_CHANCE.choices(WORDS, k=_CHANCE.randrange(6))])


def _separated(blocks: Sequence[str]) -> str:
    """Blocks with a blank line between; never two lists in a row, which would become one."""
    kept: list[str] = []
    for block in blocks:
        is_list = re.match(r"[-*]|\d", block) is not None or block.startswith("    ")
        if kept and is_list and re.match(r"[-*]|\d", kept[-1]):
            continue
        kept.append(block)
    return "\n\n".join(kept)


def _blocks(usable: Sequence[str], *, count: int) -> str:
    """Some blocks, about half of them paragraphs."""
    return _separated([_CHANCE.choice([_CHANCE.choice(usable), _CHANCE.choice(PARAGRAPHS)]) for _ in range(count)])


LINES = tuple(_line(SAFE_STARTS) for _ in range(300))
PARAGRAPHS = (*LINES[:100], *("\n".join(_CHANCE.choices(LINES, k=2)) for _ in range(100)))
RISKY_LINES = tuple(
    text
    for text in (as_paragraph(f"{start} {_line(SAFE_STARTS)}") for start in RISKY_STARTS for _ in range(3))
    if not re.match(r"\\[\[<(]|\[|\(x\)|[=!:|]", text)
)
INNER_BLOCKS = tuple(block for block in BLOCKS if not block.startswith("#"))
STEM_BLOCKS = (
    *(block for block in INNER_BLOCKS if block != "***"),
    "> Sehr geehrte Frau Kaya,\n>\n> anbei der Bescheid.",
)
QUOTABLE_BLOCKS = (*BLOCKS, "> Zitat im Zitat")
BLOCK_TEXTS = tuple(_blocks(INNER_BLOCKS, count=_CHANCE.randint(1, 2)) for _ in range(100))
STEMS = ("", *(_blocks(STEM_BLOCKS, count=_CHANCE.randint(1, 3)) for _ in range(100)))
QUOTES = (*PARAGRAPHS[:50], *(_blocks(QUOTABLE_BLOCKS, count=_CHANCE.randint(1, 2)) for _ in range(100)))
HEADINGS = tuple(line for line in LINES if not re.search(r"[#}]$", line))


# Each strategy is put together once: hypothesis would check every new one, which took most of the time.


@cache
def lines() -> st.SearchStrategy[str]:
    """One line of prose that begins harmlessly."""
    return st.sampled_from(LINES)


@cache
def passages() -> st.SearchStrategy[Passage]:
    """The text of an option or item: mostly prose, sometimes with blocks of its own, sometimes nearly a block."""
    return st.sampled_from((*PARAGRAPHS, *RISKY_LINES, *BLOCK_TEXTS)).map(Passage)


@cache
def quotes() -> st.SearchStrategy[Passage]:
    """What may stand in a quote: feedback, hint, explanation."""
    return st.sampled_from(QUOTES).map(Passage)


@cache
def feedback() -> st.SearchStrategy[Passage | None]:
    return st.none() | quotes()


@cache
def stems() -> st.SearchStrategy[Passage]:
    """Everything before an answer list that is not a gap text."""
    return st.sampled_from(STEMS).map(Passage)


@cache
def headings() -> st.SearchStrategy[Passage]:
    return st.sampled_from(HEADINGS).map(Passage)


@cache
def ids() -> st.SearchStrategy[str]:
    return st.text("abcxyz0189-", min_size=1, max_size=40)


@cache
def attributes() -> st.SearchStrategy[Attributes]:
    yes_no = st.none() | st.booleans()
    points = st.none() | st.sampled_from([Decimal(1), Decimal(2), Decimal("0.5"), Decimal("12.25")])
    return st.builds(
        Attributes,
        id=st.just("") | ids(),
        points=points,
        is_shuffled=yes_no,
        is_partial=yes_no,
        is_case_sensitive=yes_no,
        is_must=st.booleans(),
        is_refresher=st.booleans(),
        is_before=st.booleans(),
        objective=st.just("") | ids(),
        about=st.just("") | ids(),
    )


@cache
def key_texts() -> st.SearchStrategy[str]:
    """Any text that can be typed on one line."""
    characters = st.characters(exclude_categories=("Cs",), exclude_characters="\0…")
    texts = st.text(characters, min_size=1, max_size=12) | st.sampled_from(TRICKY_KEYS)
    return texts.map(lambda text: " ".join(text.split())).filter(bool)


@cache
def text_patterns() -> st.SearchStrategy[TextPattern]:
    """Texts, in quotes where they would mean something else without."""

    def built(text: str, is_quoted: bool) -> TextPattern:
        is_special = text.casefold() in {"richtig", "sonst", "right", "correct", "otherwise", "else"}
        must_be_quoted = (
            is_special
            or reads_as_number(text)
            or looks_numeric(text)
            or re.match(r"\d+\s*(:|vor|before)", text) is not None
        )
        return TextPattern(text, is_quoted or must_be_quoted)

    return st.builds(built, key_texts(), st.booleans())


@cache
def decimals() -> st.SearchStrategy[Decimal]:
    return st.decimals(min_value=-(10**9), max_value=10**9, places=3, allow_nan=False, allow_infinity=False)


@cache
def numbers() -> st.SearchStrategy[NumberRange]:
    units = st.sampled_from(["", "€", "%", "Tage", "km/h", "°C"])
    tolerances = st.decimals(min_value=0, max_value=100, places=2)
    plain = st.builds(lambda value, unit: NumberRange(value, value, unit, value), decimals(), units)
    between = st.builds(lambda a, b, unit: NumberRange(min(a, b), max(a, b), unit), decimals(), decimals(), units)
    around = st.builds(
        lambda value, width, unit: number_with_tolerance(value, width, unit=unit), decimals(), tolerances, units
    )
    relative = st.builds(
        lambda value, width, unit: number_with_tolerance(value, width, unit=unit, is_percent=width != 0),
        decimals(),
        tolerances,
        units.filter(lambda unit: unit != "%"),
    )
    return plain | between | around | relative


@cache
def remarks() -> st.SearchStrategy[Remarks]:
    return st.builds(Remarks, feedback(), feedback())


@cache
def options() -> st.SearchStrategy[list[Option]]:
    return st.lists(st.builds(Option, passages(), st.just(False), feedback()), min_size=1, max_size=5)


@cache
def single_choices() -> st.SearchStrategy[Answer]:
    def built(wrong: list[Option], right: Option, position: int) -> Answer:
        place = position % (len(wrong) + 1)
        return SingleChoice((*wrong[:place], right, *wrong[place:]))

    return st.builds(built, options(), st.builds(Option, passages(), st.just(True), feedback()), st.integers(0, 9))


@cache
def multiple_choices() -> st.SearchStrategy[Answer]:
    every = st.lists(st.builds(Option, passages(), st.booleans(), feedback()), min_size=1, max_size=5)
    return every.filter(lambda each: any(option.is_right for option in each)).map(
        lambda each: MultipleChoice(tuple(each))
    )


@cache
def short_texts() -> st.SearchStrategy[Answer]:
    accepted = st.lists(st.builds(Accepted, text_patterns(), feedback()), min_size=1, max_size=3).map(tuple)
    mistakes = st.lists(st.builds(Mistake, text_patterns(), feedback()), max_size=2).map(tuple)
    return st.builds(ShortText, accepted, mistakes, remarks())


@cache
def number_inputs() -> st.SearchStrategy[Answer]:
    accepted = st.lists(st.builds(Accepted, numbers(), feedback()), min_size=1, max_size=2).map(tuple)
    mistakes = st.lists(st.builds(Mistake, numbers(), feedback()), max_size=2).map(tuple)
    return st.builds(NumberInput, accepted, mistakes, remarks())


@cache
def left_sides() -> st.SearchStrategy[Passage]:
    return lines().map(Passage)


@cache
def matchings() -> st.SearchStrategy[Answer]:
    pairs = st.lists(st.builds(Pair, left_sides(), passages(), feedback()), min_size=1, max_size=4).map(tuple)
    return st.builds(Matching, pairs, st.lists(passages(), max_size=2).map(tuple), remarks())


@cache
def orders_of(count: int) -> tuple[st.SearchStrategy[tuple[Accepted, ...]], st.SearchStrategy[tuple[Mistake, ...]]]:
    """Further orders and mistakes of so many items."""
    orders = st.sampled_from([Precedence(a, b) for a in range(1, count) for b in range(a)])
    allowed = st.lists(st.builds(Accepted, orders, feedback()), max_size=2).map(tuple)
    return allowed, st.lists(st.builds(Mistake, orders, feedback()), max_size=2).map(tuple)


@cache
def orderings() -> st.SearchStrategy[Answer]:
    def with_orders(items: list[Passage]) -> st.SearchStrategy[Answer]:
        allowed, mistakes = orders_of(len(items))
        return st.builds(Ordering, st.just(tuple(items)), allowed, mistakes, remarks())

    texts = st.sampled_from((*PARAGRAPHS, *BLOCK_TEXTS)).map(Passage)
    some, many = st.lists(texts, min_size=2, max_size=4), st.lists(texts, min_size=10, max_size=11)
    return (some | some | some | many).flatmap(with_orders)


@cache
def gaps() -> st.SearchStrategy[Gap]:
    choices = st.lists(key_texts(), min_size=2, max_size=4)
    choice_gaps = st.builds(
        lambda texts, right: ChoiceGap(tuple(texts), right % len(texts)), choices, st.integers(0, 9)
    )
    texts = st.lists(text_patterns(), min_size=1, max_size=3).map(lambda each: TextGap(tuple(each)))
    numeric = st.lists(numbers(), min_size=1, max_size=2).map(lambda each: TextGap(tuple(each)))
    return choice_gaps | texts | numeric


@cache
@st.composite
def cloze_questions(draw: st.DrawFn) -> tuple[Passage, Answer]:
    """Stem and answer, which have to agree."""
    found = draw(st.lists(gaps(), min_size=1, max_size=3))
    parts = [f"Antrag {draw(st.sampled_from(WORDS))} {write_gap(gap)} Frist" for gap in found]
    before = draw(st.sampled_from(["", "- eins\n- zwei\n\n", "> Sehr geehrte Frau Kaya\n\n", "1. eins\n2. zwei\n\n"]))
    mistakes = []
    for _ in range(draw(st.integers(0, 2))):
        gap = draw(st.none() | st.integers(0, len(found) - 1))
        near = found if gap is None else [found[gap]]
        pattern = draw(numbers() if all(map(is_numeric, near)) else text_patterns())
        mistakes.append(GapMistake(gap, pattern, draw(feedback())))
    separator = draw(st.sampled_from(["\n", "\n\n", " "]))
    return Passage(before + separator.join(parts)), Cloze(tuple(found), tuple(mistakes), draw(remarks()))


@cache
def answered_stems() -> st.SearchStrategy[tuple[Passage, Answer]]:
    kinds = single_choices() | multiple_choices() | short_texts() | number_inputs() | matchings() | orderings()
    return st.tuples(stems(), kinds | st.just(FreeText())) | cloze_questions()


@cache
@st.composite
def questions(draw: st.DrawFn, *, lowest_level: int = 2) -> Question:
    stem, answer = draw(answered_stems())
    return Question(
        draw(headings()),
        stem,
        answer,
        draw(attributes()),
        tuple(draw(st.lists(quotes(), max_size=2))),
        draw(feedback()),
        draw(st.sampled_from(["Frage", "Question", "Frage 3", "Вопрос", "سؤال"])),
        draw(st.integers(lowest_level, 6)),
    )


@cache
@st.composite
def question_sets(draw: st.DrawFn) -> QuestionSet:
    """Questions in and outside of pools; a pool's members stand together."""
    found: list[Question] = []
    pools: list[Pool] = []
    for _ in range(draw(st.integers(1, 2))):
        if draw(st.booleans()):
            found.append(draw(questions()))
            continue
        members = draw(st.lists(questions(lowest_level=3), min_size=1, max_size=2))
        places = tuple(range(len(found), len(found) + len(members)))
        title = draw(st.sampled_from(HEADINGS))
        size = draw(st.none() | st.integers(1, len(members)))
        pools.append(Pool(draw(st.just("") | ids()), title, size, places))
        found += members
    return QuestionSet(tuple(found), tuple(pools))

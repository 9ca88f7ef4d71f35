"""Prose stays CommonMark: every example of the specification, against the parser that we build on."""

import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from courses.markdown.parser import new_course_markdown
from courses.reading.frontmatter import cut_front_matter

SPECIFICATION = Path(__file__).parents[3] / "shared/fixtures/markdown/commonmark-spec.txt"
EXAMPLE = re.compile(r"^`{32} example\n(.*?)^\.\n(?:.*?)^`{32}$", re.DOTALL | re.MULTILINE)
FRONT_MATTER = frozenset({96, 98})
AUTHOR_NOTES = frozenset({181, 185, 310, 311})

pytestmark = pytest.mark.skipif(not SPECIFICATION.exists(), reason=f"{SPECIFICATION} is absent")


def examples() -> dict[int, str]:
    found = EXAMPLE.findall(SPECIFICATION.read_text(encoding="utf-8"))
    return {number: text.replace("→", "\t") for number, text in enumerate(found, 1)}


@pytest.fixture(scope="module")
def stock() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False})


@pytest.fixture(scope="module")
def ours() -> MarkdownIt:
    """Our parser as it is, but without typographic signs; `render` is the stock renderer over our tokens."""
    md = new_course_markdown()
    md.options["typographer"] = False
    return md


def test_the_specification_has_all_its_examples() -> None:
    assert len(examples()) == 655


def test_prose_renders_as_stock_in_every_example_but_six(stock: MarkdownIt, ours: MarkdownIt) -> None:
    different = {
        number for number, text in examples().items() if ours.render(cut_front_matter(text).body) != stock.render(text)
    }
    assert different == FRONT_MATTER | AUTHOR_NOTES

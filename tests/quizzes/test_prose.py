"""Prose outside questions stays CommonMark."""

import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from quizzes.notation import base_markdown, questions_plugin

SPECIFICATION = Path(__file__).parents[3] / "shared" / "fixtures" / "markdown" / "commonmark-spec.txt"


def specification_examples() -> list[str]:
    text = SPECIFICATION.read_text(encoding="utf-8")
    found = re.findall(r"^`{32} example\n(.*?)^\.\n.*?^`{32}$", text, re.MULTILINE | re.DOTALL)
    return [example.replace("→", "\t") for example in found]


@pytest.mark.skipif(not SPECIFICATION.exists(), reason="the folder shared/fixtures is absent")
def test_all_examples_of_the_commonmark_specification_render_like_stock() -> None:
    ours = base_markdown()
    ours.use(questions_plugin)
    ours.options["typographer"] = False
    stock = MarkdownIt("commonmark", {"html": False})
    examples = specification_examples()
    assert len(examples) == 655
    different = [number for number, text in enumerate(examples, 1) if ours.render(text) != stock.render(text)]
    assert different == []

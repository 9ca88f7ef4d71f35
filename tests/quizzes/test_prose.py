"""Prose outside questions stays CommonMark."""

import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

from quizzes.dialect import Scope
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


def test_gaps_in_footnotes_are_reported_and_the_footnotes_stay() -> None:
    md = base_markdown()
    md.use(footnote_plugin)
    md.use(questions_plugin)
    environment: dict[str, object] = {}
    text = "## Frage: Was? {#was}\n\nText[^1]\n\n[^1]: Note mit [[Lücke]]\n\n- (x) a\n- ( ) b\n\n> Erklärung\n"
    tokens = md.parse(text, environment)
    problems = environment["problems"]
    assert isinstance(problems, list)
    assert [(problem.code, problem.line, problem.parameters["reason"]) for problem in problems] == [
        ("E309", 5, "footnote")
    ]
    assert [token.type for token in tokens][:2] == ["question", "footnote_block_open"]


def test_without_a_course_around_them_entries_stay_as_written_and_gaps_stay_blank() -> None:
    md = base_markdown()
    assert (
        md.render("[[local:personalrat]] und [[fact:satz-1]]") == "<p>[[local:personalrat]] und [[fact:satz-1]]</p>\n"
    )
    assert "geheim" not in md.render("Ein [[geheim]] [[offen", {"scope": Scope(in_question=True)}).replace(
        "[[offen", ""
    )


def test_questions_are_left_to_templates() -> None:
    md = base_markdown()
    md.use(questions_plugin)
    text = (
        "Davor\n\n## Frage: Was? {#was}\n\n- (x) a\n- ( ) b\n\n## Frage: Kaputt\n\n- (x) a\n- (x) b\n\n---\n\nDanach\n"
    )
    assert md.render(text) == "<p>Davor</p>\n<hr />\n<p>Danach</p>\n"
    tokens = md.parse(text)
    found = [(token.type, token.map, token.meta) for token in tokens if token.type.endswith("question")]
    assert found == [("question", [2, 6], {"position": 0}), ("broken_question", [7, 11], {})]


def test_the_heading_of_a_pool_shows_its_title_only() -> None:
    md = base_markdown()
    md.use(questions_plugin)
    text = "## Fragenpool: *Fristen* {#p draw=1}\n\n### Frage: Was? {#was}\n\n___\n"
    assert md.render(text) == "<h2><em>Fristen</em></h2>\n"
    assert md.parse(text)[0].meta == {"pool": 0}

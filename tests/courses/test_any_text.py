"""Whatever an author types: a page comes out, it is valid HTML, nothing is lost between its segments."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.course import Term
from courses.rendering import pages
from courses.rendering.sanitize import sanitized
from courses.segments import Html, LocalEntry, QuestionSlot
from tests.courses.samples import html_of, is_valid, passages_in, rendered
from tests.figures import examples

PIECES = [
    "Wort ", "Auslöser ", "\n", "\n\n", "# ", "## Ziel\n\n", "## Arbeitshilfe\n\n", "- ", "1. ", "> ", "  ",
    "    ", "**", "*", "_", "`", "~~", "[", "](", ")", "![", "media/a.svg", '"', "'", "|", "|---|\n",
    "| a | b |\n|---|--:|\n| c | d |\n", ": ", "[^1]", "[^1]: ", "[[local:x]]", "[[fact:y]]", "[[z|(y)]]", "{#id}",
    "{.decorative}", "<!-- ", " -->", "<b>", "&amp;", "\\", "> [!NOTE]\n> ", "> **Fall:** ",
    "> **Ohne Zurückblättern:** ", "> **Mögliche Lösung:** ", "- [ ] ", "- [x] ", "## Frage: Was? {#q}\n\n",
    "- (x) ", "- ( ) ", "- = 3\n", "- ! 4\n", "a -> b", "___\n", "---\n", "```\n", "```mermaid x\n", "Tabelle: ",
    "## Fragenpool: P {#p}\n\n", "[Film](media/f.mp4)\n\n", "[Datei](media/p.pdf)\n\n", "![a](media/a.svg)\n\n",
    "\u00a0", "\ufdd0", "\ufeff", "\x01", "é́", "🙂",
]  # fmt: skip
# Line ends are unified where files are read.
TEXTS = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=30).map("".join),
    st.text(max_size=60).map(lambda text: text.replace("\r", "\n")),
)
FILES = {"media/a.svg": b"<svg/>", "media/f.mp4": b"", "media/f.de.md": b"# A\n\n- b", "media/p.pdf": b""}
GLOSSARY = (Term("Auslöser", "Womit es <beginnt>.", 1), Term("Wort", "Ein & aus.", 2))


@pytest.mark.harden
@settings(max_examples=examples(400, hardened=20_000))
@given(TEXTS)
def test_any_text_becomes_a_valid_page(text: str) -> None:
    module = rendered(text, files=FILES, glossary=GLOSSARY)
    page = "".join(
        one.html if isinstance(one, Html) else str(one) for one in module.segments if not isinstance(one, QuestionSlot)
    )
    assert is_valid(html_of(module))
    assert "\ufdd0" not in page
    for passage in passages_in(module.questions):
        assert passage.pieces
        assert is_valid(passage.html)
    lines = text.count("\n") + 1
    assert all(1 <= one.first_line <= one.last_line <= lines for one in module.segments if isinstance(one, Html))
    assert all(1 <= one.line <= lines for one in module.segments if isinstance(one, LocalEntry))
    for job_aid in module.job_aids:
        assert is_valid("".join(one.html for one in job_aid.segments if isinstance(one, Html)))


@pytest.mark.harden
@settings(max_examples=examples(200, hardened=10_000))
@given(TEXTS)
def test_the_sanitiser_never_has_to_change_what_rendering_wrote(text: str) -> None:
    def unchanged(html: str) -> str:
        assert sanitized(html) == html
        return html

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pages, "sanitized", unchanged)
        rendered(text, files=FILES, glossary=GLOSSARY)


@pytest.mark.harden
@settings(max_examples=examples(200, hardened=10_000))
@given(TEXTS)
def test_rendering_the_same_text_again_gives_the_same(text: str) -> None:
    assert rendered(text, files=FILES, glossary=GLOSSARY) == rendered(text, files=FILES, glossary=GLOSSARY)

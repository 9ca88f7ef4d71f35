"""Every code of the checker is documented, worded in both languages with the same values, and tested."""

import ast
import re
import tomllib

import pytest

from tests.house.sources import ROOT, committed, name_of, package_modules, report, tree_of

CODE = re.compile(r"[EW]\d{3}")
WORDING = ROOT / "courses" / "wording"


def raised_codes() -> dict[str, str]:
    """Code -> a place where one of the packages names it as a string of its own."""
    return {
        node.value: f"{name_of(path)}:{node.lineno}"
        for path in package_modules()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value)
    }


def wording(language: str) -> dict[str, dict[str, str]]:
    """Entries of one wording file by code."""
    entries = tomllib.loads((WORDING / f"{language}.toml").read_text(encoding="utf-8"))
    return {code: entry for code, entry in entries.items() if CODE.fullmatch(code)}


def placeholders(entry: dict[str, str]) -> set[str]:
    """Names in braces in all texts of an entry; other braces, as in `{#frist}`, are quoted notation."""
    return {name for text in entry.values() for name in re.findall(r"{([a-z_]+)}", text)}


def documented_codes() -> set[str]:
    """Codes that the page for authors names; `E001` and `E001–E003` alike."""
    return set(CODE.findall((ROOT / "docs" / "course-format.md").read_text(encoding="utf-8")))


def test_every_code_is_documented() -> None:
    found = [f"{place} {code}" for code, place in raised_codes().items() if code not in documented_codes()]
    assert not found, report(sorted(found), "name the code and its meaning in docs/course-format.md, section Linter.")


def test_every_documented_code_exists() -> None:
    found = sorted(documented_codes() - raised_codes().keys())
    assert not found, report(found, "raise it, or remove it from docs/course-format.md and say why in docs/decisions/.")


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_code_has_words(language: str) -> None:
    found = [f"{place} {code}" for code, place in raised_codes().items() if code not in wording(language)]
    mend = f"write title, text and todo in courses/wording/{language}.toml, for a trainer who never saw code."
    assert not found, report(sorted(found), mend)


@pytest.mark.parametrize("language", ["de", "en"])
def test_no_words_are_left_of_a_code_that_is_gone(language: str) -> None:
    found = sorted(wording(language).keys() - raised_codes().keys())
    assert not found, report(found, f"remove the entries from courses/wording/{language}.toml.")


def test_both_languages_word_a_code_with_the_same_values() -> None:
    german, english = wording("de"), wording("en")
    found = [
        f"{code}: {sorted(placeholders(german[code]))} and {sorted(placeholders(english[code]))}"
        for code in sorted(german.keys() & english.keys())
        if placeholders(german[code]) != placeholders(english[code]) or german[code].keys() != english[code].keys()
    ]
    assert not found, report(found, "give both entries the same keys and the same names in braces.")


def test_every_code_is_named_by_a_test() -> None:
    pages = [path for path in committed("test_*.py") if path.parent.name != "house"]
    tested = {code for path in pages for code in CODE.findall(path.read_text(encoding="utf-8"))}
    found = [f"{place} {code}" for code, place in raised_codes().items() if code not in tested]
    assert not found, report(sorted(found), "write a test that names the code, its line and its values.")

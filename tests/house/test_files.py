"""Where things stand and how big they are."""

import ast
from pathlib import Path

from tests.house.sources import ROOT, committed, name_of, package_modules, report, tree_of

TOP_LEVEL = {
    *("learning", "courses", "quizzes", "content", "templates", "tests", "docs", "deploy", ".ci", "LICENSES"),
    *("pyproject.toml", "requirements.lock", "requirements-dev.lock", "dev", ".gitignore"),
    *("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "LICENSE", "publiccode.yml"),
}
LONGEST_FILE = 420
LONGEST_FUNCTION = 60
# Written in halves, so that this list does not find itself.
LEFT_FOR_LATER = (("TO", "DO"), ("FIX", "ME"), ("X", "XX"), ("raise NotImplemented", "Error"))
NAMELESS = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "manager",
    "managers",
    "base",
    "misc",
    "tools",
    "lib",
    "core",
}


def test_nothing_new_stands_at_the_top_level() -> None:
    found = sorted({path.relative_to(ROOT).parts[0] for path in committed()} - TOP_LEVEL)
    mend = "move it below the package or folder it belongs to; docs/architecture.md has the layout."
    assert not found, report(found, mend)


def test_no_file_is_longer_than_one_can_keep_in_mind() -> None:
    code = [path for pattern in ("*.py", "*.html", "*.js", "dev") for path in committed(pattern)]
    sizes = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in code}
    found = [f"{name}: {lines} lines" for name, lines in sizes.items() if lines > LONGEST_FILE]
    mend = f"split it by meaning, not by size; about 300 lines are good, {LONGEST_FILE} are the end."
    assert not found, report(found, mend)


def test_no_function_is_longer_than_a_page() -> None:
    found = [
        f"{name_of(path)}:{node.lineno} {node.name}: {lines} lines"
        for path in package_modules()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef) and (lines := statement_lines(node)) > LONGEST_FUNCTION
    ]
    mend = "give a part of it a name of its own; about 25 lines are good."
    assert not found, report(found, mend)


def statement_lines(function: ast.FunctionDef) -> int:
    """Lines of the body without its docstring."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_modules_are_named_after_what_they_are_about() -> None:
    found = [name_of(path) for path in package_modules() if path.stem in NAMELESS or path.parent.name in NAMELESS]
    assert not found, report(found, "name the module after the job its functions do, with a noun (docs/words.md).")


def test_every_module_opens_with_what_it_is_for() -> None:
    modules = [path for path in committed("*.py") if name_of(path) != "tests/__init__.py"]
    found = [name_of(path) for path in modules if not ast.get_docstring(tree_of(path))]
    mend = "open the module with one to three sentences: what it is for, and what not."
    assert not found, report(found, mend)


def test_no_work_is_left_for_later() -> None:
    words = [first + second for first, second in LEFT_FOR_LATER]
    found = [
        f"{name_of(path)}:{number} {line.strip()[:100]}"
        for pattern in ("*.py", "*.html", "*.js", "*.mjs", "*.css")
        for path in committed(pattern)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if any(word in line for word in words)
    ]
    assert not found, report(found, "do it now, or write an issue and remove the note.")


def test_the_rules_of_this_page_see_what_they_forbid() -> None:
    long = ast.parse("def read():\n    '''Doc.'''\n" + "    x = 1\n" * (LONGEST_FUNCTION + 1)).body[0]
    assert isinstance(long, ast.FunctionDef)
    assert statement_lines(long) == LONGEST_FUNCTION + 1
    assert Path("courses/utils.py").stem in NAMELESS

"""What the lower packages may not reach for, and where the time comes from."""

import ast
import subprocess
import sys
from collections.abc import Iterator

from tests.house.sources import ROOT, name_of, package_modules, report, tree_of

CLOCK = "learning/clock.py"
CLOCK_CALLS = {"now", "utcnow", "today", "utcfromtimestamp", "fromtimestamp"}
IMPURE = {"random", "secrets", "uuid", "time", "socket", "urllib.request", "subprocess", "threading", "multiprocessing"}


def clock_readings(tree: ast.AST) -> Iterator[int]:
    """Lines at which a date or time is taken from the machine."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="datetime" | "date"), attr=name)) if name in CLOCK_CALLS:
                yield node.lineno
            case ast.Call(func=ast.Attribute(value=ast.Attribute(attr="datetime" | "date"), attr=name)) if (
                name in CLOCK_CALLS
            ):
                yield node.lineno
            case ast.Call(func=ast.Attribute(value=ast.Name(id="time"), attr="time" | "time_ns")):
                yield node.lineno


def impure_imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Imports that bring the clock, chance, the network or other processes."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from ((node.lineno, alias.name) for alias in names if alias.name in IMPURE)
            case ast.ImportFrom(module=str(module)) if module in IMPURE:
                yield node.lineno, module


def test_only_the_clock_reads_the_time() -> None:
    found = [
        f"{name_of(path)}:{line}"
        for path in package_modules()
        if name_of(path) != CLOCK
        for line in clock_readings(tree_of(path))
    ]
    mend = "take the moment or the day as an argument; at the edge it comes from learning.clock."
    assert not found, report(found, mend)


def test_questions_and_courses_know_neither_chance_nor_clock_nor_network() -> None:
    found = [
        f"{name_of(path)}:{line} imports {module}"
        for path in package_modules()
        if not name_of(path).startswith("learning/")
        for line, module in impure_imports(tree_of(path))
    ]
    mend = "take it as an argument (a seed, a date, a callable); `learning` passes it in."
    assert not found, report(found, mend)


def test_the_preview_does_not_wait_for_what_only_the_product_needs() -> None:
    program = "import sys, learning.preview.application; print(*{'sqlalchemy', 'flask_wtf', 'huey'} & set(sys.modules))"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    mend = "import it inside of the function of learning/web that needs it."
    assert not told.stdout.split(), report(told.stdout.split(), mend)


def test_the_rules_of_this_page_see_what_they_forbid() -> None:
    bad = "import random\nfrom time import time\nx = datetime.now(UTC)\ny = datetime.date.today()\nz = time.time()\n"
    assert list(clock_readings(ast.parse(bad))) == [3, 4, 5]
    assert list(impure_imports(ast.parse(bad))) == [(1, "random"), (2, "time")]
    good = "from learning import clock\nx = clock.now()\ny = datetime.fromisoformat(text)\n"
    assert list(clock_readings(ast.parse(good))) == []

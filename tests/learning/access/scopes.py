"""The filters that keep people apart, found in the source, and each of them dropped in a running program.

A filter is a condition over the units that somebody reaches (`within`), a comparison with the key of one person, a call
that answers such a scope, or a refusal of what lies outside (`if … not in …: abort(404)`). Dropping one exchanges the
code of its function, so every importer runs the mutant.
"""

import ast
import copy
import functools
import importlib
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
PLACES = ("reporting", "obligations", "mydata", "study", "library", "people")
SCOPES = {"hr_units", "team_units"}
EVERYTHING = "__import__('sqlalchemy').true()"
NOTHING = "__import__('sqlalchemy').false()"
WHOLE_SCOPE = "__import__('learning.people.permissions', fromlist=['Scope']).Scope(prefixes=frozenset({'/'}))"


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter: module and function it stands in, which one there (from 1), its text, what it becomes."""

    module: str
    function: str
    number: int
    text: str
    dropped: str

    def __str__(self) -> str:
        return f"{self.name}: {self.text}"

    @property
    def name(self) -> str:
        """Module, function and number, as lists name it."""
        return f"{self.place} {self.number}"

    @property
    def place(self) -> str:
        """Module and function."""
        return f"{self.module.removeprefix('learning.')}.{self.function}"


@functools.cache
def filters() -> tuple[Filter, ...]:
    """All filters of the features, in the order of the source."""
    found = []
    for place in PLACES:
        for path in sorted((ROOT / "learning" / place).rglob("*.py")):
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.FunctionDef):
                    for number, (target, dropped) in enumerate(_targets(node), 1):
                        found.append(Filter(module, node.name, number, ast.unparse(target), dropped))
    return tuple(found)


def _targets(function: ast.FunctionDef) -> Iterator[tuple[ast.expr, str]]:
    """The expressions of a function that are filters, with what takes their place."""
    inverted = set()
    for node in ast.walk(function):
        match node:
            case ast.UnaryOp(op=ast.Invert(), operand=ast.Name(id="within")):
                inverted.add(id(node.operand))
                yield node, NOTHING
            case ast.Call(func=ast.Name(id=name)) if name in SCOPES:
                yield node, EVERYTHING
            case ast.Call(func=ast.Name(id="scope_of")):
                yield node, WHOLE_SCOPE
            case ast.Compare(left=ast.Attribute() as left, ops=[ast.Eq()], comparators=[right]):
                if _is_key_of_a_person(left) and _is_given(right):
                    # Keys of persons are never null; naming the column keeps its table in the statement.
                    yield node, f"{ast.unparse(left)}.is_not(None)"
            case ast.If(test=test, body=[ast.Expr(value=ast.Call() as call)]) if _refuses(test, call):
                yield test, "False"
    for call in [node for node in ast.walk(function) if isinstance(node, ast.Call)]:
        # `within` handed on by name is used where it arrives; as a condition it stands by itself.
        for argument in call.args:
            if isinstance(argument, ast.Name) and argument.id == "within" and id(argument) not in inverted:
                yield argument, EVERYTHING


def _is_key_of_a_person(column: ast.Attribute) -> bool:
    return column.attr == "person_key" and isinstance(column.value, ast.Name) and column.value.id[:1].isupper()


def _refuses(test: ast.expr, then: ast.Call) -> bool:
    """True for tests whether something lies outside that end in 404; that it is absent is no filter."""
    if ast.unparse(then) != "abort(404)":
        return False
    match test:
        case ast.Compare(ops=[ast.NotIn()]) | ast.UnaryOp(op=ast.Not(), operand=ast.Call()):
            return True
        case ast.BoolOp():
            return any(isinstance(each, ast.Compare) and isinstance(each.ops[0], ast.NotIn) for each in ast.walk(test))
    return False


def _is_given(value: ast.expr) -> bool:
    """True for what comes from outside of the statement; a column of another table is a join."""
    match value:
        case ast.Name():
            return True
        case ast.Attribute(value=ast.Name(id=owner)):
            return not owner[:1].isupper()
        case ast.Call(func=ast.Name(id="bindparam")):
            return True
    return False


def function_of(one: Filter) -> FunctionType:
    """The function that holds a filter, without its decorators."""
    function = inspect.unwrap(getattr(importlib.import_module(one.module), one.function))
    assert isinstance(function, FunctionType)
    return function


def forget_statements(one: Filter) -> None:
    """Empty the cache of a function that keeps its statement."""
    holder: Callable[..., Any] | None = getattr(importlib.import_module(one.module), one.function)
    clear = getattr(holder, "cache_clear", None)
    if clear is not None:
        clear()


@contextmanager
def dropped(one: Filter) -> Iterator[None]:
    """The program without this filter."""
    function = function_of(one)
    kept = function.__code__
    function.__code__ = _mutant(one).__code__
    forget_statements(one)
    try:
        yield
    finally:
        function.__code__ = kept
        forget_statements(one)


def _mutant(one: Filter) -> FunctionType:
    module = importlib.import_module(one.module)
    path = Path(inspect.getfile(module))
    tree = ast.parse(path.read_text(encoding="utf-8"))
    (node,) = [each for each in tree.body if isinstance(each, ast.FunctionDef) and each.name == one.function]
    target, replacement = list(_targets(node))[one.number - 1]
    expression = ast.parse(replacement, mode="eval").body

    class Exchange(ast.NodeTransformer):
        def visit(self, each: ast.AST) -> Any:
            return copy.deepcopy(expression) if each is target else self.generic_visit(each)

    Exchange().visit(node)
    node.decorator_list = []
    program = ast.fix_missing_locations(ast.Module(body=[node], type_ignores=[]))
    names = dict(vars(module))
    exec(compile(program, str(path), "exec"), names)
    made = names[one.function]
    assert isinstance(made, FunctionType)
    return made

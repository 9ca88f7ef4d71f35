"""`./dev` itself: understandable to every Python, clear where something is missing."""

import ast
import importlib.machinery
import importlib.util
import subprocess
import sys
from types import ModuleType

import pytest

from tests.house.sources import ROOT


@pytest.fixture
def dev() -> ModuleType:
    """The command as a module."""
    loader = importlib.machinery.SourceFileLoader("dev", str(ROOT / "dev"))
    spec = importlib.util.spec_from_loader("dev", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    sys_dont_write, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    loader.exec_module(module)
    sys.dont_write_bytecode = sys_dont_write
    return module


def test_an_old_python_can_read_it() -> None:
    ast.parse((ROOT / "dev").read_text(encoding="utf-8"), feature_version=(3, 6))


def test_it_needs_only_the_standard_library() -> None:
    tree = ast.parse((ROOT / "dev").read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= sys.stdlib_module_names


def test_an_old_python_is_told_so_in_one_line(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev.sys, "version_info", (3, 9, 2, "final", 0))
    assert dev.main(["run"]) == 1
    said = capsys.readouterr().err.strip()
    assert said == "Impuls needs Python 3.11 or newer; this is Python 3.9. Start ./dev with a newer one."


def test_a_python_without_venv_is_told_the_line_that_helps(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(SystemExit) as stop:
        dev.make_environment("stamp")
    assert stop.value.code == 1
    version = f"python3.{sys.version_info.minor}-venv"
    assert capsys.readouterr().err.strip().endswith(f"this helps: sudo apt-get install {version}")


def test_without_a_command_it_lists_them() -> None:
    told = subprocess.run([sys.executable, str(ROOT / "dev")], capture_output=True, text=True)
    assert told.returncode == 0
    assert "./dev run [--port N] [--data DIR]" in told.stdout


@pytest.mark.parametrize("arguments", [["rnu"], ["run", "--prot", "1"], ["run", "--port"], ["check", "me"]])
def test_a_wrong_call_is_refused_with_what_would_be_right(arguments: list[str]) -> None:
    told = subprocess.run([sys.executable, str(ROOT / "dev"), *arguments], capture_output=True, text=True)
    assert told.returncode == 1
    assert "./dev" in told.stderr
    assert "Traceback" not in told.stderr


def test_the_listed_commands_are_the_ones_that_exist(dev: ModuleType) -> None:
    listed = [line.split()[1] for line in dev.HELP.splitlines()]
    assert all(callable(getattr(dev, {"format": "format_sources", "help": "main"}.get(name, name))) for name in listed)


def test_a_named_browser_is_taken(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMPULS_CHROMIUM", "/opt/browser/chrome")
    assert dev.find_chromium() == "/opt/browser/chrome"


def test_a_named_headless_shell_is_taken(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMPULS_HEADLESS_SHELL", "/opt/browser/shell")
    assert dev.find_headless_shell() == "/opt/browser/shell"


def test_nothing_is_installed_beside_a_browser_that_somebody_named(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("IMPULS_HEADLESS_SHELL", raising=False)
    monkeypatch.setenv("IMPULS_CHROMIUM", "/opt/browser/chrome")
    monkeypatch.setattr(dev.shutil, "which", {"chromium": "/usr/bin/chromium", "apt-get": "/usr/bin/apt-get"}.get)
    monkeypatch.setattr(dev.subprocess, "call", lambda *_, **__: pytest.fail("installs"))
    assert dev.find_headless_shell() is None


def test_without_the_right_to_install_a_missing_browser_is_reported_as_missing(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("IMPULS_CHROMIUM", raising=False)
    monkeypatch.delenv("IMPULS_HEADLESS_SHELL", raising=False)
    monkeypatch.setattr(dev.shutil, "which", lambda name: None)
    assert dev.find_chromium() is None
    assert dev.find_headless_shell() is None

"""The files that the house rules look at: everything that is or would be committed, nothing that was made."""

import ast
import functools
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("quizzes", "courses", "learning")


@functools.cache
def committed(pattern: str = "*") -> tuple[Path, ...]:
    """Files known to git or not ignored by it, whose path from the top matches `pattern` (`*` crosses folders)."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", f":(glob)**/{pattern}"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return tuple(path for name in sorted(set(listed.split("\0"))) if name and (path := ROOT / name).is_file())


def package_modules() -> list[Path]:
    """All modules of the three packages."""
    return [path for path in committed("*.py") if path.relative_to(ROOT).parts[0] in PACKAGES]


def name_of(path: Path) -> str:
    """The path as people write it, from the top of the checkout."""
    return path.relative_to(ROOT).as_posix()


@functools.cache
def tree_of(path: Path) -> ast.Module:
    """The parsed module; parsing is shared by all rules of a run."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=name_of(path))


def report(findings: list[str], mend: str) -> str:
    """The text of a failure: every finding on its line, then what to do."""
    return "\n".join(["", *findings, "", f"How to mend it: {mend}"])

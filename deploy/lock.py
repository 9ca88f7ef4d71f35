"""Writes the two lock files from pyproject.toml: universal, with hashes, without a download address."""

import hashlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {"requirements.lock": [], "requirements-dev.lock": ["--group", "dev"]}
HEADER = "# Made by ./dev lock from pyproject.toml; dependency lists: {digest}\n"


def dependency_digest() -> str:
    """Digest of the dependency lists that the lock files were made from; tests/house compares it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lists = [
        project["project"]["requires-python"],
        *sorted(project["project"]["dependencies"]),
        *sorted(project["dependency-groups"]["dev"]),
    ]
    return hashlib.sha256("\n".join(lists).encode()).hexdigest()


def locked_digest(name: str) -> str:
    """The digest in the header of the lock file `name`, empty where there is none."""
    with (ROOT / name).open(encoding="utf-8") as lock:
        found = re.search(r"dependency lists: ([0-9a-f]{64})", lock.readline())
    return found[1] if found else ""


def write_lock(name: str, options: list[str], *, upgrades: list[str]) -> None:
    """Resolve for every platform and every supported Python; versions already locked are kept unless upgraded."""
    subprocess.run(
        [
            *(sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"),
            *("--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links"),
            *(*options, *upgrades, "pyproject.toml", "--output-file", name),
        ],
        cwd=ROOT,
        check=True,
    )
    path = ROOT / name
    path.write_text(HEADER.format(digest=dependency_digest()) + path.read_text(encoding="utf-8"), encoding="utf-8")


if __name__ == "__main__":
    # Further arguments go to the resolver: `./dev lock --upgrade` takes the newest releases of everything.
    for lock_name, group in LOCKS.items():
        write_lock(lock_name, group, upgrades=sys.argv[1:])

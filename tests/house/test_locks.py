"""The lock files: fresh, complete, hashed, and free of addresses."""

import json
import re
from pathlib import Path

import lock
import pytest

from tests.house.sources import ROOT, committed, name_of, report

PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^ ]+) ?(;.*)? \\$", re.MULTILINE)
# Written in halves, so that this list does not find itself.
REGISTRIES = [
    first + second
    for first, second in [
        ("pypi", ".org"),
        ("python", "hosted.org"),
        ("registry.npm", "js.org"),
        ("npm", "js.com"),
        ("yarn", "pkg.com"),
        ("deb.de", "bian.org"),
        ("security.de", "bian.org"),
        ("proxy.go", "lang.org"),
    ]
]


def pins(name: str) -> dict[str, str]:
    """Package -> version of one lock file."""
    return {found[1]: found[2] for found in PINNED.finditer((ROOT / name).read_text(encoding="utf-8"))}


@pytest.mark.parametrize("name", lock.LOCKS)
def test_the_lock_file_was_made_from_the_lists_of_today(name: str) -> None:
    assert lock.locked_digest(name) == lock.dependency_digest(), f"{name} is older than pyproject.toml: run ./dev lock"


@pytest.mark.parametrize("name", lock.LOCKS)
def test_every_package_is_pinned_with_hashes(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith(("#", "    --hash=sha256:"))]
    found = [line for line in lines if not PINNED.match(line + "\n")]
    assert len(pins(name)) > 10
    assert not found, report(found, "run ./dev lock; nobody edits lock files by hand.")


def test_both_lock_files_agree() -> None:
    program, everything = pins("requirements.lock"), pins("requirements-dev.lock")
    found = [f"{name}: {version} and {everything.get(name)}" for name, version in program.items()]
    found = [line for line in found if len(set(re.split(": | and ", line)[1:])) > 1]
    assert not found, report(found, "run ./dev lock --upgrade, so that both are resolved to the same versions.")


# Folders of packages that node brings: what pages are built from, and what only tests need.
NODE_FOLDERS = ("learning/assets", "tests/hostile", "tests/provider")


@pytest.mark.parametrize("folder", NODE_FOLDERS)
def test_the_lock_of_node_packages_names_digests_and_no_addresses(folder: str) -> None:
    packages = json.loads((ROOT / folder / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    found = [f"{name}: {entry['resolved']}" for name, entry in packages.items() if "resolved" in entry]
    found += [f"{name}: no integrity" for name, entry in packages.items() if name and "integrity" not in entry]
    mend = f"in {folder} run npm install --package-lock-only --omit-lockfile-registry-resolved."
    assert not found, report(found, mend)


@pytest.mark.parametrize("folder", NODE_FOLDERS)
def test_node_packages_are_pinned_exactly(folder: str) -> None:
    wanted = json.loads((ROOT / folder / "package.json").read_text(encoding="utf-8"))
    ranges = {**wanted.get("dependencies", {}), **wanted["devDependencies"]}
    found = [f"{name}: {version}" for name, version in ranges.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)]
    assert not found, report(found, "name one version; a new one is a commit of its own.")


def test_every_folder_of_node_packages_is_looked_at() -> None:
    assert sorted(name_of(path.parent) for path in committed("package.json")) == sorted(NODE_FOLDERS)


def test_no_file_names_a_package_registry() -> None:
    found = []
    for path in committed():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{name_of(path)}: {host}" for host in REGISTRIES if host in text]
    mend = "clients are configured where they run; the project names packages, never their hosts."
    assert not found, report(found, mend)


def test_a_changed_list_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    known = lock.dependency_digest()
    (tmp_path / "pyproject.toml").write_text(project.replace('"click>=8.1"', '"click>=8.2"'), encoding="utf-8")
    monkeypatch.setattr(lock, "ROOT", tmp_path)
    assert lock.dependency_digest() != known

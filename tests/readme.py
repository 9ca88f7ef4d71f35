"""The commands that README.md shows, so that tests run exactly those."""

import re
from pathlib import Path

README = Path(__file__).resolve().parent.parent / "README.md"


def commands_under(heading: str) -> list[list[str]]:
    """The lines of each block of commands below the heading of level 2, block by block."""
    text = README.read_text(encoding="utf-8")
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"README.md has no heading {heading!r}"
    blocks = re.findall(r"^```console\n(.*?)^```$", found[1], re.MULTILINE | re.DOTALL)
    return [block.splitlines() for block in blocks]

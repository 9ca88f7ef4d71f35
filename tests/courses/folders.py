"""Writes course folders for tests: good ones, with single files replaced or added."""

from pathlib import Path

COURSE = """\
---
id: widerspruch-sgb2
title: Widerspruch im SGB II
lang: de
---

Fristen und Form.
"""
LESSON = """\
---
id: fristen
title: Fristen
---

## Die Frist

Ein Monat.
"""


def write_course(folder: Path, files: dict[str, str | bytes] | None = None, *, slug: str = "widerspruch-sgb2") -> Path:
    """A course of one module in `folder`/`slug`, with `files` beside or instead."""
    root = folder / slug
    for name, content in {"course.md": COURSE, "01-fristen.md": LESSON, **(files or {})}.items():
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content.encode() if isinstance(content, str) else content)
    return root

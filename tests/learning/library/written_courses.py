"""Small courses written for one test: a folder with as many files as the test names."""

from pathlib import Path

COURSE = """---
id: {slug}
title: {title}
lang: de
summary: {summary}
area: prozess
level: grundlagen
---
Worum es geht.
"""
QUESTION = """
## Frage: Welche Frist gilt? {#frist}

- ( ) zwei Wochen
- (x) ein Monat
- ( ) drei Monate

> Ein Monat.
"""


def write_course(
    folder: Path, slug: str, *, title: str = "Ein Kurs", summary: str = "Kurz gesagt.", **modules: str
) -> Path:
    """A course folder; the name of each module is its slug with `_` for `-`, its value the text."""
    place = folder / slug
    place.mkdir(parents=True, exist_ok=True)
    (place / "course.md").write_text(COURSE.format(slug=slug, title=title, summary=summary), encoding="utf-8")
    for number, (name, text) in enumerate(modules.items(), start=1):
        own = name.replace("_", "-")
        front = f"---\nid: {own}\ntitle: {own.capitalize()}\n---\n"
        (place / f"{number:02}-{own}.md").write_text(front + text, encoding="utf-8")
    return place

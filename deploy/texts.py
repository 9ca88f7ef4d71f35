"""Keeps the catalogues in learning/translations: extracts German source texts, compares, merges, compiles.

Texts of pages and of the command line only; the wording of the checker's messages lives in courses/wording.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "learning" / "translations"
# Where texts stand, and how they are found there. The lower packages contain none.
SOURCES = (("learning", "**/*.py", "python"), ("templates", "**/*.html", "jinja2"))
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2), "lazy_gettext": None}


def source_texts() -> "Catalog":
    """Catalogue of all texts that occur in code and templates now, with their places."""
    from babel.messages.catalog import Catalog
    from babel.messages.extract import extract_from_file

    catalog = Catalog(project="Impuls", charset="utf-8", fuzzy=False)
    for folder, pattern, method in SOURCES:
        for path in sorted((ROOT / folder).glob(pattern)):
            if "node_modules" in path.parts:
                continue
            for line, text, comments, context in extract_from_file(
                "jinja2.ext:babel_extract" if method == "jinja2" else method,
                path,
                keywords=KEYWORDS,
                comment_tags=("Hinweis:",),
                options={"trimmed": "true", "silent": "false"} if method == "jinja2" else {},
            ):
                place = (path.relative_to(ROOT).as_posix(), line)
                catalog.add(text, None, [place], auto_comments=comments, context=context)
    return catalog


def catalogues() -> list[Path]:
    """All translated catalogues, one a language."""
    return sorted(TRANSLATIONS.glob("*/LC_MESSAGES/messages.po"))


def read_catalogue(path: Path) -> "Catalog":
    """Parse one catalogue; its language is the name of its folder."""
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3])


def findings() -> list[str]:
    """What keeps the catalogues from being complete, each as a line that says what to do."""
    sources = source_texts()
    wanted = {(message.id, message.context) for message in sources if message.id}
    found = [] if catalogues() or not wanted else ["learning/translations has no catalogue: run ./dev texts"]
    for path in catalogues():
        place = path.relative_to(ROOT).as_posix()
        catalog = read_catalogue(path)
        known = {(message.id, message.context): message for message in catalog if message.id}
        found += [f"{place}: not yet listed, run ./dev texts: {text!r}" for text, _ in wanted - known.keys()]
        found += [f"{place}: no longer used, run ./dev texts: {text!r}" for text, _ in known.keys() - wanted]
        for message in known.values():
            forms = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
            if message.fuzzy or not all(forms):
                state = "guessed, check it and remove the word fuzzy" if message.fuzzy else "not translated"
                found.append(f"{place}: {state}: {message.id!r}")
            found += [f"{place}: {error}: {message.id!r}" for error in message.check(catalog)]
    return sorted(found)


def update_catalogues() -> None:
    """Merge the texts of today into every catalogue; new ones wait there for their translation."""
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import write_po

    english = TRANSLATIONS / "en" / "LC_MESSAGES" / "messages.po"
    sources = source_texts()
    for path in sorted({english, *catalogues()}):
        language = path.parts[-3]
        catalog = read_catalogue(path) if path.exists() else Catalog(locale=language, project="Impuls", fuzzy=False)
        catalog.update(sources, no_fuzzy_matching=True, update_creation_date=False)
        catalog.obsolete.clear()
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalog, width=110, sort_output=True, omit_header=False, include_lineno=False)


def compile_catalogues() -> None:
    """Write the .mo file beside every catalogue that is newer than it."""
    for path in catalogues():
        compiled = path.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= path.stat().st_mtime:
            continue
        from babel.messages.mofile import write_mo

        catalog = read_catalogue(path)
        with compiled.open("wb") as file:
            write_mo(file, catalog)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["check"]:
            lines = findings()
            print("\n".join(lines), end="\n" if lines else "")
            sys.exit(1 if lines else 0)
        case ["update"]:
            update_catalogues()
        case _:
            compile_catalogues()

"""Where the program's own files are, in a checkout and in an installed wheel alike.

In a checkout `templates/` and `content/` stand beside the packages; in a wheel they are inside `learning`. Only this
module knows the difference; nothing here is read or created.
"""

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def checkout() -> Path | None:
    """Top of the checkout that this code runs from, None for an installed wheel."""
    top = PACKAGE.parent
    return top if (top / "pyproject.toml").is_file() and (top / "dev").is_file() else None


def templates() -> Path:
    """Folder of the page templates."""
    return (checkout() or PACKAGE) / "templates"


def content() -> Path:
    """Folder of the starter library that comes with the program: courses, skills, facts."""
    return (checkout() or PACKAGE) / "content"


def static() -> Path:
    """Folder of built assets; `manifest.json` in it names them."""
    return PACKAGE / "static"


def translations() -> Path:
    """Folder of the catalogues of interface texts."""
    return PACKAGE / "translations"


def data() -> Path:
    """Folder for what the program keeps: IMPULS_DATA, else `var/` of the checkout or of the working folder."""
    if named := os.environ.get("IMPULS_DATA"):
        return Path(named).resolve()
    return (checkout() or Path.cwd()) / "var"

"""Looks whether the program's own files are complete and says what to do where it is not. Changes nothing.

Each check is one function that answers one finding; `impuls doctor` (inspection.py) prints them all with what it finds
about settings and data, never only the first.
"""

import json
import os
import platform
import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from importlib import metadata
from importlib.util import find_spec
from typing import assert_never

import click

from learning import clock, paths
from learning.openid.fetching import Unreachable
from learning.openid.provider import Provider
from learning.openid.tokens import ALGORITHMS, Refused
from learning.settings import read_openid, read_proxy_sign_in

OLDEST_PYTHON = (3, 11)


class State(StrEnum):
    """`ADVICE` is worth knowing and no reason to refuse."""

    GOOD = "good"
    ADVICE = "advice"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """`text` says what was found and, unless all is well, what to do."""

    subject: str
    state: State
    text: str


def check_python() -> Finding:
    """The interpreter is new enough."""
    found = platform.python_version()
    if sys.version_info[:2] < OLDEST_PYTHON:
        return Finding("Python", State.BAD, f"{found} ist zu alt. Installieren Sie Python 3.11 oder neuer.")
    return Finding("Python", State.GOOD, found)


def check_program() -> Finding:
    """The program is installed with its metadata."""
    try:
        version = metadata.version("impuls")
    except metadata.PackageNotFoundError:
        return Finding("Programm", State.BAD, "Impuls ist nicht installiert. Installieren Sie das Paket neu.")
    place = "aus dem Quelltext" if paths.checkout() else "aus dem Paket"
    return Finding("Programm", State.GOOD, f"Impuls {version} {place}, {paths.PACKAGE}")


def check_templates() -> Finding:
    """The page templates are there."""
    folder = paths.templates()
    count = sum(1 for _ in folder.rglob("*.html"))
    if count == 0:
        return Finding("Seitenvorlagen", State.BAD, f"In {folder} fehlen die Vorlagen. Installieren Sie das Paket neu.")
    return Finding("Seitenvorlagen", State.GOOD, f"{count} in {folder}")


def check_static() -> Finding:
    """Every file that the manifest names is there."""
    folder = paths.static()
    mend = "Im Quelltext hilft ./dev run, sonst installieren Sie das Paket neu."
    try:
        files = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError):
        return Finding("Gestaltung", State.BAD, f"{folder / 'manifest.json'} fehlt oder ist unlesbar. {mend}")
    missing = [name for name in files.values() if not (folder / name).is_file()]
    if missing:
        return Finding("Gestaltung", State.BAD, f"Es fehlen {', '.join(missing)}. {mend}")
    return Finding("Gestaltung", State.GOOD, f"{len(files)} Dateien in {folder}")


def check_licences() -> Finding:
    """The licence texts of the style sheet and the fonts travel with them."""
    folder = paths.static() / "licences"
    wanted = ("KERN-UX-EUPL-1.2.md", "Fira-Sans-OFL-1.1.txt", "THIRD-PARTY.md")
    missing = [name for name in wanted if not (folder / name).is_file()]
    if missing:
        return Finding(
            "Lizenztexte", State.BAD, f"In {folder} fehlen {', '.join(missing)}. Installieren Sie das Paket neu."
        )
    return Finding("Lizenztexte", State.GOOD, f"{len(wanted)} in {folder}")


def check_translations() -> Finding:
    """Every catalogue of interface texts is compiled."""
    folder = paths.translations()
    languages = sorted(path.parts[-3] for path in folder.glob("*/LC_MESSAGES/messages.mo"))
    sources = sorted(path.parts[-3] for path in folder.glob("*/LC_MESSAGES/messages.po"))
    if missing := sorted(set(sources) - set(languages)) or ([] if languages else ["en"]):
        mend = "Im Quelltext hilft ./dev run, sonst installieren Sie das Paket neu."
        return Finding("Übersetzungen", State.BAD, f"Nicht übersetzt: {', '.join(missing)}. {mend}")
    return Finding("Übersetzungen", State.GOOD, ", ".join(["de", *languages]))


def check_content() -> Finding:
    """The starter library is there and its texts can be read."""
    folder = paths.content()
    courses = sorted(folder.glob("*/course.md"))
    if not courses:
        return Finding(
            "Mitgelieferte Kurse", State.BAD, f"In {folder} liegt kein Kurs. Installieren Sie das Paket neu."
        )
    unreadable = [path.parent.name for path in courses if not os.access(path, os.R_OK)]
    if unreadable:
        advice = "Geben Sie dem Konto, unter dem Impuls läuft, das Leserecht."
        return Finding("Mitgelieferte Kurse", State.BAD, f"Nicht lesbar: {', '.join(unreadable)}. {advice}")
    return Finding("Mitgelieferte Kurse", State.GOOD, f"{len(courses)} in {folder}")


def check_data_folder() -> Finding:
    """The program may write where it keeps its data, or may create that folder; nothing is written to find out."""
    folder = paths.data()
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    if not existing.is_dir() or not os.access(existing, os.W_OK | os.X_OK):
        advice = "Geben Sie dem Konto das Schreibrecht oder nennen Sie in IMPULS_DATA einen anderen Ordner."
        return Finding("Datenordner", State.BAD, f"{existing} ist nicht beschreibbar. {advice}")
    note = "" if folder.exists() else " (wird bei Bedarf angelegt)"
    return Finding("Datenordner", State.GOOD, f"{folder}{note}")


def check_sign_in() -> Finding:
    """The official account, where one is configured: its provider answers and can do what is needed."""
    subject, problems = "Anmeldung", list[str]()
    openid, proxy = read_openid(os.environ, problems), read_proxy_sign_in(os.environ, problems)
    if problems:
        return Finding(subject, State.BAD, " ".join(problems))
    if proxy:
        return Finding(subject, State.GOOD, f"mit Passwort; mit dem Dienstkonto, das der Proxy in {proxy.header} nennt")
    if openid is None:
        return Finding(subject, State.GOOD, "mit Passwort; ein Dienstkonto ist nicht eingerichtet")
    try:
        keys = Provider(openid).keys(now=clock.now())
    except (Unreachable, Refused) as error:
        advice = "Prüfen Sie IMPULS_OPENID_ISSUER und ob dieser Rechner den Anmeldedienst erreicht."
        return Finding(subject, State.BAD, f"{openid.issuer} ist so nicht zu gebrauchen. {advice} ({error})")
    if not keys:
        return Finding(subject, State.BAD, f"{openid.issuer} nennt keinen Schlüssel für {', '.join(ALGORITHMS)}.")
    return Finding(subject, State.GOOD, f"mit Passwort; mit dem Dienstkonto bei {openid.issuer}")


def check_limits() -> Finding:
    """The system can limit what checking one file may cost; without it only the clock stops a hostile file."""
    if find_spec("resource") is None:
        text = (
            "Dieses System begrenzt nur die Dauer, nicht Rechenzeit und Speicher. Prüfen Sie fremde Kurse unter Linux."
        )
        return Finding("Grenzen je Datei", State.ADVICE, text)
    return Finding("Grenzen je Datei", State.GOOD, "Dauer, Rechenzeit und Speicher")


CHECKS: tuple[Callable[[], Finding], ...] = (
    check_python,
    check_program,
    check_templates,
    check_static,
    check_licences,
    check_translations,
    check_content,
    check_data_folder,
    check_sign_in,
    check_limits,
)


def examine() -> list[Finding]:
    """All findings, in the order of CHECKS."""
    return [check() for check in CHECKS]


def mark(state: State) -> str:
    """The state as a word of fixed width, coloured on a terminal."""
    match state:
        case State.GOOD:
            return click.style("gut    ", fg="green")
        case State.ADVICE:
            return click.style("Hinweis", fg="yellow")
        case State.BAD:
            return click.style("Fehler ", fg="red")
        case _:
            assert_never(state)

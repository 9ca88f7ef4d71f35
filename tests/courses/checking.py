"""A course in memory that passes every check, its parts to be exchanged one by one, and the checking of it."""

import datetime
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from courses.bundle import Bundle
from courses.check import check_course
from courses.check.rules import without_farther
from courses.course import Course, Fact
from courses.reading.read import read_course
from courses.wording import LANGUAGES, parameters_of
from quizzes.problems import Problem

TODAY = datetime.date(2026, 11, 22)
SENTENCE = "Sie fragen eine Kollegin nach dem nächsten Schritt im Ablauf. "
COURSE = """\
---
id: pruefkurs
title: Ein Kurs für die Prüfung
lang: de
---

Ein kurzer Kurs.
"""


class MemoryBundle(Bundle):
    """The files of a course without a disk; `sizes` may claim more than there is."""

    def __init__(self, files: Mapping[str, str | bytes], sizes: Mapping[str, int] | None = None) -> None:
        self.files = {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}
        super().__init__("pruefkurs", {path: len(data) for path, data in self.files.items()} | dict(sizes or {}))

    def chunks(self, path: str) -> Iterator[bytes]:
        yield self.files[path]

    def file_digest(self, path: str) -> str:
        return hashlib.sha256(self.files[path]).hexdigest()


OPTIONS = """\
- ( ) Ich lasse den Schritt weg, weil er fraglich ist.
  > Nicht ganz: Ein fraglicher Schritt geschieht trotzdem und bleibt sonst unsichtbar. Halten Sie ihn bitte fest.
- (x) Ich schreibe den Schritt auf und melde ihn weiter.
  > Richtig: Die Aufnahme zeigt, was wirklich geschieht. Ob das so bleiben soll, bewertet danach die Fachstelle.
- ( ) Ich bitte die Kollegin, ab morgen anders zu arbeiten.
  > Gut gemeint, aber nicht Ihre Rolle: Wer eingreift, verändert den Ablauf. Klären Sie es später mit der Leitung.
"""
STORY = "Herr Kaya steht am Tresen und wartet. Sie gehen mit und sehen einen Umweg über das Archiv."
QUESTIONS = {
    "fall-eins": f"### Frage: Was tun Sie jetzt? {{#fall-eins}}\n\n{STORY}\n\n{OPTIONS}",
    "fall-zwei": f"### Frage: Was schreiben Sie auf? {{#fall-zwei}}\n\n{STORY}\n\n{OPTIONS}",
    "angaben": """\
### Frage: Welche zwei Angaben gehören zu einem Schritt? {#angaben}

- [x] das genutzte Programm
  > Richtig: Das Werkzeug macht Brüche sichtbar, etwa eine Papierliste neben dem Kalender am anderen Platz.
- [x] die ungefähre Dauer
  > Richtig: Dauer und Menge zeigen, wo sich eine Änderung lohnt. Eine grobe, offen genannte Schätzung genügt.
- [ ] der Name der Person
  > Nein: Der Name ist für den Ablauf nicht erforderlich. Beschreiben Sie lieber Rollen, etwa „anfragende Person“.
- [ ] die Zeit je Kollegin
  > Nein: Werte je Person sind Leistungskontrolle. Erheben Sie Mengen und Zeiten nur für den Schritt selbst.
""",
    "folge": """\
### Frage: Bringen Sie die Schritte in eine Reihenfolge. {#folge}

1. Zweck klären
2. Grenzen ziehen
3. Mitgehen

> Vom Zweck über die Grenzen zur Wirklichkeit: So fragen Sie nicht über alles zugleich.
""",
    "zahl": """\
### Frage: Wie viele Anrufe waren es? {#zahl}

An zwei Tagen kamen je 24 Anrufe.

- = 48 ± 1

> Zweimal 24 ergibt 48. Eine so kurze Zählung ist nur ein Anhaltspunkt; sagen Sie das dazu.
""",
}
PARTS = {
    "case": "## Der Fall\n\nDie Leitung führt ein Programm ein. Niemand hat gefragt, wie die Arbeit läuft.\n",
    "before": "## Frage: Was wäre zu tun gewesen? {#vorab before}\n\n___\n\n> Zuerst wären alle Wege zu erfassen.\n",
    "goal": "## Ihr Ziel\n\nSie nehmen einen Ablauf so auf, dass zwei Ausführende ihn bestätigen.\n",
    "content": "\n".join(f"## Abschnitt {name}\n\n{SENTENCE * 19}\n" for name in ("Eins", "Zwei", "Drei", "Vier")),
    "recalls": (
        "> **Ohne Zurückblättern:** Welche Grenzen ziehen Sie zuerst?\n\n"
        "> **Mögliche Lösung:** Anlass und Ergebnis.\n\n"
        "> **Ohne Zurückblättern:** Wen fragen Sie danach?\n"
    ),
    "example": (
        "## Beispiel: Wunschtermin\n\n| Nr. | Schritt |\n|---|---|\n| 1 | Anruf annehmen |\n\n"
        "> **Häufiger Fehler:** Die Leitung diktiert den Ablauf aus dem Gedächtnis.\n"
    ),
    "exercise": "## Jetzt Sie\n\nErgänzen Sie zwei Schritte.\n\n> **Mögliche Lösung:** Anliegen klären, Zeit suchen.\n",
    "transfer": "## Transferaufgabe (45 Minuten)\n\nNehmen Sie einen eigenen Ablauf auf.\n",
    "job_aid": "## Arbeitshilfe: Sieben Fragen\n\n- [ ] Anlass notiert\n",
    "sources": (
        "## Quellen und Stand\n\n- Organisationshandbuch des Bundes (Standard)\n- SGB X (Gesetz)\n"
        "- Bericht eines Kreises (Praxisbeispiel)\n\nStand: November 2026.\n"
    ),
    "questions": "## Fragen zum Modul\n\n" + "\n".join(QUESTIONS.values()),
}
FRONT = {"id": "ablauf", "title": "Einen Ablauf aufnehmen", "task_minutes": "3"}


def lesson(front: Mapping[str, str] | None = None, **parts: str) -> str:
    """The text of a good lesson with other parts; an empty part is left out."""
    fields = {key: value for key, value in {**FRONT, **(front or {})}.items() if value}
    head = "".join(f"{key}: {value}\n" for key, value in fields.items())
    body = "\n".join(text for text in {**PARTS, **parts}.values() if text)
    return f"---\n{head}---\n\n{body}"


def with_text(text: str) -> str:
    """A good lesson that holds `text` in its content."""
    return lesson(content=f"{PARTS['content']}\n{text}\n")


def with_question(name: str, old: str, new: str) -> str:
    """A good lesson in one of whose questions `old` is `new`."""
    assert old in QUESTIONS[name], old
    questions = {**QUESTIONS, name: QUESTIONS[name].replace(old, new, 1)}
    return lesson(questions="## Fragen zum Modul\n\n" + "\n".join(questions.values()))


def test_module(questions: str, **front: str) -> str:
    """The text of a test."""
    fields = {"id": "pruefung", "title": "Abschlusstest", "type": "test", **front}
    return "---\n" + "".join(f"{key}: {value}\n" for key, value in fields.items()) + f"---\n\n{questions}"


test_module.__test__ = False  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Registers:
    """What the library around a course knows."""

    facts: Mapping[str, Fact]
    local_keys: tuple[str, ...] = ("datenschutz", "personalrat")


NO_REGISTERS = Registers({})


def read(files: Mapping[str, str | bytes], **sizes: int) -> tuple[Course, MemoryBundle, list[Problem]]:
    """The course of these files with what reading it reported."""
    bundle = MemoryBundle({"course.md": COURSE, **files}, sizes)
    course = read_course(bundle)
    assert course.course is not None
    return course.course, bundle, list(course.problems)


def check(
    module: str = "",
    *,
    files: Mapping[str, str | bytes] | None = None,
    registers: Registers = NO_REGISTERS,
    published: Course | None = None,
    sizes: Mapping[str, int] | None = None,
) -> list[Problem]:
    """All problems of a course with this one module and these further files.

    Every problem must be sayable in both languages without a missing value.
    """
    contents = {"course.md": COURSE, **({"01-ablauf.md": module} if module else {}), **(files or {})}
    bundle = MemoryBundle(contents, sizes)
    course = read_course(bundle)
    assert course.course is not None, course.problems
    found = check_course(
        course.course,
        bundle,
        today=TODAY,
        published=published,
        local_keys=registers.local_keys,
        facts=registers.facts,
    )
    problems = without_farther([*course.problems, *found])
    for problem in problems:
        for language in LANGUAGES:
            missing = parameters_of(problem.code, language) - problem.parameters.keys()
            assert not missing, f"{problem.code} lacks {sorted(missing)} in {language}"
    return problems


def places(problems: list[Problem]) -> list[tuple[str, int, int]]:
    """Code, line and column of each problem."""
    return [(problem.code, problem.line, problem.column) for problem in problems]


def place_of(text: str, words: str, *, nth: int = 1) -> tuple[int, int]:
    """Line and column at which `words` stand in `text` for the nth time."""
    offset = -1
    for _ in range(nth):
        offset = text.index(words, offset + 1)
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)

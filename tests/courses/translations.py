"""A German course with one question of each kind, and its English overlay, for tests of translations."""

from pathlib import Path

from courses.bundle import open_bundle
from courses.check.translation import check_translations
from courses.course import Course
from courses.reading.read import read_course
from quizzes.questions import (
    Question,
)
from tests.courses.folders import write_course

GERMAN = """\
---
id: fristen
title: Fristen
objectives: [Sie berechnen Fristen]
---

## Die Frist

Ein Monat.

## Frage: Bis wann? {#wann points=2 must}

- ( ) zwei Wochen
  > Nein, das gilt hier nicht.
- (x) einen Monat
- ( ) drei Monate

> Ein Monat.

## Frage: Was gehört hinein? {#was partial=no}

- [x] der Sachverhalt
- [x] die Absicht
- [ ] das Passwort
- [ ] die Bankverbindung

## Frage: Wie heißt es? {#wort}

- = Anhörung

## Frage: Wie viel? {#zahl}

- = 562,50 €
- ! 576
  > Freibetrag vergessen.

## Frage: Was gehört zusammen? {#paare}

- BG -> Bedarfsgemeinschaft
- HG -> Haushaltsgemeinschaft
- -> Wohngemeinschaft

## Frage: In welcher Folge? {#folge}

1. Antrag
2. Anhörung
3. Bescheid
4. Widerspruch

- ! 4 vor 2
  > Erst die Anhörung.
- = 2 vor 1

## Frage: Ergänzen Sie. {#luecken}

Binnen [[eines Monats]] bei der [[ Polizei | (Stelle) ]].

## Frage: Was sagen Sie? {#frei}

___

> Guten Tag.

## Fragenpool: Fristen {#pool draw=1}

### Frage: Stimmt das? {#stimmt}

- ( ) richtig
- (x) falsch

### Frage: Und das? {#das}

- (x) richtig
- ( ) falsch
"""

ENGLISH = """\
---
title: Deadlines
objectives: [You compute deadlines]
---

## The deadline

One month.

## Question: In what order? {#folge}

1. application
2. hearing
3. notice
4. objection

- ! 4 before 2
  > The hearing first.

## Question: By when? {#wann}

- ( ) two weeks
  > No, not here.
- (x) one month
- ( ) three months

> One month.

## Question: What belongs in it? {#was}

- [x] the facts
- [x] the intention
- [ ] the password
- [ ] the bank account

## Question: What is it called? {#wort}

- = hearing
- = consultation

## Question: How much? {#zahl}

- = 562.50 €

## Question: What belongs together? {#paare}

- BG -> needs unit
- HG -> household
- -> flat share

## Question: Fill in. {#luecken}

Within [[one month]] to the [[ police | (authority) ]].

## Question: What do you say? {#frei}

___

> Good morning.

## Question pool: Deadlines {#pool draw=1}

### Question: Is that so? {#stimmt}

- ( ) right
- (x) wrong

### Question: And that? {#das}

- (x) right
- ( ) wrong
"""


def read(folder: Path, english: str = ENGLISH, *, more: dict[str, str | bytes] | None = None) -> Course:
    files: dict[str, str | bytes] = {"01-fristen.md": GERMAN, "en/01-fristen.md": english, **(more or {})}
    opened = open_bundle(write_course(folder, files))
    assert opened.bundle is not None
    found = read_course(opened.bundle)
    assert [problem for problem in found.problems if problem.code.startswith("E")] == []
    assert found.course is not None
    return found.course


def faults(course: Course) -> list[tuple[str, str, int, dict[str, str | int]]]:
    found = [problem for problem in check_translations(course) if problem.code.startswith("E")]
    return [(problem.code, problem.path, problem.line, dict(problem.parameters)) for problem in found]


def line_of(text: str, start: str) -> int:
    return next(number for number, line in enumerate(text.split("\n"), 1) if start in line)


def question(course: Course, question_id: str) -> Question:
    return next(found for found in course.modules[0].document.questions.questions if found.id == question_id)

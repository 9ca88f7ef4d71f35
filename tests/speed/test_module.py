"""How long one module takes: read, checked and rendered on every pause of an author's keyboard."""

import datetime
from pathlib import Path

from courses.bundle import open_bundle
from courses.check import check_course
from courses.course import Course, Module, ModuleType, Term
from courses.reading.document import read_document
from courses.reading.read import read_course
from courses.rendering.render import render_course, render_module
from tests.courses.samples import Folder, Places
from tests.speed.measuring import Measure

PARAGRAPH = (
    "Legen Sie vor dem ersten *Gespräch* vier Dinge fest: **Auslöser**, Ergebnis, Beteiligte und Varianten. Mischen Sie"
    " Wunschtermin und Einladung nicht; für die Einladung gelten eigene Regeln (§ 59 SGB II mit § 309 SGB III), und ob"
    " ein Schreiben „in Ordnung“ ist, entscheidet [Ihre Fachstelle](https://example.org/fachstelle) und sonst"
    " niemand.\n\n"
)
SECTION = f"""\
{PARAGRAPH}{PARAGRAPH}{PARAGRAPH}- **Auslöser:** Womit beginnt der Ablauf?
- **Ergebnis:** Woran erkennen Sie das Ende?

> [!NOTE]
> Zählen Sie nie je Person.[^1]

> **Ohne Zurückblättern:** Welche vier Dinge sind es?

> **Mögliche Lösung:** Auslöser, Ergebnis, Beteiligte, Varianten.

Tabelle: Methoden und Grenzen

| Methode | Zeigt gut | Grenze |
|---|---|---|
| Unterlagen sichten | Vorgaben, Vordrucke | zeigt, was gelten soll |
| Mitgehen | Umwege, Unterbrechungen | nur ein kurzer Ausschnitt |
| Zählen mit Strichliste | Mengen und Wege | erklärt keine Ursachen |

"""
QUESTION = """\
### Frage: Was tun Sie in der Aufnahme, wenn ein Schritt fraglich ist? {{#frage-{0}}}

Herr Kaya bittet um einen *Beratungstermin*.

- ( ) Ich lasse den Schritt weg, weil er das Bild verfälschen würde.
  > Nicht ganz. Ein fraglicher Schritt geschieht trotzdem.
- (x) Ich schreibe den Schritt auf und vermerke ihn als Auffälligkeit.
  > Richtig. Die Aufnahme zeigt, was geschieht.
- ( ) Ich bitte die Kollegin, ab sofort ein anderes Schreiben zu nehmen.
  > Gut gemeint, aber nicht Ihre Rolle.

> Halten Sie fest, was geschieht, und geben Sie es zur Prüfung weiter.

"""
MODULE = (
    "---\nid: aufnehmen\ntitle: Aufnehmen\n---\n\n"
    + "".join(f"## Abschnitt {number}\n\n{SECTION}" for number in range(5))
    + "## Arbeitshilfe\n\n- [ ] Grenzen notiert\n- [ ] Zwei Methoden gewählt\n\n## Fragen zum Modul\n\n"
    + "".join(QUESTION.format(number) for number in range(6))
    + "\n[^1]: Auch nicht auf dem Papier.\n"
).encode()
TERMS = tuple(
    Term(name, "Was damit gemeint ist.", 1)
    for name in ("Auslöser", "Ergebnis", "Variante", "Strichliste", "Medienbruch")
)


def read() -> Course:
    document = read_document("01-aufnehmen.md", MODULE, language="de").document
    assert document is not None
    module = Module("aufnehmen", "aufnehmen", 1, "Aufnehmen", ModuleType.LESSON, document)
    return Course("prozesse", "prozesse", "Prozesse", "de", document, (module,), glossary=TERMS)


def test_a_module_of_a_thousand_words_and_six_questions_is_rendered_at_once(measure: Measure) -> None:
    course = read()
    places, files = Places(), Folder()
    rendered = render_module(course, course.modules[0], address=places, files=files)
    assert 900 <= rendered.reading.words <= 1100
    assert rendered.reading.questions == 6
    action = lambda: render_module(course, course.modules[0], address=places, files=files)  # noqa: E731 one short act
    measure("render a module (1,000 words, 6 questions)", action, limit=0.02, runs=31)


def test_a_module_is_read_and_rendered_at_once(measure: Measure) -> None:
    def read_and_render() -> None:
        course = read()
        render_module(course, course.modules[0], address=Places(), files=Folder())

    measure("read and render a module", read_and_render, limit=0.05, runs=31)


def test_a_course_of_one_module_is_read_checked_and_rendered_at_once(measure: Measure, tmp_path: Path) -> None:
    folder = tmp_path / "prozesse"
    folder.mkdir()
    (folder / "course.md").write_text("---\nid: prozesse\ntitle: Prozesse\nlang: de\n---\n\nWorum es geht.\n", "utf-8")
    (folder / "01-aufnehmen.md").write_bytes(MODULE)

    def prepare() -> None:
        bundle = open_bundle(folder).bundle
        assert bundle is not None
        course = read_course(bundle).course
        assert course is not None
        check_course(course, bundle, today=datetime.date(2026, 11, 22))
        render_course(course, address=Places(), files=bundle)

    measure("read, check and render a module", prepare, limit=0.05, runs=31)

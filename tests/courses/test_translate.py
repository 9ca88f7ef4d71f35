"""A course in another language: structure of the source, texts of the overlay; what does not fit is told and left."""

from pathlib import Path

import pytest

from courses.bundle import open_bundle
from courses.check.translation import check_translations
from courses.course import Course
from courses.fingerprint import revision
from courses.read import read_course
from courses.translate import translated, translated_question
from quizzes.questions import (
    ChoiceGap,
    Cloze,
    Matching,
    MultipleChoice,
    NumberInput,
    Ordering,
    Precedence,
    Question,
    ShortText,
    SingleChoice,
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


def test_titles_objectives_and_texts_come_from_the_translation(tmp_path: Path) -> None:
    course = translated(read(tmp_path), "en")
    (module,) = course.modules
    assert (course.language, module.language) == ("en", "en")
    assert (module.title, module.objectives, module.id) == ("Deadlines", ("You compute deadlines",), "fristen")
    assert module.document.path == "en/01-fristen.md"
    assert module.path == "en/01-fristen.md"


def test_questions_stand_in_the_order_of_the_source_and_their_places_point_at_them(tmp_path: Path) -> None:
    source = read(tmp_path)
    course = translated(source, "en")
    document = course.modules[0].document
    ids = [found.id for found in document.questions.questions]
    assert ids == [found.id for found in source.modules[0].document.questions.questions]
    places = [token.meta["position"] for token in document.tokens if token.type == "question"]
    assert [ids[place] for place in places] == [
        "folge",
        "wann",
        "was",
        "wort",
        "zahl",
        "paare",
        "luecken",
        "frei",
        "stimmt",
        "das",
    ]
    assert [pool.draw for pool in document.questions.pools] == [1]
    assert [pool.title for pool in document.questions.pools] == ["Deadlines"]
    assert [ids[place] for place in document.questions.pools[0].members] == ["stimmt", "das"]


def test_reading_the_source_again_shows_that_it_was_left_alone(tmp_path: Path) -> None:
    source = read(tmp_path)
    translated(source, "en")
    places = [
        token.meta["position"]
        for token in source.translations["en"].documents["01-fristen.md"].tokens
        if token.type == "question"
    ]
    assert places == list(range(10))


def test_points_and_flags_come_from_the_source(tmp_path: Path) -> None:
    course = translated(read(tmp_path), "en")
    assert question(course, "wann").points == 2
    assert question(course, "wann").attributes.is_must
    assert question(course, "was").attributes.is_partial is False


def test_each_kind_takes_its_texts_from_the_translation(tmp_path: Path) -> None:
    course = translated(read(tmp_path), "en")
    match [question(course, name).answer for name in ("wann", "was", "paare", "wort", "zahl", "luecken")]:
        case [
            SingleChoice() as one,
            MultipleChoice() as many,
            Matching() as pairs,
            ShortText() as word,
            NumberInput(),
            Cloze() as gaps,
        ]:
            assert [option.text.source for option in one.options] == ["two weeks", "one month", "three months"]
            assert [option.is_right for option in one.options] == [False, True, False]
            assert one.options[0].feedback is not None
            assert one.options[0].feedback.source == "No, not here."
            assert [option.is_right for option in many.options] == [True, True, False, False]
            assert pairs.pairs[0].right.source == "needs unit"
            assert [accepted.pattern.text for accepted in word.accepted] == ["hearing", "consultation"]
            assert isinstance(gaps.gaps[1], ChoiceGap)
            assert gaps.gaps[1].choices == ("police", "authority")
        case other:
            pytest.fail(f"unexpected kinds: {other}")
    explanation = question(course, "frei").explanation
    assert explanation is not None
    assert explanation.source == "Good morning."


def test_an_ordering_keeps_the_allowed_orders_of_its_source(tmp_path: Path) -> None:
    answer = question(translated(read(tmp_path), "en"), "folge").answer
    assert isinstance(answer, Ordering)
    assert [item.source for item in answer.items] == ["application", "hearing", "notice", "objection"]
    assert [line.pattern for line in answer.allowed] == [Precedence(1, 0)]
    (mistake,) = answer.mistakes
    assert mistake.pattern == Precedence(3, 1)
    assert mistake.feedback is not None
    assert mistake.feedback.source == "The hearing first."


def test_a_question_of_another_kind_is_no_translation(tmp_path: Path) -> None:
    course = read(tmp_path)
    with pytest.raises(ValueError, match="Matching cannot translate ShortText"):
        translated_question(question(course, "wort"), question(course, "paare"))


def test_a_translated_file_that_cannot_be_read_is_told_and_falls_back(tmp_path: Path) -> None:
    opened = open_bundle(write_course(tmp_path, {"en/01-fristen.md": ENGLISH.encode("utf-16")}))
    assert opened.bundle is not None
    found = read_course(opened.bundle)
    assert [(problem.path, problem.code) for problem in found.problems] == [("en/01-fristen.md", "E001")]
    assert found.course is not None
    assert translated(found.course, "en").modules[0].language == "de"


def test_a_language_that_the_course_does_not_have_gives_the_course_itself(tmp_path: Path) -> None:
    course = read(tmp_path)
    assert translated(course, "fr") is course


def test_what_is_not_translated_stays_and_says_so_by_its_language(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "02-form.md": "---\nid: form\ntitle: Form\n---\n\nSchriftlich.\n",
        "glossary.md": "Frist\n: Eine Zeitspanne.\n",
    }
    source = read(tmp_path, more=files)
    course = translated(source, "en")
    assert (course.title, course.description) == (source.title, source.description)
    assert [module.language for module in course.modules] == ["en", "de"]
    assert course.modules[1] is source.modules[1]
    assert course.glossary == source.glossary
    untranslated = [problem for problem in check_translations(source) if problem.code == "W505"]
    assert [(problem.path, problem.parameters) for problem in untranslated] == [
        ("en/course.md", {"language": "en", "source": "course.md"}),
        ("en/02-form.md", {"language": "en", "source": "02-form.md"}),
        ("en/glossary.md", {"language": "en", "source": "glossary.md"}),
    ]


def test_the_course_itself_is_translated_too(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "en/course.md": "---\ntitle: Objection\nsummary: Deadlines and form.\nobjectives: You object\n---\n\nText.\n",
        "glossary.md": "Frist\n: Eine Zeitspanne.\n",
        "en/glossary.md": "Deadline\n: A span of time.\n",
    }
    course = translated(read(tmp_path, more=files), "en")
    assert (course.title, course.summary, course.objectives) == ("Objection", "Deadlines and form.", ("You object",))
    assert course.description.path == "en/course.md"
    assert [term.name for term in course.glossary] == ["Deadline"]


def test_a_fitting_translation_has_no_faults(tmp_path: Path) -> None:
    assert faults(read(tmp_path)) == []


FAULTS: dict[str, tuple[str, str, str, str, dict[str, str | int]]] = {
    "missing question": (
        "## Question: What do you say? {#frei}\n\n___\n\n> Good morning.\n",
        "",
        "E501",
        "",
        {"id": "frei", "fault": "missing"},
    ),
    "extra question": ("{#frei}", "{#neu}", "E501", "{#neu}", {"id": "neu", "fault": "extra"}),
    "question without id": (" {#frei}", "", "E501", "What do you say?", {"id": "What do you say?", "fault": "extra"}),
    "other kind": (
        "- [ ] the password\n- [ ] the bank account",
        "",
        "E502",
        "{#was}",
        {"id": "was", "fault": "options", "source": 4, "found": 2},
    ),
    "kind": (
        "- = hearing\n- = consultation",
        "- ( ) hearing\n- (x) consultation",
        "E502",
        "{#wort}",
        {"id": "wort", "fault": "kind", "source": "text", "found": "single"},
    ),
    "pairs": (
        "- HG -> household\n",
        "- HG -> household\n- X -> y\n",
        "E502",
        "{#paare}",
        {"id": "paare", "fault": "pairs", "source": 2, "found": 3},
    ),
    "distractors": (
        "- -> flat share\n",
        "",
        "E502",
        "{#paare}",
        {"id": "paare", "fault": "distractors", "source": 1, "found": 0},
    ),
    "items": (
        "4. objection\n\n- ! 4 before 2\n  > The hearing first.\n",
        "",
        "E502",
        "{#folge}",
        {"id": "folge", "fault": "items", "source": 4, "found": 3},
    ),
    "gaps": (
        "[[one month]]",
        "one month",
        "E502",
        "{#luecken}",
        {"id": "luecken", "fault": "gaps", "source": 2, "found": 1},
    ),
    "choices of a gap": (
        "[[ police | (authority) ]]",
        "[[ police | (authority) | court ]]",
        "E502",
        "{#luecken}",
        {"id": "luecken", "fault": "choices", "source": 2, "found": 3, "number": 2},
    ),
    "right choice of a gap": (
        "[[ police | (authority) ]]",
        "[[ (authority) | police ]]",
        "E502",
        "{#luecken}",
        {"id": "luecken", "fault": "position", "source": 2, "found": 1, "number": 2},
    ),
    "another right option": (
        "- [x] the intention\n- [ ] the password",
        "- [ ] the password\n- [x] the intention",
        "E503",
        "{#was}",
        {"id": "was", "fault": "option", "number": 2},
    ),
    "other points": (
        "{#wann}",
        "{#wann points=3}",
        "E503",
        "{#wann points=3}",
        {"id": "wann", "fault": "points", "number": 0},
    ),
    "other scoring": (
        "{#was}",
        "{#was partial=yes}",
        "E503",
        "{#was partial=yes}",
        {"id": "was", "fault": "partial", "number": 0},
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_translation_that_does_not_fit_is_told_at_its_line_and_not_used(name: str, tmp_path: Path) -> None:
    old, new, code, place, parameters = FAULTS[name]
    assert old in ENGLISH
    text = ENGLISH.replace(old, new)
    course = read(tmp_path, text)
    line = line_of(text, place) if place else 1
    assert (code, "en/01-fristen.md", line, parameters) in faults(course)
    assert translated(course, "en").modules[0].language == "de"


def test_the_same_points_written_again_are_no_fault(tmp_path: Path) -> None:
    assert faults(read(tmp_path, ENGLISH.replace("{#wann}", "{#wann points=2 must}"))) == []


def test_a_translation_is_old_when_its_source_has_another_revision_than_it_names(tmp_path: Path) -> None:
    source = read(tmp_path / "a").modules[0].document
    current = revision(source)
    fresh = read(tmp_path / "b", ENGLISH.replace("title: Deadlines", f"title: Deadlines\nsource: {current}"))
    assert [p for p in check_translations(fresh) if p.code == "W504"] == []
    stale = read(tmp_path / "c", ENGLISH.replace("title: Deadlines", "title: Deadlines\nsource: 0123456789ab"))
    (problem,) = [p for p in check_translations(stale) if p.code == "W504"]
    assert (problem.path, problem.line) == ("en/01-fristen.md", 3)
    assert problem.parameters == {"source": "01-fristen.md", "revision": current}
    assert translated(stale, "en").modules[0].language == "en"


def test_a_translation_that_names_no_source_counts_as_old(tmp_path: Path) -> None:
    (problem,) = [p for p in check_translations(read(tmp_path)) if p.code == "W504"]
    assert problem.line == 1


def test_a_notice_is_translated_and_told_once(tmp_path: Path) -> None:
    text = "---\nid: neues-formular\ntitle: Neu\nlang: de\nkind: notice\n---\n\nText.\n"
    root = write_course(tmp_path, {"course.md": text, "en/course.md": "---\ntitle: New\n---\n\nText.\n"})
    (root / "01-fristen.md").unlink()
    opened = open_bundle(root)
    assert opened.bundle is not None
    course = read_course(opened.bundle).course
    assert course is not None
    assert [problem.code for problem in check_translations(course)] == ["W504"]
    english = translated(course, "en")
    assert english.title == english.modules[0].title == "New"
    assert english.modules[0].language == "en"

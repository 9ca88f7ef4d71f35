"""Two states of a course: each difference is told once, by the code that fits it, at its file and line."""

from pathlib import Path

import pytest

from courses.bundle import Bundle, open_bundle
from courses.comparing.differences import differences
from courses.comparing.fingerprint import fingerprint, media_digests, revision
from courses.course import Course
from courses.reading.read import read_course
from quizzes.problems import ParameterValue, Problem
from tests.courses.folders import COURSE, write_course

Files = dict[str, str | bytes]

LESSON = """\
---
id: fristen
title: Fristen
---

Zur Einstimmung ein Satz.

## Die Frist

Die Frist beträgt einen Monat nach der Bekanntgabe des Bescheids.

## Die Form

Schriftlich oder zur Niederschrift, auf keinen Fall am Telefon.

## Frage: Bis wann muss der Widerspruch eingehen? {#wann}

- ( ) zwei Wochen nach Bekanntgabe
- (x) einen Monat nach Bekanntgabe
- ( ) drei Monate nach Bekanntgabe

## Frage: Welche Schritte folgen aufeinander? {#folge}

1. Antrag stellen
2. Anhörung abwarten
3. Bescheid lesen
4. Widerspruch einlegen

## Frage: Was gehört zusammen? {#paare}

- BG -> Bedarfsgemeinschaft
- HG -> Haushaltsgemeinschaft

## Frage: Ergänzen Sie. {#luecke}

Bei der [[ Polizei | (Stelle) ]].

## Frage: Wie heißt es? {#wort}

- = Anhörung
"""
FORM = "---\nid: form\ntitle: Die Form\n---\n\nSchriftlich.\n"
TEST = "---\nid: test\ntitle: Test\ntype: test\npass: 80\n---\n\nText.\n"


def read(folder: Path, files: Files) -> tuple[Course, Bundle]:
    opened = open_bundle(write_course(folder, {"01-fristen.md": LESSON, **files}))
    assert opened.bundle is not None
    course = read_course(opened.bundle).course
    assert course is not None
    return course, opened.bundle


def compare(folder: Path, before: Files, after: Files) -> tuple[Problem, ...]:
    old, old_bundle = read(folder / "alt", before)
    new, new_bundle = read(folder / "neu", after)
    return differences(old, new, media_before=media_digests(old_bundle), media_after=media_digests(new_bundle))


def found(folder: Path, before: Files, after: Files) -> list[tuple[str, dict[str, ParameterValue]]]:
    return [(problem.code, dict(problem.parameters)) for problem in compare(folder, before, after)]


def lesson_with(old: str, new: str) -> Files:
    assert old in LESSON
    return {"01-fristen.md": LESSON.replace(old, new)}


def test_a_course_does_not_differ_from_itself(tmp_path: Path) -> None:
    files: Files = {"media/a.svg": "<svg/>", "glossary.md": "A\n: B\n", "en/01-fristen.md": "---\ntitle: D\n---\n"}
    assert compare(tmp_path, files, files) == ()


def test_line_ends_bullets_and_empty_lines_are_no_difference(tmp_path: Path) -> None:
    other = LESSON.replace("- (", "* (").replace("\n\n## Die Form", "\n\n\n\n## Die Form").replace("\n", "\r\n")
    assert compare(tmp_path, {}, {"01-fristen.md": other}) == ()


def test_metadata_is_compared_by_the_keys_that_authors_write(tmp_path: Path) -> None:
    before = COURSE.replace("lang: de", "lang: de\nauthors: [Anna, Bo]\nreviewed: 2026-01-01\nacknowledge: true")
    after = COURSE.replace(
        "lang: de", "lang: de\nauthors: [Anna]\nlevel: aufbau\nskills: {lesen: 2}\nreview_by: 2027-01-01"
    )
    assert found(tmp_path, {"course.md": before}, {"course.md": after}) == [
        ("D401", {"field": "authors", "before": "Anna, Bo", "after": "Anna"}),
        ("D401", {"field": "level", "before": "–", "after": "aufbau"}),
        ("D401", {"field": "reviewed", "before": "2026-01-01", "after": "–"}),
        ("D401", {"field": "review_by", "before": "–", "after": "2027-01-01"}),
        ("D401", {"field": "skills", "before": "–", "after": "lesen: 2"}),
        ("D401", {"field": "acknowledge", "before": "true", "after": "false"}),
    ]


def test_a_changed_metadata_field_stands_at_its_line(tmp_path: Path) -> None:
    (problem,) = compare(tmp_path, {}, {"course.md": COURSE.replace("title: Widerspruch im SGB II", "title: Neu")})
    assert (problem.code, problem.path, problem.line) == ("D401", "course.md", 3)


def test_a_changed_course_id_is_an_error(tmp_path: Path) -> None:
    (problem,) = compare(tmp_path, {}, {"course.md": COURSE.replace("id: widerspruch-sgb2", "id: anders")})
    assert (problem.code, problem.line) == ("E103", 2)
    assert problem.parameters == {"value": "anders", "published": "widerspruch-sgb2"}


def test_modules_come_go_and_are_renamed(tmp_path: Path) -> None:
    before: Files = {"02-form.md": FORM}
    after: Files = {"01-fristen.md": LESSON.replace("title: Fristen", "title: Alle Fristen"), "90-test.md": TEST}
    assert found(tmp_path, before, after) == [
        ("D103", {"before": "Fristen", "after": "Alle Fristen"}),
        ("D101", {"module": "Test"}),
        ("D102", {"module": "Die Form"}),
    ]


def test_a_renumbered_file_is_no_difference_and_a_moved_module_is_one(tmp_path: Path) -> None:
    before: Files = {"02-form.md": FORM, "03-test.md": TEST}
    assert found(tmp_path / "a", before, {"20-die-form.md": FORM, "30-test.md": TEST}) == []
    assert found(tmp_path / "b", before, {"00-test.md": TEST, "02-form.md": FORM}) == [
        ("D104", {"module": "Test", "before": 3, "after": 1})
    ]


def test_fields_of_modules_and_rules_of_tests_are_compared(tmp_path: Path) -> None:
    after = TEST.replace("pass: 80", "pass: 70\ndraw: 10\ntask_minutes: 5\nexpert_release: {by: Recht, on: 2026-01-02}")
    assert found(
        tmp_path, {"90-test.md": TEST.replace("pass:", "expert_release: open\npass:")}, {"90-test.md": after}
    ) == [
        ("D105", {"module": "Test", "field": "task_minutes", "before": "0", "after": "5"}),
        ("D105", {"module": "Test", "field": "expert_release", "before": "open", "after": "Recht, 2026-01-02"}),
        ("D105", {"module": "Test", "field": "pass", "before": "80", "after": "70"}),
        ("D105", {"module": "Test", "field": "draw", "before": "–", "after": "10"}),
    ]


def test_a_lesson_that_becomes_a_test_is_told(tmp_path: Path) -> None:
    after = FORM.replace("title:", "type: test\ntitle:")
    assert found(tmp_path, {"02-form.md": FORM}, {"02-form.md": after}) == [
        ("D105", {"module": "Die Form", "field": "type", "before": "lesson", "after": "test"})
    ]


TEXT_CHANGES = {
    "feedback added": ("- ( ) zwei Wochen nach Bekanntgabe\n", "- ( ) zwei Wochen nach Bekanntgabe\n  > Nein.\n"),
    "typo in an option": ("drei Monate nach Bekanntgabe", "drei Monate nach der Bekanntgabe"),
    "heading": ("Bis wann muss der Widerspruch eingehen?", "Wann muss der Widerspruch da sein?"),
    "hint": ("- ( ) drei Monate nach Bekanntgabe\n", "- ( ) drei Monate nach Bekanntgabe\n\n> [!TIP]\n> § 84 SGG\n"),
    "item of an ordering": ("Bescheid lesen", "Bescheide lesen"),
    "side of a pair": ("Haushaltsgemeinschaft", "Haushaltgemeinschaft"),
    "flag": ("{#wort}", "{#wort refresh}"),
}
KEY_CHANGES = {
    "right option": (
        "- ( ) zwei Wochen nach Bekanntgabe\n- (x) einen",
        "- (x) zwei Wochen nach Bekanntgabe\n- ( ) einen",
    ),
    "option added": ("- ( ) drei Monate nach Bekanntgabe\n", "- ( ) drei Monate nach Bekanntgabe\n- ( ) ein Jahr\n"),
    "option replaced": ("drei Monate nach Bekanntgabe", "sobald es passt"),
    "number in an option": ("zwei Wochen nach Bekanntgabe", "2 Wochen nach Bekanntgabe"),
    "points": ("{#wann}", "{#wann points=2}"),
    "kind": ("- = Anhörung", "___"),
    "accepted answer": ("- = Anhörung", "- = Anhoerung"),
    "item replaced": ("Antrag stellen", "Klage erheben"),
    "items exchanged": ("1. Antrag stellen\n2. Anhörung abwarten", "1. Anhörung abwarten\n2. Antrag stellen"),
    "pair replaced": ("-> Haushaltsgemeinschaft", "-> etwas ganz anderes"),
    "choice of a gap replaced": ("Polizei", "Gemeinde"),
}


@pytest.mark.parametrize("name", TEXT_CHANGES)
def test_a_reworded_question_is_a_change_of_text(name: str, tmp_path: Path) -> None:
    assert [code for code, _ in found(tmp_path, {}, lesson_with(*TEXT_CHANGES[name]))] == ["D203"]


@pytest.mark.parametrize("name", KEY_CHANGES)
def test_a_question_that_scores_otherwise_is_a_change_of_key(name: str, tmp_path: Path) -> None:
    assert [code for code, _ in found(tmp_path, {}, lesson_with(*KEY_CHANGES[name]))] == ["D204"]


def test_a_changed_question_is_named_with_its_module_and_line(tmp_path: Path) -> None:
    (problem,) = compare(tmp_path, {}, lesson_with(*KEY_CHANGES["right option"]))
    assert (problem.path, problem.line) == ("01-fristen.md", 16)
    assert problem.parameters == {"question": "Bis wann muss der Widerspruch eingehen?", "module": "Fristen"}


def test_questions_come_and_go(tmp_path: Path) -> None:
    old = "## Frage: Wie heißt es? {#wort}\n\n- = Anhörung\n"
    new = "## Frage: Wer entscheidet über den Widerspruch? {#wer}\n\n- ( ) die Stadt\n- (x) die Widerspruchsstelle\n"
    assert found(tmp_path, {}, lesson_with(old, new)) == [
        ("D201", {"question": "Wer entscheidet über den Widerspruch?", "module": "Fristen"}),
        ("D202", {"question": "Wie heißt es?", "module": "Fristen"}),
    ]


def test_a_question_that_only_lost_its_id_to_another_is_probably_renamed(tmp_path: Path) -> None:
    (problem,) = compare(tmp_path, {}, lesson_with("{#wann}", "{#frist}"))
    assert (problem.code, problem.path, problem.line) == ("W207", "01-fristen.md", 16)
    assert problem.parameters == {"published": "wann", "id": "frist"}


def test_a_question_moved_to_another_module_is_no_new_question(tmp_path: Path) -> None:
    question = "\n## Frage: Wie heißt es? {#wort}\n\n- = Anhörung\n"
    before: Files = {"02-form.md": FORM}
    after: Files = {"01-fristen.md": LESSON.replace(question, ""), "02-form.md": FORM + question}
    assert found(tmp_path, before, after) == [
        ("D205", {"question": "Wie heißt es?", "module": "Die Form", "before": "Fristen"})
    ]


def test_questions_without_an_id_are_known_by_their_heading(tmp_path: Path) -> None:
    before = lesson_with(" {#wort}", "")
    after: Files = {"01-fristen.md": LESSON.replace(" {#wort}", "").replace("- = Anhörung", "- = Anhörung\n- = Gehör")}
    assert [code for code, _ in found(tmp_path, before, after)] == ["D204"]


def test_sections_come_go_change_and_are_renamed(tmp_path: Path) -> None:
    after = LESSON.replace("Zur Einstimmung ein Satz.", "Zur Einstimmung zwei Sätze. Hier der zweite.")
    after = after.replace("## Die Form", "## In welcher Form?")
    after = after.replace("## Frage: Bis wann", "## Der Ort\n\nBei der Behörde.\n\n## Frage: Bis wann")
    after = after.replace("## Die Frist\n\nDie Frist beträgt einen Monat nach der Bekanntgabe des Bescheids.\n\n", "")
    assert found(tmp_path, {}, {"01-fristen.md": after}) == [
        ("D303", {"section": "", "module": "Fristen"}),
        ("D301", {"section": "Der Ort", "module": "Fristen"}),
        ("D302", {"section": "Die Frist", "module": "Fristen"}),
        ("D304", {"before": "Die Form", "after": "In welcher Form?", "module": "Fristen"}),
    ]


def test_a_changed_section_stands_at_its_heading(tmp_path: Path) -> None:
    (problem,) = compare(tmp_path, {}, lesson_with("einen Monat nach der", "einen Monat ab der"))
    assert (problem.code, problem.line, problem.parameters["section"]) == ("D303", 8, "Die Frist")


def test_the_second_of_two_equal_headings_is_told_apart(tmp_path: Path) -> None:
    before: Files = {"02-form.md": FORM + "\n## Ort\n\nA.\n\n## Ort\n\nB.\n"}
    after: Files = {"02-form.md": FORM + "\n## Ort\n\nA.\n\n## Ort\n\nC.\n"}
    assert found(tmp_path, before, after) == [("D303", {"section": "Ort (2)", "module": "Die Form"})]


def test_a_footnote_belongs_to_the_section_in_which_it_is_written(tmp_path: Path) -> None:
    note = FORM + "\n## Ort\n\nHier[^1].\n\n[^1]: Stand 2025.\n\n## Zeit\n\nImmer.\n"
    after: Files = {"02-form.md": note.replace("2025", "2026")}
    assert found(tmp_path, {"02-form.md": note}, after) == [("D303", {"section": "Ort", "module": "Die Form"})]


def test_what_stands_after_a_question_is_text_of_its_section(tmp_path: Path) -> None:
    text = FORM + "\n## Üben\n\n### Frage: Ja? {#ja}\n\n- (x) ja\n- ( ) nein\n\n---\n\nSo {}.\n"
    before, after = text.replace("{}", "weit"), text.replace("{}", "gut")
    assert found(tmp_path, {"02-form.md": before}, {"02-form.md": after}) == [
        ("D303", {"section": "Üben", "module": "Die Form"})
    ]


def test_the_description_of_the_course_is_text_too(tmp_path: Path) -> None:
    (difference,) = found(tmp_path, {}, {"course.md": COURSE.replace("Fristen und Form.", "Nur Fristen.")})
    assert difference == ("D303", {"section": "", "module": "Widerspruch im SGB II"})


def test_terms_of_the_glossary_are_compared(tmp_path: Path) -> None:
    before: Files = {"glossary.md": "Frist\n: Eine Zeitspanne.\n\nForm\n: Wie.\n"}
    after: Files = {"glossary.md": "Frist\n: Ein Zeitraum.\n\nOrt\n: Wo.\n"}
    assert found(tmp_path, before, after) == [
        ("D313", {"term": "Frist"}),
        ("D311", {"term": "Ort"}),
        ("D312", {"term": "Form"}),
    ]


def test_media_come_go_and_change(tmp_path: Path) -> None:
    before: Files = {"media/a.svg": "1", "media/b.svg": "1", "en/media/c.svg": "1"}
    after: Files = {"media/b.svg": "2", "media/d.svg": "1", "en/media/c.svg": "1"}
    assert found(tmp_path, before, after) == [
        ("D412", {"file": "media/a.svg"}),
        ("D413", {"file": "media/b.svg"}),
        ("D411", {"file": "media/d.svg"}),
    ]


def test_languages_come_go_and_change(tmp_path: Path) -> None:
    page = "---\ntitle: T\n---\n\nText {}.\n"
    before: Files = {"en/01-fristen.md": page.format(1), "fr/01-fristen.md": page, "en/course.md": page}
    after: Files = {"en/01-fristen.md": page.format(2), "tr/01-fristen.md": page, "en/course.md": page}
    assert found(tmp_path, before, after) == [
        ("D503", {"language": "en", "file": "01-fristen.md"}),
        ("D502", {"language": "fr"}),
        ("D501", {"language": "tr"}),
    ]


def test_a_notice_tells_its_text_once(tmp_path: Path) -> None:
    text = COURSE.replace("lang: de", "lang: de\nkind: notice")

    def notice(folder: str, content: str) -> tuple[Course, Bundle]:
        root = write_course(tmp_path / folder, {"course.md": content})
        (root / "01-fristen.md").unlink()
        bundle = open_bundle(root).bundle
        assert bundle is not None
        course = read_course(bundle).course
        assert course is not None
        return course, bundle

    (old, _), (new, _) = notice("alt", text), notice("neu", text.replace("Fristen und", "Fristen oder"))
    assert [problem.code for problem in differences(old, new, media_before={}, media_after={})] == ["D303"]


def test_the_revision_of_a_file_covers_what_readers_see_and_nothing_else(tmp_path: Path) -> None:
    def rev(name: str, text: str) -> str:
        return revision(read(tmp_path / name, {"01-fristen.md": text})[0].modules[0].document)

    first = rev("a", LESSON)
    assert len(first) == 12
    assert rev("b", LESSON.replace("\n", "\r\n") + "\n\n") == first
    assert rev("c", LESSON.replace("title: Fristen", "title: Fristen\nreview_by: 2027-01-01")) == first
    assert rev("d", LESSON.replace("title: Fristen", "title: Alle Fristen")) != first
    assert rev("e", LESSON.replace("einen Monat nach der", "einen Monat ab der")) != first


def test_a_fingerprint_names_every_text_and_every_medium(tmp_path: Path) -> None:
    course, bundle = read(tmp_path, {"media/a.svg": "<svg/>", "en/01-fristen.md": "---\ntitle: D\n---\n", "x.txt": "x"})
    taken = fingerprint(course, bundle)
    assert sorted(taken.revisions) == ["01-fristen.md", "course.md", "en/01-fristen.md"]
    assert list(taken.media) == ["media/a.svg"]
    assert taken.digest == bundle.digest
    assert len(taken.digest) == 64


def test_many_questions_are_compared_in_time(tmp_path: Path) -> None:
    def bank(prefix: str) -> Files:
        questions = [
            f"## Frage: Was gilt im Fall {n} des Kreises {n * 7919}? {{#{prefix}-{n}}}\n\n- ( ) a{n}\n- (x) b{n}\n"
            for n in range(150)
        ]
        return {"02-form.md": FORM + "\n" + "\n".join(questions)}

    assert {code for code, _ in found(tmp_path, bank("alt"), bank("neu"))} == {"W207"}

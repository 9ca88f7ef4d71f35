"""Every rule of the curriculum that a machine can see has codes, each with a sample that fails and one that passes."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from courses.check.rules import LEARNING_RULES, NEARER, without_farther
from courses.wording import titles
from quizzes.problems import Problem
from tests.courses.checking import (
    OPTIONS,
    PARTS,
    QUESTIONS,
    SENTENCE,
    check,
    lesson,
    test_module,
    with_question,
    with_text,
)
from tests.courses.test_check_didactics import content, notice

# The rules of learning-rules.md whose column "Check" says lint (or computed, for M3).
LINTED = {"M2", "M3", "M4", "M5", "M6", "M7", "M8", "M10", "M11", "M13", "M14"}
PAGE = Path(__file__).parents[2] / "docs" / "course-format.md"
MEDIA = {"media/bild.svg": "<svg/>"}
LONG = "Nicht ganz: " + SENTENCE * 7
SHORT = (
    "Ein fraglicher Schritt geschieht trotzdem und bleibt sonst unsichtbar. Halten Sie ihn bitte fest.",
    "Er bleibt.",
)
WHY = "> Vom Zweck über die Grenzen zur Wirklichkeit: So fragen Sie nicht über alles zugleich."
LONG_WINDED = "Sie gehen " + "und fragen " * 9 + "nach. "
DRAWING = "\n## Bild\n\n![Drei Kästchen](media/bild.svg)\n"
RECALL = "> **Ohne Zurückblättern:** Was?\n\nText.\n\n"
BANK = "\n".join(f"{text.replace('### ', '## ')}\n> Erklärung dazu, warum es so ist.\n" for text in QUESTIONS.values())


def sources(old: str, new: str) -> str:
    assert old in PARTS["sources"]
    return lesson(sources=PARTS["sources"].replace(old, new))


def questions(*names: str) -> str:
    return lesson(questions="## Fragen zum Modul\n\n" + "\n".join(QUESTIONS[name] for name in names))


FAILING: dict[str, Callable[[], list[Problem]]] = {
    "W601": lambda: check(lesson(content=content(16, 16, 16))),
    "W602": lambda: check(lesson(content=content(9, 9, 9))),
    "W603": lambda: check(lesson(content=content(24, 24))),
    "W604": lambda: check(lesson(content=content(26, 20, 20))),
    "W641": lambda: check(files={"course.md": notice(20)}),
    "W605": lambda: check(lesson({"dauer": "15"})),
    "W606": lambda: check(lesson({"task_minutes": ""})),
    "W636": lambda: check(lesson(transfer="## Transferaufgabe\n\nTun Sie etwas.\n")),
    "W607": lambda: check(lesson(goal="")),
    "W608": lambda: check(lesson(goal="", transfer=f"{PARTS['transfer']}\n{PARTS['goal']}")),
    "W609": lambda: check(lesson(recalls=RECALL)),
    "W610": lambda: check(questions("fall-eins", "fall-zwei", "zahl")),
    "W611": lambda: check(questions("fall-eins", "fall-zwei", "zahl")),
    "W612": lambda: check(questions("fall-eins", "folge", "zahl", "angaben")),
    "W642": lambda: check(files={"course.md": notice(100, "\n".join(QUESTIONS.values()))}),
    "W613": lambda: check(with_question("folge", f"\n{WHY}\n", "")),
    "W614": lambda: check(with_question("fall-eins", *SHORT)),
    "W615": lambda: check(with_question("fall-eins", "Nicht ganz: ", LONG)),
    "W616": lambda: check(with_question("fall-eins", f"Nicht ganz: {SHORT[0]}", "Leider falsch.")),
    "W617": lambda: check(lesson(before="## Frage: Was wäre zu tun? {#vorab before}\n\n___\n")),
    "W317": lambda: check(with_question("fall-eins", "Ich schreibe den Schritt", "Ich schreibe den Schritt " * 4)),
    "W701": lambda: check(with_text("Sie " + "gehen und fragen und " * 10 + "warten.")),
    "W702": lambda: check(lesson(content="".join(f"## {name}\n\n{LONG_WINDED * 12}\n" for name in "ABC"))),
    "W703": lambda: check(with_text("Das gilt z. B. hier bzw. dort.")),
    "W704": lambda: check(with_text("Das XYZ hilft.")),
    "W707": lambda: check(with_text("Schreib dir das auf.")),
    "W705": lambda: check(with_text("Die Kolleg:innen fragen.")),
    "W708": lambda: check(with_text("Der Mitarbeiter fragt.")),
    "W709": lambda: check(with_text("Kollegen und Kolleginnen fragen.")),
    "W706": lambda: check(with_text("Es sind 30 % nach § 37 SGB X.")),
    "W631": lambda: check(with_text("Es gilt § 59 SGB II.")),
    "W632": lambda: check(
        lesson(sources=PARTS["sources"].replace("Stand: November 2026.", ""), recalls="Es gilt § 37 SGB X.\n")
    ),
    "E110": lambda: check(with_text("Davor ![](media/bild.svg)."), files=MEDIA),
    "E115": lambda: check(with_text("```mermaid\ngraph\n```")),
    "W114": lambda: check(with_text("Davor ![bild.svg](media/bild.svg)."), files=MEDIA),
    "W120": lambda: check(with_text("| A |  |\n|---|---|\n| 1 | 2 |")),
    "W143": lambda: check(with_text("| A " * 7 + "|\n" + "|---" * 7 + "|\n" + "| 1 " * 7 + "|")),
    "W144": lambda: check(with_text("Das ist rot markiert.")),
    "W145": lambda: check(lesson(content=content(24, 24, 24) + DRAWING), files=MEDIA),
    "W633": lambda: check(sources("- SGB X (Gesetz)\n", "")),
    "W634": lambda: check(sources(" (Praxisbeispiel)", "")),
    "W635": lambda: check(sources("Stand: November 2026.", "Gelesen.")),
    "W621": lambda: check(with_question("fall-eins", OPTIONS, OPTIONS + "- ( ) Noch etwas.\n" * 2)),
    "W622": lambda: check(with_question("angaben", "Welche zwei", "Welche")),
    "W623": lambda: check(with_question("fall-eins", "Ich lasse", "Ich lasse immer")),
    "W624": lambda: check(lesson(questions=PARTS["questions"].replace("Ich schreibe", "Ich melde den Umweg, schreibe")
                                 .replace("Umweg", "Umwegplan"))),
    "W625": lambda: check(files={"90-test.md": test_module(BANK, draw="4")}),
}  # fmt: skip


def test_every_rule_marked_lint_has_codes() -> None:
    assert set(LEARNING_RULES) >= LINTED
    assert all(LEARNING_RULES.values())


@pytest.mark.parametrize("code", sorted({code for codes in LEARNING_RULES.values() for code in codes}))
def test_every_code_of_a_rule_has_a_sample_that_fails(code: str) -> None:
    assert code in {problem.code for problem in FAILING[code]()}


def test_a_good_lesson_passes_every_rule() -> None:
    assert check(lesson(), files=MEDIA) == []


def test_a_good_notice_and_a_good_test_pass() -> None:
    assert check(files={"course.md": notice(100)}) == []
    found = check(lesson(), files={"90-test.md": test_module(BANK.replace("{#", "{#t-"), draw="2")})
    assert found == []


def test_the_page_lists_every_code_with_its_titles() -> None:
    rows = set(re.findall(r"^\| ([EW]\d{3}) \| (.+?) \| (.+?) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    german, english = titles("de"), titles("en")
    expected = {(code, german[code], english[code]) for code in german if not code.startswith("D")}
    assert rows == expected, "Bring the tables of docs/course-format.md, section Linter, in line with courses/wording."


def test_the_page_names_the_codes_of_every_rule_and_what_gives_way() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for rule, codes in LEARNING_RULES.items():
        assert re.search(rf"^\| {rule} \|.*\| {' '.join(codes)} \|$", page, re.MULTILINE), rule
    for nearer, farther in NEARER.items():
        assert f"| {nearer} | {', '.join(sorted(farther))} |" in page, nearer


def test_the_nearer_code_silences_the_farther_on_its_line_only() -> None:
    problems = [Problem("W005", 3), Problem("W605", 3), Problem("W005", 4), Problem("W005", 3, path="b.md")]
    assert [(p.code, p.line, p.path) for p in without_farther(problems)] == [
        ("W605", 3, ""),
        ("W005", 4, ""),
        ("W005", 3, "b.md"),
    ]

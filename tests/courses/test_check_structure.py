"""Whether a course holds together: ids, anchors, tests, registers, dates, the edition before."""

import datetime
from pathlib import Path

import pytest

from courses.check import check_folder
from courses.course import Fact
from quizzes.problems import Problem
from tests.courses.checking import (
    COURSE,
    OPTIONS,
    PARTS,
    QUESTIONS,
    Registers,
    check,
    lesson,
    place_of,
    places,
    read,
    test_module,
    with_question,
    with_text,
)

EXPLAINED = "\n".join(
    QUESTIONS[name].replace("### ", "## ").replace("{#", "{#t-")
    + "\n> Erklärung dazu, warum es so ist und nicht anders.\n"
    for name in ("fall-eins", "fall-zwei", "angaben")
)


def of(problems: list[Problem], *codes: str) -> list[Problem]:
    return [problem for problem in problems if problem.code in codes]


# --- ids and anchors ---


def test_an_id_used_twice_is_reported_at_the_second_place_naming_the_first() -> None:
    module = lesson(questions=PARTS["questions"].replace("{#fall-zwei}", "{#fall-eins}"))
    (problem,) = check(module)
    assert ("E202", *place_of(module, "{#fall-eins}", nth=2)) == places([problem])[0]
    assert problem.parameters["other_line"] == place_of(module, "{#fall-eins}")[0]


def test_an_id_used_in_another_module_is_reported_there() -> None:
    test = test_module(EXPLAINED.replace("{#t-fall-eins}", "{#fall-eins}"))
    (problem,) = of(check(lesson(), files={"90-test.md": test}), "E202")
    assert (problem.path, problem.line, problem.parameters["other"]) == ("90-test.md", 7, "01-ablauf.md")


@pytest.mark.parametrize("heading", ["## Fall eins", "## Anders {#fall-eins}"])
def test_an_anchor_may_not_equal_a_question_id(heading: str) -> None:
    module = lesson(content=PARTS["content"].replace("## Abschnitt Eins", heading))
    (problem,) = check(module)
    assert (problem.code, problem.line) == ("E129", place_of(module, heading)[0])


def test_a_question_is_about_a_section_that_exists() -> None:
    module = with_question("zahl", "{#zahl}", "{#zahl about=#abschnitt-neun}")
    assert places(check(module)) == [("W209", *place_of(module, "about="))]
    assert check(with_question("zahl", "{#zahl}", "{#zahl about=#abschnitt-zwei}")) == []


def test_jumps_lead_to_sections_that_exist() -> None:
    module = with_text("Siehe [Abschnitt zwei](#abschnitt-zwei) und [den neunten](#abschnitt-neun).")
    assert places(check(module)) == [("W146", *place_of(module, "#abschnitt-neun"))]
    module = with_text("Siehe [die Prüfung](90-test.md#t-angaben) und [nichts](90-test.md#nichts).")
    problems = of(check(module, files={"90-test.md": test_module(EXPLAINED)}), "W146")
    assert [problem.parameters["target"] for problem in problems] == ["90-test.md"]


# --- tests ---


def test_a_test_has_questions_that_count() -> None:
    problems = of(check(files={"90-test.md": test_module("## Frage: Was meinen Sie? {#a}\n\n___\n\n> So.\n")}), "E402")
    assert [(problem.line, problem.path) for problem in problems] == [(6, "90-test.md")]


def test_a_test_cannot_draw_more_than_it_has() -> None:
    test = test_module(EXPLAINED, draw="4")
    (problem,) = of(check(files={"90-test.md": test}), "E403")
    assert (problem.line, dict(problem.parameters)) == (5, {"draw": 4, "size": 3})


def test_a_pool_gives_no_more_than_it_draws() -> None:
    pool = "## Fragenpool: Fälle {#pool draw=1}\n\n" + EXPLAINED.replace("## Frage", "### Frage")
    (problem,) = of(check(files={"90-test.md": test_module(pool, draw="2")}), "E403")
    assert problem.parameters["size"] == 1


@pytest.mark.parametrize("kind", ["mandatory", "instruction"])
def test_obligatory_tests_have_no_limits(kind: str) -> None:
    course = COURSE.replace("lang: de", f"lang: de\nkind: {kind}")
    test = test_module(EXPLAINED, attempts="3", time="20 min")
    problems = of(check(files={"course.md": course, "90-test.md": test}), "E408")
    assert [(problem.line, problem.parameters["field"]) for problem in problems] == [(5, "attempts"), (6, "time")]
    assert not of(check(files={"90-test.md": test}), "E408")


# --- registers and dates ---


def fact(review_by: datetime.date | None) -> Registers:
    made = Fact("regelbedarf", {"de": "563 €"}, "RBSFV", datetime.date(2026, 1, 1), review_by)
    return Registers({"regelbedarf": made})


def test_an_unknown_local_entry_is_reported() -> None:
    module = with_text("Fragen Sie [[local:personalrat]] oder [[local:datenschuz]].")
    (problem,) = check(module)
    assert (problem.code, problem.line, problem.column) == ("W128", *place_of(module, "[[local:datenschuz"))
    assert problem.parameters["suggestion"] == "datenschutz"
    assert check(module, registers=Registers({}, ())) == []


def test_an_unknown_fact_is_an_error() -> None:
    module = with_text("Der Betrag ist [[fact:regelbedarf]].")
    assert places(check(module)) == [("E148", *place_of(module, "[[fact:"))]
    assert check(module, registers=fact(None)) == []


def test_a_fact_past_its_review_is_reported_where_it_is_used() -> None:
    module = with_text("Der Betrag ist [[fact:regelbedarf]].")
    (problem,) = check(module, registers=fact(datetime.date(2026, 6, 30)))
    assert (problem.code, problem.parameters["date"]) == ("W149", "30.06.2026")


def test_content_past_its_review_is_reported_at_the_date() -> None:
    assert places(check(lesson({"review_by": "2026-11-21"}))) == [("W130", 5, 1)]
    assert check(lesson({"review_by": "2026-11-22"})) == []
    (problem,) = check(lesson(), files={"course.md": COURSE.replace("lang: de", "lang: de\nreview_by: 2025-01-01")})
    assert (problem.code, problem.path, problem.line) == ("W130", "course.md", 5)


# --- against the published edition ---


def test_a_published_course_keeps_its_id() -> None:
    published, _, _ = read({"01-ablauf.md": lesson()})
    (problem,) = check(lesson(), files={"course.md": COURSE.replace("pruefkurs", "anders")}, published=published)
    assert (problem.code, problem.path, problem.line) == ("E103", "course.md", 2)


def test_a_renamed_question_is_recognised_by_its_text() -> None:
    published, _, _ = read({"01-ablauf.md": lesson()})
    module = with_question("zahl", "{#zahl}", "{#anrufe}")
    (problem,) = check(module, published=published)
    assert (problem.code, problem.line) == ("W207", place_of(module, "{#anrufe}")[0])
    assert dict(problem.parameters) == {"id": "anrufe", "published": "zahl"}


def test_a_new_question_is_no_renamed_one() -> None:
    published, _, _ = read({"01-ablauf.md": lesson()})
    story = "Der Plan hängt im Flur. Ihn pflegt die Leitung."
    other = f"### Frage: Wen fragen Sie nach dem Kalender? {{#kalender}}\n\n{story}\n\n{OPTIONS}"
    questions = PARTS["questions"].replace(
        QUESTIONS["zahl"], other.replace("Schritt", "Kalender").replace("fraglich", "neu")
    )
    assert not of(check(lesson(questions=questions), published=published), "W207")


# --- folders ---


def test_a_folder_of_courses_is_checked_with_its_registers(tmp_path: Path) -> None:
    for slug, text in (("eins", with_text("Der Betrag ist [[fact:regelbedarf]].")), ("zwei", lesson({"dauer": "15"}))):
        (tmp_path / slug).mkdir()
        (tmp_path / slug / "course.md").write_text(COURSE.replace("pruefkurs", slug), encoding="utf-8")
        (tmp_path / slug / "01-ablauf.md").write_text(text, encoding="utf-8")
    register = "regelbedarf: {text: 563 €, source: RBSFV, as_of: 2026-01-01, review_by: 2026-06-30}\n"
    (tmp_path / "facts.yaml").write_text(register, encoding="utf-8")
    checked = check_folder(tmp_path, today=datetime.date(2026, 11, 22))
    assert [(problem.code, problem.path) for problem in checked.problems] == [
        ("W149", "eins/01-ablauf.md"),
        ("W605", "zwei/01-ablauf.md"),
    ]
    assert [course.id for course in checked.library.courses] == ["eins", "zwei"]


def test_what_is_no_course_is_said_once(tmp_path: Path) -> None:
    assert [problem.code for problem in check_folder(tmp_path, today=datetime.date(2026, 11, 22)).problems] == ["E140"]

"""How a module is built and how its questions teach: each rule with a sample that fails and one that passes."""

import pytest

from courses.check.rules import LEARNING_RULES
from quizzes.problems import Problem
from tests.courses.checking import (
    COURSE,
    OPTIONS,
    PARTS,
    QUESTIONS,
    SENTENCE,
    check,
    lesson,
    place_of,
    places,
    test_module,
    with_question,
    with_text,
)

BODY = 7  # The first line below the front matter of the good lesson.


def content(*sections: int) -> str:
    """Sections of content of so many sentences (ten words each)."""
    return "\n".join(f"## Abschnitt {number}\n\n{SENTENCE * count}\n" for number, count in enumerate(sections, 1))


def codes(problems: list[Problem]) -> list[str]:
    return [problem.code for problem in problems]


# --- M2 ---


def test_a_module_outside_700_to_1000_words_is_reported() -> None:
    (problem,) = check(lesson(content=content(16, 16, 16)))
    assert (problem.code, problem.line) == ("W601", 6)
    assert 500 < int(problem.parameters["words"]) < 700


@pytest.mark.parametrize("sections", [(10, 10, 10), (24, 24, 24, 24, 22)])
def test_a_module_outside_500_to_1200_words_is_reported_once(sections: tuple[int, ...]) -> None:
    assert codes(check(lesson(content=content(*sections)))) == ["W602"]


def test_tables_job_aid_sources_and_questions_are_no_running_text() -> None:
    row = "| 1 | " + SENTENCE + "|\n"
    module = lesson(
        example=PARTS["example"].replace("| 1 | Anruf annehmen |\n", row * 40),
        job_aid=PARTS["job_aid"] + f"- [ ] {SENTENCE}\n" * 40,
    )
    assert check(module) == []


@pytest.mark.parametrize(("sections", "count"), [((24, 24), 2), ((14, 14, 14, 14, 14, 14), 6)])
def test_content_has_three_to_five_sections(sections: tuple[int, ...], count: int) -> None:
    problems = [problem for problem in check(lesson(content=content(*sections))) if problem.code == "W603"]
    assert [problem.parameters["count"] for problem in problems] == [count]


def test_a_section_of_more_than_250_words_is_reported_at_its_heading() -> None:
    module = lesson(content=content(26, 20, 20))
    assert places(check(module)) == [("W604", *place_of(module, "Abschnitt 1"))]


# --- M3 ---


@pytest.mark.parametrize("field", ["duration", "dauer", "minuten"])
def test_a_duration_written_by_hand_is_reported_instead_of_an_unknown_field(field: str) -> None:
    module = lesson({field: "15"})
    assert places(check(module)) == [("W605", *place_of(module, field))]


def test_an_exercise_needs_its_minutes() -> None:
    module = lesson({"task_minutes": ""})
    assert places(check(module)) == [("W606", *place_of(module, "Jetzt Sie"))]


@pytest.mark.parametrize("title", ["Transferaufgabe", "Transferaufgabe (90 Minuten)"])
def test_a_transfer_task_says_its_time_and_takes_an_hour_at_most(title: str) -> None:
    module = lesson(transfer=PARTS["transfer"].replace("Transferaufgabe (45 Minuten)", title))
    assert places(check(module)) == [("W636", *place_of(module, title))]


# --- M4 ---


@pytest.mark.parametrize(
    ("part", "without"),
    [
        ("case", {"case": ""}),
        ("before", {"before": ""}),
        ("goal", {"goal": ""}),
        ("exercise", {"exercise": ""}),
        ("transfer", {"transfer": ""}),
        ("job_aid", {"job_aid": ""}),
        ("mistake", {"example": "## Beispiel: Wunschtermin\n\nSo läuft es.\n"}),
        ("example", {"example": "> **Häufiger Fehler:** Die Leitung diktiert.\n"}),
        ("sources", {"sources": ""}),
    ],
)
def test_a_missing_part_is_named(part: str, without: dict[str, str]) -> None:
    (problem,) = check(lesson(**without))
    assert (problem.code, problem.line, problem.parameters["part"]) == ("W607", 6, part)


def test_a_module_without_questions_misses_one_part_and_nothing_else() -> None:
    (problem,) = check(lesson(questions=""))
    assert (problem.code, problem.parameters["part"]) == ("W607", "questions")


def test_a_box_may_stand_for_the_section_of_its_name() -> None:
    assert check(lesson(case="> **Fall:** Die Leitung führt ein Programm ein.\n")) == []


def test_a_part_in_the_wrong_place_names_what_it_should_precede() -> None:
    module = lesson(exercise="", job_aid=f"{PARTS['job_aid']}\n{PARTS['exercise']}")
    (problem,) = check(module)
    assert (problem.code, problem.line) == ("W608", place_of(module, "## Jetzt Sie")[0])
    assert dict(problem.parameters) == {"part": "exercise", "after": "job_aid"}


def test_content_before_the_goal_is_reported_at_the_goal() -> None:
    module = lesson(goal="", content=f"{PARTS['content']}\n{PARTS['goal']}")
    (problem,) = check(module)
    assert (problem.code, problem.line) == ("W608", place_of(module, "## Ihr Ziel")[0])


def test_content_after_the_transfer_task_is_reported() -> None:
    module = lesson(content=content(25, 25, 22), transfer=f"{PARTS['transfer']}\n## Nachtrag\n\n{SENTENCE}\n")
    assert places(check(module)) == [("W608", place_of(module, "## Nachtrag")[0], 1)]


def test_content_may_go_on_after_the_exercise() -> None:
    assert (
        check(lesson(content=content(25, 25, 22), exercise=f"{PARTS['exercise']}\n## Bestätigen\n\n{SENTENCE}\n")) == []
    )


# --- M5 ---


@pytest.mark.parametrize("count", [0, 1, 4])
def test_a_module_has_two_or_three_recall_prompts(count: int) -> None:
    recall = "> **Ohne Zurückblättern:** Welche Grenzen ziehen Sie zuerst?\n\n"
    (problem,) = check(lesson(recalls=f"{recall}Text.\n\n" * count))
    assert (problem.code, problem.parameters["count"]) == ("W609", count)


def questions(*names: str) -> str:
    return "## Fragen zum Modul\n\n" + "\n".join(QUESTIONS[name] for name in names)


def test_a_module_ends_with_five_or_six_questions() -> None:
    module = lesson(questions=questions("fall-eins", "fall-zwei", "folge", "zahl"))
    assert places(check(module)) == [("W610", place_of(module, "### Frage")[0], 1)]


def test_questions_are_of_three_kinds_at_least() -> None:
    names = ["fall-eins", "fall-zwei", "zahl"]
    more = [QUESTIONS["zahl"].replace("{#zahl}", f"{{#zahl-{number}}}") for number in (2, 3)]
    assert codes(check(lesson(questions=questions(*names) + "\n" + "\n".join(more)))) == ["W611"]


def test_two_questions_are_cases() -> None:
    first = QUESTIONS["fall-eins"].replace("Herr Kaya steht am Tresen und wartet. Sie gehen", "Sie gehen")
    rest = questions("fall-zwei", "angaben", "folge", "zahl")
    (problem,) = check(lesson(questions=rest + "\n" + first))
    assert (problem.code, problem.parameters["count"]) == ("W612", 1)


# --- M6 ---

FEEDBACK = (
    "Nicht ganz: Ein fraglicher Schritt geschieht trotzdem und bleibt sonst unsichtbar. Halten Sie ihn bitte fest."
)


def test_an_option_without_feedback_is_reported_at_its_line() -> None:
    module = with_question("fall-eins", f"  > {FEEDBACK}\n", "")
    assert places(check(module)) == [("W613", *place_of(module, "Ich lasse den Schritt weg"))]


def test_short_feedback_is_reported_at_its_line() -> None:
    module = with_question("fall-eins", FEEDBACK, "Nicht ganz, denn der Schritt bleibt sonst unsichtbar.")
    (problem,) = check(module)
    assert (problem.code, problem.line) == ("W614", place_of(module, "Nicht ganz, denn")[0])
    assert (problem.parameters["words"], problem.parameters["least"]) == (8, 15)


def test_long_feedback_is_reported() -> None:
    module = with_question("fall-eins", FEEDBACK, f"{FEEDBACK} {SENTENCE * 5}".strip())
    assert codes(check(module)) == ["W615"]


@pytest.mark.parametrize("verdict", ["Leider falsch.", "Das ist nicht richtig!", "Nein."])
def test_feedback_that_only_judges_is_reported_as_such(verdict: str) -> None:
    (problem,) = check(with_question("fall-eins", FEEDBACK, verdict))
    assert (problem.code, problem.parameters["feedback"]) == ("W616", verdict)


def test_typed_and_ordered_answers_need_feedback_for_right_and_wrong() -> None:
    explanation = "\n> Zweimal 24 ergibt 48. Eine so kurze Zählung ist nur ein Anhaltspunkt; sagen Sie das dazu.\n"
    module = with_question("zahl", explanation, "")
    assert places(check(module)) == [("W613", *place_of(module, "Wie viele Anrufe"))]
    remarks = "- = richtig\n  > Genau: Zweimal 24 ergibt 48, eine so kurze Zählung bleibt aber Anhaltspunkt.\n"
    otherwise = "- ! sonst\n  > Rechnen Sie beide Tage zusammen: Zweimal 24 Anrufe sind gefragt, nicht nur einer.\n"
    assert check(with_question("zahl", explanation, remarks + otherwise)) == []


@pytest.mark.parametrize(
    "body",
    [
        "- BG -> Gemeinschaft\n- HG -> Haushalt\n",
        "1. Eins\n2. Zwei\n3. Drei\n",
        "- = Anhörung\n",
        "Es fehlt das [[Wort]] hier.\n",
        "- = 28 bis 31\n",
    ],
)
def test_every_kind_of_question_needs_feedback(body: str) -> None:
    module = lesson(questions=f"{PARTS['questions']}\n### Frage: Und hier? {{#neu}}\n\n{body}")
    assert set(codes(check(module))) == {"W613"}


def test_pairs_gaps_and_numbers_may_be_answered_in_ten_words() -> None:
    pair = "- {0} -> Bedeutung {0}\n  > Diese Abkürzung steht für etwas, das Sie im Gesetz finden.\n"
    module = lesson(
        questions=f"{PARTS['questions']}\n### Frage: Ordnen Sie zu. {{#neu}}\n\n{pair.format('A')}{pair.format('B')}"
    )
    assert check(module) == []
    assert codes(check(module.replace(", das Sie im Gesetz finden", "", 1))) == ["W614"]


def test_opening_and_free_questions_need_a_resolution() -> None:
    module = lesson(before="## Frage: Was wäre zu tun gewesen? {#vorab before}\n\n___\n")
    assert places(check(module)) == [("W617", *place_of(module, "Was wäre zu tun"))]


def test_a_right_option_that_is_much_longer_is_reported() -> None:
    module = with_question(
        "fall-eins", "Ich schreibe den Schritt auf", "Ich schreibe den Schritt ausführlich und genau" * 3
    )
    assert "W317" in codes(check(module))


# --- K8 ---


def test_too_many_options_are_reported() -> None:
    option = "- ( ) Ich frage noch eine andere Stelle, Nummer {}.\n  > " + FEEDBACK + "\n"
    module = with_question("fall-eins", OPTIONS, OPTIONS + option.format(4) + option.format(5))
    (problem,) = check(module)
    assert (problem.code, problem.parameters["count"]) == ("W621", 5)


def test_a_multiple_choice_says_how_many_are_right() -> None:
    module = with_question("angaben", "Welche zwei Angaben", "Welche Angaben")
    assert places(check(module)) == [("W622", place_of(module, "Welche Angaben")[0], 1)]


@pytest.mark.parametrize("word", ["immer", "nie", "niemals", "stets"])
def test_telltale_words_in_options_are_reported(word: str) -> None:
    module = with_question("fall-eins", "Ich lasse den Schritt weg,", f"Ich lasse den Schritt {word} weg,")
    assert places(check(module)) == [
        (*("W623", *place_of(module, f" {word} weg"))[:2], place_of(module, f"{word} weg")[1])
    ]


def test_a_right_option_that_alone_repeats_the_question_is_reported() -> None:
    module = with_question("fall-eins", "Ich schreibe den Schritt auf", "Ich notiere den Umweg über das Archiv")
    (problem,) = check(module.replace("über das Archiv", "über das Stadtarchiv"))
    assert (problem.code, problem.parameters["word"]) == ("W624", "Stadtarchiv")


def test_a_test_keeps_twice_as_many_questions_as_it_draws() -> None:
    bank = "\n".join(text.replace("### ", "## ") for text in QUESTIONS.values())
    module = test_module(bank, draw="4")
    line = place_of(module, "draw")[0]
    problems = [problem for problem in check(files={"90-test.md": module}) if problem.code == "W625"]
    assert [(problem.line, problem.parameters["size"]) for problem in problems] == [(line, 5)]


# --- M11, M14 ---


def test_a_norm_without_source_is_reported_where_it_is_cited() -> None:
    module = with_text("Das regelt § 59 SGB II in der geltenden Fassung.")
    assert places(check(module)) == [("W631", *place_of(module, "§ 59 SGB II"))]


def test_a_norm_whose_act_is_among_the_sources_is_fine() -> None:
    assert check(with_text("Das regelt § 37 SGB X in der geltenden Fassung.")) == []


def test_the_version_of_a_norm_is_named() -> None:
    sources = PARTS["sources"].replace("Stand: November 2026.", "Im November 2026 gelesen.")
    module = lesson(sources=sources, content=f"{PARTS['content']}\nDas regelt § 37 SGB X.\n")
    assert ("W632", *place_of(module, "§ 37 SGB X")) in places(check(module))


def test_a_module_names_three_to_six_sources() -> None:
    module = lesson(sources=PARTS["sources"].replace("- SGB X (Gesetz)\n", ""))
    assert places(check(module)) == [("W633", *place_of(module, "Quellen und Stand"))]


def test_a_source_says_what_it_is() -> None:
    module = lesson(sources=PARTS["sources"].replace("Bericht eines Kreises (Praxisbeispiel)", "Bericht eines Kreises"))
    assert places(check(module)) == [("W634", *place_of(module, "Bericht eines Kreises"))]


def test_a_source_has_a_date_unless_one_holds_for_all() -> None:
    sources = (
        PARTS["sources"]
        .replace("\nStand: November 2026.\n", "")
        .replace("SGB X (Gesetz)", "SGB X (Gesetz, Stand 2026)")
    )
    assert codes(check(lesson(sources=sources))) == ["W635", "W635"]


# --- notices and tests ---

NOTICE = COURSE.replace("lang: de\n", "lang: de\nkind: notice\nvalid_from: 2026-11-01\nvalid_until: 2026-12-31\n")


def notice(words: int, more: str = "") -> str:
    return NOTICE.replace("Ein kurzer Kurs.", SENTENCE * (words // 10) + "\n\n" + more)


def test_a_notice_gets_advice_on_its_length_and_its_questions_only() -> None:
    assert check(files={"course.md": notice(100)}) == []
    assert codes(check(files={"course.md": notice(20)})) == ["W641"]
    assert codes(check(files={"course.md": notice(400)})) == ["W641"]
    asked = "\n".join(QUESTIONS[name].replace("### ", "## ") for name in ("fall-eins", "folge", "zahl"))
    assert codes(check(files={"course.md": notice(100, asked)})) == ["W642"]


def test_a_test_needs_none_of_the_parts_of_a_lesson() -> None:
    bank = "\n".join(
        text.replace("### ", "## ") + "\n> Erklärung dazu, warum es sich so verhält.\n" for text in QUESTIONS.values()
    )
    found = set(codes(check(lesson(), files={"90-test.md": test_module(bank.replace("{#", "{#t-"))})))
    assert not {code for rule in ("M2", "M4", "M5") for code in LEARNING_RULES[rule]} & found

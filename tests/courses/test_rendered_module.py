"""A module as segments: what stands between the texts, in which order, on which lines; job aids, length, search."""

from dataclasses import replace
from decimal import Decimal

import pytest

from courses.course import ModuleType, TestRules
from courses.length import asked_questions, count_words, minutes
from courses.markdown.sections import SectionRole, role_of
from courses.rendering.entries import filled
from courses.rendering.pages import BrokenPage, assembled
from courses.rendering.render import render_course, render_description, render_module
from courses.segments import FactEntry, Html, JobAid, LocalEntry, QuestionSlot, Resolution, SectionEnd
from quizzes.questions import Attributes, FreeText, Passage, Pool, Question, QuestionSet
from tests.courses.samples import Folder, Places, course_of, html_of, is_valid, joined, rendered

LESSON = """\
Zu Beginn.

## Der Fall

Fragen Sie [[local:leitung]] oder
[[fact:betrag]] nach.

## Frage: Was zuerst? {#zuerst before}

___

> Erst die Wege.

## Arbeitshilfe

- [ ] eins[^1]

### Dazu

Mehr.

## Fragen zum Modul

Zum Üben.

### Frage: Stimmt das? {#stimmt}

- ( ) richtig
- (x) falsch

---

Danach.

[^1]: Die Note.
"""


def outline(segments: tuple[object, ...]) -> list[object]:
    return [type(one) if isinstance(one, Html) else one for one in segments]


def test_a_module_is_a_list_of_segments_in_reading_order() -> None:
    assert outline(rendered(LESSON).segments) == [
        Html,
        LocalEntry("leitung", 5),
        Html,
        FactEntry("betrag", 6),
        Html,
        QuestionSlot(0, 8, 12),
        SectionEnd("der-fall", 13),
        Html,
        Html,
        SectionEnd("arbeitshilfe", 21),
        Html,
        QuestionSlot(1, 26, 29),
        Html,
        SectionEnd("fragen-zum-modul", 35),
        Resolution(0, 8, 12),
        Html,
    ]


def test_html_knows_its_lines() -> None:
    lines = [(one.first_line, one.last_line) for one in rendered(LESSON).segments if isinstance(one, Html)]
    assert lines[:4] == [(1, 6), (5, 6), (5, 6), (14, 14)]


def test_pieces_around_an_entry_make_one_paragraph() -> None:
    module = rendered("Fragen Sie **[[local:leitung]] jetzt**.")
    before, entry, after = module.segments
    assert isinstance(before, Html)
    assert isinstance(after, Html)
    assert (before.html, entry, after.html) == (
        "<p>Fragen Sie <strong>",
        LocalEntry("leitung", 1),
        " jetzt</strong>.</p>\n",
    )


def test_the_line_that_ends_a_question_is_not_drawn() -> None:
    assert "<hr>" not in html_of(rendered(LESSON))
    assert "<hr>" in html_of(rendered("a\n\n---\n\nb"))


def test_headings_of_questions_are_not_in_the_contents() -> None:
    assert [heading.anchor for heading in rendered(LESSON).contents] == [
        "der-fall", "arbeitshilfe", "dazu", "fragen-zum-modul",
    ]  # fmt: skip


def test_a_job_aid_stands_alone_with_its_footnotes() -> None:
    (job_aid,) = rendered(LESSON).job_aids
    assert (job_aid.anchor, job_aid.title) == ("arbeitshilfe", "Arbeitshilfe")
    html = joined(job_aid.segments)
    assert is_valid(html)
    assert html.startswith('<ul class="checklist"')
    assert "<h3" in html
    assert '<li id="fussnote-1" value="1"><p>Die Note. <a href="#fussnote-1-stelle"' in html
    assert "Fragen zum Modul" not in html


def test_a_job_aid_at_the_end_and_one_below_another_heading_are_found() -> None:
    job_aids = rendered(
        "## Praxis\n\n### Arbeitshilfe: Fristen {#karte}\n\nText [[local:x]].\n\n### Mehr\n\nText"
    ).job_aids
    assert [(one.anchor, one.title) for one in job_aids] == [("karte", "Arbeitshilfe: Fristen")]
    assert outline(job_aids[0].segments) == [Html, LocalEntry("x", 5), Html]
    assert rendered("## Arbeitshilfe").job_aids == (JobAid("arbeitshilfe", "Arbeitshilfe", ()),)


def test_a_question_after_a_job_aid_ends_it() -> None:
    text = "## Arbeitshilfe\n\nKarte.\n\n## Frage: a {#a}\n\n- (x) ja\n- ( ) nein\n\n---\n\nDanach.\n"
    assert [joined(one.segments) for one in rendered(text).job_aids] == ["<p>Karte.</p>\n"]
    inner = "## Arbeitshilfe\n\nKarte.\n\n### Frage: a {#a}\n\n- (x) ja\n- ( ) nein\n\n---\n\nDanach.\n"
    assert [joined(one.segments) for one in rendered(inner).job_aids] == ["<p>Karte.</p>\n<p>Danach.</p>\n"]


def test_the_line_after_an_unreadable_question_is_not_drawn_either() -> None:
    assert html_of(rendered("## Frage: a {#a}\n\nOhne.\n\n---\n\nDanach.")) == "<p>Danach.</p>\n"


def test_the_whole_page_is_valid_once_its_pieces_are_joined() -> None:
    assert is_valid(html_of(rendered(LESSON)))


def test_questions_carry_html_and_no_tokens() -> None:
    question = rendered(LESSON).questions[1]
    assert question.heading.pieces == ("Stimmt das?",)
    assert [option.text.pieces for option in question.answer.options] == [("richtig",), ("falsch",)]  # type: ignore[union-attr]
    assert question.heading.tokens == ()


def test_a_test_counts_the_questions_that_it_draws() -> None:
    course = course_of("Wort " * 90)
    questions = QuestionSet(tuple(Question(Passage(f"{n}"), Passage(""), FreeText()) for n in range(6)))
    module = course.modules[0]
    module = replace(
        module,
        type=ModuleType.TEST,
        rules=TestRules(draw=4),
        document=replace(module.document, questions=questions),
        task_minutes=3,
    )
    reading = render_module(course, module, address=Places(), files=Folder()).reading
    assert (reading.words, reading.questions, reading.minutes, reading.points) == (90, 4, 10, Decimal(0))


def test_pools_give_what_they_draw_and_critical_questions_come_first() -> None:
    made = [Question(Passage(f"{n}"), Passage(""), FreeText(), Attributes(is_must=n == 4)) for n in range(5)]
    questions = QuestionSet(tuple(made), (Pool("p", "P", 1, (0, 1)), Pool("q", "Q", None, (2,))))
    assert [question.heading.source for question in asked_questions(questions, draw=None)] == ["0", "2", "3", "4"]
    assert [question.heading.source for question in asked_questions(questions, draw=2)] == ["4", "0"]


@pytest.mark.parametrize(
    ("words", "questions", "task", "expected"),
    [(0, 0, 0, 5), (1000, 6, 3, 15), (1350, 0, 0, 10), (1349, 0, 0, 5), (360, 1, 20, 25)],
)
def test_minutes_are_words_questions_and_tasks_rounded_to_five(
    words: int, questions: int, task: int, expected: int
) -> None:
    assert minutes(words, questions=questions, task_minutes=task) == expected


def test_words_are_counted_as_readers_do() -> None:
    assert count_words("Der Ist-Prozess kostet 1.006,00 € – für's Erste.") == 6


def test_the_search_finds_prose_and_questions_but_no_answers() -> None:
    text = rendered(LESSON + "\n```\nProgramm\n```\n\n![Bild](x.png)\n").search_text
    assert "Zu Beginn." in text
    assert "Was zuerst?" in text
    assert "Programm" in text
    assert "Bild" in text
    assert "richtig" not in text
    assert "Erst die Wege" not in text


def test_a_course_is_rendered_as_a_whole() -> None:
    course = course_of(LESSON)
    made = render_course(course, address=Places(), files=Folder())
    assert set(made.modules) == {"grundlagen", "fristen"}
    assert made.modules["grundlagen"] == rendered(LESSON)
    assert made.description == render_description(course, address=Places(), files=Folder())
    assert joined(made.description.segments) == "<p>Worum es geht.</p>\n"


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("Der Fall", SectionRole.CASE),
        ("Fallzahlen", SectionRole.CONTENT),
        ("Ihr  Ziel", SectionRole.GOAL),
        ("Beispiel: Wunschtermin", SectionRole.EXAMPLE),
        ("Your turn", SectionRole.EXERCISE),
        ("Transferaufgabe (45 Minuten)", SectionRole.TRANSFER),
        ("JOB AID", SectionRole.JOB_AID),
        ("Quellen und Stand", SectionRole.SOURCES),
        ("Fragen zum Modul", SectionRole.QUESTIONS),
        ("Fragen, ohne zu bewerten", SectionRole.CONTENT),
        ("Sieben Fragen je Schritt", SectionRole.CONTENT),
    ],
)
def test_headings_tell_what_a_section_is_for(title: str, role: SectionRole) -> None:
    assert role_of(title) is role


def test_entries_inside_a_question_are_filled_by_the_product() -> None:
    html = '<p>Rufen Sie <data class="entry" value="local:leitung">bitte ergänzen</data> an.</p>'
    assert (
        filled(html, local=lambda key: f"<b>{key}</b>", fact=lambda key: "?") == "<p>Rufen Sie <b>leitung</b> an.</p>"
    )


def test_a_swallowed_cut_is_a_mistake_that_does_not_pass() -> None:
    from courses.rendering.prose import Prose

    prose = Prose(None)  # type: ignore[arg-type]
    prose.html("<script>")
    prose.cut("x")
    with pytest.raises(BrokenPage):
        assembled(prose)


def test_noncharacters_of_an_author_are_no_cuts() -> None:
    assert html_of(rendered("a\ufdd00\ufdd1b")) == "<p>a\ufffd0\ufffdb</p>\n"

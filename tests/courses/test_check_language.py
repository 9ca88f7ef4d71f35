"""Plain language: each finding at its line and column, and the near cases that are none."""

import pytest

from courses.check.language import abbreviations
from courses.check.law import citations
from tests.courses.checking import check, lesson, place_of, places, with_question, with_text


def only(text: str, code: str, words: str, *, nth: int = 1) -> None:
    """The good lesson with `text` in it has exactly this finding, at `words`."""
    module = with_text(text)
    line, column = place_of(module, words, nth=nth)
    assert places(check(module)) == [(code, line, column)]


def test_the_good_lesson_has_no_finding() -> None:
    assert check(lesson()) == []


LONG = "Sie sehen " + "und fragen und hören und schreiben " * 5 + "heute noch etwas mehr."


def test_a_sentence_of_more_than_30_words_is_named_where_it_begins() -> None:
    only(f"Kurz.\n{LONG}", "W701", "Sie sehen und")


def test_a_sentence_of_30_words_is_not_too_long() -> None:
    assert check(with_text(" ".join(["Wort"] * 29 + ["Ende."]))) == []


def test_a_mean_above_16_words_names_the_longest_sentences() -> None:
    sentence = (
        "Die Kollegin am Tresen fragt nach dem Anliegen und sucht danach im Kalender eine freie Zeit für das Gespräch. "
    )
    module = lesson(content="\n".join(f"## Abschnitt {name}\n\n{sentence * 11}\n" for name in "ABCD"))
    (problem,) = check(module)
    assert (problem.code, problem.line, problem.parameters["limit"]) == ("W702", 6, 16)
    assert 16 < float(str(problem.parameters["mean"])) < 19


def test_a_second_abbreviation_in_a_sentence_is_reported() -> None:
    only("Fragen Sie z. B. am Tresen bzw. im Büro nach.", "W703", "bzw.")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Es gilt § 84 Abs. 1 Satz 2 Nr. 3 SGG.", []),
        ("Fragen Sie z. B. nach, d. h. am Tresen.", ["z. B.", "d. h."]),
        ("Das KJC und das KJC.", ["KJC"]),
        ("Die KdU und das BAföG.", ["KdU", "BAföG"]),
        ("Under the GDPR (DSGVO) you may ask.", ["GDPR"]),
        ("Im Teil II steht WICHTIGES, auch zu A4.", []),
    ],
)
def test_abbreviations_are_counted_once_and_citations_are_none(text: str, found: list[str]) -> None:
    assert abbreviations(text) == found


def test_initials_that_nobody_explains_are_reported_once() -> None:
    only("Das KJC fragt. Das KJC zählt.", "W704", "KJC")


@pytest.mark.parametrize(
    "text",
    [
        "Das Kommunale Jobcenter (KJC) fragt. Das KJC zählt.",
        "KJC steht für etwas.",
        "Das SGB kennt jeder.",
        "Die EU hilft.",
    ],
)
def test_explained_and_familiar_initials_are_fine(text: str) -> None:
    assert check(with_text(text)) == []


def test_the_glossary_explains_initials() -> None:
    assert check(with_text("Das KJC fragt."), files={"glossary.md": "KJC\n: Kommunales Jobcenter\n"}) == []


@pytest.mark.parametrize(
    "word",
    [
        "Kolleg:innen",
        "Kolleg*innen",
        "Kolleg_innen",
        "Kolleg·innen",
        "KollegInnen",
        "Kolleg/innen",
        "Kolleg/-innen",
        "Kolleg(inn)en",
        "Berater(innen)",
        "eine:n",
        "jede*r",
        "Berater/in",
    ],
)
def test_special_characters_in_words_are_reported(word: str) -> None:
    only(f"Fragen Sie {word} am Tresen.", "W705", word)


@pytest.mark.parametrize(
    "text",
    [
        "Ein LinkedIn-Konto und der LogIn.",
        "Siehe `key:e` und <https://example.org/kolleg:innen>.",
        "Es ist vor/in der Pause.",
        "Kolleginnen und Kollegen fragen.",
        "Der Termin: in der Pause.",
        "Ja/nein steht auf dem Blatt.",
    ],
)
def test_what_only_looks_like_a_short_form_is_fine(text: str) -> None:
    assert "W705" not in [problem.code for problem in check(with_text(text))]


def test_special_characters_are_found_in_questions_too() -> None:
    module = with_question("fall-eins", "Ich bitte die Kollegin", "Ich bitte die Kolleg:innen")
    assert places(check(module)) == [("W705", *place_of(module, "Kolleg:innen"))]


def test_figures_beside_a_provision_belong_into_the_register() -> None:
    text = "Legen Sie binnen zwei Wochen Widerspruch ein (§ 37 SGB X in der geltenden Fassung)."
    only(text, "W706", "zwei Wochen")


@pytest.mark.parametrize("figure", ["563 €", "30 %", "30 Prozent", "drei Tage", "14 Tagen", "einen Monat"])
def test_amounts_rates_and_periods_are_figures(figure: str) -> None:
    text = f"Das regelt § 37 SGB X in der geltenden Fassung. Es sind {figure}."
    assert [problem.code for problem in check(with_text(text))] == ["W706"]


def test_figures_far_from_any_provision_are_fine() -> None:
    assert check(with_text("Das dauert drei Tage. Es kostet 30 €.")) == []


def test_familiar_address_is_reported_except_in_quotations() -> None:
    only("Herr Kaya fragt: „Kannst du mir helfen?“ Schreib dir das auf.", "W707", "dir")


def test_masculine_words_get_a_suggestion() -> None:
    only("Ein Mitarbeiter fragt nach.", "W708", "Mitarbeiter")
    assert check(with_text("Mitarbeiterinnen und Mitarbeiter fragen nach.")) == []


def test_the_feminine_form_comes_first() -> None:
    only("Kollegen und Kolleginnen fragen nach.", "W709", "Kollegen und Kolleginnen")
    only("Ärzte oder Ärztinnen fragen nach.", "W709", "Ärzte oder Ärztinnen")
    assert check(with_text("Kolleginnen und Kollegen fragen. Berlin und Termin. Beginn und Sinn.")) == []


def test_english_courses_get_no_german_advice() -> None:
    from tests.courses.checking import COURSE

    problems = check(
        with_text("Du fragst KJC und Mitarbeiter."), files={"course.md": COURSE.replace("lang: de", "lang: en")}
    )
    assert not {"W704", "W705", "W707", "W708", "W709"} & {problem.code for problem in problems}


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("(§ 59 SGB II mit § 309 SGB III, § 32 SGB II)", ["SGB II", "SGB III", "SGB II"]),
        ("SGB II §§ 32, 59 und SGB III § 309", ["SGB II", "SGB III"]),
        ("§§ 67 ff. SGB X", ["SGB X"]),
        ("Art. 6 Abs. 1 Buchst. e DSGVO", ["DSGVO"]),
        ("§ 84 (1) SGG (Social Court Act)", ["SGG"]),
        ("nach § 3 des Hessischen Datenschutzgesetzes", ["Datenschutzgesetzes"]),
        ("siehe § 20", [""]),
        ("Auf diese Art. Danach", []),
    ],
)
def test_citations_name_their_act(text: str, acts: list[str]) -> None:
    assert [citation.act for citation in citations(text)] == acts

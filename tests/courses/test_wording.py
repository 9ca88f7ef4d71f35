"""Every problem can be said, in German and in English, to a person who writes courses."""

import re
import tomllib
from importlib.resources import files

import pytest

from courses.wording import LANGUAGES, parameters_of, titles, word, word_for
from quizzes.problems import Problem, Severity

CODES = list(titles("de"))


def catalogue(language: str) -> dict[str, dict[str, str]]:
    return tomllib.loads(files("courses.wording").joinpath(f"{language}.toml").read_text(encoding="utf-8"))


def test_both_languages_know_the_same_codes_and_the_same_words() -> None:
    german, english = catalogue("de"), catalogue("en")
    assert set(german) == set(english), "Add the code to both courses/wording/de.toml and en.toml."
    for parameter, words in german["words"].items():
        assert set(words) == set(english["words"][parameter]), parameter


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_codes_are_sorted(language: str) -> None:
    codes = list(titles(language))
    assert codes == sorted(codes), "Sort the tables of courses/wording by code."


@pytest.mark.parametrize("code", CODES)
def test_a_code_needs_the_same_values_in_both_languages(code: str) -> None:
    assert parameters_of(code, "de") == parameters_of(code, "en")


@pytest.mark.parametrize("code", CODES)
def test_german_advice_speaks_to_a_person(code: str) -> None:
    entry = catalogue("de")[code]
    for text in filter(None, (entry["text"], entry["todo"])):
        assert text.rstrip().endswith((".", "}", "?", "“")), f"{code}: write whole sentences"
    # A difference (D…) asks for nothing; a problem always says what to do.
    assert bool(entry["todo"]) == (not code.startswith("D"))
    assert not re.search(r"\b[Dd]u\b|Token|Parser|Regex|Exception", " ".join(entry.values())), code


def test_values_stand_in_the_sentence() -> None:
    wording = word(Problem("E403", 3, parameters={"draw": 5, "size": 2}), "de")
    assert wording.text == "Es sollen 5 Fragen gezogen werden, der Test hat aber nur 2."
    assert wording.message.endswith(wording.todo)


def test_values_that_are_keys_are_said_in_the_language_of_the_reader() -> None:
    problem = Problem("W607", 1, parameters={"part": "goal", "example": "goal"})
    assert "Ihr Ziel" in word(problem, "de").text
    assert "your goal" in word(problem, "en").text


def test_german_numbers_have_a_comma() -> None:
    problem = Problem("W702", 1, parameters={"mean": "17.3", "limit": 16, "lines": "4, 9"})
    assert "17,3" in word(problem, "de").text
    assert "17.3" in word(problem, "en").text


def test_a_word_may_mean_something_else_under_one_code() -> None:
    assert "Teil des Namens" in word(Problem("E133", 1, parameters={"name": "a", "reason": "empty"})).text
    assert "leere Antwort" in word(Problem("E309", 1, parameters={"gap": "", "reason": "empty"})).text


def test_a_word_may_hold_other_values() -> None:
    parameters = {"field": "draw", "value": "x", "expected": "number", "low": 1, "high": 9}
    assert "eine Zahl von 1 bis 9" in word(Problem("E004", 1, parameters=parameters)).todo


def test_braces_of_the_notation_stay_as_they_are() -> None:
    assert "`{#meine-frage}`" in word(Problem("W201", 1), "de").todo
    assert "`{.decorative}`" in word(Problem("E110", 1), "en").todo


def test_a_value_cannot_smuggle_in_another_one() -> None:
    problem = Problem("E307", 1, parameters={"option": "{id} {0.__class__}", "id": "x"})
    assert "{id} {0.__class__}" in word(problem, "de").text


def test_other_languages_read_english_and_unknown_codes_show_themselves() -> None:
    assert word(Problem("E102", 1), "fr") == word(Problem("E102", 1), "en")
    assert word(Problem("X999", 1)).title == "X999"
    assert "…" in word(Problem("E403", 1)).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_severities_have_a_word(language: str) -> None:
    assert word_for(Severity.ERROR, language) != word_for(Severity.WARNING, language)

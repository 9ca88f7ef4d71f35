"""Typed reading of front matter: each wrong value is reported at its line with what was expected."""

import datetime

import pytest

from courses.course import Level
from courses.reading.fields import Fields
from courses.reading.frontmatter import read_yaml


def fields_of(text: str) -> Fields:
    mapping, problems = read_yaml(text, first_line=2)
    assert problems == []
    assert mapping is not None
    return Fields(mapping)


def only_problem(fields: Fields) -> tuple[str, int, dict[str, str | int]]:
    (problem,) = fields.problems
    return problem.code, problem.line, dict(problem.parameters)


def test_texts_are_taken_as_written_whatever_yaml_would_make_of_them() -> None:
    fields = fields_of("a: 2026\nb: yes\nc: 1.50\nd: 'null'\ne: >\n  zwei\n  Zeilen\n")
    assert [fields.text(key) for key in "abcde"] == ["2026", "yes", "1.50", "null", "zwei Zeilen"]
    assert fields.problems == []


def test_missing_and_empty_values_are_none_and_reported_where_required() -> None:
    fields = fields_of("id: a\ntitle:\nlang: ~")
    assert fields.text("title") == ""
    fields.require("id", "title", "lang", "summary")
    found = [(problem.code, problem.line, problem.parameters["field"]) for problem in fields.problems]
    assert found == [("E003", 3, "title"), ("E003", 4, "lang"), ("E003", 2, "summary")]


def test_a_list_where_a_text_belongs_is_shown_as_written() -> None:
    fields = fields_of("id: x\ntitle: [a, {b: c}]")
    assert fields.text("title") == ""
    assert only_problem(fields) == ("E004", 3, {"field": "title", "value": "[a, {b: c}]", "expected": "text"})


def test_long_values_are_cut_in_messages() -> None:
    fields = fields_of(f"title: [{'a' * 200}]")
    fields.text("title")
    assert len(str(fields.problems[0].parameters["value"])) == 60


def test_a_text_above_its_length_is_reported_with_the_limit() -> None:
    fields = fields_of("summary: " + "a" * 201)
    assert len(fields.text("summary", limit=200)) == 201
    code, _, parameters = only_problem(fields)
    assert (code, parameters["expected"], parameters["limit"]) == ("E004", "short_text", 200)


def test_lists_of_texts_may_be_a_single_text() -> None:
    fields = fields_of("a: [x, 'y  z']\nb: x\nc:\nd: []")
    assert [fields.texts(key) for key in "abcde"] == [("x", "y z"), ("x",), (), (), ()]
    assert fields.problems == []


@pytest.mark.parametrize("value", ["[a, [b]]", "{a: b}", "[a, ~]"])
def test_lists_of_anything_else_are_reported(value: str) -> None:
    fields = fields_of(f"authors: {value}")
    assert fields.texts("authors") == ()
    assert only_problem(fields)[2]["expected"] == "list"


@pytest.mark.parametrize(("value", "number"), [("0", 0), ("7", 7), ("'7'", 7)])
def test_numbers_are_read(value: str, number: int) -> None:
    fields = fields_of(f"draw: {value}")
    assert fields.number("draw", low=0, high=9, default=5) == number
    assert fields.problems == []


@pytest.mark.parametrize("value", ["drei", "1.5", "10", "-1", "٣", "1_0", "0x7", "99999999", "[1]"])
def test_what_is_no_number_of_the_range_is_reported_and_the_default_holds(value: str) -> None:
    fields = fields_of(f"draw: {value}")
    assert fields.number("draw", low=0, high=9, default=5) == 5
    assert only_problem(fields)[2]["expected"] == "number"


def test_a_number_outside_its_range_can_have_a_nearer_code() -> None:
    fields = fields_of("pass: 120")
    assert fields.number("pass", low=1, high=100, default=80, code="E404") == 80
    parameters = {"field": "pass", "value": "120", "expected": "number", "low": 1, "high": 100}
    assert only_problem(fields) == ("E404", 2, parameters)


@pytest.mark.parametrize(("value", "flag"), [("true", True), ("True", True), ("false", False), ("", False)])
def test_flags_are_read(value: str, flag: bool) -> None:
    fields = fields_of(f"optional: {value}")
    assert fields.flag("optional") is flag
    assert fields.problems == []


@pytest.mark.parametrize("value", ["yes", "ja", "1", "[true]"])
def test_other_words_are_no_flags(value: str) -> None:
    fields = fields_of(f"optional: {value}")
    assert fields.flag("optional") is False
    assert only_problem(fields)[2]["expected"] == "flag"


def test_dates_are_read() -> None:
    assert fields_of("reviewed: 2026-03-01").date("reviewed") == datetime.date(2026, 3, 1)
    assert fields_of("reviewed:").date("reviewed") is None


@pytest.mark.parametrize("value", ["2026-02-30", "01.03.2026", "2026-3-1", "2026", "2026-03-01T10:00", "٢٠٢٦-٠٣-٠١"])
def test_other_days_are_reported(value: str) -> None:
    fields = fields_of(f"id: x\nreviewed: {value}")
    assert fields.date("reviewed") is None
    assert only_problem(fields) == ("E004", 3, {"field": "reviewed", "value": value, "expected": "date"})


def test_choices_are_read_and_wrong_ones_answered_with_all_words() -> None:
    assert fields_of("level: aufbau").choice("level", Level, None) is Level.ADVANCED
    fields = fields_of("level: profi")
    assert fields.choice("level", Level, Level.BASICS) is Level.BASICS
    assert only_problem(fields)[2]["choices"] == "grundlagen, aufbau, vertiefung"


@pytest.mark.parametrize("value", ["20 min", "20", "20 minutes", "20 Minuten", "20min.", "'20 min'"])
def test_times_are_read_in_minutes(value: str) -> None:
    assert fields_of(f"time: {value}").minutes("time") == 20


@pytest.mark.parametrize("value", ["0 min", "601 min", "20 s", "eine Stunde", "-5 min", "[20]"])
def test_other_times_are_reported(value: str) -> None:
    fields = fields_of(f"time: {value}")
    assert fields.minutes("time") == 0
    assert only_problem(fields)[2]["expected"] == "minutes"


@pytest.mark.parametrize(
    ("value", "months"), [("12 months", "12 months"), ("1 year", "12 months"), ("6 Monate", "6 months")]
)
def test_periods_are_read_in_months(value: str, months: str) -> None:
    assert fields_of(f"valid: {value}").months("valid") == months


@pytest.mark.parametrize("value", ["12", "0 months", "999 years", "bald", "[12 months]"])
def test_other_periods_are_reported(value: str) -> None:
    fields = fields_of(f"valid: {value}")
    assert fields.months("valid") == ""
    assert only_problem(fields)[2]["expected"] == "months"


def test_an_unknown_field_is_answered_with_the_known_one_it_resembles() -> None:
    fields = fields_of("titel: a\nxyz: b")
    fields.text("title")
    fields.date("reviewed")
    fields.report_unknown()
    found = [(problem.code, problem.line, dict(problem.parameters)) for problem in fields.problems]
    assert found == [
        ("W005", 2, {"field": "titel", "suggestion": "title"}),
        ("W005", 3, {"field": "xyz", "suggestion": "reviewed, title"}),
    ]


def test_fields_inside_a_field_are_named_with_it() -> None:
    fields = fields_of("expert_release:\n  by: Team Recht\n  onn: 2026-01-01\n")
    inner = fields.inner("expert_release", "release")
    assert inner is not None
    inner.require("by", "on")
    inner.report_unknown()
    found = [(problem.code, problem.line, problem.parameters["field"]) for problem in inner.problems]
    assert found == [("E003", 3, "expert_release.on"), ("W005", 4, "expert_release.onn")]


def test_a_text_where_fields_belong_is_reported() -> None:
    fields = fields_of("expert_release: vielleicht")
    assert fields.inner("expert_release", "release") is None
    assert only_problem(fields)[2]["expected"] == "release"

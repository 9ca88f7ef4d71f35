"""Numbers in answer lines and as learners type them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizzes.numbers import looks_numeric, read_number_line, read_typed_number, write_decimal, write_number
from quizzes.questions import NumberRange
from tests.quizzes.strategies import numbers


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("42", "42", "42", ""),
        ("-5", "-5", "-5", ""),
        ("−5", "-5", "-5", ""),
        ("+5", "5", "5", ""),
        ("562,50", "562.5", "562.5", ""),
        ("562.50", "562.5", "562.5", ""),
        ("1.006,00 €", "1006", "1006", "€"),
        ("1,006.00 €", "1006", "1006", "€"),
        ("1.234.567", "1234567", "1234567", ""),
        ("1 006 €", "1006", "1006", "€"),
        ("1\u202f006,5 €", "1006.5", "1006.5", "€"),
        ("562,50€", "562.5", "562.5", "€"),
        ("5%", "5", "5", "%"),
        ("31 Tage", "31", "31", "Tage"),
        ("24 SGB", "24", "24", "SGB"),
        ("50 km/h", "50", "50", "km/h"),
        ("562,50 ± 0,01 €", "562.49", "562.51", "€"),
        ("562,50 +- 0,01 €", "562.49", "562.51", "€"),
        ("562,50 +/- 0,01 €", "562.49", "562.51", "€"),
        ("562,50±0,01", "562.49", "562.51", ""),
        ("200 ± 5 %", "190", "210", ""),
        ("200 ± 5% €", "190", "210", "€"),
        ("200 % ± 5 %", "195", "205", "%"),
        ("200 € ± 5 €", "195", "205", "€"),
        ("-200 ± 5 %", "-210", "-190", ""),
        ("28 bis 31", "28", "31", ""),
        ("28 to 31 days", "28", "31", "days"),
        ("28 – 31 Tage", "28", "31", "Tage"),
        ("28–31", "28", "31", ""),
        ("28 Tage bis 31 Tage", "28", "31", "Tage"),
        ("1.234", "1234", "1234", ""),
        ("0.234", "0.234", "0.234", ""),
        ("1234.567", "1234.567", "1234.567", ""),
    ],
)
def test_number_lines(text: str, low: str, high: str, unit: str) -> None:
    number = read_number_line(text)
    assert number is not None
    assert (number.low, number.high, number.unit) == (Decimal(low), Decimal(high), unit)
    assert number.written == text


@pytest.mark.parametrize(
    "text",
    [
        *("", "31a", "24 SGB X", "§ 84", "1.2.2026", "31.12.", "zwei", "28 bis", "28-31", "1.00,5", "1,2,3", "5 !"),
        *("100 € ± 5 %", "5 ± viel", "28 Tage bis 31 Jahre", "٣", "²", "1 2", "9" * 16, "1," + "1" * 11, "- 5 - 6"),
        *("±5", "1e5", "5 bis 6 bis 7", "12 34", "9" * 100),
    ],
)
def test_everything_else_is_text(text: str) -> None:
    assert read_number_line(text) is None


def test_the_language_decides_what_is_ambiguous_and_nothing_else() -> None:
    german, english = read_number_line("1.234"), read_number_line("1.234", language="en-GB")
    assert german is not None
    assert english is not None
    assert (german.low, english.low) == (Decimal(1234), Decimal("1.234"))
    for text in ("1,5", "1.5", "1.006,00", "1,006.00", "0,123"):
        assert read_number_line(text) == read_number_line(text, language="en")


@pytest.mark.parametrize(
    ("text", "value", "unit", "is_ambiguous"),
    [
        ("562,5", "562.5", "", False),
        ("562.50", "562.5", "", False),
        (" 1.006,00 € ", "1006", "€", False),
        ("1.234", "1234", "", True),
        ("1,234", "1.234", "", True),
        ("9,6 Stunden", "9.6", "Stunden", False),
    ],
)
def test_typed_numbers(text: str, value: str, unit: str, is_ambiguous: bool) -> None:
    typed = read_typed_number(text)
    assert typed is not None
    assert (typed.value, typed.unit, typed.is_ambiguous) == (Decimal(value), unit, is_ambiguous)


@pytest.mark.parametrize("text", ["", "neun", "9 bis 10", "9 oder 10", "1.00,5", "9" * 100])
def test_what_is_no_number_is_not_guessed(text: str) -> None:
    assert read_typed_number(text) is None


@given(st.text(max_size=90))
def test_any_text_can_be_asked(text: str) -> None:
    read_number_line(text)
    read_typed_number(text)
    looks_numeric(text)


@given(numbers(), st.sampled_from(["de", "en"]))
def test_numbers_are_written_so_that_every_language_reads_them(number: NumberRange, language: str) -> None:
    assert read_number_line(write_number(number), language=language) == number


def test_the_author_s_spelling_is_kept_while_it_is_true() -> None:
    number = read_number_line("1.006,00 € ± 0,50 €")
    assert number is not None
    assert write_number(number) == "1.006,00 € ± 0,50 €"
    other = NumberRange(Decimal(7), Decimal(7), "", Decimal(7), written="1.006,00")
    assert write_number(other) == "7"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0", "0"),
        ("-0", "0"),
        ("-0.0", "0"),
        ("1.50", "1,5"),
        ("1.234", "1,2340"),
        ("0.234", "0,234"),
        ("1E+3", "1000"),
    ],
)
def test_decimals_are_written_plainly(value: str, text: str) -> None:
    assert write_decimal(Decimal(value)) == text

"""Numbers as authors write them in answer lines and as learners type them. Exact decimals, no floats.

Languages differ in one point only: what `1.234` and `1,234` mean. Everything that is not ambiguous is read alike.
"""

import re
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Final

from quizzes.questions import NumberRange
from quizzes.words import RANGE_WORDS

# Languages whose decimal mark is a point; all others of the product write a comma.
_POINT_LANGUAGES: Final = {"en", "he", "ja", "ko", "th", "zh"}

# No line of numbers needs more characters; the limit keeps the patterns below quick.
LONGEST_NUMBER: Final = 80

_SPACE: Final = " \u00a0\u2007\u2009\u202f"
_NUMBER: Final = rf"[-−+]?[ \u00a0\u202f]?\d[\d.,{_SPACE}'’]*"
_UNIT: Final = r"(?:[%€‰]|[ \u00a0\u202f]\s*[^\s\d±]+)"
_PLAIN: Final = re.compile(rf"({_NUMBER}?)\s*?({_UNIT})?")
_RANGE: Final = re.compile(
    rf"({_NUMBER}?)\s*?({_UNIT})?\s*?(?:\s(?:{'|'.join(RANGE_WORDS[:-1])})\s|\s?–\s?)\s*({_NUMBER}?)\s*?({_UNIT})?"
)
_TOLERANCE: Final = re.compile(rf"({_NUMBER}?)\s*?({_UNIT})?\s*(?:±|\+/?[-−])\s*({_NUMBER}?)\s*?(\s?%)?\s*?({_UNIT})?")
_SIGNLESS: Final = re.compile(r"\d{1,15}(?:\.\d{1,10})?")
_LOOKS_NUMERIC: Final = re.compile(
    rf"{_NUMBER}.*(?:±|\+/?-).*|[-−+]?[\d.,\s]*\d[\d.,\s]*[€%‰]|{_NUMBER}\s(?:bis|to)\s.*"
)


@dataclass(frozen=True, slots=True)
class TypedNumber:
    """What a learner typed, understood as a number. `is_ambiguous` when another language would read another number."""

    value: Decimal
    unit: str = ""
    is_ambiguous: bool = False


def read_decimal(text: str, *, language: str = "de") -> tuple[Decimal, bool] | None:
    """The number in `text` and whether its reading depends on the language; None when it is none.

    At most 15 digits before and 10 after the decimal mark, so that all arithmetic stays exact.
    """
    text = text.strip()
    sign = ""
    if text[:1] in {"-", "−", "+"}:
        sign = "-" if text[0] in "-−" else ""
        text = text[1:].lstrip()
    plain = _without_groups(text, language=language)
    if plain is None or not _SIGNLESS.fullmatch(plain[0]) or not plain[0].isascii():
        return None
    return Decimal(sign + plain[0]), plain[1]


def _without_groups(text: str, *, language: str) -> tuple[str, bool] | None:
    """Digits with at most one point as decimal mark, and whether the mark was ambiguous."""
    for space in (*_SPACE, "'", "’"):
        if space in text:
            groups = text.split(space)
            whole_groups = [*groups[:-1], re.split(r"[.,]", groups[-1])[0]]
            if not _are_groups(whole_groups):
                return None
            text = "".join(groups)
    points, commas = text.count("."), text.count(",")
    if points and commas:
        mark, other = (".", ",") if text.rfind(".") > text.rfind(",") else (",", ".")
        whole, _, fraction = text.partition(mark)
        if text.count(mark) > 1 or other in fraction or not _are_groups(whole.split(other)):
            return None
        return whole.replace(other, "") + "." + fraction, False
    if not points and not commas:
        return text, False
    mark = "." if points else ","
    parts = text.split(mark)
    if len(parts) > 2:
        return ("".join(parts), False) if _are_groups(parts) else None
    if not _are_groups(parts) or parts[0].startswith("0"):
        return text.replace(mark, "."), False
    uses_point = language.partition("-")[0].lower() in _POINT_LANGUAGES
    is_decimal = uses_point == (mark == ".")
    return (text.replace(mark, ".") if is_decimal else "".join(parts)), True


def _are_groups(parts: list[str]) -> bool:
    """True for digits grouped in threes: `["1", "006"]`."""
    return 1 <= len(parts[0]) <= 3 and all(len(part) == 3 for part in parts[1:]) and all(map(str.isdigit, parts))


def _unit(*written: str | None) -> str | None:
    """The one unit among those written; None when they disagree or one of them is not a unit."""
    units = {unit.strip() for unit in written if unit and unit.strip()}
    if len(units) > 1:
        return None
    unit = units.pop() if units else ""
    is_word = any(map(str.isalpha, unit)) or unit in {"", "%", "€", "‰", "°", "$", "£"}
    return unit if is_word and unit not in RANGE_WORDS else None


def read_number_line(text: str, *, language: str = "de") -> NumberRange | None:
    """Read `number [unit]`, `a bis b [unit]` or `a ± t[%] [unit]`; None when the line is anything else.

    A negative tolerance or a range upside down is returned as it is (`low > high`), for the check to find.
    """
    text = text.strip()
    if len(text) > LONGEST_NUMBER:
        return None
    return (
        _read_plain(text, language=language)
        or _read_range(text, language=language)
        or _read_tolerance(text, language=language)
    )


def _read_plain(text: str, *, language: str) -> NumberRange | None:
    found = _PLAIN.fullmatch(text)
    read = read_decimal(found[1], language=language) if found else None
    unit = _unit(found[2]) if found else None
    if read is None or unit is None:
        return None
    return NumberRange(read[0], read[0], unit, read[0], written=text)


def _read_range(text: str, *, language: str) -> NumberRange | None:
    found = _RANGE.fullmatch(text)
    if found is None:
        return None
    low, high = read_decimal(found[1], language=language), read_decimal(found[3], language=language)
    unit = _unit(found[2], found[4])
    if low is None or high is None or unit is None:
        return None
    return NumberRange(low[0], high[0], unit, written=text)


def _read_tolerance(text: str, *, language: str) -> NumberRange | None:
    found = _TOLERANCE.fullmatch(text)
    if found is None:
        return None
    value, tolerance = read_decimal(found[1], language=language), read_decimal(found[3], language=language)
    is_percent = bool(found[4]) and not found[2]
    unit = _unit(found[2], None if is_percent else found[4], found[5])
    if value is None or tolerance is None or unit is None:
        return None
    return number_with_tolerance(value[0], tolerance[0], unit=unit, is_percent=is_percent, written=text)


def number_with_tolerance(
    value: Decimal, tolerance: Decimal, *, unit: str = "", is_percent: bool = False, written: str = ""
) -> NumberRange:
    """The range `value ± tolerance`; with `is_percent` the tolerance is relative to the value."""
    with localcontext() as context:
        context.prec = 60
        width = abs(value) * tolerance / 100 if is_percent else tolerance
        return NumberRange(value - width, value + width, unit, value, tolerance, is_percent, written)


def number_fault(number: NumberRange) -> str:
    """What is wrong with readable numbers, in one word; empty when nothing is."""
    if number.tolerance < 0:
        return "negative"
    return "reversed" if number.low > number.high else ""


def looks_numeric(text: str) -> bool:
    """True for a line that its author surely meant as a number although it cannot be read as one."""
    text = text.strip()
    return len(text) <= LONGEST_NUMBER and _LOOKS_NUMERIC.fullmatch(text) is not None


def read_typed_number(text: str, *, language: str = "de") -> TypedNumber | None:
    """What a learner typed: `562,5`, `562.50`, `1.006,00 €`; None when it is no number with at most one unit."""
    text = text.strip()
    found = _PLAIN.fullmatch(text) if len(text) <= LONGEST_NUMBER else None
    read = read_decimal(found[1], language=language) if found else None
    unit = _unit(found[2]) if found else None
    if read is None or unit is None:
        return None
    return TypedNumber(read[0], unit, read[1])


def write_decimal(value: Decimal) -> str:
    """The number with a decimal comma, so spelt that every language reads it alike (never `1,234`)."""
    digits = format(value, "f")
    whole, _, fraction = digits.partition(".")
    fraction = fraction.rstrip("0")
    if not fraction:
        return whole if whole not in {"-0", ""} else "0"
    return f"{whole},{fraction}0" if len(fraction) == 3 and whole.lstrip("-") != "0" else f"{whole},{fraction}"


def write_number(number: NumberRange) -> str:
    """An answer line that reads back as `number`; the author's own spelling wherever it still means the same."""
    if number.written and any(read_number_line(number.written, language=each) == number for each in ("de", "en")):
        return number.written
    unit = f" {number.unit}" if number.unit else ""
    if number.value is None:
        return f"{write_decimal(number.low)} bis {write_decimal(number.high)}{unit}"
    if not number.tolerance:
        return f"{write_decimal(number.value)}{unit}"
    if number.unit == "%":
        # Without its unit at the value, the tolerance would be read as relative.
        return f"{write_decimal(number.value)} % ± {write_decimal(number.tolerance)} %"
    percent = " %" if number.tolerance_is_percent else ""
    return f"{write_decimal(number.value)} ± {write_decimal(number.tolerance)}{percent}{unit}"

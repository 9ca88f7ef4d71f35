"""The form of a new rule: what was typed, read into a draft or answered with every mistake at its field."""

import datetime
import hashlib
import json
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import assert_never

from learning.language import gettext as _
from learning.obligations.actions import Audience, RuleDraft
from learning.obligations.rules import Anchor, Basis, Conflict, Recurrence, is_day_of_every_year
from learning.reporting.lookups import Offered, UnitChoice
from learning.reporting.stands import read_day
from learning.web.forms import typed_line

LONGEST_NUMBER = 5
LINES = {
    "titel": 200,
    "kurs": 64,
    "wiederholung": 64,
    "rechtsgrundlage": 500,
    "zielgruppe": 20,
    "untereinheiten": 3,
    "beginn": 10,
    "anker": 20,
    "tage": LONGEST_NUMBER,
    "frist": 10,
    "turnus": 20,
    "monate": LONGEST_NUMBER,
    "fenster": LONGEST_NUMBER,
    "abstand": LONGEST_NUMBER,
    "stichtag": 6,
    "seit": 10,
    "ende": 10,
    "schluessel": 36,
}
MOST_UNITS = 500
DAY_OF_YEAR = re.compile(r"(\d{1,2})\.(\d{1,2})\.?")


@dataclass(frozen=True, slots=True)
class Typed:
    """What the form says, as text; `units` are public ids as written. `key` makes sending it twice harmless."""

    lines: Mapping[str, str]
    units: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> str:
        return self.lines.get(name, "")

    @property
    def key(self) -> str:
        """The key of the request, a new one if the form has none that could be one."""
        try:
            return str(uuid.UUID(self["schluessel"]))
        except ValueError:
            return str(uuid.uuid4())

    @property
    def digest(self) -> str:
        """Digest of what the rule would be, so that only what a dry run has shown is made."""
        rule = [sorted((name, text) for name, text in self.lines.items() if name != "schluessel"), sorted(self.units)]
        return hashlib.sha256(json.dumps(rule).encode()).hexdigest()


def empty_form(today: datetime.date) -> Typed:
    """What a new form proposes."""
    return Typed(
        {
            "zielgruppe": "alle",
            "beginn": today.isoformat(),
            "anker": Anchor.RULE_START.value,
            "tage": "30",
            "turnus": Basis.ONCE.value,
            "monate": "12",
            "fenster": "30",
            "abstand": "180",
            "schluessel": str(uuid.uuid4()),
        }
    )


def typed_form(form: Mapping[str, str], units: Sequence[str]) -> Typed:
    """Read the fields of the form, each bounded in length."""
    lines = {name: typed_line(form, name, longest=longest) for name, longest in LINES.items()}
    return Typed(lines, tuple(unit[:36] for unit in units[:MOST_UNITS]))


@dataclass(slots=True)
class Reader:
    """Reads fields one after the other and collects all mistakes."""

    typed: Typed
    mistakes: dict[str, str] = field(default_factory=dict)

    def number(self, name: str) -> int:
        """A count of days or months; 0 with a mistake."""
        text = self.typed[name]
        if not (text.isascii() and text.isdigit()):
            self.mistakes[name] = _("Schreiben Sie eine ganze Zahl, zum Beispiel 30.")
            return 0
        return int(text)

    def day(self, name: str) -> datetime.date | None:
        """A date, None where the field is empty or no date."""
        text = self.typed[name]
        if not text:
            return None
        try:
            return read_day(text)
        except ValueError:
            self.mistakes[name] = _("Schreiben Sie ein Datum, zum Beispiel 31.01.2027.")
            return None

    def needed_day(self, name: str, otherwise: datetime.date) -> datetime.date:
        """A date that has to be there."""
        found = self.day(name)
        if found is None:
            self.mistakes.setdefault(name, _("Schreiben Sie ein Datum, zum Beispiel 31.01.2027."))
        return found or otherwise


def read_draft(typed: Typed, offered: Offered, *, today: datetime.date) -> tuple[RuleDraft | None, dict[str, str]]:
    """The draft, or None and the mistakes by field. Which numbers contradict each other, `make_rule` says."""
    reader = Reader(typed)
    known = {course.id for course in offered.courses}
    if not typed["titel"]:
        reader.mistakes["titel"] = _("Geben Sie der Pflicht einen Namen.")
    if typed["kurs"] not in known:
        reader.mistakes["kurs"] = _("Wählen Sie einen Kurs aus.")
    if typed["wiederholung"] and typed["wiederholung"] not in known:
        reader.mistakes["wiederholung"] = _("Wählen Sie einen Kurs aus.")
    anchor = _anchor(reader)
    draft = RuleDraft(
        course_id=typed["kurs"],
        title=typed["titel"],
        audience=_audience(reader, offered.units),
        starts_on=reader.needed_day("beginn", today),
        anchor=anchor,
        days=0 if anchor is Anchor.FIXED else reader.number("tage"),
        fixed_due_on=reader.needed_day("frist", today) if anchor is Anchor.FIXED else None,
        ends_on=reader.day("ende"),
        recurrence=_recurrence(reader),
        repeat_course_id=typed["wiederholung"] or None,
        counts_since=reader.day("seit"),
        legal_basis=typed["rechtsgrundlage"],
    )
    return (None if reader.mistakes else draft), reader.mistakes


def _anchor(reader: Reader) -> Anchor:
    try:
        return Anchor(reader.typed["anker"])
    except ValueError:
        reader.mistakes["anker"] = _("Wählen Sie aus, ab wann die Frist zählt.")
        return Anchor.RULE_START


def _audience(reader: Reader, units: Sequence[UnitChoice]) -> Audience:
    if reader.typed["zielgruppe"] == "alle":
        # Obliging the whole house instead of the ticked teams would be the costliest slip of this form.
        if any(reader.typed.units):
            reader.mistakes["zielgruppe"] = _(
                "Unten sind Organisationseinheiten angekreuzt. Wählen Sie „Organisationseinheiten“, "
                "oder nehmen Sie die Häkchen weg."
            )
        return Audience(is_everyone=True)
    keys = {str(unit.id): unit.key for unit in units}
    chosen = [keys[unit] for unit in reader.typed.units if unit in keys]
    if not chosen:
        reader.mistakes["einheiten"] = _("Wählen Sie mindestens eine Organisationseinheit aus.")
    includes = reader.typed["untereinheiten"] == "ja"
    return Audience(units=tuple((key, includes) for key in dict.fromkeys(chosen)))


def _recurrence(reader: Reader) -> Recurrence:
    try:
        basis = Basis(reader.typed["turnus"])
    except ValueError:
        reader.mistakes["turnus"] = _("Wählen Sie aus, wie oft die Pflicht gilt.")
        return Recurrence(Basis.ONCE)
    if basis is Basis.ONCE:
        return Recurrence(basis)
    window, least = reader.number("fenster"), reader.number("abstand")
    if basis is not Basis.SEASON:
        return Recurrence(basis, reader.number("monate"), window, least)
    match = DAY_OF_YEAR.fullmatch(reader.typed["stichtag"])
    if match is None:
        reader.mistakes["stichtag"] = _("Schreiben Sie Tag und Monat, zum Beispiel 31.01.")
        return Recurrence(basis, 12, window, least)
    day, month = int(match[1]), int(match[2])
    if not is_day_of_every_year(month, day):
        reader.mistakes["stichtag"] = _conflict(Conflict.NO_SUCH_DAY)[1]
    return Recurrence(basis, 12, window, least, season_month=month, season_day=day)


def conflict_mistakes(conflicts: Sequence[Conflict]) -> dict[str, str]:
    """What does not fit together, as a sentence at the field where it is mended."""
    found: dict[str, str] = {}
    for conflict in conflicts:
        name, text = _conflict(conflict)
        found.setdefault(name, text)
    return found


def _conflict(conflict: Conflict) -> tuple[str, str]:
    match conflict:
        case Conflict.PERIOD_MISSING:
            return "monate", _("Der Abstand ist mindestens ein Monat.")
        case Conflict.WINDOW_LONGER_THAN_MIN_ACTIVE:
            return "fenster", _("So früh kann niemand erneuern: höchstens so viele Tage wie „nicht erneut binnen“.")
        case Conflict.MIN_ACTIVE_LONGER_THAN_PERIOD:
            return "abstand", _("„Nicht erneut binnen“ darf nicht länger sein als der Turnus.")
        case Conflict.NEGATIVE:
            return "tage", _("Tage können nicht kleiner als null sein.")
        case Conflict.NO_SUCH_DAY:
            return "stichtag", _("Diesen Tag gibt es nicht in jedem Jahr.")
        case Conflict.DUE_DATE_MISSING:
            return "frist", _("Nennen Sie den Tag der Frist.")
        case Conflict.ENDS_BEFORE_IT_BEGINS:
            return "ende", _("Das Ende liegt vor dem Beginn.")
        case Conflict.AUDIENCE_UNCLEAR:
            return "zielgruppe", _("Wählen Sie entweder alle oder einzelne Organisationseinheiten.")
        case _:
            assert_never(conflict)

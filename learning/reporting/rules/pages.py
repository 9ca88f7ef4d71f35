"""Rules as pages: the list, and the form with its fields and its dry run."""

import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from learning.language import date_text, day_of_year_text, ngettext
from learning.language import gettext as _
from learning.obligations.dry_runs import DryRun
from learning.obligations.rules import Anchor, Basis
from learning.reporting.fields import ChoiceField, has_mistakes
from learning.reporting.lookups import Offered
from learning.reporting.rules.drawings import RuleDrawing, rule_drawing
from learning.reporting.rules.forms import LINES, Typed
from learning.reporting.rules.queries import RuleInForce
from learning.reporting.status_looks import Segment
from learning.web.forms import TextField
from learning.web.links import SelectChoice

LINES_OF_PAGE = (
    *("titel", "kurs", "rechtsgrundlage", "zielgruppe", "einheiten", "untereinheiten", "beginn", "ende"),
    *("anker", "tage", "frist", "turnus", "monate", "stichtag", "fenster", "abstand", "wiederholung", "seit"),
)


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule in the list; `may_end` if it goes on and is for nobody outside of the viewer's units."""

    id: uuid.UUID
    title: str
    course: str
    audience: str
    turn: str
    state: str
    may_end: bool


@dataclass(frozen=True, slots=True)
class ReachedUnit:
    """People of a unit that a rule would reach, with a bar as long as their share of the largest unit."""

    name: str
    people: int
    bar: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class DryRunView:
    """What making the rule would do."""

    sentence: str
    fulfilled: str
    first_due: str
    advice: str
    units: tuple[ReachedUnit, ...]
    drawing: RuleDrawing


@dataclass(frozen=True, slots=True)
class RuleForm:
    """The form. `fields` holds lines by name, `choices` what is chosen; `key` makes sending it twice harmless.

    `seen` is the digest of what the dry run has shown.
    """

    fields: Mapping[str, TextField]
    choices: Mapping[str, ChoiceField]
    key: str
    seen: str
    dry_run: DryRunView | None

    @property
    def all_fields(self) -> tuple[TextField | ChoiceField, ...]:
        """All fields as they stand on the page, for the list of mistakes."""
        found: dict[str, TextField | ChoiceField] = {**self.fields, **self.choices}
        return tuple(found[name] for name in LINES_OF_PAGE)

    @property
    def has_mistakes(self) -> bool:
        """True if a field holds a mistake."""
        return has_mistakes(self.all_fields)


def rule_row(rule: RuleInForce, *, may_end: bool) -> RuleRow:
    """A rule for the list."""
    state = _("gilt")
    if rule.has_ended and rule.ends_on:
        state = _("beendet am %(day)s", day=date_text(rule.ends_on))
    elif rule.ends_on:
        state = _("endet am %(day)s", day=date_text(rule.ends_on))
    units = ", ".join(
        _("%(unit)s mit Untereinheiten", unit=unit.name) if unit.includes_sub_units else unit.name
        for unit in rule.units
    )
    return RuleRow(
        id=rule.id,
        title=rule.title,
        course=rule.course_title or rule.course_id,
        audience=_("alle Beschäftigten") if rule.is_for_everyone else units,
        turn=turn_text(rule),
        state=state,
        may_end=may_end and not rule.has_ended,
    )


def turn_text(rule: RuleInForce) -> str:
    """How often a rule asks, in words."""
    if rule.recurrence == Basis.SEASON.value:
        # Any year does: rules have no 29 February.
        day = datetime.date(2025, rule.season_month or 1, rule.season_day or 1)
        return _("jedes Jahr zum %(day)s", day=day_of_year_text(day))
    if rule.recurrence == Basis.ONCE.value:
        return _("einmalig")
    return ngettext("jeden Monat", "alle %(num)d Monate", rule.period_months or 0)


def rule_form(
    typed: Typed,
    mistakes: Mapping[str, str],
    offered: Offered,
    dry_run: DryRun | None = None,
    *,
    today: datetime.date,
) -> RuleForm:
    """The form with what was typed, its mistakes, and the dry run of this day once there is one."""
    choices = _choices(typed, mistakes, offered)
    return RuleForm(_lines(typed, mistakes), choices, typed.key, typed.digest, _dry_run(dry_run, today))


def _lines(typed: Typed, mistakes: Mapping[str, str]) -> dict[str, TextField]:
    labels = {
        "titel": (_("Name der Pflicht"), "text", ""),
        "rechtsgrundlage": (_("Rechtsgrundlage"), "text", ""),
        "beginn": (_("Gilt ab"), "date", ""),
        "tage": (_("Tage bis zur Frist"), "text", ""),
        "frist": (_("Frist am"), "date", ""),
        "monate": (_("Turnus in Monaten"), "text", ""),
        "fenster": (_("Tage vor Ablauf, ab denen erneuert werden kann"), "text", ""),
        "abstand": (_("Nicht erneut binnen (Tage)"), "text", ""),
        "stichtag": (_("Frist jedes Jahr am"), "text", _("Tag und Monat, zum Beispiel 31.01.")),
        "seit": (_("Als erledigt gilt ein Nachweis seit"), "date", _("leer: nur neue Abschlüsse")),
        "ende": (_("Gilt bis"), "date", _("leer: ohne Ende")),
    }
    return {
        name: TextField(name, label, type_, typed[name], hint, mistakes.get(name, ""), longest=LINES[name])
        for name, (label, type_, hint) in labels.items()
    }


def _choices(typed: Typed, mistakes: Mapping[str, str], offered: Offered) -> dict[str, ChoiceField]:
    courses = [
        (one.id, _("%(title)s, %(minutes)s Minuten", title=one.title, minutes=one.minutes)) for one in offered.courses
    ]
    anchors = [
        (Anchor.RULE_START.value, _("ab Beginn der Regel, für Neue ab ihrem ersten Tag darin")),
        (Anchor.JOINING.value, _("ab dem Eintritt in die Dienststelle")),
        (Anchor.FIXED.value, _("ein fester Tag")),
    ]
    turns = [
        (Basis.ONCE.value, _("einmalig")),
        (Basis.COMPLETION.value, _("vom letzten Abschluss an")),
        (Basis.DUE.value, _("von der letzten Frist an: wer früher abschließt, verliert keine Zeit")),
        (Basis.SEASON.value, _("jedes Jahr zum selben Tag")),
    ]
    audience = [("alle", _("Alle Beschäftigten")), ("einheiten", _("Organisationseinheiten"))]
    # Who is in charge of a part of the house cannot oblige all of it, and is not led into trying.
    has_root = any(not unit.depth for unit in offered.units)
    audience = audience if has_root else audience[1:]
    whom = typed["zielgruppe"] if has_root else "einheiten"

    def choice(name: str, label: str, lines: Sequence[tuple[str, str]], chosen: Sequence[str]) -> ChoiceField:
        choices = tuple(SelectChoice(value, text, value in chosen) for value, text in lines)
        return ChoiceField(name, label, choices, mistakes.get(name, ""))

    tree = tuple(
        SelectChoice(str(unit.id), unit.name, str(unit.id) in typed.units, unit.depth) for unit in offered.units
    )
    return {
        "kurs": choice("kurs", _("Kurs beim ersten Mal"), [("", _("Bitte wählen")), *courses], [typed["kurs"]]),
        "wiederholung": choice(
            "wiederholung",
            _("Kurs bei der Wiederholung"),
            [("", _("derselbe Kurs")), *courses],
            [typed["wiederholung"]],
        ),
        "zielgruppe": choice("zielgruppe", _("Zielgruppe"), audience, [whom]),
        "einheiten": ChoiceField("einheiten", _("Organisationseinheiten"), tree, mistakes.get("einheiten", "")),
        "untereinheiten": choice(
            "untereinheiten", _("Untereinheiten"), [("ja", _("mit allen Untereinheiten"))], [typed["untereinheiten"]]
        ),
        "anker": choice("anker", _("Erste Frist"), anchors, [typed["anker"]]),
        "turnus": choice("turnus", _("Wie oft?"), turns, [typed["turnus"]]),
    }


def _dry_run(found: DryRun | None, today: datetime.date) -> DryRunView | None:
    if found is None:
        return None
    people = ngettext("Die Regel erreicht %(num)d Person.", "Die Regel erreicht %(num)d Personen.", found.people)
    fulfilled = ngettext("%(num)d hat sie schon erfüllt.", "%(num)d haben sie schon erfüllt.", found.already_fulfilled)
    if not found.already_fulfilled:
        fulfilled = _("Niemand hat sie schon erfüllt.")
    first = ""
    if found.first_due_on:
        first = _("Die früheste Frist ist der %(day)s.", day=date_text(found.first_due_on))
    largest = max((number for _name, number in found.by_unit), default=1)
    return DryRunView(
        sentence=people,
        fulfilled=fulfilled,
        first_due=first,
        advice=_advice(found),
        units=tuple(
            ReachedUnit(name, number, (Segment("open", "0%", f"{100 * number / largest:.1f}%"),))
            for name, number in found.by_unit
        ),
        drawing=rule_drawing(found.proposed, realistic_days=found.realistic_days, today=today),
    )


def _advice(found: DryRun) -> str:
    if not found.is_short_notice or found.first_due_on is None:
        return _("Niemand ist am ersten Tag überfällig.")
    return _(
        "Die Frist ist zu knapp für den Kurs, der %(days)s Tage braucht. Impuls verschiebt sie für alle, "
        "die sie zu früh träfe, auf den %(day)s.",
        days=found.realistic_days,
        day=date_text(found.first_due_on),
    )

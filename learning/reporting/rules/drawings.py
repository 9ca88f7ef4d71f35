"""What a rule asks of people over the years, as examples to look at before it is made. Nothing is read here."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from learning.language import date_text
from learning.language import gettext as _
from learning.obligations.actions import RuleDraft
from learning.obligations.rules import Basis, NextCycle, add_months, first_due_on, next_cycle, realistic_due_on
from learning.reporting.lanes import Span, Stretch

DAY = datetime.timedelta(days=1)
YEARS = 3
DAYS_BEFORE = 14
MONTHS_UNTIL_JOINING = 4
MOST_DUE_DATES = 3


@dataclass(frozen=True, slots=True)
class Example:
    """A person whom the rule meets: what is drawn, and the first days by which they have to be done."""

    name: str
    note: str
    stretches: tuple[Stretch, ...]
    marks: tuple[str, ...]
    due: tuple[str, ...]
    due_marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleDrawing:
    """Examples below the years that they share."""

    years: tuple[tuple[str, str], ...]
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Round:
    """One cycle of an example: when it can be done, when it was, until when that holds (None: without an end)."""

    opens_on: datetime.date
    due_on: datetime.date
    done_on: datetime.date
    valid_until: datetime.date | None


def rule_drawing(draft: RuleDraft, *, realistic_days: int, today: datetime.date) -> RuleDrawing:
    """The drawing of a rule for somebody who is here and for somebody who comes."""
    span = Span(datetime.date(today.year, 1, 1), datetime.date(today.year + YEARS - 1, 12, 31))
    joining = add_months(max(draft.starts_on, today), MONTHS_UNTIL_JOINING).replace(day=15)
    people = [(_("Heute schon im Haus"), None), (_("Eintritt am %(day)s", day=date_text(joining)), joining)]
    examples = []
    for name, joined_on in people:
        opens_on = max(draft.starts_on, joined_on or today)
        if draft.ends_on is None or opens_on <= draft.ends_on:
            rounds = _rounds(draft, opens_on, joined_on, realistic_days)
            examples.append(_example(name, draft, [one for one in rounds if one.opens_on <= span.last], span))
    return RuleDrawing(span.years, tuple(examples))


def _rounds(
    draft: RuleDraft, opens_on: datetime.date, joined_on: datetime.date | None, realistic_days: int
) -> Iterator[Round]:
    """Cycle after cycle, each done two weeks before its due date, until the drawing or the rule ends."""
    named = first_due_on(
        draft.anchor,
        starts_on=draft.starts_on,
        opens_on=opens_on,
        joined_on=joined_on,
        days=draft.days,
        fixed_due_on=draft.fixed_due_on,
    )
    coming: NextCycle | None = NextCycle(opens_on, realistic_due_on(named, opens_on=opens_on, days=realistic_days))
    last = datetime.date(opens_on.year + YEARS, 12, 31)
    while coming and coming.opens_on <= min(last, draft.ends_on or last):
        done_on = max(coming.opens_on, coming.due_on - DAYS_BEFORE * DAY)
        following = next_cycle(draft.recurrence, completed_on=done_on, effective_due=coming.due_on)
        yield Round(coming.opens_on, coming.due_on, done_on, following.due_on if following else None)
        # A window may be as long as the period; what was done never counts for the next time as well.
        coming = NextCycle(max(following.opens_on, done_on + DAY), following.due_on) if following else None


def _example(name: str, draft: RuleDraft, rounds: list[Round], span: Span) -> Example:
    stretches = []
    for one in rounds:
        stretches.append(span.stretch("valid", one.done_on, one.valid_until or span.last))
        stretches.append(span.stretch("window", one.opens_on, one.due_on))
    due = [date_text(one.due_on) for one in rounds[:MOST_DUE_DATES]]
    note = _("erledigt es zwei Wochen vor der Frist")
    if draft.recurrence.basis is Basis.ONCE:
        note = _("erledigt es einmal, zwei Wochen vor der Frist")
    return Example(
        name,
        note,
        tuple(stretches),
        tuple(span.mark(one.done_on) for one in rounds if one.done_on <= span.last),
        tuple(due),
        tuple(span.mark(one.due_on) for one in rounds if one.due_on <= span.last),
    )

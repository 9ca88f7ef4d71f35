"""The drawing of a rule shows what the rule would do: due dates of who is here and of who comes, round after round."""

import dataclasses
import datetime

import pytest

from learning.obligations.actions import Audience, RuleDraft
from learning.obligations.rules import Anchor, Basis, Recurrence
from learning.reporting.rules.drawings import RuleDrawing, rule_drawing

TODAY = datetime.date(2026, 11, 12)
DRAFT = RuleDraft(
    course_id="datenschutz", title="Datenschutz", audience=Audience(is_everyone=True), starts_on=TODAY, days=30
)
YEARLY = Recurrence(Basis.DUE, period_months=12, window_days=60, min_active_days=180)


@pytest.fixture(autouse=True)
def request_context(app) -> object:
    """Words of the drawing are in the language of a request."""
    with app.test_request_context():
        yield


def drawn(draft: RuleDraft, *, realistic_days: int = 7) -> RuleDrawing:
    return rule_drawing(draft, realistic_days=realistic_days, today=TODAY)


def test_a_rule_that_asks_once_has_one_due_date_and_holds_until_the_end() -> None:
    here, coming = drawn(DRAFT).examples
    assert here.due == ("12.12.2026",)
    assert coming.name == "Eintritt am 15.03.2027"
    assert coming.due == ("14.04.2027",)
    assert [part.fill for part in here.stretches] == ["valid", "window"]


def test_a_yearly_rule_goes_on_from_due_date_to_due_date() -> None:
    here, _coming = drawn(dataclasses.replace(DRAFT, recurrence=YEARLY)).examples
    assert here.due == ("12.12.2026", "12.12.2027", "12.12.2028")
    assert len(here.marks) == 3


def test_a_day_that_is_too_near_leaves_the_time_that_the_course_needs() -> None:
    draft = dataclasses.replace(DRAFT, anchor=Anchor.FIXED, fixed_due_on=TODAY)
    here, _coming = drawn(draft, realistic_days=21).examples
    assert here.due == ("03.12.2026",)


def test_who_comes_after_the_end_of_the_rule_is_not_drawn() -> None:
    (here,) = drawn(dataclasses.replace(DRAFT, ends_on=TODAY)).examples
    assert here.name == "Heute schon im Haus"


@pytest.mark.parametrize("window_days", [0, 28, 365])
def test_no_round_begins_before_the_last_one_was_done(window_days: int) -> None:
    recurrence = Recurrence(Basis.COMPLETION, period_months=1, window_days=window_days, min_active_days=365)
    here, _coming = drawn(dataclasses.replace(DRAFT, recurrence=recurrence)).examples
    places = [float(mark.rstrip("%")) for mark in here.marks]
    assert places == sorted(set(places))

"""What HR does: rules with a dry run, exemptions, suspensions."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from learning.obligations import actions, projection, queries
from learning.obligations.actions import Audience, RuleDraft
from learning.obligations.dry_runs import DryRun, dry_run
from learning.obligations.models import AssignmentRule, Cycle, RuleUnit, Suspension
from learning.obligations.rules import Anchor, Basis, Conflict, Recurrence, Status
from learning.people.models import Person, Unit
from tests.learning.obligations.office import DAY, TODAY, Office, noon

ALL = Unit.key > 0
NOW = noon(TODAY)
YEARLY = Recurrence(Basis.COMPLETION, 12, 60, 60)


@pytest.fixture(autouse=True)
def _courses(office: Office) -> None:
    office.publish("datenschutz")
    office.publish("lang", minutes=240)


def draft(**facts) -> RuleDraft:
    values = {
        "course_id": "datenschutz",
        "title": "Datenschutz",
        "audience": Audience(is_everyone=True),
        "starts_on": TODAY,
    }
    return RuleDraft(**values | facts)


def try_out(office: Office, wanted: RuleDraft, within=ALL) -> DryRun:
    office.person()
    return dry_run(office.session, wanted, within=within, today=TODAY)


def make(office: Office, wanted: RuleDraft, *, request_key: str = "1", within=ALL) -> AssignmentRule:
    actor = office.session.scalar(select(func.min(Person.key)))
    return actions.make_rule(office.session, wanted, within=within, actor=actor, request_key=request_key, now=NOW)


def test_a_dry_run_says_whom_a_rule_touches_and_leaves_nothing(office: Office, session) -> None:
    south = office.unit("Süd", office.root)
    people = [*office.people(3, south), *office.people(2)]
    office.prove(people[0], TODAY - 5 * DAY)
    audience = Audience(units=((south.key, True),))
    found = try_out(office, draft(audience=audience, counts_since=TODAY - 30 * DAY))
    assert (found.people, found.already_fulfilled, found.by_unit) == (3, 1, (("Süd", 3),))
    assert (found.first_due_on, found.is_short_notice) == (TODAY + 30 * DAY, False)
    for model in (AssignmentRule, RuleUnit, Cycle):
        assert session.scalar(select(func.count()).select_from(model)) == 0
    assert projection.differences(session) == []


def test_a_date_that_is_too_near_is_said_and_a_realistic_one_proposed(office: Office) -> None:
    wanted = draft(course_id="lang", anchor=Anchor.FIXED, fixed_due_on=TODAY + 3 * DAY)
    found = try_out(office, wanted)
    assert (found.named_due_on, found.is_short_notice, found.realistic_days) == (TODAY + 3 * DAY, True, 23)
    assert found.proposed == replace(wanted, fixed_due_on=TODAY + 23 * DAY)
    assert try_out(office, found.proposed).is_short_notice is False
    assert try_out(office, draft(days=3)).proposed.days == 7


def test_a_dry_run_without_anybody_says_nobody(office: Office) -> None:
    empty = office.unit("Leer", office.root)
    found = try_out(office, draft(audience=Audience(units=((empty.key, False),))))
    assert (found.people, found.first_due_on, found.is_short_notice) == (0, None, False)


def test_the_same_request_makes_one_rule(office: Office, session) -> None:
    office.people(2)
    first = make(office, draft())
    assert make(office, draft()) is first
    assert session.scalar(select(func.count()).select_from(Cycle)) == 2


def test_all_that_does_not_fit_is_named_at_once(office: Office) -> None:
    office.person()
    wrong = draft(
        anchor=Anchor.FIXED,
        ends_on=TODAY - DAY,
        audience=Audience(),
        recurrence=Recurrence(Basis.DUE, 12, 90, 60),
    )
    with pytest.raises(actions.RuleDoesNotFit) as refused:
        make(office, wrong)
    assert set(refused.value.conflicts) == {
        Conflict.WINDOW_LONGER_THAN_MIN_ACTIVE,
        Conflict.DUE_DATE_MISSING,
        Conflict.ENDS_BEFORE_IT_BEGINS,
        Conflict.AUDIENCE_UNCLEAR,
    }


def test_a_course_that_nobody_published_is_refused(office: Office) -> None:
    with pytest.raises(actions.UnknownCourse, match="neu"):
        make(office, draft(repeat_course_id="neu"))


def test_nobody_makes_rules_for_units_outside_of_their_reach(office: Office) -> None:
    south = office.unit("Süd", office.root)
    team = office.unit("Süd 1", south)
    office.person(south)
    only_south = Unit.path == south.path
    for audience in (
        Audience(is_everyone=True),
        Audience(units=((office.root.key, False),)),
        Audience(units=((team.key, False),)),
        Audience(units=((south.key, True),)),
        Audience(units=((10**6, False),)),
    ):
        with pytest.raises(actions.UnknownUnit):
            make(office, draft(audience=audience), within=only_south)
    rule = make(office, draft(audience=Audience(units=((south.key, False),))), within=only_south)
    assert rule.is_for_everyone is False


def test_a_rule_keeps_everything_that_its_form_said(office: Office) -> None:
    office.person()
    season = Recurrence(Basis.SEASON, 12, 30, 60, 3, 31)
    rule = make(office, draft(recurrence=season, legal_basis="§ 12 ArbSchG"))
    assert (rule.recurrence, rule.season_month, rule.season_day, rule.min_active_days) == ("season", 3, 31, 60)
    assert (rule.legal_basis, rule.realistic_days, rule.days) == ("§ 12 ArbSchG", 7, 30)
    assert make(office, draft(), request_key="2").period_months is None


def test_ending_a_rule_closes_its_cycles_once_its_last_day_is_over(office: Office, session) -> None:
    person = office.person()
    rule = make(office, draft(recurrence=YEARLY))
    actions.end_rule(session, rule, last_day=TODAY, now=NOW)
    assert office.cycles_of(person)[0].closed_on is None
    actions.end_rule(session, rule, last_day=TODAY - DAY, now=NOW)
    assert office.cycles_of(person)[0].closing_reason == "rule_ended"
    actions.end_rule(session, rule, last_day=TODAY + DAY, now=NOW)
    assert rule.ends_on == TODAY - DAY, "what has ended stays ended"


def duty_of(office: Office, person: Person, today=TODAY) -> queries.Duty:
    (duty,) = queries.duties(office.session, person.key, today=today)
    return duty


def test_an_exemption_lasts_until_its_day_and_leaves_the_due_date(office: Office, session) -> None:
    person = office.person()
    rule = make(office, draft())
    until = TODAY + 9 * DAY
    actions.exempt(
        session, person.key, rule_key=rule.key, reason="other", from_on=TODAY, until_on=until, now=noon(TODAY)
    )
    assert duty_of(office, person, until).status is Status.EXEMPT
    after = duty_of(office, person, until + DAY)
    assert (after.status, after.due_on) == (Status.OPEN, TODAY + 30 * DAY)
    actions.end_exemption(session, person.key, rule_key=rule.key, last_day=TODAY - DAY, now=noon(TODAY))
    assert duty_of(office, person).status is Status.OPEN
    assert projection.differences(session) == []


def test_only_an_open_cycle_of_the_person_can_be_exempt(office: Office, session) -> None:
    person = office.person()
    rule = make(office, draft())
    values = {"rule_key": rule.key, "reason": "other", "from_on": TODAY, "now": noon(TODAY)}
    with pytest.raises(actions.NotInRule):
        actions.exempt(session, person.key + 1, until_on=None, **values)
    with pytest.raises(actions.EndsBeforeItBegins):
        actions.exempt(session, person.key, until_on=TODAY - DAY, **values)
    office.prove(person, TODAY)
    with pytest.raises(actions.AlreadyFulfilled):
        actions.exempt(session, person.key, until_on=None, **values)


def test_a_suspension_shifts_the_due_date_and_can_be_withdrawn(office: Office, session) -> None:
    person = office.person()
    make(office, draft())
    until = TODAY + 9 * DAY
    made = actions.suspend(session, person.key, from_on=TODAY, until_on=until, actor=person.key, now=NOW)
    duty = duty_of(office, person)
    assert (duty.status, duty.suspended_until, duty.due_on) == (Status.SUSPENDED, until, TODAY + 40 * DAY)
    assert actions.suspend(session, person.key, from_on=TODAY, until_on=until, actor=None, now=NOW) is made
    actions.withdraw_suspension(session, made, now=NOW)
    assert duty_of(office, person).due_on == TODAY + 30 * DAY
    actions.withdraw_suspension(session, made, now=NOW + DAY)
    assert made.withdrawn_at == NOW
    assert projection.differences(session) == []


def test_suspensions_of_one_person_never_overlap(office: Office, session) -> None:
    person, other = office.people(2)
    last = TODAY + 9 * DAY
    actions.suspend(session, person.key, from_on=TODAY, until_on=last, actor=None, now=NOW)
    with pytest.raises(actions.Overlapping):
        actions.suspend(session, person.key, from_on=last, until_on=last + DAY, actor=None, now=NOW)
    with pytest.raises(actions.EndsBeforeItBegins):
        actions.suspend(session, person.key, from_on=TODAY, until_on=TODAY - DAY, actor=None, now=NOW)
    actions.suspend(session, person.key, from_on=last + DAY, until_on=last + DAY, actor=None, now=NOW)
    actions.suspend(session, other.key, from_on=last, until_on=last, actor=None, now=NOW)
    assert session.scalar(select(func.count()).select_from(Suspension)) == 3

"""What the invented people must do: rules of HR over several units, and how far each has come.

A yearly one with a period behind it, one that ended, one for everybody that is due soon, two for single branches.
"""

import datetime
from dataclasses import replace

from sqlalchemy.orm import Session

from learning.clock import LOCAL
from learning.demo.authority import BIRGIT, INES, JONAS, MIRIAM, NURAY, TOBIAS, UWE, Member
from learning.demo.diary import DAY
from learning.demo.learners import as_viewer, complete
from learning.demo.shelf import DATA_COURSE, FIRE_COURSE, SECURITY_COURSE
from learning.demo.stage import Entry, Stage, write_entry
from learning.obligations import actions, cycles
from learning.obligations.actions import Audience, RuleDraft
from learning.obligations.rules import Anchor, Basis, Recurrence
from learning.people.accounts import unit_by_key
from learning.people.roles import Role
from learning.reporting.reach import hr_units

YEARLY = Recurrence(Basis.COMPLETION, period_months=12, window_days=60, min_active_days=60)
YEARLY_FROM, YEARLY_DAYS = 400, 60
YEAR = 365
FIRE_FROM = 35

# Days since the first and the second completion of people whose pages somebody will look at.
PLAYED = {MIRIAM: (358, 0), NURAY: (380, 12), JONAS: (390, 33), UWE: (366, 3), INES: (372, 0)}
DONE_WITH_FIRE = (MIRIAM, UWE)

Units = tuple[tuple[str, bool], ...]


def write_duties(stage: Stage) -> None:
    """Enter all rules, and what people did about them, into the diary."""
    sweep_sometimes(stage)
    yearly_data_protection(stage)
    fire_last_year(stage)
    fire_this_year(stage)
    security_by_branch(stage)


def sweep_sometimes(stage: Stage) -> None:
    """The nightly command, as often as it matters here: every other week, and last night."""

    def sweep(session: Session, now: datetime.datetime) -> None:
        cycles.sweep(session, today=now.astimezone(LOCAL).date(), now=now)

    for days_ago in (*range(YEARLY_FROM - 1, 1, -14), 1):
        stage.diary.write(sweep, days_ago=days_ago, hour=2)


def make_rule(stage: Stage, maker: str, draft: RuleDraft, *, days_ago: int, units: Units = ()) -> None:
    """HR makes a rule on a day; without units it is for everyone. Each unit says whether those below it are meant."""

    def make(session: Session, now: datetime.datetime) -> None:
        person = stage.person(maker)
        keys = tuple((unit_by_key(session, unit).key, includes) for unit, includes in units)
        wanted = replace(draft, audience=Audience(is_everyone=not keys, units=keys))
        within = hr_units(as_viewer(session, person, now))
        rule = actions.make_rule(session, wanted, within=within, actor=person.key, request_key=stage.key(), now=now)
        entry = Entry(Role.HR, "rule.make", "rule", "duties", object_id=str(rule.id))
        write_entry(session, person, entry, now=now)

    stage.diary.write(make, days_ago=days_ago, hour=8)


def draft(stage: Stage, course_id: str, title: str, *, days_ago: int) -> RuleDraft:
    """A rule that begins on a day; for whom it is, is said when it is made."""
    begin = stage.diary.day(days_ago)
    return RuleDraft(course_id=course_id, title=title, audience=Audience(is_everyone=True), starts_on=begin)


def does(stage: Stage, member: Member, course: str, *, days_ago: int) -> None:
    """Have somebody complete a course on a day, at some hour of work, unless they are away."""
    hour, minute = stage.rng.randint(8, 15), stage.rng.randint(0, 59)

    def act(session: Session, now: datetime.datetime) -> None:
        complete(session, stage.people[member.hr_key], course, now=now)

    if stage.is_away(member, days_ago):
        return
    stage.diary.write(act, days_ago=days_ago, hour=hour, minute=minute)


def yearly_data_protection(stage: Stage) -> None:
    """Everybody, every year: the first period is over for most, the second one has every state."""
    rule = replace(
        draft(stage, DATA_COURSE, "Datenschutz, jährlich", days_ago=YEARLY_FROM),
        anchor=Anchor.JOINING,
        days=YEARLY_DAYS,
        recurrence=YEARLY,
        legal_basis="Art. 24 und 32 DSGVO, § 35 SGB I",
    )
    make_rule(stage, BIRGIT, rule, days_ago=YEARLY_FROM)
    for member in stage.members:
        if member.since < YEARLY_FROM:
            if member.since > YEARLY_DAYS:
                does(stage, member, DATA_COURSE, days_ago=member.since - 40)
            continue
        first, second = PLAYED.get(member.name) or drawn_years(stage)
        does(stage, member, DATA_COURSE, days_ago=first)
        if second:
            does(stage, member, DATA_COURSE, days_ago=second)


def drawn_years(stage: Stage) -> tuple[int, int]:
    """Days since the first and since the second completion; 0 for who has not done it again yet."""
    first = stage.rng.randint(344, 395)
    due_ago = first - YEAR
    is_renewed = stage.rng.random() < (0.86 if due_ago > 0 else 0.45)
    return first, stage.rng.randint(max(1, due_ago - 8), max(2, due_ago + 40)) if is_renewed else 0


def fire_last_year(stage: Stage) -> None:
    """A rule whose last day is over: what was not done is closed, what was done stays."""
    rule = replace(
        draft(stage, FIRE_COURSE, "Verhalten im Brandfall, Vorjahr", days_ago=YEARLY_FROM),
        anchor=Anchor.FIXED,
        fixed_due_on=stage.diary.day(371),
        ends_on=stage.diary.day(366),
        legal_basis="§ 12 ArbSchG",
    )
    make_rule(stage, BIRGIT, rule, days_ago=YEARLY_FROM)
    for member in stage.members:
        if member.since > YEARLY_FROM and stage.rng.random() < 0.85:
            does(stage, member, FIRE_COURSE, days_ago=stage.rng.randint(372, 396))


def fire_this_year(stage: Stage) -> None:
    """Everybody by the same day, which is near: many have done it, the others are reminded by amber."""
    rule = replace(
        draft(stage, FIRE_COURSE, "Verhalten im Brandfall", days_ago=FIRE_FROM),
        anchor=Anchor.FIXED,
        fixed_due_on=stage.diary.today + 9 * DAY,
        legal_basis="§ 12 ArbSchG, ASR A2.2",
    )
    make_rule(stage, BIRGIT, rule, days_ago=FIRE_FROM)
    for member in stage.members:
        is_done = member.name in DONE_WITH_FIRE or (member.name not in PLAYED and stage.rng.random() < 0.6)
        if is_done and member.since > FIRE_FROM:
            does(stage, member, FIRE_COURSE, days_ago=stage.rng.randint(2, FIRE_FROM - 1))


def security_by_branch(stage: Stage) -> None:
    """Two branches with two dates: one has time, in the other the day has passed."""
    rule = replace(
        draft(stage, SECURITY_COURSE, "Informationssicherheit", days_ago=25), days=60, legal_basis="BSI ORP.3"
    )
    make_rule(stage, BIRGIT, rule, days_ago=25, units=(("LG", True), ("EZ", True)))
    late = replace(
        draft(stage, SECURITY_COURSE, "Informationssicherheit für Gespräche mit Jugendlichen", days_ago=50),
        days=30,
        legal_basis="BSI ORP.3",
    )
    make_rule(stage, TOBIAS, late, days_ago=50, units=(("MI-F", False), ("MI-J", False)))
    for member in stage.in_units("LG", "EZ"):
        if member.name not in PLAYED and stage.rng.random() < 0.3:
            does(stage, member, SECURITY_COURSE, days_ago=stage.rng.randint(1, 22))
    for member in stage.in_units("MI-F", "MI-J"):
        if stage.rng.random() < 0.65:
            does(stage, member, SECURITY_COURSE, days_ago=stage.rng.randint(15, 46))

"""What people do of their own accord and with HR: learning, agreements, certificates, absences, looks at records."""

import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learning.demo.authority import BIRGIT, INES, JONAS, MIRIAM, NURAY, UWE
from learning.demo.diary import DAY, Act
from learning.demo.duties import FIRE_FROM
from learning.demo.learners import complete, finish_lessons, read_half, take_test
from learning.demo.shelf import DATA_COURSE, FIRE_COURSE, IMPULS_COURSE, NOTICE, PROCESS_COURSE
from learning.demo.stage import Entry, Stage, write_entry
from learning.obligations import actions, agreements, proofs
from learning.obligations.agreements import Side
from learning.obligations.models import AssignmentRule, Proof
from learning.obligations.proofs import Completed, Mode, Understanding
from learning.people.models import Person
from learning.people.roles import Role
from learning.study.courses.enrolment import enrol

# How many of each branch took the two voluntary courses of their own accord, and whom no one may tell.
LEARNT_IMPULS = (("LG-S2", 5), ("LG-S1", 3), ("LG-N", 1), ("MI", 6), ("EZ", 3), ("VW", 2))
LEARNT_PROCESSES = (("LG-N", 1), ("MI-A", 2))


def write_story(stage: Stage) -> None:
    """Enter everything into the diary."""
    miriam(stage)
    others_learn(stage)
    voluntary_courses(stage)
    agreed_qualifications(stage)
    proofs_from_elsewhere(stage)
    absences(stage)
    looks(stage)


def miriam(stage: Stage) -> None:
    """Miriam Sander reads one course, is in the middle of the test of another, and shows one certificate to HR."""

    def impuls(session: Session, now: datetime.datetime) -> None:
        complete(session, stage.person(MIRIAM), IMPULS_COURSE, now=now)

    def release(session: Session, now: datetime.datetime) -> None:
        person = stage.person(MIRIAM)
        agreements.release(session, newest_proof(session, person, IMPULS_COURSE).id, person_key=person.key, now=now)

    def lessons(session: Session, now: datetime.datetime) -> None:
        finish_lessons(session, stage.person(MIRIAM), PROCESS_COURSE, count=2, now=now)

    def half(session: Session, now: datetime.datetime) -> None:
        read_half(session, stage.person(MIRIAM), PROCESS_COURSE, lesson=2, now=now)

    def begun_test(session: Session, now: datetime.datetime) -> None:
        finish_lessons(session, stage.person(MIRIAM), DATA_COURSE, count=1, now=now)
        take_test(session, stage.person(MIRIAM), DATA_COURSE, rng=stage.rng, now=now, wrong=1, left=2)

    write = stage.diary.write
    write(impuls, days_ago=90, hour=10)
    write(release, days_ago=89, hour=16)
    write(lessons, days_ago=16, hour=11)
    write(begun_test, days_ago=2, hour=14)
    write(half, days_ago=1, hour=10)


def others_learn(stage: Stage) -> None:
    """A test passed at the second try, a course half done in an edition that is no longer the newest."""

    def second_try(session: Session, now: datetime.datetime) -> None:
        finish_lessons(session, stage.person(UWE), IMPULS_COURSE, count=3, now=now)

    def in_former_edition(session: Session, now: datetime.datetime) -> None:
        enrol(session, IMPULS_COURSE, stage.person(INES).key, now=now)
        finish_lessons(session, stage.person(INES), DATA_COURSE, count=1, now=now)

    def failed_first(session: Session, now: datetime.datetime) -> None:
        person = stage.person(JONAS)
        finish_lessons(session, person, PROCESS_COURSE, count=6, now=now)
        take_test(session, person, PROCESS_COURSE, rng=stage.rng, now=now, wrong=5)

    stage.diary.write(second_try, days_ago=8)
    stage.diary.write(in_former_edition, days_ago=50)
    stage.diary.write(failed_first, days_ago=6)
    for member in stage.members[::4]:
        stage.diary.write(learns(stage, member.hr_key, NOTICE), days_ago=3, hour=8, minute=20)


def voluntary_courses(stage: Stage) -> None:
    """One course that more than five people took freely, so that it is counted, and one that only three took."""
    for course, branches in ((IMPULS_COURSE, LEARNT_IMPULS), (PROCESS_COURSE, LEARNT_PROCESSES)):
        for branch, count in branches:
            free = [
                member
                for member in stage.in_units(branch)
                if not member.part.shown_as and member.since > 200 and member.hr_key not in stage.away
            ]
            for member in stage.rng.sample(free, count):
                days_ago = stage.rng.randint(15, 180)
                stage.diary.write(learns(stage, member.hr_key, course), days_ago=days_ago, hour=13)


def learns(stage: Stage, hr_key: str, course: str) -> Act:
    """Somebody completes a course."""

    def learn(session: Session, now: datetime.datetime) -> None:
        complete(session, stage.people[hr_key], course, now=now)

    return learn


def agreed_qualifications(stage: Stage) -> None:
    """Proposed by HR and by the person, in force, completed."""
    propose(stage, NURAY, Side.HR, days_ago=60)
    answer(stage, NURAY, Side.PERSON, days_ago=58)
    propose(stage, INES, Side.HR, days_ago=120)
    answer(stage, INES, Side.PERSON, days_ago=118)
    propose(stage, MIRIAM, Side.HR, days_ago=4)
    propose(stage, JONAS, Side.PERSON, days_ago=7)

    def nuray(session: Session, now: datetime.datetime) -> None:
        finish_lessons(session, stage.person(NURAY), PROCESS_COURSE, count=4, now=now)

    def ines(session: Session, now: datetime.datetime) -> None:
        finish_lessons(session, stage.person(INES), PROCESS_COURSE, count=6, now=now)
        take_test(session, stage.person(INES), PROCESS_COURSE, rng=stage.rng, now=now, wrong=1)

    stage.diary.write(nuray, days_ago=11, hour=13)
    stage.diary.write(ines, days_ago=20, hour=13)


def propose(stage: Stage, name: str, side: Side, *, days_ago: int) -> None:
    """One of the two proposes the course on processes."""

    def act(session: Session, now: datetime.datetime) -> None:
        person = stage.person(name)
        actor = stage.person(BIRGIT) if side is Side.HR else person
        made = agreements.propose(session, person.key, course_id=PROCESS_COURSE, actor=actor.key, side=side, now=now)
        if side is Side.HR:
            entry = Entry(Role.HR, "agreement.propose", "agreement", "qualification", (person,), str(made.id))
            write_entry(session, actor, entry, now=now)

    stage.diary.write(act, days_ago=days_ago, hour=10)


def answer(stage: Stage, name: str, side: Side, *, days_ago: int) -> None:
    """The other one confirms."""

    def act(session: Session, now: datetime.datetime) -> None:
        person = stage.person(name)
        agreements.confirm(session, agreements.agreements_of(session, person.key)[0], side=side, now=now)

    stage.diary.write(act, days_ago=days_ago, hour=11)


def proofs_from_elsewhere(stage: Stage) -> None:
    """HR brings a proof of past years, enters one from a meeting, and corrects one."""

    def imported(session: Session, now: datetime.datetime) -> None:
        for member in stage.in_units("LG-S1"):
            person = stage.people[member.hr_key]
            done = Completed(
                person_key=person.key,
                course_id=FIRE_COURSE,
                course_title="Brandschutzunterweisung",
                completed_on=stage.diary.day(760),
                mode=Mode.IMPORTED,
                understanding=Understanding.CONFIRMED,
                entered_by=stage.person(BIRGIT).key,
                source="Liste der Personalstelle",
            )
            proofs.write_proof(session, done, now=now)

    def in_a_meeting(session: Session, now: datetime.datetime) -> None:
        done = Completed(
            person_key=stage.person(NURAY).key,
            course_id=FIRE_COURSE,
            course_title="Verhalten im Brandfall",
            completed_on=stage.diary.day(15),
            mode=Mode.PRESENCE,
            understanding=Understanding.CONFIRMED,
            instructor="Heike Brandt, Feuerwehr Musterkreis",
            conversation_on=stage.diary.day(15),
            entered_by=stage.person(BIRGIT).key,
            source="Teilnahmeliste",
        )
        proofs.write_proof(session, done, now=now)

    def wrong_one(session: Session, now: datetime.datetime) -> None:
        proof = newest_proof(session, stage.person(UWE), FIRE_COURSE)
        proofs.correct_proof(
            session,
            proof,
            reason="Auf der Liste stand eine andere Person mit ähnlichem Namen.",
            corrected_by=stage.person(BIRGIT).key,
            replacement=None,
            now=now,
        )

    stage.diary.write(imported, days_ago=398, hour=15)
    stage.diary.write(in_a_meeting, days_ago=14, hour=15)
    stage.diary.write(wrong_one, days_ago=1, hour=15)


def newest_proof(session: Session, person: Person, course_id: str) -> Proof:
    """The last proof of a course."""
    own = select(Proof).where(Proof.person_key == person.key, Proof.course_id == course_id)
    return session.scalars(own.order_by(Proof.key.desc()).limit(1)).one()


# How many days ago somebody was suspended and how many days it still lasts; the last one is exempt from one rule.
ABSENCES = ((70, 150), (12, 20))
EXEMPT_SINCE = FIRE_FROM


def send_away(stage: Stage) -> None:
    """Choose who is away, before anything else is written about them."""
    free = [member for member in stage.in_units("LG-N", "MI-V") if not member.part.shown_as and member.since > 500]
    since = (*(days for days, _left in ABSENCES), EXEMPT_SINCE)
    stage.away = {member.hr_key: days for member, days in zip(stage.rng.sample(free, 3), since, strict=True)}


def absences(stage: Stage) -> None:
    """Two people are away for a while, one is exempt from one rule."""

    def suspend(hr_key: str, days: tuple[int, int]) -> Act:
        def act(session: Session, now: datetime.datetime) -> None:
            actions.suspend(
                session,
                stage.people[hr_key].key,
                from_on=stage.diary.today - days[0] * DAY,
                until_on=stage.diary.today + days[1] * DAY,
                actor=stage.person(BIRGIT).key,
                now=now,
            )

        return act

    *suspended, exempt = stage.away
    for hr_key, days in zip(suspended, ABSENCES, strict=True):
        stage.diary.write(suspend(hr_key, days), days_ago=days[0])

    def let_off(session: Session, now: datetime.datetime) -> None:
        rules = select(func.max(AssignmentRule.key)).where(AssignmentRule.course_id == FIRE_COURSE)
        person_key, begin = stage.people[exempt].key, stage.diary.day(EXEMPT_SINCE)
        rule_key = session.execute(rules).scalar_one()
        actions.exempt(
            session, person_key, rule_key=rule_key, reason="other_duty", from_on=begin, until_on=None, now=now
        )

    stage.diary.write(let_off, days_ago=EXEMPT_SINCE, hour=16)


def looks(stage: Stage) -> None:
    """HR and team leads have looked at records and lists; those concerned can read it."""

    def look(actor: str, names: tuple[str, ...], entry: tuple[Role, str, str, str]) -> Act:
        def act(session: Session, now: datetime.datetime) -> None:
            about = tuple(stage.person(name) for name in names)
            object_id = str(about[0].id) if len(about) == 1 else ""
            write_entry(session, stage.person(actor), Entry(*entry, about, object_id), now=now)

        return act

    record = (Role.HR, "record.see", "person", "deadlines")
    team = (Role.TEAM_LEAD, "team.see", "team", "team")
    export = (Role.HR, "duties.export", "person", "deadlines")
    stage.diary.write(look(BIRGIT, (MIRIAM,), record), days_ago=30, hour=14)
    stage.diary.write(look(BIRGIT, (NURAY,), record), days_ago=12, hour=14)
    stage.diary.write(look(JONAS, (MIRIAM, NURAY), team), days_ago=9, hour=8)
    stage.diary.write(look(BIRGIT, (MIRIAM, NURAY, INES), export), days_ago=5, hour=15)
    stage.diary.write(look(BIRGIT, (MIRIAM,), record), days_ago=4, hour=10)

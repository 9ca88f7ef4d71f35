"""Every datum ends when data-protection.md says, no day before; a second run finds nothing. On both databases."""

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from learning import audit, upkeep
from learning.cli import main
from learning.database import Model, work
from learning.obligations import cycles, projection, proofs
from learning.obligations.models import (
    Agreement,
    Cycle,
    Proof,
    ProofCorrection,
    ProofTombstone,
    ReleasedCertificate,
    Suspension,
)
from learning.obligations.proofs import Completed, Mode
from learning.people.links import Purpose, make_link
from learning.people.mailing import ask_for_letter
from learning.people.models import Credential, Identity, OneTimeLink, OutgoingMail, Person, RoleGrant, Throttle
from learning.people.models import Session as SignedIn
from learning.people.roles import Role
from learning.people.sessions import Method, begin_session
from learning.people.throttle import claim_try, doors
from learning.study.courses.enrolment import enrol
from learning.study.lessons import practice
from learning.study.lessons.practice import GivenAnswer
from learning.study.models import (
    AnswerEvent,
    Attempt,
    CurrentAnswer,
    Enrolment,
    ExtraTime,
    ModuleDone,
    PracticeAnswer,
    ReadingPlace,
    Tally,
)
from tests import factories
from tests.learning.obligations.office import Office, noon
from tests.learning.study import taking

NOW = factories.NOW
TODAY = factories.TODAY
DAY = datetime.timedelta(days=1)


def rows(session: Session, model: type[Model]) -> int:
    session.expire_all()
    return session.scalar(select(func.count()).select_from(model)) or 0


@pytest.fixture
def forget(engine: Engine) -> Callable[..., dict[str, int]]:
    """Runs one timer at a moment and answers what it counted, zeros left out."""

    def run(name: str, now: datetime.datetime) -> dict[str, int]:
        counts = work(engine, lambda one: upkeep.forget(one, name=name, now=now))
        assert not any(work(engine, lambda one: upkeep.forget(one, name=name, now=now)).values()), "not idempotent"
        return {key: count for key, count in counts.items() if count}

    return run


Forget = Callable[..., dict[str, int]]


# Signing in -----------------------------------------------------------------------------------------------------------


def test_sessions_and_links_end_a_day_after_they_are_over(session: Session, forget: Forget) -> None:
    person = factories.person(session)
    begin_session(session, person.key, method=Method.PASSWORD, now=NOW, hours=10)
    make_link(session, person.key, Purpose.RESET, now=NOW)  # Lasts an hour.
    session.commit()
    assert forget("sign_ins", NOW + datetime.timedelta(hours=24)) == {}
    assert forget("sign_ins", NOW + datetime.timedelta(hours=26)) == {"links": 1}
    assert forget("sign_ins", NOW + datetime.timedelta(hours=35)) == {"sessions": 1}
    assert rows(session, SignedIn) + rows(session, OneTimeLink) == 0


def test_failed_tries_are_forgotten_after_an_hour(session: Session, forget: Forget) -> None:
    claim_try(session, doors("geheim", account="A", address="10.0.0.1"), now=NOW)
    session.commit()
    assert forget("sign_ins", NOW + datetime.timedelta(minutes=59)) == {}
    assert forget("sign_ins", NOW + datetime.timedelta(minutes=60)) == {"tries": 3}
    assert rows(session, Throttle) == 0


def test_letters_that_were_given_up_are_kept_for_30_days(session: Session, forget: Forget) -> None:
    ask_for_letter(session, factories.person(session).key, Purpose.RESET, now=NOW)
    session.execute(update(OutgoingMail).values(given_up_at=NOW))
    session.commit()
    assert forget("sign_ins", NOW + 30 * DAY) == {}
    assert forget("sign_ins", NOW + 31 * DAY) == {"letters": 1}


# Learning -------------------------------------------------------------------------------------------------------------


def test_answers_end_30_days_after_handing_in_and_the_counters_stay(
    session: Session, engine: Engine, forget: Forget
) -> None:
    learner = taking.learner(session, engine, factories.person(session))
    attempt = learner.start()
    learner.answer_right(attempt)
    learner.submit(attempt)
    counted = rows(session, Tally)
    done = rows(session, ModuleDone)
    session.rollback()
    assert counted > 0
    assert done == 1
    assert forget("answers", NOW + 30 * DAY) == {}
    assert forget("answers", NOW + 31 * DAY) == {"tests": 1}
    assert [rows(session, model) for model in (Attempt, AnswerEvent, CurrentAnswer)] == [0, 0, 0]
    assert (rows(session, Tally), rows(session, ModuleDone)) == (counted, done)
    session.rollback()
    assert learner.start(now=NOW + 32 * DAY) != attempt  # The test can be taken again.


def test_a_test_that_nobody_works_at_any_more_ends_30_days_after_its_last_answer(
    session: Session, engine: Engine, forget: Forget
) -> None:
    learner = taking.learner(session, engine, factories.person(session))
    attempt = learner.start()
    fields = taking.right_fields(learner.taken(attempt))
    learner.save(attempt, 0, fields[0], now=NOW + 20 * DAY)
    assert forget("answers", NOW + 50 * DAY) == {}
    assert forget("answers", NOW + 51 * DAY) == {"tests": 1}


def test_practice_ends_30_days_after_its_last_change(session: Session, engine: Engine, forget: Forget) -> None:
    learner = taking.learner(session, engine, factories.person(session))
    key = learner.module.questions[0].source_key
    for moment in (NOW, NOW + 10 * DAY):
        practice.keep_answer(session, learner.enrolment_key, GivenAnswer("f-1", key, None), now=moment)
        session.commit()
    assert forget("answers", NOW + 40 * DAY) == {}
    assert forget("answers", NOW + 41 * DAY) == {"practice_answers": 1}
    assert rows(session, PracticeAnswer) == 0


def test_progress_ends_after_twelve_months_in_which_nothing_happened(
    session: Session, engine: Engine, forget: Forget
) -> None:
    learner = taking.learner(session, engine, factories.person(session))
    practice.keep_place(session, learner.enrolment_key, "m-1", anchor="ziel", now=NOW + 90 * DAY)
    session.commit()
    assert forget("progress", NOW + 455 * DAY) == {}
    assert forget("progress", NOW + 456 * DAY) == {"enrolments": 1, "states": 1}
    assert rows(session, Enrolment) + rows(session, ReadingPlace) == 0


def test_a_completed_course_stays_as_long_as_its_proof_and_its_key_is_never_used_again(
    session: Session, engine: Engine, forget: Forget
) -> None:
    person, other = factories.person(session), factories.person(session)
    first = taking.learner(session, engine, person)
    session.execute(update(Enrolment).values(completed_on=TODAY))
    completed = Completed(
        person_key=person.key, course_id="bausteine", completed_on=TODAY, enrolment_key=first.enrolment_key
    )
    proofs.write_proof(session, completed, now=NOW)
    session.commit()
    assert forget("progress", NOW + 800 * DAY) == {}
    session.execute(update(Person).where(Person.key == person.key).values(left_on=TODAY))
    session.commit()
    assert forget("proofs", NOW + 91 * DAY) == {"voluntary_proofs": 1}
    assert forget("leavers", NOW + 91 * DAY) == {"enrolments": 1}
    again = work(engine, lambda one: enrol(one, taking.SLUG, other.key, now=NOW))
    assert again.key > first.enrolment_key


def test_what_somebody_did_in_courses_ends_30_days_after_leaving(
    session: Session, engine: Engine, forget: Forget
) -> None:
    person = factories.person(session)
    learner = taking.learner(session, engine, person)
    learner.answer_right(learner.start())
    practice.keep_place(session, learner.enrolment_key, "m-1", anchor="", now=NOW)
    session.add(ExtraTime(person_key=person.key, factor=2, set_by=person.key, set_at=NOW))
    session.execute(update(Person).values(left_on=TODAY))
    session.commit()
    assert forget("leavers", NOW + 30 * DAY) == {}
    assert forget("leavers", NOW + 31 * DAY) == {"enrolments": 1, "states": 1, "extra_times": 1}
    assert [rows(session, model) for model in (Enrolment, Attempt, AnswerEvent, ExtraTime)] == [0, 0, 0, 0]


# Proofs ---------------------------------------------------------------------------------------------------------------


@pytest.fixture
def office(session: Session) -> Office:
    return Office(session)


def test_voluntary_proofs_end_90_days_after_leaving_and_the_chain_holds(
    session: Session, office: Office, forget: Forget
) -> None:
    people = [office.person() for _number in range(3)]
    kept, gone, last = [office.prove(person, TODAY, "recht") for person in people]
    for person in people[1:]:
        person.left_on = TODAY
    keys = (kept.key, gone.key, last.key)
    session.add(ReleasedCertificate(proof_key=gone.key, released_at=NOW))
    session.commit()
    assert forget("proofs", NOW + 90 * DAY) == {}
    assert forget("proofs", NOW + 91 * DAY) == {"voluntary_proofs": 2}
    assert [proof.key for proof in session.scalars(select(Proof))] == [keys[0]]
    assert rows(session, ReleasedCertificate) == 0
    tombstones = session.scalars(select(ProofTombstone).order_by(ProofTombstone.key)).all()
    assert [one.key for one in tombstones] == [*keys[1:]]
    assert {column.name for column in ProofTombstone.__table__.columns} == {"key", "previous_hash", "hash", "erased_at"}
    assert proofs.verify_chain(session) == []
    office.prove(people[0], TODAY, "technik")  # The chain goes on after a tombstone.
    assert proofs.verify_chain(session) == []


def test_a_changed_tombstone_and_a_missing_one_are_found(session: Session, office: Office, forget: Forget) -> None:
    people = [office.person() for _number in range(3)]
    for person in people:
        office.prove(person, TODAY, "recht")
    people[1].left_on = TODAY
    session.commit()
    forget("proofs", NOW + 91 * DAY)
    session.execute(update(ProofTombstone).values(hash="f" * 64))
    assert proofs.verify_chain(session) != []
    session.execute(ProofTombstone.__table__.delete())
    assert proofs.verify_chain(session) != []


def test_a_mandatory_proof_ends_two_years_after_the_next_one(session: Session, office: Office, forget: Forget) -> None:
    person = office.person()
    start = datetime.date(2022, 1, 10)
    rule = office.rule("brand", starts_on=start, recurrence="completion", period_months=12, window_days=30,
                       min_active_days=300)  # fmt: skip
    sweep(session, start)
    first = office.prove(person, start, "brand").key
    second_day = datetime.date(2023, 1, 5)
    sweep(session, second_day)
    second = office.prove(person, second_day, "brand")
    sweep(session, datetime.date(2025, 1, 4))
    session.commit()
    assert forget("proofs", noon(datetime.date(2025, 1, 5))) == {}
    assert forget("proofs", noon(datetime.date(2025, 1, 6))) == {"mandatory_proofs": 1}
    assert [proof.key for proof in session.scalars(select(Proof))] == [second.key]
    assert first not in set(session.scalars(select(Cycle.proof_key).where(Cycle.rule_key == rule.key)))
    assert projection.differences(session) == []
    assert proofs.verify_chain(session) == []


def test_mandatory_proofs_end_two_years_after_leaving_with_all_that_goes_with_them(
    session: Session, office: Office, forget: Forget
) -> None:
    person, hr = office.person(), office.person()
    office.rule("brand", starts_on=TODAY)
    sweep(session, TODAY)
    wrong = office.prove(person, TODAY, "brand")
    right = Completed(person_key=person.key, course_id="brand", completed_on=TODAY, mode=Mode.MANUAL, entered_by=hr.key)
    proofs.correct_proof(session, wrong, reason="Tag", corrected_by=hr.key, replacement=right, now=NOW)
    session.add(Suspension(person_key=person.key, from_on=TODAY, until_on=TODAY, recorded_at=NOW))
    agreement = Agreement(person_key=person.key, course_id="recht", number=1, proposed_by=hr.key, proposed_at=NOW)
    session.add(agreement)
    person.left_on, person.is_active = TODAY, False
    sweep(session, TODAY + DAY)
    session.commit()
    assert forget("proofs", NOW + 91 * DAY) == {"agreements": 1}
    assert forget("proofs", noon(TODAY.replace(year=2028))) == {}
    assert forget("proofs", noon(TODAY.replace(year=2028) + DAY)) == {
        "mandatory_proofs": 1,
        "corrected_proofs": 1,
        "suspensions": 1,
    }
    assert [rows(session, model) for model in (Proof, ProofCorrection, Agreement)] == [0, 0, 0]
    assert rows(session, Cycle) == 1  # That of the person who is still there.
    assert rows(session, Suspension) == 0
    assert projection.differences(session) == []
    assert proofs.verify_chain(session) == []


def sweep(session: Session, day: datetime.date) -> None:
    cycles.sweep(session, today=day, now=noon(day))


# Audit log and accounts -----------------------------------------------------------------------------------------------


def test_audit_entries_become_tombstones_after_twelve_months_and_the_chain_holds(
    session: Session, forget: Forget
) -> None:
    person = factories.person(session, "Miriam Sander")
    entry = {"actor": person.key, "role": "hr", "action": "record.see", "object_type": "person", "object_id": "x"}
    audit.record(session, **entry, subjects=[person.key], now=NOW)
    session.commit()
    assert forget("audit", NOW + 365 * DAY) == {}
    later = NOW + 366 * DAY
    assert forget("audit", later) == {"audit_entries": 1}
    verification = audit.verify(session, kept_since=later - audit.KEPT)
    assert verification.holds
    assert rows(session, audit.AuditSubject) == 0
    newest = session.scalars(select(audit.AuditEntry).order_by(audit.AuditEntry.key.desc())).first()
    assert newest is not None
    assert (newest.action, newest.object_id, newest.scope) == ("retention.run", "audit", "audit_entries 1")


def test_an_account_ends_30_days_after_leaving_and_the_person_when_nothing_names_them(
    session: Session, forget: Forget
) -> None:
    person = factories.person(session, "Miriam Sander")
    proven = factories.person(session, "Tom Berger")
    proofs.write_proof(session, Completed(person_key=proven.key, course_id="x", completed_on=TODAY), now=NOW)
    for one in (person, proven):
        factories.password(session, one, "Kranich Teelicht Umweg")
        factories.grant(session, one, Role.TRAINER)
        session.add(Identity(person_key=one.key, issuer="https://i.example", subject=one.hr_key, linked_at=NOW))
        begin_session(session, one.key, method=Method.OPENID, now=NOW, hours=10)
        one.left_on = TODAY
    session.commit()
    assert forget("accounts", NOW) == {}
    assert forget("accounts", NOW + DAY) == {"closed_accounts": 2}
    assert forget("accounts", NOW + 30 * DAY) == {}
    assert forget("accounts", NOW + 31 * DAY) == {"accounts": 2, "people": 1}
    assert [rows(session, model) for model in (Credential, Identity, SignedIn, RoleGrant)] == [0, 0, 0, 0]
    (left,) = session.scalars(select(Person)).all()
    assert (left.key, left.family_name, left.mail) == (proven.key, "Berger", "")
    session.rollback()
    assert forget("proofs", NOW + 91 * DAY) == {"voluntary_proofs": 1}
    assert forget("accounts", NOW + 91 * DAY) == {"people": 1}


def test_whoever_works_here_keeps_the_account(session: Session, forget: Forget) -> None:
    factories.person(session)
    for name in upkeep.TIMERS:
        assert forget(name, NOW + 9999 * DAY) == {}, name


# The command ----------------------------------------------------------------------------------------------------------


def test_a_dry_run_counts_what_the_run_deletes_and_deletes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMPULS_DATA", str(tmp_path))
    monkeypatch.delenv("IMPULS_DATABASE_URL", raising=False)

    def impuls(*words: str) -> str:
        told = CliRunner().invoke(main, list(words))
        assert told.exit_code == 0, told.output
        return told.output

    impuls("migrate")
    impuls("people", "add-admin", "A-1", "Ada", "Amsel", "--mail", "ada@impuls.example")
    impuls("people", "add", "P-1", "Miriam", "Sander", "--mail", "m@impuls.example", "--unit", "1")
    impuls("people", "deactivate", "P-1", "--left", "2020-01-31")
    rehearsed = impuls("retention", "--dry-run")
    assert "accounts: 1\n" in rehearsed
    assert "Nichts wurde gelöscht." in rehearsed
    assert impuls("retention", "--dry-run") == rehearsed
    assert impuls("retention").replace("Gelöscht.", "Nichts wurde gelöscht.") == rehearsed
    assert "accounts: 0\n" in impuls("retention")
    assert "Miriam" not in rehearsed

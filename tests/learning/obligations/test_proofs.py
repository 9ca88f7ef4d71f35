"""Proofs: a snapshot, a chain that shows every change, one for each enrolment."""

import datetime

import pytest
from sqlalchemy import delete, select, text, update

from learning.obligations import proofs
from learning.obligations.models import Proof, ProofChain
from learning.obligations.proofs import Break, Completed, Fault
from tests.learning.obligations.office import DAY, TODAY, Office, noon


def test_a_proof_states_person_unit_and_edition_as_they_were(office: Office, session) -> None:
    edition = office.publish("datenschutz", legal_basis=("Art. 39 DSGVO", "§ 35 SGB I"))
    south = office.unit("Leistung Süd", office.root)
    person = office.person(south)
    proof = office.prove(person, TODAY, edition_key=edition)
    person.family_name, person.unit_key, south.name = "Anders", office.root.key, "Umbenannt"
    session.flush()
    session.expire_all()
    assert (proof.person_name, proof.unit_name, proof.hr_key) == ("Nuray Demirci3", "Leistung Süd", person.hr_key)
    assert (proof.course_title, proof.edition_number) == ("Kurs datenschutz", 3)
    assert (proof.edition_digest, proof.legal_basis) == ("d" * 64, "Art. 39 DSGVO; § 35 SGB I")
    assert proofs.verify_chain(session) == []


def test_completing_the_same_enrolment_again_answers_the_same_proof(office: Office, session) -> None:
    person = office.person()
    first = office.prove(person, TODAY, enrolment_key=7)
    assert office.prove(person, TODAY, enrolment_key=7) is first
    assert len(session.scalars(select(Proof)).all()) == 1


def test_a_completion_in_the_future_an_unknown_person_or_edition_is_refused(office: Office, session) -> None:
    person = office.person()

    def prove(**facts: object) -> None:
        values = {"person_key": person.key, "course_id": "a", "completed_on": TODAY} | facts
        proofs.write_proof(session, Completed(**values), now=noon(TODAY))

    with pytest.raises(proofs.ProofInTheFuture):
        prove(completed_on=TODAY + DAY)
    with pytest.raises(proofs.UnknownPerson):
        prove(person_key=-1)
    with pytest.raises(proofs.UnknownEdition):
        prove(edition_key=-1)
    assert proofs.verify_chain(session) == []


def test_the_day_of_a_proof_is_the_day_in_berlin(office: Office, session) -> None:
    person = office.person()
    late = datetime.datetime(2026, 11, 12, 23, 30, tzinfo=datetime.UTC)
    completed = Completed(person_key=person.key, course_id="a", completed_on=datetime.date(2026, 11, 13))
    assert proofs.write_proof(session, completed, now=late).completed_on == datetime.date(2026, 11, 13)


@pytest.fixture
def five(office: Office) -> list[Proof]:
    person = office.person()
    return [office.prove(person, TODAY - number * DAY, source="Käse & „Tabelle“") for number in range(5)]


def test_an_untouched_chain_verifies(session, five: list[Proof]) -> None:
    session.expire_all()
    assert proofs.verify_chain(session) == []
    assert five[0].previous_hash == proofs.FIRST_HASH


@pytest.mark.parametrize("column", ["person_name", "course_title", "mode", "source", "hr_key"])
def test_a_changed_proof_is_found(session, five: list[Proof], column: str) -> None:
    session.execute(update(Proof).where(Proof.key == five[2].key).values({column: "anders"}))
    session.expire_all()
    assert proofs.verify_chain(session) == [Break(five[2].key, Fault.CHANGED)]


def test_a_changed_day_is_found(session, five: list[Proof]) -> None:
    session.execute(update(Proof).where(Proof.key == five[4].key).values(completed_on=TODAY))
    session.expire_all()
    assert proofs.verify_chain(session) == [Break(five[4].key, Fault.CHANGED)]


def test_a_missing_proof_is_found(session, five: list[Proof]) -> None:
    session.execute(delete(Proof).where(Proof.key == five[1].key))
    session.expire_all()
    assert proofs.verify_chain(session) == [Break(five[2].key, Fault.GAP), Break(0, Fault.END)]


def test_a_cut_off_end_is_found(session, five: list[Proof]) -> None:
    session.execute(delete(Proof).where(Proof.key == five[4].key))
    session.expire_all()
    assert proofs.verify_chain(session) == [Break(0, Fault.END)]
    session.execute(delete(ProofChain))
    session.expire_all()
    assert proofs.verify_chain(session) == [Break(0, Fault.END)]


def test_exchanged_proofs_are_found(session, five: list[Proof]) -> None:
    first, second = five[1].key, five[2].key
    for old, new in ((first, -1), (second, first), (-1, second)):
        session.execute(text("UPDATE proof SET key = :new WHERE key = :old"), {"new": new, "old": old})
    session.expire_all()
    assert {found.fault for found in proofs.verify_chain(session)} == {Fault.GAP}


def test_every_column_of_a_proof_is_part_of_its_hash() -> None:
    columns = {column.name for column in Proof.__table__.columns}
    assert columns - set(proofs.STATED) == {"key", "previous_hash", "hash"}


def test_a_proof_is_corrected_once(office: Office, session, five: list[Proof]) -> None:
    author = five[0].person_key

    def void() -> None:
        proofs.correct_proof(session, five[0], reason="falsch", corrected_by=author, replacement=None, now=noon(TODAY))

    void()
    with pytest.raises(proofs.AlreadyCorrected):
        void()
    assert five[0].course_id == "datenschutz", "the old one stays readable"
    assert proofs.verify_chain(session) == []

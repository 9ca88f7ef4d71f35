"""What is due on the first page, and one's own proofs: who sees them, shown to HR and taken back, agreed beforehand."""

import datetime
import uuid
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from learning import clock
from learning.obligations import agreements
from learning.obligations.agreements import Side
from learning.obligations.models import Agreement, Proof, ReleasedCertificate
from learning.people.models import Person
from tests import factories
from tests.learning.obligations.office import Office
from tests.learning.study.conftest import Learner

DAY = datetime.timedelta(days=1)


def require(session: Session, *, days: int, course_id: str = "ablauf") -> None:
    """Make the course a duty of everybody, due in `days` days, and bring cycles in step."""
    office = Office(session)
    today = clock.today()
    started = today - 40 * DAY
    rule = office.rule(course_id, starts_on=started, anchor="fixed", fixed_due_on=today + days * DAY, days=None)
    rule.realistic_days = 0
    rule.title = "Regel der Personalentwicklung"
    session.flush()
    office.sweep(started)
    session.commit()


def complete(learner: Learner) -> None:
    for module, question in (("erstes", "frist"), ("zweites", "zweite")):
        learner.answer(module, question)
        learner.post(f"/kurse/ablauf/{module}/weiter")


def other_person(session: Session) -> Person:
    return factories.person(session, "Jonas Weber")


@pytest.mark.parametrize(
    ("days", "word", "lead"),
    [
        (-1, "Überfällig", "Eine Pflichtschulung ist überfällig. Alles andere hat Zeit."),
        (0, "Bald fällig", "Eine Pflichtschulung ist bald fällig. Alles andere hat Zeit."),
        (60, "Offen", "Heute ist nichts fällig."),
    ],
)
def test_the_first_page_says_what_is_due(
    session: Session, learner: Learner, ablauf: Path, days: int, word: str, lead: str
) -> None:
    require(session, days=days)
    page = learner.get("/")
    assert f"</span>{word}" in page
    assert lead in page
    assert '<a href="/kurse/ablauf">Ein Ablauf</a>' in page


def test_who_has_begun_nothing_is_offered_what_comes_first(session: Session, learner: Learner, ablauf: Path) -> None:
    assert "Zum Katalog" in learner.get("/")
    require(session, days=3)
    page = learner.get("/")
    assert "Am besten mit dem, was für Sie vorgesehen ist: Ein Ablauf." in page
    assert "Zum Katalog" not in page


def test_completing_the_course_fulfils_the_duty(session: Session, learner: Learner, ablauf: Path) -> None:
    require(session, days=-1)
    complete(learner)
    page = learner.get("/")
    assert "</span>Erfüllt" in page
    assert "Überfällig" not in page


def test_a_duty_whose_course_is_not_there_has_its_rule_as_title(session: Session, learner: Learner) -> None:
    require(session, days=20, course_id="fehlt")
    page = learner.get("/")
    assert "Regel der Personalentwicklung" in page
    assert "Dieser Kurs ist noch nicht da." in page


def test_the_first_page_asks_at_most_five_queries(
    session: Session, learner: Learner, ablauf: Path, query_count
) -> None:
    require(session, days=3)
    learner.post("/kurse/ablauf/erstes/stelle", stelle="")
    learner.get("/")
    with query_count:
        learner.get("/")
    # Viewer; duties; courses that were begun; courses of the duties; notices.
    assert query_count == 5


def test_a_voluntary_proof_is_private_until_it_is_shown_and_after_it_is_taken_back(
    session: Session, learner: Learner, ablauf: Path
) -> None:
    complete(learner)
    proof_id = session.scalars(select(Proof.id)).one()
    assert "Diesen Nachweis sehen nur Sie." in learner.get("/nachweise")
    for _twice in range(2):
        assert learner.post(f"/nachweise/{proof_id}/zeigen").status_code == 303
    assert "Sie zeigen diesen Nachweis der Personalentwicklung." in learner.get("/nachweise")
    for _twice in range(2):
        assert learner.post(f"/nachweise/{proof_id}/zuruecknehmen").status_code == 303
    assert "Diesen Nachweis sehen nur Sie." in learner.get("/nachweise")
    session.rollback()
    assert session.scalar(select(func.count()).select_from(ReleasedCertificate)) == 0


def test_a_mandatory_proof_says_that_hr_sees_it_and_has_no_button(
    session: Session, learner: Learner, ablauf: Path
) -> None:
    require(session, days=5)
    complete(learner)
    page = learner.get("/nachweise")
    assert "weil er zu einer Pflichtschulung gehört" in page
    assert "/zeigen" not in page


def test_proofs_and_agreements_of_others_do_not_exist(
    app, session: Session, learner: Learner, ablauf: Path, sign_in
) -> None:
    complete(learner)
    proof_id = session.scalars(select(Proof.id)).one()
    session.commit()
    client = app.test_client()
    stranger = Learner(other_person(session), client)
    sign_in(client, stranger.person)
    assert "Ein Ablauf" not in stranger.get("/nachweise")
    for address in (f"{proof_id}/zeigen", f"{proof_id}/zuruecknehmen", f"{uuid.uuid4()}/zeigen"):
        assert stranger.post(f"/nachweise/{address}").status_code == 404


def agreement(session: Session, learner: Learner, hr_key: int) -> uuid.UUID:
    made = agreements.propose(
        session, learner.person.key, course_id="ablauf", actor=hr_key, side=Side.HR, now=clock.now()
    )
    session.commit()
    return made.id


def test_an_agreement_is_confirmed_by_its_person_alone(
    app, session: Session, learner: Learner, ablauf: Path, sign_in
) -> None:
    hr = other_person(session)
    agreement_id = agreement(session, learner, hr.key)
    client = app.test_client()
    sign_in(client, hr)
    assert Learner(hr, client).post(f"/nachweise/vereinbarungen/{agreement_id}/bestaetigen").status_code == 404
    assert "Wartet auf Sie" in learner.get("/nachweise")
    for _twice in range(2):
        assert learner.post(f"/nachweise/vereinbarungen/{agreement_id}/bestaetigen").status_code == 303
    assert "</span>Vereinbart" in learner.get("/nachweise")
    complete(learner)
    assert "weil Sie die Qualifizierung vereinbart haben" in learner.get("/nachweise")


def test_a_proposal_that_was_declined_stays_without_agreement(session: Session, learner: Learner, ablauf: Path) -> None:
    agreement_id = agreement(session, learner, other_person(session).key)
    for act in ("beenden", "beenden", "bestaetigen"):
        assert learner.post(f"/nachweise/vereinbarungen/{agreement_id}/{act}").status_code == 303
    session.rollback()
    assert session.scalars(select(Agreement.in_force_on)).one() is None
    page = learner.get("/nachweise")
    assert "</span>Nicht vereinbart" in page
    assert "Beendet" not in page
    assert "Vorschlag endete am" in learner.get("/meine-daten")


def test_an_agreement_that_was_in_force_reads_as_ended(session: Session, learner: Learner, ablauf: Path) -> None:
    agreement_id = agreement(session, learner, other_person(session).key)
    for act in ("bestaetigen", "beenden"):
        assert learner.post(f"/nachweise/vereinbarungen/{agreement_id}/{act}").status_code == 303
    assert "</span>Beendet" in learner.get("/nachweise")
    assert "Vorschlag endete am" not in learner.get("/meine-daten")


def test_a_person_ends_an_agreement_in_force_after_a_second_look(
    session: Session, learner: Learner, ablauf: Path
) -> None:
    agreement_id = agreement(session, learner, other_person(session).key)
    address = f"/nachweise/vereinbarungen/{agreement_id}/beenden"
    assert f'action="{address}"' in learner.get("/nachweise")  # declining needs none
    learner.post(f"/nachweise/vereinbarungen/{agreement_id}/bestaetigen")
    page = learner.get("/nachweise")
    assert f'href="{address}"' in page
    assert f'action="{address}"' not in page
    asked = learner.get(address)
    assert "Was Sie danach in diesem Kurs abschließen" in asked
    assert '<a href="/nachweise" aria-current="true">' in asked
    session.rollback()
    assert session.scalars(select(Agreement.ended_at)).one() is None
    session.rollback()
    learner.post(address)
    assert "ist nicht mehr vereinbart" in learner.get(address)


def test_my_data_shows_agreements_and_leads_to_where_they_are_decided_on(
    session: Session, learner: Learner, ablauf: Path
) -> None:
    agreement_id = agreement(session, learner, other_person(session).key)
    decide, address = f"/nachweise#eintrag-{agreement_id}", f"/nachweise/vereinbarungen/{agreement_id}"
    states = (("Wartet auf Sie", [decide]), ("Vereinbart", [f"{address}/beenden"]), ("Beendet", []))
    for (state, links), step in zip(states, ("bestaetigen", "beenden", "beenden"), strict=True):
        page = learner.get("/meine-daten")
        assert f"</span>{state}" in page
        assert [link for link in (decide, f"{address}/beenden") if f'href="{link}"' in page] == links
        learner.post(f"{address}/{step}")


def test_the_page_of_proofs_asks_three_queries(learner: Learner, ablauf: Path, query_count) -> None:
    complete(learner)
    learner.get("/nachweise")
    with query_count:
        learner.get("/nachweise")
    # Viewer; proofs; agreements.
    assert query_count == 3

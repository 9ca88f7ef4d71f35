"""Every form that changes something says on the next page, once and in one line, what is done now."""

import html
import json
import re

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from learning import clock
from learning.obligations import agreements
from learning.obligations.agreements import Side
from learning.obligations.models import Agreement, Proof
from learning.people.roles import Role
from tests import factories
from tests.learning.conftest import SignIn
from tests.learning.reporting.house import House
from tests.learning.reporting.test_forms import fields, hidden
from tests.pages import send

NOTICE = re.compile(r'<div class="done" id="erledigt" role="status" tabindex="-1">(.*?)</div>\s*</div>', re.DOTALL)
TAG = re.compile(r"<[^>]*>")


def notices(page: str) -> list[str]:
    return [html.unescape(" ".join(TAG.sub(" ", found).split())) for found in NOTICE.findall(page)]


def told(client: FlaskClient, address: str, data: dict[str, str] | None = None) -> str:
    """What the page after the form says; the form is sent twice, and the page opened once more says nothing."""
    for _time in range(2):
        answer = send(client, address, data)
        assert answer.status_code == 303
        assert answer.location.endswith("#erledigt")
    page = answer.location.partition("#")[0]
    (found,) = notices(client.get(page).text)
    assert notices(client.get(page).text) == []
    return found


def proposed(session: Session, house: House, *, is_agreed: bool = False) -> Agreement:
    own = house.people["own"].key
    made = agreements.propose(session, own, course_id="datenschutz", actor=house.hr.key, side=Side.HR, now=clock.now())
    if is_agreed:
        agreements.confirm(session, made, side=Side.PERSON, now=clock.now())
    session.commit()
    return made


def test_hr_reads_what_became_of_a_proposal(
    client: FlaskClient, house: House, session: Session, sign_in: SignIn
) -> None:
    house.course()
    sign_in(client, house.hr)
    sent = {"personalnummer": house.people["own"].hr_key, "kurs": "datenschutz"}
    assert told(client, "/personal/vereinbarungen", sent).startswith("Der Vorschlag ist gespeichert.")
    made = session.scalars(select(Agreement)).one()
    agreements.confirm(session, made, side=Side.PERSON, now=clock.now())
    session.commit()
    assert told(client, "/personal/vereinbarungen", sent).startswith("Die Qualifizierung ist vereinbart:")
    assert told(client, f"/personal/vereinbarungen/{made.id}/beenden") == "Die Vereinbarung ist beendet."
    assert told(client, f"/personal/vereinbarungen/{made.id}/bestaetigen") == "Die Vereinbarung ist beendet."


def test_hr_reads_that_a_proposal_which_it_takes_back_is_agreed_by_nobody(
    client: FlaskClient, house: House, session: Session, sign_in: SignIn
) -> None:
    house.course()
    sign_in(client, house.hr)
    made = proposed(session, house)
    words = told(client, f"/personal/vereinbarungen/{made.id}/beenden")
    assert words == "Der Vorschlag gilt nicht mehr; vereinbart ist nichts."


def test_the_person_reads_what_became_of_an_agreement(
    client: FlaskClient, house: House, session: Session, sign_in: SignIn
) -> None:
    house.course()
    made = proposed(session, house)
    sign_in(client, house.people["own"])
    address = f"/nachweise/vereinbarungen/{made.id}"
    assert told(client, f"{address}/bestaetigen").startswith("Die Qualifizierung ist vereinbart:")
    assert told(client, f"{address}/beenden") == "Die Vereinbarung ist beendet."


def test_a_certificate_that_is_shown_or_not_any_more_is_said_so(
    client: FlaskClient, house: House, session: Session, sign_in: SignIn
) -> None:
    house.prove(house.people["own"], "excel")
    proof_id = session.scalars(select(Proof.id)).one()
    session.commit()
    sign_in(client, house.people["own"])
    assert told(client, f"/nachweise/{proof_id}/zeigen") == "Sie zeigen diesen Nachweis jetzt der Personalentwicklung."
    assert told(client, f"/nachweise/{proof_id}/zuruecknehmen") == "Sie zeigen diesen Nachweis nicht mehr."


def test_a_rule_that_is_made_or_ended_is_said_so(
    client: FlaskClient, house: House, session: Session, sign_in: SignIn
) -> None:
    house.course()
    sign_in(client, house.hr)
    new = "/personal/pflichtregeln/neu"
    seen = hidden(send(client, new, {"schritt": "probelauf", **fields(house)}).text, "gesehen")
    assert (
        told(client, new, {"schritt": "anlegen", "gesehen": seen, **fields(house)}) == "Die Pflichtregel ist angelegt."
    )
    rule = house.rule()
    sign_in(client, house.with_role(Role.HR, house.root))
    words = told(client, f"/personal/pflichtregeln/{rule.id}/beenden")
    assert words == f"Die Pflichtregel ist beendet. Ihr letzter Tag: {clock.today():%d.%m.%Y}"


def test_the_account_says_what_is_done(client: FlaskClient, house: House, session: Session, sign_in: SignIn) -> None:
    person = house.people["own"]
    factories.password(session, person, "ein gutes Wort 42")
    session.commit()
    sign_in(client, person)
    assert told(client, "/konto/sitzungen/andere-beenden") == "Sie sind überall sonst abgemeldet."
    new = "noch ein gutes Wort 43"
    sent = {"bisher": "ein gutes Wort 42", "kennwort": new, "wiederholung": new}
    assert send(client, "/konto/passwort", sent).status_code == 303
    assert notices(client.get("/konto").text) == ["Ihr neues Passwort gilt. Überall sonst sind Sie abgemeldet."]


def test_the_cookie_tells_nothing_about_anybody(
    app: Flask, client: FlaskClient, house: House, session: Session, sign_in: SignIn
) -> None:
    person = house.people["own"]
    sign_in(client, house.hr)
    send(client, f"/personal/personen/{person.id}/zeitzuschlag", {"faktor": "1.5"})
    cookie = client.get_cookie("impuls")
    assert cookie is not None
    signing = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signing is not None
    held = json.dumps(signing.loads(cookie.value), ensure_ascii=False)
    assert "Ihre Angabe ist gespeichert." in held
    assert [word for word in ("Kanari", person.hr_key, str(person.id), "1.5", "1,5", "Zuschlag") if word in held] == []
    assert notices(client.get(f"/personal/personen/{person.id}/zeitzuschlag").text) == ["Ihre Angabe ist gespeichert."]

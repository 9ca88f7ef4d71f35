"""Invitations and resets by mail, and the page for forgotten passwords that tells nobody who has an account."""

import datetime
import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select, update
from sqlalchemy.orm import Session

from learning import clock
from learning.app import create_app
from learning.database import db, work
from learning.people.links import Purpose, make_link
from learning.people.mailing import WAITS, Outcome, ask_for_letter, send_due, send_letter, stop_letters
from learning.people.models import OneTimeLink, OutgoingMail, Person
from learning.settings import ProductSettings
from tests import factories
from tests.factories import NOW
from tests.learning.conftest import QueryCount
from tests.learning.postbox import Postbox, postbox
from tests.pages import send

PASSWORD = "Kranich Teelicht Umweg"


@pytest.fixture
def box():
    with postbox() as box:
        yield box


@pytest.fixture
def settings(product_settings: ProductSettings, box: Postbox) -> ProductSettings:
    return replace(product_settings, mail=box.settings(), public_url="https://impuls.example")


@pytest.fixture
def miriam(session: Session) -> Person:
    made = factories.person(session, "Miriam Sander")
    factories.password(session, made, PASSWORD)
    return made


def asked(session: Session, person: Person | None, purpose: Purpose = Purpose.INVITATION) -> int:
    key = ask_for_letter(session, person.key if person else None, purpose, now=NOW)
    session.commit()
    return key


def sent(app: Flask, engine: Engine, settings: ProductSettings, now: datetime.datetime = NOW) -> dict[str, int]:
    with app.app_context():
        return {name: count for name, count in send_due(engine, settings, now=now).items() if count}


def test_an_invitation_arrives_and_its_link_works(
    app: Flask, engine: Engine, session: Session, client: FlaskClient, settings: ProductSettings, box: Postbox,
    miriam: Person,
) -> None:  # fmt: skip
    asked(session, miriam)
    assert sent(app, engine, settings, clock.now()) == {"sent": 1}
    text = box.text()
    assert "Guten Tag, Miriam Sander," in text
    assert f"Ihr Kontoname: {miriam.hr_key}" in text
    assert "Jobcenter Musterkreis" in text
    (link,) = re.findall(r"https://\S+", text)
    assert link.startswith("https://impuls.example/einladung/")
    address = link.removeprefix("https://impuls.example")
    assert send(client, address, {"kennwort": PASSWORD, "wiederholung": PASSWORD}).status_code == 303
    assert sent(app, engine, settings, clock.now()) == {}


def test_a_letter_speaks_the_language_of_its_reader(
    app: Flask, engine: Engine, session: Session, settings: ProductSettings, box: Postbox, miriam: Person
) -> None:
    session.execute(update(Person).values(language="en"))
    asked(session, miriam, Purpose.RESET)
    assert sent(app, engine, settings) == {"sent": 1}
    assert box.mails[0]["Subject"] == "New password for the learning library"
    assert "If it was not you, do nothing" in box.text()


def test_no_link_stands_in_the_database_and_a_letter_is_forgotten_when_it_is_sent(
    app: Flask, engine: Engine, session: Session, settings: ProductSettings, box: Postbox, miriam: Person
) -> None:
    asked(session, miriam)
    assert session.scalar(select(func.count()).select_from(OneTimeLink)) == 0
    session.rollback()
    sent(app, engine, settings)
    assert session.scalar(select(func.count()).select_from(OutgoingMail)) == 0
    (token,) = re.findall(r"/einladung/(\S+)", box.text())
    assert token not in session.scalars(select(OneTimeLink.token_hash)).one()


def test_while_the_server_is_away_it_is_tried_again_for_three_days_under_the_same_identity(
    app: Flask, engine: Engine, session: Session, settings: ProductSettings, box: Postbox, miriam: Person
) -> None:
    asked(session, miriam)
    box.answer = "450 later"
    now, waited = NOW, []
    for wait in WAITS[:-1]:
        assert sent(app, engine, settings, now) == {"waiting": 1}
        assert sent(app, engine, settings, now + wait - datetime.timedelta(seconds=1)) == {}
        now += wait
        waited.append(wait)
    assert sum(waited, datetime.timedelta()) + WAITS[-1] >= datetime.timedelta(days=2, hours=20)
    identity = session.scalars(select(OutgoingMail.id)).one()
    session.rollback()
    box.answer = "250 OK"
    assert sent(app, engine, settings, now) == {"sent": 1}
    assert box.mails[0]["Message-ID"] == f"<{identity}@impuls.example>"


@pytest.mark.parametrize(("answer", "tries"), [("550 nobody here", 1), ("450 later", len(WAITS))])
def test_a_letter_that_cannot_arrive_is_kept_for_the_administration(
    app: Flask, engine: Engine, session: Session, settings: ProductSettings, box: Postbox, miriam: Person,
    answer: str, tries: int,
) -> None:  # fmt: skip
    asked(session, miriam)
    box.answer = answer
    now = NOW
    for _number in range(tries):
        outcome = sent(app, engine, settings, now)
        now += datetime.timedelta(days=1)
    assert outcome == {"given_up": 1}
    assert sent(app, engine, settings, now + datetime.timedelta(days=9)) == {}
    assert session.scalars(select(OutgoingMail.given_up_at)).one() is not None


def test_one_letter_is_sent_by_one_worker(
    app: Flask, engine: Engine, session: Session, settings: ProductSettings, box: Postbox, miriam: Person
) -> None:
    key = asked(session, miriam)
    box.answer = "450 later"
    with app.app_context():
        assert send_letter(engine, settings, key, now=NOW).outcome is Outcome.WAITING
        # The second one sees that somebody has just taken it.
        assert send_letter(engine, settings, key, now=NOW).outcome is Outcome.NOBODY


def test_who_has_left_gets_no_letter(
    app: Flask, engine: Engine, session: Session, settings: ProductSettings, box: Postbox, miriam: Person
) -> None:
    session.execute(update(Person).values(is_active=False))
    asked(session, miriam)
    assert sent(app, engine, settings) == {"nobody": 1}
    assert box.mails == []
    assert session.scalar(select(func.count()).select_from(OutgoingMail)) == 0


def test_a_printed_link_is_not_ended_by_a_letter_that_still_waits(
    app: Flask, engine: Engine, session: Session, settings: ProductSettings, miriam: Person
) -> None:
    asked(session, miriam)
    stop_letters(session, miriam.key)
    make_link(session, miriam.key, Purpose.INVITATION, now=NOW)
    session.commit()
    assert sent(app, engine, settings) == {}


# Forgotten passwords --------------------------------------------------------------------------------------------------


@pytest.fixture
def letters(engine: Engine):
    """Whom letters wait for: keys of persons, None for nobody."""

    def waiting() -> list[int | None]:
        return work(engine, lambda one: list(one.scalars(select(OutgoingMail.person_key).order_by(OutgoingMail.key))))

    return waiting


def test_a_forgotten_password_is_asked_for_on_the_sign_in_page_and_answered_by_mail(
    app: Flask, engine: Engine, client: FlaskClient, session: Session, settings: ProductSettings, box: Postbox,
    miriam: Person,
) -> None:  # fmt: skip
    assert 'href="/passwort-vergessen"' in client.get("/anmelden").text
    answer = send(client, "/passwort-vergessen", {"name": miriam.mail.upper()})
    assert answer.location == "/passwort-vergessen/verschickt"
    assert "Sehen Sie in Ihr Postfach" in client.get(answer.location).text
    assert sent(app, engine, settings, clock.now()) == {"sent": 1}
    assert "bis" in box.text()
    (address,) = re.findall(r"https://impuls.example(/einladung/\S+)", box.text())
    assert send(client, address, {"kennwort": PASSWORD + "!", "wiederholung": PASSWORD + "!"}).status_code == 303


def test_the_answer_and_the_work_are_the_same_whether_there_is_an_account_or_not(
    app: Flask, client: FlaskClient, session: Session, miriam: Person, query_count: QueryCount, letters
) -> None:
    gone = factories.person(session, "Tom Berger")
    factories.password(session, gone, PASSWORD)
    session.execute(update(Person).where(Person.key == gone.key).values(is_active=False))
    without_password = factories.person(session, "Ada Amsel")
    session.commit()
    seen = set()
    for name in (miriam.hr_key, gone.hr_key, without_password.hr_key, "niemand@impuls.example"):
        browser = app.test_client()
        token = browser.get("/anmeldung/stand").get_json()["form_token"]
        with query_count:
            answer = browser.post(
                "/passwort-vergessen",
                data={"csrf_token": token, "name": name},
                headers={"Origin": "http://localhost"},
                environ_base={"REMOTE_ADDR": f"10.0.0.{len(seen) + 1}"},
            )
        seen.add((answer.status_code, answer.location, answer.text, len(query_count.statements)))
    assert len(seen) == 1
    assert letters() == [miriam.key, None, None, None]  # Letters for nobody are thrown away when they are due.


def test_asking_again_soon_brings_no_second_letter(
    app: Flask, engine: Engine, client: FlaskClient, settings: ProductSettings, box: Postbox, miriam: Person, letters
) -> None:
    send(client, "/passwort-vergessen", {"name": miriam.hr_key})
    send(client, "/passwort-vergessen", {"name": miriam.hr_key})
    assert letters() == [miriam.key]
    assert sent(app, engine, settings, clock.now()) == {"sent": 1}
    send(client, "/passwort-vergessen", {"name": miriam.hr_key})
    assert sent(app, engine, settings, clock.now()) == {"nobody": 1}
    assert len(box.mails) == 1


def test_asking_is_slowed_down_and_does_not_slow_down_signing_in(client: FlaskClient, miriam: Person) -> None:
    for _number in range(3):
        assert send(client, "/passwort-vergessen", {"name": miriam.hr_key}).status_code == 303
    slowed = send(client, "/passwort-vergessen", {"name": miriam.hr_key})
    assert slowed.status_code == 422
    assert "Zu viele Versuche" in slowed.text
    assert f'value="{miriam.hr_key}"' in slowed.text
    assert send(client, "/anmelden", {"name": miriam.hr_key, "kennwort": PASSWORD}).status_code == 303


def test_without_a_name_the_field_says_what_is_missing(client: FlaskClient) -> None:
    answer = send(client, "/passwort-vergessen", {"name": " "})
    assert answer.status_code == 422
    assert "Nennen Sie Ihren Kontonamen" in answer.text


def test_without_mail_there_is_no_such_page(product_settings: ProductSettings, engine: Engine) -> None:
    app = create_app(replace(product_settings, mail=None))
    client = app.test_client()
    assert client.get("/passwort-vergessen").status_code == 404
    offered = client.get("/anmelden").text
    assert "/passwort-vergessen" not in offered
    assert "Die Administration Ihrer Dienststelle gibt Ihnen einen Link" in offered
    with app.app_context():
        db.engine.dispose()

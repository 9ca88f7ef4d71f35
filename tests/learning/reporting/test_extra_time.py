"""Extra time (D18): seen by who in HR set it and by its person; in no list, export, log or total, nor by colleagues."""

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from learning import clock
from learning.audit import AuditEntry
from learning.people.roles import Role
from learning.study.attempts.extra_time import factor_of, set_extra_time
from learning.study.models import Attempt, ExtraTime
from tests import factories
from tests.learning.conftest import QueryCount, SignIn
from tests.learning.reporting.house import House
from tests.learning.study import taking
from tests.pages import send

ODD = Decimal("1.73")  # No choice of the form, so that it stands nowhere by chance.


@pytest.fixture
def address(house: House) -> str:
    return f"/personal/personen/{house.people['own'].id}/zeitzuschlag"


def stored(session: Session) -> tuple[Decimal, int] | None:
    session.rollback()
    row = session.execute(select(ExtraTime.factor, ExtraTime.set_by)).one_or_none()
    session.rollback()
    return (row.factor, row.set_by) if row else None


def test_hr_sets_and_takes_back_the_extra_time_of_a_person(
    client: FlaskClient, house: House, session: Session, sign_in: SignIn, address: str, query_count: QueryCount
) -> None:
    sign_in(client, house.hr)
    with query_count:
        page = client.get(address)
    assert query_count == 3  # viewer, person, own entry
    assert 'value="keiner" checked' in " ".join(page.text.split())
    for _again in range(2):
        assert send(client, address, {"faktor": "1.5"}).location == f"{address}#erledigt"
        assert stored(session) == (Decimal("1.5"), house.hr.key)
    assert 'value="1.5" checked' in " ".join(client.get(address).text.split())
    assert send(client, address, {"faktor": "keiner"}).status_code == 303
    assert stored(session) is None


def test_another_person_in_hr_neither_sees_it_nor_takes_it_back(
    app: Flask, client: FlaskClient, house: House, session: Session, sign_in: SignIn, address: str
) -> None:
    sign_in(client, house.hr)
    send(client, address, {"faktor": "2"})
    other = app.test_client()
    sign_in(other, house.with_role(Role.HR, house.up))
    untouched = other.get(address).text
    assert 'value="keiner" checked' in " ".join(untouched.split())
    send(other, address, {"faktor": "keiner"})
    assert stored(session) == (Decimal(2), house.hr.key)


def test_a_colleague_s_page_and_answers_are_the_same_whether_there_is_one_or_not(
    app: Flask, client: FlaskClient, house: House, session: Session, sign_in: SignIn, address: str
) -> None:
    other = app.test_client()
    sign_in(other, house.with_role(Role.HR, house.up))

    def told() -> list[tuple[int, str, str]]:
        answers = [other.get(address), other.get(f"/personal/personen/{house.people['own'].id}")]
        answers += [send(other, address, {"faktor": chosen}) for chosen in ("1.25", "keiner", "keiner")]
        answers.append(other.get(address))  # what is said once after the last form
        return [(one.status_code, one.location or "", one.text) for one in answers]

    without = told()
    sign_in(client, house.hr)
    send(client, address, {"faktor": "2"})
    assert told() == without
    assert stored(session) == (Decimal(2), house.hr.key)


def test_of_two_that_were_set_the_longer_time_counts_and_each_takes_back_the_own(
    app: Flask, client: FlaskClient, house: House, session: Session, sign_in: SignIn, address: str
) -> None:
    colleague = house.with_role(Role.HR, house.up)
    other, person = app.test_client(), house.people["own"]
    sign_in(client, house.hr)
    sign_in(other, colleague)
    counted = []
    for one, chosen in ((client, "1.5"), (other, "1.25"), (other, "2"), (client, "keiner"), (other, "keiner")):
        send(one, address, {"faktor": chosen})
        session.rollback()
        counted.append(factor_of(session, person.key))
        assert f'value="{chosen}" checked' in " ".join(one.get(address).text.split())
    assert counted == [Decimal("1.5"), Decimal("1.5"), Decimal(2), Decimal(2), Decimal(1)]


def test_the_person_reads_all_that_were_set(
    client: FlaskClient, house: House, session: Session, sign_in: SignIn
) -> None:
    colleague, person = house.with_role(Role.HR, house.up), house.people["own"]
    for by, factor in ((house.hr, Decimal("1.5")), (colleague, Decimal(2))):
        set_extra_time(session, person.key, factor, by=by.key, now=factories.NOW)
    session.commit()
    sign_in(client, person)
    page = client.get("/meine-daten").text
    assert page.index("2-fache Zeit") < page.index("1,5-fache Zeit") < page.index("Es gilt der größte dieser Zuschläge")
    assert "Rolle hr" not in page


def test_the_person_reads_the_factor_and_since_when(
    app: Flask, client: FlaskClient, house: House, sign_in: SignIn, address: str
) -> None:
    sign_in(client, house.hr)
    send(client, address, {"faktor": "1.25"})
    own = app.test_client()
    sign_in(own, house.people["own"])
    page = own.get("/meine-daten").text
    assert "1,25-fache Zeit" in page
    assert f"seit {clock.today():%d.%m.%Y}" in page
    assert "der größte dieser Zuschläge" not in page
    assert "Rolle hr" not in page
    sign_in(own, house.people["sub"])
    assert "-fache Zeit" not in own.get("/meine-daten").text


def test_the_person_ends_all_that_was_set_after_a_second_look_and_nobody_else_s(
    client: FlaskClient, house: House, session: Session, sign_in: SignIn
) -> None:
    colleague, person = house.with_role(Role.HR, house.up), house.people["own"]
    for by, factor in ((house.hr, Decimal("1.5")), (colleague, Decimal(2))):
        for whose in (person, house.people["sub"]):
            set_extra_time(session, whose.key, factor, by=by.key, now=factories.NOW)
    session.commit()
    sign_in(client, person)
    address = "/meine-daten/zeitzuschlag/beenden"
    assert f'href="{address}"' in client.get("/meine-daten").text
    asked = client.get(address).text
    assert "2-fache Zeit" in asked
    assert "1,5-fache Zeit" in asked
    for _again in range(2):
        assert send(client, address).location == "/meine-daten#erledigt"
    page = client.get("/meine-daten").text
    assert "Beendet. Dazu ist nichts mehr eingetragen." in page
    assert "-fache Zeit" not in page
    assert "kein Zeitzuschlag eingetragen" in client.get(address).text
    session.rollback()
    assert [factor_of(session, one.key) for one in (person, house.people["sub"])] == [1, 2]
    assert session.scalar(select(func.count()).select_from(AuditEntry)) == 0


def test_it_stands_in_no_list_export_record_or_log(
    app: Flask, client: FlaskClient, house: House, session: Session, sign_in: SignIn
) -> None:
    house.course()
    house.rule()
    person = house.people["own"]
    session.add(ExtraTime(person_key=person.key, factor=ODD, set_by=house.hr.key, set_at=factories.NOW))
    session.commit()
    sign_in(client, house.hr)
    plain = [str(rule) for rule in app.url_map.iter_rules() if str(rule).startswith("/personal") and not rule.arguments]
    assert len(plain) >= 6
    for page in (*plain, f"/personal/personen/{person.id}"):
        answer = client.get(page)
        assert answer.status_code in (200, 405), page
        assert "1,73" not in answer.text
        assert "1.73" not in answer.text
    entries = session.scalars(select(AuditEntry)).all()
    assert not [entry for entry in entries if "extra" in entry.action or "1.73" in entry.scope]


def test_setting_it_leaves_no_entry_that_others_could_read(
    client: FlaskClient, house: House, session: Session, sign_in: SignIn, address: str
) -> None:
    sign_in(client, house.hr)
    send(client, address, {"faktor": "1.5"})
    assert session.scalar(select(func.count()).select_from(AuditEntry)) == 0


@pytest.mark.parametrize("factor", ["", "0.5", "99", "1e9", "NaN", "1,5", "' OR 1=1"])
def test_other_factors_are_refused(
    client: FlaskClient, house: House, session: Session, sign_in: SignIn, address: str, factor: str
) -> None:
    sign_in(client, house.hr)
    answer = send(client, address, {"faktor": factor})
    assert answer.status_code == 422
    assert "Wählen Sie einen der Zuschläge" in answer.text
    assert stored(session) is None


@pytest.mark.parametrize("place", ["other", "absent"])
def test_people_of_other_units_are_as_absent(
    client: FlaskClient, house: House, session: Session, sign_in: SignIn, place: str
) -> None:
    sign_in(client, house.hr)
    person_id = house.people["other"].id if place == "other" else "6f2b8f0a-4a55-4a13-9a05-8f4a9a9f0c11"
    address = f"/personal/personen/{person_id}/zeitzuschlag"
    assert client.get(address).status_code == 404
    assert send(client, address, {"faktor": "1.5"}).status_code == 404
    assert stored(session) is None


def test_a_test_that_begins_afterwards_ends_later_by_the_factor(
    client: FlaskClient, house: House, session: Session, engine: Engine, sign_in: SignIn, address: str
) -> None:
    sign_in(client, house.hr)
    send(client, address, {"faktor": "1.5"})
    person = house.people["own"]
    rules = replace(taking.learner(session, engine, person).module.module.rules, minutes=20)
    learner = taking.learner(session, engine, person, rules=rules)
    attempt = learner.start()
    ends_at = session.scalar(select(Attempt.ends_at).where(Attempt.id == attempt))
    assert ends_at == taking.NOW + datetime.timedelta(minutes=30)

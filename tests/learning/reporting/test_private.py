"""What people practise, read and try is nobody's report: no page or file of reporting asks the database for it."""

import uuid

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from learning import tables
from learning.obligations import agreements
from learning.obligations.agreements import Side
from learning.people.roles import Role
from tests import factories
from tests.learning.conftest import QueryCount, SignIn
from tests.learning.reporting.house import House

# Everything of study but the extra time, which the HR person who set it sees.
PRIVATE = frozenset(tables.tables_of("study")) - {"extra_time"}


def addresses(app: Flask, **things: uuid.UUID) -> list[str]:
    """Every page of reporting, with the address of something that the viewer reaches."""
    with app.test_request_context(base_url="http://localhost"):
        return [url_for(rule.endpoint, **_arguments(rule, things)) for rule in _pages(app)]


def _pages(app: Flask) -> list[Rule]:
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("reporting.")]
    return [rule for rule in rules if "GET" in (rule.methods or ())]


def _arguments(rule: Rule, things: dict[str, uuid.UUID]) -> dict[str, uuid.UUID]:
    return {name: things[name] for name in rule.arguments}


def test_private_is_what_the_feature_study_stores() -> None:
    assert {"practice_answer", "reading_place", "attempt", "answer_event", "current_answer", "module_done"} <= PRIVATE


@pytest.mark.parametrize("role", [Role.HR, Role.TEAM_LEAD, Role.WORKS_COUNCIL, Role.DATA_PROTECTION])
def test_no_page_of_reporting_asks_for_what_is_private(
    app: Flask,
    client: FlaskClient,
    session: Session,
    house: House,
    sign_in: SignIn,
    query_count: QueryCount,
    role: Role,
) -> None:
    house.course()
    rule = house.rule()
    house.prove(house.people["own"])
    own = house.people["own"]
    agreement = agreements.propose(
        session, own.key, course_id="datenschutz", actor=house.hr.key, side=Side.HR, now=factories.NOW
    )
    session.commit()
    things = {"person_id": own.id, "rule_id": rule.id, "agreement_id": agreement.id}
    scoped = role in (Role.HR, Role.TEAM_LEAD)
    sign_in(client, house.with_role(role, house.root if scoped else None, includes_sub_units=scoped))
    opened, asked = 0, set()
    for address in addresses(app, **things):
        with query_count:
            opened += client.get(address).status_code == 200
        asked |= {name for name in tables.METADATA.tables for text in query_count.statements if _names(text, name)}
    assert opened
    assert asked & PRIVATE == set()
    assert "person" in asked, "the walk sees what is asked"


def _names(statement: str, table: str) -> bool:
    return f" {table} " in f" {statement} ".replace("\n", " ").replace(",", " ").replace("(", " ").replace(")", " ")


def test_the_walk_sees_a_private_table(
    client: FlaskClient, session: Session, sign_in: SignIn, query_count: QueryCount
) -> None:
    sign_in(client, factories.person(session))
    factories.published_course(session)
    with query_count:
        client.get("/kurse/bausteine")
    assert any(_names(text, name) for text in query_count.statements for name in PRIVATE)

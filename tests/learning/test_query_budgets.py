"""Every page asks the database five times at most, whatever the amount of data; how often exactly stands here.

The entry in the log that a look at other people's data leaves is not counted: reading the end of its chain, the entry,
whom it is about.
"""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine

from learning.database import db
from learning.people.roles import Role
from tests.learning.access.walk import Visitor
from tests.learning.access.world import World, kept_tables, kept_world
from tests.learning.conftest import QueryCount
from tests.learning.matrix import Route, cells_of, routes

MOST = 5
# The first query of all pages that need somebody is the viewer: session, person, unit and roles.
BUDGETS = {
    "health.alive": 0,
    "health.ready": 3,  # the step of the tables, that something can be written, that it can be read
    "service.help_page": 1,  # viewer
    "service.accessibility": 1,  # viewer
    "service.privacy": 1,  # viewer
    "people.sign_in": 1,  # viewer
    "people.sign_in_state": 1,  # viewer
    "people.signed_out": 1,  # viewer
    "people.new_password": 1,  # viewer
    "people.invitation": 2,  # viewer, the link with its person
    "people.account": 2,  # viewer, their sessions
    "resets.forgotten_password": 1,  # viewer
    "resets.letter_sent": 1,  # viewer
    "start": 5,  # viewer, duties, courses begun, courses of the duties, notices
    "library.catalogue": 3,  # viewer, courses with their job aids, how far the viewer is with them
    "library.search": 3,  # viewer, courses, places with the words; two more where there are any (test_library_pages.py)
    "library.job_aids": 2,  # viewer, courses with their job aids
    "library.job_aid": 4,  # viewer, the job aid, its edition, local texts
    "library.editions": 4,  # viewer, the course, its editions, those that the viewer learnt from
    "library.edition": 3,  # viewer, the edition, those that the viewer learnt from
    "library.edition_module": 4,  # viewer, the module, editions learnt from, questions with local texts
    "library.media": 3,  # viewer, the file, its content
    "study.course": 5,  # viewer, what they did, the edition, local texts, contact
    "study.module": 4,  # viewer, what they did, the module, questions with local texts
    "study.question": 4,  # viewer, what they did, the module, questions with local texts
    "study.proofs": 3,  # viewer, proofs, agreements
    "study.ask_to_end_agreement": 2,  # viewer, agreements
    "attempts.attempt": 2,  # viewer, the attempt
    "attempts.start": 5,  # viewer, what they did, the module, its questions, the last attempt
    "attempts.question": 5,  # viewer, the attempt, the module, its questions, answers
    "attempts.questions": 5,  # viewer, the attempt, the module, its questions, answers
    "attempts.hand_in": 5,  # viewer, the attempt, the module, its questions, answers
    "attempts.review": 5,  # viewer, the attempt, the module, its questions, answers
    "mydata.my_data": 5,  # viewer, how much is stored, agreements, who looked, extra time
    "mydata.ask_to_end_extra_time": 2,  # viewer, extra time
    "reporting.team": 2,  # viewer, duties of the team
    "reporting.overview": 4,  # viewer, totals, weeks ahead, people by unit
    "reporting.people": 5,  # viewer, choices, numbers, people, their duties
    "reporting.export_people": 4,  # viewer, choices, whom it names, the lines
    "reporting.person": 5,  # viewer, person, duties, proofs, agreements
    "reporting.rules": 4,  # viewer, rules, their units, whether the house is theirs
    "reporting.new_rule": 3,  # viewer, units, courses
    "reporting.ask_to_end_rule": 4,  # viewer, the rule, its units, whether the house is theirs
    "reporting.agreements": 3,  # viewer, agreements, courses
    "reporting.ask_to_end_agreement": 2,  # viewer, the agreement
    "reporting.extra_time": 3,  # viewer, the person, the factor
    "reporting.totals": 4,  # viewer, totals, units, courses done freely
}


@pytest.fixture(scope="module")
def app(product: Flask, engine: Engine) -> Iterator[Flask]:
    """The product; its tables are emptied after the last test of this file."""
    with kept_tables(engine):
        yield product


@pytest.fixture(scope="module")
def world(app: Flask, engine: Engine) -> Iterator[World]:
    """One world for all lookers."""
    with kept_world(engine) as made:
        yield made


def pages(app: Flask) -> list[Route]:
    """The rows of matrix.toml for what is only looked at, as far as it is there without official accounts."""
    return [row for row in routes() if row.method == "GET" and row.endpoint in app.view_functions and row.who]


def asked(statements: list[str]) -> int:
    """How many of the statements are for the page and not for the entry in the log."""
    logging = ("INSERT INTO audit_", "SELECT audit_entry.hash", "SELECT pg_advisory_xact_lock")
    return sum(not one.startswith(logging) for one in statements)


def test_every_page_keeps_its_budget(app: Flask, world: World) -> None:
    assert max(BUDGETS.values()) <= MOST
    assert sorted({row.endpoint for row in pages(app)} ^ set(BUDGETS)) == [], "write down how often a new page asks"
    with app.app_context():
        count = QueryCount(db.engine)
    found: dict[str, int] = {}
    for role in Role:
        world.wear(role)
        visitor = Visitor(app, world, role)
        for route in pages(app):
            for cell in cells_of(world, route):
                if route.lets_in(role, cell.relation):
                    with count:
                        visitor.ask(cell)
                    told = asked(count.statements)
                    assert told <= BUDGETS[route.endpoint], (str(cell), count)
                    found[route.endpoint] = max(found.get(route.endpoint, 0), told)
    assert found == BUDGETS, "a budget is exact, so that a page cannot grow into it unseen"

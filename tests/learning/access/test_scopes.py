"""Each filter that keeps people apart, dropped in turn, is noticed by the matrix, the markers or what others do."""

import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from decimal import Decimal
from types import CodeType, FrameType

import pytest
from flask import Flask
from sqlalchemy import delete, select

from learning import audit, clock
from learning.library.models import StoredCourse
from learning.obligations import agreements, cycles
from learning.obligations.agreements import Side
from learning.people import accounts
from learning.people.roles import Role
from learning.study.attempts import extra_time
from learning.study.courses.enrolment import enrol
from learning.study.models import Enrolment
from tests import factories
from tests.figures import examples
from tests.learning.access.markers import Relation
from tests.learning.access.scopes import Filter, dropped, filters, forget_statements, function_of
from tests.learning.access.walk import Visitor
from tests.learning.access.world import BESIDE, World, made_rule, prove
from tests.learning.matrix import Route, cells_of, routes
from tests.learning.test_matrix import walked

pytestmark = pytest.mark.slow

# Who asks; each sees something of others, or nothing at all.
LOOKERS = (Role.EMPLOYEE, Role.TEAM_LEAD, Role.HR)
LINK = re.compile(r'href="(/[^"#?]*[0-9a-f]{8}-[^"#?]*)"')
CHANGING = re.compile(r'(name="(?:csrf_token|schluessel|gesehen)" value="|data-token="|content=")[^"]*"')

# Objects that are made anew for each cell, so that their pages differ each time.
FRESH = {"link", "session", "agreement", "proof", "rule", "shared_rule"}

# Filters that no page runs: what runs them, and the tests that hold them. A page that runs one makes this list wrong.
NO_PAGE: Mapping[str, str] = {
    "obligations.actions._current_cycle": "exemptions have no page yet; tests/learning/obligations/test_actions.py",
    "obligations.actions._cycles_of": "suspensions have no page yet; tests/learning/obligations/test_actions.py",
    "obligations.actions._suspensions": "suspensions have no page yet; tests/learning/obligations/test_actions.py",
    "obligations.agreements.agreements_of": "read by the demonstration; tests/learning/obligations/test_consent.py",
    "obligations.counting.count_proof": "the one person of a proof; tests/learning/obligations/test_any_sequence.py",
    "obligations.counting._replace": "a corrected proof; tests/learning/obligations/test_proofs.py",
    "obligations.hindsight.reached_people": "the matrix asks about today alone; tests/learning/reporting/test_stand.py",
    "people.accounts.grant_role": "the command `impuls people grant`; tests/learning/people/test_commands.py",
    "people.membership.revoke_role": "the command `impuls people revoke`; tests/learning/people/test_commands.py",
    "people.openid.unlink": "the command `impuls people unlink`; tests/learning/people/test_commands.py",
    "people.links.make_link": "the command `impuls people invite`; tests/learning/people/test_links_and_account.py",
}

# Filters that stand behind another one, so that dropping one alone changes nothing: each is dropped with the other.
BEHIND: Mapping[str, str] = {
    "reporting.rules.queries.rule_in 1": "reporting.rules.views._endable 2",
    "reporting.rules.views.make_rule 1": "obligations.actions.paths_in_reach 2",
    "obligations.actions.paths_in_reach 2": "reporting.rules.views.make_rule 1",
}

# Comparisons that narrow what is one row already, with the reason.
ONE_ROW: Mapping[str, str] = {
    "study.attempts.actions._lock_enrolment 1": "takes the lock of an enrolment by its key, found for this person",
    "study.attempts.actions._held 1": "takes the lock; locked_attempt asks for the person once more",
    "study.attempts.extra_time.factor_of 1": "held by test_extra_time_is_that_of_one_person",
    "study.attempts.extra_time.set_extra_time 1": "held by test_extra_time_is_that_of_one_person",
    "study.attempts.extra_time.factor_set_by 1": "held by test_extra_time_is_that_of_one_person",
    "study.attempts.extra_time.end_extra_time 1": "held by test_extra_time_is_that_of_one_person",
    "study.courses.enrolment.begin_again 1": "counts runs to number the next one; a gap in the numbers tells nothing",
    "people.accounts.password_hash_of 1": "held by test_who_has_no_password_gets_nobody_else_s_hash",
    "people.accounts.change_password 1": "the hash with its salt names one row",
    "people.local_sign_in.admit 1": "the hash with its salt names one row",
    "people.permissions.allowed 1": "pages ask without a thing and find things by their queries",
    "obligations.voluntary.completions 2": "the names of units; more of them only keep more totals back",
}


def executed(app: Flask, world: World, looker: str, codes: Mapping[CodeType, str]) -> dict[str, list[Route]]:
    """The rows of the matrix that run each place, by the place."""
    ran: set[str] = set()

    def note(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call" and frame.f_code in codes:
            ran.add(codes[frame.f_code])

    @contextmanager
    def watched() -> Iterator[None]:
        for one in filters():
            forget_statements(one)
        sys.setprofile(note)
        try:
            yield
        finally:
            sys.setprofile(None)

    rows: dict[str, list[Route]] = defaultdict(list)
    number: dict[tuple[str, str, str], int] = {}
    visitor = Visitor(app, world, looker, around=watched)
    for route in routes():
        ran.clear()
        for cell in cells_of(world, route):
            if cell.relation in (Relation.OWN, Relation.OWN_UNIT):
                visitor.ask(cell)
        number[route.endpoint, route.method, route.object] = len(ran)
        for place in sorted(ran):
            rows[place].append(route)
    # Rows that run little else tell soonest.
    return {
        place: sorted(found, key=lambda route: number[route.endpoint, route.method, route.object])
        for place, found in rows.items()
    }


def pages(visitor: Visitor, rows: Iterable[Route]) -> dict[str, str]:
    """What the pages of these rows show that are there for who looks, without what differs each time."""
    looker, found = visitor.looker, {}
    for route in rows:
        if route.endpoint == "mydata.my_data" and looker != Role.EMPLOYEE:
            continue  # What who looks has done on other pages is logged and stands there.
        if route.method != "GET" or route.object in FRESH:
            continue
        for cell in cells_of(visitor.world, route):
            if cell.relation is Relation.OWN and route.lets_in(looker, cell.relation):
                found[str(cell)] = CHANGING.sub("", visitor.ask(cell).text)
    return found


def nobody_has_begun(world: World, slug: str) -> None:
    """Forget who has begun a course."""
    course = select(StoredCourse.key).where(StoredCourse.slug == slug).scalar_subquery()
    world.session.rollback()
    world.session.execute(delete(Enrolment).where(Enrolment.course_key == course))
    world.session.commit()


def somebody_else_does_something(world: World) -> None:
    """One more person of another unit: with duties, one of them due soon, a voluntary course, an agreement; and
    somebody looks at them.
    """
    session = world.session
    session.rollback()
    person = factories.person(session, unit=world.units[Relation.OTHER_UNIT])
    prove(world, person, "frei", title="Nebenan gelernt")
    agreements.propose(session, person.key, course_id="nebenan", actor=person.key, side=Side.PERSON, now=clock.now())
    enrol(session, BESIDE, person.key, now=clock.now())
    audit.record(
        session, actor=person.key, role=Role.HR, action="record.see", object_type="person", object_id="",
        subjects=(person.key,), now=clock.now(),
    )  # fmt: skip
    # The duties of the world are due later than the drawing of the weeks ahead reaches.
    made_rule(
        world, world.units[Relation.OTHER_UNIT], title="Nebenan bald fällig", course_id="nebenan", days=20,
        starts_on=clock.today(),
    )  # fmt: skip
    cycles.sweep(session, cycles.Reach(people=[person.key]), today=clock.today(), now=clock.now())
    session.commit()


def noticed(visitor: Visitor, rows: list[Route]) -> str:
    """What the tests of access say about the program as it is now; empty if nothing."""
    for route in rows:
        wrong, _seen = walked(visitor, [route])
        if wrong:
            return wrong[0]
    visitor.arrive()  # A page after a form says once what was done, and the same page opened again does not.
    nobody_has_begun(visitor.world, BESIDE)
    before = pages(visitor, rows)
    if dead := dead_links(visitor, before.values()):
        return f"a link to {dead[0]}, which is not there"
    somebody_else_does_something(visitor.world)
    after = pages(visitor, rows)
    return next((f"{cell}: shows what somebody else did" for cell in before if before[cell] != after[cell]), "")


def dead_links(visitor: Visitor, texts: Iterable[str]) -> list[str]:
    """Addresses of links to things of one person or rule that answer 404 to who is offered them."""
    linked = {address for text in texts for address in LINK.findall(text)}
    return sorted(address for address in linked if visitor.client.get(address).status_code == 404)


def test_what_somebody_else_does_changes_no_page_and_no_link_is_dead(app: Flask, world: World) -> None:
    for looker in LOOKERS:
        world.wear(looker)
        visitor = Visitor(app, world, looker)
        nobody_has_begun(world, BESIDE)
        before = pages(visitor, routes())
        assert dead_links(visitor, before.values()) == [], looker
        somebody_else_does_something(world)
        after = pages(visitor, routes())
        assert [cell for cell in before if before[cell] != after[cell]] == [], looker


@pytest.mark.harden
def test_each_filter_dropped_in_turn_is_noticed(app: Flask, world: World) -> None:
    """All of them on SQLite; on PostgreSQL one of four, and all under `./dev harden`."""
    every = 1 if world.engine.dialect.name == "sqlite" else examples(4, hardened=1)
    known = {one.name: one for one in filters()}
    wanted = [one for one in known.values() if one.place not in NO_PAGE and one.name not in ONE_ROW][::every]
    codes = {function_of(one).__code__: one.place for one in known.values()}
    killed: dict[Filter, str] = {}

    reached: set[str] = set()
    for looker in LOOKERS:
        world.wear(looker)
        rows = executed(app, world, looker, codes)
        reached |= set(rows)
        visitor = Visitor(app, world, looker)
        for one in wanted:
            if one in killed or one.place not in rows:
                continue
            with ExitStack() as mutants:
                mutants.enter_context(dropped(one))
                if one.name in BEHIND:
                    mutants.enter_context(dropped(known[BEHIND[one.name]]))
                found = noticed(visitor, rows[one.place])
            world.session.rollback()
            if found:
                visitor.arrive()
                killed[one] = f"{looker}: {found}"
    survivors = [str(one) for one in wanted if one not in killed]
    print(f"{len(killed)} of {len(wanted)} dropped filters were noticed")
    assert not survivors, "\n".join(survivors)
    assert sorted(reached & set(NO_PAGE)) == [], "a page runs these now; take them out of NO_PAGE"
    assert set(NO_PAGE) <= {one.place for one in known.values()}
    assert set(ONE_ROW) | set(BEHIND) | set(BEHIND.values()) <= set(known)


EXTRA_TIME = [name for name, reason in ONE_ROW.items() if "extra_time_is" in reason]


@pytest.mark.parametrize("name", ["", *EXTRA_TIME])
def test_extra_time_is_that_of_one_person(world: World, name: str) -> None:
    """With the program as it is, and not with one of its filters dropped."""
    session, by, now = world.session, world.officer.key, clock.now()
    one, other = world.people[Relation.OWN_UNIT].key, world.people[Relation.SUB_UNIT].key
    with ExitStack() as mutant:
        mutant.callback(session.rollback)
        if name:
            mutant.enter_context(dropped(next(each for each in filters() if each.name == name)))
            mutant.enter_context(pytest.raises(AssertionError))
        for key, factor in ((other, Decimal(2)), (one, Decimal("1.5"))):
            extra_time.set_extra_time(session, key, factor, by=by, now=now)
        found = [extra_time.factor_set_by(session, key, by=by) for key in (one, other)]
        assert found == [Decimal("1.5"), Decimal(2)]
        assert extra_time.factor_set_by(session, world.officer.key, by=by) is None
        assert extra_time.factor_of(session, world.officer.key) == 1
        extra_time.set_extra_time(session, one, None, by=by, now=now)
        assert extra_time.factor_set_by(session, other, by=by) == 2
        extra_time.end_extra_time(session, one)
        assert extra_time.factor_set_by(session, other, by=by) == 2


@pytest.mark.parametrize("name", ["", "people.accounts.password_hash_of 1"])
def test_who_has_no_password_gets_nobody_else_s_hash(world: World, name: str) -> None:
    """The one row that a database answers first may be the right one by chance; here there is no right one."""
    with ExitStack() as mutant:
        mutant.callback(world.session.rollback)
        if name:
            mutant.enter_context(dropped(next(each for each in filters() if each.name == name)))
            mutant.enter_context(pytest.raises(AssertionError))
        assert accounts.password_hash_of(world.session, world.officer.key) is None

"""The expected cells of every address (matrix.toml) and what its addresses and forms name: objects of each relation.

An address that names something has an entry in OBJECTS; one that takes a form or JSON has a valid one in BODIES, so
that who is let in is answered by the act itself and nobody by a refusal of what was sent.
"""

import tomllib
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, select
from werkzeug.datastructures import MultiDict

from learning import clock
from learning.library.models import EditionMedia, JobAidCard
from learning.obligations.models import Agreement, RuleUnit
from learning.people.links import Purpose, make_link
from learning.people.models import Throttle
from learning.people.roles import Role
from learning.people.sessions import Method, begin_session
from learning.reporting.rules.forms import typed_form
from learning.study.models import AnswerEvent, Attempt
from tests import factories
from tests.learning.access.markers import Relation, word
from tests.learning.access.world import COURSE, LESSON, OLD, PASSWORD, TEST, World, made_rule, place_of, prove

CELLS = tomllib.loads((Path(__file__).parent / "matrix.toml").read_text(encoding="utf-8"))["route"]
ANONYMOUS = "anonymous"
LOOKERS = (ANONYMOUS, *(role.value for role in Role))
NEW_PASSWORD = "Reiher Mondlicht Gartentor"  # a password of tests


@dataclass(frozen=True, slots=True)
class Route:
    """Expected cells of one address and method.

    `status` answers who is let in, `refused` who is not although the address is for people like them; `of` are
    statuses of single lookers or relations.
    """

    endpoint: str
    method: str
    who: frozenset[str]
    object: str
    reach: Mapping[str, tuple[str, ...]]
    status: int
    refused: int
    of: Mapping[str, int]
    is_for_servers: bool

    @property
    def relations(self) -> tuple[Relation, ...]:
        """The relations that the address is tried with; one where it names nothing."""
        return tuple(Relation) if self.object else (Relation.OWN,)

    def lets_in(self, looker: str, relation: Relation) -> bool:
        """True if this looker gets an answer for an object of this relation."""
        if looker not in self.who:
            return False
        return not self.reach or relation in self.reach.get(looker, self.reach.get("people", ()))

    def expected(self, looker: str, relation: Relation) -> int:
        """The one status that is right: others get 404, or are asked to sign in."""
        if self.lets_in(looker, relation):
            return self.of.get(looker, self.of.get(relation, self.status))
        if looker in self.who:
            return self.refused
        if looker == ANONYMOUS:
            return 302 if self.method == "GET" else 401
        return 404


def routes() -> list[Route]:
    """All rows of matrix.toml."""
    words = {"everybody": LOOKERS, "people": LOOKERS[1:]}
    return [
        Route(
            row["endpoint"],
            row.get("method", "GET"),
            frozenset(words[row["who"]] if isinstance(row["who"], str) else row["who"]),
            row.get("object", ""),
            {looker: tuple(relations) for looker, relations in row.get("reach", {}).items()},
            row.get("status", 200 if row.get("method", "GET") == "GET" else 303),
            row.get("refused", 404),
            row.get("of", {}),
            row.get("is_for_servers", False),
        )
        for row in CELLS
    ]


def cells(rows: list[Route]) -> int:
    """How many there are: each row for each looker and relation."""
    return sum(len(route.relations) for route in rows) * len(LOOKERS)


# What addresses name -------------------------------------------------------------------------------------------------

Values = Mapping[str, Any]
PREFIX = {Relation.OWN: Relation.OWN_UNIT}


def session_values(world: World, relation: Relation) -> Values:
    """A session of a person."""
    if relation is Relation.ABSENT:
        return {"session_id": uuid.uuid4()}
    key = world.people[relation].key
    begun = begin_session(world.session, key, method=Method.PASSWORD, now=clock.now(), hours=10)
    return {"session_id": begun.id}


def link_values(world: World, relation: Relation) -> Values:
    """The one-time link of a person: who has it holds it."""
    if relation is Relation.ABSENT:
        return {"token": "keiner"}
    return {"token": make_link(world.session, world.people[relation].key, Purpose.INVITATION, now=clock.now())}


def person_values(world: World, relation: Relation) -> Values:
    """The public id of a person."""
    return {"person_id": uuid.uuid4() if relation is Relation.ABSENT else world.people[relation].id}


def course_values(world: World, relation: Relation) -> Values:
    """The published course; courses are for everybody, whatever the unit."""
    return {"slug": "gibt-es-nicht" if relation is Relation.ABSENT else COURSE}


def module_values(module: str) -> Callable[[World, Relation], Values]:
    """A module of the course."""
    return lambda _world, relation: {"slug": COURSE, "module_slug": "kein" if relation is Relation.ABSENT else module}


def question_values(world: World, relation: Relation) -> Values:
    """A practice question of the course."""
    question = "q-keine" if relation is Relation.ABSENT else "f-text"
    return {"slug": COURSE, "module_slug": LESSON, "question_id": question}


EDITIONS = {Relation.OWN: 1, Relation.ABSENT: 99}


def edition_values(world: World, relation: Relation) -> Values:
    """An older edition: the first one was learnt by who looks, the second one by all others."""
    return {"slug": OLD, "number": EDITIONS.get(relation, 2)}


def edition_module_values(world: World, relation: Relation) -> Values:
    """A module of that edition."""
    return {**edition_values(world, relation), "module_slug": "erstes"}


def newest_edition_values(world: World, relation: Relation) -> Values:
    """The newest edition, for everybody."""
    return {"slug": OLD, "number": 99 if relation is Relation.ABSENT else 3}


def newest_module_values(world: World, relation: Relation) -> Values:
    """A module of the newest edition."""
    return {**newest_edition_values(world, relation), "module_slug": "erstes"}


def job_aid_values(world: World, relation: Relation) -> Values:
    """A job aid of the newest edition."""
    aid = world.session.execute(
        select(JobAidCard.module_slug, JobAidCard.anchor).where(JobAidCard.language == "de").limit(1)
    ).one()
    anchor = "keine" if relation is Relation.ABSENT else aid.anchor
    return {"slug": COURSE, "module_slug": aid.module_slug, "anchor": anchor}


def media_values(world: World, relation: Relation) -> Values:
    """A picture of the course."""
    media = world.session.execute(select(EditionMedia.digest, EditionMedia.name).limit(1)).one()
    return {"digest": "0" * 64 if relation is Relation.ABSENT else media.digest, "name": media.name}


def agreement_values(world: World, relation: Relation) -> Values:
    """A proposal that waits for both sides, fresh for each cell."""
    if relation is Relation.ABSENT:
        return {"agreement_id": uuid.uuid4()}
    person, course_id = world.people[relation], "vereinbart"
    same = (Agreement.person_key == person.key, Agreement.course_id == course_id)
    number = (world.session.scalar(select(func.max(Agreement.number)).where(*same)) or 0) + 1
    made = Agreement(
        id=uuid.uuid4(), person_key=person.key, course_id=course_id, number=number, proposed_by=person.key,
        proposed_at=clock.now(),
    )  # fmt: skip
    world.session.add(made)
    world.session.flush()
    return {"agreement_id": made.id}


def proof_values(world: World, relation: Relation) -> Values:
    """The proof of a course that the person took freely, fresh for each cell."""
    if relation is Relation.ABSENT:
        return {"proof_id": uuid.uuid4()}
    return {"proof_id": prove(world, world.people[relation], "frei", title="Frei gewählt").id}


def attempt_values(world: World, relation: Relation) -> Values:
    """An attempt in progress."""
    return {"attempt_id": uuid.uuid4() if relation is Relation.ABSENT else world.attempts[relation]}


def attempt_question_values(world: World, relation: Relation) -> Values:
    """A question of an attempt in progress."""
    return {**attempt_values(world, relation), "number": 1}


def closed_attempt_values(world: World, relation: Relation) -> Values:
    """An attempt that was handed in."""
    return {"attempt_id": uuid.uuid4() if relation is Relation.ABSENT else world.closed_attempts[relation]}


def rule_values(world: World, relation: Relation) -> Values:
    """A rule for a unit, fresh for each cell; the one of relation OWN is for everyone, who looks included."""
    if relation is Relation.ABSENT:
        return {"rule_id": uuid.uuid4()}
    unit = None if relation is Relation.OWN else world.units[relation]
    return {"rule_id": made_rule(world, unit, title="Eine Regel", course_id="regel").id}


def shared_rule_values(world: World, relation: Relation) -> Values:
    """A rule for the looker's unit and one below the other person's, fresh for each cell."""
    if relation is Relation.ABSENT:
        return {"rule_id": uuid.uuid4()}
    rule = made_rule(world, world.units[Relation.OWN], title="Eine gemeinsame Regel", course_id="regel")
    unit = factories.unit(world.session, "Eine andere Einheit", parent=world.units[relation])
    world.session.add(RuleUnit(rule_key=rule.key, unit_key=unit.key, includes_sub_units=True))
    return {"rule_id": rule.id}


def unit_filter_values(world: World, relation: Relation) -> Values:
    """A unit as the filter of a list."""
    return {"einheit": uuid.uuid4() if relation is Relation.ABSENT else world.units[relation].id}


def rule_filter_values(world: World, relation: Relation) -> Values:
    """A unit's rule as the filter of a list."""
    return {"pflicht": uuid.uuid4() if relation is Relation.ABSENT else world.rules[PREFIX.get(relation, relation)]}


def searched_values(world: World, relation: Relation) -> Values:
    """A family name in a field to search."""
    return {"suche": "Niemand" if relation is Relation.ABSENT else world.people[relation].family_name}


OBJECTS: dict[str, Callable[[World, Relation], Values]] = {
    "": lambda _world, _relation: {},
    "session": session_values,
    "link": link_values,
    "person": person_values,
    "course": course_values,
    "edition": edition_values,
    "edition_module": edition_module_values,
    "newest_edition": newest_edition_values,
    "newest_module": newest_module_values,
    "job_aid": job_aid_values,
    "media": media_values,
    "module": module_values("text"),
    "lesson": module_values(LESSON),
    "test": module_values(TEST),
    "question": question_values,
    "agreement": agreement_values,
    "proof": proof_values,
    "attempt": attempt_values,
    "attempt_question": attempt_question_values,
    "closed_attempt": closed_attempt_values,
    "rule": rule_values,
    "shared_rule": shared_rule_values,
    "unit_filter": unit_filter_values,
    "rule_filter": rule_filter_values,
    "name_searched": searched_values,
    # Named by the form, not by the address.
    "number_in_form": lambda _world, _relation: {},
    "unit_in_form": lambda _world, _relation: {},
    "unit_in_dry_run": lambda _world, _relation: {},
}


# What forms and scripts send ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Body:
    """A form, or JSON as a script sends it."""

    form: Mapping[str, object] = field(default_factory=dict)
    json: Mapping[str, object] | None = None


def sign_in_body(world: World, relation: Relation) -> Body:
    """Account name and password of who looks."""
    person = world.people[Relation.OWN]
    factories.password(world.session, person, PASSWORD)
    return Body({"name": person.hr_key, "kennwort": PASSWORD})


def reset_body(world: World, relation: Relation) -> Body:
    """An account name, while nobody has asked too often."""
    world.session.execute(delete(Throttle))
    return Body({"name": "P-1"})


def new_password_body(world: World, relation: Relation) -> Body:
    """The current password and a new one."""
    factories.password(world.session, world.people[Relation.OWN], PASSWORD)
    return Body({"bisher": PASSWORD, "kennwort": NEW_PASSWORD, "wiederholung": NEW_PASSWORD})


def rule_body(world: World, relation: Relation, *, titel: str = "Neue Regel") -> Body:
    """A rule for a unit as its form sends it after the dry run; the one of relation OWN is for everyone."""
    unit = uuid.uuid4() if relation is Relation.ABSENT else world.units[relation].id
    audience, units = ("alle", []) if relation is Relation.OWN else ("einheiten", [str(unit)])
    form = {
        "titel": titel, "kurs": COURSE, "zielgruppe": audience, "beginn": clock.today().isoformat(),
        "anker": "rule_start", "tage": "30", "turnus": "once", "schluessel": str(uuid.uuid4()),
    }  # fmt: skip
    seen = typed_form(MultiDict(form), units).digest
    return Body({**form, **({"einheiten": units[0]} if units else {}), "schritt": "anlegen", "gesehen": seen})


def dry_run_body(world: World, relation: Relation) -> Body:
    """The same rule before its dry run."""
    return Body({name: value for name, value in rule_body(world, relation).form.items() if name != "schritt"})


def agreement_body(world: World, relation: Relation) -> Body:
    """A qualification for the person with this number."""
    number = "gibt-es-nicht" if relation is Relation.ABSENT else world.people[relation].hr_key
    return Body({"personalnummer": number, "kurs": COURSE})


def answer_body(world: World, relation: Relation) -> Body:
    """An answer to the first question of the looker's attempt, based on what is stored."""
    attempt = select(Attempt.key).where(Attempt.id == world.attempts[Relation.OWN]).scalar_subquery()
    stored = select(func.max(AnswerEvent.version)).where(AnswerEvent.attempt_key == attempt, AnswerEvent.item == 0)
    base = world.session.scalar(stored) or 0
    return Body(json={"key": str(uuid.uuid4()), "item": 0, "base": base, "fields": {}})


BODIES: dict[str, Callable[..., Body]] = {
    "preferences.save_preferences": lambda _world, _relation: Body({"sprache": "de", "zurueck": "/"}),
    "people.take_sign_in": sign_in_body,
    "openid.begin": lambda _world, _relation: Body({"weiter": "/konto"}),
    "openid.back_channel": lambda _world, _relation: Body({"logout_token": "keiner"}),
    "proxy.begin": lambda _world, _relation: Body({"weiter": "/konto"}),
    "people.sign_out": lambda _world, _relation: Body(),
    "people.take_invitation": lambda _world, _relation: Body({"kennwort": PASSWORD, "wiederholung": PASSWORD}),
    "people.take_new_password": new_password_body,
    "resets.take_forgotten_password": reset_body,
    "people.end_one_session": lambda _world, _relation: Body(),
    "people.end_all_other_sessions": lambda _world, _relation: Body(),
    "study.place": lambda world, _relation: Body({"stelle": place_of(Relation.OWN)}),
    "study.go_on": lambda _world, _relation: Body(),
    "study.take_newer": lambda _world, _relation: Body({"nummer": "1"}),
    "study.again": lambda _world, _relation: Body(),
    "study.answer": lambda _world, _relation: Body({"f-f-text": word("practice", Relation.OWN)}),
    "study.release": lambda _world, _relation: Body(),
    "study.take_back": lambda _world, _relation: Body(),
    "study.confirm_agreement": lambda _world, _relation: Body(),
    "study.end_agreement": lambda _world, _relation: Body(),
    "mydata.end_own_extra_time": lambda _world, _relation: Body(),
    "attempts.begin": lambda _world, _relation: Body({"nach": "1"}),
    "attempts.turn_page": lambda _world, _relation: Body({"zu": "1", "stelle": "0"}),
    "attempts.save": answer_body,
    "reporting.make_rule": rule_body,
    "reporting.make_rule unit_in_dry_run": dry_run_body,
    "reporting.propose_agreement": agreement_body,
    "reporting.confirm_agreement": lambda _world, _relation: Body(),
    "reporting.take_extra_time": lambda _world, _relation: Body({"faktor": "1.25"}),
    "reporting.end_agreement": lambda _world, _relation: Body(),
    "reporting.end_rule": lambda _world, _relation: Body(),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One address for one relation: what it names and what is sent there."""

    route: Route
    relation: Relation
    values: Values
    body: Body | None

    def __str__(self) -> str:
        named = f" {self.route.object}" if self.route.object else ""
        return f"{self.route.method} {self.route.endpoint}{named} {self.relation}"


def cells_of(world: World, route: Route) -> Iterator[Cell]:
    """The cells of a row, each with objects that are there now; all of it is committed."""
    for relation in route.relations:
        world.session.rollback()
        values = OBJECTS[route.object](world, relation)
        fill_in = BODIES.get(f"{route.endpoint} {route.object}") or BODIES.get(route.endpoint)
        body = fill_in(world, relation) if fill_in and route.method != "GET" else None
        world.session.commit()
        yield Cell(route, relation, values, body)

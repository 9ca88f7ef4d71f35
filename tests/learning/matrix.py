"""The world in which the matrix of access is tried: three units, a person in each with a name that occurs nowhere else.

A feature adds to FURNISHINGS what it stores about a person, and to OBJECTS what its addresses name.
"""

import tomllib
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from learning import clock
from learning.library.models import EditionMedia, JobAidCard
from learning.people.links import Purpose, make_link
from learning.people.models import Person
from learning.people.models import Session as SignedIn
from learning.people.roles import Role
from learning.people.sessions import Method, begin_session
from tests import factories

CELLS = tomllib.loads((Path(__file__).parent / "matrix.toml").read_text(encoding="utf-8"))["route"]
ANONYMOUS = "anonymous"
LOOKERS = (ANONYMOUS, *(role.value for role in Role))


class Relation(StrEnum):
    """How the object of an address relates to who looks."""

    OWN = "own"
    OWN_UNIT = "own_unit"
    SUB_UNIT = "sub_unit"
    OTHER_UNIT = "other_unit"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Route:
    """Expected cells of one address and method."""

    endpoint: str
    method: str
    who: frozenset[str]
    object: str
    reach: Mapping[str, tuple[str, ...]]

    def lets_in(self, looker: str, relation: Relation) -> bool:
        """True if this looker gets an answer for an object of this relation."""
        if looker not in self.who:
            return False
        return not self.reach or relation in self.reach.get(looker, self.reach.get("people", ()))


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
        )
        for row in CELLS
    ]


@dataclass(frozen=True, slots=True)
class World:
    """Who looks, and a person for each relation."""

    session: Session
    people: Mapping[Relation, Person]

    def canary(self, relation: Relation) -> str:
        """The family name that belongs to this relation alone."""
        return f"Kanarie{relation.value.replace('_', '')}"


Furnishing = Callable[[Session, Person], None]
FURNISHINGS: list[Furnishing] = []


def make_world(session: Session, looker: str) -> World:
    """Three units and their people; the one of relation OWN holds the role."""
    top = factories.unit(session, "Amt")
    unit = factories.unit(session, "Team Nord", parent=top)
    sub_unit = factories.unit(session, "Team Nord Empfang", parent=unit)
    other = factories.unit(session, "Team Süd", parent=top)
    places = {
        Relation.OWN: unit,
        Relation.OWN_UNIT: unit,
        Relation.SUB_UNIT: sub_unit,
        Relation.OTHER_UNIT: other,
    }
    world = World(session, {})
    people = {
        relation: factories.person(session, f"Vorname {world.canary(relation)}", unit=place)
        for relation, place in places.items()
    }
    if looker not in (ANONYMOUS, Role.EMPLOYEE):
        role = Role(looker)
        is_scoped = role in (Role.TEAM_LEAD, Role.HR)
        factories.grant(session, people[Relation.OWN], role, unit=unit if is_scoped else None)
    for person in people.values():
        for furnish in FURNISHINGS:
            furnish(session, person)
    session.commit()
    factories.published_course(session)
    return World(session, people)


def no_object(world: World, relation: Relation) -> dict[str, Any]:
    """Addresses that name nothing."""
    return {}


def session_values(world: World, relation: Relation) -> dict[str, Any]:
    """The session of a person."""
    world.session.commit()  # What was read before would keep SQLite from writing after somebody else has.
    if relation is Relation.ABSENT:
        return {"session_id": uuid.uuid4()}
    begun = begin_session(world.session, world.people[relation].key, method=Method.PASSWORD, now=clock.now(), hours=10)
    world.session.commit()
    found = world.session.execute(select(SignedIn.id).where(SignedIn.id == begun.id)).scalar_one()
    return {"session_id": found}


def link_values(world: World, relation: Relation) -> dict[str, Any]:
    """The one-time link of a person."""
    world.session.commit()
    token = make_link(world.session, world.people[Relation.OWN].key, Purpose.INVITATION, now=clock.now())
    world.session.commit()
    return {"token": token}


def person_values(world: World, relation: Relation) -> dict[str, Any]:
    """The public id of a person."""
    return {"person_id": uuid.uuid4() if relation is Relation.ABSENT else world.people[relation].id}


def course_values(world: World, relation: Relation) -> dict[str, Any]:
    """The one published course; courses are for everybody, whatever the unit."""
    return {"slug": "gibt-es-nicht" if relation is Relation.ABSENT else "bausteine"}


def edition_values(world: World, relation: Relation) -> dict[str, Any]:
    """The newest edition of the course."""
    return {"slug": "bausteine", "number": 99 if relation is Relation.ABSENT else 1}


def edition_module_values(world: World, relation: Relation) -> dict[str, Any]:
    """A module of that edition."""
    return {**edition_values(world, Relation.OWN), "module_slug": "kein" if relation is Relation.ABSENT else "text"}


def job_aid_values(world: World, relation: Relation) -> dict[str, Any]:
    """A job aid of the newest edition."""
    aid = world.session.execute(
        select(JobAidCard.module_slug, JobAidCard.anchor).where(JobAidCard.language == "de").limit(1)
    ).one()
    anchor = "keine" if relation is Relation.ABSENT else aid.anchor
    return {"slug": "bausteine", "module_slug": aid.module_slug, "anchor": anchor}


def media_values(world: World, relation: Relation) -> dict[str, Any]:
    """A picture of the course."""
    media = world.session.execute(select(EditionMedia.digest, EditionMedia.name).limit(1)).one()
    return {"digest": "0" * 64 if relation is Relation.ABSENT else media.digest, "name": media.name}


def module_values(world: World, relation: Relation) -> dict[str, Any]:
    """A module of the course."""
    return {"slug": "bausteine", "module_slug": "kein" if relation is Relation.ABSENT else "text"}


ABSENT: dict[str, dict[str, Any]] = {
    "absent_module": {"slug": "bausteine", "module_slug": "kein"},
    "absent_question": {"slug": "bausteine", "module_slug": "fragen", "question_id": "q-keine"},
    "absent_agreement": {"agreement_id": uuid.UUID(int=1)},
    "absent_proof": {"proof_id": uuid.UUID(int=1)},
    "absent_rule": {"rule_id": uuid.UUID(int=1)},
    "absent_attempt": {"attempt_id": uuid.UUID(int=1)},
    "absent_attempt_question": {"attempt_id": uuid.UUID(int=1), "number": 1},
}


def absent_values(kind: str) -> Callable[[World, Relation], dict[str, Any]]:
    """What names nothing that exists, whatever the relation."""
    return lambda _world, _relation: ABSENT[kind]


OBJECTS: dict[str, Callable[[World, Relation], dict[str, Any]]] = {
    "": no_object,
    "session": session_values,
    "link": link_values,
    "person": person_values,
    "course": course_values,
    "edition": edition_values,
    "edition_module": edition_module_values,
    "job_aid": job_aid_values,
    "media": media_values,
    "module": module_values,
    **{kind: absent_values(kind) for kind in ABSENT},
}


def names_seen_by(looker: str) -> set[Relation]:
    """Relations whose names may stand on pages for this looker, from rows D1 to D3 of the matrix."""
    if looker == ANONYMOUS:
        return set()
    seen = {Relation.OWN}
    if looker in (Role.TEAM_LEAD, Role.HR):
        seen.add(Relation.OWN_UNIT)
    if looker == Role.HR:
        seen.add(Relation.SUB_UNIT)
    return seen

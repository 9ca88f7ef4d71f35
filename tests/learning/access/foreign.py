"""What is stored of the person in the other unit: nobody who looks may ever change any of it."""

import functools
from typing import Any

from sqlalchemy import Select, bindparam, select

from learning.audit import AuditSubject
from learning.obligations.models import Agreement, Cycle, Proof, ReleasedCertificate
from learning.people.models import Credential, OneTimeLink
from learning.people.models import Session as SignedIn
from learning.study.models import AnswerEvent, Attempt, Enrolment, ModuleDone, PracticeAnswer, ReadingPlace
from tests.learning.access.world import OTHER_UNIT, World

# Whose rows name a person, or the enrolment or attempt of one.
OF_PERSON = (Credential, SignedIn, OneTimeLink, Enrolment, Agreement, Proof, Cycle, AuditSubject)
OF_ENROLMENT = (ModuleDone, ReadingPlace, PracticeAnswer, Attempt)


@functools.cache
def _stored_of_a_person() -> tuple[Select[Any], ...]:
    key = bindparam("whose")
    own = select(Enrolment.key).where(Enrolment.person_key == key)
    queries = [select(model.__table__).where(model.__table__.c.person_key == key) for model in OF_PERSON]
    queries += [select(model.__table__).where(model.__table__.c.enrolment_key.in_(own)) for model in OF_ENROLMENT]
    queries.append(select(AnswerEvent.__table__).join(Attempt).where(Attempt.enrolment_key.in_(own)))
    queries.append(select(ReleasedCertificate.__table__).join(Proof).where(Proof.person_key == key))
    return tuple(queries)


def foreign_data(world: World) -> str:
    """All of it as one text."""
    whose = {"whose": world.people[OTHER_UNIT].key}
    with world.engine.connect() as connection:
        rows = [sorted(map(repr, connection.execute(query, whose).all())) for query in _stored_of_a_person()]
    return repr(rows)

"""What is stored of the person in the other unit: nobody who looks may ever change any of it."""

import functools
from typing import Any

from sqlalchemy import CompoundSelect, Select, Text, bindparam, cast, func, literal, select, union_all

from learning.audit import AuditSubject
from learning.database import Model
from learning.obligations.models import Agreement, Cycle, Proof, ReleasedCertificate
from learning.people.models import Credential, OneTimeLink
from learning.people.models import Session as SignedIn
from learning.study.models import AnswerEvent, Attempt, Enrolment, ExtraTime, ModuleDone, PracticeAnswer, ReadingPlace
from tests.learning.access.world import OTHER_UNIT, World

# Whose rows name a person, or the enrolment or attempt of one.
OF_PERSON = (Credential, SignedIn, OneTimeLink, Enrolment, Agreement, Proof, Cycle, AuditSubject, ExtraTime)
OF_ENROLMENT = (ModuleDone, ReadingPlace, PracticeAnswer, Attempt)


@functools.cache
def _stored_of_a_person() -> CompoundSelect[Any]:
    """Each row as the name of its table and one text: a cell is looked at twice, so it has to be one question."""
    key = bindparam("whose")
    own = select(Enrolment.key).where(Enrolment.person_key == key)
    rows = [_as_text(model).where(model.__table__.c.person_key == key) for model in OF_PERSON]
    rows += [_as_text(model).where(model.__table__.c.enrolment_key.in_(own)) for model in OF_ENROLMENT]
    rows.append(_as_text(AnswerEvent).join(Attempt).where(Attempt.enrolment_key.in_(own)))
    rows.append(_as_text(ReleasedCertificate).join(Proof).where(Proof.person_key == key))
    return union_all(*rows)


def _as_text(model: type[Model]) -> Select[Any]:
    columns = [func.coalesce(cast(column, Text), "\x1e") for column in model.__table__.columns]
    return select(literal(model.__tablename__), functools.reduce(lambda text, one: text + "\x1f" + one, columns))


def foreign_data(world: World) -> tuple[tuple[str, str], ...]:
    """All of it, in order."""
    whose = {"whose": world.people[OTHER_UNIT].key}
    with world.engine.connect() as connection:
        return tuple(sorted((table, row) for table, row in connection.execute(_stored_of_a_person(), whose)))

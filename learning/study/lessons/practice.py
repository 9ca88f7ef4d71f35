"""Practice answers and places of reading: kept for the person alone, the newest only, so every request may be repeated.

Nothing of it is evidence; it lets a person go on where they stopped, on whatever device.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from learning.database import upsert
from learning.study.models import PracticeAnswer, ReadingPlace
from quizzes.responses import Response, to_json


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """An answer to a question as it was asked. Without a response only the resolution was looked at."""

    question_id: str
    revision_key: int
    response: Response | None
    is_right: bool = False


def keep_answer(session: Session, enrolment_key: int, given: GivenAnswer, *, now: datetime) -> None:
    """Keep the newest answer; that it was right once stays known."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(PracticeAnswer).values(
        enrolment_key=enrolment_key,
        question_id=given.question_id,
        revision_key=given.revision_key,
        response=to_json(given.response) if given.response else None,
        is_best_right=given.is_right,
        changed_at=now,
    )
    newest = {name: statement.excluded[name] for name in ("revision_key", "response", "changed_at")}
    was_right = or_(PracticeAnswer.is_best_right, statement.excluded.is_best_right)
    keys = ["enrolment_key", "question_id"]
    session.execute(statement.on_conflict_do_update(index_elements=keys, set_={**newest, "is_best_right": was_right}))


def keep_place(session: Session, enrolment_key: int, module_id: str, *, anchor: str, now: datetime) -> None:
    """Keep where the person reads; `anchor` is the id of a section in the page, empty for the beginning."""
    values = {"enrolment_key": enrolment_key, "module_id": module_id, "anchor": anchor, "changed_at": now}
    keys = ("enrolment_key", "module_id")
    upsert(session, ReadingPlace, values, unique=keys, change=("anchor", "changed_at"))

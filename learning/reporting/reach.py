"""Whose data the acting person reaches here, as conditions over units, and the entry in the log that a look leaves."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from learning import audit
from learning.people.models import Unit
from learning.people.permissions import scope_of
from learning.people.roles import Role
from learning.people.viewer import Viewer


def hr_units(viewer: Viewer) -> ColumnElement[bool]:
    """The units that the viewer reaches for HR, as a condition over `Unit.path`."""
    return scope_of(viewer, Role.HR).in_scope(Unit.path)


def team_units(viewer: Viewer) -> ColumnElement[bool]:
    """The units that the viewer leads, as a condition over `Unit.path`."""
    return scope_of(viewer, Role.TEAM_LEAD).in_scope(Unit.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What somebody did with other people's data. `scope` names filters, never what was typed."""

    role: Role
    action: str
    object_type: str
    object_id: str = ""
    subjects: tuple[int, ...] = ()
    scope: str = ""
    purpose: str = ""


def write_down(session: Session, viewer: Viewer, act: Act, *, now: datetime.datetime) -> None:
    """Add the act to the audit log; those whom it is about can read it at "Meine Daten"."""
    audit.record(
        session,
        actor=viewer.key,
        role=act.role.value,
        action=act.action,
        object_type=act.object_type,
        object_id=act.object_id,
        subjects=act.subjects,
        scope=act.scope,
        purpose=act.purpose,
        count=max(1, len(act.subjects)),
        now=now,
    )


def scope_text(parts: Iterable[tuple[str, object]]) -> str:
    """Filters as the log keeps them: name and value of those that are set."""
    return " ".join(f"{name}={value}" for name, value in parts if value)

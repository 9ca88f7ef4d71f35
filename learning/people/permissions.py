"""Who may do what: one table of actions and roles, one pure question, and the units that a role reaches.

An action is one thing that a page lets people do. A role that is not named at an action may not do it. Team leads and
HR may do it only for the units that they hold the role on: `scope_of` says which, as a condition for queries, so that
what is foreign is never loaded and answers like what does not exist.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import BindParameter, ColumnElement, bindparam, false, or_
from sqlalchemy.orm import InstrumentedAttribute

from learning.people.roles import Role
from learning.people.viewer import Viewer


class Action(StrEnum):
    """What somebody can do. Names are noun and verb."""

    ACCOUNT_USE = "account.use"
    LIBRARY_READ = "library.read"
    COURSE_STUDY = "course.study"
    OWN_DATA_SEE = "own_data.see"
    AGREEMENT_CONFIRM = "agreement.confirm"
    CERTIFICATE_RELEASE = "certificate.release"
    EXTRA_TIME_END = "extra_time.end"
    TEAM_SEE = "team.see"
    DUTIES_SEE = "duties.see"
    DUTIES_EXPORT = "duties.export"
    RECORD_SEE = "record.see"
    RULE_WRITE = "rule.write"
    AGREEMENT_WRITE = "agreement.write"
    PROOF_ENTER = "proof.enter"
    EXTRA_TIME_SET = "extra_time.set"
    LOCAL_TEXT_WRITE = "local_text.write"
    TOTALS_SEE = "totals.see"
    AUDIT_COUNTS_SEE = "audit_counts.see"
    AUDIT_SEE = "audit.see"
    PEOPLE_MANAGE = "people.manage"


EVERYBODY = frozenset(Role)

TABLE: Mapping[Action, frozenset[Role]] = {
    Action.ACCOUNT_USE: EVERYBODY,
    Action.LIBRARY_READ: EVERYBODY,
    Action.COURSE_STUDY: EVERYBODY,
    Action.OWN_DATA_SEE: EVERYBODY,
    Action.AGREEMENT_CONFIRM: EVERYBODY,
    Action.CERTIFICATE_RELEASE: EVERYBODY,
    Action.EXTRA_TIME_END: EVERYBODY,
    Action.TEAM_SEE: frozenset({Role.TEAM_LEAD}),
    Action.DUTIES_SEE: frozenset({Role.HR}),
    Action.DUTIES_EXPORT: frozenset({Role.HR}),
    Action.RECORD_SEE: frozenset({Role.HR}),
    Action.RULE_WRITE: frozenset({Role.HR}),
    Action.AGREEMENT_WRITE: frozenset({Role.HR}),
    Action.PROOF_ENTER: frozenset({Role.HR}),
    Action.EXTRA_TIME_SET: frozenset({Role.HR}),
    Action.LOCAL_TEXT_WRITE: frozenset({Role.TRAINER, Role.ADMINISTRATOR}),
    Action.TOTALS_SEE: frozenset({Role.HR, Role.WORKS_COUNCIL, Role.DATA_PROTECTION}),
    Action.AUDIT_COUNTS_SEE: frozenset({Role.WORKS_COUNCIL, Role.DATA_PROTECTION}),
    Action.AUDIT_SEE: frozenset({Role.DATA_PROTECTION}),
    Action.PEOPLE_MANAGE: frozenset({Role.ADMINISTRATOR}),
}

# Roles that reach only the units they are held on.
SCOPED_ROLES = frozenset({Role.TEAM_LEAD, Role.HR})


class Placed(Protocol):
    """Anything that belongs to a unit: a person, a record, a rule."""

    @property
    def unit_path(self) -> str:
        """Keys of the units from the root down to its own, as in `/1/4/`."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Units that a role reaches: those in `exact`, and everything at or below those in `prefixes`."""

    exact: frozenset[str] = frozenset()
    prefixes: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.exact or self.prefixes)

    def covers(self, unit_path: str) -> bool:
        """True if the unit of this path is reached."""
        return unit_path in self.exact or any(unit_path.startswith(prefix) for prefix in self.prefixes)

    def in_scope(self, path: InstrumentedAttribute[str]) -> ColumnElement[bool]:
        """The same as a condition on `Unit.path`.

        The paths stand in the statement itself: a plan of PostgreSQL for any path whatever expects few units, which is
        thirty times as slow for who reaches all of them.
        """
        prefixes: list[BindParameter[str]] = [
            bindparam(None, prefix, literal_execute=True) for prefix in sorted(self.prefixes)
        ]
        conditions: list[ColumnElement[bool]] = [path.startswith(prefix) for prefix in prefixes]
        if self.exact:
            conditions.append(path.in_(sorted(self.exact)))
        return or_(*conditions) if conditions else false()


def scope_of(viewer: Viewer, role: Role) -> Scope:
    """The units that `viewer` reaches as team lead or HR; nothing for a role that they do not hold."""
    grants = [grant for grant in viewer.roles if grant.role is role and grant.unit_path]
    return Scope(
        exact=frozenset(grant.unit_path for grant in grants if not grant.includes_sub_units),
        prefixes=frozenset(grant.unit_path for grant in grants if grant.includes_sub_units),
    )


def allowed(viewer: Viewer | None, action: Any, thing: Placed | None = None) -> bool:
    """True if the table gives one of the viewer's roles the action, and that role reaches `thing`, if one is given.

    Without `thing`: whether there is anything at all that the viewer could do it to.
    """
    if viewer is None:
        return False
    for role in TABLE.get(action, frozenset()):
        if not viewer.has(role):
            continue
        if role not in SCOPED_ROLES or thing is None:
            return True
        if scope_of(viewer, role).covers(thing.unit_path):
            return True
    return False

"""What every part of the story is told on: the diary, chance, the people by name, and who acts for HR."""

import datetime
import uuid
from dataclasses import dataclass, field
from random import Random

from sqlalchemy.orm import Session

from learning.demo.authority import Member
from learning.demo.diary import Diary
from learning.demo.learners import as_viewer
from learning.people.models import Person
from learning.people.roles import Role
from learning.reporting.reach import Act, write_down


@dataclass(slots=True)
class Stage:
    """`members` are those of the authority; `people` are the stored ones by HR key, once they have joined.

    `away` says for a few by HR key how many days ago they left off learning.
    """

    diary: Diary
    rng: Random
    members: tuple[Member, ...]
    people: dict[str, Person] = field(default_factory=dict)
    away: dict[str, int] = field(default_factory=dict)

    def person(self, name: str) -> Person:
        """Somebody whom the story names, by their name."""
        return self.people[self.member(name).hr_key]

    def member(self, name: str) -> Member:
        """The same before they have joined."""
        return next(member for member in self.members if member.name == name)

    def is_away(self, member: Member, days_ago: int) -> bool:
        """Whether somebody had left off by then."""
        return days_ago <= self.away.get(member.hr_key, 0)

    def key(self) -> str:
        """A key for a request, by the same chance as everything else."""
        return str(uuid.UUID(int=self.rng.getrandbits(128), version=4))

    def in_units(self, *prefixes: str) -> tuple[Member, ...]:
        """Everybody whose unit has one of these keys or stands below it; without keys all."""
        wanted = prefixes or ("",)
        return tuple(member for member in self.members if member.part.unit.startswith(wanted))


@dataclass(frozen=True, slots=True)
class Entry:
    """What a page writes into the log when somebody does it there."""

    role: Role
    action: str
    object_type: str
    purpose: str
    about: tuple[Person, ...] = ()
    object_id: str = ""


def write_entry(session: Session, actor: Person, entry: Entry, *, now: datetime.datetime) -> None:
    """Write it down as the page does."""
    act = Act(
        role=entry.role,
        action=entry.action,
        object_type=entry.object_type,
        object_id=entry.object_id,
        subjects=tuple(person.key for person in entry.about),
        purpose=entry.purpose,
    )
    write_down(session, as_viewer(session, actor, now), act, now=now)

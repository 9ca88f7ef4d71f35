"""Markers: for each datum of each person a text that occurs nowhere else, and who may ever see it.

The table is written by hand from data-protection.md. `own` is the person themselves; team leads hold their role on
their unit alone, HR on theirs and all below. Whoever is not named sees nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from learning.people.roles import Role


class Relation(StrEnum):
    """How the object of an address relates to who looks."""

    OWN = "own"
    OWN_UNIT = "own_unit"
    SUB_UNIT = "sub_unit"
    OTHER_UNIT = "other_unit"
    ABSENT = "absent"


PRESENT = tuple(relation for relation in Relation if relation is not Relation.ABSENT)
NOBODY: frozenset[Relation] = frozenset()
OWN = frozenset({Relation.OWN})
TEAM = frozenset({Relation.OWN, Relation.OWN_UNIT})
UNITS = frozenset({Relation.OWN, Relation.OWN_UNIT, Relation.SUB_UNIT})
ALL = frozenset(PRESENT)
EVERYBODY: Mapping[str, frozenset[Relation]] = dict.fromkeys(Role, ALL)


@dataclass(frozen=True, slots=True)
class Kind:
    """A datum with its row in the matrix; `others` is what each role sees of it beyond the own one.

    `is_shown` is false while no page shows it to whom it may be shown, `is_shown_to_self` while only pages of others
    do; then the positive half cannot be asked for.
    """

    datum: str
    by_self: frozenset[Relation] = OWN
    others: Mapping[str, frozenset[Relation]] = field(default_factory=dict)
    is_shown: bool = True
    is_shown_to_self: bool = True

    def seen_by(self, looker: str) -> frozenset[Relation]:
        """Whose datum `looker` may see."""
        if looker not in set(Role):
            return NOBODY
        return self.by_self | self.others.get(looker, NOBODY)

    def is_expected(self, looker: str, relation: Relation) -> bool:
        """True if some answer has to show it, or the marker would prove nothing."""
        if not self.is_shown or relation not in self.seen_by(looker):
            return False
        return self.is_shown_to_self or relation in self.others.get(looker, NOBODY)


HR = {Role.HR: UNITS}
LEAD_AND_HR = {Role.TEAM_LEAD: TEAM, Role.HR: UNITS}
HOUSE = {Role.WORKS_COUNCIL: ALL, Role.DATA_PROTECTION: ALL}

KINDS: Mapping[str, Kind] = {
    "given": Kind("D1", others=LEAD_AND_HR),
    "family": Kind("D1", others=LEAD_AND_HR),
    "number": Kind("D1", others=HR),
    "mail": Kind("D1", others=LEAD_AND_HR, is_shown=False),
    "person": Kind("D1", others=HR),
    # Units and rules belong to several people: totals name them where at least five have the duty (D13).
    "unit": Kind("D1", by_self=TEAM, others={**LEAD_AND_HR, **HOUSE}),
    "rule": Kind("D2", by_self=TEAM, others={**LEAD_AND_HR, **HOUSE}),
    "basis": Kind("D2", by_self=TEAM, others=HR, is_shown=False),
    "exemption": Kind("D2", is_shown=False),
    "completed": Kind("D3", others=HR),
    "free": Kind("D4"),
    "agreed": Kind("D4", others=HR),
    "proposed": Kind("D4", others=HR),
    "agreement": Kind("D4", others=HR),
    "total": Kind("D4", by_self=NOBODY, others={Role.HR: UNITS, **HOUSE}),
    "place": Kind("D5"),
    "practice": Kind("D6"),
    "answer": Kind("D6"),
    "graded": Kind("D6"),
    "attempt": Kind("D6"),
    "proof": Kind("D12"),
    "shown": Kind("D12", others=HR),
    "instructor": Kind("D12", others=HR, is_shown_to_self=False),
    "source": Kind("D12", others=HR, is_shown=False),
    "correction": Kind("D12", others=HR, is_shown=False),
    "scope": Kind("D15", others={Role.DATA_PROTECTION: ALL}, is_shown=False),
    "suspended": Kind("D16", others=LEAD_AND_HR),
    "extra": Kind("D18"),
    "session": Kind("ACCOUNT"),
    "subject": Kind("ACCOUNT", is_shown=False),
    "seed": Kind("SECURITY", by_self=NOBODY),
    "hash": Kind("SECURITY", by_self=NOBODY),
    "token": Kind("SECURITY", by_self=NOBODY),
    "contact": Kind("CONTACT", by_self=ALL),
    "local": Kind("CONTACT", by_self=ALL),
}


def word(kind: str, relation: Relation) -> str:
    """The text of a datum: letters only, so that no page writes it in another way, and no word holds another."""
    return f"{kind.capitalize()}{relation.value.replace('_', '')}zq"


@dataclass(slots=True)
class Markers:
    """All texts to look for, by kind and relation. What a request itself names is no leak when it comes back."""

    texts: dict[tuple[str, Relation], tuple[str, ...]] = field(default_factory=dict)

    def add(self, kind: str, relation: Relation, *texts: object) -> None:
        """Look for `texts` as the datum `kind` of a person."""
        assert kind in KINDS, f"{kind} has no row in KINDS"
        known = self.texts.get((kind, relation), ())
        self.texts[kind, relation] = (*known, *(str(text) for text in texts))

    def found(self, text: str, *, named: str = "") -> set[tuple[str, Relation]]:
        """What stands in `text` and not in `named`, the address and body of the request."""
        return {key for key, words in self.texts.items() if any(word in text and word not in named for word in words)}


def leaks(found: set[tuple[str, Relation]], looker: str) -> list[str]:
    """What of it `looker` may not see, as lines."""
    return sorted(f"{kind} of {relation}" for kind, relation in found if relation not in KINDS[kind].seen_by(looker))

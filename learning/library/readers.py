"""What the library asks the features above it about a reader: states of courses, editions somebody learnt from.

The composition hands the answers over, because features use only what is below them. Without them the library is
complete for reading: nothing is known about anybody.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from flask import current_app
from sqlalchemy.orm import Session

from learning.library.course_pages import ModuleState

EXTENSION = "impuls-library-readers"


def nothing_learnt(_session: Session, _person_key: int, _course_key: int) -> frozenset[int]:
    """No edition."""
    return frozenset()


def no_states(_session: Session, _person_key: int, _slugs: Collection[str]) -> Mapping[str, ModuleState]:
    """No states."""
    return {}


@dataclass(frozen=True, slots=True)
class Readers:
    """One query each at most. `learnt`: keys of editions of a course that a person took or has a proof of;
    `states` of courses by slug, for the rows of the catalogue.
    """

    learnt: Callable[[Session, int, int], Collection[int]] = nothing_learnt
    states: Callable[[Session, int, Collection[str]], Mapping[str, ModuleState]] = no_states


def readers() -> Readers:
    """What this application was composed with."""
    found = current_app.extensions[EXTENSION]
    assert isinstance(found, Readers)
    return found

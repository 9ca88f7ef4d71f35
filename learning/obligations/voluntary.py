"""Totals of what people learnt of their own accord, so coarse that nobody can be found in them.

Counted are people whose completion HR does not know by name; otherwise the known ones could be taken off a total.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import Session

from learning.obligations import records
from learning.obligations.models import Proof, ProofCorrection
from learning.people.models import Person, Unit

LEAST_PEOPLE = 5


@dataclass(frozen=True, slots=True)
class CourseTotal:
    """At least five people who completed a course freely. `by_unit` has (name, people) of the units that may be told.

    A unit that is not named there has few or none; which of the two, nobody is told.
    """

    course_id: str
    course_title: str
    people: int
    by_unit: tuple[tuple[str, int], ...]


def completions(session: Session, *, within: ColumnElement[bool]) -> tuple[CourseTotal, ...]:
    """Totals by course and unit in a scope, most people first; courses with fewer people are left out. Two queries."""
    units = session.execute(select(Unit.key, Unit.name).where(within).order_by(Unit.path)).all()
    corrected = select(ProofCorrection.key).where(ProofCorrection.proof_key == Proof.key).correlate(Proof)
    # Whoever HR knows to have completed the course is left out, whatever else they completed in it on their own.
    known = select(Proof.person_key, Proof.course_id).where(records.is_known_to_hr()).correlate(None)
    statement = (
        select(Proof.course_id, func.max(Proof.course_title), Unit.key, func.count(Proof.person_key.distinct()))
        .join(Person, Person.key == Proof.person_key)
        .join(Unit, Unit.key == Person.unit_key)
        .where(within, ~corrected.exists(), tuple_(Proof.person_key, Proof.course_id).not_in(known))
        .group_by(Proof.course_id, Unit.key)
    )
    titles: dict[str, str] = {}
    cells: dict[str, dict[int, int]] = {}
    for course_id, title, unit_key, people in session.execute(statement):
        titles[course_id] = max(title, titles.get(course_id, ""))
        cells.setdefault(course_id, {key: 0 for key, _name in units})[unit_key] = people
    found = []
    for course_id, of_course in cells.items():
        if (people := sum(of_course.values())) >= LEAST_PEOPLE:
            told = tellable(of_course)
            lines = tuple((name, told[key]) for key, name in units if key in told)
            found.append(CourseTotal(course_id, titles[course_id], people, lines))
    return tuple(sorted(found, key=lambda line: (-line.people, line.course_title, line.course_id)))


def tellable(cells: Mapping[int, int], *, least: int = LEAST_PEOPLE) -> dict[int, int]:
    """The cells of a published total that may be told; cells with nobody in them have to be given as well.

    Small cells are kept back, and then the smallest others until those kept back hold at least `least` people
    together, so that subtracting what is told from the total leads to no smaller group either.
    """
    hidden = {key for key, number in cells.items() if number < least}
    rest = sorted((key for key in cells if key not in hidden), key=lambda key: (cells[key], key))
    while hidden and rest and sum(cells[key] for key in hidden) < least:
        hidden.add(rest.pop(0))
    return {key: number for key, number in cells.items() if key not in hidden}

"""Which facts a statement looks at: all of them, or those that were recorded until the end of a day.

The status of cycles (`status_sql`) reads its columns from here and is itself the same for both, so what it was as of a
day is no second rule. `history` does the same in Python; a property test holds the two equal.
"""

import datetime
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Date, SQLColumnExpression, and_, case, func, literal, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, aliased

from learning.database import UtcMoment
from learning.obligations.models import Cycle, CycleMove, Exemption, Proof, Suspension
from learning.obligations.rules import end_of_day


@dataclass(frozen=True, slots=True)
class Facts:
    """All facts that are recorded. The columns are those of `Cycle` in the statement."""

    def is_recorded(self, _moment: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
        """True for what was recorded at that moment, if it counts."""
        return true()

    def is_current(self) -> ColumnElement[bool]:
        """The one cycle per rule and person that counts; earlier ones are history."""
        return and_(Cycle.followed_on.is_(None), Cycle.closed_on.is_(None))

    def unit_key(self) -> SQLColumnExpression[int]:
        """The unit that the cycle counts for."""
        return Cycle.unit_key.expression

    def closed_on(self) -> SQLColumnExpression[Any]:
        """The day on which the cycle ended without the person's doing."""
        return Cycle.closed_on.expression

    def fulfilled_on(self) -> SQLColumnExpression[Any]:
        """The day of the proof that counts."""
        return Cycle.fulfilled_on.expression

    def valid_until(self) -> SQLColumnExpression[Any]:
        """Until when that proof is valid."""
        return Cycle.valid_until.expression

    def exempt_from(self) -> SQLColumnExpression[Any]:
        """First day of the exemption."""
        return Cycle.exempt_from.expression

    def exempt_until(self) -> SQLColumnExpression[Any]:
        """Last day of the exemption, NULL where it has no end."""
        return Cycle.exempt_until.expression

    def counts(self, absence: type[Suspension]) -> ColumnElement[bool]:
        """True for suspensions that were not withdrawn."""
        return absence.withdrawn_at.is_(None)


@dataclass(frozen=True, slots=True)
class FactsUntil(Facts):
    """The facts that were recorded until the end of `day`; `end` is the first moment after it (`facts_until`).

    Both may be columns. Cycles are followed and closed on the day on which that is recorded.
    """

    day: datetime.date | ColumnElement[datetime.date]
    end: datetime.datetime | ColumnElement[datetime.datetime]

    def is_recorded(self, moment: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
        """True for what was recorded before the day was over."""
        end = literal(self.end, UtcMoment()) if isinstance(self.end, datetime.datetime) else self.end
        return moment < end

    def is_current(self) -> ColumnElement[bool]:
        """The cycle of a rule and person that counted at the end of the day."""
        return and_(
            self.is_recorded(Cycle.recorded_at),
            or_(Cycle.followed_on.is_(None), Cycle.followed_on > self._day),
            or_(Cycle.closed_on.is_(None), Cycle.closed_on > self._day),
        )

    def unit_key(self) -> SQLColumnExpression[int]:
        """The unit of that day: the one that the first later move left, without one that of now."""
        left = (
            select(CycleMove.unit_key)
            .where(CycleMove.cycle_key == Cycle.key, ~self.is_recorded(CycleMove.recorded_at))
            .order_by(CycleMove.key)
            .limit(1)
            .correlate_except(CycleMove)
            .scalar_subquery()
        )
        return func.coalesce(left, Cycle.unit_key)

    def closed_on(self) -> SQLColumnExpression[Any]:
        """It is closed on the day on which that is recorded."""
        return case((Cycle.closed_on <= self._day, Cycle.closed_on))

    def fulfilled_on(self) -> SQLColumnExpression[Any]:
        """A proof counts from when it was written, and not before the cycle was there."""
        return case((self._has_proof(), Cycle.fulfilled_on))

    def valid_until(self) -> SQLColumnExpression[Any]:
        """Until when that proof is valid."""
        return case((self._has_proof(), Cycle.valid_until))

    def exempt_from(self) -> SQLColumnExpression[Any]:
        """As the newest word of HR until then says."""
        return self._said(Exemption.from_on)

    def exempt_until(self) -> SQLColumnExpression[Any]:
        """As the newest word of HR until then says."""
        return self._said(Exemption.until_on)

    def counts(self, absence: type[Suspension]) -> ColumnElement[bool]:
        """True for suspensions that were recorded and not withdrawn yet."""
        return and_(
            self.is_recorded(absence.recorded_at),
            or_(absence.withdrawn_at.is_(None), ~self.is_recorded(absence.withdrawn_at)),
        )

    @property
    def _day(self) -> ColumnElement[datetime.date]:
        return literal(self.day, Date()) if isinstance(self.day, datetime.date) else self.day

    def _has_proof(self) -> ColumnElement[bool]:
        proof = aliased(Proof)
        written = select(proof.key).where(proof.key == Cycle.proof_key, self.is_recorded(proof.recorded_at))
        return written.correlate_except(proof).exists()

    def _said(self, column: InstrumentedAttribute[Any]) -> ColumnElement[Any]:
        newest = select(column).where(Exemption.cycle_key == Cycle.key, self.is_recorded(Exemption.recorded_at))
        return newest.order_by(Exemption.key.desc()).limit(1).correlate_except(Exemption).scalar_subquery()


ALL_FACTS = Facts()


def facts_until(day: datetime.date) -> FactsUntil:
    """The facts that were recorded until the end of a day in Berlin."""
    return FactsUntil(day, end_of_day(day))

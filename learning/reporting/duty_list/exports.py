"""Duties as a table to take along: read line by line, so that memory stays flat however many people there are."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Engine, SQLColumnExpression, String, cast, func
from sqlalchemy.orm import Session

from learning.database import reading_bit_by_bit
from learning.language import gettext as _
from learning.obligations import status_sql
from learning.obligations.models import AssignmentRule, Cycle
from learning.obligations.queries import Filters, matching
from learning.obligations.rules import Status
from learning.people.models import Person, Unit
from learning.reporting.duty_list.spreadsheets import csv_pieces
from learning.reporting.stands import Stand
from learning.reporting.status_looks import status_look

ROWS_AT_ONCE = 500


def people_in(session: Session, filters: Filters, *, within: ColumnElement[bool], stand: Stand) -> tuple[int, ...]:
    """Keys of the people whom an export under these filters names. One query."""
    statement = matching(filters, within=within, today=stand.day, facts=stand.facts)
    return tuple(session.scalars(statement.with_only_columns(Person.key).distinct()))


def duty_lines(engine: Engine, filters: Filters, *, within: ColumnElement[bool], stand: Stand) -> Iterator[bytes]:
    """The file in pieces, one line for each duty that meets the filters. One query, on a connection of its own.

    As of an earlier day each line names the day, in a column of its own.
    """
    statuses = {status.value: status_look(status).text for status in Status}
    # Words are read now: while the file is sent there is no request any more that speaks a language.
    head = (*_head(), _("Stand am")) if stand.is_past else _head()
    return csv_pieces(head, _rows(engine, filters, statuses, within=within, stand=stand))


def _head() -> tuple[str, ...]:
    return (
        _("Personalnummer"),
        _("Nachname"),
        _("Vorname"),
        _("Organisationseinheit"),
        _("Pflicht"),
        _("Status"),
        _("Frist"),
        _("Abgeschlossen am"),
        _("Gültig bis"),
    )


def _rows(
    engine: Engine,
    filters: Filters,
    statuses: dict[str, str],
    *,
    within: ColumnElement[bool],
    stand: Stand,
) -> Iterator[tuple[str, ...]]:
    facts = stand.facts
    columns = (
        *(Person.hr_key, Person.family_name, Person.given_name, Unit.name, AssignmentRule.title),
        *(status_sql.status(stand.day, facts), _day(status_sql.effective_due_on(facts))),
        *(_day(facts.fulfilled_on()), _day(facts.valid_until())),
    )
    statement = (
        matching(filters, within=within, today=stand.day, facts=facts)
        .join(AssignmentRule, AssignmentRule.key == Cycle.rule_key)
        .with_only_columns(*columns)
        .order_by(Person.name_key, Person.key, AssignmentRule.title, AssignmentRule.key)
    )
    named = (stand.day.isoformat(),) if stand.is_past else ()
    with reading_bit_by_bit(engine, rows=ROWS_AT_ONCE) as connection:
        for *words, status, due_on, fulfilled_on, valid_until in connection.execute(statement):
            yield (*words, statuses[status], due_on, fulfilled_on, valid_until, *named)


def _day(day: SQLColumnExpression[Any]) -> ColumnElement[str]:
    """A date as spreadsheets of all languages read it, written by the database."""
    return func.coalesce(cast(day, String), "")

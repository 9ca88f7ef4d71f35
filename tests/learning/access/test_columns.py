"""Fields of everything that shows several people or goes to a script: by role, report and format, and nothing more.

The columns are written by hand from data-protection.md: team leads get status and the day that belongs to it, HR the
day of completion as well, works council and data protection totals alone.
"""

import csv
import io
from collections.abc import Mapping

import html5lib
import pytest
from flask import Flask

from learning.people.roles import Role
from learning.reporting.duty_list.spreadsheets import BYTE_ORDER_MARK
from tests.learning.access.markers import Relation, word
from tests.learning.access.walk import Visitor, address_of
from tests.learning.access.world import World
from tests.learning.matrix import Route, cells_of, routes

HTML = "{http://www.w3.org/1999/xhtml}"
COUNTS = (
    *("Verteilung", "überfällig", "bald fällig", "offen"),
    *("ausgesetzt, befreit, künftig", "erfüllt", "Anteil erfüllt"),
)
# For each role the tables of a report; "…" stands for one column a duty, named by its rule.
COLUMNS: Mapping[str, Mapping[str, tuple[tuple[str, ...], ...]]] = {
    Role.TEAM_LEAD: {"reporting.team": (("Name", "…"), ("Pflicht", *COUNTS))},
    Role.HR: {
        "reporting.people": (("Name", "…"),),
        "reporting.person": (
            ("Pflicht", "Status", "Datum", "Gültigkeit als Zeichnung"),
            ("Datum", "Kurs", "Form", "Verständnis, Gespräch", "Prüfsumme"),
        ),
        "reporting.agreements": (("Person", "Kurs", "Status", "Vorgeschlagen", "Aktionen"),),
        "reporting.rules": (("Pflicht", "Wen", "Wie oft", "Status", "Aktionen"),),
    },
}
EXPORT = (
    *("Personalnummer", "Nachname", "Vorname", "Organisationseinheit", "Pflicht", "Status", "Frist"),
    *("Abgeschlossen am", "Gültig bis"),
)


def tables_of(page: str) -> list[tuple[str, ...]]:
    """The heads of all tables of a page, one column a duty as "…"."""
    found = []
    for head in html5lib.parse(page).iter(f"{HTML}thead"):
        cells = [" ".join("".join(cell.itertext()).split()) for cell in head.iter(f"{HTML}th")]
        cells = [cell.split(";")[0] for cell in cells]
        names = ["…" if "Rule" in cell or cell == "Pflicht aller" else cell for cell in cells]
        found.append(tuple(dict.fromkeys(names)))
    return found


def row_of(endpoint: str) -> Route:
    """The first row of an address in the matrix."""
    return next(route for route in routes() if route.endpoint == endpoint)


@pytest.mark.parametrize(("role", "endpoint"), [(role, one) for role, reports in COLUMNS.items() for one in reports])
def test_a_report_has_exactly_these_columns(app: Flask, world: World, role: str, endpoint: str) -> None:
    world.wear(role)
    visitor = Visitor(app, world, role)
    cell = next(cell for cell in cells_of(world, row_of(endpoint)))
    found = tables_of(visitor.client.get(address_of(app, cell)).text)
    assert tuple(found) == COLUMNS[role][endpoint]


def test_the_export_has_exactly_these_columns(app: Flask, world: World) -> None:
    world.wear(Role.HR)
    text = Visitor(app, world, Role.HR).client.get("/personal/liste.csv").text
    rows = list(csv.reader(io.StringIO(text.removeprefix(BYTE_ORDER_MARK)), delimiter=";"))
    assert tuple(rows[0]) == EXPORT
    assert all(len(row) == len(EXPORT) for row in rows)
    (done,) = [row for row in rows if row[1] == word("family", Relation.OWN_UNIT) and row[5] == "Erfüllt"]
    assert done[7] < done[8]


def test_scripts_are_told_these_fields_alone(app: Flask, world: World) -> None:
    world.wear(Role.HR)
    visitor = Visitor(app, world, Role.HR)
    assert set(visitor.client.get("/anmeldung/stand").get_json()) == {"person", "form_token"}
    saved = visitor.ask(next(cells_of(world, row_of("attempts.save"))))
    assert set(saved.json) == {"key", "version", "counts", "server_time", "deadline"}

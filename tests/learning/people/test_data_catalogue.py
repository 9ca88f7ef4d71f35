"""Every personal column is in the data catalogue, every row of it is true, and nothing is stored that may not be."""

from collections.abc import Iterator

from sqlalchemy import Table

from learning import tables
from learning.people.roles import Role
from learning.people.visibility import Sight, catalogue, matrix

# Parts of names, between underscores, that would mean watching people (D8 and the scores of D6).
FORBIDDEN_PARTS = {"duration", "ip", "agent", "clicks", "score", "spent"}
FORBIDDEN_NAMES = ("last_seen", "last_login", "user_agent", "time_spent")
RETENTIONS = {"person", "proof", "progress", "course", "answers", "audit", "session", "hour"}
# These name nobody by a reference, and are about somebody all the same.
WITHOUT_REFERENCE = {"person", "throttle", "sign_in_flow"}


def personal_columns() -> Iterator[tuple[str, str]]:
    """Columns that a walk from `person` along the references reaches; content tables end the walk."""
    content = catalogue().content
    reached = set(WITHOUT_REFERENCE)
    found = True
    while found:
        found = False
        for table in tables.METADATA.tables.values():
            if table.name not in reached | content and referred(table) & reached:
                reached.add(table.name)
                found = True
    for table in tables.METADATA.tables.values():
        for column in table.columns:
            names_somebody = any(key.column.table.name == "person" for key in column.foreign_keys)
            if table.name in reached or (table.name in content and names_somebody):
                yield table.name, column.name


def referred(table: Table) -> set[str]:
    return {key.column.table.name for key in table.foreign_keys}


def test_every_personal_column_has_exactly_one_row_in_the_catalogue() -> None:
    rows = [(row.table, column) for row in catalogue().data for column in row.columns]
    wanted = set(personal_columns())
    missing = sorted(wanted - set(rows))
    assert not missing, f"learning/data_catalogue.toml has no row for {missing}"
    assert sorted(rows) == sorted(set(rows)), "a column has two rows"
    assert set(rows) <= wanted, f"rows for columns that do not exist: {sorted(set(rows) - wanted)}"


def test_every_row_names_purpose_basis_a_known_datum_and_a_known_retention() -> None:
    for row in catalogue().data:
        assert row.purpose.de, row
        assert row.purpose.en, row
        assert row.purpose.en != row.purpose.de, row
        assert row.basis, row
        assert row.datum in matrix(), row
        assert row.retention in RETENTIONS, row


def test_every_row_of_the_matrix_is_said_in_both_languages() -> None:
    for datum in matrix().values():
        for said in (datum.name, datum.note):
            assert bool(said.de) is bool(said.en), datum.code
            assert not said.de or said.de != said.en, datum.code
        assert datum.name.de, datum.code


def test_no_column_watches_people() -> None:
    for table in tables.METADATA.tables.values():
        for column in table.columns:
            assert not FORBIDDEN_PARTS & set(column.name.split("_")), f"{table.name}.{column.name}"
            assert not any(name in column.name for name in FORBIDDEN_NAMES), f"{table.name}.{column.name}"


def test_the_matrix_has_all_rows_and_gives_practice_to_nobody() -> None:
    assert {f"D{number}" for number in range(1, 19)} <= set(matrix())
    for code in ("D5", "D6", "D10"):
        assert set(matrix()[code].by_role.values()) == {Sight.NONE}
    sights = {code: datum.by_role[Role.ADMINISTRATOR] for code, datum in matrix().items()}
    assert {code for code, sight in sights.items() if sight is Sight.FULL} == {"CONTACT"}

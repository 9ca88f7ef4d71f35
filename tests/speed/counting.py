"""Counts the queries of a request; the entry that a look leaves in the log is not one of them."""

from collections.abc import Callable

from sqlalchemy import event

from learning.database import db
from tests.speed.conftest import House

ASIDE = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
LOGGING = ("INSERT INTO audit_", "SELECT audit_entry.hash", "SELECT pg_advisory_xact_lock")


def queries_of(house: House, ask: Callable[[], object]) -> list[str]:
    """The statements that `ask` lets the application send, without the beginning and end of transactions."""
    seen: list[str] = []

    def note(_c: object, _cursor: object, statement: str, _p: object, _x: object, _many: object) -> None:
        if not statement.startswith((*ASIDE, *LOGGING)):
            seen.append(statement)

    with house.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        ask()
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return seen

"""What may be told of an error of the database: its kind, the constraint, the statement; never a value of a row.

PostgreSQL repeats the whole row below its message ("DETAIL: Failing row contains …") and, where it cannot read a value,
quotes it within. Parameters of statements are hidden by the engine already (learning/database.py).
"""

import re
import sqlite3
from collections.abc import Iterator

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

# Servers that speak German quote in German.
QUOTE = re.compile(r'["»„«“]')
# A session that is asked once more after an error repeats the text of that error.
REPEATED = "Original exception was:"
# The class of SQL states for values that do not fit; in all others, quotes are around names of tables and constraints.
UNFIT_VALUE = "22"


def without_values(error: BaseException) -> None:
    """Take the values out of the texts of `error` and of all that led to it. Call it before anything logs the error."""
    for one in _led_to(error, seen=set()):
        # The driver of PostgreSQL is known by the state that its errors bear; importing it would take its time.
        if one.args and (isinstance(one, SQLAlchemyError | sqlite3.Error) or hasattr(one, "sqlstate")):
            text = str(one.args[0]).partition(REPEATED)[0]
            if _is_unfit_value(one):
                text = QUOTE.split(text)[0]  # Before the line ends: a value can hold the end of a line.
            one.args = (text.partition("\n")[0].rstrip(), *one.args[1:])


def _led_to(error: BaseException | None, *, seen: set[int]) -> Iterator[BaseException]:
    """The error, its causes, what it happened in and what it wraps, each once."""
    if error is None or id(error) in seen:
        return
    seen.add(id(error))
    yield error
    inner = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    wrapped = error.orig if isinstance(error, DBAPIError) else None
    for one in (error.__cause__, error.__context__, wrapped, *inner):
        yield from _led_to(one, seen=seen)


def _is_unfit_value(error: BaseException) -> bool:
    driver = error.orig if isinstance(error, DBAPIError) else error
    return (getattr(driver, "sqlstate", None) or "").startswith(UNFIT_VALUE)

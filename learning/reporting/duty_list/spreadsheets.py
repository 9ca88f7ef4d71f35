"""Tables as files that spreadsheets open: what people typed never becomes a formula, and umlauts survive."""

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import chain, islice

BYTE_ORDER_MARK = "\ufeff"
ACTIVE = frozenset("=+-@\t\r\n＝＋－＠")
LINES_AT_ONCE = 500


def safe_cell(text: str) -> str:
    """`text` as a cell that no program reads as a formula: an apostrophe before what could begin one."""
    return f"'{text}" if text[:1] in ACTIVE else text


def csv_pieces(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[bytes]:
    """A table with semicolons in UTF-8 with a byte order mark, as spreadsheets here expect it, in pieces."""
    lines = io.StringIO()
    lines.write(BYTE_ORDER_MARK)
    writer = csv.writer(lines, delimiter=";", lineterminator="\r\n")
    left = chain([head], rows)
    while chosen := list(islice(left, LINES_AT_ONCE)):
        writer.writerows([[safe_cell(cell) for cell in row] for row in chosen])
        yield lines.getvalue().encode()
        lines.seek(0)
        lines.truncate()
